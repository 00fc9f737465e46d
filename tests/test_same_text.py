"""The same text in every output, block by block.

Here: doctree and TEI, read by ``tei_text.py``. The other outputs are compared with the doctree,
too, where they are read: HTML in ``test_html.py`` (every block in E and T, every line in O), PDF
in ``test_pdf.py`` (every block and note, from the tags and as poppler finds it), EPUB in
``test_epub.py`` (every block and note, and the words at every page and line).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from docutils import nodes

import tei_text
from model import fold
from tei_export.nodes import note_text, reading, textnote, textnotes

if TYPE_CHECKING:
    from lxml import etree
    from sphinx.application import Sphinx

BLOCKS = ("p", "cit", "list", "bibl")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text as doctree and as TEI ``div``."""

    doctree: nodes.document
    div: etree._Element
    elements: dict[str, etree._Element]

    def blocks(self) -> list[nodes.Element]:
        """The numbered blocks, those of sections inside the part too, in order."""
        return [
            node
            for node in self.doctree.findall(nodes.Element)
            if node.get("xml_id") and node.get("n") and isinstance(node.parent, nodes.section)
        ]

    def notes(self, series: str) -> list[textnote]:
        return [note for note in self.doctree.findall(textnote) if note["series"] == series]


@pytest.fixture(scope="module")
def parts(edition_app: Sphinx, edition_teis: dict[str, bytes]) -> list[Part]:
    found = []
    for text in edition_app.edition.texts.values():  # type: ignore[attr-defined]
        elements = tei_text.by_id(tei_text.parse(edition_teis[text.id]))
        found += [Part(edition_app.env.get_doctree(p.doc), elements[p.id], elements) for p in text.parts]
    return found


def element(part: Part, node: nodes.Element) -> etree._Element:
    """The TEI element of a block; a quotation and its translation share a ``cit``."""
    key = str(node["xml_id"])
    return part.elements[f"{key}-orig" if node.get("translated") else key]


@pytest.mark.parametrize("layer", ["E", "T"])
def test_blocks(parts: list[Part], layer: str) -> None:
    count = 0
    for part in parts:
        for node in part.blocks():
            found, wanted = tei_text.reading(element(part, node), layer), fold(reading(node, layer))
            if len(list(node.findall(nodes.paragraph))) > 1:  # white space between them is nobody's
                found, wanted = found.replace(" ", ""), wanted.replace(" ", "")
            assert found == wanted, node["xml_id"]
            count += 1
    assert count > 400


def test_both_have_the_same_blocks_in_the_same_order(parts: list[Part]) -> None:
    for part in parts:
        in_tei = [
            node.get(tei_text.ID)
            for node in part.div.iter(*(tei_text.TEI + name for name in BLOCKS))
            if node.get("n") and node.get(tei_text.ID)
        ]
        assert in_tei == [node["xml_id"] for node in part.blocks() if not node.get("translates")]


@pytest.mark.parametrize("layer", ["E", "T"])
def test_notes(parts: list[Part], layer: str) -> None:
    count = 0
    for part in parts:
        for note in part.notes("authorial"):
            found = part.elements[note["ids"][0]]
            assert found.get("n") == note["label"]
            assert tei_text.reading(found, layer) == fold(note_text(note, layer)), note["ids"]
            count += 1
        in_tei = [n.get(tei_text.ID) for n in part.div.iter(f"{tei_text.TEI}note") if n.get("type") == "authorial"]
        assert in_tei == [note["ids"][0] for note in part.notes("authorial")]
    assert count > 100


def test_editors_notes(parts: list[Part]) -> None:
    for part in parts:
        for note in part.notes("editorial"):
            assert tei_text.reading(part.elements[note["ids"][0]]) == fold(note_text(note))


@pytest.mark.parametrize("layer", ["E", "T"])
def test_no_text_stands_outside(parts: list[Part], layer: str) -> None:
    """Head by head and block by block, that is all there is; white space apart."""
    for part in parts:
        section = next(part.doctree.findall(nodes.section))
        whole = "".join(reading(c, layer) for c in section.children if not isinstance(c, textnotes))
        assert "".join(tei_text.reading(part.div, layer).split()) == "".join(whole.split())
