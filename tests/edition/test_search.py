"""The search, used from the disk as readers use it: query → page and line."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

import sources
from mini import ROOT
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from real import Site


pytestmark = pytest.mark.browser

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@pytest.fixture(scope="module")
def page(built: Site, browser: Browser) -> Iterator[Page]:
    """A window; requests that leave the folder and errors of scripts fail the module."""
    faults: list[str] = []
    window = browser.new_page(viewport={"width": 1440, "height": 900})
    window.on(
        "request", lambda r: faults.extend([r.url] * (not r.url.startswith(built.out.as_uri())))
    )
    window.on("pageerror", lambda error: faults.append(str(error)))
    window.on("console", lambda m: faults.extend([m.text] * (m.type == "error")))
    yield window
    assert faults == []


def ask(page: Page, built: Site, query: str, rest: str = "") -> list[str]:
    """Open the page of a query; the places that it shows, in order."""
    page.goto(f"{built.out.as_uri()}/search.html?q={quote(query)}{rest}")
    expect(page.locator("#found")).to_contain_text(query)
    return page.locator("#results .loc").all_text_contents()


def typed(page: Page, built: Site, query: str, rest: str) -> list[str]:
    """The same, typed where such a page is open already."""
    if not page.url.startswith(f"{built.out.as_uri()}/search.html?") or rest not in page.url:
        return ask(page, built, query, rest)
    page.locator("#q").fill("")
    expect(page.locator("#results .loc")).to_have_count(0)
    page.locator("#q").fill(query)
    expect(page.locator("#found")).to_contain_text(query)
    return page.locator("#results .loc").all_text_contents()


def loaded(page: Page, built: Site) -> None:
    ask(page, built, "isolationism")


def places(page: Page, queries: list[str]) -> list[list[str]]:
    """The places of many queries, asked of the loaded index itself."""
    script = "all => all.map(q => editionIndex.search(q).map(hit => hit.place))"
    found: list[list[str]] = page.evaluate(script, queries)
    return found


#: query → places that must be found; with ``==`` no others.
TABLE = [
    ("glorification", "==", "13.22"),
    ("isolationism", "in", "vii.19"),
    ('"another out of petty considerations"', "==", "13.2"),
    ('"for the same organization they may hamper"', "==", "12.24"),
    ('"economic determination"', "==", ""),
    ("modem", "==", "14.3"),
    ("fi*otsky", "in", "vii.3"),
    ('"intellectual underpinnings of modem Western"', "==", "14.2"),
    ("партия", "in", "69.24"),
    ("ПАРТІЯ", "in", "69.24"),
    ("partiia", "in", "69.24"),
    ("partiya", "in", "69.24"),
    ("Троцкий", "in", "58.6"),
    ("trotskii", "in", "58.6"),
    ("Сталин", "in", "127.16"),
    ("шел", "in", "127.16"),
    ("шёлъ", "in", "127.16"),
    ("rank-and-file", "in", "30.10"),
    ("rank-and-file", "in", "ix.5"),
    ('"rank and file"', "in", "30.10"),
    ("Chiang Kaishek", "in", "86.2"),
    ("duell sloan pearce", "in", "13.24"),
    ("pathfinder 1972", "in", "140.4"),
    ("xqzwv", "==", ""),
    ("стлаин", "==", ""),
    ('"Trotsky Stalin Lenin Bukharin"', "==", ""),
]


@pytest.mark.parametrize(("query", "how", "expected"), TABLE)
def test_query_finds_its_places(
    page: Page, built: Site, query: str, how: str, expected: str
) -> None:
    found = typed(page, built, query, "&parts=text.notes.bibliography")
    if how == "in":
        assert expected in found
    else:
        assert found == ([expected] if expected else [])


def test_every_word_divided_at_a_line_end_is_found_where_it_begins(page: Page, built: Site) -> None:
    loaded(page, built)
    words: list[tuple[str, str]] = []
    for path in sorted((ROOT / "edition" / "thesis").glob("*.md")):
        lines = sources.chapter(path)
        for i, line in enumerate(lines):
            if line.divided:
                assert lines[i + 1].block == line.block
                words.append(
                    (WORD.findall(line.text)[-1] + WORD.findall(lines[i + 1].text)[0], line.place)
                )
    assert len(words) > 130
    found = places(page, [f'"{word}"' for word, _ in words])
    assert [pair for pair, where in zip(words, found, strict=True) if pair[1] not in where] == []


def test_every_word_of_the_ocr_text_is_found(page: Page, built: Site) -> None:
    """Words of O that the edited text does not have anywhere, at the line that has them."""
    loaded(page, built)
    edited = {
        word.lower()
        for path in (ROOT / "edition" / "thesis").glob("*.md")
        for line in sources.chapter(path)
        for word in re.findall(r"\w+", line.text)
    }
    wanted: list[tuple[str, str]] = []
    for docname in built.parts():
        if not docname.startswith("thesis/"):
            continue
        witness = built.edition.part_of(docname)[0].witness
        begun = list(built.app.env.get_doctree(docname).findall(lb))
        pieces = Counter(
            line["witness_line"] for line in begun
        )  # a line of O may be two of the typescript
        for line in begun:
            if line["line"] and pieces[line["witness_line"]] == 1:
                # words at a line's ends may be divided; numbers may be those of notes
                text = unicodedata.normalize("NFC", witness.line(line["witness_line"]))
                words = [
                    w
                    for w in WORD.findall(text)[1:-1]
                    if w.lower() not in edited and len(w) > 1 and not w.isdigit()
                ]
                wanted += [(word, f"{line['page']}.{line['line']}") for word in words]
    assert len(wanted) > 500
    asked = sorted({word for word, _ in wanted})
    found = dict(zip(asked, places(page, [f'"{word}"' for word in asked]), strict=True))
    missed = [(word, place) for word, place in wanted if place not in found[word]]
    assert missed == []


def test_slips_are_found_as_typed_and_as_corrected(page: Page, built: Site) -> None:
    loaded(page, built)
    for facts in domain_of(built.app.env).facts.values():
        slips = [e for e in facts.emendations if e.kind == "sic"]
        for slip in slips:
            where = f"{slip.page}.{slip.line}" if slip.page else str(slip.line)
            for words in (slip.source, slip.lemma):
                if len(words) > 3 and words.isalpha():
                    assert where in places(page, [words])[0], slip


# --- The page ------------------------------------------------------------------------


def test_results_come_as_one_types_and_stand_in_the_address(page: Page, built: Site) -> None:
    page.goto(f"{built.out.as_uri()}/search.html")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.evaluate("self.editionSearch") is None, "the texts are not loaded unasked"
    page.keyboard.type("glorific")
    expect(page.locator("#found")).to_have_text("1 place for glorific")
    assert page.evaluate("location.search") == "?q=glorific"
    assert page.locator("#results mark").all_text_contents() == ["glorification"]
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "13.22"
    page.keyboard.press("Enter")
    page.wait_for_url("**/thesis/chapter-02.html#p13.22")
    lit = "[...CSS.highlights.get('line') ?? []].map(range => range.toString()).join()"
    assert "glorifi" in page.evaluate(lit)


def test_hit_of_the_ocr_text_says_so_and_leads_to_that_view(page: Page, built: Site) -> None:
    assert ask(page, built, "modem") == ["14.3"]
    assert page.locator(".flag").text_content() == "only in the witness: modem"
    assert page.locator("#results mark").text_content() == "modern"
    page.locator("#results a").click()
    page.wait_for_url("**/chapter-02.html?view=ocr#p14.3")


def test_filters_narrow_count_and_stand_in_the_address(page: Page, built: Site) -> None:
    everything = ask(page, built, "Deutscher")
    page.get_by_label("Author’s notes").uncheck()
    fewer = page.locator("#results .loc").all_text_contents()
    assert 0 < len(fewer) < len(everything)
    assert page.locator("#results .innote").count() == 0
    assert "parts=text.bibliography.editorial" in page.evaluate("location.search")
    page.reload()
    expect(page.get_by_label("Author’s notes")).not_to_be_checked()
    expect(page.locator("#results .loc")).to_have_count(len(fewer))
    for part in ("text", "bibliography", "editorial"):
        page.locator(f"#filters [value={part}]").uncheck()
    expect(page.locator("#found")).to_contain_text("Nothing found")
    assert ask(page, built, "Stalin", "&texts=essay&parts=text")
    assert all(place.isdigit() for place in page.locator("#results .loc").all_text_contents())


def test_register_entries_are_found_by_their_names(page: Page, built: Site) -> None:
    assert ask(page, built, "Каменев", "&parts=editorial")[0].startswith("Kamenev")
    assert page.locator("#results a").first.get_attribute("href").endswith("#pers-kamenev-lev")


def test_many_hits_come_in_pieces(page: Page, built: Site) -> None:
    assert len(ask(page, built, "stalin")) == 100
    page.get_by_role("button", name="more").click()
    assert page.locator("#results .loc").count() > 500


def test_without_scripts_the_page_says_what_to_do(page: Page, built: Site) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{built.out.as_uri()}/search.html")
    assert plain.get_by_role("link", name="Persons").first.is_visible()
    assert not plain.locator("#filters").is_visible()
    context.close()


def test_results_fit_a_phone(page: Page, built: Site) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    assert len(ask(page, built, "moder")) > 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_index_is_small_and_loaded_only_when_used(built: Site) -> None:
    files = list((built.out / "searchdata").glob("*.js"))
    assert {f.name for f in files} == {
        "registers.js",
        "text-thesis.js",
        "text-essay.js",
        "pages.js",
    }
    assert sum(f.stat().st_size for f in files) < 600_000
    assert (built.out / "search.html").stat().st_size < 50_000
    assert not (built.out / "searchindex.js").exists()
