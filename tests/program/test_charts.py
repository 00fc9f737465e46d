"""The pictures of the text: their numbers are those of the facts, and anyone can use them."""

from __future__ import annotations

import re
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from drawings import NAMES, SVG
from mini import Mini
from tei_export.shared.charts import counts, label_places, land, svg, timeline, worldmap
from tei_export.shared.charts.projection import Albers
from tei_export.shared.charts.svg import LinkLabel


@settings(max_examples=40)
@given(st.text(), st.text())
def test_any_words_come_out_of_a_drawing_as_they_went_in(one: str, other: str) -> None:
    drawn = svg.drawing(
        [svg.link(svg.text(one, 0, 0), LinkLabel(one, "#" + other, other))],
        width=1.0,
        height=1.0,
        id_="x",
        title=one,
        desc=other,
    )
    root = etree.fromstring(drawn)

    def known(text: str) -> str:
        return "".join(c if c >= " " else " " for c in text)

    assert (root[0].text or "") == known(one)
    assert (root.find(f".//{SVG}text").text or "") == known(one)
    assert root.find(f"{SVG}a").get("href") == known("#" + other)


def test_albers_agrees_with_snyders_example() -> None:
    """USGS Professional Paper 1395, p. 291: 35° N, 75° W from 23° N, 96° W."""
    projection = Albers(-96.0, 29.5, 45.5)
    origin, point = projection(-96.0, 23.0), projection(-75.0, 35.0)
    assert point[0] - origin[0] == pytest.approx(0.2952720, abs=1e-7)
    assert origin[1] - point[1] == pytest.approx(0.2416774, abs=1e-7)


@pytest.mark.parametrize(
    ("longitude", "latitude", "dry"),
    [
        (37.6, 55.7, True),
        (-1.5, 52.5, True),
        (100.0, 35.0, True),
        (-100.0, 40.0, True),
        (51.0, 41.5, False),
        (-30.0, 45.0, False),
        (35.0, 43.5, False),
        (150.0, 30.0, False),
    ],
)
def test_land_is_land_and_seas_are_seas(longitude: float, latitude: float, dry: bool) -> None:
    """Even and odd crossings: Moscow, England … the Caspian, the Black Sea, the oceans."""
    crossings = 0
    for ring in land.rings():
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if (y1 > latitude) != (y2 > latitude):
                at = x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
                crossings += sum(longitude + turn < at for turn in (-360, 0, 360))
    assert crossings % 2 == dry


def test_outlines_do_not_jump() -> None:
    for ring in land.rings():
        assert all(abs(a[0] - b[0]) < 90 for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))


def test_places_across_the_date_line_share_a_panel() -> None:
    def spot(longitude: float, name: str) -> worldmap.MapPlace:
        return worldmap.MapPlace(50.0, longitude, 1, 0, False, name, LinkLabel(name, ""))

    near = worldmap.panels([spot(170, "a"), spot(-170, "b")], "t", "d")
    assert [[s.name for s in p.spots] for p in near] == [["a", "b"]]
    far = worldmap.panels([spot(0, "a"), spot(100, "b"), spot(-120, "c")], "t", "d")
    assert len(far) == 3


def test_names_find_places_beside_each_other() -> None:
    crowd = [
        label_places.NamedSymbol(f"Name {i}", 500.0 + i, 300.0 + 8 * i, 3.0, 15.0)
        for i in range(12)
    ]
    placed = label_places.place(crowd, (0.0, 0.0, 1000.0, 600.0))
    boxes = [p.box for p in placed if p]
    assert len(boxes) >= len(crowd) - 1
    assert not [1 for a, b in combinations(boxes, 2) if label_places.overlap(a, b)]


@pytest.mark.parametrize(
    ("given", "start", "end", "known"),
    [
        ("1926", 1926.0, 1927.0, False),
        ("1927-01", 1927.0, 1927 + 31 / 365, False),
        ("1917/1922", 1917.0, 1923.0, True),
        ("1929/", 1929.0, None, True),
        ("1924-01-21", 1924 + 20 / 366, 1924 + 20 / 366 + 1 / 366, True),
    ],
)
def test_dates_are_spans(given: str, start: float, end: float | None, known: bool) -> None:
    found = timeline.span(given)
    assert found is not None
    assert [found.start, found.end, found.known] == [
        pytest.approx(start),
        end and pytest.approx(end),
        known,
    ]


@pytest.mark.parametrize("given", ["", "spring", "1926-13", "1926-02-30", "1922/1917"])
def test_what_is_no_date_is_no_span(given: str) -> None:
    assert timeline.span(given) is None


# --- Editions with less ----------------------------------------------------------------


@pytest.mark.parametrize("number", [1, counts.MOST_COLUMNS, counts.MOST_COLUMNS + 1, 1000])
def test_the_parts_of_a_long_text_share_columns(number: int) -> None:
    """No part is lost or counted twice, and a number leads to the first part that counts."""
    docs = [f"t/c{n}" for n in range(number)]
    parts = [SimpleNamespace(doc=doc, title=f"Chapter {n}") for n, doc in enumerate(docs)]
    text = SimpleNamespace(id="t", parts=parts)
    domain: Any = SimpleNamespace(
        edition=SimpleNamespace(texts={"t": text}), facts=dict.fromkeys(docs)
    )
    columns = counts.part_columns(domain)
    assert [part.doc for column in columns for part in column.parts] == docs
    assert len(columns) == number if number <= counts.MOST_COLUMNS else len(columns) <= 40
    entry: Any = None
    row = counts.EntryCounts(entry, {docs[-1]: 3})
    assert [column.count(row) for column in columns] == [0] * (len(columns) - 1) + [3]
    assert columns[-1].first(row).doc == docs[-1]
    several = len(columns[0].parts) > 1
    last = len(columns[0].parts) - 1
    assert columns[0].title == (f"Chapter 0 – Chapter {last}" if several else "Chapter 0")


def test_a_picture_without_anything_to_show_has_no_page(mini: Mini) -> None:
    assert mini.build("html").code == 0
    folder = mini.out / "html/pictures"
    assert {p.stem for p in folder.iterdir()} == set(NAMES)
    mini.replace("registers/events.yaml", '  date: "1918/1921"\n', "")
    mini.replace("registers/places.yaml", "  coordinates: [55.75, 37.62]\n", "")
    result = mini.build("html")
    assert result.code == 0, result.output
    assert {p.stem for p in folder.iterdir()} == set(NAMES) - {"map", "timeline"}
    assert "pictures/map" not in (mini.out / "html/registers/places.html").read_text(
        encoding="utf-8"
    )


def test_an_edition_without_registers_is_built(mini: Mini) -> None:
    for path in mini.path("registers").iterdir():
        path.unlink()
    roles = r"\{(?:person|place|org|event|work|cited)\}(`+)"
    for name in ("t/one.md", "t/two.md"):
        text = re.sub(
            roles + r"(.*?)\1",
            lambda m: re.sub(r"^ | $| <[a-z-]+>$", "", m[2]),
            mini.read(name),
            flags=re.DOTALL,
        )
        mini.write(name, text.replace("General…", "General").replace("…Secretary", "Secretary"))
    result = mini.build("html")
    assert result.code == 0, result.output
    assert [p.stem for p in (mini.out / "html/pictures").iterdir()] == ["emendations"]


@pytest.mark.parametrize(
    "wrong", ["1917", "{from: 1929, to: 1917}", "{from: a, to: b}", "{from: 0, to: 9000}"]
)
def test_years_of_the_timeline_are_checked(mini: Mini, wrong: str) -> None:
    mini.replace("edition.yaml", 'base_url: ""\n', f'base_url: ""\ntimeline: {wrong}\n')
    result = mini.check()
    assert result.code == 1
    assert "invalid field in the record: timeline" in result.output
