"""Letters: their parts, what the record says of them, the register of letters and the CMIF file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

from epub import ROOT as EPUB
from epub import Epub
from mini import ROOT, TESTS, Mini
from pdf import Pdf, plain
from tei_export.model.edition import load
from tei_export.schema.validate import jing, validate_file
from tei_export.shared.letter_head import letter_head

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

T = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
N = {"t": T[1:-1]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("letters") / "mini", TESTS / "roots" / "letters")
    result = mini.build("all")
    assert result.code == 0, result.output
    return mini


@pytest.fixture
def letters(tmp_path: Path) -> Mini:
    return Mini(tmp_path / "mini", TESTS / "roots" / "letters")


def test_opener_and_closer_hold_the_parts_of_a_letter(made: Mini) -> None:
    root = etree.parse(str(made.out / "tei/sample.xml")).getroot()
    first, second, enclosed = root.findall(f".//{T}div")
    names = [re.sub(r".*}", "", str(e.tag)) for e in first]
    assert names == ["pb", "opener", "p", "cit", "p", "pb", "closer", "postscript", "pb", "closer"]
    inner = [re.sub(r".*}", "", str(e.tag)) for e in second.find(f"{T}opener")]
    assert inner == ["address", "dateline", "salute"]
    inner = [re.sub(r".*}", "", str(e.tag)) for e in second.find(f"{T}closer")]
    assert inner == ["signed", "pb", "stamp", "address", "add"]
    assert (enclosed.get("type"), enclosed.get("corresp")) == ("enclosure", "#letter-2")
    extract = etree.parse(str(made.out / "tei/sample/bill.xml")).getroot().find(f".//{T}div")
    assert extract.get("corresp") == "../sample.xml#letter-2"


def test_a_letter_without_a_heading_has_the_title_of_the_record(made: Mini) -> None:
    page = html.parse(str(made.out / "html/post/first.html")).getroot()
    assert page.xpath("string(//h1[@class='supplied'])") == "John to Mary, 3 May"
    assert (
        not etree.parse(str(made.out / "tei/sample/letter-1.xml")).getroot().findall(f".//{T}head")
    )
    other = html.parse(str(made.out / "html/post/answer.html")).getroot()
    assert " ".join(other.xpath("string(//h1)").split()) == "AN ANSWER"


def test_the_head_of_a_letter_says_who_wrote_to_whom(made: Mini) -> None:
    """In every output, as the record has it, with the letters before and after between the same persons."""
    said = "From: John Sample; London · To: Mary Sample; Wells · Date: 3 May 1801"
    first, answer = (
        html.parse(str(made.out / f"html/post/{name}.html")).getroot()
        for name in ("first", "answer")
    )
    rows = first.xpath("//div[@class='letter-head']/dl/div")
    assert " · ".join(f"{r.findtext('dt')}: {r.find('dd').text_content()}" for r in rows) == said
    links = [str(link) for link in first.xpath("//div[@class='letter-head']//dd/a/@href")]
    assert links[0] == "../registers/persons.html#pers-sample-john"
    assert len(links) == 4
    (after,) = first.xpath("//div[@class='letter-head']//nav//a")
    assert (after.get("href"), after.get("rel")) == ("answer.html", "next")
    assert answer.xpath("//div[@class='letter-head']//nav//a/@href") == ["first.html"]
    book = Epub(next((made.out / "epub").glob("*.epub")).read_bytes())
    head = next(html.fromstring(book.files[f"{EPUB}text/post/first.xhtml"]).iter("header"))
    assert " ".join(head.text_content().split()) == f"John to Mary, 3 May {said}"
    tags = [
        plain(tag.text()) for tag in Pdf((made.out / "pdf/sample.pdf").read_bytes()).tags.walk()
    ]
    assert said in tags


def test_letters_between_others_are_another_correspondence(letters: Mini) -> None:
    letters.replace("edition.yaml", "received: {by: [sample-john]}", "received: {place: london}")
    edition = load(letters.root / "edition")
    text = edition.texts["sample"]
    head = letter_head(edition, text, "letter-1")
    assert head is not None
    assert (head.before, head.after) == (None, None)
    assert letter_head(edition, text, "none") is None


def test_the_header_says_who_wrote_to_whom(made: Mini) -> None:
    root = etree.parse(str(made.out / "tei/sample.xml")).getroot()
    one, two = root.findall(f".//{T}correspDesc")
    assert one.get("ref") == "#letter-1"
    sent, received = one
    assert [(e.get("ref"), e.text) for e in sent][:2] == [
        ("#pers-sample-john", "Sample, John"),
        ("#place-london", "London"),
    ]
    assert received.find(f"{T}persName").get("ref") == "#pers-sample-mary"
    date = two.find(f".//{T}date")
    assert (date.get("notBefore"), date.get("notAfter")) == ("1801-05-06", "1801-05-08")


def test_an_extract_describes_its_own_letters(made: Mini) -> None:
    for name, refs in (("letter-1", ["#letter-1"]), ("letter-2", ["#letter-2"])):
        root = etree.parse(str(made.out / f"tei/sample/{name}.xml")).getroot()
        assert [e.get("ref") for e in root.iter(f"{T}correspDesc")] == refs
        ids = {e.get(ID) for e in root.iter() if isinstance(e.tag, str)}
        for e in root.iter(f"{T}correspAction"):
            assert {name.get("ref")[1:] for name in e if name.get("ref")} <= ids


@pytest.mark.java
def test_every_file_is_tei(made: Mini, tei_all: Path) -> None:
    """Pages, too, that begin with the end of a letter."""
    files = [
        path
        for path in (made.out / "tei").rglob("*.xml")
        if "schema" not in path.parts and path.name != "edition.xml"
    ]
    assert {p.name for p in files} >= {"cmif.xml", "pg-2v.xml"}
    assert {k: v for k, v in jing(tei_all, files).items() if v} == {}
    assert validate_file(made.out / "tei/sample.xml", ROOT / "schema") == []


# --- CMIF: what its schema and its Schematron of 2025 require -----------------------------------


def cmif(mini: Mini) -> etree._Element:
    return etree.parse(str(mini.out / "tei/cmif.xml")).getroot()


def _requirements(root: etree._Element) -> Iterator[str]:
    header = root.find(f"{T}teiHeader")
    desc = header.find(f"{T}fileDesc")
    children = [re.sub(r".*}", "", str(e.tag)) for e in desc.find(f"{T}publicationStmt")]
    if children != ["publisher", "idno", "date", "availability"]:
        yield f"publicationStmt: {children}"
    sources = {b.get(ID): b.get("type") for b in desc.iter(f"{T}bibl")}
    if set(sources.values()) != {"online"} or not all(
        re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", name or "") for name in sources
    ):
        yield f"bibl: {sources}"
    for letter in header.iter(f"{T}correspDesc"):
        yield from _of_letter(letter, sources)


def _of_letter(letter: etree._Element, sources: Collection[str | None]) -> Iterator[str]:
    if letter.get("source", "")[1:] not in sources:
        yield "E0003"
    if [a.get("type") for a in letter] != ["sent", "received"]:
        yield "E0001, E0002"
    if any(not len(action) for action in letter):
        yield "an empty action"
    for date in letter.iter(f"{T}date"):
        if not {"when", "from", "to", "notBefore", "notAfter"} & set(date.attrib):
            yield "E0004"
    for name in letter.iter(f"{T}persName", f"{T}placeName", f"{T}orgName"):
        if name.get("ref", "https://").startswith("#"):
            yield "a name that leads into another file"


def test_the_file_for_correspondence_services(made: Mini) -> None:
    root = cmif(made)
    assert list(_requirements(root)) == []
    one = next(root.iter(f"{T}correspDesc"))
    assert one.get("ref") == "https://letters.example.org/post/first.html"
    assert one.find(f".//{T}placeName").get("ref") == "https://www.geonames.org/2643743"
    assert root.findtext(f".//{T}idno") == "https://letters.example.org/files/tei/cmif.xml"
    links = html.parse(str(made.out / "html/downloads.html")).getroot().xpath("//a/@href")
    assert "files/tei/cmif.xml" in links
    assert (made.out / "html/files/tei/cmif.xml").is_file()


def test_a_letter_of_which_little_is_known(letters: Mini) -> None:
    letters.replace(
        "edition.yaml",
        'sent: {by: sample-john, place: london, date: "1801-05-03"}\n        received: {by: sample-mary, place: wells}',
        "sent: {date_text: some day in May}",
    )
    assert letters.build("tei").code == 0
    root = cmif(letters)
    assert list(_requirements(root)) == []
    one = next(root.iter(f"{T}correspDesc"))
    assert [p.text for p in one.iter(f"{T}persName")] == ["unknown", "unknown"]


def test_without_an_address_there_is_no_such_file(letters: Mini) -> None:
    letters.replace("edition.yaml", 'base_url: "https://letters.example.org/"', 'base_url: ""')
    assert letters.build("tei").code == 0
    assert not (letters.out / "tei/cmif.xml").exists()


# --- the register of letters ----------------------------------------------------------------------


def test_the_register_of_letters(made: Mini) -> None:
    page = html.parse(str(made.out / "html/letters.html")).getroot()
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in page.xpath("//table[@aria-labelledby='list']/tbody/tr")
    ]
    assert rows == [
        ["3 May 1801", "Sample, John, London", "Sample, Mary, Wells", "John to Mary, 3 May"],
        ["on or soon after 6 May", "Sample, Mary, Wells", "Sample, John", "Mary to John, 6 May"],
    ]
    (link,) = page.xpath("//table[@aria-labelledby='calendar']//td/a")
    assert (link.text, link.get("href"), link.get("aria-label")) == (
        "2",
        "#row-letter-1",
        "May 1801: 2",
    )
    assert page.xpath("//tr[@id='row-letter-1']")
    assert page.xpath("//td/a[@href='registers/persons.html#pers-sample-john']")
    menu = html.parse(str(made.out / "html/post/first.html")).getroot()
    assert menu.xpath("//a[@href='../letters.html']")


def test_an_edition_without_letters_has_no_register_of_them(mini: Mini) -> None:
    assert mini.build("html").code == 0
    assert not (mini.out / "html/letters.html").exists()


# --- what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("by: sample-john, place", "by: sample-jon, place", "register-key", "sample-john"),
        ("place: london", "place: londen", "register-key", "london"),
        ("by: [sample-john]", "by: nobody", "register-key", "nobody"),
        ('"1801-05-03"', '"1801-13-03"', "record-field", "a date like"),
        (
            'sent: {by: sample-john, place: london, date: "1801-05-03"}\n',
            "\n",
            "record-field",
            "add sent",
        ),
        ("sent: {by: sample-john", "sent: {buy: sample-john", "field-unknown", "by"),
    ],
)
def test_what_the_record_must_not_say(
    letters: Mini, old: str, new: str, code: str, said: str
) -> None:
    letters.write("edition.yaml", letters.read("edition.yaml").replace(old, new, 1))
    output = letters.check().output
    assert f"[{code}]" in output
    assert said in output


def test_a_correspondent_whom_no_text_names_is_no_problem(letters: Mini) -> None:
    people = letters.read("registers/persons.yaml")
    letters.write(
        "registers/persons.yaml", people + "\nclerk:\n  name: A clerk\n  gloss: Invented.\n"
    )
    assert "[register-unmentioned]" in letters.check().output
    letters.replace("edition.yaml", "received: {by: [sample-john]}", "received: {by: [clerk]}")
    assert letters.check().code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Text.\n\n```{signed}\nA. B.\n```\n\nMore.\n", "{signed} before more text"),
        ("Text.\n\n```{postscript}\nPS\n```\n\nMore.\n", "{postscript} before more text"),
        ("```{postscript}\nPS\n```\n", "{postscript} without text before it"),
        ("Text.\n\n```{epigraph}\nMotto\n```\n", "{epigraph} after the text"),
        ("> ```{signed}\n> A. B.\n> ```\n", "{signed} in a quotation"),
        ("Text.\n\n````{postscript}\n```{signed}\nA. B.\n```\n````\n", "without text before it"),
        (
            "````{epigraph}\nText.\n\n```{signed}\nA. B.\n```\n````\n\nText.\n",
            "{signed} in {epigraph}",
        ),
        (
            "Text.\n\n````{postscript}\n```{dateline}\nBath\n```\n````\n",
            "{dateline} in {postscript}",
        ),
    ],
)
def test_where_a_block_cannot_stand(letters: Mini, text: str, said: str) -> None:
    letters.write("post/answer.md", text)
    output = letters.check().output
    assert "[block-place]" in output
    assert said in output
