"""The foot of the pages: apparatus entries and notes in their order, for ``foot.typ``.

Only the compiler knows the pages. This module decides which entries are *long*: each is a note of
its own, which may continue on the next page. The others get *room* that no page break divides, so
the entries of one line must not fill a page. The compiler keeps only the first footnote on the page
of its line, so each line has one: its first note or entry has the room of all its entries. A first
run of the compiler, over the text alone, finds the stops in each line (:meth:`PageFeet.share`):
lines do not depend on pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.shared.typst_literals import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: The maximum number of characters in a line.
_LINE = 80
#: Entries with more characters are long: some ten lines.
_LONG = 850
#: The maximum number of characters in the entries of one line that are not long: some twenty lines.
_MOST = 1_700
#: The maximum difference in height between stops in one line, in points; signs can be raised.
_SAME = 6
#: The line number of a note in a note, which is in no line of the text.
NOWHERE = -1_000_000


@dataclass(slots=True)
class FootStop:
    """A place in the text with a note or an entry at the foot; a note has its entries from
    ``nested`` up to ``end``. ``at``: characters from the beginning of the ``block``. ``room``: the
    stops whose room it reserves. ``size``: characters of its readings. ``long``: it is a note of
    its own.
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
    size: int = 0
    block: int = 0
    long: bool = False

    def code(self) -> str:
        """Return the stop as a Typst dictionary on one line."""
        said: dict[str, object] = {"room": self.room}
        if self.entry is None:
            said["nested"] = (self.nested, self.end)
        else:
            said |= {"entry": self.entry, "order": self.order}
        if self.long:
            said["long"] = True
        return value(said)


@dataclass(slots=True)
class PageFeet:
    """The stops of a text; ``nested`` are the entries in notes."""

    stops: list[FootStop] = field(default_factory=list)
    nested: list[FootStop] = field(default_factory=list)
    _closed: int = 0
    _blocks: int = 0

    def add(self, stop: FootStop) -> int:
        """Add a stop of the running text; return its number."""
        stop.number = len(self.stops) + 1
        self.stops.append(stop)
        return stop.number

    def add_nested(self, stop: FootStop) -> int:
        """Add an entry in a note; return its number."""
        stop.number = len(self.nested) + 1
        self.nested.append(stop)
        return stop.number

    def close(self) -> None:
        """End a block of text: decide which of its entries are long."""
        block, self._closed = self.stops[self._closed :], len(self.stops)
        self._blocks += 1
        for stop in block:
            stop.block = self._blocks
            stop.long = stop.size > _LONG
        entries = [stop for stop in block if stop.entry is not None]
        for first in entries:
            line = [s for s in entries if 0 <= s.at - first.at <= _LINE and not s.long]
            for stop in sorted(line, key=lambda s: -s.size):
                if sum(s.size for s in line if not s.long) <= _MOST:
                    break
                stop.long = True

    def share(self, spots: Iterable[tuple[int, int, float]]) -> None:
        """Give the first note or entry of each line the room of all entries in it.

        :param spots: number, page and height in points of the stops
        """
        where = {number: (page, y) for number, page, y in spots}
        line: list[FootStop] = []
        for stop in self.stops:
            stop.room = []
            if line and not _beside(line[-1], stop, where):
                _share(line)
                line = []
            line.append(stop)
        _share(line)

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


def _beside(one: FootStop, other: FootStop, where: Mapping[int, tuple[int, float]]) -> bool:
    """Return whether two stops are in one line. A note in a note is in none."""
    first, second = where.get(one.number), where.get(other.number)
    if NOWHERE in (one.at, other.at) or first is None or second is None:
        return False
    return one.block == other.block and first[0] == second[0] and abs(first[1] - second[1]) < _SAME


def _share(line: Sequence[FootStop]) -> None:
    notes = [stop for stop in line if stop.entry is None or stop.long]
    entries = [stop.number for stop in line if stop.entry is not None and not stop.long]
    if entries:
        (notes or line)[0].room = entries
