"""The parts of a figure's page, and addresses relative to that page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tei_export.outputs.html.contents import chapter_id, own_page
from tei_export.outputs.html.figure_list import listed
from tei_export.shared import labels
from tei_export.shared.dates import human_date
from tei_export.shared.figures import counts
from tei_export.shared.figures.svg import LinkLabel, cut
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.figures.counts import EntryCounts, PartColumn
    from tei_export.source.facts import EditionDomain


class CellPart(NamedTuple):
    """A piece of a table cell."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A cell; ``id`` makes its row a link target."""

    parts: tuple[CellPart, ...]
    number: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The numbers of a figure. The first cell of a row is its header."""

    caption: str
    head: list[str]
    rows: list[list[FigureCell]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A page: the drawing, the legend, the numbers."""

    name: str
    title: str
    facts: list[str]
    lead: str
    drawings: list[str]
    keys: list[tuple[str, str]]
    """a sign of the drawing (its kind, for the template) and its meaning"""
    notes: list[str]
    tables: list[FigureTable]
    zoom: bool = False


@dataclass(slots=True)
class PageContext:
    """The edition as seen from one page: addresses are relative to that page."""

    app: Sphinx
    page: str
    domain: EditionDomain = field(init=False)
    columns: list[PartColumn] = field(init=False)

    def __post_init__(self) -> None:
        self.domain = domain_of(self.app.env)
        self.columns = counts.columns(self.domain)

    def uri(self, page: str, fragment: str = "") -> str:
        """Return the address of a page, relative to this one."""
        address = self.app.builder.get_relative_uri(self.page, page)
        return f"{address}#{fragment}" if fragment else address

    def entry(self, entry: RegisterEntry) -> str:
        """Return the address of a register entry."""
        return self.uri(f"registers/{entry.register}", entry.xml_id)

    def mentions(self, row: EntryCounts, column: PartColumn) -> str:
        """Return the address of an entry's mentions in a part, in the register."""
        own = own_page(row.entry.register, row.entry.key, row.total)
        if own:
            return self.uri(own, f"in-{column.part.id}")
        return self.uri(
            f"registers/{row.entry.register}", chapter_id(row.entry.xml_id, column.part.id)
        )

    def heads(self, columns: Sequence[PartColumn]) -> list[LinkLabel]:
        """Return the column heads of a matrix: the chapters."""
        return [LinkLabel(cut(c.part.title, 165.0), self.uri(c.doc), c.part.title) for c in columns]


def title_of(here: PageContext) -> str:
    """Return the title of the figure on this page."""
    return next(title for name, title, _detail in listed(here.domain) if name == here.page)


def numeral(value: int, href: str = "") -> FigureCell:
    """Return a cell with a number, which links to ``href``; 0 leaves it empty."""
    return FigureCell(
        (CellPart(labels.number(value) if value else "", href if value else ""),), number=True
    )


def worded(text: str, href: str = "") -> FigureCell:
    """Return a cell with text, which links to ``href``."""
    return FigureCell((CellPart(text, href),))


def facts_of(here: PageContext, mentions: int) -> list[str]:
    """Return the facts below the title: the figure's extent, and the number of mentions."""
    detail = next(d for name, _t, d in listed(here.domain) if name == here.page)
    return [detail, labels.count(mentions, _("mention"), _("mentions"))]


def head_of(entry: RegisterEntry, here: PageContext) -> LinkLabel:
    """Return the label of an entry, with its dates in the longer form."""
    date = entry.text("dates") or human_date(entry.text("date"))
    return LinkLabel(entry.name, here.entry(entry), f"{entry.name}, {date}" if date else entry.name)


def used(columns: Sequence[PartColumn], rows: Sequence[EntryCounts]) -> list[PartColumn]:
    """Return the parts that occur in any of the rows."""
    return [c for c in columns if any(row.by_doc.get(c.doc) for row in rows)]
