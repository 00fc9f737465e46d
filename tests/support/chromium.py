"""A real browser for the tests: fixtures (a pytest plugin, see conftest.py) and helpers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from mini import Mini
from tools import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from shared import Shared

    Open = Callable[..., Page]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
AXE = Axe()
WIDE, PHONE = (1440, 900), (390, 844)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = require("chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def small(shared: Shared) -> Path:
    """The mini edition, which has one of everything, as HTML."""
    return shared.folder("small", _build_small) / "build" / "html"


def _build_small(folder: Path) -> None:
    result = Mini(folder).build("all")
    assert result.code == 0, result.output


@pytest.fixture
def open_in(browser: Browser) -> Iterator[Callable[[Path], Open]]:
    """Opens pages of a folder. Requests that leave it and errors of scripts fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def in_folder(folder: Path) -> Open:
        home = folder.as_uri()

        def open_one(
            name: str, rest: str = "", size: tuple[int, int] = WIDE, **options: Any
        ) -> Page:
            context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
            contexts.append(context)
            page = context.new_page()
            page.on(
                "request",
                lambda r: faults.extend([r.url] * (not r.url.startswith((home, "data:")))),
            )
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda m: faults.extend([m.text] * (m.type == "error")))
            page.goto(f"{home}/{name}.html{rest}")
            return page

        return open_one

    yield in_folder
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def open_small(open_in: Callable[[Path], Open], small: Path) -> Open:
    """A page of the mini edition."""
    return open_in(small)


def violations(page: Page, **options: Any) -> list[dict[str, Any]]:
    """What axe-core finds on the page, which keeps it for the next time."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.axe_script)
    options = {"preload": False, "resultTypes": ["violations"], **options}
    found: list[dict[str, Any]] = page.evaluate("o => axe.run(o).then(r => r.violations)", options)
    return found


def axe(page: Page) -> None:
    """Every rule in light, those of colour also in dark, in sepia and in high contrast."""
    palettes: tuple[tuple[str, Literal["light", "dark"], list[str]], ...] = (
        ("", "light", RULES),
        ("", "dark", COLOURS),
        ("sepia", "light", COLOURS),
        ("contrast", "light", COLOURS),
    )
    for palette, scheme, rules in palettes:
        page.emulate_media(color_scheme=scheme)
        page.evaluate("name => { document.documentElement.dataset.colours = name; }", palette)
        assert [
            f"{palette or scheme}: {v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:3]}"
            for v in violations(page, runOnly=rules)
        ] == []
    page.evaluate("delete document.documentElement.dataset.colours")
