"""Citing pages and passages, taking files: what the pages say, and what a browser does with it."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy
from lxml import html

from real import Site
from tei_export.outputs.html.cite import SENTINEL
from web import LINE, blocks, classes

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Open = Callable[..., Page]

SELECT = """([from, to]) => {
  const texts = [...document.querySelectorAll('.part p')].filter((p) => !p.closest('.apparatus') && p.querySelector('.lf')).map((p) => {
    const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (node.parentElement.checkVisibility() && !node.parentElement.closest('.nr, .label, .fw, .pb, .key')) for (const m of node.nodeValue.matchAll(/[^\\s]+/g)) found.push([node, m.index, m.index + m[0].length]);
    return found;
  }).filter((words) => words.length > 4);
  const words = texts[Math.floor(from * texts.length)];
  const first = Math.floor(from * 7919 % 1 * (words.length - 1));
  const last = Math.min(words.length - 1, first + Math.floor(to * 60));
  const range = new Range();
  range.setStart(words[first][0], words[first][1]);
  range.setEnd(words[last][0], words[last][2]);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return words.slice(first, last + 1).map(([node, start, end]) => node.nodeValue.slice(start, end)).join(" ");
}"""


# --- what the pages say -------------------------------------------------------------------


def test_every_page_has_a_citation_with_version_and_caveat(built: Site) -> None:
    edition = built.edition
    for name, page in built.pages().items():
        styles = page.xpath("//section[@data-style]/p")
        assert len(styles) == 3, name
        for style in styles:
            words = style.text_content()
            assert edition.field("version") in words, name
            assert _caveat(built, name) in words, name
            assert SENTINEL not in words, name
        (bibtex,) = page.xpath("//details[@data-format='bibtex']/pre")
        (entry,) = bibtexparser.loads(bibtex.text).entries
        (ris,) = page.xpath("//details[@data-format='ris']/pre")
        (record,) = rispy.loads(ris.text)
        assert entry["title"].strip("{}") == (record.get("title") or record["primary_title"]), name


def _caveat(built: Site, name: str) -> str:
    """What the record says the edition cannot claim of the text of a page, or of the whole."""
    edition = built.edition
    found = edition.part_of(name.removesuffix(".html"))
    own = found[0].data.get("caveat") if found else None
    return " ".join((own or edition.field("caveat")).split())


def test_a_text_that_was_not_read_by_a_machine_does_not_say_so(built: Site) -> None:
    essay, thesis = (_caveat(built, f"{name}.html") for name in ("essay/essay", "thesis/preface"))
    assert essay != thesis
    for name, own, other in (("essay/essay", essay, thesis), ("thesis/preface", thesis, essay)):
        shown = (built.out / f"{name}.html").read_text(encoding="utf-8")
        page = built.page(name)
        assert other not in shown
        data = json.loads(page.xpath("string(//script[@id='cite-data'])"))
        assert own in data["caveat"]
        for form in ("bibtex", "ris"):
            assert own in data["formats"][form], form
            assert own in page.xpath(f"string(//details[@data-format='{form}']/pre)"), form
        assert own in page.xpath("string(//footer)")


def test_a_part_is_recognised_by_reference_managers(built: Site) -> None:
    for docname in built.parts():
        page = built.page(docname)
        title = page.xpath("string(//meta[@name='citation_title']/@content)")
        assert title == built.edition.part_of(docname)[1].title
        assert page.xpath("//meta[@name='citation_inbook_title']/@content")
        (coins,) = page.xpath("//span[@class='Z3988']/@title")
        fields = parse_qs(coins, strict_parsing=True)
        assert fields["rft.atitle"] == [title]
        assert fields["rft.genre"] == ["bookitem"]


def test_without_an_address_nothing_pretends_to_be_permanent(built: Site) -> None:
    assert not (built.out / "sitemap.xml").exists()
    page = built.page("index")
    assert not page.xpath("//link[@rel='canonical'] | //base | //meta[@property='og:url']")
    assert not page.xpath("//a[@data-report-to]")


# --- what a browser does ------------------------------------------------------------------


def _lines(built: Site, docname: str) -> dict[str, str]:
    """Place → the edited words of the line."""
    found: dict[str, str] = {}
    place = ""

    def walk(node: html.HtmlElement) -> None:
        nonlocal place
        names = classes(node)
        if names & {"t", "to", "o", "fw", "nr", "label"}:
            return
        if (node.tag == LINE or "lf" in names) and node.get("id"):
            place = node.get("id")[1:]
        found[place] = found.get(place, "") + (node.text or "")
        for child in node:
            walk(child)
            found[place] += child.tail or ""

    for block in blocks(built.page(docname)):
        walk(block)
    return found


@pytest.mark.browser
def test_fifty_passages_are_cited_by_the_lines_that_have_them(open_page: Open, built: Site) -> None:
    chance = random.Random(17)
    checked = 0
    for docname in ("thesis/chapter-02", "thesis/chapter-06"):
        lines = _lines(built, docname)
        order = list(lines)
        page = open_page(docname)
        for _ in range(25):
            quote = page.evaluate(SELECT, [chance.random(), chance.random()])
            page.wait_for_function("getSelection().toString() !== ''")
            page.wait_for_timeout(20)
            page.locator("details.cite > summary").click()
            place = page.locator("details.cite[data-place]").get_attribute("data-place")
            assert place, (docname, quote)
            start, _, end = place.partition("-")
            end = start if not end else end if "." in end else f"{start.split('.')[0]}.{end}"
            assert start in lines and end in lines, place
            span = order[order.index(start) : order.index(end) + 1]
            words = "".join("".join(lines[p] for p in span).split())
            assert "".join(quote.split()) in words, place
            for without in (span[1:], span[:-1]):  # and no line too many
                assert "".join(quote.split()) not in "".join(
                    "".join(lines[p] for p in without).split()
                ), place
            shown = page.locator("section[data-style=apa] p").inner_text()
            assert re.search(
                rf"\b{re.escape(start.split('.')[0])}, ll?\. {start.split('.')[1]}\b", shown
            ), shown
            page.keyboard.press("Escape")
            page.locator("details.cite[data-place]").wait_for(state="detached")
            checked += 1
    assert checked == 50


@pytest.mark.browser
def test_an_error_is_reported_with_place_reading_and_version(open_page: Open, built: Site) -> None:
    page = open_page("thesis/chapter-02", "#p17.12")
    page.evaluate("""() => { const line = document.getElementById('p17.12'); const range = new Range();
      range.setStart(line.nextSibling, 0); range.setEnd(line.nextSibling, 6);
      getSelection().removeAllRanges(); getSelection().addRange(range); }""")
    page.wait_for_timeout(50)
    page.locator("details.cite > summary").click()
    assert "times, against O, last on " in page.locator("[data-state]").inner_text()
    page.locator("details.report > summary").click()
    report = page.locator("[data-report]").input_value()
    assert "17, l. 12" in report
    assert "0.1.0" in report
    assert "#p17.12" in report
