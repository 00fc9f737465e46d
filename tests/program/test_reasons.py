"""Reasons of readings that are not certain: their kinds, declared by a text, checked, counted and shown."""

from __future__ import annotations

import csv
import io

import pytest
from lxml import html

from mini import Mini
from tei_export.outputs.pdf.preface import preface
from tei_export.source.directives import statistics
from tei_export.source.facts import domain_of

KINDS = """\
    reason_kinds:
      digits by shape: what the sign looks like elsewhere
      word by sense: what the sentence asks for
      parallel: the same words elsewhere
    complete: true"""
CERTAIN, PROBABLE, DOUBTFUL = (
    "<192li>",
    "<192li> ? (digits by shape: li is 4 on p. 1)",
    "<192li> ?? (digits by shape)",
)
PAGE = "# About\n\n```{statistics} reasons\n```\n"


def with_kinds(mini: Mini, figure: str, sense: str = "word by sense") -> Mini:
    mini.replace("edition.yaml", "    complete: true", KINDS)
    mini.replace("t/one.md", "(the sense asks for it)", f"({sense})")
    mini.replace("t/one.md", "<192li>", figure)
    return mini


@pytest.mark.parametrize(
    ("figure", "sense", "codes"),
    [
        (PROBABLE, "word by sense", []),
        (DOUBTFUL, "word by sense: so in the next line", []),
        (CERTAIN, "word by sense", []),
        ("<192li> (it is 1924)", "word by sense", []),  # a certain reading says what it likes
        ("<192li> ?", "word by sense", ["reason-missing"]),
        ("<192li> ??", "the sense asks for it", ["reason-missing", "reason-kind"]),
        (PROBABLE, "word by senses", ["reason-kind"]),
        (PROBABLE, "so by word by sense", ["reason-kind"]),
        (PROBABLE, "word by sense, as on p. 1", ["reason-kind"]),  # the kind ends at the colon
    ],
)
def test_what_is_not_certain_has_a_reason_of_a_declared_kind(
    mini: Mini, figure: str, sense: str, codes: list[str]
) -> None:
    found = [
        problem.partition("[")[2].rstrip("]")
        for problem in with_kinds(mini, figure, sense).check().problems
    ]
    assert found == codes


def test_a_page_number_that_is_not_certain_has_a_reason_too(mini: Mini) -> None:
    with_kinds(mini, CERTAIN)
    mini.witness(mini.read("witness/w.txt").replace("\n2\n", "\n Z\n"))
    mini.replace("t/one.md", "{pb}`2`", "{pb}`2 <Z> ?`")
    assert mini.check().problems == ["t/one.md:15: [reason-missing]"]
    mini.replace("t/one.md", "{pb}`2 <Z> ?`", "{pb}`2 <Z> ? (digits by shape)`")
    assert mini.check().code == 0


def test_a_text_that_declares_no_kinds_is_not_asked(mini: Mini) -> None:
    mini.replace("t/one.md", " ? (the sense asks for it)", " ?")
    assert mini.check().code == 0


def test_the_table_counts_every_kind(mini: Mini) -> None:
    with_kinds(mini, PROBABLE)
    mini.replace(
        "t/one.md",
        "{ocr}``{sic}`adamant <adament>` <adaraent>``",
        "{ocr}``{sic}`adamant <adament>` <adaraent> ?? (word by sense)``",
    )
    mini.write("about.md", PAGE)
    mini.replace("index.md", "t/one\n", "about\nt/one\n")
    assert mini.build("html").code == 0
    page = html.fromstring((mini.out / "html/about.html").read_bytes())
    rows = [
        [cell.text_content().strip() for cell in row.xpath("./th|./td")]
        for row in page.xpath("//table//tr")
    ]
    assert rows == [
        ["kind", "meaning", "certain", "probable", "doubtful"],
        ["digits by shape", "what the sign looks like elsewhere", "–", "1", "–"],
        ["word by sense", "what the sentence asks for", "–", "1", "1"],
        ["parallel", "the same words elsewhere", "–", "–", "–"],
    ]


def test_the_book_tells_the_kinds_in_its_preface(mini: Mini) -> None:
    with_kinds(mini, PROBABLE)
    mini.write("about.md", PAGE + "\n```{statistics} kinds\n```\n")
    mini.replace("index.md", "t/one\n", "about\nt/one\n")
    app = mini.app()
    document, domain = app.env.get_doctree("about"), domain_of(app.env)
    statistics.fill(document, domain.edition, domain.facts, ("reasons",))
    written = preface(document)
    assert "what the sign looks like elsewhere" in written
    assert '#"probable "' in written
    assert "misread" not in written  # the other tables are in the statistics of the book


def test_an_entry_shows_the_kind_of_its_reason(mini: Mini) -> None:
    with_kinds(mini, PROBABLE, "word by sense: <b>'so'</b>")
    for target in ("html", "data"):
        assert mini.build(target).code == 0
    page = html.fromstring((mini.out / "html/apparatus.html").read_bytes())
    meanings = dict(
        zip(
            [term.strip() for term in page.xpath("//dl[@class='reasons']/dt/text()")],
            page.xpath("//dl/dd/text()"),
            strict=True,
        )
    )
    assert meanings == {
        "digits by shape": "what the sign looks like elsewhere",
        "word by sense": "what the sentence asks for",
    }
    assert [e.text_content() for e in page.xpath("//ul[@class='readings']//small")] == [
        "a li is 4 on p. 1",
        "b <b>'so'</b>",
    ], "a letter of the list above"
    rows = csv.DictReader(
        io.StringIO((mini.out / "data/emendations.csv").read_text(encoding="utf-8"))
    )
    assert sorted(row["reason_kind"] for row in rows if row["certainty"] != "high") == [
        "digits by shape",
        "word by sense",
    ]


def test_other_reasons_stay_as_they_are(mini: Mini) -> None:
    assert mini.build("html").code == 0
    page = html.fromstring((mini.out / "html/apparatus.html").read_bytes())
    assert page.xpath("//dl[@class='reasons']") == []
    assert page.xpath("//ul[@class='readings']//small/text()") == ["the sense asks for it"]
