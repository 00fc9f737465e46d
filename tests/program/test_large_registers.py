"""Registers and numbers of any size: pages of a bearable size, and every address leads to its entry."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urldefrag

import pytest
from lxml import html

from mini import Mini
from tei_export.outputs.html import page_list, register_layout, register_pages
from tei_export.outputs.html.charts import chart_division
from tei_export.outputs.html.charts.chart_parts import CellPart, Chart, ChartCell, ChartTable
from tei_export.outputs.html.list_division import page_names
from tei_export.outputs.html.register_layout import MANY, RegisterLayout, letter_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from sphinx.application import Sphinx

#: One register of each layout.
LAYOUTS = {
    "persons": RegisterLayout("persons", 0, by_part=True, by_letter=False),
    "organisations": RegisterLayout("organisations", 0, by_part=False, by_letter=False),
    "works": RegisterLayout("works", 0, by_part=False, by_letter=True),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small edition, as if its registers and charts were large."""
    mini = Mini(tmp_path_factory.mktemp("registers") / "mini")
    usual = register_layout._layout
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            register_layout, "_layout", lambda name, sizes: LAYOUTS.get(name) or usual(name, sizes)
        )
        patch.setattr(register_pages, "MOST_NAMES", 2)
        patch.setattr(chart_division, "LARGE", 900)
        patch.setattr(page_list, "LARGE", 1_300)
        result = mini.build("html")
    assert result.code == 0, result.output
    return mini.out / "html"


def test_a_register_has_the_first_layout_that_fits() -> None:
    def layout(entries: int, mentions: int, parts: int) -> tuple[int, bool, bool]:
        found = register_layout._layout("persons", [(mentions, parts, mentions * 400, 0)] * entries)
        return found.most, found.by_part, found.by_letter

    assert layout(100, 3, 3) == (MANY, True, False)
    assert layout(100, 12, 5) == (0, True, False)
    assert layout(500, 12, 10) == (0, False, False)
    assert layout(5_000, 12, 10) == (0, False, True)
    assert layout(0, 0, 0) == (MANY, True, False)


def test_letters_make_names_of_files() -> None:
    assert letter_page("registers/persons", "A") == "registers/persons-a"
    assert letter_page("registers/persons", "Л") == "registers/persons-u043b"
    assert letter_page("registers/persons", "?") == "registers/persons-u003f"


def test_every_link_leads_to_its_entry(site: Path) -> None:
    pages = {p: html.fromstring(p.read_bytes()) for p in site.rglob("*.html")}
    ids = {p: {e.get("id") for e in tree.iter() if e.get("id")} for p, tree in pages.items()}
    followed, lost = 0, []
    for path, tree in pages.items():
        for link in tree.iter("a"):
            address, fragment = urldefrag(link.get("href") or "")
            target = (path.parent / unquote(address)).resolve() if address else path
            if not {"registers", "pictures"} & set(target.parts) or ":" in address:
                continue
            followed += 1
            if target not in ids or (fragment and unquote(fragment) not in ids[target]):
                lost.append(f"{path.name}: {link.get('href')}")
    assert not lost
    assert followed > 100


def test_what_smaller_registers_have_is_found_in_larger_ones(site: Path) -> None:
    persons = html.fromstring((site / "registers/persons.html").read_bytes())
    (entry,) = persons.xpath("//section[substring(@id, string-length(@id) - 6) = '-stalin']")
    told = entry.xpath("ul[@class='counts']/li")
    assert told
    for line in told:
        part = line.get("id").removeprefix(f"{entry.get('id')}-in-")
        assert line.xpath("a/@href") == [f"persons/stalin.html#in-{part}"]
    assert not persons.xpath("//ol[@class='kwic']")
    own = html.fromstring((site / "registers/persons/stalin.html").read_bytes())
    assert own.xpath("//*[starts-with(@id, 'in-')]/following-sibling::ol[@class='kwic']")
    organisations = html.fromstring((site / "registers/organisations.html").read_bytes())
    assert organisations.xpath("//section[@class='entry']")
    assert not organisations.xpath("//ul[@class='counts']")
    works = html.fromstring((site / "registers/works.html").read_bytes())
    assert not works.xpath("//section[@class='entry']")
    letters = works.xpath("//nav[@class='az']/a/@href")
    assert letters
    for letter in letters:
        page = html.fromstring((site / "registers" / letter).read_bytes())
        assert page.xpath("//section[@class='entry']")
    index = html.fromstring((site / "registers/index.html").read_bytes())
    assert index.xpath("//nav[@class='az']/a[@id='letter-S']/@href") == ["index-s.html"]
    searched = "".join(p.read_text("utf-8") for p in (site / "searchdata").glob("registers*.js"))
    assert all(f"registers/{letter}" in searched for letter in letters)


def test_numbers_are_divided_between_rows() -> None:
    rows = [
        [ChartCell((CellPart(f"row {n} " + "x" * 300, f"a.html#{n}"),), id=f"on-{n}")]
        for n in range(10)
    ]
    drawings = [
        '<svg><a href="#on-9">9</a><a href="#on-0">0</a><a href="b.html#on-9"></a></svg>',
        "<svg/>",
    ]
    chart = Chart(
        "pictures/x",
        "X",
        [],
        "",
        drawings,
        [],
        [],
        [
            ChartTable("A", ["h"], rows),
            ChartTable("B", ["h"], [[ChartCell((CellPart("b" * 800),))]]),
        ],
    )
    assert [part.page for part in chart_division.divided(chart)] == ["pictures/x"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chart_division, "LARGE", 1_000)
        parts = chart_division.divided(chart)
    assert [part.page for part in parts[:3]] == ["pictures/x", "pictures/x-2", "pictures/x-3"]
    assert [
        row for part in parts for t in part.chart.tables if t.caption == "A" for row in t.rows
    ] == rows
    assert parts[-1].chart.tables[-1].caption == "B"
    assert all(t.rows for part in parts for t in part.chart.tables)
    last = parts[-2].page.rpartition("/")[2]
    assert parts[0].chart.drawings == [
        f'<svg><a href="{last}.html#on-9">9</a><a href="#on-0">0</a><a href="b.html#on-9"></a></svg>',
        "<svg/>",
    ]
    assert not parts[1].chart.drawings


def test_charts_have_pages_that_lead_to_each_other(site: Path) -> None:
    assert (site / "pictures/persons-2.html").is_file()
    for path in (site / "pictures").glob("*.html"):
        page = html.fromstring(path.read_bytes())
        listed = page.xpath("//nav[@class='az']/a/@href")
        assert listed.count("#") == bool(listed), "itself"
        assert all((path.parent / name).is_file() for name in listed if name != "#")


def test_the_list_of_pages_is_divided_between_parts() -> None:
    def part(number: int, rows: int) -> page_list.PartPages:
        made = [
            page_list.PageRow(f"{n}", f"p{n}", False, 30, 2, 0, 1, "read once", [], "")
            for n in range(rows)
        ]
        return page_list.PartPages(number, "t/one", "One", made, "")

    def shape(*rows: int) -> list[list[tuple[int, int]]]:
        parts = [part(number, count) for number, count in enumerate(rows, 1)]
        pages = page_list.divided(parts)
        for of in parts:
            shown = [row for page in pages for p in page if p.number == of.number for row in p.rows]
            assert shown == of.rows
        return [[(p.number, len(p.rows)) for p in page] for page in pages]

    assert shape() == []
    assert shape(3, 2) == [[(1, 3), (2, 2)]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_list, "LARGE", 1_700)  # five rows and a heading
        assert shape(3, 2, 1) == [[(1, 3)], [(2, 2)], [(3, 1)]]
        assert shape(1, 12, 1) == [[(1, 1)], [(2, 5)], [(2, 5)], [(2, 2)], [(3, 1)]]


def test_pages_of_the_list_lead_to_each_other(site: Path) -> None:
    listed = {}
    for name in ("pages", "pages-2"):
        page = html.fromstring((site / f"{name}.html").read_bytes())
        listed[name] = (page.xpath("//h2/@id"), page.xpath("//tbody//th/a/@href"))
        assert page.xpath("//nav[@class='az']/a/text()") == ["1", "2"]
        assert page.xpath("//ul[@class='facts']/li[1]/text()") == ["3 pages"]
    assert listed == {
        "pages": (["part-1"], ["t/one.html#p1", "t/one.html#p2"]),
        "pages-2": (["part-2"], ["t/two.html#p3"]),
    }
    assert not (site / "pages-3.html").exists()


def test_pages_that_the_list_no_longer_needs_are_removed(tmp_path: Path) -> None:
    for name in ("pages", "pages-2", "pages-3", "pages-4", "pages-of-mine"):
        (tmp_path / f"{name}.html").write_bytes(b"")
    app = SimpleNamespace(outdir=tmp_path, env=SimpleNamespace(found_docs={"pages-4"}))
    assert page_names(cast("Sphinx", app), "pages", 2) == ["pages", "pages-2"]
    assert {path.stem for path in tmp_path.iterdir()} == {
        "pages",
        "pages-2",
        "pages-4",
        "pages-of-mine",
    }


@pytest.mark.browser
def test_an_old_address_leads_to_the_page_of_the_entry(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    known = next((site / "registers/works").glob("*.html")).stem
    for old, new in (
        (f"works.html#bib-{known}", f"works/{known}.html"),
        (f"works.html#bib-{known}-in-ch-01", f"works/{known}.html#in-ch-01"),
    ):
        page.goto(f"{site.as_uri()}/registers/{old}")
        page.wait_for_url(f"**/registers/{new}", timeout=5000)
    page.goto(f"{site.as_uri()}/pages.html#part-2")
    page.wait_for_url("**/pages-2.html#part-2", timeout=5000)
    page.goto(f"{site.as_uri()}/registers/works.html#letter-x")
    assert page.url.endswith("works.html#letter-x")
    rows = (site / "pictures/together-2.html").read_text("utf-8")
    name = rows.split('<tr id="', 1)[1].split('"', 1)[0]
    page.goto(f"{site.as_uri()}/pictures/together.html#{name}")
    page.wait_for_url(f"**/pictures/together-2.html#{name}", timeout=5000)
    page.close()
