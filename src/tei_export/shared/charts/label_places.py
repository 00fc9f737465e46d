"""Place names beside their symbols without overlaps.

Each name gets the first free position of a fixed list, near positions first; more important names
choose first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.shared.charts.svg import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Box = tuple[float, float, float, float]
"""left, top, right, bottom"""

#: Directions in order of preference: right, left, above right …
_DIRECTIONS = (
    (1.0, 0.0), (-1.0, 0.0), (0.8, -0.7), (0.8, 0.7), (-0.8, -0.7), (-0.8, 0.7), (0.0, -1.0), (0.0, 1.0),
    (0.95, -0.35), (0.95, 0.35), (-0.95, -0.35), (-0.95, 0.35), (0.4, -0.95), (0.4, 0.95), (-0.4, -0.95), (-0.4, 0.95),
)  # fmt: skip
#: Distances from the symbol's edge; from the second on, a line leads to the name.
_DISTANCES = (4.0, 16.0, 30.0, 46.0, 64.0, 84.0, 106.0, 130.0)


@dataclass(frozen=True, slots=True)
class NamedSymbol:
    """A symbol with a name, in the drawing's units."""

    name: str
    x: float
    y: float
    radius: float
    size: float


@dataclass(frozen=True, slots=True)
class PlacedName:
    """The position of a name: its anchor point relative to the symbol, and its box.

    ``lead``: the end of the leader line, also relative to the symbol; None if the name needs no
    line.
    """

    dx: float
    dy: float
    anchor: str
    box: Box
    lead: tuple[float, float] | None


def place(symbols: Sequence[NamedSymbol], frame: Box) -> list[PlacedName | None]:
    """Place the name of each symbol, in order of importance; None if no position is free."""
    taken: list[Box] = [
        (s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in symbols
    ]
    lines: list[Box] = []
    result: list[PlacedName | None] = []
    for number, symbol in enumerate(symbols):
        own = taken[number]
        position = next(
            (
                p
                for p in _candidates(symbol)
                if _inside(p.box, frame)
                and not any(overlap(p.box, t) for t in taken if t is not own)
                and not any(_crosses(line, p.box) for line in lines)
                and not (p.lead and _lead_hits(symbol, p, taken[len(symbols) :], lines))
            ),
            None,
        )
        if position:
            taken.append(position.box)
            if position.lead:
                lines.append(_line(symbol, position))
        result.append(position)
    return result


def _candidates(symbol: NamedSymbol) -> Iterator[PlacedName]:
    width, height = width_of(symbol.name, symbol.size), symbol.size * 1.1
    for number, distance in enumerate(_DISTANCES):
        for right, down in _DIRECTIONS:
            reach = symbol.radius + distance
            x, y = right * reach, down * reach
            anchor = "start" if right > 0 else "end" if right < 0 else "middle"
            left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
            middle = y + (down * height / 2 if not right else 0.0)
            top = symbol.y + middle - height / 2
            box = (symbol.x + left, top, symbol.x + left + width, top + height)
            gap = 3.0 if anchor == "start" else -3.0 if anchor == "end" else 0.0
            lead = (x - gap, y) if number else None
            yield PlacedName(x, middle + symbol.size * 0.33, anchor, box, lead)


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(box: Box, frame: Box) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _line(symbol: NamedSymbol, placed: PlacedName) -> Box:
    lead = placed.lead or (0.0, 0.0)
    return symbol.x, symbol.y, symbol.x + lead[0], symbol.y + lead[1]


def _lead_hits(
    symbol: NamedSymbol, placed: PlacedName, names: Sequence[Box], lines: Sequence[Box]
) -> bool:
    line = _line(symbol, placed)
    return any(_crosses(line, name) for name in names) or any(_meet(line, other) for other in lines)


def _crosses(line: Box, box: Box) -> bool:
    """Return whether a line crosses a box, tested at points two units apart."""
    length = max(abs(line[2] - line[0]), abs(line[3] - line[1]), 1.0)
    steps = int(length / 2) + 1
    for step in range(steps + 1):
        x = line[0] + (line[2] - line[0]) * step / steps
        y = line[1] + (line[3] - line[1]) * step / steps
        if box[0] < x < box[2] and box[1] < y < box[3]:
            return True
    return False


def _meet(one: Box, other: Box) -> bool:
    """Return whether two lines cross."""

    def side(line: Box, x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    return (
        side(one, other[0], other[1]) * side(one, other[2], other[3]) < 0
        and side(other, one[0], one[1]) * side(other, one[2], one[3]) < 0
    )
