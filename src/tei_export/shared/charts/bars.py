"""Draw emendations along the pages: a row of bars for each kind, all over the same pages.

The chart consists of small multiples in one colour: each kind has its row and its name. Parts
alternate in shade. Every row has its own scale, which ends at the number beside it: the bars show
where the emendations are, the totals how many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.shared.charts.svg import LinkLabel, drawing, el, link, text
from tei_export.shared.elements import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

_LEFT = 344.0
_SUM, _ROW, _GAP = 96.0, 34.0, 10.0
_BAR = 5.0
_HEAD = 26.0
#: The smallest maximum of a row's scale.
_LEAST = 5


@dataclass(frozen=True, slots=True)
class PageBar:
    """A page: its number as a link, and its counts by kind, in row order."""

    label: LinkLabel
    counts: tuple[int, ...]
    lost: bool = False
    all: int | None = None
    numbered: bool | None = None

    @property
    def total(self) -> int:
        """The height of its bar for all kinds."""
        return sum(self.counts) if self.all is None else self.all


@dataclass(frozen=True, slots=True)
class Band:
    """A part and its pages."""

    label: LinkLabel
    pages: Sequence[PageBar]


def bars(
    bands: Sequence[Band],
    kinds: Sequence[LinkLabel],
    total: str,
    *,
    title: str,
    desc: str,
    id_: str = "bars",
    left: float = _LEFT,
) -> Markup:
    """Draw the chart as SVG; ``kinds`` label the rows, with the totals in ``name``. The bar of a
    page is the sum of its counts, unless the page states its own. ``left``: the room for the names
    of the rows."""
    pages = [page for band in bands for page in band.pages]
    width = left + len(pages) * _BAR
    bottom = _HEAD + _SUM + len(kinds) * (_ROW + _GAP)
    most = max((p.total for p in pages), default=1) or 1
    tops = [max((_LEAST, *(p.counts[k] for p in pages))) for k in range(len(kinds))]
    body = [_bands(bands, bottom, left), *_rows(kinds, total, most, tops, width, left)]
    body += [_page(page, left + i * _BAR, most, tops, bottom) for i, page in enumerate(pages)]
    body.append(_numbers(pages, bottom, left))
    return drawing(body, width=width + 12, height=bottom + 26, id_=id_, title=title, desc=desc)


def _bands(bands: Sequence[Band], bottom: float, left: float) -> Markup:
    parts, x = [], left
    for i, band in enumerate(bands):
        width = len(band.pages) * _BAR
        if i % 2 == 0:
            parts.append(el("rect", class_="band", x=x, y=0.0, width=width, height=bottom))
        room = el("rect", class_="room", x=x, y=0.0, width=width, height=_HEAD - 4)
        name = text(band.label.text, x + width / 2, 16, "head m")
        parts.append(link(room + name, band.label))
        x += width
    return join(parts)


def _base(row: int) -> float:
    """Return the baseline of a row's bars; row 0 is the total."""
    return _HEAD + _SUM + row * (_ROW + _GAP)


def _rows(
    kinds: Sequence[LinkLabel],
    total: str,
    most: int,
    tops: Sequence[int],
    width: float,
    left: float,
) -> list[Markup]:
    result = []
    for row, name in enumerate([LinkLabel(total, ""), *kinds]):
        y = _base(row)
        result.append(el("line", class_="rule", x1=0.0, x2=width, y1=y, y2=y))
        result.append(text(name.text, 0, y - 8, "name strong" if row == 0 else "name"))
        if row:
            result.append(text(name.name, left - 46, y - 8, "n e"))
    for row, value in enumerate((most, *tops)):
        height = _ROW if row else _SUM - 8
        y = _base(row) - height
        result.append(el("line", class_="rule faint", x1=left - 6, x2=width, y1=y, y2=y))
        result.append(text(str(value), left - 10, y + 9, "n e small"))
    return result


def _page(page: PageBar, x: float, most: int, tops: Sequence[int], bottom: float) -> Markup:
    """Draw a page's bars; the whole column is the link."""
    total = page.total
    shapes = el("rect", class_="room", x=x, y=_HEAD, width=_BAR, height=bottom - _HEAD)
    if page.lost:
        shapes += el("line", class_="lost", x1=x + _BAR / 2, x2=x + _BAR / 2, y1=_HEAD, y2=bottom)
    values = [
        (total, most, _SUM - 8),
        *((n, top, _ROW) for n, top in zip(page.counts, tops, strict=True)),
    ]
    for row, (value, top, height) in enumerate(values):
        if value:
            tall = max(1.0, height * value / top)
            shapes += el(
                "rect", class_="bar", x=x + 0.5, y=_base(row) - tall, width=_BAR - 1, height=tall
            )
    return link(shapes, page.label, "column")


def _numbers(pages: Sequence[PageBar], bottom: float, left: float) -> Markup:
    """Draw the page numbers below: the first, and those that are numbered."""
    return join(
        text(page.label.text, left + (i + 0.5) * _BAR, bottom + 18, "n m")
        for i, page in enumerate(pages)
        if i == 0 or _numbered(page)
    )


def _numbered(page: PageBar) -> bool:
    """Return whether the number of a page stands below: of every tenth page, unless the page states it."""
    text = page.label.text
    return text.isdecimal() and int(text) % 10 == 0 if page.numbered is None else page.numbered
