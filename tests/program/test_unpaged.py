"""A text without a page table may have several parts: each says with which line of the witness it begins."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
import yaml

from web import parse

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Mini

LINES = [
    "HEAD",
    "One word,",
    "two words.",
    "",
    "SECOND",
    "Three {words}.".replace("{words}", "wrods"),
    "",
    "Four.",
]


@pytest.fixture
def chapters(mini: Mini) -> Mini:
    """Two chapters without pages: seven lines of the witness, of which the second has three."""
    mini.witness("\n".join(LINES) + "\n")
    mini.replace("edition.yaml", "    pages: witness/pages.csv\n", "")
    mini.replace("edition.yaml", "title: II. Two}", "title: II. Two, first_line: 5}")
    mini.write("t/one.md", "HEAD\n===\n\nOne word,\ntwo words.\n")
    mini.write("t/two.md", "SECOND\n===\n\nThree {ocr}`words <wrods>`.\n\nFour.\n")
    for name in ("persons", "places", "organisations", "events", "works", "relations"):
        mini.path(f"registers/{name}.yaml").unlink(missing_ok=True)
    return mini


def test_every_output_counts_on(chapters: Mini) -> None:
    checked = chapters.check()
    assert checked.code == 0, checked.output
    built = chapters.run("build", "tei", "data", "html")
    assert built.code == 0, built.output
    assert "0 differences" in built.output
    tei = built.file("tei/t.xml")
    for number, place in ((1, 1), (2, 2), (5, 5), (6, 6), (8, 7)):
        assert f'<lb n="{place}" xml:id="o{number:04d}"/>' in tei
    page = parse(chapters.out / "html/t/two.html")
    assert page.xpath("//*[@id='l6']")
    (row,) = csv.DictReader(built.file("data/emendations.csv").splitlines())
    assert row["line"] == "6"
    passage = chapters.run("resolve", "6", "--in", "html")
    assert "Three" in passage.output
    assert passage.code == 0, passage.output


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ("", "", "give every part after the first first_line"),
        ("", ", first_line: 1", "out of order"),
        (", first_line: 2", ", first_line: 5", "out of order"),
        ("", ", first_line: 0", "whole number from 1"),
    ],
)
def test_where_a_part_begins_is_said(chapters: Mini, one: str, two: str, said: str) -> None:
    chapters.replace("edition.yaml", "title: I. One}", f"title: I. One{one}}}")
    chapters.replace("edition.yaml", ", first_line: 5", two)
    for result in (chapters.check(), chapters.build("tei")):
        assert result.code == 1
        assert said in result.output
        assert [p.rpartition(" ")[2] for p in result.problems] == ["[record-field]"]


def test_a_line_in_the_wrong_part_is_told_at_it(chapters: Mini) -> None:
    chapters.replace("edition.yaml", "first_line: 5", "first_line: 6")
    result = chapters.check()
    assert result.problems == ["t/one.md:5: [witness-left-out]", "t/two.md:1: [witness-extra]"]
    assert "p. " not in result.output


def test_with_a_page_table_no_part_says_it(mini: Mini) -> None:
    mini.replace("edition.yaml", "title: II. Two}", "title: II. Two, first_line: 5}")
    assert "take first_line out" in mini.check().output


def test_own_tei_comes_back_with_where_its_parts_begin(chapters: Mini) -> None:
    assert chapters.build("tei").code == 0
    first = chapters.out / "tei" / "t.xml"
    done = chapters.run("import", str(first), "--text", "copy")
    assert done.code == 0, done.output
    assert chapters.check().code == 0
    parts = yaml.safe_load(chapters.read("edition.yaml"))["texts"]["copy"]["parts"]
    assert [part.get("first_line") for part in parts] == [None, 5]


def test_tei_of_others_without_pages(chapters: Mini, tmp_path: Path) -> None:
    """Each part has its lines and its notes, as a part is compared alone."""
    note = '<note place="bottom">A note.</note>'
    division = "<div><head>H{0}</head><p>Words {0}" + note + " and more.</p></div>"
    body = division.format("one") + division.format("two")
    file = tmp_path / "foreign.xml"
    file.write_text(
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>{body}</body></text></TEI>',
        encoding="utf-8",
    )
    done = chapters.run("import", str(file), "--text", "copy")
    assert done.code == 0, done.output
    checked = chapters.check()
    assert checked.code == 0, checked.output
    assert chapters.build("tei").code == 0
