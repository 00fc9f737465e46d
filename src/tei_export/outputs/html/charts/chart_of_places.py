"""The map of the places."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from tei_export.shared import labels
from tei_export.shared.charts import counts, worldmap
from tei_export.shared.charts.svg import LinkLabel
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tei_export.model.registers import RegisterEntry

_TOWNS = {"city", "town", "village", "settlement", "port", "fortress"}


def map_of_places(here: ChartPage) -> Chart:
    """Return the map of the places that the texts mention."""
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
            "Land and water come from Natural Earth (1:50 million, public domain), simplified. The map has "
            "no borders: today’s would be wrong for the time of the texts, and the same source has none of "
            "that time."
        ),
        _(
            "Each panel uses Albers’ equal-area conic projection with its own standard parallels: areas are "
            "true within a panel; scales differ between panels."
        ),
    ]
    if unnamed:
        notes.append(
            _("Not labelled on the map, for lack of space: {}.").format("; ".join(unnamed))
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
        _("The places that the texts mention. The area of a symbol is proportional to the number of "
"mentions."),
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
