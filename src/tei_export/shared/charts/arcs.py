"""Draw who is mentioned with whom: names in a column, an arc for every pair.

An arc's width grows with the number of places. The names are ordered so that the sum of the arcs'
lengths, weighted by those numbers, is small. The search is deterministic: starting with the most
mentioned name, it moves names as long as the sum falls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.shared.charts.svg import LinkLabel, drawing, el, link, number, text, width_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

STEP = 32.0
_ROUNDS = 20
#: An arc's reach: half its height times this, plus a constant.
_BULGE, _LEAST = 1.4, 30.0


@dataclass(frozen=True, slots=True)
class ArcNode:
    """A person; ``weight`` is the number of mentions counted here."""

    key: str
    weight: int
    label: LinkLabel


@dataclass(frozen=True, slots=True)
class Arc:
    """Two persons and the number of places that mention both."""

    one: str
    other: str
    count: int
    label: LinkLabel


def order(nodes: Sequence[ArcNode], arcs: Sequence[Arc]) -> list[ArcNode]:
    """Return the nodes in drawing order."""
    ties: dict[str, dict[str, int]] = {n.key: {} for n in nodes}
    for arc in arcs:
        ties[arc.one][arc.other] = ties[arc.other][arc.one] = arc.count
    keys = [n.key for n in nodes]
    cost = _length(keys, ties)
    for _ in range(_ROUNDS):
        before = cost
        for key in [n.key for n in nodes]:
            rest = [k for k in keys if k != key]
            options = [[*rest[:i], key, *rest[i:]] for i in range(len(keys))]
            lengths = [_length(option, ties) for option in options]
            if min(lengths) < cost:
                cost = min(lengths)
                keys = options[lengths.index(cost)]
        if cost == before:
            break
    known = {n.key: n for n in nodes}
    return [known[key] for key in keys]


def _length(keys: Sequence[str], ties: Mapping[str, Mapping[str, int]]) -> int:
    at = {key: i for i, key in enumerate(keys)}
    return sum(n * abs(at[a] - at[b]) for a, row in ties.items() for b, n in row.items() if a < b)


def arcs(nodes: Sequence[ArcNode], pairs: Sequence[Arc], *, title: str, desc: str) -> Markup:
    """Draw the chart as SVG; strong ties come last, on top of the others."""
    drawn = order(nodes, pairs)
    names = max((width_of(n.label.text) for n in drawn), default=0.0) + 30.0
    axis = names + 14.0
    at = {node.key: (i + 0.5) * STEP for i, node in enumerate(drawn)}
    most = max((p.count for p in pairs), default=1)
    longest = max((abs(at[p.one] - at[p.other]) for p in pairs), default=STEP)
    reach = longest / 2 * _BULGE + _LEAST + 20.0
    ordered = sorted(pairs, key=lambda p: (p.count, p.one, p.other))
    body = [_arc(pair, axis, at, most) for pair in ordered]
    for node in drawn:
        y = at[node.key]
        size = 3.0 + 9.0 * math.sqrt(node.weight / max(n.weight for n in drawn))
        mark = el("circle", class_="node", cx=axis, cy=y, r=size)
        name = text(node.label.text, axis - 18, y + 4.8, "name e")
        room = el("rect", class_="room", x=0.0, y=y - STEP / 2, width=axis + 12, height=STEP)
        body.append(link(room + name + mark, node.label))
    width = axis + reach
    return drawing(
        body, width=width, height=len(drawn) * STEP + 4, id_="arcs", title=title, desc=desc
    )


def _arc(pair: Arc, axis: float, at: Mapping[str, float], most: int) -> Markup:
    y1, y2 = sorted((at[pair.one], at[pair.other]))
    high = (y2 - y1) / 2
    wide = high * _BULGE + _LEAST
    path = f"M{number(axis)} {number(y1)}A{number(wide)} {number(high)} 0 0 1 {number(axis)} {number(y2)}"
    thick = 1.0 + 9.0 * math.sqrt(pair.count / most) if pair.count > 1 else 1.0
    line = el("path", class_="arc one" if pair.count == 1 else "arc", d=path, stroke_width=thick)
    if pair.count > 1:
        x = axis + wide
        figure = str(pair.count)
        room = width_of(figure, 12) + 6
        line += el(
            "rect", class_="plate", x=x - room / 2, y=(y1 + y2) / 2 - 7, width=room, height=14.0
        )
        line += text(figure, x, (y1 + y2) / 2 + 4.2, "n m small")
    return link(line, pair.label, "tie")
