"""Draw the timeline: events in order of date, and the parts that mention them.

Dates are ISO 8601, as in the register: a day, a month, a year, or an interval of these with ``/``.
An event dated to a month or a year happened at some time in it: it becomes an open box. An interval
becomes a filled bar, a day a dot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tei_export.shared.charts import matrix
from tei_export.shared.charts.svg import LinkLabel, cut, drawing, el, link, text
from tei_export.shared.elements import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from tei_export.shared.charts.matrix import MatrixCell

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
ROW = matrix.ROW
_NAMES = 318.0
_AXIS = 430.0
_GAP = 22.0


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time from ``start`` to ``end``, in years with fractions.

    ``known``: the date is an interval or a day, not some time in a month or year. ``end`` is None
    for an event that has not ended.
    """

    start: float
    end: float | None
    known: bool


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """An event to draw."""

    label: LinkLabel
    span: Span
    cells: Sequence[MatrixCell]
    id: str = ""


def span(given: str) -> Span | None:
    """Parse ``1919-03-18/1919-03-23``; return None for anything but a date."""
    start, slash, end = given.strip().partition("/")
    first = _bounds(start)
    if first is None:
        return None
    if not slash:
        return Span(first[0], first[1], len(start) > 7)
    if not end or end == "..":
        return Span(first[0], None, known=True)
    last = _bounds(end)
    return Span(first[0], last[1], known=True) if last and last[1] >= first[0] else None


def _bounds(given: str) -> tuple[float, float] | None:
    """Return the beginning and end of a day, month or year."""
    match = _DATE.fullmatch(given)
    if match is None:
        return None
    year, month, day = (int(g) if g else 0 for g in match.groups())
    if not month:
        return float(year), year + 1.0
    try:
        first = date(year, month, day or 1)
    except ValueError:
        return None
    if day:
        return _fraction(first), _fraction(first) + 1 / 366
    after = first.replace(day=28) + timedelta(days=4)
    return _fraction(first), _fraction(after.replace(day=1))


def _fraction(day: date) -> float:
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / ((date(day.year, 12, 31) - start).days + 1)


def touches(when: Span, first: int, last: int) -> bool:
    """Return whether the span overlaps the years ``first`` to ``last``."""
    end = when.end if when.end is not None else float("inf")
    return when.start < last + 1 and end > first


def timeline(
    events: Sequence[TimelineEvent],
    columns: Sequence[LinkLabel],
    years: tuple[int, int],
    *,
    title: str,
    desc: str,
) -> Markup:
    """Draw the given events as SVG, in their order.

    :param columns: the labels of the parts
    :param years: the first and the last year shown
    """
    first, last = years
    unit = _AXIS / (last + 1 - first)
    top = matrix.head_height(columns)
    left = _NAMES + _AXIS + _GAP
    right = left + len(columns) * matrix.CELL
    bottom = top + len(events) * ROW
    most = max((c.value for e in events for c in e.cells), default=1) or 1
    body = [_years(first, last, unit, top, bottom), matrix.heads(columns, left, top)]
    body.append(matrix.grid(len(columns), left, top, bottom))
    body += [
        el("line", class_="rule faint", x1=0.0, x2=right, y1=top + i * ROW, y2=top + i * ROW)
        for i in range(len(events) + 1)
    ]
    for i, event in enumerate(events):
        y = top + i * ROW
        name = link(text(cut(event.label.text, _NAMES - 16), 0, y + 18.8, "name"), event.label)
        mark = _mark(event.span, first, last, unit, y + ROW / 2)
        body.append(el("g", name, mark, id=event.id))
        body += [matrix.cell(c, left + j * matrix.CELL, y, most) for j, c in enumerate(event.cells)]
    width = max(right, right + matrix.overhang(columns) - 4)
    return drawing(body, width=width, height=bottom + 26, id_="timeline", title=title, desc=desc)


def _years(first: int, last: int, unit: float, top: float, bottom: float) -> Markup:
    """Draw a line at the beginning of each year, and as many year numbers as fit."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000) if s * unit >= 30)
    lines = []
    for year in range(first, last + 2):
        x = _NAMES + (year - first) * unit
        major = year % step == 0
        if major or unit > 8:
            class_ = "rule" if major else "rule faint"
            lines.append(el("line", class_=class_, x1=x, x2=x, y1=top, y2=bottom))
        if major and year <= last:
            middle = x + min(step, last + 1 - year) * unit / 2 if step == 1 else x
            lines.append(text(str(year), middle, top - 8, "n m"))
            lines.append(text(str(year), middle, bottom + 18, "n m"))
    return join(lines)


def _mark(when: Span, first: int, last: int, unit: float, y: float) -> Markup:
    """Draw the event on the axis; arrows mark spans that continue outside the years shown."""

    def x(year: float) -> float:
        return _NAMES + (min(max(year, first), last + 1) - first) * unit

    end = when.end if when.end is not None else float(last + 2)
    start, stop = x(when.start), x(end)
    if when.known and stop - start < 4 and first <= when.start <= last + 1:
        return el("circle", class_="day", cx=(start + stop) / 2, cy=y, r=4.5)
    class_ = "during" if when.known else "within"
    shape = el("rect", class_=class_, x=start, y=y - 4, width=max(stop - start, 4.0), height=8.0)
    if when.start < first:
        shape += el("path", class_="beyond", d=f"M{_NAMES:g} {y - 7:g}l-7 7l7 7z")
    if end > last + 1:
        shape += el("path", class_="beyond", d=f"M{_NAMES + _AXIS:g} {y - 7:g}l7 7l-7 7z")
    return shape
