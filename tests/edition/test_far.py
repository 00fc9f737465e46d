"""What is far from the window is laid out late (``far.css``): it is found, linked to, reached and printed all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chromium import PHONE, WIDE
from real import CHAPTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from chromium import Open

pytestmark = pytest.mark.browser

#: How many elements are not laid out now.
LATE = """() => [...document.querySelectorAll("main *")].filter(node =>
  node.checkVisibility() && !node.checkVisibility({ contentVisibilityAuto: true })).length"""
#: Where the target of the address stands, when the page has come to rest.
TOP = """async () => {
  let before = NaN, top = NaN;
  for (let i = 0; i < 40 && top !== before; i++) {
    await new Promise(done => setTimeout(done, 100));
    before = top;
    top = document.querySelector(":target").getBoundingClientRect().top;
  }
  return top;
}"""


def _late(page: Page) -> int:
    count: int = page.evaluate(LATE)
    return count


@pytest.mark.parametrize(
    ("name", "size"),
    [(CHAPTER, PHONE), (CHAPTER, WIDE), ("apparatus", PHONE), ("registers/persons", WIDE)],
)
def test_most_of_a_long_page_is_laid_out_late_but_all_of_it_on_paper(
    open_page: Open, name: str, size: tuple[int, int]
) -> None:
    page = open_page(name, size=size)
    assert _late(page) > page.evaluate("document.querySelectorAll('main *').length") / 4
    page.emulate_media(media="print")
    assert _late(page) == 0


@pytest.mark.parametrize(
    ("name", "places", "size"),
    [
        (CHAPTER, "l-b[id]", PHONE),
        (CHAPTER, ".apparatus li", PHONE),
        (CHAPTER, ".apparatus li", WIDE),
        ("registers/persons", ".entry", PHONE),
        ("registers/persons", ".entry", WIDE),
    ],
)
def test_an_address_leads_to_its_place(
    open_page: Open, name: str, places: str, size: tuple[int, int]
) -> None:
    ids = open_page(name, size=size).eval_on_selector_all(places, "all => all.map(node => node.id)")
    page = open_page(name, f"#{ids[len(ids) * 2 // 3]}", size=size)
    assert 0 <= page.evaluate(TOP) < 250


def test_no_list_is_higher_than_it_is_taken_to_be(open_page: Open) -> None:
    """What is higher lies over what follows, for programs that ask where things are: Lighthouse found targets too small."""
    page = open_page(CHAPTER, size=PHONE)
    lists = "[...document.querySelectorAll('.apparatus > ul')]"
    taken = page.evaluate(f"{lists}.map(e => getComputedStyle(e).containIntrinsicBlockSize)")
    page.add_style_tag(content="* { content-visibility: visible !important }")
    heights = page.evaluate(f"{lists}.map(e => e.getBoundingClientRect().height)")
    assert len(heights) > 10
    for auto, height in zip(taken, heights, strict=True):
        assert float(auto.removeprefix("auto ").removesuffix("px")) >= height


def test_words_that_are_laid_out_late_are_found_and_read(open_page: Open) -> None:
    page = open_page(CHAPTER, size=PHONE)
    last = page.locator(".part > p").last
    words = last.evaluate(
        "p => [...p.childNodes].find(node => node.nodeType === 3 && node.length > 20).data.trim()"
    )
    assert page.evaluate("words => window.find(words)", words)
    assert page.evaluate(
        "getSelection().anchorNode.parentElement.closest('p').checkVisibility({ contentVisibilityAuto: true })"
    )
    assert page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().top < innerHeight")


def test_every_mark_of_a_phone_is_reached_by_the_key(open_page: Open) -> None:
    page = open_page(CHAPTER, size=PHONE)
    marks = page.evaluate(
        "[...document.querySelectorAll(\".part a.ap[href*='#entry-']\")].filter(a => a.checkVisibility()).map(a => a.hash)"
    )
    reached = []
    for _ in marks:
        page.keyboard.press("a")
        reached.append(page.evaluate("document.activeElement.hash"))
    assert reached == marks
    assert len(marks) > 50


def test_all_is_selected_and_copied(open_page: Open) -> None:
    page = open_page(CHAPTER, size=PHONE)
    select = "getSelection().selectAllChildren(document.querySelector('main')) ?? getSelection().toString()"
    before = page.evaluate(select)
    page.add_style_tag(content="* { content-visibility: visible !important }")
    assert page.evaluate(select) == before
    assert len(before) > 10_000
