"""Render the doctree as the TEI element ``text``; all counting happens earlier.

Source of the encoding: TEI P5 (CO, PH, TC, HD, ND, SA) as explained in ``docs/encoding.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.source.cast import cast_of
from tei_export.tei.blocks import TeiBlockWriter
from tei_export.tei.elements import Cursor, element
from tei_export.tei.inline import TextContext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

    from tei_export.model.edition import Edition, Part, Text


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
        """Write the part."""
        section = next(iter(self.document.findall(nodes.section)))
        with self.cursor.open("div", type=part.type, n=part.n, xml_id=part.id):
            self._blocks(section)
            self.cursor.text("\n")
        for note in self.notes.values():
            if note["series"] == "editorial":
                self._editorial_note(note)
