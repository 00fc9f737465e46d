"""Draw a matrix of counts: entries × parts.

Each cell shows its number and a square whose side grows with it; colour carries no information.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.shared.charts.svg import LinkLabel, cut, drawing, el, link, number, text, width_of
from tei_export.shared.elements import EMPTY, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

CELL = 34.0
ROW = 28.0
_NAMES = 400.0
"""maximum width for names"""
#: Side of the square for the count 1.
_LEAST = 14.0
_SLANT = 55


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The number in a cell; 0 leaves the cell empty. ``size``: of the square, from 0 to 1, if the
    number does not determine it."""

    value: int
    label: LinkLabel
    size: float | None = None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row: the entry, its cells, its total."""

    head: LinkLabel
    cells: Sequence[MatrixCell]
    total: int


def heads(columns: Sequence[LinkLabel], left: float, top: float) -> Markup:
    """Draw the slanted column heads, each a link, above ``top``."""
    result = []
    for i, column in enumerate(columns):
        at = f"translate({number(left + (i + 0.5) * CELL + 4)} {number(top - 8)}) rotate(-{_SLANT})"
        result.append(el("g", link(text(column.text, 0, 0, "head"), column), transform=at))
    return join(result)


def grid(columns: int, left: float, top: float, bottom: float) -> Markup:
    """Draw the lines between columns."""
    return join(
        el("line", class_="rule faint", x1=left + i * CELL, x2=left + i * CELL, y1=top, y2=bottom)
        for i in range(columns + 1)
    )


def head_height(columns: Sequence[LinkLabel]) -> float:
    """Return the height of the slanted column heads."""
    longest = max((width_of(c.text) for c in columns), default=0.0)
    return longest * math.sin(math.radians(_SLANT)) + 26.0


def overhang(columns: Sequence[LinkLabel]) -> float:
    """Return how far the last heads extend beyond their columns."""
    reach = [
        (i + 0.5 - len(columns)) * CELL + width_of(c.text) * math.cos(math.radians(_SLANT))
        for i, c in enumerate(columns)
    ]
    return max(0.0, *reach) + 12.0 if reach else 0.0


def cell(count: MatrixCell, left: float, top: float, most: int) -> Markup:
    """Draw a cell: its square and its number."""
    if not count.value:
        return EMPTY
    size = math.sqrt((count.value - 1) / max(most - 1, 1)) if count.size is None else count.size
    side = _LEAST + (ROW - 4 - _LEAST) * size
    middle, centre = left + CELL / 2, top + ROW / 2
    square = el(
        "rect", class_="tint", x=middle - side / 2, y=centre - side / 2, width=side, height=side
    )
    room = el("rect", class_="room", x=left, y=top, width=CELL, height=ROW)
    return link(
        room + square + text(f"{count.value:,}", middle, centre + 4.8, "n m"), count.label, "cell"
    )


def matrix(
    lines: Sequence[MatrixRow],
    columns: Sequence[LinkLabel],
    *,
    id_: str,
    title: str,
    desc: str,
    total: str,
) -> Markup:
    """Draw the matrix as SVG.

    :param lines: the rows, in drawing order
    :param columns: the labels of the columns
    :param total: the head of the last column
    :param id_: see :func:`tei_export.shared.charts.svg.drawing`, also for ``title`` and ``desc``
    """
    top = head_height(columns)
    left = min(_NAMES, max((width_of(line.head.text) for line in lines), default=0.0) + 16.0)
    sums = left + len(columns) * CELL + 46.0
    width = max(sums + 8, left + len(columns) * CELL + overhang(columns))
    most = max((c.value for line in lines for c in line.cells), default=1) or 1
    bottom = top + len(lines) * ROW
    body = [heads(columns, left, top), text(total, sums, top - 8, "head e")]
    body += [_rule(top + i * ROW, sums, i) for i in range(len(lines) + 1)]
    body.append(grid(len(columns), left, top, bottom))
    for i, line in enumerate(lines):
        y = top + i * ROW
        body.append(link(text(cut(line.head.text, left - 12), 0, y + 18.8, "name"), line.head))
        body += [cell(c, left + j * CELL, y, most) for j, c in enumerate(line.cells)]
        body.append(text(f"{line.total:,}", sums, y + 18.8, "n e"))
    return drawing(body, width=width, height=bottom + 4, id_=id_, title=title, desc=desc)


def _rule(y: float, width: float, i: int) -> Markup:
    return el("line", class_="rule" if i % 5 == 0 else "rule faint", x1=0.0, x2=width, y1=y, y2=y)
