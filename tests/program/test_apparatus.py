"""One apparatus: the same entries in every output, by construction, and one rule for what is folded."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from tei_export.i18n import terms
from tei_export.model.apparatus import Emendation, Neighbours, Reading, is_small
from tei_export.shared.apparatus import of_part
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from mini import Mini


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (("glyph", "high", "ed", ""), True),
        (("mark", "high", "ed", ""), False),
        (("glyph", "medium", "ed", ""), False),
        (("glyph", "high", "auto", ""), False),
        (("glyph", "high", "ed", "it is the only one"), False),
    ],
)
def test_the_rule(signs: tuple[str, str, str, str], expected: bool) -> None:
    assert is_small(*signs) is expected


# --- Entries of a small edition ------------------------------------------------------------------


def entries(mini: Mini) -> dict[str, Any]:
    domain = domain_of(mini.app().env)
    return {e.xml_id: e for _text, _part, facts in domain.parts() for e in of_part(facts).entries}


def test_a_misread_page_number_is_an_entry(mini: Mini) -> None:
    line = mini.read("witness/pages.csv").splitlines()[2].split(",")
    seen = int(line[3])
    lines = mini.read("witness/w.txt").split("\n")
    lines[seen - 1] = "l!"
    page = line[0]
    mini.replace("t/one.md", f"{{pb}}`{page}`", f"{{pb}}`{page} <l!> ? (the next page is 3)`")
    mini.witness("\n".join(lines))
    entry = entries(mini)[f"app-{seen:04d}-1"]
    assert (entry.lemma, entry.type, entry.page, entry.line) == (page, "number", page, 0)
    assert (entry.source, entry.cert, entry.why) == ("l!", "medium", "the next page is 3")
    result = mini.build("all")
    assert result.code == 0, result.output
    for name in ("html/t/one.html", "tei/t.xml", "data/emendations.csv"):
        assert entry.xml_id in result.file(name), name
    with zipfile.ZipFile(mini.out / "epub/edition.epub") as book:
        (name,) = [n for n in book.namelist() if n.endswith("apparatus/t/one.xhtml")]
        pages = [
            result.file("html/t/one.html").encode(),
            result.file("html/apparatus.html").encode(),
            book.read(name),
        ]
    for written in pages:
        shown = html.fromstring(written)
        words = " ".join(str(shown.text_content()).split())
        assert "after Secretary's] ■ O" in words, "where the text has nothing"


def test_what_stands_beside_is_said_where_the_text_has_nothing() -> None:
    def said(lemma: str, beside: Neighbours, note: str = "", typed: str = "") -> tuple[str, str]:
        readings = (Reading(("T",), typed), Reading(("O",), "x"))
        entry = Emendation(
            "ocr",
            "noise",
            "t/one",
            "1",
            2,
            "app-1",
            lemma,
            readings,
            "high",
            "ed",
            "",
            neighbours=beside,
            note=note,
        )
        assert terms.lemma_words(entry, "T")[0] == ("" if typed else terms.lemma_words(entry)[0])
        return terms.lemma_words(entry)

    beside = Neighbours(after="went", before="be")
    assert said("he went", beside, typed="he went") == ("", "he went")
    assert said(" ", beside) == ("after", "went")
    assert said("", Neighbours(before="be")) == ("before", "be")
    assert said("", beside, note="3") == ("nothing", "")
    assert said("", Neighbours()) == ("nothing", "")


def test_one_label_a_class() -> None:
    """Labels are unlike one another, in one and in many."""
    for words in zip(*terms.classes().values(), strict=True):
        assert len(set(words)) == len(words)
