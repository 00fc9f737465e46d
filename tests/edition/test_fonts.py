"""The fallbacks of the web fonts: what a page is set in until they are there."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

import pytest

from web import parse

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Route

    from real import Site

pytestmark = pytest.mark.painted
STATIC = ROOT / "src/tei_export/shared/web_fonts"
WATCH = """window.shifts = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true })"""


def _shift(window: BrowserContext, address: str) -> float:
    """How much of the page moves when the fonts come after everything else (Core Web Vitals' CLS)."""
    page = window.new_page()  # nothing is kept from one page to the next where requests are held
    held: list[Route] = []
    page.add_init_script(WATCH)
    page.route("**/*.woff2", lambda route: held.append(route))
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_function("document.fonts.status === 'loading'")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 600)))")
    assert held, "the page has asked for no font"
    for route in held:
        route.continue_()
    page.unroute("**/*.woff2")
    page.evaluate("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 300)))")
    total: float = page.evaluate("shifts.reduce((sum, value) => sum + value, 0)")
    page.close()
    return total


def _window(browser: Browser, size: tuple[int, int]) -> BrowserContext:
    return browser.new_context(viewport={"width": size[0], "height": size[1]})


@pytest.mark.browser
@pytest.mark.parametrize("size", [(390, 844), (1280, 900)], ids=["phone", "wide"])
def test_the_page_stands_still_when_the_fonts_come(
    browser: Browser, built: Site, size: tuple[int, int]
) -> None:
    """A line more or less in one paragraph of the window is 0.08 to 0.1, and some pages have one; 0.1 is what
    the Web Vitals call good."""
    names = [
        "index",
        *(n for n in built.parts() if n != "thesis/bibliography"),
        "registers/persons",
        "about/text",
        "pages",
    ]
    window = _window(browser, size)
    shifts = {name: _shift(window, (built.out / f"{name}.html").as_uri()) for name in names}
    assert max(shifts.values()) < 0.15, shifts
    assert mean(shifts.values()) < 0.05, shifts


@pytest.mark.browser
def test_without_the_fallbacks_it_would_move(browser: Browser, built: Site, tmp_path: Path) -> None:
    page = built.out / "thesis/chapter-06.html"
    sheet = parse(page).xpath("string(//link[@rel='stylesheet']/@href)").partition("?")[0]
    css = (
        (page.parent / sheet)
        .read_text(encoding="utf-8")
        .replace("size-adjust", "x")
        .replace("ascent-override", "x")
    )
    css = css.replace('url("fonts/', f'url("{STATIC.as_uri()}/fonts/')
    (tmp_path / "page.html").write_text(
        page.read_text(encoding="utf-8").replace("</head>", f"<style>{css}</style></head>"),
        encoding="utf-8",
    )
    assert _shift(_window(browser, (390, 844)), (tmp_path / "page.html").as_uri()) > 0.1
