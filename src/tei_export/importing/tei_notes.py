"""Read the references and notes of TEI as MyST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tei_export.importing import markup
from tei_export.importing.safe_xml import local_name, words
from tei_export.importing.tei_breaks import TeiBreakReader
from tei_export.importing.tei_pages import ID
from tei_export.importing.tei_readings import children
from tei_export.model.vocabulary import MISREADING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.importing.tei_lines import LineBuilder


class TeiNoteReader(TeiBreakReader):
    """Reads references and notes; notes wait until the block of their reference is written."""

    def reference_or_note(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write ``ref``: the mark of a note, or a reference of own TEI."""
        note = self.notes.get((element.get("target") or "").lstrip("#"))
        if element.get("type") is None and self.own:
            self._own_reference(element, lines)
            return
        if element.get("type") != "noteAnchor" or note is None:
            self.content(element, lines)
            return
        if note.get("type") == "editorial":
            self._editors_note(note, lines)
            return
        label = note.get("n") or "1"
        app = next(iter(children(element, "app")), None)
        if app is None:
            lines.put(f"[^{label}]")
            return
        lem = next(iter(children(app, "lem")), None)
        source = "".join(words(rdg) for rdg in children(app, "rdg"))
        lines.put(
            markup.role(MISREADING, f"[^{label}] <{source}>{self.tail(lem, app.get(ID) or '')}")
        )

    def _own_reference(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a reference of own TEI to a page, a note, a part or an address."""
        target = element.get("target") or ""
        if target.startswith("#"):
            there = element.getroottree().xpath("//*[@xml:id=$id]", id=target[1:])
            found = there[0] if isinstance(there, list) and there else None
            target = _cited(found if isinstance(found, etree._Element) else None, target[1:])
        lines.put(markup.role("ref", f"{self.inside(element)} <{target}>"), words(element))

    def anchor(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write the place of an editors' note; in own TEI the note is at the end."""
        note = self.targets.get(element.get(ID) or "")
        if note is not None:
            self._editors_note(note, lines)

    def _editors_note(self, note: etree._Element, lines: LineBuilder) -> None:
        label = f"ed-{note.get('n') or len(self.editorial) + 1}"
        self.editorial.append((label, note))
        lines.put(f"[^{label}]")

    def note(self, note: etree._Element, lines: LineBuilder) -> None:
        """Write the mark of a note, and keep the note until its block is written."""
        if self.own:
            if note.get("type") == "authorial":
                self.waiting.append((note.get("n") or "1", note, self.page))
            elif note.get("type") != "editorial":
                self.content(note, lines)
            return
        if note.get("type") == "editorial" or (note.get("resp") or "").startswith("#ed"):
            self._editors_note(note, lines)
            return
        if any(local_name(above) == "note" for above in note.iterancestors()):
            self.tell(note)
            lines.text(" (")
            self.content(note, lines)
            lines.text(")")
            return
        self.number += 1
        label = str(self.number)
        if note.get("n") not in {None, label}:
            self.said.append(f"note {note.get('n')} is numbered {label}")
        lines.put(f"[^{label}]", label)
        self.waiting.append((label, note, self.page))

    def note_content(
        self, block: etree._Element, lines: LineBuilder, label: str, *, first: bool
    ) -> None:
        """Write a paragraph of a note; its number is in the witness and not repeated."""
        head = next(iter(children(block, "label")), None) if first else None
        if head is not None and self.own:
            app = next(iter(children(head, "app")), None)
            for child in block:
                if child is head:
                    break
                self.element(child, lines)  # the break of its first line
            if app is not None:
                self.app(app, lines)
            lines.numbered = len(lines.pieces)
            outer, self.skip = (
                self.skip,
                {
                    *self.skip,
                    head,
                    *(
                        c
                        for c in block.iterchildren()
                        if c is not head and local_name(c) == "lb" and _before(c, head)
                    ),
                },
            )
            if head.tail and head.tail.strip():
                lines.text(head.tail.lstrip() if app is None else head.tail)
            for child in head.itersiblings():
                if child in self.kept:
                    continue
                self.element(child, lines)
                if child.tail:
                    self.text(child.tail, lines)
            self.skip = outer
            return
        if first and not self.own:
            lines.plain += f"{label} "
        self.content(block, lines)


def _backwards(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements that begin before ``element``, the nearest first."""
    at: etree._Element | None = element
    while at is not None:
        for sibling in at.itersiblings(preceding=True):
            yield from reversed(list(sibling.iter(etree.Element)))
        at = at.getparent()


def _cited(place: etree._Element | None, name: str) -> str:
    """Return how a reference cites the place that it leads to, whose id is ``name``."""
    kind = local_name(place) if isinstance(place, etree._Element) else ""
    if place is None or kind not in {"pb", "note", "lb", "l", "lg", "seg"}:
        return f"part:{name}"
    number = place.get("n") or ""
    if kind in {"pb", "note"}:
        return number if kind == "pb" else f"note:{number}"
    if kind == "lb":
        note = next(place.iterancestors("{*}note"), place)
        pages = (pb.get("n") for pb in _backwards(note) if local_name(pb) == "pb" and pb.get("n"))
        page = next(pages, None)
        return f"{page}.{number}" if page else number
    divisions = [div for div in place.iterancestors() if local_name(div).startswith("div")][::-1]
    path = [div.get("n") or "" for div in divisions[1:] if div.get("n")]
    sign = {"lg": "st", "seg": "par"}.get(kind, "")
    return f"{divisions[0].get(ID)}:{'.'.join([*path, sign + number])}"


def _before(element: etree._Element, other: etree._Element) -> bool:
    return any(sibling is other for sibling in element.itersiblings())
