"""axe-core on every kind of page, and on everything that opens: WCAG 2.2 AA and best practice.

The mini edition has one of everything and is quick; what only the real one has comes from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chromium import PHONE, WIDE, axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from chromium import Open

from accessible import SMALL, check

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", SMALL)
def test_page_of_the_mini_edition(open_small: Open, name: str) -> None:
    check(open_small, name)


def test_search_with_results(open_small: Open) -> None:
    page = open_small("search", "?q=Trotsky")
    page.locator("#results .hits a").first.wait_for()
    axe(page)


def _menu(name: str) -> Callable[[Page], None]:
    return lambda page: page.locator("summary", has_text=name).first.click()


def _cite(page: Page) -> None:
    _menu("Cite")(page)
    for summary in page.locator("details.cite details > summary").all():
        summary.click()


def _names(page: Page) -> None:
    _menu("Display")(page)
    page.get_by_label("Names").check()


def _lost(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    assert page.locator("#goto-said").text_content()


def _popover(page: Page) -> None:
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()


def _note(page: Page) -> None:
    page.locator(".part sup.nr a").first.click()
    assert page.get_by_role("dialog").is_visible()


def _keys(page: Page) -> None:
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()


@pytest.mark.parametrize(
    ("size", "act"),
    [
        (PHONE, _menu("Contents")),
        (WIDE, _menu("Contents")),
        (PHONE, _names),
        (WIDE, _cite),
        (PHONE, _lost),
        (PHONE, _popover),
        (PHONE, _note),
        (WIDE, _popover),
        (WIDE, _keys),
    ],
    ids=[
        "contents",
        "contents wide",
        "display",
        "cite",
        "no such page",
        "popover",
        "note",
        "popover wide",
        "keys",
    ],
)
def test_what_opens(open_small: Open, size: tuple[int, int], act: Callable[[Page], None]) -> None:
    page = open_small("t/one", "", size)
    act(page)
    axe(page)
