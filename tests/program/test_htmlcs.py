"""HTML CodeSniffer, the first runner of pa11y, on one page of each kind: it knows WCAG 2 AA otherwise than axe-core."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from accessible import SMALL, shorten
from tools import missing, require

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

#: What pa11y reports if nothing else is asked: errors, by their code and the element. Not H32.2, "no submit button":
#: the boxes of a list sift it at once, and nothing is sent.
ERRORS = """() => new Promise((done, fail) => HTMLCS.process("WCAG2AA", document, () => done(
  HTMLCS.getMessages().filter(one => one.type === HTMLCS.ERROR && !one.code.endsWith("H32.2"))
    .map(one => `${one.code} ${one.element.outerHTML.slice(0, 120)}`)), fail))"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page()


def _errors(page: Page, address: str, name: str = "") -> list[str]:
    program = Path(require("node_modules")) / "@pa11y/html_codesniffer/build/HTMLCS.js"
    if not program.is_file():
        missing("html_codesniffer is not here: run `make setup-test`")
    page.goto(address)
    shorten(page, name)
    page.evaluate(program.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(ERRORS)
    return found


def test_no_kind_of_page_has_an_error(page: Page, small: Path) -> None:
    kinds = dict.fromkeys(name.partition("?")[0] for name in SMALL)
    faults = {name: _errors(page, (small / f"{name}.html").as_uri(), name) for name in kinds}
    assert {name: found for name, found in faults.items() if found} == {}


def test_an_error_is_seen(page: Page, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(
        '<title>A</title><h1></h1><img src="data:,"><p style="color: #ddd; background: #fff">pale',
        "utf-8",
    )
    codes = " ".join(_errors(page, bad.as_uri()))
    for part in ("3_1_1.H57", "H42", "H37", "1_4_3.G18"):
        assert part in codes
