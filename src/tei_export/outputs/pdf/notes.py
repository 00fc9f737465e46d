"""Render notes, and the places of apparatus entries at the foot of the page, as Typst source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.i18n.formats import _, letter
from tei_export.model.problems import EditionError, Problem
from tei_export.outputs.pdf.blocks import PdfBlockWriter
from tei_export.outputs.pdf.page_feet import NOWHERE, FootStop
from tei_export.shared.typst_literals import call
from tei_export.source.nodes import (
    edblock,
    edfigure,
    noteref,
    shown_label,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.apparatus import Emendation

#: Numbers between two entries of the text, for passages; the first numbers of entries in notes.
_BETWEEN, _NOTES = 1_000, 10_000_000


class PdfNoteWriter(PdfBlockWriter):
    """Writes each note at its reference, and the entries at the foot at their words."""

    def _note(self, node: noteref) -> None:
        note = self.notes.get(node["refid"])
        if note is None:
            raise EditionError(
                Problem("note-undefined", self.file, node.get("srcline", 0), node["label"])
            )
        self._close_bracket()
        self._turn()
        self._stops()
        authorial = node["series"] == "authorial"
        label = shown_label(node) if authorial else letter(node["label"])
        named: dict[str, object] = {} if authorial else {"editors": _("Editors:")}
        if self._inside_note:
            named["nested"] = True
        at = len(self._flow.running) if not self._inside_note else NOWHERE
        stop = FootStop(None, at=at, nested=len(self.feet.nested) + 1)
        if self.foot:
            named["foot"] = self.feet.add(stop)
        self.emit(f"#{call('note', label, node['refid'], **named)}[")
        outer, self._inside_note = (self._inside_note, self._inside_link, self._note_label), True
        self._inside_link, self._note_label = False, label
        self._note_body(note.children)
        self._inside_note, self._inside_link, self._note_label = outer
        self.emit("]")
        if self.foot:
            # If a note is in a note, the outer one has all entries.
            stop.end = stop.nested if self._inside_note else len(self.feet.nested) + 1

    def _note_body(self, children: Sequence[nodes.Node]) -> None:
        for n, child in enumerate(children):
            if isinstance(child, edfigure):
                self._block(child, "title")
                continue
            if isinstance(child, (edblock, nodes.bullet_list)):
                self.emit("#")
                if isinstance(child, edblock):
                    self._vocabulary_block(child)
                else:
                    self._list(child)
                continue
            if not isinstance(child, nodes.paragraph):
                raise self.unknown(child)
            if n:
                self.emit("#parbreak()")
            self.run(child.children)

    def _stops(self) -> None:
        """Place the held entries at the foot of the page."""
        waiting, self._flow.entries = self._flow.entries, []
        for entry in waiting:
            self._stop(entry)

    def _stop(self, entry: Emendation) -> None:
        """Place an entry at the foot of the current page."""
        self.placed.add(entry.xml_id)
        order, again = self._ordered(entry)
        place: str | None = entry.span
        if self.by_page:
            place = _("note {}").format(self._note_label) if self._inside_note else None
        said = self.apparatus.at_foot(entry, place, again=again)
        stop = FootStop(said, order, len(self._flow.running), self.file, entry.srcline)
        stop.size = sum(len(r.text) for r in entry.readings)
        if self._inside_note:
            self.emit(f"#foot-in-note({self.feet.add_nested(stop)})")
        else:
            self.emit(f"#foot({self.feet.add(stop)})")

    def _ordered(self, entry: Emendation) -> tuple[int, bool]:
        """Return the number of an entry at the foot, and whether the previous one in its series has
        the same place."""
        order, again = self.order[entry.xml_id]
        order *= _BETWEEN
        if self.by_page:  # the notes of a page are below all its lines
            order = len(self.placed) + (_NOTES if self._inside_note else 0)
        elif entry.several and entry.end is not None:  # the apparatus lists a passage at its end
            order, again = self._last_order + 1, False
        if not self._inside_note:
            self._last_order = order
        return order, again
