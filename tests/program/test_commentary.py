"""The list of the editors' notes of all parts, on its page and in the e-book."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import pytest
from lxml import etree, html

from mini import Mini
from tei_export.outputs.html import commentary_page
from tei_export.outputs.html.list_division import Rows, divide

if TYPE_CHECKING:
    from collections.abc import Sequence

ONE = """
[^ed-1]: On *friends*, see {ref}`the second <part:ch-02>`.[^ed-3]

    - one
    - two

[^ed-2]: Of {person}`Trotsky`, {ru}`слово`.

[^ed-3]: A note to the note.

[^ed-4]: In a quotation.
"""
#: id → place, words that it follows, and how the note begins; as one reads them.
EXPECTED = {
    "fn-ed-01-001": ("1.5", "… isolation was a mistake. Stalin had adamant friends", "On friends, see the second."),
    "fn-ed-01-003": ("1.5 n. a", "On friends, see the second.", "A note to the note."),
    "fn-ed-01-002": ("1.10 n. 1", "… Unarmed (London: Oxford University Press, 1959), pp. 5-6.", "Of Trotsky, слово."),
    "fn-ed-01-004": ("2.2", "It", "In a quotation."),
    "fn-ed-02-001": ("3.4", "Another page, with меньшевизм and a […] between two lines.", "Of the other part."),
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """An edition with notes of the editors in text, note and quotation; each part has a page of the list."""
    mini = Mini(tmp_path_factory.mktemp("commented"))
    mini.replace("t/one.md", "friends in", "friends[^ed-1] in")
    mini.replace("t/one.md", "pp. {cited}`5-6`.", "pp. {cited}`5-6`.[^ed-2]")
    mini.replace("t/one.md", "> {o}`18`It is", "> {o}`18`It[^ed-4] is")
    mini.write("t/one.md", mini.read("t/one.md") + ONE)
    mini.replace("t/two.md", "lines.[^1]", "lines.[^1][^ed-1]")
    mini.write("t/two.md", mini.read("t/two.md") + "\n[^ed-1]: Of the other part.\n")

    def small(sizes: Sequence[Sequence[int]], head: int) -> list[list[Rows]]:
        return divide(sizes, head, 1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commentary_page, "divide", small)
        for target in ("html", "epub"):
            result = mini.build(target)
            assert result.code == 0, result.output
    return mini


def words(element: html.HtmlElement | etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_each_note_has_its_place_its_words_and_leads_to_the_text(built: Mini) -> None:
    site = built.out / "html"
    found = {}
    for number in range(1, len(EXPECTED) + 1):
        name = "commentary.html" if number == 1 else f"commentary-{number}.html"
        page = html.fromstring((site / name).read_bytes())
        for item in page.xpath("//ol[@class='kwic']/li"):
            place, letter = item.xpath("a")
            lemma, note = item.xpath("div/b")[0], item.xpath("div/p")[0]
            found[item.get("id")] = (words(place), words(lemma), words(note))
            for link, start in ((place, "nr-ed"), (letter, "fn-ed")):
                address, fragment = urldefrag(link.get("href"))
                assert fragment.startswith(start)
                target = html.fromstring((site / address).read_bytes())
                assert len(target.xpath(f"//*[@id='{fragment}']")) == 1, fragment
    assert found == EXPECTED
    assert not (site / f"commentary-{len(EXPECTED) + 1}.html").exists()


def test_links_and_lists_of_a_note_are_those_of_its_part(built: Mini) -> None:
    page = html.fromstring(built.out.joinpath("html/commentary.html").read_bytes())
    (item,) = page.xpath("//li[@id='fn-ed-01-001']")
    assert item.xpath(".//a[@class='ref']/@href") == ["t/two.html#ch-02"]
    assert [words(one) for one in item.xpath(".//ul/li")] == ["• one", "• two"]
    third = html.fromstring(built.out.joinpath("html/commentary-3.html").read_bytes())
    (item,) = third.xpath("//li[@id='fn-ed-01-002']")
    assert item.xpath(".//a[@class='person']/@href") == ["registers/persons.html#pers-trotsky"]
    assert item.xpath(".//*[@lang='ru']/text()") == ["слово"]


def test_a_part_leads_to_its_first_note_in_the_list(built: Mini) -> None:
    page = html.fromstring(built.out.joinpath("html/t/two.html").read_bytes())
    assert page.xpath("//section[@id='notes-editorial']/p/a/@href") == [
        "../commentary.html#fn-ed-02-001"  # continued.js finds the page that has it
    ]


def test_the_sign_of_a_note_stands_in_the_editors_note_it_belongs_to(built: Mini) -> None:
    page = html.fromstring(built.out.joinpath("html/t/one.html").read_bytes())
    (sign,) = page.xpath("//li[@id='fn-ed-01-001']//sup[@id='nr-ed-01-003']/a")
    assert (sign.get("href"), sign.text) == ("#fn-ed-01-003", "c")


def test_the_e_book_has_the_same_list(built: Mini) -> None:
    with zipfile.ZipFile(built.out / "epub/edition.epub") as book:
        (name,) = [n for n in book.namelist() if n.endswith("commentary.xhtml")]
        folder = name.rpartition("/")[0]
        document = etree.fromstring(book.read(name))
        texts = {n: etree.fromstring(book.read(n)) for n in book.namelist() if "/text/" in n}
    found = {}
    for note in document.iterfind(".//{*}div[@class='comment']"):
        place, lemma = note.find("{*}p/{*}a"), note.find("{*}p/{*}i")
        assert place is not None and lemma is not None
        said = words(note[0]).rpartition("] ")[2]
        found[note.get("id")] = (words(place), words(lemma), said)
        path, fragment = urldefrag(place.get("href") or "")
        assert texts[f"{folder}/{path}"].xpath(f"//*[@id='{fragment}']")
    assert found == EXPECTED


def test_an_edition_without_such_notes_has_no_list(mini: Mini) -> None:
    assert mini.build("html").code == 0
    assert not (mini.out / "html/commentary.html").exists()
    assert "commentary" not in mini.out.joinpath("html/index.html").read_text(encoding="utf-8")


def test_rows_are_divided_between_pages() -> None:
    sizes = [[10, 10], [10], [50, 10]]
    assert divide(sizes, 5, 1_000) == [[Rows(0, 0, 2), Rows(1, 0, 1), Rows(2, 0, 2)]]
    assert divide(sizes, 5, 45) == [
        [Rows(0, 0, 2), Rows(1, 0, 1)],
        [Rows(2, 0, 1)],
        [Rows(2, 1, 2)],
    ]
    assert divide([], 5, 45) == []
