"""Check one page with axe-core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chromium import PHONE, WIDE, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from chromium import Open

#: Pages of the mini edition, and their views.
SMALL = (
    "index", "t/one", "t/one?view=typed", "t/one?view=ocr", "t/one?view=diff&names=1&lines=1", "t/two",
    "registers/index", "registers/persons", "registers/places", "registers/organisations",
    "registers/events", "registers/works", "apparatus", "quotations", "pages", "t/one?panes=ocr.edited", "t/two?latin=iso9", "schema", "downloads", "404", "search",
    "pictures/map", "pictures/timeline", "pictures/persons", "pictures/together", "pictures/sources",
    "pictures/emendations",
)  # fmt: skip
#: How many of many similar sections to keep: axe-core would need half a minute for all.
MORE = {
    "schema": ".schema section:nth-of-type(n + 8)",
    "apparatus": ".entries section:nth-of-type(n + 4)",
}


SHORTEN = """more => {
  const gone = new Set(more.flatMap(one => [one, ...one.querySelectorAll("[id]")]).map(one => `#${one.id}`));
  for (const one of more) one.remove();
  for (const link of document.querySelectorAll("a[href^='#']"))
    if (gone.has(link.getAttribute("href"))) link.replaceWith(...link.childNodes);
}"""


def check(open_one: Open, name: str) -> None:
    """Assert that axe-core finds nothing on the page ``name``, whose view may follow after ``?``."""
    docname, _, rest = name.partition("?")
    page = open_one(docname, f"?{rest}" if rest else "", PHONE if len(name) % 2 else WIDE)
    shorten(page, docname)
    axe(page)


def shorten(page: Page, docname: str) -> None:
    """Keep only the first of many similar sections, and remove the links to the others."""
    if docname in MORE:
        page.eval_on_selector_all(MORE[docname], SHORTEN)
