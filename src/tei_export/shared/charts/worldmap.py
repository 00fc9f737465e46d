"""Draw the map: places by their coordinates on land and water, symbols sized by mentions.

Distant groups of places (the Old World and the New) get separate panels, each in a projection that
suits it, without empty ocean between them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tei_export.shared.charts import land
from tei_export.shared.charts.label_places import NamedSymbol, place
from tei_export.shared.charts.projection import Albers
from tei_export.shared.charts.svg import LinkLabel, drawing, el, link, number, text
from tei_export.shared.elements import EMPTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from tei_export.shared.charts.label_places import PlacedName

#: Degrees of longitude without a place that separate two panels.
GAP = 55.0
WIDTH = 1000.0
_LOWEST, _HIGHEST = 340.0, (580.0, 420.0)
"""heights: minimum; maximum of the first panel and of the others"""
#: Margin around the outermost places, for names: beside, above and below.
_SIDE, _PAD = 118.0, 56.0
#: The smallest extent of a map, in degrees, for instance of a single town.
_LEAST = 3.0
_UNIT = 2.3
#: Degrees from the middle that a panel can show; and the latitude where it ends.
_REACH, _POLE = 120.0, 89.0
_NAME, _REGION = 15.0, 14.0


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place to draw. ``area``: its coordinates are the centre of a country or region."""

    latitude: float
    longitude: float
    text: int
    rest: int
    area: bool
    name: str
    label: LinkLabel
    id: str = ""

    @property
    def total(self) -> int:
        """All mentions."""
        return self.text + self.rest


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawn panel: its places in order, and those whose names did not fit."""

    svg: Markup
    spots: tuple[MapPlace, ...]
    unnamed: tuple[MapPlace, ...]
    projection: Albers


def radius(mentions: int) -> float:
    """Return the radius of a symbol whose area is proportional to the mentions."""
    return _UNIT * math.sqrt(mentions)


def panels(spots: Sequence[MapPlace], title: str, desc: str) -> list[Panel]:
    """Draw the panels, the one with most mentions first. Ids are ``map-1``, ``map-2`` …"""
    groups = sorted(_groups(spots), key=lambda g: -sum(s.total for s, _ in g))
    return [_panel(group, i, title, desc) for i, group in enumerate(groups)]


def _groups(spots: Sequence[MapPlace]) -> list[list[tuple[MapPlace, float]]]:
    """Group places between wide gaps of longitude.

    Each place comes with a longitude that does not jump at 180°.
    """
    order = sorted(spots, key=lambda s: (s.longitude, -s.total, s.name))
    if not order:
        return []
    gaps = [
        (
            (order[(i + 1) % len(order)].longitude - s.longitude) % 360
            or 360.0 * (len(order) == 1),
            i,
        )
        for i, s in enumerate(order)
    ]
    start = max(gaps)[1] + 1
    groups: list[list[tuple[MapPlace, float]]] = []
    for spot in order[start:] + order[:start]:
        first = order[start % len(order)].longitude
        longitude = first + (spot.longitude - first) % 360
        if not groups or longitude - groups[-1][-1][1] > GAP:
            groups.append([])
        groups[-1].append((spot, longitude))
    return groups


@dataclass(frozen=True, slots=True)
class _View:
    """Converts degrees to the drawing's units."""

    projection: Albers
    scale: float
    left: float
    top: float
    height: float

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = self.projection(longitude, latitude)
        return x * self.scale + self.left, y * self.scale + self.top


def _view(group: Sequence[tuple[MapPlace, float]], highest: float) -> _View:
    west, east = min(x for _, x in group), max(x for _, x in group)
    south, north = min(s.latitude for s, _ in group), max(s.latitude for s, _ in group)
    projection = Albers.between(west, south, east, north)
    flat = [projection(x, s.latitude) for s, x in group]
    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    least = math.radians(_LEAST)
    wide, high = max(max(xs) - min(xs), least), max(max(ys) - min(ys), least / 2)
    scale = min((WIDTH - 2 * _SIDE) / wide, (highest - 2 * _PAD) / high)
    height = max(_LOWEST, high * scale + 2 * _PAD)
    left = WIDTH / 2 - (max(xs) + min(xs)) / 2 * scale
    top = height / 2 - (max(ys) + min(ys)) / 2 * scale
    return _View(projection, scale, left, top, height)


def _panel(group: Sequence[tuple[MapPlace, float]], i: int, title: str, desc: str) -> Panel:
    view = _view(group, _HIGHEST[min(i, 1)])
    ordered = sorted(group, key=lambda p: (-p[0].total, p[0].name))
    symbols = []
    for spot, longitude in ordered:
        x, y = view(longitude, spot.latitude)
        size = _REGION if spot.area else _NAME
        symbols.append(NamedSymbol(spot.name, x, y, radius(spot.total), size))
    frame = (4.0, 4.0, WIDTH - 4.0, view.height - 4.0)
    placed = place(symbols, frame)
    middle = view.projection.middle
    body = [
        el("rect", class_="water", width=WIDTH, height=view.height),
        el("path", class_="graticule", d=_graticule(view, middle)),
        el("path", class_="land", d=_land(view), fill_rule="evenodd"),
        el("path", class_="coast", d=_coast(view)),
        *(
            _symbol(spot, symbol, where)
            for (spot, _), symbol, where in zip(ordered, symbols, placed, strict=True)
        ),
    ]
    svg = drawing(body, width=WIDTH, height=view.height, id_=f"map-{i + 1}", title=title, desc=desc)
    unnamed = tuple(s for (s, _), where in zip(ordered, placed, strict=True) if where is None)
    return Panel(svg, tuple(s for s, _ in ordered), unnamed, view.projection)


@lru_cache(maxsize=4)  # for the land and the coast of a panel
def _rings(view: _View) -> list[land.Ring]:
    """Return the land that may be in view, in degrees, from a rough window."""
    middle, south = view.projection.middle, max(-60.0, view.projection.lower - 60.0)
    return land.within(middle - _REACH, south, middle + _REACH, _POLE)


@lru_cache(maxsize=16)  # every round of the live preview needs the same
def _land(view: _View) -> str:
    """Draw the land in view as one path, clipped slightly outside the frame."""
    pieces = []
    for ring in _rings(view):
        flat = [view(x, y) for x, y in ring]
        kept = land.clipped(flat, -30.0, -30.0, WIDTH + 30.0, view.height + 30.0)
        points = list(dict.fromkeys(f"{number(x)} {number(y)}" for x, y in kept))
        if len(points) > 2:
            pieces.append("M" + "L".join(points) + "Z")
    return "".join(pieces)


@lru_cache(maxsize=16)
def _coast(view: _View) -> str:
    """Draw the coast, without the edges where the window cuts through land."""
    middle = view.projection.middle
    cuts = (middle - _REACH, middle + _REACH)
    lines: list[list[tuple[float, float]]] = []
    for ring in _rings(view):
        lines.append([view(*ring[0])])
        for before, here in zip(ring, [*ring[1:], ring[0]], strict=True):
            if any(abs(before[0] - x) < 0.1 and abs(here[0] - x) < 0.1 for x in cuts):
                lines.append([])
            lines[-1].append(view(*here))
    return _in_view(lines, view)


def _in_view(lines: Sequence[Sequence[tuple[float, float]]], view: _View) -> str:
    """Draw the parts of lines in or near the frame as one path."""
    pieces = []
    for line in lines:
        inside = [(-60 < x < WIDTH + 60 and -60 < y < view.height + 60) for x, y in line]
        down, last = False, ""
        for i, (x, y) in enumerate(line):
            point = f"{number(x)} {number(y)}"
            if not any(inside[max(0, i - 1) : i + 2]):
                down = False
            elif point != last or not down:
                pieces.append(f"{'L' if down else 'M'}{point}")
                down, last = True, point
    return "".join(pieces)


def _graticule(view: _View, middle: float) -> str:
    """Draw parallels every ten and meridians every twenty degrees, where they are in view."""
    first = math.ceil((middle - _REACH) / 20) * 20
    lines = [
        *(
            [view(middle + step, latitude) for step in range(-120, 121, 3)]
            for latitude in range(-50, 90, 10)
        ),
        *([view(x, y) for y in range(-50, 81, 5)] for x in range(first, int(middle) + 120, 20)),
    ]
    return _in_view(lines, view)


def _symbol(spot: MapPlace, symbol: NamedSymbol, where: PlacedName | None) -> Markup:
    shapes = _shape(spot, radius(spot.total), "ring")
    if spot.text:
        shapes += _shape(spot, radius(spot.text), "disc")
    name = EMPTY
    kind = "region" if spot.area else "town"
    if where is None:
        # For readers who zoom in (zoom.js); hidden before.
        name = text(spot.name, 0, 0, kind, visibility="hidden")
    else:
        if where.lead:
            # Start at the symbol's edge, not beneath it.
            length = math.hypot(*where.lead) or 1.0
            edge = symbol.radius / length
            name += el(
                "line",
                class_="lead",
                x1=where.lead[0] * edge,
                y1=where.lead[1] * edge,
                x2=where.lead[0],
                y2=where.lead[1],
            )
        anchor = {"start": "", "end": "e", "middle": "m"}[where.anchor]
        name += text(spot.name, where.dx, where.dy, f"{kind} {anchor}".strip())
    inner = el("g", link(shapes + name, spot.label), class_="fixed")
    return el(
        "g",
        inner,
        class_="spot",
        id=spot.id,
        transform=f"translate({number(symbol.x)} {number(symbol.y)})",
    )


def _shape(spot: MapPlace, size: float, class_: str) -> Markup:
    """Draw a circle, or for a region a square of the same area."""
    if not spot.area:
        return el("circle", class_=class_, r=size)
    side = size * math.sqrt(math.pi)
    return el("rect", class_=class_, x=-side / 2, y=-side / 2, width=side, height=side)
