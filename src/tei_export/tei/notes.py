"""Write the notes of the author and of the editors as TEI (CO#CONONO)."""

from __future__ import annotations

from abc import abstractmethod
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.source.nodes import edblock, edfigure, every, every_block, lb, notelabel, textnote
from tei_export.tei.cursor import Cursor
from tei_export.tei.inline import TeiInlineWriter

if TYPE_CHECKING:
    from tei_export.source.nodes import mark, noteref, point
    from tei_export.tei.inline import TextContext

#: Blocks that a note may contain besides paragraphs.
_BLOCKS = (edblock, edfigure, nodes.bullet_list)


class TeiNoteWriter(TeiInlineWriter):
    """Writes phrases with notes: the author's where they are attached, the editors' separately."""

    def __init__(self, shared: TextContext, cursor: Cursor, document: nodes.document) -> None:
        super().__init__(shared, cursor)
        self.notes = {n["ids"][0]: n for n in every_block(document, textnote) if n["ids"]}
        self.pending: list[str] = []
        #: blocks whose beginning or end is written apart from them, with all their children
        self._shortened: list[tuple[nodes.Element, list[nodes.Node]]] = []

    def _leave(self, block: nodes.Element, children: list[nodes.Node]) -> None:
        """Leave ``children`` of a block to be written, until :meth:`restore`."""
        self._shortened.append((block, block.children))
        block.children = children

    def restore(self) -> None:
        """Give the blocks all their children back: others read the tree, too."""
        for block, children in reversed(self._shortened):
            block.children = children
        self._shortened.clear()

    @abstractmethod
    def _inner(self, node: nodes.Node) -> None:
        """Write a block inside another block."""

    def _noteref(self, node: noteref, app: mark | None = None) -> None:
        if node["series"] == "editorial":
            self.cursor.empty("anchor", xml_id=node["ids"][0])
            return
        with self.cursor.open(
            "ref", type="noteAnchor", xml_id=node["ids"][0], target=f"#{node['refid']}"
        ):
            if app is None:
                self.cursor.text(node["label"])
            else:
                self._app(
                    app["xml_id"],
                    app["app"],
                    app["cert"],
                    app["resp"],
                    lambda: self.cursor.text(node["label"]),
                    app["source"],
                    app["why"],
                )
        self.pending.append(node["refid"])
        if not self.inside and app is None:
            self._flush()

    def _flush(self) -> None:
        """Write the pending notes at their point of attachment, but outside an apparatus entry."""
        while self.pending:
            self._note(self.notes[self.pending.pop(0)])

    def _note(self, note: textnote) -> None:
        with self.cursor.open(
            "note",
            type="authorial",
            place=note["place"],
            n=note["label"] or note["name"],
            xml_id=note["ids"][0],
            target=f"#{note['refid']}",
        ):
            label = next(iter(every(note, notelabel)))
            first = label.parent
            before = list(takewhile(lambda c: c is not label, first.children))
            self._all(before)
            if note["label"]:
                with self.cursor.open("label"):
                    self._all(label.children)
            spaced = any(c.get("labelspace") for c in before if isinstance(c, lb))
            self.cursor.text(" " if spaced else "")
            self._leave(first, first.children[len(before) + 1 :])
            citation = note.get("work", "")
            for in_block, run in groupby(note.children, lambda c: isinstance(c, _BLOCKS)):
                if in_block:
                    for child in run:
                        self._inner(child)
                elif citation:  # the text up to a block cites the work
                    with self.cursor.open("bibl", corresp=self._ref("works", citation)):
                        self._all([c for paragraph in run for c in paragraph.children])
                    citation = ""
                else:
                    self._all([c for paragraph in run for c in paragraph.children])

    def _editorial_note(self, note: textnote) -> None:
        outer, self.cursor = self.cursor, Cursor()
        with self.cursor.open(
            "note",
            type="editorial",
            n=note["label"],
            xml_id=note["ids"][0],
            target=f"#{note['refid']}",
            resp="#ed",
        ):
            for child in note.children:
                if isinstance(child, _BLOCKS):
                    self._inner(child)
                    continue
                with self.cursor.open("p"):
                    self._all(child.children)
        self.shared.editorial.append(self.cursor)
        self.cursor = outer

    def _reason(self, node: mark | point, why: str, resp: str) -> None:
        """Write the reason for a reading: an editorial note that points to the entry."""
        cursor = Cursor()
        with (
            cursor.open(
                "note",
                type="editorial",
                subtype="emendation",
                target=f"#{node['xml_id']}",
                resp=f"#{resp}",
            ),
            cursor.open("p"),
        ):
            cursor.text(why)
        self.shared.editorial.append(cursor)
