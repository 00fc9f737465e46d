"""Two texts side by side, a reading put into the text, notes of two series beside it, and what a search can ask."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from chromium import Open
    from mini import Mini

pytestmark = pytest.mark.browser


def _cells(page: Page) -> list[list[str]]:
    """The words of every row, cell by cell."""
    said: list[list[str]] = page.evaluate(
        """() => [...document.querySelectorAll('.panes .row')].map((row) => [...row.children].map(
            (cell) => cell.innerText.replace(/\\s+/g, ' ').trim()))"""
    )
    return said


def test_any_two_texts_stand_side_by_side(open_small: Open) -> None:
    page = open_small("t/one", "?panes=typed.edited")
    (row,) = [cells for cells in _cells(page) if "adamant" in cells[1]]
    assert "adament friends" in row[0]
    assert page.locator(".cell[data-lines=typed]").count() > 3, "in its lines"
    assert "isolation was a mistake" in row[1]
    page.get_by_label("Left text").select_option(label="OCR")
    (row,) = [cells for cells in _cells(page) if "adamant" in cells[1]]
    assert "fi*otsky" in row[0] and "adaraent" in row[0]
    assert page.evaluate("new URLSearchParams(location.search).get('panes')") == "ocr.edited"
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.panes .row')].map((row) => [...row.children].map(
            (cell) => cell.getBoundingClientRect().top))"""
    )
    assert all(left == right for left, right in boxes), "in step"
    assert any("Isaac Deutscher" in cells[0] for cells in _cells(page)), "the notes, too"
    page.get_by_label("As typed").check()
    assert page.locator(".panes").count() == 0
    assert page.locator(".part > p").first.is_visible()
    assert page.evaluate("location.search") == "?view=typed"
    page.keyboard.press("s")
    assert page.locator(".panes").is_visible()


def test_words_marked_in_one_of_two_texts_are_cited_by_their_lines(open_small: Open) -> None:
    page = open_small("t/one", "?panes=ocr.edited")
    page.evaluate(
        """() => { const at = document.querySelector('.panes .cell + .cell [data-line="p1.4"]').nextSibling;
        const range = new Range(); range.setStart(at, 0); range.setEnd(at, at.length);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    page.wait_for_timeout(50)
    page.locator("details.cite > summary").click()
    assert page.locator("details.cite").get_attribute("data-place") == "1.4"


def test_a_single_reading_is_put_into_the_text(open_small: Open) -> None:
    page = open_small("t/one")
    paragraph = page.locator(".part > p").first
    mark = page.locator(".part .ap.ocr", has_text="Trotsky").first.get_attribute("id")
    key = page.locator(f"a[href='#entry-{mark}']").first
    key.click()
    page.locator("#pop .swap").get_by_role("button", name="O", exact=True).click()
    assert "fi*otsky" in paragraph.inner_text()
    assert "adamant" in paragraph.inner_text(), "the others stay"
    assert "swap=" in page.evaluate("location.search")
    page.reload()
    assert "fi*otsky" in paragraph.inner_text()
    key.click()
    page.locator("#pop .swap").get_by_role("button", name="This edition").click()
    assert "Trotsky" in paragraph.inner_text() and "fi*otsky" not in paragraph.inner_text()
    assert page.evaluate("location.search") == ""


def test_notes_of_two_series_do_not_lie_on_each_other(
    mini: Mini, open_in: Callable[[Path], Open]
) -> None:
    text = mini.read("t/one.md").replace("friends in", "friends[^ed-1] in")
    words = "A remark of the editors that goes on for some lines beside the text of the page. " * 3
    mini.write(
        "t/one.md",
        text.replace("The {person}`General", f"[^ed-1]: {words}\n\nThe {{person}}`General", 1),
    )
    result = mini.build("html")
    assert result.code == 0, result.output
    page = open_in(mini.out / "html")("t/one")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.notes li')].map((note) => {
            const box = note.getBoundingClientRect();
            const ref = document.querySelector(`[id="${note.id.replace('fn-', 'nr-')}"], sup:has(a[href="#${note.id}"])`).getBoundingClientRect();
            return [box.top, box.bottom, box.left, ref.top]; }).sort((a, b) => a[0] - b[0])"""
    )
    column = page.locator(".part").bounding_box()
    assert column is not None and len(boxes) == 3
    assert all(box[2] >= column["x"] + column["width"] for box in boxes), "beside the text"
    assert all(above[1] <= below[0] for above, below in pairwise(boxes))
    assert abs(boxes[0][0] - boxes[0][3]) < 30


# --- what a search can ask ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("isolation AND Politburo", ["1.3"]),
        ("Moscow OR quotation", ["1.5", "2.2"]),
        ("Stalin NOT adamant", ["3.2"]),
        ("adamant -mistake", []),
        ("isolation NEAR/3 mistake", ["1.3"]),
        ("isolation NEAR/3 Politburo", []),
        ("ad*ant", ["1.4"]),
        ("m?stake", ["1.4"]),
        ("quotacion~", ["2.2"]),
        ("menʹševizm", ["3.3"]),
        ("menshevizm", ["3.3"]),
        ("fi*otsky*", ["1.3"]),
    ],
)
def test_a_query(open_small: Open, query: str, places: list[str]) -> None:
    page = open_small("search", "?parts=text")
    page.locator("#q").fill(query)
    page.wait_for_function(
        "document.getElementById('found').textContent.includes('found')||document.querySelector('#results li')||document.getElementById('found').textContent.includes('for')"
    )
    assert page.locator("#results .loc").all_inner_texts() == places


def test_the_places_found_are_taken_with_their_citations(open_small: Open) -> None:
    page = open_small("search", "?q=Trotsky", accept_downloads=True)
    page.locator("#results .hits a").first.wait_for()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download the results").click()
    rows = list(csv.DictReader(io.StringIO(caught.value.path().read_text(encoding="utf-8-sig"))))
    first = next(row for row in rows if row["place"] == "1.3")
    assert (first["part"], first["found"], first["address"]) == (
        "I. One",
        "Trotsky's",
        "t/one.html#p1.3",
    )
    assert first["citation"].startswith("I. One, 1.3. ")
    assert "A small edition" in first["citation"]
