"""What stands at the foot of the pages: entries and notes in their order, as ``foot.typ`` needs them.

Pages are known only to the compiler. What is decided here is which stop has the *room* of which
entries, as an empty footnote. The compiler keeps a line on the page of its first footnote only, so a
line should have one: a note takes on the entries that may be in its line, and an entry those that
follow soon.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.shared.typst_literals import value

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How far apart, in characters, an entry and a note can be in one line.
_LINE = 75
#: How far an entry takes on those that follow: most of a line.
_NEAR = 50
#: The place of a note in a note, which is in no line of the text.
NOWHERE = -1_000_000


@dataclass(slots=True)
class Stop:
    """A place with something at the foot: an entry, or a note with its entries from ``nested`` up to ``end``.

    ``at``: characters from the beginning of the block. ``room``: numbers of the stops whose room it has.
    """

    entry: Mapping[str, object] | None
    order: int = 0
    at: int = 0
    file: str = ""
    line: int = 0
    number: int = 0
    nested: int = 0
    end: int = 0
    room: list[int] = field(default_factory=list)

    def code(self) -> str:
        """Return the stop as a Typst dictionary on one line."""
        said: dict[str, object] = {"room": self.room}
        if self.entry is None:
            said["nested"] = (self.nested, self.end)
        else:
            said |= {"entry": self.entry, "order": self.order}
        return value(said)


@dataclass(slots=True)
class Feet:
    """The stops of a text; ``nested`` are the entries in notes."""

    stops: list[Stop] = field(default_factory=list)
    nested: list[Stop] = field(default_factory=list)
    _closed: int = 0

    def add(self, stop: Stop) -> int:
        """Add a stop of the running text; return its number."""
        stop.number = len(self.stops) + 1
        self.stops.append(stop)
        return stop.number

    def add_nested(self, stop: Stop) -> int:
        """Add an entry in a note; return its number."""
        stop.number = len(self.nested) + 1
        self.nested.append(stop)
        return stop.number

    def close(self) -> None:
        """End a block of text: decide which of its stops have room."""
        block, self._closed = self.stops[self._closed :], len(self.stops)
        notes = [stop for stop in block if stop.entry is None]
        open_: Stop | None = None
        for stop in block:
            if stop.entry is None:
                continue
            note = min(notes, key=lambda one: abs(one.at - stop.at), default=None)
            if note is not None and abs(note.at - stop.at) <= _LINE:
                note.room.append(stop.number)
                continue
            if open_ is None or stop.at - open_.at > _NEAR:
                open_ = stop
            open_.room.append(stop.number)

    def source(self) -> str:
        """Return the Typst file ``stops.typ``: each stop on a line of its own."""
        lists = (("stops", self.stops), ("nested", self.nested))
        return "".join(
            f"#let {name} = (\n{''.join(f'{stop.code()},{chr(10)}' for stop in stops)})\n"
            for name, stops in lists
        )

    def where(self, line: int) -> tuple[str, int]:
        """Return file and line of the edition for a line of :meth:`source`."""
        lines = [None, *self.stops, None, None, *self.nested]
        stop = lines[line - 1] if 0 < line <= len(lines) else None
        return (stop.file, stop.line) if stop else ("", 0)
