"""Divide a chart that is too large for one page: ``pictures/persons``, ``pictures/persons-2`` …

The first page is the same as before, as far as it fits; the others continue with the rows. A link
to a row on a later page still works: ``continued.js`` looks for it page by page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from tei_export.outputs.html.list_division import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.outputs.html.charts.chart_parts import Chart, ChartCell, ChartTable

#: The maximum size of the drawings and tables on a page, in bytes.
LARGE = 265_000
_INSIDE = re.compile(r'(?<= href=")#([^"]+)(?=")')


@dataclass(frozen=True, slots=True)
class ChartPart:
    """One page of a chart."""

    page: str
    chart: Chart


def divided(chart: Chart) -> list[ChartPart]:
    """Return the pages of a chart: one, if it fits."""
    pages: list[tuple[list[str], list[ChartTable]]] = [([], [])]
    room = LARGE
    for drawing in chart.drawings:
        if room < len(drawing.encode()) and pages[-1][0]:
            pages.append(([], []))
            room = LARGE
        pages[-1][0].append(drawing)
        room -= len(drawing.encode())
    for table in chart.tables:
        begin = 0
        for at, row in enumerate(table.rows):
            size = _size(row)
            if size > room and (at > begin or any(pages[-1])):
                if at > begin:
                    pages[-1][1].append(replace(table, rows=table.rows[begin:at]))
                pages.append(([], []))
                begin, room = at, LARGE
            room -= size
        pages[-1][1].append(replace(table, rows=table.rows[begin:]))
    names = [name_of(chart.name, number) for number in range(1, len(pages) + 1)]
    home = {
        row[0].id: n
        for n, (_d, tables) in enumerate(pages)
        for t in tables
        for row in t.rows
        if row[0].id
    }
    return [
        ChartPart(
            names[n],
            replace(chart, drawings=[_leading(d, n, home, names) for d in drawings], tables=tables),
        )
        for n, (drawings, tables) in enumerate(pages)
    ]


def _size(row: Sequence[ChartCell]) -> int:
    """Return the approximate size of a row in bytes."""
    return 12 + sum(
        24 + sum(len(p.text.encode()) + (len(p.href) + 15 if p.href else 0) for p in cell.parts)
        for cell in row
    )


def _leading(drawing: str, here: int, home: dict[str, int], names: Sequence[str]) -> str:
    """Let the links of a drawing lead to the pages with its rows."""

    def target(found: re.Match[str]) -> str:
        there = home.get(found[1], here)
        return found[0] if there == here else f"{names[there].rpartition('/')[2]}.html{found[0]}"

    return Markup(_INSIDE.sub(target, drawing)) if len(names) > 1 else drawing
