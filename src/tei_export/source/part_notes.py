"""Take the notes of a part out of the text, pair them with their references, and order them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.source.nodes import (
    every,
    every_block,
    noteref,
    put_in_place,
    take_out,
    textnote,
    textnotes,
)
from tei_export.source.notes import (
    irregular_numbers,
    label_note,
    note_key,
    note_of,
    note_place,
    note_series,
    printed_label,
)
from tei_export.source.positions import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tei_export.model.edition import Part
    from tei_export.source.facts import Facts
    from tei_export.source.lines import SourceLine
    from tei_export.source.problems import Report

#: The sign of an item in a list of the editors' notes without numbers.
BULLET = "• "


class PartNotes:
    """The notes of a part, ``by_label``, and their references."""

    def __init__(self, document: nodes.document, part: Part, facts: Facts, report: Report) -> None:
        self.document = document
        self.part = part
        self.facts = facts
        self.report = report
        self.by_label: dict[str, textnote] = {}
        self.refs: list[noteref] = []
        self.ordered: list[noteref] = []
        """those of the author's notes in the text, in order"""

    def take(self) -> None:
        """Turn MyST's footnotes into notes, gathered by series at the end of the document."""
        for old in every(self.document, nodes.footnote_reference):
            label = old["refname"]
            ref = noteref(
                "",
                series=note_series(label),
                label=printed_label(label),
                name=label,
                place=note_place(label),
            )
            put_in_place(old, [ref])
            self.refs.append(ref)
        holders = {s: textnotes("", series=s) for s in ("authorial", "editorial")}
        for footnote in every_block(self.document, nodes.footnote):
            label = (footnote["names"] or footnote["dupnames"])[0]
            new = textnote(
                "",
                series=note_series(label),
                label=printed_label(label),
                name=label,
                place=note_place(label),
            )
            new.line = footnote.line
            new.extend(c for c in footnote.children if not isinstance(c, nodes.label))
            if new["series"] == "editorial":
                _put_signs(new)
            take_out(footnote)
            self.by_label.setdefault(label, new)
            holders[new["series"]] += new
        document = self.document
        for name in self.by_label:
            document.ids.pop(document.nameids.pop(name, None), None)  # type: ignore[arg-type]
            document.nametypes.pop(name, None)
        document.footnotes, document.autofootnotes, document.autofootnote_refs = [], [], []
        document.footnote_refs = {}
        self._pair()
        home = next(iter(every_block(document, nodes.section)), document)
        home.extend(h for h in holders.values() if h.children)

    def _pair(self) -> None:
        short = self.part.id.removeprefix("ch-")
        kept = []
        for ref in self.refs:
            label = ref["name"]
            target = self.by_label.get(label)
            if target is None or "refid" in target:
                continue  # reported by precheck.py
            infix = "" if ref["series"] == "authorial" else "ed-"
            number = note_key(label)
            target["ids"] = [f"fn-{infix}{short}-{number}"]
            ref["ids"] = [f"nr-{infix}{short}-{number}"]
            ref["refid"], target["refid"] = target["ids"][0], ref["ids"][0]
            self.facts.anchors[label] = target["ids"][0]
            kept.append(ref)
            if ref["series"] == "authorial":
                label_note(target)
        self.refs = kept

    def on_pages(self, lines: Iterable[SourceLine]) -> list[noteref]:
        """Give references and notes the page of their line; return those of the author's notes."""
        found = []
        for line in lines:
            for ref in line.refs:
                ref["page"] = line.page
                if "refid" in ref:
                    self.by_label[ref["name"]]["page"] = line.page
                    found += [ref] if ref["series"] == "authorial" else []
        return found

    def report_order(self) -> None:
        """Note where the numbers of the notes are not 1 … n; report notes that only refer to themselves."""
        for ref in self.refs:
            if ref["series"] == "authorial" and "page" not in ref:
                self.report(
                    "note-order",
                    f"[^{ref['label']}] stands inside a note",
                    line_of(note_of(ref) or ref),
                    f"[^{ref['name']}]",
                )
        labels = [ref["label"] for ref in self.ordered]
        for at, remark in irregular_numbers(labels):
            self.facts.told.append((f"note {remark}", self.ordered[at].get("srcline", 0)))


def _put_signs(note: textnote) -> None:
    """Put the signs of lists into the words of an editors' note, as the lines of the text have them.

    They are not those of an original, so they are what Markdown means: a bullet, or the number in the order of the list.
    """
    for listed in every_block(note, nodes.bullet_list):
        items = [item for item in listed.children if isinstance(item, nodes.list_item)]
        if listed["kind"] == "gloss" or not items:
            continue
        *first, end = items[0]["sign"].strip()
        for at, item in enumerate(items):
            item["sign"] = f"{int(''.join(first)) + at}{end} " if first else BULLET
            if item.children and isinstance(item.children[0], nodes.paragraph):
                item.children[0].insert(0, nodes.Text(item["sign"]))
