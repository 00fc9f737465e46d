"""Render the doctree as the TEI element ``text``; all counting happens earlier.

Source of the encoding: TEI P5 (CO, PH, TC, HD, ND, SA) as explained in ``docs/encoding.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.cast import Cast
from tei_export.model.places import Place, page_id, witness_id
from tei_export.source.cast import roles_of
from tei_export.source.divisions import counted_in
from tei_export.source.nodes import every, every_block, lb, mark, unchanging
from tei_export.tei.blocks import TeiBlockWriter
from tei_export.tei.elements import Cursor, element
from tei_export.tei.inline import TextContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

    from tei_export.model.cast import CastRole
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
    """Writes the ``text`` element of one text from the doctrees of its parts.

    :param tree: returns the doctree of a part; it is asked again for each use, so that no more than one must be in
        memory
    """

    def __init__(
        self, edition: Edition, text: Text, tree: Callable[[Part], nodes.document]
    ) -> None:
        self.parts = text.parts
        self.tree = tree
        self.shared = TextContext(edition, text, text.language)
        self.root = element("text", xml_lang=self.shared.language)

    @property
    def mentioned(self) -> dict[str, set[str]]:
        """The keys of the entries that the text mentions, by register."""
        return self.shared.mentioned

    def write(self) -> etree._Element:
        """Return the ``text`` element; :meth:`read` comes first."""
        cursor = Cursor(self.root)
        for place in ("front", "body", "back"):
            chosen = [part for part in self.parts if part.place == place]
            last = place == "back"
            if not chosen and not (last and self.shared.editorial):
                continue
            with cursor.open(place):
                cursor.text("\n")
                for part in chosen:
                    TeiPartWriter(self.shared, cursor, self.tree(part)).write(part)
                    cursor.text("\n")
                if last:
                    self._editorial(cursor)
        self.shared.point_to_evidence()
        return self.root

    def read(self, look: Callable[[nodes.document], None]) -> None:
        """Read in all parts what the writing of each needs of the others.

        :param look: is called with every tree, for what else needs them all: loading them takes longer than to look
        """
        roles: list[CastRole] = []
        leads = False
        for document in map(self.tree, self.parts):
            with unchanging(document):
                roles += roles_of(document)
                leads = leads or any("cited" in node for node in every(document, mark))
                look(document)
        self.shared.cast = Cast.of(roles)
        if leads:
            self.shared.cited = {
                place: pointer
                for part in self.parts
                for place, pointer in cited_in(part, self.tree(part))
            }

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
            with unchanging(self.document):
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
