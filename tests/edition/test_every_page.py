"""Every page of the edition in a browser, with scripts, on a desk and on a phone; each is visited once.

``visits`` fails at any request that leaves the folder and at any error of a script.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from accessible import shorten
from chromium import PHONE, plain
from menus import MENUS, open_menus
from targets import small_targets
from visits import page_names, visits

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from real import Site

pytestmark = pytest.mark.browser
DESK = (1280, 900)
#: A page of more elements is loaded faster than it takes another width.
LONG = 1500


#: What is on the menus that a selector picks.
_SAID = "which => [...document.querySelectorAll(`.bar details${which} > summary`)].map(s => s.innerText.trim())"


@dataclass(slots=True)
class Seen:
    """What was seen of a page; sizes are widths and heights of the window."""

    small: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    width: dict[tuple[int, int], int] = field(default_factory=dict)
    axe: list[tuple[str, list[str]]] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(built: Site, browser: Browser) -> dict[str, Seen]:
    """Every page: the first on the desk, then on the phone; the next the other way round."""
    found = {}
    now, other = DESK, PHONE
    with visits(browser, built.out, now, reduced_motion="reduce") as visit:
        for name in sorted(page_names(built.out)):
            found[name] = Seen()
            page = visit(name)
            _look(page, name, now, found[name])
            now, other = other, now
            again = page.evaluate("document.querySelectorAll('*').length") > LONG
            if again:
                page.goto("about:blank")
            page.set_viewport_size({"width": now[0], "height": now[1]})
            _look(visit(name) if again else page, name, now, found[name])
    return found


def _look(page: Page, name: str, size: tuple[int, int], seen: Seen) -> None:
    seen.small[size] = small_targets(page)
    seen.width[size] = page.evaluate("document.documentElement.scrollWidth")
    if size == PHONE:
        return
    _menus(page, name)
    shorten(page, name)
    found = plain(page)  # colours are those of the kinds of page: test_axe.py
    seen.axe = [(v["id"], [n["target"][0] for n in v["nodes"]][:5]) for v in found]


def _menus(page: Page, name: str) -> None:
    """Every menu opens, one at a time, and closes."""
    assert page.evaluate(_SAID, ".menu") == [*MENUS], name
    open_menus(page, name, MENUS)
    assert page.evaluate(_SAID, "[open]") == ["Cite"], name
    page.keyboard.press("Escape")
    assert page.evaluate(_SAID, "[open]") == [], name


def test_axe_core_finds_nothing(seen: dict[str, Seen]) -> None:
    """What no page has but one, as a quotation that is all links."""
    assert len(seen) > 60
    assert {name: page.axe for name, page in seen.items() if page.axe} == {}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_target_is_too_small(seen: dict[str, Seen], size: tuple[int, int]) -> None:
    assert {name: page.small[size] for name, page in seen.items() if page.small[size]} == {}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_is_wider_than_the_window(seen: dict[str, Seen], size: tuple[int, int]) -> None:
    widths = {name: page.width[size] for name, page in seen.items()}
    assert {name: width for name, width in widths.items() if width > size[0]} == {}
