"""The parts of a chart's page, and addresses relative to that page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tei_export.outputs.html.charts.chart_list import listed_charts
from tei_export.outputs.html.register_layout import chapter_id, registers_of
from tei_export.shared import labels
from tei_export.shared.charts import counts
from tei_export.shared.charts.svg import LinkLabel, cut
from tei_export.shared.dates import human_date
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.charts.counts import EntryCounts, PartColumn
    from tei_export.source.facts import EditionDomain


class CellPart(NamedTuple):
    """A piece of a table cell."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ChartCell:
    """A cell; ``id`` makes its row a link target."""

    parts: tuple[CellPart, ...]
    number: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The numbers of a chart. The first cell of a row is its header."""

    caption: str
    head: list[str]
    rows: list[list[ChartCell]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A page: the drawing, the legend, the numbers."""

    name: str
    title: str
    facts: list[str]
    lead: str
    drawings: list[str]
    keys: list[tuple[str, str]]
    """a sign of the drawing (its kind, for the template) and its meaning"""
    notes: list[str]
    tables: list[ChartTable]
    zoom: bool = False


@dataclass(slots=True)
class ChartPage:
    """The edition as seen from one page: addresses are relative to that page."""

    app: Sphinx
    page: str
    domain: EditionDomain = field(init=False)
    columns: list[PartColumn] = field(init=False)

    def __post_init__(self) -> None:
        self.domain = domain_of(self.app.env)
        self.columns = counts.part_columns(self.domain)

    def uri(self, page: str, fragment: str = "") -> str:
        """Return the address of a page, relative to this one."""
        address = self.app.builder.get_relative_uri(self.page, page)
        return f"{address}#{fragment}" if fragment else address

    def entry(self, entry: RegisterEntry) -> str:
        """Return the address of a register entry."""
        return self.uri(registers_of(self.domain)[entry.register].listed(entry), entry.xml_id)

    def mentions(self, row: EntryCounts, column: PartColumn) -> str:
        """Return the address of an entry's mentions in the first part of a column that has any, in the register."""
        register = registers_of(self.domain)[row.entry.register]
        part = column.first(row).part
        own = register.own(row.entry.key, row.total)
        if own:
            return self.uri(own, f"in-{part.id}")
        return self.uri(register.page, chapter_id(row.entry.xml_id, part.id))

    def heads(self, columns: Sequence[PartColumn]) -> list[LinkLabel]:
        """Return the column heads of a matrix: the chapters."""
        return [LinkLabel(cut(c.title, 165.0), self.uri(c.doc), c.title) for c in columns]


def title_of(here: ChartPage) -> str:
    """Return the title of the chart on this page."""
    return next(title for name, title, _detail in listed_charts(here.domain) if name == here.page)


def number_cell(value: int, href: str = "") -> ChartCell:
    """Return a cell with a number, which links to ``href``; 0 leaves it empty."""
    return ChartCell(
        (CellPart(labels.number(value) if value else "", href if value else ""),), number=True
    )


def text_cell(text: str, href: str = "") -> ChartCell:
    """Return a cell with text, which links to ``href``."""
    return ChartCell((CellPart(text, href),))


def facts_of(here: ChartPage, mentions: int) -> list[str]:
    """Return the facts below the title: the chart's extent, and the number of mentions."""
    detail = next(d for name, _t, d in listed_charts(here.domain) if name == here.page)
    return [detail, labels.count(mentions, _("mention"), _("mentions"))]


def head_of(entry: RegisterEntry, here: ChartPage) -> LinkLabel:
    """Return the label of an entry, with its dates in the longer form."""
    date = entry.text("dates") or human_date(entry.text("date"))
    return LinkLabel(entry.name, here.entry(entry), f"{entry.name}, {date}" if date else entry.name)


def shared_columns(here: ChartPage) -> list[str]:
    """Return the remark that chapters share columns, if they do."""
    if all(len(column.parts) == 1 for column in here.columns):
        return []
    return [_("Chapters share columns; a number links to the first chapter that it counts.")]


def used_columns(columns: Sequence[PartColumn], rows: Sequence[EntryCounts]) -> list[PartColumn]:
    """Return the parts that occur in any of the rows."""
    return [c for c in columns if any(map(c.count, rows))]


def cell_label(
    row: EntryCounts, column: PartColumn, value: int, href: str, what: str = ""
) -> LinkLabel:
    """Return the label of a cell of a matrix: its number, and the words for screen readers."""
    said = what or labels.count(value, _("mention"), _("mentions"))
    return LinkLabel(str(value), href, f"{row.entry.name}, {column.title}: {said}")
