"""What a reader finds in the first window, in the drawers, and on the page of the apparatus."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from lxml import html
from playwright.sync_api import expect

from tei_export.shared import labels

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from chromium import Open
    from mini import Mini
    from tei_export.model.edition import Text


def _page(mini: Mini, name: str) -> html.HtmlElement:
    return html.fromstring((mini.out / "html" / name).read_bytes())


def _said(page: html.HtmlElement) -> dict[str, str]:
    """The rows of the first window."""
    return {
        row.find("dt").text: " ".join(row.find("dd").text_content().split())
        for row in page.xpath("//div[@class='door']//dl/div")
    }


def test_a_text_of_one_witness_has_none_to_choose(small: Path) -> None:
    assert not (small / "witnesstexts").exists()
    assert b"witness.js" not in (small / "t" / "one.html").read_bytes()


# --- the facts of the front page -----------------------------------------------------------------------


def test_the_first_window_tells_what_one_must_know(small: Path) -> None:
    page = html.fromstring((small / "index.html").read_bytes())
    said = _said(page)
    assert "Restored from an OCR text alone." in said["Reliability"]
    assert said["Emended"].startswith("10 emendations: ")
    assert said["Edited by"] == (
        "The editors of this edition (the record names no persons); Version 1.2.3 (draft)"
    )
    assert "A small edition" in said["Cite as"]
    for form in ("TEI", "PDF", "EPUB", "Plain text, edited", "Apparatus", "All files"):
        assert form in said["Download"]
    assert page.xpath("count(//h1/following::div[@class='door'])") == 1


def test_editors_are_named_as_the_record_names_them(mini: Mini) -> None:
    mini.replace(
        "edition.yaml",
        "editors: The editors of this edition",
        "editors:\n  - {name: An Editor, orcid: 0000-0002-1825-0097}",
    )
    mini.write(
        "index.md",
        mini.read("index.md").replace(
            "# A small edition\n", "# A small edition\n\n*Of two chapters*\n"
        ),
    )
    assert mini.build("html").code == 0
    page = _page(mini, "index.html")
    assert _said(page)["Edited by"].startswith("An Editor ORCID 0000-0002-1825-0097; ")
    assert page.xpath("//a[@class='orcid']/@href") == ["https://orcid.org/0000-0002-1825-0097"]
    assert page.xpath("//h1/following-sibling::*[1]/em/text()") == ["Of two chapters"], (
        "above the facts"
    )
    assert page.xpath("//p[em='Of two chapters']/following::div[@class='door']")


def test_a_chapter_says_who_read_it_when_and_against_what(mini: Mini) -> None:
    mini.replace(
        "edition.yaml", "    complete: true\n", "    complete: true\n    ledger: ledger.csv\n"
    )
    mini.write(
        "ledger.csv",
        "page,readings,last_read,read_by,open_doubts\n"
        "1,2,2026-01-30,A. Reader,\n2,1,2026-01-31,B. Reader,the year\n3,0,,,\n",
    )
    assert mini.build("html").code == 0
    one, two = (
        _page(mini, f"t/{name}.html").xpath("//ul[@class='facts']/li") for name in ("one", "two")
    )
    facts = [item.text_content() for item in one]
    assert "p. 1 read twice, p. 2 read once" in facts
    assert "against O, last on 31 January 2026, by A. Reader and B. Reader" in facts
    assert {"1 open doubt", "Version 1.2.3 (draft)"} <= set(facts)
    assert not any("against" in item.text_content() for item in two), "nobody read it"
    rows = [
        " ".join(row.text_content().split())
        for row in _page(mini, "pages.html").xpath("//tbody/tr")
    ]
    assert "read once, against O, last on 31 January 2026, by B. Reader" in rows[1]
    data = json.loads(_page(mini, "t/one.html").xpath("string(//script[@id='cite-data'])"))
    assert data["status"] == {
        "usual": "read twice, against O, last on 30 January 2026, by A. Reader",
        "others": {"2": "read once, against O, last on 31 January 2026, by B. Reader"},
        "doubts": {"2": "the year"},
    }
    said = _page(mini, "t/one.html").xpath("//p[@class='state']")[0].text_content()
    assert said.endswith("by A. Reader and B. Reader; 1 open doubt · Version 1.2.3 (draft)")


def test_who_is_not_named_is_not_passed_over() -> None:
    def detail(*readers: str) -> str:
        rows = {
            str(n): {"readings": "1", "last_read": "2026-01-30", "read_by": who}
            for n, who in enumerate(readers)
        }
        text = SimpleNamespace(ledger=rows, witness=SimpleNamespace(pages={}), siglum="O")
        return labels.reading_detail(cast("Text", text), list(rows))

    assert detail("") == "against O, last on 30 January 2026, by unnamed readers"
    assert detail("A. Reader", "").endswith("by A. Reader and unnamed readers")
    assert detail("A. Reader").endswith("by A. Reader")
    assert detail() == ""


# --- the drawers --------------------------------------------------------------------------


def test_a_permalink_has_its_version_beside_it(mini: Mini) -> None:
    mini.replace(
        "edition.yaml",
        'base_url: ""',
        "base_url: https://example.org/e\nversion_url: https://example.org/v1.2.3",
    )
    assert mini.build("html").code == 0
    page = _page(mini, "t/one.html")
    links = page.xpath("//section[contains(@class, 'address')]//a/@href")
    assert links == ["https://example.org/e/t/one.html", "https://example.org/v1.2.3/t/one.html"]


def test_every_file_has_its_licence_beside_it(small: Path) -> None:
    page = html.fromstring((small / "downloads.html").read_bytes())
    for item in page.xpath("//main//li[a[@download]]"):
        assert item.xpath(".//a[@rel='license']"), item.text_content()
    drawer = html.fromstring((small / "t/one.html").read_bytes()).xpath(
        "//details[contains(@class, 'take')]"
    )[0]
    (single,) = drawer.xpath(".//section[@class='single']")
    assert single.xpath("string(p[@class='may'])") == "Copyright not evaluated · CC BY 4.0"
    door = html.fromstring((small / "index.html").read_bytes()).xpath("//div[@class='door']")[0]
    assert door.xpath(".//dd[a[@download] or .//a[@download]]/small/a/@href"), "on the front page"
    sections = drawer.xpath(".//section[ul]")
    assert [s.find("h2").text for s in sections] == [
        "This chapter",
        "The whole text",
        "Tables of the edition (CSV)",
    ]
    assert [s.xpath("string(.//p[@class='may'])") for s in sections] == [
        "Copyright not evaluated · CC BY 4.0",
        "Copyright not evaluated · CC BY 4.0",
        "Copyright not evaluated · CC BY 4.0",
    ]


def test_every_file_of_the_data_is_offered(small: Path) -> None:
    page = html.fromstring((small / "downloads.html").read_bytes())
    offered = set(page.xpath("//main//a[@download]/@href"))
    made = {f"files/data/{path.name}" for path in (small / "files/data").iterdir() if path.suffix}
    assert len(made) > 20
    assert made - offered == {"files/data/README.md"}


def test_plain_texts_of_parts_and_pages_are_those_of_the_whole(small: Path) -> None:
    folder = small / "files/tei"
    for ending in (".txt", ".typed.txt"):
        whole = (folder / f"t{ending}").read_text(encoding="utf-8")
        parts = [(folder / f"t/ch-0{n}{ending}").read_text(encoding="utf-8") for n in (1, 2)]
        assert "\n".join(parts) == whole
    pages = [
        (folder / f"t/pages/pg-00{n}.typed.txt").read_text(encoding="utf-8") for n in (1, 2, 3)
    ]
    assert "\n".join(pages) == (folder / "t.typed.txt").read_text(encoding="utf-8")
    second = (folder / "t/pages/pg-002.txt").read_text(encoding="utf-8")
    assert second.startswith("[p. 2]")
    assert "quotation of [his] words" in second
    assert "isolation" not in second


def _open(page: Page, name: str) -> None:
    page.locator("summary", has_text=name).first.click()


@pytest.mark.browser
def test_the_page_of_the_address_is_cited_and_taken(open_small: Open) -> None:
    page = open_small("t/one", "#p2")
    _open(page, "Cite")
    expect(page.locator("[data-cite-what]")).to_have_text("Page 2")
    expect(page.locator("details.cite .state")).to_have_text(
        "no proofreading is recorded · Version 1.2.3 (draft)"
    )
    assert page.locator("details.cite").get_attribute("data-place") == "2"
    (item,) = json.loads(page.locator("[data-format=csl] pre").text_content() or "")
    assert (item["page"], item["title"]) == ("2", "I. One")
    assert page.locator("[data-address=local]").inner_text() == "t/one.html#p2"
    page.get_by_role("button", name="Cite the whole chapter").click()
    assert "page" not in json.loads(page.locator("[data-format=csl] pre").text_content() or "")[0]
    _open(page, "Download")
    first = page.locator("details.take section").first
    expect(first.locator("h2")).to_have_text("Page 2")
    files = [link.get_attribute("href") for link in first.locator("a[download]").all()]
    assert [(file or "").rpartition("/")[2] for file in files] == [
        "pg-002.xml",
        "pg-002.txt",
        "pg-002.typed.txt",
    ]
    expect(first.locator(".may")).to_have_text("Copyright not evaluated · CC BY 4.0")
    page.evaluate("location.hash = '#p2.3'")
    _open(page, "Cite")
    expect(page.locator("[data-cite-what]")).to_have_text("Page 2, line 3")


# --- the page of the apparatus ------------------------------------------------------------


@pytest.mark.browser
def test_the_apparatus_is_sorted_filtered_and_taken(open_small: Open) -> None:
    page = open_small("apparatus", accept_downloads=True)
    entries = page.locator(".readings > li")
    before = entries.all_inner_texts()
    page.get_by_label("Order").select_option("kind")
    heads = page.locator(".sorted h2").all_inner_texts()
    assert {"misread words", "corrected slips"} <= set(heads)
    page.get_by_label("misread words").uncheck()
    assert "misread words" not in page.locator(".sorted h2:visible").all_inner_texts()
    address = page.evaluate("location.search")
    assert "order=kind" in address and "k=" in address
    page.reload()
    assert not page.get_by_label("misread words").is_checked()
    shown = [entry.inner_text() for entry in entries.all() if entry.is_visible()]
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download this list").click()
    rows = list(csv.DictReader(io.StringIO(caught.value.path().read_text(encoding="utf-8-sig"))))
    assert 0 < len(shown) <= len(rows) < len(before) + 1
    (slip,) = [row for row in rows if row["kind"] == "corrected slips"]
    assert (slip["lemma"], slip["readings"], slip["place"]) == (
        "adamant",
        "T: adament",
        "1.4",
    )
    page.get_by_label("misread words").check()
    page.get_by_label("Order").select_option("page")
    assert entries.all_inner_texts() == before, "as the page came"
    assert page.evaluate("location.search") == ""
