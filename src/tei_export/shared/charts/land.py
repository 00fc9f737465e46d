"""Land and water, from the extract of Natural Earth beside this file.

The map shows no borders. Present borders would be wrong for the time of the texts, and Natural
Earth has no historical ones.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

Point = tuple[float, float]
Ring = tuple[Point, ...]


@cache
def rings() -> tuple[Ring, ...]:
    """Return the outlines of land as (longitude, latitude); inner rings are water.

    Longitudes continue beyond 180° where the land does.
    """
    data = json.loads((files("tei_export.shared.charts") / "land.json").read_text(encoding="utf-8"))
    return tuple(_unpacked(ring, data["precision"]) for ring in data["rings"])


def _unpacked(ring: list[int], precision: int) -> Ring:
    x = y = 0
    points = []
    for dx, dy in zip(ring[::2], ring[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / precision, y / precision))
    return tuple(points)


def within(west: float, south: float, east: float, north: float) -> list[Ring]:
    """Return the land inside a window in degrees; ``east`` may exceed 180°.

    Where a side of the window cuts through land, it becomes an edge of the land.
    """
    inside = []
    for ring in rings():
        for turn in (-360.0, 0.0, 360.0):
            moved = [(x + turn, y) for x, y in ring]
            kept = clipped(moved, west, south, east, north)
            if len(kept) > 2:
                inside.append(tuple(kept))
    return inside


def clipped(ring: list[Point], west: float, south: float, east: float, north: float) -> list[Point]:
    """Clip a ring at each side of a window, in degrees (Sutherland and Hodgman, 1974)."""
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        if all((p[axis] - limit) * sign >= 0 for p in ring):
            continue
        kept: list[Point] = []
        for before, here in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
            inside, was = (here[axis] - limit) * sign >= 0, (before[axis] - limit) * sign >= 0
            if inside != was:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                kept.append(
                    (
                        before[0] + share * (here[0] - before[0]),
                        before[1] + share * (here[1] - before[1]),
                    )
                )
            if inside:
                kept.append(here)
        ring = kept
    return ring
