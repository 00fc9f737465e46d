"""The real edition as HTML, built once."""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mini import ROOT, sphinx
from web import parse

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition

CHAPTER = "thesis/chapter-01"


@dataclass(frozen=True, slots=True)
class Site:
    """The real edition as HTML, built once; ``out`` is its folder."""

    app: Sphinx
    out: Path
    warnings: str

    @property
    def edition(self) -> Edition:
        return self.app.edition  # type: ignore[attr-defined]

    def pages(self) -> dict[str, HtmlElement]:
        """Every page by its path."""
        return _pages(self.out)

    def page(self, docname: str) -> HtmlElement:
        return self.pages()[f"{docname}.html"]

    def parts(self) -> list[str]:
        edition = self.edition
        return [part.doc for text in edition.texts.values() for part in text.parts]


@cache
def site() -> Site:
    folder = Path(tempfile.mkdtemp(prefix="tei-export-html-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    warnings = io.StringIO()
    with sphinx(ROOT, ROOT / "edition", folder, "html", warnings) as app:
        app.build()
    return Site(app, Path(app.outdir), warnings.getvalue())


@cache
def _pages(out: Path) -> dict[str, HtmlElement]:
    return {p.relative_to(out).as_posix(): parse(p) for p in sorted(out.rglob("*.html"))}
