"""The web pages in a real browser, opened from the disk as a reader may open them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chromium import Open

pytestmark = pytest.mark.browser


def test_every_mark_can_be_reached_by_keyboard(open_small: Open) -> None:
    page = open_small("t/one")
    reached, ends = set(), page.evaluate("document.querySelectorAll('a, button, input, summary').length")
    for _ in range(ends + 5):
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href') ?? ''")
        if target.startswith("#entry-"):
            reached.add(target)
    wanted = page.eval_on_selector_all("a[href^='#entry-']", "all => all.map(a => a.getAttribute('href'))")
    assert reached == set(wanted)
