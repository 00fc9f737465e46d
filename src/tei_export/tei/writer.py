"""Render the doctree as the TEI element ``text``; all counting happens earlier.

Source of the encoding: TEI P5 (CO, PH, TC, HD, ND, SA) as explained in ``docs/encoding.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place, page_id, witness_id
from tei_export.source.divisions import counted_in
from tei_export.source.nodes import every, every_block, lb, unchanging
from tei_export.tei.blocks import TeiBlockWriter
from tei_export.tei.cursor import Cursor
from tei_export.tei.inline import TextContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from tei_export.model.cast import Cast
    from tei_export.model.edition import Edition, Part, Text
    from tei_export.source.facts import EditionDomain


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


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the writing of each part of a text needs of the others.

    ``cast``: the roles of all; ``led_into``: the documents with lines and paragraphs that references lead to.
    """

    cast: Cast
    led_into: AbstractSet[str]

    @classmethod
    def of(cls, domain: EditionDomain, text: Text) -> Elsewhere:
        """Return it from the facts of the parts."""
        return cls(domain.cast(text), domain.led_into(text))


class TeiTextWriter:
    """Writes the ``text`` element of one text from the doctrees of its parts.

    :param tree: returns the doctree of a part; it is asked again for each use, so that no more than one must be in
        memory
    """

    def __init__(
        self,
        edition: Edition,
        text: Text,
        tree: Callable[[Part], nodes.document],
        elsewhere: Elsewhere,
    ) -> None:
        self.parts = text.parts
        self.tree = tree
        self.elsewhere = elsewhere
        self.shared = TextContext(edition, text, text.language, cast=elsewhere.cast)

    @property
    def mentioned(self) -> dict[str, set[str]]:
        """The keys of the entries that the text mentions, by register."""
        return self.shared.mentioned

    def write(self, look: Callable[[Part, nodes.document], None]) -> str:
        """Return the ``text`` element, serialised.

        :param look: is called with every part and its tree before it is written, for what else needs them all: so no
            tree of a large edition is loaded twice, unless a reference leads into it
        """
        self.shared.cited = {
            place: pointer
            for part in self.parts
            if part.doc in self.elsewhere.led_into
            for place, pointer in cited_in(part, self.tree(part))
        }
        cursor = Cursor()
        with cursor.open("text", xml_lang=self.shared.language):
            self._places(cursor, look)
        self.shared.point_to_evidence()
        return cursor.xml

    def _places(self, cursor: Cursor, look: Callable[[Part, nodes.document], None]) -> None:
        """Write the front, the body and the back."""
        for place in ("front", "body", "back"):
            chosen = [part for part in self.parts if part.place == place]
            last = place == "back"
            if not chosen and not (last and self.shared.editorial):
                continue
            with cursor.open(place):
                cursor.text("\n")
                for part in chosen:
                    document = self.tree(part)
                    with unchanging(document):
                        look(part, document)
                        TeiPartWriter(self.shared, cursor, document).write(part)
                    cursor.text("\n")
                if last:
                    self._editorial(cursor)

    def _editorial(self, cursor: Cursor) -> None:
        """Write the editors' notes and the reasons for readings, separate from the text."""
        if not self.shared.editorial:
            return
        self.shared.point_to_evidence()  # in these notes, too: no part follows
        with cursor.open("div", type="editorialNotes", xml_id="editorial-notes"):
            for note in self.shared.editorial:
                cursor.text("\n")
                cursor.put(note.xml)
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
