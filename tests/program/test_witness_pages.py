"""What readers see of several witnesses: each as a text of its own, in pages that stay light."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from lxml import html
from playwright.sync_api import expect

from chromium import PHONE, WIDE, axe
from mini import TESTS, Mini
from tei_export.model.apparatus import Emendation, Reading
from tei_export.model.witnesses import tei_id
from tei_export.outputs.html import apparatus_lists, apparatus_section

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lxml.html import HtmlElement

    from chromium import Open

DOC = "fable/fox"
FILES = {"A": "w.txt", "B²": "b.txt"}


@pytest.fixture(scope="module")
def fable(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """The fable; its apparatus counts as a long one, which is a page of its own."""
    mini = Mini(tmp_path_factory.mktemp("read") / "mini", TESTS / "roots" / "several")
    mini.replace("edition.yaml", "second hand, file", "second hand, date: about 1400, file")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apparatus_lists, "LONG", 500)
        result = mini.run("build", "html", "epub")
    assert (result.code, result.problems) == (0, []), result.output
    return mini


def _text(site: Path, siglum: str) -> dict[str, object]:
    told = (site / "witnesstexts" / DOC / f"{tei_id(siglum)}.js").read_text(encoding="ascii")
    found = re.fullmatch(r"edition\.gotText\((.*)\);\n", told)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def _page(site: Path, siglum: str = "") -> HtmlElement:
    """The page, its text as a witness has it; done as ``witness.js`` does it."""
    page = html.parse(site / f"{DOC}.html").getroot()
    blocks = _text(site, siglum)["blocks"] if siglum else {}
    assert isinstance(blocks, dict)
    for line, content in blocks.items():
        old = page.get_element_by_id(line)
        while old.tag not in ("p", "h1"):
            old = old.getparent()
        if content:
            old.getparent().replace(old, html.fragment_fromstring(content, create_parent=old.tag))
        else:
            old.set("class", "gone")
    return page


def _read(page: HtmlElement) -> str:
    """The text of a page in its order, without white space, without the interface."""
    (part,) = page.xpath("//article")
    for node in part.xpath(
        ".//section[@id='apparatus'] | .//ul[@class='facts'] | .//div[@class='witness'] | .//h2"
        " | .//*[@hidden] | .//*[@class='told'] | .//*[@class='gone']"
    ):
        node.drop_tree()
    return "".join("".join(part.itertext()).split())


@pytest.mark.parametrize("siglum", FILES)
def test_a_witness_as_reading_text_is_what_its_file_has(fable: Mini, siglum: str) -> None:
    """White space apart. The notes stand at the end of the page, in the file after the paragraph that cites them."""
    shown = _read(_page(fable.out / "html", siglum))
    file = fable.read(f"witness/{FILES[siglum]}").replace("ne-\nver", "never")
    note = next(p for p in file.split("\n") if p.startswith("1 "))
    rest = file.replace(note, "")
    assert shown == "".join((rest + note).split())


def test_what_a_witness_has_lost_or_elsewhere_is_told(fable: Mini) -> None:
    site = fable.out / "html"
    assert str(_text(site, "C")["said"]).endswith("It begins at 7.")
    blocks = _text(site, "C")["blocks"]
    assert isinstance(blocks, dict)
    assert blocks["l1"] == blocks["l2"] == ""  # nothing of the heading, of the first paragraph
    page = _page(site, "C")
    assert page.get_element_by_id("l8").getparent().text_content().split() == (
        [
            "At",
            "last",
            "he",
            "turned",
            "away",
            "and",
            "that",
            "he",
            "never",
            "did",
            "desire",
            "them.",
            "said",
            "that",
            "they",
            "were",
            "sour,",
        ]
    )
    (left,) = page.xpath("//a[contains(@class, 'transposition')]")
    assert left.get("aria-label") == "placed elsewhere, apparatus, 7"
    told = _page(site, "D").xpath("//*[@class='told']")
    assert [node.text_content() for node in told] == ["[D is lost up to 10]"]


@pytest.mark.parametrize("siglum", ["A", "B²", "C", "D"])
def test_every_place_of_the_page_is_in_the_text_of_a_witness(fable: Mini, siglum: str) -> None:
    """Addresses keep working, and no id stands twice; what is not its own has the marks of the page."""
    plain, page = (_page(fable.out / "html", one) for one in ("", siglum))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    lost = {i for i in plain.xpath("//@id") if re.match(r"l\d|p\d|app-|entry-", i)} - set(ids)
    assert not lost
    own = [a.get("id") for a in page.xpath("//article//*[contains(@class, 'vr')]") if a.get("id")]
    assert own
    listed = html.parse(fable.out / "html" / "apparatus" / f"{DOC}.html").getroot()
    assert {f"entry-{one}" for one in own} <= set(listed.xpath("//@id"))


def test_pages_and_lines_of_a_witness_stand_in_its_text_alone(fable: Mini) -> None:
    site = fable.out / "html"
    assert _page(site, "B²").xpath("//span[@class='wb']/@data-p") == ["2r"]
    assert not _page(site, "D").xpath("//span[@class='wb']")


def test_the_bar_offers_the_witnesses_whose_silence_says_something(fable: Mini) -> None:
    page = _page(fable.out / "html")
    assert page.xpath("//select[@id='ui-witness']/option/text()") == [
        "Witness …",
        "A",
        "B²",
        "C",
        "D",
    ]


# --- the apparatus ---


def test_a_long_apparatus_is_a_page_and_the_chapter_leads_to_it(fable: Mini) -> None:
    """Every mark has its entry there, and every entry its place in the chapter, without scripts."""
    site = fable.out / "html"
    page = _page(site)
    assert not page.xpath("//section[@id='apparatus']//li")
    (to,) = page.xpath("//section[@id='apparatus']/p[@class='elsewhere']/a/@href")
    listed = html.parse((site / DOC).parent / to).getroot()
    entries = listed.xpath("//section[@id='apparatus']//li")
    assert len(entries) == 17
    ids, places = set(listed.xpath("//@id")), set(page.xpath("//@id"))
    marks = page.xpath("//article//a[contains(@class, 'ap')]/@href")
    assert marks
    assert all(href.partition("#")[0] == to and href.partition("#")[2] in ids for href in marks)
    for href in (one.find("a").get("href") for one in entries):
        assert href.partition("#")[0] == f"../../{DOC}.html"
        assert href.partition("#")[2] in places


def test_an_entry_says_only_what_is_unusual(fable: Mini) -> None:
    page = html.parse(fable.out / "html" / "apparatus" / f"{DOC}.html").getroot()
    said = {li.get("id"): " ".join(li.text_content().split()) for li in page.xpath("//li[@id]")}
    assert said["entry-app-0002-1"] == (
        "2 hungry] famished B² D; starving Γ (probable, quoted from memory) (the later copies prefer the learned word)"
    )
    assert page.get_element_by_id("entry-app-0002-1").get("data-lost") == "C"
    assert said["entry-app-0007-1"] == "7 last] laſt B² (spelling); laste D"
    assert {li.get("class") for li in page.xpath("//li[@id]")} == {None, "one"}


def test_a_positive_apparatus_names_who_agrees() -> None:
    entry = Emendation(
        "app",
        "variant",
        "d",
        "",
        2,
        "app-2-1",
        "great",
        (Reading(("B",), "greater"),),
        "high",
        "ed",
        "",
        sigla=("A", "C"),
    )
    text = SimpleNamespace(positive=True)
    said = apparatus_section._agreeing(entry, text)  # type: ignore[arg-type]
    assert said == '<i class="agree">A C; </i>'
    text.positive = False
    assert not apparatus_section._agreeing(entry, text)  # type: ignore[arg-type]


# --- the e-book ---


def test_the_book_names_the_witnesses_and_its_entries_pop_up(fable: Mini) -> None:
    """One series of notes beside the author's: every mark refers to a footnote, which says what is unusual."""
    (path,) = (fable.out / "epub").glob("*.epub")
    with ZipFile(path) as book:
        parts = [name for name in book.namelist() if name.endswith("/fox.xhtml")]
        (words,) = (name for name in parts if "apparatus" not in name)
        (listed,) = (name for name in parts if "apparatus" in name)
        (front,) = (name for name in book.namelist() if name.endswith("witnesses.xhtml"))
        (contents,) = (name for name in book.namelist() if name.endswith("nav.xhtml"))
        text, notes, front_page, nav = (
            html.fromstring(book.read(name)) for name in (words, listed, front, contents)
        )
    entries = notes.xpath("//p[@*[name() = 'epub:type'] = 'footnote']")
    said = {one.get("id"): " ".join(one.text_content().split()) for one in entries}
    refs = text.xpath("//a[@*[name() = 'epub:type'] = 'noteref'][contains(@href, '#entry-')]/@href")
    assert {ref.partition("#")[2] for ref in refs} == set(said)
    assert said["entry-app-0007-1"] == "7 last] laſt B² (spelling); laste D"
    assert nav.xpath("//nav//a[. = 'Witnesses']/@href") == ["witnesses.xhtml"]
    (terms,) = front_page.xpath("//dl")
    named = dict(
        zip(
            terms.xpath(".//dt//text()"),
            [d.text_content() for d in terms.xpath(".//dd")],
            strict=True,
        )
    )
    length = {s: len(fable.read(f"witness/{s}.txt").split()) for s in "wbcd"}
    assert named == {
        "A": f"Manuscript A; The oldest.; {length['w']} words",
        "B²": f"Manuscript B in its second hand; about 1400; {length['b']} words",
        "C": "Manuscript C; Its first leaf is lost.; only fragments survive; "
        f"{length['c']} words; lost: up to 7",
        "D": f"Manuscript D; {length['d']} words; lost: 7–10",
        "Γ": "A book known from quotations; only fragments survive",
        "β": "The later manuscripts; stands for B² D",
    }


# --- the pictures ---


def _rows(page: HtmlElement, number: int) -> list[list[str]]:
    table = page.xpath("//table")[number]
    return [[cell.text_content().strip() for cell in row] for row in table.xpath("./tbody/tr")]


def test_the_picture_of_agreement_and_its_table_have_the_numbers_of_the_apparatus(
    fable: Mini,
) -> None:
    """Counted by hand: of fifteen variants at which A and B² are there, they agree at four."""
    page = html.parse(fable.out / "html" / "pictures" / "witnesses.html").getroot()
    pairs = {(a[0], b[0]): (same, both, share) for a, b, same, both, share in _rows(page, 0)}
    assert pairs == {
        ("A", "B"): ("4", "15", "26.7"),
        ("A", "C"): ("4", "10", "40.0"),
        ("A", "D"): ("4", "13", "30.8"),
        ("B", "C"): ("1", "10", "10.0"),
        ("B", "D"): ("2", "13", "15.4"),
        ("C", "D"): ("1", "8", "12.5"),
    }
    drawn = page.xpath("//*[local-name() = 'svg' and @id]//*[local-name() = 'a' and @class='cell']")
    assert {
        (a.get("aria-label"), a.get("href")) for a in drawn if "A and B²" in a.get("aria-label")
    } == {("A and B² agree at 4 of 15 places", "../fable/fox.html?panes=w-A.w-B2")}


def test_the_picture_along_the_text_has_every_variant(fable: Mini) -> None:
    page = html.parse(fable.out / "html" / "pictures" / "variants.html").getroot()
    rows = _rows(page, 0)
    assert [row[0] for row in rows] == ["1–10", "11–15"]
    sums = [sum(int(cell or 0) for cell in column) for column in [*zip(*rows, strict=True)][2:]]
    assert sums == [2, 11, 5, 8, 15]


# --- in a browser ---


@pytest.fixture
def read(fable: Mini, open_in: Callable[[Path], Open]) -> Open:
    return open_in(fable.out / "html")


@pytest.mark.browser
def test_a_witness_is_chosen_by_keyboard_and_kept_in_the_address(read: Open) -> None:
    page = read(DOC)
    plain = page.locator(".part").inner_text()
    page.keyboard.press("w")
    page.keyboard.press("w")
    page.locator(":root[data-witness=B2]").wait_for(state="attached")
    assert "clusters of grapes were in his sight" in page.locator(".part").inner_text()
    assert page.locator(".views input:checked").count() == 0
    assert "The text of B²" in (page.locator("#ui-status").text_content() or "")
    assert page.url.endswith("?witness=B2")
    axe(page)
    page.get_by_text("Cite", exact=True).click()
    cited = page.locator("section[data-style=chicago] p")
    expect(cited).to_have_text(
        re.compile(r"Read in the text of B² \(Manuscript B in its second hand, about 1400\)\.$")
    )
    assert page.locator("[data-address=local]").inner_text().endswith("fox.html?witness=B2")
    for name, said in {
        "bibtex": "Text of B² (Manuscript B in its second hand, about 1400).}",
        "ris": "N1  - Text of B² (Manuscript B in its second hand, about 1400).",
        "csl": '"note": "Text of B² (Manuscript B in its second hand, about 1400).',
    }.items():
        written = page.locator(f"details[data-format={name}] pre").text_content() or ""
        assert said in written
        assert "fox-B2" in written
        assert "xWitness" not in written
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    assert page.locator(".part").inner_text() == plain
    assert "witness" not in page.url


@pytest.mark.browser
def test_an_address_names_a_witness_and_a_line_of_it(read: Open) -> None:
    page = read(DOC, "?witness=C#l8", PHONE)
    page.locator(":root[data-witness=C]").wait_for(state="attached")
    assert page.locator("h1").evaluate("h => h.className") == "absent"
    assert page.locator("#ui-witness").input_value() == "C"
    assert page.locator("#l8").count() == 1
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    axe(page)


@pytest.mark.browser
def test_a_reading_takes_its_place_in_the_text(read: Open) -> None:
    """A reading of a word, by keyboard, and of a passage over two lines; the address keeps both."""
    page = read(DOC)
    page.locator("#app-0002-1").focus()
    page.keyboard.press("Enter")
    axe(page)
    page.get_by_role("button", name="Γ").press("Enter")
    assert page.locator("#app-0002-1").inner_text() == "starving"
    page.get_by_role("button", name="B² D").press("Enter")
    assert page.locator("#app-0002-1").inner_text() == "famished"
    page.keyboard.press("Escape")
    page.locator("#app-0004-1 + a.key").click()
    page.get_by_role("button", name="B²", exact=True).click()
    words = page.locator("#fox-b001").inner_text()
    assert "clusters of grapes were in his sight. He leaped" in words
    assert "trellised" not in words
    assert page.url.endswith("?swap=app-0002-1.B2_app-0004-1.B2")
    page.reload()
    assert page.locator("#fox-b001").inner_text() == words
    page.locator("#app-0004-1 + a.key").click()
    page.get_by_role("button", name="This edition").click()
    assert "hanging from a trellised vine. He leaped" in page.locator("#fox-b001").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_two_witnesses_side_by_side(read: Open, size: tuple[int, int]) -> None:
    page = read(DOC, "?panes=w-B2.w-C", size)
    rows = page.locator(".panes .row")
    rows.first.wait_for()
    cells = [row.locator(".cell").all_inner_texts() for row in rows.all()]
    assert cells[1][0].startswith("A famished fox")
    assert [row[1] for row in cells[:2]] == ["not in this witness"] * 2
    differing = rows.nth(3).locator(".differs").all_inner_texts()
    assert differing == ["demed", "have;", "deeme", "reach,"]
    axe(page)
    page.locator(".panes select").first.select_option("edited")
    assert "deem" in rows.nth(3).locator(".cell").first.inner_text()
    assert page.url.endswith("?panes=edited.w-C")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=famished", [("2", "only in B² D: famished", f"{DOC}.html?witness=B2#l2")]),
        ("q=demen", [("9", "only in A: demen", f"{DOC}.html?witness=A#l9")]),
        ("q=starving", [("2", "only in Γ: starving", f"{DOC}.html#l2")]),  # of a witness that nobody can read as a text
        ("q=starving&in=A", []),
        ("q=hungry&in=A", [("2", None, f"{DOC}.html?witness=A#l2")]),
        ("q=hungry&in=D", []),  # it reads otherwise
        ('q="hungry fox"&in=B²', []),
        ('q="famished fox"&in=B²', [("2", "only in B² D: famished", f"{DOC}.html?witness=B2#l2")]),
        ('q="famished fox"&in=A', []),
        ("q=vineyard&in=C", []),  # lost
        ("q=ground&in=C", []),  # a note to what is lost
        ("q=trellised&in=B²", []),  # a passage read otherwise
        ("q=sight&in=B²", [("3", "only in B²: clusters of grapes were in his sight.", f"{DOC}.html?witness=B2#l3")]),
        ("q=desire&in=C", [("8", None, f"{DOC}.html?witness=C#l8")]),
        ("q=desire&in=D", []),
    ],
)  # fmt: skip
def test_a_search_in_a_witness(
    read: Open, query: str, found: list[tuple[str, str | None, str]]
) -> None:
    page = read("search", f"?{query}")
    page.locator("#found").get_by_text(re.compile("found|place", re.IGNORECASE)).wait_for()
    hits = [
        (
            hit.locator("a.loc").inner_text(),
            flag.inner_text() if (flag := hit.locator(".flag")).count() else None,
            (hit.locator("a.loc").get_attribute("href") or ""),
        )
        for hit in page.locator("#results .hits li").all()
    ]
    assert hits == found


@pytest.mark.browser
@pytest.mark.parametrize("name", ["witnesses", "variants"])
def test_the_pictures_are_accessible(read: Open, name: str) -> None:
    axe(read(f"pictures/{name}", "", PHONE))


@pytest.mark.browser
def test_the_apparatus_as_a_reader_wants_it(read: Open) -> None:
    """Positive, with groups; without spellings. An address says so."""
    page = read(DOC, "?positive=1&groups=1")
    entry = page.locator("#entry-app-0002-1")
    assert entry.inner_text().startswith("2 hungry] A; famished β; starving Γ")
    assert page.locator("#entry-app-0010-1").inner_text().startswith("10 have;] A β; reach, C")
    assert page.locator("#entry-app-0009-1").inner_text().startswith("9 deem] editors; demen A;")
    page.get_by_text("Display").click()
    page.get_by_label("Also name the witnesses that agree").uncheck()
    page.get_by_label("Sigla for groups of witnesses").uncheck()
    assert entry.inner_text().startswith("2 hungry] famished B² D; starving Γ")


def test_a_spelling_variant_inside_a_link_can_be_hidden(tmp_path: Path) -> None:
    """Its mark is beside the link, also where a witness is read."""
    mini = Mini(tmp_path / "mini", TESTS / "roots" / "several")
    mini.replace(
        "fable/fox.md", "vineyard wall", "{person}``{app}`vineyard <Γ: uineyard>` <reynard>`` wall"
    )
    last = "{app}`last <B²: laſt> <D: laste>`"
    mini.replace("fable/fox.md", last, f"{{person}}``{last} <reynard>``")
    names = "registers/persons.yaml"
    mini.write(names, mini.read(names) + "reynard: {name: Reynard, gloss: A fox.}\n")
    result = mini.run("build", "html")
    assert (result.code, result.problems) == (0, []), result.output
    for siglum, word in (("", "vineyard"), ("B²", "laſt")):
        page = _page(mini.out / "html", siglum)
        (link,) = page.xpath(
            "//article//a[contains(@class, 'person')][normalize-space()=$w]", w=word
        )
        (key,) = link.xpath("following-sibling::a[contains(@class, 'key')][1]")
        assert "spelling" in key.get("class").split(), siglum
