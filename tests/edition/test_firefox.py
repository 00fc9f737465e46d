"""The pages in Firefox, whose engine is not Chromium's: what readers use most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from firefox import Firefox, FirefoxError

if TYPE_CHECKING:
    from real import Site

from firefox import FIND

pytestmark = pytest.mark.browser

#: Two words before and two after every place of a kind (a selector), as they are shown: what
#: a reader would type to find the passage.
PHRASES = """
const found = [];
for (const place of document.querySelectorAll(arguments[0])) {
  const block = place.closest(".part :is(p, blockquote, h1, h2, h3)");
  if (!block || !place.checkVisibility()) continue;
  let before = "", after = "";
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.checkVisibility()) continue;
    if (place.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) after += node.data;
    else before += node.data;
  }
  const [first] = before.match(/(\\S+\\s+)?\\S+\\s*$/u) ?? [""];
  const [last] = after.match(/^\\s*\\S+(\\s+\\S+)?/u) ?? [""];
  if (first.trim() && last.trim()) found.push((first + last).replace(/\\s+/gu, " ").trim());
}
return found;
"""


def test_find_in_page_goes_over_every_turn_of_a_page(fox: Firefox, built: Site) -> None:
    turns = 0
    for docname in built.parts():
        fox.open((built.out / f"{docname}.html").as_uri())
        phrases = fox.run(PHRASES, ".pb")
        assert fox.run(FIND, phrases) == [], docname
        turns += len(phrases)
    assert turns > 100
    assert fox.run(FIND, ["words that are not in it"]) == ["words that are not in it"]


@pytest.mark.parametrize("view", ["?lines=1", "?view=typed", "?view=ocr", "?view=diff&names=1"])
def test_find_in_page_goes_over_the_numbers_of_lines(fox: Firefox, built: Site, view: str) -> None:
    fox.open((built.out / "thesis/chapter-06.html").as_uri() + view)
    phrases = fox.run(PHRASES, "[data-l], .pb")
    assert len(phrases) > 40
    assert fox.run(FIND, phrases) == []


NUMBERS = """
const wrong = [];
let seen = 0;
for (const number of document.querySelectorAll(".at, .nth")) {
  const shown = number.getBoundingClientRect();
  if (!shown.height) continue;
  const name = getComputedStyle(number).getPropertyValue("--at");
  const within = number.style.length ? document : number.parentElement;
  const place = [...within.querySelectorAll(".pb, [data-l]")].find((e) => getComputedStyle(e).anchorName === name);
  const there = [...place.getClientRects()].at(-1);
  const off = (shown.top + shown.bottom) / 2 - (there.top + there.bottom) / 2;
  const head = number.closest(".head");
  const beside = shown.right <= number.closest(".part, .notes li, blockquote.translation").getBoundingClientRect().left + 1;
  seen += 1;
  if ((Math.abs(off) > 4 && !head) || !beside) wrong.push([number.dataset.n, off, beside]);
}
return [seen, wrong];
"""


@pytest.mark.parametrize("view", ["", "?lines=1", "?view=typed"])
def test_numbers_stand_in_the_margin_beside_their_lines(
    fox: Firefox, built: Site, view: str
) -> None:
    fox.open((built.out / "thesis/chapter-06.html").as_uri() + view)
    seen, wrong = fox.run(NUMBERS)
    assert seen >= (16 if not view else 60)
    assert wrong == []


@pytest.mark.parametrize("width", [1280, 390])
def test_every_kind_of_page_fits_the_window_and_no_script_throws(
    fox: Firefox, built: Site, width: int
) -> None:
    for name in (
        "index",
        "thesis/chapter-06",
        "essay/essay",
        "registers/works",
        "apparatus",
        "pages",
        "pictures/map",
        "search",
    ):
        fox.open((built.out / f"{name}.html").as_uri(), width)
        fox.run("window.faults = []; addEventListener('error', (e) => faults.push(e.message))")
        assert fox.run("return document.documentElement.scrollWidth - innerWidth") <= 0, name
        fox.run(
            "for (const s of document.querySelectorAll('.bar summary')) { s.click(); s.click(); }"
        )
        assert fox.run("return faults") == [], name


def test_the_apparatus_opens(fox: Firefox, built: Site) -> None:
    fox.open((built.out / "thesis/chapter-06.html").as_uri())
    fox.run("document.querySelector('.part a.ap').click()")
    assert fox.run("return document.getElementById('pop').matches(':popover-open')") is True
    with pytest.raises(FirefoxError):
        fox.run("throw new Error('seen')")
