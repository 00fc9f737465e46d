"""The timeline of the events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tei_export.model.places import Place
from tei_export.outputs.html.charts.chart_parts import (
    CellPart,
    Chart,
    ChartCell,
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
from tei_export.shared.charts import counts, matrix, timeline
from tei_export.shared.dates import human_date
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.shared.charts.counts import EntryCounts, PartColumn
    from tei_export.source.facts import Mention


def timeline_of_events(here: ChartPage) -> Chart:
    """Return the timeline of the events that the texts mention."""
    rows = counts.entry_counts(here.domain, "events")
    dated = [(span, row) for row in rows if (span := timeline.span(row.entry.text("date")))]
    dated.sort(key=lambda p: (p[0].start, p[0].end or math.inf, p[1].entry.name))
    years = _years(here, [span for span, _row in dated])
    shown = [(span, row) for span, row in dated if timeline.touches(span, *years)]
    columns = used_columns(here.columns, [row for _span, row in shown])
    first = _first_mentions(here)
    events = [
        timeline.TimelineEvent(
            head_of(row.entry, here),
            span,
            [_first_cell(row, c, first, here) for c in columns],
            f"on-{row.entry.xml_id}",
        )
        for span, row in shown
    ]
    title = title_of(here)
    desc = _(
        "One line for each event: its time on an axis of years, and how often each chapter mentions it."
    )
    svg = timeline.timeline(events, here.heads(columns), years, title=title, desc=desc)
    others = [row for row in rows if all(row is not other for _span, other in shown)]
    notes = [
        *shared_columns(here),
        _(
            "The chart shows the years {}–{}; {} mentioned are outside them or have no date, and appear "
            "only in the table."
        ).format(*years, labels.count(len(others), _("event"), _("events")))
        if others
        else _("The chart shows the years {}–{}.").format(*years),
        _("Dates come from the register. A number links to the first mention in that chapter."),
    ]
    head = [_("Event"), _("Date"), *(c.short for c in here.columns), _("Mentions")]
    ordered = [row for _span, row in dated] + [
        r for r in rows if all(r is not o for _s, o in dated)
    ]
    table = ChartTable(
        _("Events and the chapters that mention them"),
        head,
        [
            [
                ChartCell(
                    (CellPart(row.entry.name, here.entry(row.entry)),), id=_row_id(row, others)
                ),
                text_cell(human_date(row.entry.text("date"))),
                *(
                    number_cell(c.count(row), first.get((row.entry.key, c.first(row).doc), ""))
                    for c in here.columns
                ),
                number_cell(row.total),
            ]
            for row in ordered
        ],
    )
    return Chart(
        here.page, title, facts_of(here, sum(r.total for r in rows)),
        _("When each event happened, and which chapters mention it. The events are in chronological "
"order; the numbers on the right count the mentions in each chapter."),
        [svg],
        [
            ("day", _("a day, or some days")),
            ("during", _("from a day, month or year to another")),
            ("within", _("at some time in this month or year")),
        ],
        notes, [table],
    )  # fmt: skip


def _row_id(row: EntryCounts, others: Sequence[EntryCounts]) -> str:
    """Return an id for a row that is not drawn, as the register's link target."""
    return f"on-{row.entry.xml_id}" if any(row is other for other in others) else ""


def _years(here: ChartPage, spans: Sequence[timeline.Span]) -> tuple[int, int]:
    """Return the years of the record's ``timeline``, otherwise those of the events."""
    given = here.domain.edition.record.get("timeline")
    if isinstance(given, dict):
        return int(given["from"]), int(given["to"])
    first = min(int(s.start) for s in spans)
    return first, max(
        first, *(math.ceil(s.end if s.end is not None else s.start + 1) - 1 for s in spans)
    )


def _first_mentions(here: ChartPage) -> dict[tuple[str, str], str]:
    """Map event and part to the address of the first mention there."""
    first: dict[tuple[str, str], str] = {}
    for part in counts.counted_parts(here.domain):
        for m in part.facts.mentions:
            if m.register == "events":
                first.setdefault((m.key, part.doc), _at(m, here))
    return first


def _at(mention: Mention, here: ChartPage) -> str:
    return here.uri(mention.docname, Place(mention.page, mention.line).anchor)


def _first_cell(
    row: EntryCounts, column: PartColumn, first: dict[tuple[str, str], str], here: ChartPage
) -> matrix.MatrixCell:
    value = column.count(row)
    address = first.get((row.entry.key, column.first(row).doc), "")
    return matrix.MatrixCell(value, cell_label(row, column, value, address))
