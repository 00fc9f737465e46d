"""Show many pages in one window, because a new window costs more than most pages."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chromium import WIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    #: ``visit("thesis/chapter-01", "?view=ocr")``: the window, which shows the page now.
    Visit = Callable[..., Page]


@contextmanager
def visits(
    browser: Browser, folder: Path, size: tuple[int, int] = WIDE, **options: Any
) -> Iterator[Visit]:
    """Show pages of a folder in one window.

    A request that leaves the folder, or a script error, is a fault of the page that caused it, and is raised
    at the next visit or at the end.
    """
    home = folder.as_uri()
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    page = context.new_page()
    faults: list[str] = []
    page.on("request", lambda r: faults.extend([r.url] * (not r.url.startswith((home, "data:")))))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.extend([m.text] * (m.type == "error")))

    def visit(name: str, rest: str = "") -> Page:
        assert faults == [], f"before {name}"
        if options.get("java_script_enabled", True) and page.url.startswith(home):
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.goto(f"{home}/{name}.html{rest}")
        return page

    yield visit
    context.close()
    assert faults == []


def page_names(folder: Path) -> set[str]:
    """Return the pages of a site, without file extension."""
    found = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.html"))
    return {name for name in found if not name.startswith(("files/", "_static/"))}
