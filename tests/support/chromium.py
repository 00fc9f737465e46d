"""Provide a real browser to the tests: fixtures (a pytest plugin, see conftest.py) and helpers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright

from mini import Mini
from targets import lay_out
from tools import find, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize

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


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers of this process of the run."""
    require("chromium")
    with sync_playwright() as running:
        yield running


def _running(playwright: Playwright, path: str) -> Iterator[Windows]:
    chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield Windows(chromium)
    chromium.close()


@pytest.fixture(scope="session")
def _fast(playwright: Playwright) -> Iterator[Windows]:
    """Chromium without what only a screen needs, if it is here: the same pages in less time."""
    yield from _running(playwright, find("chromium-shell") or require("chromium"))


@pytest.fixture(scope="session")
def _whole(playwright: Playwright) -> Iterator[Windows]:
    """Chromium as readers have it."""
    yield from _running(playwright, require("chromium"))


@pytest.fixture(scope="module")
def windows(request: pytest.FixtureRequest) -> Windows:
    """Of the browser of this process of the run (to start it costs as much as three pages), or of the whole
    Chromium where a file is marked ``painted``."""
    painted = request.node.get_closest_marker("painted")
    found: Windows = request.getfixturevalue("_whole" if painted else "_fast")
    return found


@pytest.fixture(scope="module")
def browser(windows: Windows) -> Iterator[Browser]:
    """The same browser; what the tests of a file have opened is closed after them."""
    yield windows.browser
    for context in windows.browser.contexts:
        if context not in windows.kept:
            context.close()


@pytest.fixture(scope="session")
def small(shared: Shared) -> Path:
    """The mini edition, which has one of everything, as HTML."""
    return shared.folder("small", _build_small) / "build" / "html"


def _build_small(folder: Path) -> None:
    mini = Mini(folder)
    mini.write("sources/prophet.txt", "It is a short quotation of words, which end here.\n")
    works = mini.read("registers/works.yaml").rstrip("\n")
    mini.write("registers/works.yaml", f"{works}\n  text: sources/prophet.txt\n")
    result = mini.build("all")
    assert result.code == 0, result.output


@pytest.fixture
def open_in(windows: Windows) -> Iterator[Callable[[Path], Open]]:
    """Open pages of a folder. A request that leaves it, or a script error, fails the test."""
    faults: list[str] = []
    opened: list[Page] = []

    def in_folder(folder: Path) -> Open:
        home = folder.as_uri()

        def open_one(
            name: str, rest: str = "", size: tuple[int, int] = WIDE, **options: Any
        ) -> Page:
            page = windows.take(size, (home, faults), options)
            opened.append(page)
            page.goto(f"{home}/{name}.html{rest}")
            return page

        return open_one

    yield in_folder
    for page in opened:
        windows.give_back(page)
    assert faults == []


class Windows:
    """Windows that tests use one after another, because a new window costs more than the page that it shows.

    Between two tests the window is reset: storage, size, media and mouse position. With options (scripts
    disabled, a touch screen) a test gets a new window.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._free: list[Page] = []
        #: window → where its pages are, and where faults go
        self._told: dict[Page, tuple[str, list[str]]] = {}
        self.kept: set[BrowserContext] = set()

    def take(
        self, size: tuple[int, int], told: tuple[str, list[str]], options: dict[str, Any]
    ) -> Page:
        """Return a window of ``size`` with empty storage; ``told`` is the address of a folder and the list of faults."""
        view: ViewportSize = {"width": size[0], "height": size[1]}
        scheme = options.get("color_scheme")
        plain = not options.keys() - {"color_scheme"}
        if plain and self._free:
            page = self._free.pop()
            page.set_viewport_size(view)
        else:
            context = self.browser.new_context(viewport=view, **({} if plain else options))
            page = context.new_page()
            if plain:
                self.kept.add(context)
            page.on("request", lambda r: self._request(page, r.url))
            page.on("pageerror", lambda error: self._told[page][1].append(str(error)))
            page.on("console", lambda m: self._told[page][1].extend([m.text] * (m.type == "error")))
        self._told[page] = told
        if plain and scheme:
            page.emulate_media(color_scheme=scheme)
        return page

    def _request(self, page: Page, address: str) -> None:
        home, faults = self._told[page]
        if not address.startswith((home, "data:")):
            faults.append(address)

    def give_back(self, page: Page) -> None:
        """Reset the window, or close it if that is impossible."""
        self._told[page] = ("", [])
        try:
            if page.context not in self.kept or len(page.context.pages) > 1:
                raise Error("not to be used again")
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.goto("about:blank")  # a long page would be set anew for the size of the next
            page.mouse.move(-1, -1)
            page.emulate_media(
                media="null", color_scheme="null", reduced_motion="null", forced_colors="null"
            )
        except Error:
            self.kept.discard(page.context)
            page.context.close()
            del self._told[page]
        else:
            self._free.append(page)


@pytest.fixture
def open_small(open_in: Callable[[Path], Open], small: Path) -> Open:
    """A page of the mini edition."""
    return open_in(small)


def violations(page: Page, context: Any = None, **options: Any) -> list[dict[str, Any]]:
    """Return the findings of axe-core on the page (or in a part of it); the page keeps axe-core for the next call."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.axe_script)
        lay_out(page)
    options = {"preload": False, "resultTypes": ["violations"], **options}
    found: list[dict[str, Any]] = page.evaluate(
        "([where, o]) => axe.run(where ?? document, o).then(r => r.violations)", [context, options]
    )
    return found


#: Palette and colour scheme.
PALETTES: tuple[tuple[str, Literal["light", "dark"]], ...] = (
    ("", "light"),
    ("", "dark"),
    ("sepia", "light"),
    ("contrast", "light"),
)
#: Kinds of elements that passed axe-core in each palette.
_GOOD: dict[str, set[str]] = {f"{palette} {scheme}": set() for palette, scheme in PALETTES}
#: Gives a class to one element of each kind that is not in ``known``. A kind is the tag and classes of an element and of
#: its ancestors, whatever determines its colour and that of links in it, and every background behind it.
_KINDS = """
(known) => {
  const name = (e) => e.localName + "." + [...e.classList].filter((c) => c !== "axe-colours").sort().join(".");
  const old = new Set(known);
  const found = [];
  const walk = (element, ground, around) => {
    const s = getComputedStyle(element);
    if (s.display === "none") return;
    const behind = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode, s.position];
    if (behind.join() !== "rgba(0, 0, 0, 0),none,1,none,normal,static") ground += "/" + behind.join();
    const own = [
      name(element), around, s.color, s.fontSize, s.fontWeight, s.fontStyle, s.visibility, s.textShadow,
      s.textDecorationLine, s.textDecorationColor, s.borderBottom, s.outline, s.webkitTextFillColor,
      element.disabled, element.getAttribute("aria-disabled"),
    ].join("|");
    const texts = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const kind = own + ground;
    if ((texts || element.matches("input, select, textarea, button")) && !old.has(kind)) {
      old.add(kind);
      found.push(kind);
      element.classList.add("axe-colours");
    }
    for (const child of element.children) walk(child, ground, name(element) + " " + s.color);
  };
  for (const old of document.querySelectorAll(".axe-colours")) old.classList.remove("axe-colours");
  walk(document.documentElement, "", "");
  return found;
}
"""


def plain(page: Page, *, sizes: bool = False) -> list[dict[str, Any]]:
    """Return the findings of axe-core except those of colours and of target sizes, which ``targets.py`` checks faster.

    ``sizes`` includes target sizes: if an element covers another, the two checks can differ.
    """
    rest = COLOURS if sizes else [*COLOURS, "target-size"]
    return violations(page, runOnly=RULES, rules={rule: {"enabled": False} for rule in rest})


def colours(page: Page, good: set[str]) -> list[dict[str, Any]]:
    """Return the colour findings of axe-core for elements of kinds not yet in ``good``; add those that pass."""
    new = page.evaluate(_KINDS, list(good))
    if not new:
        return []
    found = violations(page, {"include": [[".axe-colours"]]}, runOnly=COLOURS)
    if not found:
        good.update(new)
    return found


def axe(page: Page) -> None:
    """Return the findings of every rule, with those of colour in light, dark, sepia and high contrast."""
    assert _said(plain(page, sizes=True)) == []
    for palette, scheme in PALETTES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate("name => { document.documentElement.dataset.colours = name; }", palette)
        assert _said(colours(page, _GOOD[f"{palette} {scheme}"])) == [], palette or scheme
    page.evaluate(
        "delete document.documentElement.dataset.colours;"
        "for (const one of document.querySelectorAll('.axe-colours')) one.classList.remove('axe-colours')"
    )


def _said(found: list[dict[str, Any]]) -> list[str]:
    return [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:3]}" for v in found]
