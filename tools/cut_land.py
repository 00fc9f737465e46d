"""Cut ``src/tei_export/shared/charts/land.json`` from Natural Earth's land, 1:50,000,000.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/cut_land.py package/land-50m.json src/tei_export/shared/charts/land.json

In: TopoJSON (https://github.com/topojson/topojson-specification). Out: rings of land in
tenths of a degree, each a list of numbers: the first longitude and latitude, then
differences. Lines are simplified by the area of triangles (Visvalingam and Whyatt 1993),
without small islands and Antarctica.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any

#: Minimum square degrees of a corner to keep, and of a ring.
CORNER = 0.015
ISLAND = 0.12
SOUTH = -60.0
PRECISION = 20
"""Steps in a degree of what is written."""

Point = tuple[float, float]


def arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of a topology in degrees."""
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        found.append(points)
    return found


def rings(topology: dict[str, Any]) -> list[list[Point]]:
    """Yield every ring of land, including holes (the Caspian)."""
    known = arcs(topology)
    found = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for numbers in (ring for polygon in polygons for ring in polygon):
            points: list[Point] = []
            for number in numbers:
                arc = known[number] if number >= 0 else known[~number][::-1]
                points += arc[1:] if points else arc
            found.append(unwound(points[:-1]))
    return found


def unwound(ring: list[Point]) -> list[Point]:
    """Return the ring without jumps from 180° to -180°: it continues beyond 180°."""
    result = ring[:1]
    for x, y in ring[1:]:
        before = result[-1][0]
        result.append((x + 360 * round((before - x) / 360), y))
    return result


def triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def area(ring: list[Point]) -> float:
    return (
        abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)))
        / 2
    )


def simplified(ring: list[Point]) -> list[Point]:
    """Return the ring without its least significant corners."""
    ring = list(ring)
    while len(ring) > 3:
        sizes = [triangle(ring[i - 1], p, ring[(i + 1) % len(ring)]) for i, p in enumerate(ring)]
        # Every second of the small corners, so that neighbours do not go together.
        drop, last = set(), -2
        for i, size in enumerate(sizes):
            if size < CORNER and i - last > 1:
                drop.add(i)
                last = i
        if not drop or len(ring) - len(drop) < 3:
            return ring
        ring = [p for i, p in enumerate(ring) if i not in drop]
    return ring


def packed(ring: list[Point]) -> list[int]:
    steps = [(round(x * PRECISION), round(y * PRECISION)) for x, y in ring]
    result = [*steps[0]]
    for before, after in itertools.pairwise(steps):
        if before != after:
            result += [after[0] - before[0], after[1] - before[1]]
    return result


def main(source: Path, target: Path) -> None:
    kept = [
        simplified(ring)
        for ring in rings(json.loads(source.read_text(encoding="utf-8")))
        if area(ring) > ISLAND and max(y for _, y in ring) > SOUTH
    ]
    data = {
        "origin": "Natural Earth 4.1.0, land, 1:50m, by way of world-atlas 2.0.2; simplified by tools/cut_land.py",
        "licence": "public domain",
        "precision": PRECISION,
        "rings": [packed(ring) for ring in kept],
    }
    text = json.dumps(data, separators=(",", ":")).replace("],[", "],\n[") + "\n"
    target.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
