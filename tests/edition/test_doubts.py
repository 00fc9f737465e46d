"""The doubts that the ledger has open are told wherever a reader looks; none is said to be closed."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from mini import ROOT
from tables import data_files
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from epub import Epub
    from pdf import Pdf
    from real import Site

LOST = {"137", "138", "139"}


@pytest.fixture(scope="module")
def ledger() -> dict[str, list[str]]:
    """Page → doubts, as the ledger's file has them."""
    with (ROOT / "edition" / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = {
            row["page"]: row["open_doubts"].split(";")
            for row in csv.DictReader(file)
            if row["open_doubts"]
        }
    return {
        page: [said.strip() for said in words] for page, words in rows.items() if page not in LOST
    }


def test_the_pages_tell_every_doubt(built: Site, ledger: dict[str, list[str]]) -> None:
    rows = {
        r.find("th").text_content(): r.xpath("td") for r in built.page("pages").xpath("//tbody/tr")
    }
    for page, cells in rows.items():
        if page not in LOST:
            assert cells[-1].text_content() == ("; ".join(ledger.get(page, [])) or "–"), page
    told: dict[str, str] = {}
    for doc in built.parts():
        for said in built.page(doc).xpath("//section[@id='apparatus']//p[@class='doubts']"):
            told[said.getprevious().text_content().split()[-1]] = said.find("i").text_content()
    assert told == {page: "; ".join(words) for page, words in ledger.items()}


def test_a_chapter_says_how_many_are_open(built: Site, ledger: dict[str, list[str]]) -> None:
    for doc in built.parts():
        pages = domain_of(built.app.env).facts_for(doc).pages
        number = sum(len(ledger.get(page, [])) for page in pages)
        said = built.page(doc).xpath("string(//header[@class='head']//ul[@class='facts'])")
        assert re.findall(r"(\d+) open doubts?", said) == ([str(number)] if number else []), doc


def test_the_book_and_the_epub_tell_every_doubt(
    ledger: dict[str, list[str]], edition_book: Pdf, edition_epub: Epub
) -> None:
    number = sum(map(len, ledger.values()))
    printed = re.sub(r"\s+", " ", edition_book.tags.text())
    assert f"{number} open doubts" in printed
    for page, words in ledger.items():
        assert f"p. {page}: {', '.join(words)}" in printed
    (about,) = [d for d in edition_epub.documents.values() if d.xpath("//*[@class='doubts']")]
    pairs = zip(
        about.xpath("//*[@class='doubts']/*[1 = position() mod 2]"),
        about.xpath("//*[@class='doubts']/*[0 = position() mod 2]"),
        strict=True,
    )
    told = {"".join(dt.itertext()).removeprefix("p. "): "".join(dd.itertext()) for dt, dd in pairs}
    assert told == {page: "; ".join(words) for page, words in ledger.items()}


def test_the_table_of_pages_has_every_page(
    edition_app: Sphinx, ledger: dict[str, list[str]]
) -> None:
    domain = domain_of(edition_app.env)
    rows = list(csv.DictReader(io.StringIO(data_files(edition_app.env)["pages.csv"])))
    assert [row["page"] for row in rows] == list(domain.edition.texts["thesis"].witness.pages)
    assert {
        row["page"]: row["open_doubts"].split(" | ") for row in rows if row["open_doubts"]
    } == ledger
    assert {row["page"] for row in rows if row["lost"]} == LOST
    assert {row["readings"] for row in rows if not row["lost"]} == {"3"}
