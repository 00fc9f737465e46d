"""The pages of charts: map, timeline, matrices, network, emendations along the pages.

:mod:`tei_export.shared.charts` counts and draws. This module adds words and links, and lists the
same numbers in a table; ``theme/chart.html`` renders the page. An empty chart gets no page.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.model.places import Place
from tei_export.outputs.html.chart_division import divided
from tei_export.outputs.html.chart_list import listed_charts
from tei_export.outputs.html.chart_parts import (
    CellPart,
    Chart,
    ChartCell,
    ChartPage,
    ChartTable,
    facts_of,
    head_of,
    number_cell,
    text_cell,
    title_of,
    used_columns,
)
from tei_export.outputs.html.charts_by_page import emendations_by_page, persons_together
from tei_export.outputs.html.charts_of_witnesses import variants_along_text, witness_agreement
from tei_export.shared import labels
from tei_export.shared.charts import counts, matrix, timeline, worldmap
from tei_export.shared.charts.svg import LinkLabel
from tei_export.shared.dates import human_date
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.charts.counts import EntryCounts, PartColumn
    from tei_export.source.facts import Mention

#: The number of rows drawn in a matrix; the table has all of them.
DRAWN = 30
_SURNAME = 24
_TOWNS = {"city", "town", "village", "settlement", "port", "fortress"}


def chart_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; remove outdated charts."""
    names = [name for name, _title, _detail in listed_charts(domain_of(app.env))]
    charts = {name: divided(_CHARTS[name](ChartPage(app, name))) for name in names}
    folder = Path(app.outdir)
    kept = {part.page for parts in charts.values() for part in parts}
    for path in sorted((folder / "pictures").rglob("*.html")):
        if path.relative_to(folder).with_suffix("").as_posix() not in kept:
            path.unlink()
    for parts in charts.values():
        pages = [part.page for part in parts]
        for number, part in enumerate(parts, 1):
            chart = part.chart
            title = esc(chart.title)
            context = {"chart": chart, "summary": chart.lead, "body": "", "number": number}
            if number > 1:
                above = {"title": f"{title} ({number})", "trail": [(chart.name, chart.title)]}
            else:
                above = {"title": title}
            yield (
                part.page,
                {**context, **above, "pages": pages if len(pages) > 1 else []},
                "chart.html",
            )


# --- Map


def _map(here: ChartPage) -> Chart:
    places = counts.place_counts(here.domain)
    spots = [_spot(p, _short(p.entry, places), here) for p in places if counts.located(p.entry)]
    title = title_of(here)
    desc = _(
        "Land and water, with a symbol for every place mentioned; the table below has the same numbers."
    )
    panels = worldmap.panels(spots, title, desc)
    unnamed = [s.label.text for p in panels for s in p.unnamed]
    missing = [p for p in places if not counts.located(p.entry)]
    without = [_("{} more without coordinates").format(len(missing))] if missing else []
    notes = [
        _(
            "Land and water are those of Natural Earth (1:50 million, public domain), simplified. No borders are drawn: those of the present would be wrong for the time of the texts, and those of that time are not to be had from the same source."
        ),
        _(
            "Each panel is in Albers’ equal-area conic projection with parallels of its own: areas are true within a panel, scales differ between panels."
        ),
    ]
    if unnamed:
        notes.append(
            _("Without a name on the map, for want of room: {}.").format("; ".join(unnamed))
        )
    head = [
        _("Place"),
        _("In the text"),
        _("In notes and bibliography"),
        _("Mentions"),
        _("Latitude"),
        _("Longitude"),
    ]
    tables = [
        ChartTable(
            _("Places on the map"),
            head,
            [_place(p, here) for p in places if counts.located(p.entry)],
        )
    ]
    if missing:
        rows = [_place(p, here)[:4] for p in missing]
        tables.append(ChartTable(_("Places without coordinates in the register"), head[:4], rows))
    return Chart(
        here.page, title, [*facts_of(here, sum(p.total for p in places if counts.located(p.entry))), *without],
        _("Where the places are that the texts speak of. The larger the symbol, the more often: its area is as the number of mentions."),
        [p.svg for p in panels],
        [
            ("disc", _("in the running text")),
            ("ring", _("in notes and bibliography")),
            ("square", _("a country or region, at its middle")),
        ],
        notes, tables, zoom=True,
    )  # fmt: skip


def _short(entry: RegisterEntry, places: Iterable[counts.PlaceCount]) -> str:
    """Return the name up to a comma or bracket, if that is unique among the places."""

    def first(name: str) -> str:
        return name.split(",")[0].split(" (")[0]

    same = [
        p for p in places if counts.located(p.entry) and first(p.entry.name) == first(entry.name)
    ]
    return first(entry.name) if len(same) == 1 else entry.name


def _spot(place: counts.PlaceCount, name: str, here: ChartPage) -> worldmap.MapPlace:
    latitude, longitude = place.entry.data["coordinates"]
    said = labels.count(place.total, _("mention"), _("mentions"))
    label = LinkLabel(place.entry.name, here.entry(place.entry), f"{place.entry.name}: {said}")
    area = place.entry.text("type").lower() not in _TOWNS
    return worldmap.MapPlace(
        float(latitude),
        float(longitude),
        place.text,
        place.rest,
        area,
        name,
        label,
        f"on-{place.entry.xml_id}",
    )


def _place(place: counts.PlaceCount, here: ChartPage) -> list[ChartCell]:
    where = place.entry.data["coordinates"] if counts.located(place.entry) else ()
    return [
        text_cell(place.entry.name, here.entry(place.entry)),
        number_cell(place.text), number_cell(place.rest), number_cell(place.total),
        *(ChartCell((CellPart(labels.number(v, 2).replace("-", "−")),), number=True) for v in where),
    ]  # fmt: skip


# --- Timeline


def _timeline(here: ChartPage) -> Chart:
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
        "One line an event: its time on an axis of years, and how often each chapter mentions it."
    )
    svg = timeline.timeline(events, here.heads(columns), years, title=title, desc=desc)
    others = [row for row in rows if all(row is not other for _span, other in shown)]
    notes = [
        _(
            "The years shown are {}–{}; {} mentioned lie outside them or have no date, and stand in the table only."
        ).format(*years, labels.count(len(others), _("event"), _("events")))
        if others
        else _("The years shown are {}–{}.").format(*years),
        _(
            "Dates are those of the register. A number leads to the first of the mentions in that chapter."
        ),
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
                    number_cell(row.by_doc.get(c.doc, 0), first.get((row.entry.key, c.doc), ""))
                    for c in here.columns
                ),
                number_cell(row.total),
            ]
            for row in ordered
        ],
    )
    return Chart(
        here.page, title, facts_of(here, sum(r.total for r in rows)),
        _("When it happened, and which chapters speak of it. The events are in the order of time; on the right stands how often each chapter mentions them."),
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
    for column in here.columns:
        for m in column.facts.mentions:
            if m.register == "events":
                first.setdefault((m.key, column.doc), _at(m, here))
    return first


def _at(mention: Mention, here: ChartPage) -> str:
    return here.uri(mention.docname, Place(mention.page, mention.line).anchor)


def _first_cell(
    row: EntryCounts, column: PartColumn, first: dict[tuple[str, str], str], here: ChartPage
) -> matrix.MatrixCell:
    value = row.by_doc.get(column.doc, 0)
    return matrix.MatrixCell(
        value, _cell_label(row, column, value, first.get((row.entry.key, column.doc), ""))
    )


def _cell_label(
    row: EntryCounts, column: PartColumn, value: int, href: str, what: str = ""
) -> LinkLabel:
    said = what or labels.count(value, _("mention"), _("mentions"))
    return LinkLabel(str(value), href, f"{row.entry.name}, {column.part.title}: {said}")


# --- Matrices


def _persons(here: ChartPage) -> Chart:
    rows = counts.entry_counts(here.domain, "persons")
    columns = used_columns(here.columns, rows)
    lines = [
        matrix.MatrixRow(
            head_of(row.entry, here),
            [
                matrix.MatrixCell(n, _cell_label(row, c, n, here.mentions(row, c)))
                for c in columns
                if (n := row.by_doc.get(c.doc, 0)) >= 0
            ],
            row.total,
        )
        for row in rows[:DRAWN]
    ]
    title = title_of(here)
    svg = matrix.matrix(
        lines,
        here.heads(columns),
        id_="matrix",
        title=title,
        total=_("all"),
        desc=_(
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
                *(number_cell(row.by_doc.get(c.doc, 0), here.mentions(row, c)) for c in columns),
                number_cell(row.total),
            ]
            for row in rows
        ],
    )
    return Chart(
        here.page,
        title,
        facts_of(here, sum(r.total for r in rows)),
        _(
            "How often each chapter mentions whom, in its text and notes. A number leads to these mentions, each in its sentence."
        ),
        [svg],
        [],
        _first_rows(rows),
        [table],
    )


def _first_rows(rows: Sequence[EntryCounts]) -> list[str]:
    if len(rows) <= DRAWN:
        return []
    return [_("The first {} are drawn; the table has all {}.").format(DRAWN, len(rows))]


def _sources(here: ChartPage) -> Chart:
    rows = counts.cited_works(here.domain)
    columns = used_columns(here.columns, rows)
    all_rows = {row.entry.key: row for row in counts.entry_counts(here.domain, "works")}
    pages = counts.pages_cited(here.domain)

    def link(row: EntryCounts, column: PartColumn) -> str:
        known = all_rows.get(row.entry.key)
        if known and known.by_doc.get(column.doc):
            return here.mentions(known, column)
        return here.entry(row.entry)

    def number(row: EntryCounts, column: PartColumn) -> matrix.MatrixCell:
        value = row.by_doc.get(column.doc, 0)
        said = labels.count(value, _("note"), _("notes"))
        return matrix.MatrixCell(value, _cell_label(row, column, value, link(row, column), said))

    lines = [
        matrix.MatrixRow(_work(row.entry, here), [number(row, c) for c in columns], row.total)
        for row in rows[:DRAWN]
    ]
    title = title_of(here)
    svg = matrix.matrix(
        lines,
        here.heads(columns),
        id_="matrix",
        title=title,
        total=_("all"),
        desc=_(
            "A square and a number for every work and chapter: how many notes of the chapter cite the work."
        ),
    )
    head = [_("Work"), *(c.short for c in columns), _("Notes"), _("Pages cited"), _("Mentions")]
    table = ChartTable(
        _("Works cited, by chapter"),
        head,
        [
            [
                text_cell(_work(row.entry, here).name, here.entry(row.entry)),
                *(number_cell(row.by_doc.get(c.doc, 0), link(row, c)) for c in columns),
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
        title,
        [
            facts_of(here, 0)[0],
            labels.count(citing, _("citation in a note"), _("citations in notes")),
        ],
        _(
            "What each chapter rests on: the number of the author’s notes that cite a work, by naming it or by a page of it."
        ),
        [svg],
        [],
        _first_rows(rows),
        [table],
    )


def _work(entry: RegisterEntry, here: ChartPage) -> LinkLabel:
    """Label a work with its author's surname and title."""
    author = entry.text("author").split(",")[0]
    author = author if len(author) <= _SURNAME else ""  # an institution
    year = entry.text("year")
    name = f"{author}, {entry.name}" if author else entry.name
    return LinkLabel(name, here.entry(entry), f"{name} ({year})" if year else name)


_CHARTS: dict[str, Callable[[ChartPage], Chart]] = {
    "pictures/map": _map,
    "pictures/timeline": _timeline,
    "pictures/persons": _persons,
    "pictures/together": persons_together,
    "pictures/sources": _sources,
    "pictures/emendations": emendations_by_page,
    "pictures/witnesses": witness_agreement,
    "pictures/variants": variants_along_text,
}
