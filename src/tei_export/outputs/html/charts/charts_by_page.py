"""Charts by page: persons mentioned together on a page, and the emendations of each page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.model.places import Place
from tei_export.outputs.html.charts.chart_parts import (
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
)
from tei_export.shared import labels
from tei_export.shared.charts import arcs, bars, counts
from tei_export.shared.charts.svg import LinkLabel, cut
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.charts.counts import SharedPlace

#: The number of persons joined by arcs; more would be unreadable.
_JOINED = 40
#: The number of pages of the original in one drawing.
_WIDE = 400


# --- Network


def persons_together(here: ChartPage) -> Chart:
    """Return the chart of persons mentioned together."""
    pairs = counts.person_pairs(here.domain)
    weights: dict[str, set[SharedPlace]] = {}
    entries: dict[str, RegisterEntry] = {}
    for pair in pairs:
        for entry in (pair.one, pair.other):
            entries[entry.key] = entry
            weights.setdefault(entry.key, set()).update(pair.places)
    order = [
        r.entry.key for r in counts.entry_counts(here.domain, "persons") if r.entry.key in entries
    ]
    nodes = [
        arcs.ArcNode(key, len(weights[key]), head_of(entries[key], here)) for key in order[:_JOINED]
    ]
    shown = {node.key for node in nodes}
    drawn = [
        arcs.Arc(
            p.one.key,
            p.other.key,
            len(p.places),
            LinkLabel(
                str(len(p.places)),
                f"#{_pair_id(p)}",
                f"{p.one.name} – {p.other.name}: {_places(len(p.places))}",
            ),
        )
        for p in pairs
        if {p.one.key, p.other.key} <= shown
    ]
    title = title_of(here)
    svg = arcs.arcs(
        nodes,
        drawn,
        title=title,
        desc=_(
            "Names in a column; an arc joins two persons mentioned on the same page: the more pages, the "
            "thicker the arc."
        ),
    )
    table = ChartTable(
        _("Persons mentioned together"),
        [_("Person"), _("and"), _("Pages"), _("Page numbers")],
        [
            [
                ChartCell((CellPart(p.one.name, here.entry(p.one)),), id=_pair_id(p)),
                text_cell(p.other.name, here.entry(p.other)),
                number_cell(len(p.places)),
                ChartCell(tuple(_where(w, here) for w in p.places)),
            ]
            for p in pairs
        ],
    )
    return Chart(
        here.page, title, [labels.count(len(order), _("person"), _("persons")), facts_of(here, 0)[0]],
        _("An arc joins two persons whom the running text mentions on the same page. Its number counts "
"these pages; a thin arc without a number means a single page."),
        [svg], [],
        [
            _("Notes and the bibliography do not count: names are together there only because works are "
"listed. In a text without pages, paragraphs count instead."),
            _("The names are in the order that makes the arcs shortest; it has no other meaning. An arc links "
"to its row in the table, a name to the register."),
            *([_("The chart shows the first {}; the table has all {}.").format(_JOINED, len(order))] if len(order) > _JOINED else []),
        ],
        [table],
    )  # fmt: skip


def _pair_id(pair: counts.PersonPair) -> str:
    return f"pair-{pair.one.key}--{pair.other.key}"


def _places(number: int) -> str:
    return labels.count(number, _("page"), _("pages"))


def _where(where: SharedPlace, here: ChartPage) -> CellPart:
    text = where.page or _("par. {}").format(where.line)
    return CellPart(text, here.uri(where.doc, Place(where.page, where.line).anchor))


# --- Emendations


def emendations_by_page(here: ChartPage) -> Chart:
    """Return the chart of emendations along the pages."""
    counted = counts.emended_pages(here.domain)
    sums: Counter[str] = Counter()
    for _column, pages in counted:
        for p in pages:
            sums.update(p.by_type)
    kinds = terms.in_order(sums)
    names = {k: terms.plural(k) for k in kinds}

    def page(item: counts.PageCount) -> bars.PageBar:
        values = tuple(item.by_type.get(k, 0) for k in kinds)
        said = labels.count(sum(values), _("emendation"), _("emendations"))
        lost = item.page in gone[item.doc]
        name = f"{_('p.')} {item.page}: {_('lost') + ', ' if lost else ''}{said}"
        return bars.PageBar(
            LinkLabel(item.page, here.uri(item.doc, Place(item.page).anchor), name), values, lost
        )

    gone = {c.doc: set(labels.lost(c.text, c.facts.pages)) for c, _pages in counted}
    bands = [
        bars.Band(
            LinkLabel(_fitting(c.short, len(pages) * 5.0), here.uri(c.doc), c.part.title),
            [page(p) for p in pages],
        )
        for c, pages in counted
    ]
    title = title_of(here)
    drawings: list[str] = [
        bars.bars(
            some,
            [LinkLabel(names[k], "", labels.number(sums[k])) for k in kinds],
            _("all kinds"),
            title=title,
            desc=_(
                "One row of bars for all emendations and one for each kind, page by page; chapters alternate in "
                "shade."
            ),
            id_=f"bars-{number}" if number > 1 else "bars",
        )
        for number, some in enumerate(_drawn(bands), 1)
    ]
    rows = [
        [
            ChartCell(
                (
                    CellPart(p.page, here.uri(p.doc, Place(p.page).anchor)),
                    *([CellPart(_("lost"))] if p.page in gone[p.doc] else []),
                )
            ),
            text_cell(column.short, here.uri(column.doc)),
            *(number_cell(p.by_type.get(k, 0)) for k in kinds),
            number_cell(sum(p.by_type.values())),
        ]
        for column, pages in counted
        for p in pages
    ]
    head = [_("Page"), _("Part"), *(names[k] for k in kinds), _("All")]
    total = labels.count(sum(sums.values()), _("emendation"), _("emendations"))
    return Chart(
        here.page,
        title,
        [facts_of(here, 0)[0], total],
        _(
            "Where the edition differs from its source, page by page. Each column is a page of the original "
            "and links to it."
        ),
        drawings,
        [("lost", _("a page that is lost"))] if any(gone.values()) else [],
        [
            _(
                "Each row has its own scale, which ends at the small number beside it; the larger number is the "
                "total of the row. Each emendation is one entry of the apparatus. Texts without pages are not "
                "shown."
            )
        ],
        [ChartTable(_("Emendations by page and kind"), head, rows)],
    )


def _drawn(bands: list[bars.Band]) -> list[list[bars.Band]]:
    """Divide the parts of a long text into drawings of about :data:`_WIDE` pages."""
    found: list[list[bars.Band]] = [[]]
    for band in bands:
        if found[-1] and sum(len(b.pages) for b in found[-1]) + len(band.pages) > _WIDE:
            found.append([])
        found[-1].append(band)
    return found


def _fitting(name: str, width: float) -> str:
    """Return ``name`` cut to ``width``; empty if hardly anything would remain."""
    short = cut(name, width - 4)
    return short if short == name or len(short) > 5 else ""
