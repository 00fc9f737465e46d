"""Read built web pages for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import html

from mini import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.html import HtmlElement

THEME = ROOT / "src" / "tei_export" / "outputs" / "html" / "theme"
#: Markers of line beginnings: an element, and classes.
LINE = "l-b"
LINES = ("lf", "of", "ob")
#: Classes hidden in a layer; text of all layers has none of these classes.
_NOT_IN = {"E": {"t", "to", "o"}, "T": {"e", "o"}, "O": {"e", "t", "et"}}


def parse(path: Path) -> HtmlElement:
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def classes(node: HtmlElement) -> set[str]:
    return set((node.get("class") or "").split())


def blocks(page: HtmlElement) -> list[HtmlElement]:
    """Return the blocks with text of the typescript, in order."""
    marks = " or ".join(f"contains(concat(' ', @class, ' '), ' {name} ')" for name in LINES)
    return page.xpath(
        f"//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::p or self::tr][.//{LINE} or .//span[{marks}]]"
    )


def text(node: HtmlElement, layer: str) -> str:
    """Return the text of a block in a layer, without note and page numbers."""
    return "".join(piece for piece, _ in _walk(node, layer, notes=layer == "O"))


def lines(node: HtmlElement, layer: str = "O") -> list[str]:
    """Return the same by line; the first item is the text before the first line begins."""
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
    if node.tag == "math":
        yield node.get("alttext"), False
        return
    yield node.text or "", node.tag == LINE or bool(names & set(LINES))
    for child in node:
        yield from _walk(child, layer, notes=notes)
        yield child.tail or "", False


def html_files(folder: Path) -> list[Path]:
    """Return the pages of a site, without its downloads."""
    pages = (p for p in sorted(folder.rglob("*.html")) if p.relative_to(folder).parts[0] != "files")
    return list(pages)
