"""Charts by chapter: the persons that each mentions, and the works that its notes cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.outputs.html.charts.chart_parts import (
    Chart,
    ChartPage,
    ChartTable,
    cell_label,
    facts_of,
    head_of,
    number_cell,
    shared_columns,
    text_cell,
    title_of,
    used_columns,
)
from tei_export.shared import labels
from tei_export.shared.charts import counts, matrix
from tei_export.shared.charts.svg import LinkLabel
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.charts.counts import EntryCounts, PartColumn

#: The number of rows drawn in a matrix; the table has all of them.
DRAWN = 30
_SURNAME = 24


def persons_by_chapter(here: ChartPage) -> Chart:
    """Return the chart of the persons by chapter."""
    rows = counts.entry_counts(here.domain, "persons")
    columns = used_columns(here.columns, rows)
    lines = [
        matrix.MatrixRow(
            head_of(row.entry, here),
            [
                matrix.MatrixCell(n, cell_label(row, c, n, here.mentions(row, c)))
                for c in columns
                if (n := c.count(row)) >= 0
            ],
            row.total,
        )
        for row in rows[:DRAWN]
    ]
    svg = _drawing(
        lines,
        columns,
        here,
        _(
            "A square and a number for every person and chapter: how often the chapter mentions the person."
        ),
    )
    head = [_("Person"), *(c.short for c in columns), _("Mentions")]
    table = ChartTable(
        _("Persons and the chapters that mention them"),
        head,
        [
            [
                text_cell(row.entry.name, here.entry(row.entry)),
                *(number_cell(c.count(row), here.mentions(row, c)) for c in columns),
                number_cell(row.total),
            ]
            for row in rows
        ],
    )
    return Chart(
        here.page,
        title_of(here),
        facts_of(here, sum(r.total for r in rows)),
        _(
            "How often each chapter mentions each person, in its text and notes. A number links to these "
            "mentions, each in its sentence."
        ),
        [svg],
        [],
        [*shared_columns(here), *_first_rows(rows)],
        [table],
    )


def _drawing(
    lines: Sequence[matrix.MatrixRow], columns: Sequence[PartColumn], here: ChartPage, desc: str
) -> Markup:
    return matrix.matrix(
        lines, here.heads(columns), id_="matrix", title=title_of(here), total=_("all"), desc=desc
    )


def _first_rows(rows: Sequence[EntryCounts]) -> list[str]:
    if len(rows) <= DRAWN:
        return []
    return [_("The chart shows the first {}; the table has all {}.").format(DRAWN, len(rows))]


def sources_by_chapter(here: ChartPage) -> Chart:
    """Return the chart of the cited works by chapter."""
    rows = counts.cited_works(here.domain)
    columns = used_columns(here.columns, rows)
    all_rows = {row.entry.key: row for row in counts.entry_counts(here.domain, "works")}
    pages = counts.pages_cited(here.domain)

    def link(row: EntryCounts, column: PartColumn) -> str:
        known = all_rows.get(row.entry.key)
        if known and column.count(known):
            return here.mentions(known, column)
        return here.entry(row.entry)

    def number(row: EntryCounts, column: PartColumn) -> matrix.MatrixCell:
        value = column.count(row)
        said = labels.count(value, _("note"), _("notes"))
        return matrix.MatrixCell(value, cell_label(row, column, value, link(row, column), said))

    lines = [
        matrix.MatrixRow(_work(row.entry, here), [number(row, c) for c in columns], row.total)
        for row in rows[:DRAWN]
    ]
    svg = _drawing(
        lines,
        columns,
        here,
        _(
            "A square and a number for every work and chapter: how many notes in the chapter cite the work."
        ),
    )
    head = [_("Work"), *(c.short for c in columns), _("Notes"), _("Pages cited"), _("Mentions")]
    table = ChartTable(
        _("Works cited, by chapter"),
        head,
        [
            [
                text_cell(_work(row.entry, here).name, here.entry(row.entry)),
                *(number_cell(c.count(row), link(row, c)) for c in columns),
                number_cell(row.total),
                number_cell(pages[row.entry.key]),
                number_cell(all_rows[row.entry.key].total if row.entry.key in all_rows else 0),
            ]
            for row in rows
        ],
    )
    citing = sum(r.total for r in rows)
    return Chart(
        here.page,
        title_of(here),
        [
            facts_of(here, 0)[0],
            labels.count(citing, _("citation in a note"), _("citations in notes")),
        ],
        _(
            "The sources of each chapter: the number of the author’s notes that cite a work by name or page."
        ),
        [svg],
        [],
        [*shared_columns(here), *_first_rows(rows)],
        [table],
    )


def _work(entry: RegisterEntry, here: ChartPage) -> LinkLabel:
    """Label a work with its author's surname and title."""
    author = entry.text("author").split(",")[0]
    author = author if len(author) <= _SURNAME else ""  # an institution
    year = entry.text("year")
    name = f"{author}, {entry.name}" if author else entry.name
    return LinkLabel(name, here.entry(entry), f"{name} ({year})" if year else name)
