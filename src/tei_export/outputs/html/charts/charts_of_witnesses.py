"""Charts of several witnesses: their agreement, and where along the text each differs from the edited text.

No stemma is drawn: it is a judgement, for which other programs can use the data.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.model.places import Place
from tei_export.model.variants import VARIANT_CLASSES
from tei_export.outputs.html.charts.chart_parts import (
    CellPart,
    Chart,
    ChartCell,
    ChartPage,
    ChartTable,
    facts_of,
    number_cell,
    text_cell,
    title_of,
)
from tei_export.shared import agreement, labels
from tei_export.shared.charts import bars, matrix
from tei_export.shared.charts.svg import LinkLabel, cut, width_of
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from tei_export.model.edition import Text
    from tei_export.model.witnesses import Witness

#: The maximum width of a witness's name beside the bars.
_NAME = 270.0


def _variants(number: int) -> str:
    return terms.counted("variant", number)


def _extent(here: ChartPage) -> list[str]:
    number = sum(
        len(agreement.entries(here.domain, t)) for t in agreement.texts_with_variants(here.domain)
    )
    return [facts_of(here, 0)[0], _variants(number)]


def _captioned(caption: str, text: Text, here: ChartPage) -> str:
    """Return the caption of a table, with the title of the text if there are several."""
    many = len(list(agreement.texts_with_variants(here.domain))) > 1
    return f"{caption}: {labels.text_name(text)}" if many else caption


def _read(witness: Witness, text: Text, here: ChartPage) -> str:
    """Return the address of the beginning of a text in the reading of a witness."""
    return f"{here.uri(text.parts[0].doc)}?witness={witness.id}"


# --- Agreement


def witness_agreement(here: ChartPage) -> Chart:
    """Return the chart of the agreement of the witnesses."""
    title = title_of(here)
    drawings, tables = [], []
    for text in agreement.texts_with_variants(here.domain):
        found = agreement.entries(here.domain, text)
        read = agreement.reading_indices(text, found)
        drawings.append(_matrix(text, read, title, here))
        tables += [_pairs(text, read, here), _classes(text, here)]
    return Chart(
        here.page,
        title,
        _extent(here),
        _(
            "How often each pair of witnesses agrees, as a percentage of the variants at which neither is "
            "lost. A number opens the two side by side."
        ),
        drawings,
        [],
        [
            _(
                "The squares grow from the lowest agreement in the chart to the highest. The last column gives "
                "the number of places at which a witness differs from the edited text."
            ),
            _(
                "Every variant counts equally, including spelling and punctuation; places where all witnesses "
                "agree do not count. The numbers thus show which witnesses go together, not how similar two "
                "texts are. There is no tree: programs that draw one can use the tables and NEXUS files among "
                "the data."
            ),
        ],
        tables,
    )


def _matrix(text: Text, read: agreement.States, title: str, here: ChartPage) -> str:
    held = agreement.compared_witnesses(text)
    shares = {
        (a.siglum, b.siglum): agreement.alike(read[a.siglum], read[b.siglum])
        for a in held
        for b in held
        if a is not b
    }
    of = {pair: same / both for pair, (same, both) in shares.items() if both}
    least, most = min(of.values(), default=0.0), max(of.values(), default=1.0)

    def cell(a: Witness, b: Witness) -> matrix.MatrixCell:
        pair = (a.siglum, b.siglum)
        if pair not in of:
            return matrix.MatrixCell(0, LinkLabel("", ""))
        same, both = shares[pair]
        said = _("{} and {} agree at {} of {} places").format(*pair, same, both)
        href = f"{here.uri(text.parts[0].doc)}?panes=w-{a.id}.w-{b.id}"
        size = (of[pair] - least) / (most - least) if most > least else 1.0
        return matrix.MatrixCell(round(100 * of[pair]), LinkLabel("", href, said), size)

    lines = [
        matrix.MatrixRow(
            LinkLabel(w.label, _read(w, text, here), w.label),
            [cell(w, other) for other in held],
            sum(1 for n in read[w.siglum] if n),
        )
        for w in held
    ]
    heads = [LinkLabel(w.siglum, _read(w, text, here), w.label) for w in held]
    return matrix.matrix(
        lines,
        heads,
        id_=f"agreement-{text.id}",
        title=f"{title}: {labels.text_name(text)}",
        total=_("variants"),
        desc=_(
            "A square and a number for each pair of witnesses: the percentage of variants at which they "
            "agree."
        ),
    )


def _pairs(text: Text, read: agreement.States, here: ChartPage) -> ChartTable:
    held = agreement.compared_witnesses(text)
    rows = []
    for n, a in enumerate(held):
        for b in held[n + 1 :]:
            same, both = agreement.alike(read[a.siglum], read[b.siglum])
            share = labels.number(100 * same / both, 1) if both else "–"
            rows.append(
                [
                    text_cell(a.label, _read(a, text, here)),
                    text_cell(b.label, _read(b, text, here)),
                    _shown(same),
                    _shown(both),
                    ChartCell((CellPart(share),), number=True),
                ]
            )
    head = [_("Witness"), _("and"), _("agree at"), _("of places"), _("per cent")]
    return ChartTable(_captioned(_("How often each pair agrees"), text, here), head, rows)


def _shown(value: int) -> ChartCell:
    """Return a number, zero included."""
    return ChartCell((CellPart(labels.number(value)),), number=True)


def _classes(text: Text, here: ChartPage) -> ChartTable:
    """Return the table of each witness's variants by class."""
    counted: dict[str, Counter[str]] = {
        w.siglum: Counter() for w in agreement.compared_witnesses(text)
    }
    for entry in agreement.entries(here.domain, text):
        for reading in entry.readings:
            for siglum in reading.sigla:
                if siglum in counted:
                    counted[siglum][reading.type] += 1
    kinds = [k for k in VARIANT_CLASSES if any(c[k] for c in counted.values())]
    rows = [
        [
            text_cell(w.label, _read(w, text, here)),
            *(number_cell(counted[w.siglum][k]) for k in kinds),
            number_cell(sum(counted[w.siglum].values())),
        ]
        for w in agreement.compared_witnesses(text)
    ]
    head = [_("Witness"), *(terms.variant_class(k) or _("other words") for k in kinds), _("All")]
    return ChartTable(_captioned(_("Kinds of variants"), text, here), head, rows)


# --- Along the text


def variants_along_text(here: ChartPage) -> Chart:
    """Return the chart of the variants along the text, by witness."""
    title = title_of(here)
    drawings, tables = [], []
    for text in agreement.texts_with_variants(here.domain):
        found = agreement.variants_along(here.domain, text)
        drawings.append(_bars(text, found, title, here))
        tables.append(_stretches(text, found, here))
    return Chart(
        here.page,
        title,
        _extent(here),
        _(
            "Where each witness differs from the edited text. A column is a page of the original, or some "
            "lines of a text without pages, and links to it."
        ),
        drawings,
        [],
        [
            _(
                "Each row has its own scale, which ends at the small number beside it; the larger number is the "
                "total of the row. A passage counts where it begins."
            )
        ],
        tables,
    )


def _named(one: agreement.WitnessStretch) -> str:
    if one.page:
        return one.page
    return f"{one.first}–{one.last}" if one.last > one.first else str(one.first)


def _address(one: agreement.WitnessStretch, here: ChartPage) -> str:
    place = Place(one.page) if one.page else Place("", one.first)
    return here.uri(one.part.doc, place.anchor)


def _bars(text: Text, found: list[agreement.WitnessStretch], title: str, here: ChartPage) -> str:
    held = agreement.compared_witnesses(text)
    step = max(one.last - one.first + 1 for one in found)

    def column(one: agreement.WitnessStretch) -> bars.PageBar:
        what = _("p.") if one.page else _("line") if one.first == one.last else _("lines")
        name = f"{what} {_named(one)}: {_variants(one.entries)}"
        label = LinkLabel(one.page or str(one.first), _address(one, here), name)
        counted = tuple(one.by_witness[w.siglum] for w in held)
        tenth = None if one.page else one.first % (10 * step) == 1
        return bars.PageBar(label, counted, all=one.entries, numbered=tenth)

    bands = []
    for part in text.parts:
        own = [column(one) for one in found if one.part is part]
        name = cut(part.title, len(own) * 5.0 - 4)
        shown = name if name == part.title or len(name) > 5 else ""
        if own:
            bands.append(bars.Band(LinkLabel(shown, here.uri(part.doc), part.title), own))
    sums = {w.siglum: sum(one.by_witness[w.siglum] for one in found) for w in held}
    rows = [LinkLabel(cut(w.label, _NAME), "", labels.number(sums[w.siglum])) for w in held]
    return bars.bars(
        bands,
        rows,
        _("all variants"),
        title=f"{title}: {labels.text_name(text)}",
        id_=f"variants-{text.id}",
        left=max(width_of(_("all variants")), *(width_of(r.text) for r in rows)) + 110.0,
        desc=_(
            "One row of bars for all variants and one for each witness, along the text; chapters alternate "
            "in shade."
        ),
    )


def _stretches(text: Text, found: list[agreement.WitnessStretch], here: ChartPage) -> ChartTable:
    held = agreement.compared_witnesses(text)
    rows = [
        [
            text_cell(_named(one), _address(one, here)),
            text_cell(one.part.title, here.uri(one.part.doc)),
            *(number_cell(one.by_witness[w.siglum]) for w in held),
            number_cell(one.entries),
        ]
        for one in found
    ]
    paged = any(one.page for one in found)
    head = [_("Page") if paged else _("Lines"), _("Part"), *(w.siglum for w in held), _("All")]
    return ChartTable(_captioned(_("Variants of each witness"), text, here), head, rows)
