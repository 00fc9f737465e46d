"""Citing pages and passages, taking files: what the pages say, and what a browser does with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

from mini import Mini
from tei_export.outputs.html import site_files
from tei_export.outputs.html.cite import SENTINEL

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Open = Callable[..., Page]

ADDRESS = "https://example.org/edition"


@pytest.fixture
def published(mini: Mini) -> Mini:
    """The mini edition with an address, an identifier and somebody to write to, built whole."""
    lines = [
        line for line in mini.read("edition.yaml").splitlines() if not line.startswith("base_url")
    ]
    lines += [
        f"base_url: {ADDRESS}",
        "identifier: 10.5555/12345",
        "report_to: mailto:editors@example.org",
    ]
    mini.write("edition.yaml", "\n".join(lines) + "\n")
    result = mini.build("all")
    assert result.code == 0, result.output
    return mini


def _page(mini: Mini, name: str) -> html.HtmlElement:
    return html.fromstring((mini.out / "html" / name).read_bytes())


def test_what_scripts_read_cannot_end_its_element(mini: Mini) -> None:
    evil = "</script><script>alert(1)</script>"
    mini.replace(
        "edition.yaml", "caveat: Restored from an OCR text alone.", f"caveat: {json.dumps(evil)}"
    )
    assert mini.build("html").code == 0
    page = (mini.out / "html/t/one.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    (data,) = html.fromstring(page).xpath("//script[@id='cite-data']")
    assert json.loads(data.text)["caveat"] == evil


def test_a_published_edition_has_permalinks(published: Mini) -> None:
    page = _page(published, "t/one.html")
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{ADDRESS}/t/one.html"]
    assert page.xpath("//meta[@property='og:url']/@content") == [f"{ADDRESS}/t/one.html"]
    assert f"{ADDRESS}/t/one.html" in page.xpath("string(//section[@data-style='chicago'])")
    data = json.loads(page.xpath("string(//script[@id='cite-data'])"))
    assert f"{ADDRESS}/t/one.html#p{SENTINEL}" in data["formats"]["bibtex"]
    assert page.xpath("//a[@data-report-to]/@href") == ["mailto:editors@example.org"]


def test_the_sitemap_names_every_page(published: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = published.out / "html"

    def listed(file: str) -> list[str]:
        tree = etree.parse(str(folder / file))
        return [loc.text.removeprefix(f"{ADDRESS}/") for loc in tree.iter("{*}loc")]

    def pages() -> set[str]:
        found = {p.relative_to(folder).as_posix() for p in folder.rglob("*.html")}
        found = {p for p in found if not p.startswith(("files/", "_static/"))}
        return found - {"404.html", "search.html"}

    assert set(listed("sitemap.xml")) == pages()
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in (folder / "robots.txt").read_text(encoding="utf-8")
    first = _page(published, "404.html").xpath("//head/*[@href or @src]")[0]
    assert (first.tag, first.get("href")) == ("base", f"{ADDRESS}/")  # before what it is for
    monkeypatch.setattr(site_files, "MOST", 10)  # of a very large site it is a list of several
    assert published.build("html").code == 0
    root = etree.parse(str(folder / "sitemap.xml")).getroot()
    assert etree.QName(root).localname == "sitemapindex"
    lists = [listed(file) for file in listed("sitemap.xml")]
    assert max(map(len, lists)) == 10
    assert sorted(one for found in lists for one in found) == sorted(pages())


def test_only_files_of_the_same_run_are_offered(published: Mini) -> None:
    folder = published.out / "html"
    for name in ("t/one.html", "downloads.html"):
        page = folder / name
        links = [str(a) for a in _page(published, name).xpath("//a[@download]/@href")]
        assert links, name
        for link in links:
            assert (page.parent / link).resolve().is_file(), link
    assert (folder / "files/tei/t.xml").read_bytes() == (published.out / "tei/t.xml").read_bytes()
    assert published.build("html").code == 0  # alone: the others may be of another day
    assert not (folder / "files").exists()
    assert not _page(published, "t/one.html").xpath("//a[@download]")
    assert not (folder / "downloads.html").exists()


@pytest.mark.browser
def test_a_citation_is_copied(open_small: Open) -> None:
    page = open_small("t/one", permissions=["clipboard-read", "clipboard-write"])
    page.locator("details.cite > summary").click()
    page.get_by_role("button", name="Copy: MLA").click()
    shown = page.locator("section[data-style=mla] p").inner_text()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert " ".join(copied.split()) == " ".join(shown.split())
