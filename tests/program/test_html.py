"""The web pages: the three texts in them, their links, their safety. Read, not used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tei_export.i18n.formats import sort_key
from tei_export.model.readings import collapse_space
from tei_export.model.sentences import around
from tei_export.outputs.html import apparatus_page, contents_page, template_context
from tei_export.outputs.html.contents import ContentsItem
from tei_export.shared import labels
from tei_export.shared.dates import human_date
from web import parse

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Mini


@pytest.mark.parametrize(
    ("given", "start", "words", "expected"),
    [
        ("One. Trotsky won. Two.", 5, "Trotsky", ("", " won.")),
        (
            "He met J. V. Stalin in St. Petersburg. Then left.",
            13,
            "Stalin",
            ("He met J. V. ", " in St. Petersburg."),
        ),
        ('He said: "No." Lenin left.', 15, "Lenin", ("", " left.")),
        ("Carr, vol. 2, p. 5. Ibid., p. 7.", 0, "Carr", ("", ", vol. 2, p. 5.")),
        ("Why? Because. No one knows!", 5, "Because", ("", ".")),
        ("в 1919 г. Партия решила. Потом", 10, "Партия", ("в 1919 г. ", " решила.")),
        ("A name over. Two sentences here. End.", 7, "over. Two", ("A name ", " sentences here.")),
        ("Unknown", -1, "x", ("", "")),
    ],
)
def test_sentences(given: str, start: int, words: str, expected: tuple[str, str]) -> None:
    assert around(given, start, words) == expected


# --- Safety --------------------------------------------------------------------------

EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)"> "&\' {{ 7*7 }}'


def test_what_the_files_say_comes_out_as_text(mini: Mini) -> None:
    quoted = json.dumps(EVIL)
    mini.replace("registers/persons.yaml", "name: Trotsky, Leon\n", f"name: {quoted}\n")
    mini.replace(
        "registers/persons.yaml",
        "dates: 1879–1940",
        f"dates: {quoted}\n  also: [{quoted}]\n  note: {quoted}\n  names: {{ru: {quoted}}}",
    )
    mini.replace("registers/persons.yaml", "gloss: Revolutionary.", f"gloss: {quoted}")
    mini.replace(
        "registers/works.yaml", "publisher: Oxford University Press", f"publisher: {quoted}"
    )
    mini.replace("edition.yaml", "title: A small edition\n", f"title: {quoted}\n")
    mini.replace("edition.yaml", "caveat: Restored from an OCR text alone.", f"caveat: {quoted}")
    mini.replace("edition.yaml", "title: I. One", f"title: {quoted}")
    mini.replace("t/one.md", "(the sense asks for it)", f"({EVIL})")
    result = mini.build("html")
    assert result.code == 0, result.output
    names = sorted((mini.out / "html").rglob("*.html"))
    assert names
    for path in names:
        page = parse(path)
        assert not page.xpath(
            "//img | //script[not(@src) and not(contains(@type, 'json'))] | //@onerror"
        ), path.name
        assert "alert(1)" not in "".join(
            page.xpath("//script[not(contains(@type, 'json'))]/text()")
        )
        assert "49" not in "".join(page.xpath("//title/text()"))
    persons = parse(mini.out / "html/registers/persons.html")
    entry = persons.get_element_by_id("pers-trotsky")
    assert entry.find("h2").text.strip() == EVIL
    assert collapse_space(entry.find_class("gloss")[0].text_content()) == collapse_space(EVIL)
    one = parse(mini.out / "html/t/one.html")
    why = one.find_class("apparatus")[0].xpath(".//small/i[@class='why']")
    assert [collapse_space(w.text_content()) for w in why] == [collapse_space(EVIL)]


def test_two_builds_are_the_same(mini: Mini, tmp_path: Path) -> None:
    def files() -> dict[str, bytes]:
        out = mini.out / "html"
        return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*.html")}

    assert mini.build("html").code == 0
    first = files()
    assert mini.run("build", "html", "--fresh").code == 0
    assert files() == first


def test_a_change_in_one_chapter_reaches_the_contents_of_all_pages(mini: Mini) -> None:
    assert mini.build("html").code == 0
    mini.replace("index.md", "t/two\n", "t/two\nmore\n")
    mini.write("more.md", "# One more\n")
    assert mini.build("html").code == 0
    assert "One more" in mini.out.joinpath("html/t/one.html").read_text(encoding="utf-8")


# --- Words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("1917-11-07", "7 November 1917"),
        ("1919-03-18/1919-03-23", "18–23 March 1919"),
        ("1920-08/1921-06", "August 1920 – June 1921"),
        ("1924-05-23/1924-06-02", "23 May – 2 June 1924"),
        ("1918/1921", "1918–1921"),
        ("1861", "1861"),
        ("1861~", "1861~"),
        ("1917-13", "1917-13"),
        ("", ""),
    ],
)
def test_dates_are_written_for_readers(given: str, shown: str) -> None:
    assert human_date(given) == shown


@pytest.mark.parametrize(("label", "mark"), [("1", "a"), ("26", "z"), ("27", "aa"), ("x", "x")])
def test_editors_notes_have_letters(label: str, mark: str) -> None:
    assert labels.letter(label) == mark


def test_order_knows_no_locale() -> None:
    names = ["Zinoviev", "Éluard", "“Deutscher”", "Ямал", "chaadaev"]
    assert sorted(names, key=sort_key) == ["chaadaev", "“Deutscher”", "Éluard", "Zinoviev", "Ямал"]


def test_the_menu_of_a_page_shows_its_neighbours(
    mini: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site whose every page lists every other would grow with the square of its pages."""
    many = [ContentsItem(f"p{n}", str(n), group="Many") for n in range(100)]
    few = [ContentsItem(f"f{n}", str(n), group="Few") for n in range(3)]
    contents = [*many, *few]
    for here in (None, *range(103)):
        first, second = template_context.menu(template_context.Listing(contents), here)
        assert (first.total, len(first.items), second.total, second.items) == (100, 25, 0, few)
        start = many.index(first.items[0])
        assert first.items == many[start : start + 25]
        if here is not None and here < 100:
            assert contents[here] in first.items
            assert start in (0, 75) or first.items[12] == contents[here]
    monkeypatch.setattr(template_context, "_MANY", 1)
    monkeypatch.setattr(template_context, "_NEAR", 0)
    assert mini.build("html").code == 0
    page = parse(mini.out / "html/t/two.html")
    (menu,) = page.xpath("//details[contains(@class, 'contents-menu')]//nav")
    assert menu.xpath("ol[1]//a/@href") == ["#", "../index.html"]
    assert menu.xpath("string(ol[1]/li[2])") == "All 2"
    front = parse(mini.out / "html/index.html")
    assert front.xpath("//section[@class='listing'][1]//a/@href") == ["t/one.html", "t/two.html"]


def test_the_contents_of_a_long_text_have_pages_of_their_own(
    mini: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents_page, "MOST", 1)
    assert mini.build("html").code == 0
    folder = mini.out / "html"
    front = parse(folder / "index.html")
    (listed,) = front.xpath("//section[@class='listing'][1]/ol")
    assert listed.xpath(".//a/@href") == ["contents.html", "contents-2.html"]
    assert (
        listed.xpath("string(.//a)")
        == parse(folder / "t/one.html").xpath("string(//title)").split(" · ")[0]
    )
    for name, part in (("contents", "t/one.html"), ("contents-2", "t/two.html")):
        page = parse(folder / f"{name}.html")
        assert page.xpath("//ol[@class='contents']//a/@href") == [part]
        pages = page.xpath("//nav[@class='az']/a/@href")
        assert [href if href != "#" else f"{name}.html" for href in pages][:2] == [
            "contents.html",
            "contents-2.html",
        ]
    monkeypatch.setattr(contents_page, "MOST", 300)
    assert mini.build("html").code == 0
    assert not list(folder.glob("contents*.html"))


def test_a_long_apparatus_has_a_page_for_every_part(
    mini: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apparatus_page, "_MANY", 1)
    assert mini.build("html").code == 0
    folder = mini.out / "html"
    whole = parse(folder / "apparatus.html")
    assert not whole.xpath("//ul[@class='readings']")
    leads = whole.xpath("//h2/a/@href")
    assert leads == ["apparatus-ch-01.html", "apparatus-ch-02.html"]
    assert not whole.xpath("//form[@class='filters'] | //script[contains(@src, 'apparatus.js')]")
    numbers = [int(n) for n in whole.xpath("//h2//span[@class='n']/text()")]
    assert sum(numbers) == int(whole.xpath("string(//ul[@class='facts']/li)").split()[0])
    for name, number in zip(leads, numbers, strict=True):
        page = parse(folder / name)
        listed = page.xpath("//ul[@class='readings']/li/a[contains(@href, '#app-')]")
        assert len(listed) == number
        assert page.xpath("//p/a[@href='apparatus.html']")
        assert page.xpath("//form[@class='filters']")
    for name in ("apparatus.html", *leads):
        for target in parse(folder / name).xpath("//main//a/@href"):
            file, _, fragment = target.partition("#")
            there = parse(folder / (file or name))
            assert not fragment or there.xpath("//*[@id=$id]", id=fragment), (name, target)


def test_the_apparatus_of_many_texts_is_cut_where_its_pages_would_be_large(
    mini: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every entry is on one of the pages, which lead to each other; old addresses of pages lead on."""
    assert mini.build("html").code == 0
    folder = mini.out / "html"
    listed = "//ul[@class='readings']/li/a[contains(@href, '#app-')]/@href"
    every = parse(folder / "apparatus.html").xpath(listed)
    marks = parse(folder / "apparatus.html").xpath("//ul[@class='readings']/@id")
    monkeypatch.setattr(apparatus_page, "_WHOLE", 900)
    monkeypatch.setattr(apparatus_page, "_LARGE", 600)
    assert mini.run("build", "html", "--fresh").code == 0
    # the list of these pages is cut, too, and looks for old addresses on its other pages
    first = parse(folder / "apparatus.html")
    lists = first.xpath("//nav[@class='az']/a/@href")
    assert lists == ["#", "apparatus-2.html"]
    assert first.xpath("//script/@data-next") == lists[1:]
    overview = [first, parse(folder / lists[1])]
    assert overview[1].xpath("string(//h1)") == "Apparatus (2)"
    names = list(
        dict.fromkeys(
            href
            for page in overview
            for href in page.xpath("//section/h2/a/@href | //section/p/a/@href")
        )
    )
    assert names == ["apparatus-ch-01.html", "apparatus-ch-01.2.html", "apparatus-ch-02.html"]
    assert [href for name in names for href in parse(folder / name).xpath(listed)] == every
    for mark in marks:
        (leads,) = (
            href
            for page in overview
            for href in page.xpath(
                "//li[@id=$mark]/a/@href | //h2[span/@id=$mark]/a/@href", mark=mark
            )
        )
        file, _, fragment = leads.partition("#")
        assert fragment in (mark, "")
        assert parse(folder / file).xpath("//ul[@id=$mark]/li", mark=mark)
    second = parse(folder / names[1])
    assert second.xpath("string(//b[@aria-current='page'])") == "2"
    assert second.xpath("//section/p/a/@href")[0] == names[0]
