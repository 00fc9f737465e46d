"""Texts that run from right to left, with an interface that does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from epub import Epub
from pdf import Pdf
from tei_export.i18n import terms
from tei_export.model.languages import direction, runs_otherwise
from tei_export.outputs.html.downloads import _together
from tei_export.shared.labels import isolated, turned
from typeset import set_text
from web import parse

if TYPE_CHECKING:
    from mini import Mini

XHTML = "{http://www.w3.org/1999/xhtml}"
LINES = ["בראשית ברא אלחים (1:3) את", "השמים ואת הארץ."]
SOURCE = "בראשית ברא {ocr}`אלהים <אלחים>` (1:3) את\nהשמים ואת הארץ."


@pytest.fixture
def hebrew(mini: Mini) -> Mini:
    mini.replace("edition.yaml", "  en: English\n", "  en: English\n  he: Hebrew\n")
    mini.replace(
        "edition.yaml", "    title: A typescript\n", "    title: A typescript\n    language: he\n"
    )
    set_text(mini, SOURCE, LINES)
    return mini


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        ("he", "rtl"),
        ("ar", "rtl"),
        ("fa-IR", "rtl"),
        ("yi", "rtl"),
        ("az-Arab", "rtl"),
        ("he-Latn", "ltr"),
        ("ar-Latn-x-ocr", "ltr"),
        ("en", "ltr"),
        ("grc", "ltr"),
        ("ru-petr1708", "ltr"),
        ("", "ltr"),
        ("tr-Aran", "rtl"),
    ],
)
def test_the_direction_of_a_language(tag: str, way: str) -> None:
    assert direction(tag) == way


def test_what_runs_otherwise_is_set_apart() -> None:
    assert not runs_otherwise("words, 12", "ltr")
    assert runs_otherwise("word אל", "ltr")
    assert runs_otherwise("word אל", "rtl")
    assert not runs_otherwise("אל, 12", "rtl")
    assert turned("en", "rtl") == {"dir": "ltr"}
    assert isolated("אל", "", "ltr") == {"dir": "auto"}
    assert isolated("al", "he", "ltr") == {"dir": "rtl"}
    assert isolated("al", "la", "ltr") == {}


def test_the_web_page(hebrew: Mini) -> None:
    result = hebrew.build("html")
    assert result.code == 0, result.output
    page = parse(hebrew.out / "html/t/one.html")
    (article,) = page.xpath("//article")
    assert (article.get("lang"), article.get("dir")) == ("he", "rtl")
    assert page.get("dir") is None
    for of_interface in (
        "//ul[@class='facts']",
        "//section[@id='apparatus']",
        "//div[@class='witness']",
    ):
        (found,) = page.xpath(of_interface)
        assert (found.get("lang"), found.get("dir")) == ("en", "ltr"), of_interface
    (entry,) = page.xpath("//section[@id='apparatus']//li")
    lemma, reading = entry.find("b"), entry.find("span")
    assert (lemma.text, lemma.get("dir"), lemma.tail) == ("אלהים", "rtl", "] ")
    assert (reading.text, reading.get("dir")) == ("אלחים", "rtl")
    listed = parse(hebrew.out / "html/apparatus.html").xpath("//ul[@class='readings']")[0]
    assert (listed.get("lang"), listed.get("dir")) == ("he", None)
    assert [e.get("dir") for e in listed.xpath("li/b | li/span")] == ["rtl", "rtl"]


def test_the_epub(hebrew: Mini) -> None:
    result = hebrew.build("epub")
    assert result.code == 0, result.output
    book = Epub((hebrew.out / "epub/edition.epub").read_bytes())
    ways = {path: document.get("dir") for path, document in book.documents.items()}
    assert {path for path, way in ways.items() if way == "rtl"} == {"text/t/one.xhtml"}
    assert book.documents["text/t/one.xhtml"].get("lang") == "he"
    (entry,) = book.documents["apparatus/t/one.xhtml"].iterfind(f".//{XHTML}p[@class='entry']")
    assert [e.get("dir") for e in entry.iter(f"{XHTML}span") if e.get("lang") == "he"] == [
        "rtl",
        "rtl",
    ]
    assert book.package.get("dir") == "ltr"


def test_the_pdf(hebrew: Mini) -> None:
    result = hebrew.build("pdf")
    assert result.code == 0, result.output
    book = Pdf((hebrew.out / "pdf/t.pdf").read_bytes())
    said = " ".join(book.tags.text(frozenset()).split())
    drawn = re.sub(
        "[\u2068\u2069]", "", said
    )  # the letters as they stand on the page, from the left
    assert f"1.3 {'אלהים'[::-1]}] {'אלחים'[::-1]} O" in drawn
    assert drawn.index("תישארב") < drawn.index("1:3"), "the line begins at the right"
    assert "Version 1.2.3 (draft)" in said


def test_the_text_of_another_language_is_marked_as_such(mini: Mini) -> None:
    """``texts.ID.language`` counts, and not only that of the edition."""
    mini.replace("edition.yaml", "  en: English\n", "  en: English\n  la: Latin\n")
    mini.replace(
        "edition.yaml", "    title: A typescript\n", "    title: A typescript\n    language: la\n"
    )
    lines = ["Arma virumque cano", "Troiae qui primus ab oris."]
    set_text(mini, "\n".join(lines), lines)
    result = mini.run("build", "tei", "html", "epub", "pdf")
    assert result.code == 0, result.output
    (article,) = parse(mini.out / "html/t/one.html").xpath("//article")
    assert (article.get("lang"), article.get("dir")) == ("la", None)
    book = Epub((mini.out / "epub/edition.epub").read_bytes())
    assert book.documents["text/t/one.xhtml"].get("lang") == "la"
    tei = etree.parse(mini.out / "tei/t.xml")
    assert tei.xpath("string(//*[local-name()='text']/@xml:lang)") == "la"
    assert "Arma" in Pdf((mini.out / "pdf/t.pdf").read_bytes()).languages["la"]


# --- Words for the source, by its medium ---------------------------------------------------------


@pytest.mark.parametrize(
    ("medium", "origin", "view", "own", "of"),
    [
        ("typescript", "ocr", "As typed", "OCR", "of the typescript"),
        ("print", "ocr", "As printed", "OCR", "of the printed source"),
        ("manuscript", "transcription", "As written", "Transcription", "of the manuscript"),
        ("", "", "As in the original", "As received", "of the original"),
    ],
)
def test_the_words_for_a_source(
    mini: Mini, medium: str, origin: str, view: str, own: str, of: str
) -> None:
    mini.replace(
        "edition.yaml",
        "    medium: typescript\n    origin: ocr\n",
        (f"    medium: {medium}\n" if medium else "")
        + (f"    origin: {origin}\n" if origin else ""),
    )
    mini.replace("edition.yaml", "    title: A typescript\n", "    title: A text\n")
    mini.replace(
        "edition.yaml",
        "    kind: typescript\n    description: A typescript of three pages.\n    witness_description: OCR text of it.\n",
        "",
    )
    mini.replace("edition.yaml", "caveat: Restored from an OCR text alone.", 'caveat: ""')
    result = mini.run("build", "tei", "html", "pdf", "--pdf-form", "typed")
    assert result.code == 0, result.output
    page = parse(mini.out / "html/t/one.html")
    assert [label.strip() for label in page.xpath("//fieldset[@class='views']//span/text()")][
        :3
    ] == ["Edited", view, own]
    assert f"The page numbers {of} have not changed" in (mini.out / "html/404.html").read_text(
        encoding="utf-8"
    )
    assert f"Page and line numbers are those {of} in every form" in (
        mini.out / "html/t/one.html"
    ).read_text(encoding="utf-8")
    said = " ".join(Pdf((mini.out / "pdf/t.typed.pdf").read_bytes()).tags.text(frozenset()).split())
    assert f"{view}: the text {of} as restored" in said
    words = re.compile("typescript|typed|typist|typewriter", re.IGNORECASE)
    if medium != "typescript":
        for path in sorted((mini.out / "html").rglob("*.html")):
            text = " ".join(parse(path).xpath("//body//text()[not(ancestor::script)]"))
            found = set(words.findall(text)) - (
                {"typed", "TYPED"} if path.name == "schema.html" else set()
            )
            assert found == set(), path
        assert words.findall(said) == []


def test_every_medium_and_origin_has_words() -> None:
    from tei_export.model.record_fields import MEDIA, ORIGINS

    assert len({terms.original(medium) for medium in MEDIA}) == len(MEDIA)
    assert all(terms.original(medium) != terms.original("") for medium in MEDIA)
    assert len({terms.witness(origin) for origin in ORIGINS}) == len(ORIGINS)


def test_the_corpus_counts_its_texts() -> None:
    assert [_together(n) for n in (1, 2, 5)] == [
        "The text as a TEI corpus",
        "Both texts as one TEI corpus",
        "All 5 texts as one TEI corpus",
    ]
