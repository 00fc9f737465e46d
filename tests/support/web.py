"""The built web pages, for the tests that read them and those that use them."""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import html

from mini import ROOT, sphinx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement
    from sphinx.application import Sphinx

LINES = ("lf", "lb", "of", "ob")
#: What does not stand in a layer; what stands in all has no class of a layer.
_NOT_IN = {"E": {"t", "to", "o"}, "T": {"e", "o"}, "O": {"e", "t", "et"}}


@dataclass(frozen=True, slots=True)
class Site:
    """The real edition as HTML, built once; ``out`` is its folder."""

    app: Sphinx
    out: Path
    warnings: str

    def pages(self) -> dict[str, HtmlElement]:
        """Every page by its path."""
        return _pages(self.out)

    def page(self, docname: str) -> HtmlElement:
        return self.pages()[f"{docname}.html"]

    def parts(self) -> list[str]:
        edition = self.app.edition  # type: ignore[attr-defined]
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


def parse(path: Path) -> HtmlElement:
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def classes(node: HtmlElement) -> set[str]:
    return set((node.get("class") or "").split())


def blocks(page: HtmlElement) -> list[HtmlElement]:
    """The blocks that hold text of the typescript, in order."""
    marks = " or ".join(f"contains(concat(' ', @class, ' '), ' {name} ')" for name in LINES)
    return page.xpath(f"//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::p][.//span[{marks}]]")


def text(node: HtmlElement, layer: str) -> str:
    """The text of a block in a layer, without numbers of notes and pages."""
    return "".join(piece for piece, _ in _walk(node, layer, notes=layer == "O"))


def lines(node: HtmlElement, layer: str = "O") -> list[str]:
    """The same, by line; the first is what stands before the first line begins."""
    result = [""]
    for piece, begins in _walk(node, layer, notes=layer == "O"):
        if begins:
            result.append("")
        result[-1] += piece
    return result


def _walk(node: HtmlElement, layer: str, *, notes: bool) -> Iterator[tuple[str, bool]]:
    names = classes(node)
    number = names & {"nr", "label"} and (not notes or "ed" in names)
    if names & _NOT_IN[layer] or "fw" in names or number:
        return
    yield node.text or "", bool(names & set(LINES))
    for child in node:
        yield from _walk(child, layer, notes=notes)
        yield child.tail or "", False
