"""Open the menus of the bar as readers do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from real import CHAPTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

MENUS = ("Contents", "Display", "Cite")
#: One page of each depth, where tests open menus with the pointer; elsewhere they use a click that nothing can cover.
BY_POINTER = ("index", CHAPTER, "registers/persons/kamenev-lev")
_CLICK = """names => [...document.querySelectorAll('.bar details.menu > summary')]
  .filter(summary => names.includes(summary.textContent.trim())).map(summary => {
    const box = summary.getBoundingClientRect();
    const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!summary.contains(seen)) return 'covered';
    summary.click();
    return summary.parentElement.open ? 'open' : 'closed';
  })"""


def open_menus(page: Page, name: str, menus: tuple[str, ...]) -> None:
    """Open menus of the page ``name``, one after the other."""
    if name in BY_POINTER:
        for menu in menus:
            page.locator(".bar summary", has_text=menu).first.click()
    else:
        assert page.evaluate(_CLICK, menus) == ["open"] * len(menus)
