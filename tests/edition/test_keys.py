"""Going to a page and the keys, in a real browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from real import CHAPTER
from tei_export.outputs.html.page_list import SCRIPT
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

    from chromium import Open
    from real import Site

pytestmark = pytest.mark.browser

ESSAY = "essay/essay"


def _parts(built: Site) -> list[dict[str, Any]]:
    """The parts with their pages, as the script of the site has them."""
    script = (built.out / "_static" / SCRIPT).read_text(encoding="utf-8")
    parts: list[dict[str, Any]] = json.loads(script.partition("=")[2].strip("; \n"))["parts"]
    return parts


# --- Go to page ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "address"),
    [
        ("index", "17", "thesis/chapter-02.html#p17"),
        ("thesis/chapter-02", "ix", "thesis/preface.html#pix"),
        ("thesis/chapter-02", "17.12", "thesis/chapter-02.html#p17.12"),
        ("registers/events", "p. 17, l. 12", "thesis/chapter-02.html#p17.12"),
        ("about/text", "page IX", "thesis/preface.html#pix"),
    ],
)
def test_go_to_page(open_page: Open, name: str, typed: str, address: str) -> None:
    page = open_page(name, "?view=typed")
    page.keyboard.press("g")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{address.replace('.html', '.html?view=typed')}")
    assert not page.locator("#ui-goto").is_visible()
    place = address.partition("#")[2]
    assert page.evaluate("id => document.getElementById(id) !== null", place)


def test_go_to_a_line_of_a_text_without_pages(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.keyboard.press("g")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.wait_for_url("**/essay.html#l5")


def test_go_to_page_says_why_not(open_page: Open) -> None:
    page = open_page("index")
    page.keyboard.press("g")
    form = "Enter a page, or page and line: 17, ix, 17.12."
    for typed, message in (
        ("170", "There is no page 170. The pages are vii–xi, 1–136, 140–158."),
        ("138", "Page 138 does not survive."),
        ("17.99", "Page 17 has no line 99, only 31 lines."),
        ("Stalin", form),
        ("constructor", form),
    ):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.locator("#ui-goto output")).to_have_text(message)
        assert page.evaluate("document.activeElement.id") == "goto-page"
        assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_the_table_of_pages_is_loaded_when_it_is_needed(open_page: Open) -> None:
    """It grows with the edition; readers who do not go to a page need not wait for it."""
    asked: list[str] = []
    page = open_page(CHAPTER)
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.locator("summary", has_text="Contents").click()
    assert not any(SCRIPT in url for url in asked)
    page.get_by_label("Go to page").focus()
    page.wait_for_function("edition.places !== undefined")
    page.get_by_label("Go to page").fill("17")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thesis/chapter-02.html#p17")
    assert sum(SCRIPT in url for url in asked) == 1


@pytest.fixture
def held(browser: Browser, built: Site) -> Iterator[tuple[Page, list[Route]]]:
    """The front page, and the requests for the table of pages, which wait for the test."""
    page = browser.new_page()
    routes: list[Route] = []
    page.route(f"**/{SCRIPT}", lambda route: routes.append(route))
    page.goto((built.out / "index.html").as_uri())
    yield page, routes
    page.close()


def test_go_to_page_says_that_the_table_is_late_or_missing(
    held: tuple[Page, list[Route]],
) -> None:
    page, routes = held
    said = page.locator("#ui-goto output")
    page.keyboard.press("g")
    page.keyboard.type("17.12")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Looking for the page …")
    page.keyboard.press("Escape")  # the reader gives up, and asks again
    expect(said).to_be_empty()
    page.keyboard.press("g")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Looking for the page …")
    routes.pop().abort()
    expect(said).to_have_text(
        "The page could not be looked up. Try again, or open the list of pages."
    )
    assert page.evaluate("document.activeElement.id") == "goto-page"
    page.unroute_all(behavior="ignoreErrors")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thesis/chapter-02.html#p17.12")


def test_a_page_that_comes_late_does_not_take_readers_away(
    held: tuple[Page, list[Route]],
) -> None:
    page, routes = held
    page.keyboard.press("g")
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    page.keyboard.type("x")  # not what was asked for any more
    routes.pop().continue_()
    page.wait_for_function("edition.places !== undefined")
    page.wait_for_timeout(50)
    assert page.url.endswith("/index.html")
    assert not page.locator("#ui-goto output").text_content()


def test_an_address_leads_to_a_page(open_page: Open) -> None:
    page = open_page("pages")
    page.evaluate("location.search = 'page=17.12'")
    page.wait_for_url("**/thesis/chapter-02.html#p17.12")
    page.goto(f"{page.url.partition('thesis/')[0]}pages.html?page=170")
    expect(page.locator("#ui-goto output")).to_contain_text("There is no page 170.")
    assert page.get_by_label("Go to page").input_value() == "170"


def test_pages_can_be_reached_without_scripts(built: Site, open_page: Open) -> None:
    page = open_page("index", java_script_enabled=False)
    page.locator("summary", has_text="Contents").click()
    page.get_by_label("Go to page").fill("17")
    page.get_by_role("button", name="Go").click()
    page.wait_for_url("**/pages.html?page=17")
    page.get_by_role("link", name="17", exact=True).click()
    page.wait_for_url("**/thesis/chapter-02.html#p17")
    held = [p for part in _parts(built) for p in part["pages"] if p]
    assert len(held) == 160
    page.go_back()
    assert page.locator("#page-list tbody tr").count() == len(held) + 3


def test_table_of_pages_is_true(built: Site) -> None:
    parts = _parts(built)
    assert len(parts) == len(built.parts())
    for part in parts:
        ids = set(built.page(part["uri"].removesuffix(".html")).xpath("//@id"))
        for page, count in part["pages"].items():
            assert not page or f"p{page}" in ids
            assert (f"p{page}.{count}" if page else f"l{count}") in ids
            assert (f"p{page}.{count + 1}" if page else f"l{count + 1}") not in ids


# --- Keys ----------------------------------------------------------------------------


def test_keys_walk_through_the_whole_apparatus(built: Site, open_page: Open) -> None:
    page = open_page(CHAPTER)
    facts = domain_of(built.app.env).facts_for(CHAPTER)
    wanted = {f"#entry-{e.xml_id}" for e in facts.emendations if not e.small}
    where = "document.activeElement.getAttribute('href')"
    visited = []
    for _ in wanted:
        page.keyboard.press("a")
        visited.append(page.evaluate(where))
    assert set(visited) == wanted
    assert len(visited) == len(wanted)
    page.keyboard.press("a")
    expect(page.locator("#ui-status")).to_have_text(
        "This is the last apparatus entry on this page."
    )
    page.keyboard.press("b")
    assert page.evaluate(where) == visited[-2]
    page.keyboard.press("Enter")
    head = page.get_by_role("dialog").get_by_role("heading").text_content()
    page.keyboard.press("b")
    assert page.get_by_role("dialog").is_visible(), "from popover to popover"
    assert page.get_by_role("dialog").locator(".pop-body a").get_attribute("href") == visited[-3]
    assert head


def test_keys_turn_pages_and_chapters(open_page: Open) -> None:
    page = open_page(CHAPTER)
    seen = []
    for key in "jjjk":
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.id"))
    assert seen == ["p1", "p2", "p3", "p2"]
    page.keyboard.press("n")
    page.wait_for_url("**/chapter-02.html")
    page.keyboard.press("p")
    page.wait_for_url("**/chapter-01.html")
    page.keyboard.press("/")
    page.wait_for_url("**/search.html")


def test_keys_change_the_view(open_page: Open) -> None:
    page = open_page(CHAPTER)
    for key, written in (("t", "?view=typed"), ("o", "?view=ocr"), ("d", "?view=diff"), ("e", "")):
        page.keyboard.press(key)
        assert page.evaluate("location.search") == written
    for key, written in (("l", "lines=1"), ("m", "marks=0"), ("i", "names=1")):
        page.keyboard.press(key)
        assert written in page.evaluate("location.search")
    expect(page.locator("#ui-status")).to_have_text("Names: on")


def test_keys_do_not_act_where_one_types_or_when_off(open_page: Open) -> None:
    page = open_page(CHAPTER)
    page.keyboard.press("g")
    page.keyboard.type("e t o d n ?")
    assert page.locator("#goto-page").input_value() == "e t o d n ?"
    page.keyboard.press("Escape")
    for shortcut in ("Control+d", "Alt+t", "Meta+o"):
        page.keyboard.press(shortcut)
    assert page.evaluate("location.search") == ""
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    assert sheet.is_visible()
    page.keyboard.press("t")
    assert page.evaluate("location.search") == "", "not behind the sheet"
    page.get_by_label("Keyboard shortcuts are on").uncheck()
    page.keyboard.press("Escape")
    assert not sheet.is_visible()
    for key in "todg":
        page.keyboard.press(key)
    page.reload()
    page.keyboard.press("t")
    assert page.evaluate("location.search") == ""
    assert not page.locator("#ui-goto").is_visible()
    page.locator("summary", has_text="Display").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Keyboard shortcuts are on").check()
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("document.activeElement.className") == "keys", "the focus returns"
    page.keyboard.press("t")
    assert page.evaluate("location.search") == "?view=typed"


def test_help_sheet_names_every_key_that_acts(open_page: Open) -> None:
    page = open_page(CHAPTER)
    keys = page.eval_on_selector_all("#ui-keys kbd", "all => all.map(n => n.textContent)")
    assert len(keys) == len(set(keys))
    assert set(keys) == {*"npg/jkabetodslmi?", "Esc"}
    page.goto(page.url.replace(CHAPTER, ESSAY))
    keys = page.eval_on_selector_all("#ui-keys kbd", "all => all.map(n => n.textContent)")
    assert "t" not in keys, "a text without typescript"
