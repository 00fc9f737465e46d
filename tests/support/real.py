"""Provide the real edition: its sources are read once, its pages written once, for all processes of a run."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sphinx.application import Sphinx

from mini import ROOT, sphinx
from tei_export.shared.sphinx_run import sphinx_run
from web import parse

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.html import HtmlElement

    from shared import Shared
    from tei_export.model.edition import Edition

CHAPTER = "thesis/chapter-01"


@dataclass(frozen=True, slots=True)
class Site:
    """The real edition as HTML; ``out`` is its folder."""

    app: Sphinx
    out: Path
    warnings: str

    @property
    def edition(self) -> Edition:
        return self.app.edition  # type: ignore[attr-defined]

    def pages(self) -> dict[str, HtmlElement]:
        """Return every page by its path."""
        return _pages(self.out)

    def page(self, docname: str) -> HtmlElement:
        return self.pages()[f"{docname}.html"]

    def parts(self) -> list[str]:
        edition = self.edition
        return [part.doc for text in edition.texts.values() for part in text.parts]


def reading(shared: Shared) -> Path:
    """Return the folder with Sphinx's doctrees of the real edition: ``doctrees``, ``warnings.txt``."""
    return shared.folder("reading", _read)


def _read(folder: Path) -> None:
    warnings = io.StringIO()
    with sphinx(ROOT, ROOT / "edition", folder, "dummy", warnings) as app:
        app.build()
    (folder / "warnings.txt").write_text(warnings.getvalue(), encoding="utf-8")


def app_of(folder: Path, builder: str, warnings: io.StringIO | None = None) -> Sphinx:
    """Return an application of the real edition with these doctrees; make and use it in a ``sphinx_run``."""
    return Sphinx(
        str(ROOT / "edition"),
        str(ROOT),
        str(folder / builder),
        str(folder / "doctrees"),
        builder,
        status=None,
        warning=warnings or io.StringIO(),
    )


def pages_of(shared: Shared) -> Path:
    """Return the folder with the HTML of the real edition (``html``), and the warnings of its run (``warnings.txt``)."""
    read = reading(shared)

    def make(folder: Path) -> None:
        shutil.copytree(read / "doctrees", folder / "doctrees")
        warnings = io.StringIO()
        with sphinx_run(ROOT):
            app_of(folder, "html", warnings).build()
        (folder / "warnings.txt").write_text(warnings.getvalue(), encoding="utf-8")

    return shared.folder("pages", make)


@cache
def _pages(out: Path) -> dict[str, HtmlElement]:
    return {p.relative_to(out).as_posix(): parse(p) for p in sorted(out.rglob("*.html"))}
