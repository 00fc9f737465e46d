"""The web pages in a real browser, opened from the disk as a reader may open them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from chromium import Open

pytestmark = pytest.mark.browser


def test_every_mark_can_be_reached_by_keyboard(open_small: Open) -> None:
    page = open_small("t/one")
    reached, ends = (
        set(),
        page.evaluate("document.querySelectorAll('a, button, input, summary').length"),
    )
    for _ in range(ends + 5):
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href') ?? ''")
        if target.startswith("#entry-"):
            reached.add(target)
    wanted = page.eval_on_selector_all(
        "a[href^='#entry-']",
        "all => all.filter(a => a.checkVisibility()).map(a => a.getAttribute('href'))",
    )
    assert reached == set(wanted)


def _mark(page: Page) -> str:
    """The id of an apparatus mark in the text that is a link with words."""
    return page.eval_on_selector(".part > p > a.ap.ocr:not(.bare)", "node => node.id")


def test_switch_works_without_scripts(open_small: Open) -> None:
    page = open_small("t/one", java_script_enabled=False)
    typed = page.locator(".sic .to").first
    assert not typed.is_visible()
    page.get_by_label("As typed").check()
    assert typed.is_visible()

    def edge() -> bytes:
        return page.screenshot(clip={"x": 5, "y": 500, "width": 10, "height": 10})

    light = edge()
    page.locator("summary", has_text="Display").click()
    page.get_by_label("Dark").check()
    assert edge() != light


def test_an_unknown_view_is_the_edited_text(open_small: Open) -> None:
    page = open_small("t/one", "?view=nonsense&lines=x")
    assert page.get_by_label("Edited").is_checked()


def test_popover_by_mouse(open_small: Open) -> None:
    page = open_small("t/one")
    mark = page.locator(f"#{_mark(page)}")
    mark.click()
    popover = page.get_by_role("dialog")
    assert popover.is_visible()
    assert {"This edition", "The OCR text (O)", "Kind", "Certainty", "Judged by"} <= set(
        popover.locator("dt").all_text_contents()
    )
    assert popover.locator("dd").first.text_content() == mark.locator(".et").text_content()
    page.mouse.click(5, 450)
    assert not popover.is_visible()
    mark.click()
    popover.get_by_role("link").click()
    assert not popover.is_visible()
    entry = page.evaluate("location.hash")
    assert entry.startswith("#entry-app-")
    page.locator(f"{entry} > a").click()
    assert page.evaluate("location.hash") == entry.replace("entry-", "")


def test_popover_by_keyboard(open_small: Open) -> None:
    page = open_small("t/one")
    name = _mark(page)
    page.locator(f"#{name}").focus()
    page.keyboard.press("Enter")
    popover = page.get_by_role("dialog")
    assert popover.is_visible()
    assert page.evaluate("document.activeElement.id") == "pop"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.keyboard.press("Escape")
    assert not popover.is_visible()
    assert page.evaluate("document.activeElement.id") == name
    page.keyboard.press("Enter")
    for _ in ("previous", "next", "close"):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Close"
    page.keyboard.press("Enter")
    assert not popover.is_visible()
    assert page.evaluate("document.activeElement.id") == name
