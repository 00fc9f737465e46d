"""Read the files for word processors with independent libraries: python-docx and odfpy."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import qn
from lxml import etree
from odf import opendocument
from odf import text as odf_text
from odf.element import Text
from odf.namespaces import FONS, TEXTNS

from same import Blocks, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Styles of paragraphs that do not belong to the text of the source.
_APART = {"Title", "Subtitle"}
_PAGE_STYLE = "OriginalPage"


def of_docx(data: bytes) -> Blocks:
    """Return the text from its first heading on; notes in the order of their references."""
    document = docx.Document(io.BytesIO(data))
    part = next(
        relation.target_part
        for relation in document.part.rels.values()
        if relation.reltype.endswith("/footnotes")
    )
    notes = {
        note.get(qn("w:id")): note for note in etree.fromstring(part.blob).iter(qn("w:footnote"))
    }
    found = Blocks()
    begun = False
    for paragraph in document.element.body.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        begun = begun or (style is not None and style.get(qn("w:val")).startswith("Heading"))
        if not begun:
            continue
        words = fold(_docx_words(paragraph))
        found.body += [words] if words else []
        for reference in paragraph.iter(qn("w:footnoteReference")):
            label = "".join(t.text for t in reference.itersiblings(qn("w:t")))
            own = notes[reference.get(qn("w:id"))]
            own_words = fold(" ".join(_docx_words(p) for p in own.iter(qn("w:p"))))
            _add(found, label, own_words)
    return found


def _docx_words(paragraph: Any) -> str:
    """Return the words of a paragraph without note marks and page numbers."""
    pieces = []
    for run in paragraph.iter(qn("w:r")):
        style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        if style is not None and style.get(qn("w:val")) in {"FootnoteReference", _PAGE_STYLE}:
            continue
        pieces += [
            " " if t.tag == qn("w:tab") else t.text for t in run.iter(qn("w:t"), qn("w:tab"))
        ]
    return "".join(pieces)


def of_odt(data: bytes) -> Blocks:
    """Do the same as :func:`of_docx` for ODT."""
    document = opendocument.load(io.BytesIO(data))
    pages = _page_styles(document)
    found = Blocks()
    begun = False
    for element in _odt_blocks(document.text):
        begun = begun or element.qname == (TEXTNS, "h")
        if not begun:
            continue
        words = fold(_odt_words(element, pages))
        found.body += [words] if words else []
        for note in _of(element, odf_text.Note):
            (label,) = {_odt_words(c, pages) for c in _of(note, odf_text.NoteCitation)}
            (body,) = _of(note, odf_text.NoteBody)
            _add(found, label, fold(" ".join(_odt_words(p, pages) for p in _of(body, odf_text.P))))
    return found


def _add(found: Blocks, label: str, words: str) -> None:
    (found.editorial if label.isalpha() else found.authorial).append((label, words))


def _of(element: Any, kind: Any) -> list[Any]:
    return list(element.getElementsByType(kind))


def _odt_blocks(element: Any) -> Iterator[Any]:
    """Yield the paragraphs and headings outside notes."""
    for child in element.childNodes:
        if child.qname in {(TEXTNS, "p"), (TEXTNS, "h")}:
            yield child
        elif not isinstance(child, Text):
            yield from _odt_blocks(child)


def _odt_words(element: Any, pages: set[str]) -> str:
    pieces = []
    for child in element.childNodes:
        if isinstance(child, Text):
            pieces.append(str(child))
        elif child.qname in {(TEXTNS, "s"), (TEXTNS, "tab")}:
            pieces.append(" ")
        elif child.qname == (TEXTNS, "span") and child.getAttribute("stylename") not in pages:
            pieces.append(_odt_words(child, pages))
    return "".join(pieces)


def _page_styles(document: Any) -> set[str]:
    """Return the automatic styles of page numbers, the only ones with a colour."""
    return {
        style.getAttribute("name")
        for style in document.automaticstyles.childNodes
        if any((FONS, "color") in p.attributes for p in style.childNodes)
    }
