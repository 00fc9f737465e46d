"""The web pages in a real browser, opened from the disk as a reader may open them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from playwright.sync_api import expect

from chromium import PHONE, WIDE
from real import CHAPTER
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, reading

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from chromium import Open
    from real import Site

pytestmark = pytest.mark.browser


def _shown(page: Page, block: str) -> str:
    """What a reader sees of a block, white space folded, without numbers of notes."""
    script = """id => {
      const read = node => node.nodeType === 3 ? node.data
        : node.matches("sup, .key") || getComputedStyle(node).display === "none" ? ""
        : [...node.childNodes].map(read).join("");
      return read(document.getElementById(id));
    }"""
    return " ".join(page.evaluate(script, block).split())


# --- Views ---------------------------------------------------------------------------


def test_switch_shows_the_three_texts(built: Site, open_page: Open) -> None:
    page = open_page(CHAPTER)
    tree = built.app.env.get_doctree(CHAPTER)
    blocks = list(
        tree.findall(lambda n: isinstance(n, nodes.Element) and "-b0" in n.get("xml_id", ""))
    )
    assert len(blocks) > 10
    for label, layer in (("As typed", "T"), ("Edited", "E")):
        page.get_by_label(label).check()
        for block in blocks:
            expected = " ".join(" ".join(reading(p, layer) for p in _leaves(block)).split())
            assert _shown(page, block["xml_id"]) == expected
    page.get_by_label("OCR", exact=True).check()
    witness = built.edition.part_of(CHAPTER)[0].witness
    first = next(blocks[0].findall(lb))
    assert _shown(page, blocks[0]["xml_id"]).startswith(witness.line(first["witness_line"]))


def _leaves(block: nodes.Element) -> list[nodes.Element]:
    return list(block.findall(nodes.paragraph))


def test_what_is_not_shown_is_not_found_or_copied(built: Site, open_page: Open) -> None:
    page = open_page(CHAPTER)
    sources = [
        e.source
        for e in domain_of(built.app.env).facts_for(CHAPTER).emendations
        if len(e.source) > 5
    ]
    seen = page.eval_on_selector_all(
        ".part > p, .part > blockquote", "all => all.map(n => n.innerText).join(' ')"
    )
    assert sources
    assert not [s for s in sources if re.search(rf"\b{re.escape(s)}\b", seen)]
    assert "[2]" not in seen, "page numbers are drawn"


def test_view_stands_in_the_address_and_goes_along(open_page: Open) -> None:
    page = open_page(CHAPTER, "#p2.12")
    page.get_by_label("As typed").check()
    page.locator("summary", has_text="Display").click()
    page.get_by_label("Marks of the apparatus").uncheck()
    assert page.evaluate("location.search") == "?view=typed&marks=0"
    assert page.evaluate("location.hash") == "#p2.12"
    page.reload()
    assert page.get_by_label("As typed").is_checked()
    assert not page.get_by_label("Marks of the apparatus").is_checked()
    page.locator(".turn [rel=next]").click()
    page.wait_for_url("**/chapter-02.html?view=typed&marks=0")
    expect(page.get_by_label("As typed")).to_be_checked()
    page.locator(".part a.person").first.click()
    page.wait_for_url("**/persons/*.html?view=typed&marks=0")
    page.locator(".kwic a").first.click()
    page.wait_for_url("**/thesis/*.html?view=typed&marks=0#p*")
    expect(page.get_by_label("As typed")).to_be_checked()
    page.get_by_label("Edited").check()
    assert "view" not in page.evaluate("location.search")


def test_original_line_ends_are_numbered_by_fives(built: Site, open_page: Open) -> None:
    page = open_page(CHAPTER, "?lines=1")
    drawn = page.eval_on_selector(".nth", "n => getComputedStyle(n, '::after').content")
    assert drawn == "attr(data-n)" or drawn == '"5"'
    assert page.locator(".nth").first.is_visible()
    tops = page.eval_on_selector_all(
        ".lf, l-b", "all => all.map(n => n.getBoundingClientRect().top)"
    )
    below = page.evaluate("""() => ['p1.5', 'p1.6'].map(id => {
      const range = new Range();
      range.setStartAfter(document.getElementById(id));
      range.setEndAfter(document.getElementById(id).nextSibling);
      return range.getBoundingClientRect().top;
    })""")
    assert tops
    assert below[0] < below[1]


def test_line_of_the_address_is_lit(open_page: Open) -> None:
    page = open_page(CHAPTER, "#p2.12")
    lit = "[...CSS.highlights.get('line') ?? []].map(range => range.toString()).join()"
    assert page.evaluate(lit).startswith("The truth is that")
    page.evaluate("location.hash = '#p2'")
    page.wait_for_function(f"{lit} === ''")


def test_reading_place_is_kept_when_the_view_changes(open_page: Open) -> None:
    page = open_page(CHAPTER, "#p5.10")
    where = "document.getElementById('p5.11').getBoundingClientRect().top"
    before = page.evaluate(where)
    page.get_by_label("As typed").click()
    assert abs(page.evaluate(where) - before) < 80


# --- Popovers, notes -----------------------------------------------------------------


def test_mark_without_link_opens_by_its_words(open_page: Open) -> None:
    page = open_page(CHAPTER)
    page.locator(".part span.ap.supplied .et").first.click(position={"x": 8, "y": 10})
    assert "conjecture" in page.get_by_role("dialog").text_content()


def test_notes_stand_beside_their_references(open_page: Open) -> None:
    page = open_page("thesis/chapter-02")
    boxes = page.evaluate("""() => [...document.querySelectorAll('.notes.numbered li')].map(li => {
      const ref = document.querySelector(`[id="${li.id.replace('fn-', 'nr-')}"]`).getBoundingClientRect();
      const box = li.getBoundingClientRect();
      return {ref: ref.top, right: ref.right, top: box.top, bottom: box.bottom, left: box.left, end: box.right};
    })""")
    column = page.locator(".part").bounding_box()
    for i, box in enumerate(boxes):
        assert box["left"] >= column["x"] + column["width"]
        assert box["end"] <= WIDE[0]
        above = boxes[i - 1]["bottom"] if i else 0
        assert box["top"] >= above, "notes do not lie on each other"
        assert abs(box["top"] - box["ref"]) < 30 or box["top"] - above < 30


def test_notes_are_at_the_foot_where_there_is_no_room(open_page: Open) -> None:
    page = open_page(CHAPTER, size=PHONE)
    first = page.locator(".notes.numbered li").first
    assert page.get_by_role("heading", name="Notes", exact=True).is_visible()
    assert first.evaluate("n => getComputedStyle(n).position") != "absolute"
    reference = page.locator("#nr-01-001 a")
    reference.scroll_into_view_if_needed()
    reference.click()
    popover = page.get_by_role("dialog")
    assert "The Conscience of the Revolution" in popover.text_content()
    popover.get_by_role("link", name="In the list of notes").click()
    assert page.evaluate("location.hash") == "#fn-01-001"
    page.locator("#fn-01-001 [role=doc-backlink]").click()
    assert page.evaluate("location.hash") == "#nr-01-001"


@pytest.mark.parametrize("view", ["edited", "typed", "ocr"])
def test_nothing_is_wider_than_the_window(open_page: Open, view: str) -> None:
    page = open_page(CHAPTER, f"?view={view}")
    for width in (320, 390, 768, 1100, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_measure_is_60_to_75_characters(open_page: Open) -> None:
    page = open_page(CHAPTER)
    count = """() => {
      const block = document.getElementById('ch-01-b001'), range = new Range();
      range.selectNodeContents(block);
      const height = parseFloat(getComputedStyle(block).lineHeight);
      return block.innerText.length / Math.round(block.getBoundingClientRect().height / height);
    }"""
    for size in ((1100, 800), WIDE, (2560, 1440)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert 58 <= page.evaluate(count) <= 75


def test_colours_are_chosen_and_kept(open_page: Open) -> None:
    page = open_page(CHAPTER, color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("summary", has_text="Display").click()
    page.get_by_label("Dark").check()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.keyboard.press("Escape")
    assert not page.get_by_label("Dark").is_visible()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
