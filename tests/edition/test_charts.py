"""The pictures of the text: their numbers are those of the facts, and anyone can use them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from tei_export.shared.charts import counts, label_places
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.html import HtmlElement
    from playwright.sync_api import Browser, Page

    from real import Site
    from tei_export.source.facts import EditionDomain

from drawings import NAMES, SVG


@pytest.fixture(scope="module")
def domain(built: Site) -> EditionDomain:
    return domain_of(built.app.env)


def _rows(page: HtmlElement, number: int = 0) -> list[list[str]]:
    """The cells of a table's rows, as text."""
    table = page.xpath("//table[@class='numbers']")[number]
    return [[" ".join(c.text_content().split()) for c in row] for row in table.xpath("./tbody/tr")]


def _head(page: HtmlElement) -> list[str]:
    return [c.text_content() for c in page.xpath("(//table[@class='numbers'])[1]/thead/tr/th")]


def _value(text: str) -> int:
    return int(text.replace(",", "") or 0)


# --- Numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "register"), [("persons", "persons"), ("timeline", "events")])
def test_chapters_have_the_mentions_of_the_facts(
    built: Site, domain: EditionDomain, name: str, register: str
) -> None:
    page = built.page(f"pictures/{name}")
    entries = domain.edition.registers[register].entries
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for doc in built.parts():
        for m in domain.facts[doc].mentions:
            if m.register == register:
                expected[entries[m.key].name][doc] += 1
    rows = _rows(page)
    assert sorted(row[0] for row in rows) == sorted(expected)
    first = (
        len(rows[0]) - 1 - len([d for d in built.parts() if any(c[d] for c in expected.values())])
    )
    for row in rows:
        found = [_value(cell) for cell in row[first:-1]]
        assert [n for n in found if n] == [
            expected[row[0]][d] for d in built.parts() if expected[row[0]][d]
        ]
        assert _value(row[-1]) == sum(expected[row[0]].values())
    titles = {p.doc: p.title for t in domain.edition.texts.values() for p in t.parts}
    shown = _drawn_names(page)
    cells = sorted(page.xpath("//*[local-name()='a'][@class='cell']/@aria-label"))
    assert len(shown) == (30 if name == "persons" else 39)
    assert cells == sorted(
        f"{row[0]}, {titles[d]}: {n} {'mention' if n == 1 else 'mentions'}"
        for row in rows
        for d, n in expected[row[0]].items()
        if row[0] in shown
    )


def _drawn_names(page: HtmlElement) -> set[str]:
    """The entries that have a line in the drawing, by the addresses of their names."""
    addresses = set(page.xpath("//*[*[@class='name']]/@href"))
    return {a.text_content() for a in page.xpath("//table//th/a") if a.get("href") in addresses}


def test_a_number_leads_to_as_many_mentions(built: Site) -> None:
    """Every number of the matrix: the register marks as many at the address."""
    pages = built.pages()
    checked = 0
    for link in built.page("pictures/persons").xpath("//table//td[@class='n']/a"):
        name, fragment = link.get("href").removeprefix("../").split("#")
        target = pages[name].get_element_by_id(fragment)
        items = target if target.tag == "ol" else target.getnext()
        # several mentions may stand in one sentence: each is marked there
        assert len(items.xpath(".//b")) == _value(link.text_content()), link.get("href")
        checked += 1
    assert checked > 200


def test_places_have_the_mentions_of_the_facts(built: Site, domain: EditionDomain) -> None:
    page = built.page("pictures/map")
    expected: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    entries = domain.edition.registers["places"].entries
    for mention in domain.mentions():
        if mention.register == "places":
            rest = bool(mention.note) or mention.docname.endswith("bibliography")
            expected[entries[mention.key].name][rest] += 1
    rows = _rows(page) + _rows(page, 1)
    assert {r[0]: [_value(r[1]), _value(r[2])] for r in rows} == expected
    assert all(_value(r[1]) + _value(r[2]) == _value(r[3]) for r in rows)
    drawn = page.xpath("//*[@class='spot']/@id")
    assert sorted(drawn) == sorted(
        f"on-place-{k}" for k, e in entries.items() if e.name in {r[0] for r in _rows(page)}
    )


def test_pairs_are_on_the_pages_named(built: Site, domain: EditionDomain) -> None:
    names = {e.key: e.name for e in domain.edition.registers["persons"].entries.values()}
    here: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mention in domain.mentions():
        if (
            mention.register == "persons"
            and not mention.note
            and "bibliography" not in mention.docname
        ):
            here[mention.docname, mention.page or f"par. {mention.line}"].add(names[mention.key])
    expected = Counter(pair for found in here.values() for pair in combinations(sorted(found), 2))
    rows = _rows(built.page("pictures/together"))
    assert {(r[0], r[1]): _value(r[2]) for r in rows} == expected
    for one, other, _number, which in rows:
        labels_ = which.split(", ")
        assert sorted(labels_) == sorted(
            w for (_d, w), found in here.items() if {one, other} <= found
        )
    arcs = built.page("pictures/together").xpath("//*[@class='tie']")
    assert len(arcs) == len(expected)


def test_sources_count_the_notes_that_cite_them(built: Site, domain: EditionDomain) -> None:
    notes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    cited: Counter[str] = Counter()
    for doc, facts in domain.facts.items():
        for m in facts.mentions:
            if m.register == "works" and m.note:
                notes[f"registers/works.html#bib-{m.key}"].add((doc, m.note))
        for c in facts.citations:
            notes[f"registers/works.html#bib-{c.work}"].add((doc, c.note))
            cited[f"registers/works.html#bib-{c.work}"] += 1
    found = {}
    page = built.page("pictures/sources")
    for row in page.xpath("//table/tbody/tr"):
        address = row.xpath("./th/a/@href")[0].removeprefix("../")
        cells = [_value(c.text_content().strip()) for c in row.xpath("./td")]
        assert sum(cells[:-3]) == cells[-3]
        found[address] = (cells[-3], cells[-2])
    assert found == {a: (len(n), cited[a]) for a, n in notes.items()}


def test_emendations_are_on_their_pages(built: Site, domain: EditionDomain) -> None:
    page = built.page("pictures/emendations")
    expected = Counter(e.page for f in domain.facts.values() for e in f.emendations if e.page)
    rows = _rows(page)
    assert {r[0].removesuffix(", lost"): _value(r[-1]) for r in rows if r[-1]} == expected
    assert all(sum(map(_value, r[2:-1])) == _value(r[-1]) for r in rows)
    assert [r[0] for r in rows if "lost" in r[0]] == ["137, lost", "138, lost", "139, lost"]
    columns = page.xpath("//*[@class='column']")
    assert [c.get("href").split("#p")[1] for c in columns] == [
        p for c in counts.counted_parts(domain) for p in c.facts.pages
    ]
    names = dict(c.get("aria-label").removeprefix("p. ").split(": ") for c in columns)
    assert names["81"].startswith(f"{expected['81']} "), "page 81 has most"
    assert [p for p, said in names.items() if said.startswith("lost, ")] == ["137", "138", "139"]
    assert _head(page)[-1] == "All"


# --- Drawings ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_drawings_are_well_formed_named_and_light(built: Site, name: str) -> None:
    path = built.out / "pictures" / f"{name}.html"
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 300_000
    drawings = re.findall(r"<svg xmlns.*?</svg>", text, re.DOTALL)
    assert len(drawings) == (2 if name == "map" else 1)
    for drawing in drawings:
        root = etree.fromstring(drawing)
        assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
        assert root[0].text
        assert root[1].text
        assert not root.xpath("//@fill | //@stroke | //@onclick"), "colours are the style sheet's"
        for link in root.iter(f"{SVG}a"):
            assert link.get("aria-label"), etree.tostring(link)
    page = built.page(f"pictures/{name}")
    assert page.xpath("//table//th[@scope='row']"), "the numbers stand as a table"


# --- In a browser ----------------------------------------------------------------------


@pytest.fixture
def show(browser: Browser) -> Iterator[Any]:
    """Opens a picture of a site; errors of scripts fail the test."""
    faults: list[str] = []
    pages: list[Page] = []

    def show_one(folder: Path, name: str, width: int = 1440, **options: Any) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{folder.as_uri()}/pictures/{name}.html")
        return page

    yield show_one
    for page in pages:
        page.close()
    assert faults == []


@pytest.mark.browser
def test_drawings_scroll_in_their_own_region(built: Site, show: Any) -> None:
    for name in ("map", "timeline", "emendations"):
        page = show(built.out, name, 320)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name
        size = page.evaluate(
            "() => { const t = document.querySelector('.scroll .drawing text.name, .scroll .drawing .town');"
            " return parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().d; }"
        )
        assert size >= 9, f"{name}: letters of {size} px"
        assert page.locator(".scroll").first.get_attribute("tabindex") == "0"


@pytest.mark.browser
def test_names_on_the_map_do_not_overlap(built: Site, show: Any) -> None:
    """By the boxes of the real letters: no two names touch, none leaves the frame."""
    page = show(built.out, "map")
    script = """svg => { const box = n => { const r = n.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
      return [box(svg), ...[...svg.querySelectorAll(".spot text")].filter(n => getComputedStyle(n).visibility === "visible").map(box)]; }"""
    closer = page.get_by_role("button", name="Zoom in")
    for i, drawing in enumerate(page.locator(".zoomable svg").all() * 2):
        if i > 1:
            for _ in range(5):
                closer.nth(i - 2).click()
        frame, *boxes = drawing.evaluate(script)
        # A letter's box has room above and below that no letter fills.
        tight = [(a, b + 0.2 * (d - b), c, d - 0.2 * (d - b)) for a, b, c, d in boxes]
        assert [p for p in combinations(tight, 2) if label_places.overlap(*p)] == []
        assert i > 1 or all(frame[0] <= b[0] and b[2] <= frame[2] for b in boxes)
        assert len(boxes) > 10
    page.reload()
    named, spots = (
        page.locator(".spot text:not([visibility])").count(),
        page.locator(".spot").count(),
    )
    assert named >= 0.9 * spots


@pytest.mark.browser
def test_the_map_comes_closer_by_buttons_and_keys(built: Site, show: Any) -> None:
    page = show(built.out, "map")
    drawing, region = page.locator("#map-1"), page.locator(".zoomable").first

    def view() -> list[float]:
        return [float(n) for n in drawing.get_attribute("viewBox").split()]

    def letters() -> float:
        box = drawing.locator("text", has_text="Moscow").bounding_box()
        return float(box["height"])

    whole, high = view(), letters()
    page.get_by_role("button", name="Zoom in").first.click()
    assert view()[2] == pytest.approx(whole[2] / 1.5, abs=0.01)
    assert letters() == pytest.approx(high, rel=0.02), "names keep their size"
    page.get_by_role("button", name="Zoom out").first.click()
    assert view() == pytest.approx(whole)
    region.focus()
    for _ in range(3):
        page.keyboard.press("+")
    closer = view()
    assert closer[2] == pytest.approx(whole[2] / 1.5**3, abs=0.01)
    page.keyboard.press("ArrowRight")
    assert view()[0] == pytest.approx(closer[0] + 0.15 * closer[2], abs=0.01)
    page.keyboard.press("0")
    assert view() == pytest.approx(whole)
    spread = """region => {
      const box = region.getBoundingClientRect(), [x, y] = [box.left + 300, box.top + 200];
      const send = (type, id, at) => region.dispatchEvent(new PointerEvent(type, {
        pointerId: id, pointerType: "touch", clientX: at, clientY: y, bubbles: true }));
      send("pointerdown", 1, x - 50); send("pointerdown", 2, x + 50);
      send("pointermove", 1, x - 100); send("pointermove", 2, x + 100);
      send("pointerup", 1, x - 100); send("pointerup", 2, x + 100);
    }"""
    region.evaluate(spread)
    assert view()[2] == pytest.approx(whole[2] / 2, abs=0.01), "two fingers twice as far apart"
    region.focus()
    page.keyboard.press("0")
    region.hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('#map-1').viewBox.baseVal.width < 900")
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 0")
    assert page.locator(".zoom").count() == 2


@pytest.mark.browser
def test_pictures_are_complete_without_scripts(built: Site, show: Any) -> None:
    page = show(built.out, "map", java_script_enabled=False)
    assert page.locator(".zoom").count() == 0
    page.locator("#on-place-moscow a").click()
    page.wait_for_url(re.compile(r"registers/places\.html#place-moscow$"))
