"""Read the blocks and notes of a text from each output, for the comparison in ``test_same_text.py``.

Every reader takes a built file, or a doctree, and shares no code with the writer. Layer E is
the edited text, T the text as typed, which only doctree, HTML and TEI have.
"""

from __future__ import annotations

import copy
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docutils import nodes
from lxml import etree

import epub
import tei_text
import web
from pdf import plain
from tei_export.source.nodes import note_text, reading, textnote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lxml.html import HtmlElement

    from pdf import Pdf, Tag

TEI = tei_text.TEI
_TEXT = {"P", "H1", "H2", "H3", "LBody", "TR"}
_NOTES = frozenset({"Note", "Lbl"})
TEI_BLOCKS = (
    "head", "p", "l", "castItem", "addrLine", "dateline", "salute", "signed", "byline", "trailer", "speaker", "stage", "item", "row", "bibl", "note", "ab", "label", "stamp", "add",
)  # fmt: skip
#: What follows the text in the book.
BACK = ("EMENDATIONS", "INDEX")


@dataclass(slots=True)
class Blocks:
    """``body``: heads, paragraphs, items in order. ``authorial``: number and text of each note of the
    author; ``editorial``: letter and text of each of the editors'."""

    body: list[str] = field(default_factory=list)
    authorial: list[tuple[str, str]] = field(default_factory=list)
    editorial: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Blocks) -> None:
        self.body += other.body
        self.authorial += other.authorial
        self.editorial += other.editorial


def fold(text: str) -> str:
    return " ".join(text.split())


# --- Doctree ----------------------------------------------------------------------------------------


def of_doctree(document: nodes.document, layer: str) -> Blocks:
    found = Blocks()
    for node in document.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph))):
        text = fold(reading(node, layer))
        if text and not any(isinstance(parent, textnote) for parent in _parents(node)):
            found.body.append(text)
    for note in document.findall(textnote):
        text = fold(note_text(note, layer))
        if note["series"] == "authorial":
            found.authorial.append((note["label"], text))
        else:
            found.editorial.append((_letter(note["label"]), text))
    return found


def _parents(node: nodes.Node) -> Iterator[nodes.Node]:
    while node.parent is not None:
        node = node.parent
        yield node


# --- HTML --------------------------------------------------------------------------------------------


def of_html(page: HtmlElement, layer: str) -> Blocks:
    found = Blocks()
    for block in web.blocks(page):
        if not any("notes" in web.classes(parent) for parent in block.iterancestors()):
            found.body.append(fold(web.text(block, layer)))
    for series, name in (("authorial", "numbered"), ("editorial", "editorial")):
        for note in page.xpath(f"//section[contains(@class, 'notes {name}')]/ol/li"):
            (label,) = {fold(web.text(a, layer)) for a in note.xpath(".//a[@role='doc-backlink']")}
            getattr(found, series).append((label, fold(web.text(note, layer))))
    found.body = [text for text in found.body if text]
    return found


# --- TEI ---------------------------------------------------------------------------------------------


def of_tei(root: etree._Element, layer: str) -> Blocks:
    found = Blocks()
    for text in root.iter(f"{TEI}text"):
        for node in text.iter(*(TEI + name for name in TEI_BLOCKS)):
            _tei_block(node, etree.QName(node).localname, layer, found)
    return found


def _tei_block(node: etree._Element, name: str, layer: str, found: Blocks) -> None:
    inside = {parent.get("type") for parent in node.iterancestors(f"{TEI}note")}
    if name == "note":
        if node.get("type") == "authorial":
            found.authorial.append((str(node.get("n")), tei_text.reading(node, layer)))
        elif node.get("type") == "editorial" and node.get("n"):
            found.editorial.append((_letter(node.get("n")), tei_text.reading(node, layer)))
    elif name == "label" and node.getparent().tag != f"{TEI}list":
        return
    elif not {"authorial", "editorial"} & inside and (
        name not in ("bibl", "stage", "add") or node.get("n")
    ):
        text = tei_text.reading(_without_paragraphs(node), layer)
        before = node.getprevious()
        if text and name == "head" and before is not None and before.tag == node.tag:
            found.body[-1] += f" {text}"  # the number and the title of a chapter
        elif text and _follows_speaker(node):
            space = " " if len(node) and not (node.text or "").strip() else ""
            space = " " if (node.text or "")[:1].isspace() else space
            found.body[-1] += f"{space}{text}"  # with the name it is one paragraph or line
        elif text:
            found.body.append(text)


def _follows_speaker(node: etree._Element) -> bool:
    """Return whether a block is a paragraph after the name of its speaker, or verse on the same line."""
    first = node
    if node.tag == f"{TEI}l":
        if len(node) and node[0].tag == f"{TEI}lb" and not (node.text or "").strip():
            return False
        while first.getprevious() is None and (up := first.getparent()) is not None:
            first = up
            if first.tag != f"{TEI}lg":
                return False
    before = first.getprevious()
    return before is not None and before.tag == f"{TEI}speaker"


def _without_paragraphs(node: etree._Element) -> etree._Element:
    """Return an entry without its annotations, which are separate blocks."""
    if node.tag == f"{TEI}p":
        return node
    own = copy.deepcopy(node)
    etree.strip_elements(own, f"{TEI}p", f"{TEI}list", with_tail=False)
    return own


def _letter(number: str | None) -> str:
    return string.ascii_lowercase[int(number or 0) - 1]


# --- EPUB --------------------------------------------------------------------------------------------


def of_epub(document: etree._Element) -> Blocks:
    found = Blocks()
    for element in document.iter(*(epub.H + name for name in ("h1", "h2", "h3", "p", "tr", "div"))):
        if "footnote" in (element.get(f"{epub.OPS}type") or "").split():
            _epub_note(element, found)
        elif element.tag != f"{epub.H}div" and not _apart(element):
            found.body.append(fold(epub.text(element)))
    found.body = [text for text in found.body if text]
    return found


def _epub_note(element: etree._Element, found: Blocks) -> None:
    (label,) = (
        a.text or "" for a in element.iter(f"{epub.H}a") if a.get(f"{epub.OPS}type") == "backlink"
    )
    text = fold(epub.text(element))
    section = next(element.iterancestors(f"{epub.H}section"))
    of_editors = "editorial" in (section.get("class") or "").split()
    (found.editorial if of_editors else found.authorial).append((label.strip("[]"), text))


def _apart(element: etree._Element) -> bool:
    """Return whether it belongs to the editors, or to a note."""
    types = [(e.get(f"{epub.OPS}type") or "").split() for e in element.iterancestors()]
    heading = (element.get("id") or "").startswith("notes-")
    return (
        element.get("class") == "editors" or heading or any("footnote" in found for found in types)
    )


# --- PDF ---------------------------------------------------------------------------------------------


def of_pdf(book: Pdf, first: str, supplied: Collection[str] = ()) -> Blocks:
    """From the block ``first``, the head of the text, or the first of the ``supplied`` heads (titles and heads of letters that the editors wrote), without the apparatus after each part, up to
    the end of the last. Soft hyphens are the typesetter's; every other hyphen counts."""
    found = Blocks()
    begun = apparatus = False
    for tag in _outer(book.tags):
        said = plain(tag.text(_NOTES))
        if tag.role == "TR":
            cells = (plain(cell.text(_NOTES)) for cell in tag.children if not isinstance(cell, str))
            said = " ".join(filter(None, cells))
        if tag.role in {"H1", "H2"}:
            begun = begun or said == first or said in supplied
            apparatus = said == "APPARATUS" or (apparatus and tag.role == "H2")
        if begun and tag.role == "H1" and said in BACK:
            break
        if not begun or apparatus:
            continue
        if _is_block(tag) and not (tag.role in ("H1", "P") and said in supplied):
            if not said:
                continue  # a series of the apparatus at the foot: notes and nothing else
            found.body.append(said)
            for note in tag.walk():
                if note.role == "Note":
                    _pdf_note(note, found)
    return found


def _is_block(tag: Tag) -> bool:
    """Return whether a tag is a block; a list item is one if it contains no paragraphs."""
    inside = tag.walk() if tag.role == "LBody" else ()
    return tag.role in _TEXT and not any(inner.role == "P" for inner in inside)


def _outer(tag: Tag) -> Iterable[Tag]:
    """Return the blocks outside other blocks and notes."""
    for child in tag.children:
        if isinstance(child, str) or child.role == "Note":
            continue
        yield child
        if not _is_block(child):
            yield from _outer(child)


def _by_block(tag: Tag) -> str:
    """Return the text of a note, block by block, without its number and the notes in it."""
    pieces = (
        child
        if isinstance(child, str)
        else f" {_by_block(child)} "
        if child.role == "P"
        else _by_block(child)
        for child in tag.children
        if isinstance(child, str) or child.role not in _NOTES
    )
    return "".join(pieces)


def _pdf_note(note: Tag, found: Blocks) -> None:
    label = next(tag.text() for tag in note.walk() if tag.role == "Lbl").strip()
    text = plain(_by_block(note))
    if text.startswith("Editors: "):
        found.editorial.append((label, text.removeprefix("Editors: ")))
    else:
        found.authorial.append((label, text))
