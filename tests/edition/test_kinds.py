"""What holds of every kind of page in a browser: complete without scripts, nothing from elsewhere, usable by the
keyboard alone. What holds of every page with scripts is in ``test_every_page.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chromium import PHONE
from menus import BY_POINTER, MENUS, open_menus
from real import CHAPTER
from visits import visits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from chromium import Open
    from real import Site
    from visits import Visit

pytestmark = pytest.mark.browser

#: A page of each kind → words of it that must be seen without scripts.
KINDS = {
    "index": "A critical digital edition",
    CHAPTER: "The truth is that",
    "essay/essay": "After the death of Vladimir Lenin",
    "thesis/bibliography": "Pathfinder Press",
    "registers/persons": "Menshevik leader",
    "registers/persons/kamenev-lev": "Bolshevik leader",
    "registers/index": "Kamenev",
    "apparatus": "misread words",
    "quotations": "quotations",
    "commentary": "closed until 1980",
    "pictures/map": "Leningrad",
    "pictures/timeline": "October Revolution",
    "pictures/persons": "Trotsky",
    "pictures/together": "Trotsky",
    "pictures/sources": "Fifteenth Congress",
    "pictures/emendations": "misread",
    "schema": "abstract",
    "pages": "read 3 times",
    "about/editing": "One line is one line",
    "search": "The search needs scripts",
    "404": "no page at this address",
}


@pytest.fixture(scope="module")
def plain(built: Site, browser: Browser) -> Iterator[Visit]:
    """A phone without scripts."""
    with visits(browser, built.out, PHONE, java_script_enabled=False) as visit:
        yield visit


@pytest.mark.parametrize("name", KINDS)
def test_page_is_complete_without_scripts(built: Site, plain: Visit, name: str) -> None:
    """`visits` fails at any request that leaves the folder."""
    page = plain(name)
    expect(page.locator("main")).to_contain_text(KINDS[name], use_inner_text=True)
    open_menus(page, name, MENUS)
    assert page.locator("section[data-style=chicago] p").is_visible()
    open_menus(page, name, ("Contents",))
    works = page.get_by_role("navigation", name="Contents").get_by_role(
        "link", name="Works", exact=True
    )
    assert works.is_visible()
    assert works.evaluate("link => link.href") == (built.out / "registers/works.html").as_uri()
    if name in BY_POINTER:
        works.click()
        page.wait_for_url("**/registers/works.html")


def _tab_to(page: Page, condition: str, most: int = 60) -> None:
    """Press Tab until the element that has the focus is the one wanted."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(n => {condition})(document.activeElement)"):
            box = page.evaluate(
                "(b => [b.width, b.height])(document.activeElement.getBoundingClientRect())"
            )
            assert min(box) > 0, "what has the focus can be seen"
            return
    raise AssertionError(condition)


def test_a_reader_without_a_mouse_reads_checks_cites_and_searches(open_page: Open) -> None:
    """From the front page by Tab, Enter, Space and arrows only, without the edition's own keys."""
    page = open_page("index")
    _tab_to(page, "n.textContent.trim() === 'Contents' && n.matches('summary')")
    page.keyboard.press("Enter")
    _tab_to(page, "n.getAttribute('href') === 'thesis/chapter-10.html'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thesis/chapter-10.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "first of all, past the bar"
    _tab_to(page, "n.id === 'view-edited'")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("location.search") == "?view=typed"
    page.keyboard.press("ArrowLeft")

    wanted = page.evaluate("""() => [...document.querySelectorAll('.part > :not(.apparatus) a.ap[href^="#entry-"]')]
      .filter(n => n.getClientRects().length && n.checkVisibility()).map(n => n.hash)""")
    assert len(wanted) > 30
    reached: list[str] = []
    for _ in range(3000):  # the whole apparatus, mark by mark
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(n => n.matches('a.ap') ? n.hash : n.closest('section.apparatus') ? 'end' : '')(document.activeElement)"
        )
        if here == "end":
            break
        if here:
            reached.append(here)
    assert [hash_ for hash_ in reached if hash_ in wanted] == reached
    assert set(reached) == set(wanted)
    page.keyboard.press("Enter")  # the place of the first entry in the list
    assert page.evaluate("location.hash").startswith("#")

    page.keyboard.press("Control+Home")
    page.evaluate("document.querySelector('.skip').focus()")
    _tab_to(page, "n.matches('.cite > summary')")
    page.keyboard.press("Enter")
    expect(page.locator("section[data-style=chicago] p")).to_be_visible()
    _tab_to(page, "n.matches('.copy')")
    page.keyboard.press("Escape")
    _tab_to(page, "n.matches('.find')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html")
    page.keyboard.type("isolationism")
    expect(page.locator("#results a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thesis/*.html*#p*")
