"""Render the doctree as the TEI element ``text``; all counting happens earlier.

Source of the encoding: TEI P5 (CO, PH, TC, HD, ND, SA) as explained in ``docs/encoding.md``.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place, page_id, witness_id
from tei_export.source.cast import cast_of
from tei_export.source.divisions import counted_in
from tei_export.source.nodes import every, every_block, lb, mark, unchanging
from tei_export.tei.blocks import TeiBlockWriter
from tei_export.tei.elements import Cursor, element
from tei_export.tei.inline import TextContext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from tei_export.model.edition import Edition, Part, Text


def cited_in(part: Part, document: nodes.document) -> Iterator[tuple[str, str]]:
    """Yield the lines, stanzas and numbered paragraphs of a part as they are cited, with their
    pointers. A line that the witness lacks has no id: the pointer leads to its page.
    """
    for begin in every(document, lb):
        if begin["line"] and not begin["piece"]:
            own, page = begin["witness_line"], begin["page"]
            to = witness_id(own) if own else page_id(page) if page else part.id
            yield str(Place(page, begin["line"])), f"#{to}"
    for number, xml_id in counted_in(document):
        yield f"{part.id}:{number}", f"#{xml_id}"


class TeiTextWriter:
    """Writes the ``text`` element of one text from the doctrees of its parts."""

    def __init__(self, edition: Edition, text: Text) -> None:
        self.shared = TextContext(edition, text, text.language)
        self.root = element("text", xml_lang=self.shared.language)

    @property
    def mentioned(self) -> dict[str, set[str]]:
        """The keys of the entries that the text mentions, by register."""
        return self.shared.mentioned

    def write(self, parts: Sequence[tuple[Part, nodes.document]]) -> etree._Element:
        """Return the ``text`` element.

        :param parts: the parts in the order of the record, with their doctrees
        """
        with ExitStack() as walked_once:
            for _part, document in parts:
                walked_once.enter_context(unchanging(document))
            if any("cited" in node for _part, document in parts for node in every(document, mark)):
                self.shared.cited = {
                    place: pointer
                    for part, document in parts
                    for place, pointer in cited_in(part, document)
                }
            self.shared.cast = cast_of(document for _part, document in parts)
        cursor = Cursor(self.root)
        for place in ("front", "body", "back"):
            chosen = [(p, d) for p, d in parts if p.place == place]
            last = place == "back"
            if not chosen and not (last and self.shared.editorial):
                continue
            with cursor.open(place):
                cursor.text("\n")
                for part, document in chosen:
                    TeiPartWriter(self.shared, cursor, document).write(part)
                    cursor.text("\n")
                if last:
                    self._editorial(cursor)
        self.shared.point_to_evidence()
        return self.root

    def _editorial(self, cursor: Cursor) -> None:
        """Write the editors' notes and the reasons for readings, separate from the text."""
        if not self.shared.editorial:
            return
        with cursor.open("div", type="editorialNotes", xml_id="editorial-notes"):
            for note in self.shared.editorial:
                cursor.text("\n")
                cursor.current.append(note)
            cursor.text("\n")
        cursor.text("\n")


class TeiPartWriter(TeiBlockWriter):
    """Writes one part as a ``div``."""

    def __init__(self, shared: TextContext, cursor: Cursor, document: nodes.document) -> None:
        super().__init__(shared, cursor, document)
        self.document = document

    def write(self, part: Part) -> None:
        """Write the part; the tree is the same afterwards."""
        try:
            self._write(part)
        finally:
            self.restore()

    def _write(self, part: Part) -> None:
        section = next(iter(every_block(self.document, nodes.section)))
        letter = self.shared.text.letter_of(part)
        led = f"#{letter.id}" if letter is not None else ""
        with self.cursor.open("div", type=part.type, n=part.n, xml_id=part.id, corresp=led):
            self._blocks(section)
            self.cursor.text("\n")
        for note in self.notes.values():
            if note["series"] == "editorial":
                self._editorial_note(note)
