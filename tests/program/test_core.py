"""The lowest layers, each on its own: readings, places, scanning, alignment, files, registers."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from mini import BASE, Mini
from tei_export.model import (
    base_witness,
    edition,
    registers,
    safe_yaml,
)
from tei_export.model import (
    places as citation,
)
from tei_export.model import (
    readings as layers,
)
from tei_export.model import (
    safe_read as files,
)
from tei_export.model.base_witness import BaseWitness, Page, Segment, align
from tei_export.model.problems import EditionError
from tei_export.model.vocabulary import BY_NAME, BY_REGISTER, MENTIONS, ROLES, Family
from tei_export.source.precheck import source_problems

# --- layers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trotsky <fi*otsky>", ("Trotsky", "fi*otsky", "high", "ed", "")),
        ("and <arid> ?", ("and", "arid", "medium", "ed", "")),
        ("and <arid> ??", ("and", "arid", "low", "ed", "")),
        ("and <arid> ?? #auto (by rule)", ("and", "arid", "low", "auto", "by rule")),
        ("and <arid> #auto", ("and", "arid", "high", "auto", "")),
        ("and <arid> (why (or not))", ("and", "arid", "high", "ed", "why (or not)")),
        (" <■>", ("", "■", "high", "ed", "")),
        (", <>", (",", "", "high", "ed", "")),
        ("'s < * s>", ("'s", " * s", "high", "ed", "")),
        ("a  <b>", ("a ", "b", "high", "ed", "")),
        ("a <b>>", ("a", "b>", "high", "ed", "")),
        (
            "{sic}`adamant <adament>` <adaraent>",
            ("{sic}`adamant <adament>`", "adaraent", "high", "ed", ""),
        ),
        ("{sic}``{ru}`x` <y>`` <z> ?", ("{sic}``{ru}`x` <y>``", "z", "medium", "ed", "")),
    ],
)
def test_a_layer_is_taken_apart(text: str, expected: tuple[str, ...]) -> None:
    found = layers.parse_layer(text)
    assert (found.reading, found.source, found.cert, found.resp, found.why) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1924", "role-source"),
        ("", "role-source"),
        ("{sic}`a <b>`", "role-source"),
        ("a <a>", "role-same"),
        (" <>", "role-same"),
        ("a <b> ???", "role-certainty"),
        ("a <b> maybe", "role-certainty"),
        ("a <b> ? (why", "role-certainty"),
    ],
)
def test_a_layer_that_cannot_be_understood(text: str, code: str) -> None:
    with pytest.raises(layers.RoleTextError) as caught:
        layers.parse_layer(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the war <1914/1918>", ("the war", "1914/1918", "high", "")),
        ("word", ("word", "", "high", "")),
        ("1927 <1927>", ("1927", "1927", "high", "")),
        (
            "struck <struck @anna> ? (by the ink)",
            ("struck", "struck @anna", "medium", "by the ink"),
        ),
        ("{sic}`12 <13>` <12>", ("{sic}`12 <13>`", "12", "high", "")),
        ("{sic}`a <b>`", ("{sic}`a <b>`", "", "high", "")),
    ],
)
def test_a_phrase_is_taken_apart(text: str, expected: tuple[str, ...]) -> None:
    """Its values may be its words."""
    found = layers.parse_phrase(text)
    assert (found.reading, found.values, found.cert, found.why) == expected
    assert found.source == ""


@pytest.mark.parametrize(
    ("text", "reading", "cert", "why"),
    [
        ("as leader ?", "as leader", "medium", ""),
        ("as leader ?? #auto (by sense)", "as leader", "low", "by sense"),
        (" here ?", " here", "medium", ""),
        ("2 words", "2 words", "high", ""),
        ("who? ?", "who?", "medium", ""),
        ("who?", "who?", "high", ""),
    ],
)
def test_a_state_is_taken_apart(text: str, reading: str, cert: str, why: str) -> None:
    found = layers.parse_state(text)
    assert (found.reading, found.cert, found.why) == (reading, cert, why)


@pytest.mark.parametrize(
    ("text", "code"), [(" ?", "role-empty"), ("", "role-empty"), ("x ???", "role-certainty")]
)
def test_a_state_that_cannot_be_understood(text: str, code: str) -> None:
    with pytest.raises(layers.RoleTextError) as caught:
        layers.parse_state(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ("2 words", (2, "word")),
        ("1 char", (1, "char")),
        (" 3 pages ", (3, "page")),
        ("12 lines", (12, "line")),
    ],
)
def test_an_extent(text: str, extent: tuple[int, str]) -> None:
    assert layers.parse_extent(text) == extent


@pytest.mark.parametrize(
    "text", ["", "words", "0 words", "2", "two words", "2 paragraphs", "-1 word"]
)
def test_an_extent_that_is_none(text: str) -> None:
    with pytest.raises(layers.RoleTextError, match=r".*") as caught:
        layers.parse_extent(text)
    assert caught.value.code == "gap-extent"


@pytest.mark.parametrize(
    ("reading", "source", "kind"),
    [
        ("Trotsky", "fi*otsky", "substitution"),
        ("and", "arid", "substitution"),
        ("1924", "192li", "number"),
        ("5-6", "5.-6", "mark"),
        ("1924 г.", "1924 r.", "script"),
        ("меньшевизм", "MeHbIlleBH3M", "script"),
        ("революция", "революція", "substitution"),
        ("войны.", "войны,", "mark"),
        ("to the", "tothe", "segmentation"),
        ("tothe", "t o the", "segmentation"),
        (" ", "", "segmentation"),
        ("", " ", "segmentation"),
        ("'", "’", "glyph"),
        ("view.", "view,", "mark"),
        (",", "*", "mark"),
        ("They", "“They", "mark"),
        ('"They', "“They", "glyph"),
        ("", "■", "noise"),
        (",", "", "loss"),
        ("", "1", "noise"),
        ("2", "", "loss"),
    ],
)
def test_the_class_of_a_difference(reading: str, source: str, kind: str) -> None:
    assert layers.classify(reading, source, {"’": "'", "“": '"'}) == kind


def test_white_space_is_folded() -> None:
    assert layers.collapse_space(" a \t b\n\nc\u00a0d ") == "a b c d"


# --- places ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "shown", "anchor"),
    [
        ("17.12", ("17", 12), "17.12", "p17.12"),
        ("p. ix", ("ix", 0), "ix", "pix"),
        ("IX.3", ("ix", 3), "ix.3", "pix.3"),
        (" 1 ", ("1", 0), "1", "p1"),
    ],
)
def test_a_place_is_read_and_written(
    text: str, place: tuple[str, int], shown: str, anchor: str
) -> None:
    found = citation.parse(text)
    assert (found.page, found.line) == place
    assert str(found) == shown
    assert found.anchor == anchor


def test_a_place_without_pages() -> None:
    assert str(citation.Place("", 12)) == "12"
    assert citation.Place("", 12).anchor == "l12"


@pytest.mark.parametrize("text", ["", "p.", "17.", "17,12", "page 3", "q-r", "a:b", "17.12.1"])
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        citation.parse(text)


def test_ids_sort_as_the_pages_do() -> None:
    pages = ["vii", "viii", "ix", "x", "xi", "1", "2", "10", "158"]
    ids = [citation.page_id(page) for page in pages]
    assert ids[:1] + ids[-1:] == ["pg-f07", "pg-158"]
    assert sorted(ids[:5]) == ids[:5]
    assert sorted(ids[5:]) == ids[5:]
    assert [citation.witness_id(n) for n in (857, 12345)] == ["o0857", "o12345"]


LABELS = ["12r", "12v", "12a", "[4]", "A3", "a3", "é", "٣", "ix", "IV*", "3/4", "_", "x5b", "漢"]


def test_a_page_may_have_any_name_without_spaces() -> None:
    """Ids and anchors of all of them are ASCII, legal in XML, and different."""
    ids = [citation.page_id(label) for label in LABELS]
    anchors = [citation.Place(label, 2).anchor for label in LABELS]
    assert len(set(ids)) == len(set(anchors)) == len(LABELS)
    assert [i for i in ids if not re.fullmatch(r"pg-[a-z0-9-]+", i)] == []
    assert [a for a in anchors if not re.fullmatch(r"p[A-Za-z0-9-]+\.2", a)] == []
    assert citation.Place("12r", 3).anchor == "p12r.3"
    for label in LABELS:
        assert citation.page_problem(label) == ""
        assert citation.parse(f"{label}.7") == citation.Place(label, 7)


@pytest.mark.parametrize(
    "label",
    ["", "a b", "4.2", "a:b", "1-2", "1–2", "a`b", "<b>", "²", "a\u200bb", "x" * 17, "a\tb"],
)
def test_a_name_that_no_page_can_have(label: str) -> None:
    assert citation.page_problem(label)


# --- the vocabulary ----------------------------------------------------------------------


def test_the_table_is_consistent() -> None:
    assert len({row.name for row in ROLES}) == len(ROLES) == len(BY_NAME)
    for row in ROLES:
        assert row.gloss
        assert row.tei
        assert bool(row.register) == bool(row.id_prefix) == (row.family is Family.MENTION)
    assert [BY_REGISTER[row.register] for row in MENTIONS] == list(MENTIONS)


# --- what is seen before parsing -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{person}`Stalin` said[^1]\n\n[^1]: Note.", []),
        ("{event}``{person}`Lenin`'s death <d>``", []),
        ("{city}`Moscow`", [("role-unknown", 1)]),
        ("a\n{event}``{city}`Moscow` fell <f>``", [("role-unknown", 2)]),
        ("\\{city}`Moscow`", []),
        ("a {person}`General\nSecretary`", [("role-line", 1)]),
        ("{event}``{person}`Lenin`'s\ndeath <d>``", [("role-line", 1)]),
        ("% {city}`Moscow` and [^7]", []),
        ("a[^1] b[^2]\n\n[^1]: One.\n[^2]: Two.\n", []),
        ("a[^1]", [("note-undefined", 1)]),
        ("a[^1]\n\n[^1]: One.\n\n[^1]: Again.", [("note-twice", 5)]),
        ("a[^1]\nb[^1]\n\n[^1]: One.", [("note-twice", 2)]),
        ("a\n\n[^ed-1]: One.", [("note-unreferenced", 3)]),
        ("a[^1]\n\n[^1]: One, see[^2].", [("note-undefined", 3)]),
        ("{ocr}`[^2] <1 2>`\n\n[^2]: Two.", []),
    ],
)
def test_scan(text: str, problems: list[tuple[str, int]]) -> None:
    assert [(p.code, p.line) for p in source_problems(text, "a.md", BY_NAME)] == problems


# --- the witness -------------------------------------------------------------------------

LINES = ("one", "", "two  words", "three", "1 note", "2", "four")
PAGES = {"1": Page("1", 1, 5, 0), "2": Page("2", 6, 7, 6), "3": Page("3", 0, 0, 0)}
WITNESS = BaseWitness("w.txt", "", LINES, PAGES)


def aligned(
    *segments: Segment, pages: tuple[str, ...] = ("1",)
) -> tuple[list[tuple[str, int]], int]:
    """Codes and lines of the problems, and how many lines agree."""
    result = align(segments, WITNESS, pages)
    return [(p.code, p.line) for p in result.problems], result.lines


def page_one(*texts: str) -> list[Segment]:
    """Segments of page 1, in the source lines 11, 12 …"""
    return [Segment(text, "1", "a.md", line) for line, text in enumerate(texts, 11)]


def test_lines_agree_whatever_the_white_space() -> None:
    segments = page_one("one", " two words", "three ", "1note")
    segments[3].label = 1
    assert aligned(*segments) == ([], 4)
    assert [s.number for s in segments] == [1, 3, 4, 5]
    assert [s.space for s in segments] == [False, False, False, True]


@pytest.mark.parametrize(
    ("texts", "problems"),
    [
        (("one", "two wards", "three", "1 note"), [("witness-differs", 12)]),
        (("one", "twowords", "three", "1 note"), [("witness-differs", 12)]),
        (("one", "three", "1 note"), [("witness-left-out", 11)]),
        (("two words", "three", "1 note"), [("witness-left-out", 11)]),
        (("one", "two words", "three"), [("witness-left-out", 13)]),
        (("one", "two words", "and more", "three", "1 note"), [("witness-extra", 13)]),
        (("one", "two words", "two words", "three", "1 note"), [("witness-twice", 12)]),
        (("one", "two words three", "1 note"), [("witness-differs", 12), ("witness-left-out", 12)]),
        (
            ("one", "three", "two words", "1 note"),
            [("witness-left-out", 11), ("witness-twice", 13)],
        ),
        (
            ("Qne", "tvo words", "threc", "1 n0te"),
            [("witness-differs", n) for n in (11, 12, 13, 14)],
        ),
    ],
)
def test_lines_that_do_not_agree(texts: tuple[str, ...], problems: list[tuple[str, int]]) -> None:
    found, _ = aligned(*page_one(*texts))
    assert sorted(found) == sorted(problems)


def test_a_problem_shows_both_readings() -> None:
    (problem,) = align(page_one("one", "two wards", "three", "1 note"), WITNESS, ["1"]).problems
    assert (
        "p. 1, witness line 3, word 2: 'wards' in the source, 'words' in the witness"
        in problem.detail
    )
    assert "source:  two wards\n" in problem.detail
    assert problem.detail.endswith("witness: two words")


def test_a_line_that_is_named() -> None:
    moved = [Segment("three", "1", "a.md", 11, pin=4), *page_one("one", "two words", "1 note")]
    assert aligned(*moved) == ([], 4)
    halves = [Segment("thr", "1", "a.md", 11, pin=3), Segment("x", "1", "a.md", 12, pin=3)]
    assert aligned(*halves, *page_one("one", "three", "1 note"))[0] == [("witness-differs", 11)]
    pieces = [Segment("two", "1", "a.md", 11, pin=3), Segment("words", "1", "a.md", 12, pin=3)]
    assert aligned(*pieces, *page_one("one", "three", "1 note")) == ([], 4)
    assert [p.first_piece for p in pieces] == [True, False]
    nowhere = Segment("x", "1", "a.md", 19, pin=2)
    assert aligned(nowhere, *page_one("one", "two words", "three", "1 note"))[0] == [
        ("witness-line", 19)
    ]


def test_pages_are_compared_one_by_one() -> None:
    wrong_page = [
        *page_one("one", "two words", "three", "1 note", "four"),
        Segment("2", "2", "a.md", 20, pin=6),
    ]
    found, _ = aligned(*wrong_page, pages=("1", "2"))
    assert ("witness-extra", 15) in found
    assert ("witness-left-out", 0) in found  # no line of page 2 to name
    assert WITNESS.on_page(PAGES["3"]) == []
    assert PAGES["3"].lost


def test_the_witness_is_read_and_checked(tmp_path: Path) -> None:
    data = b"a\r\nb\n"
    (tmp_path / "w.txt").write_bytes(data)
    (tmp_path / "p.csv").write_text(
        "page,first_line,last_line,number_seen_at_line\ni,1,2,\n1,,,\n", encoding="utf-8"
    )
    found = base_witness.load(tmp_path, "w.txt", hashlib.sha256(data).hexdigest(), "p.csv")
    assert found.lines == ("a\r", "b", "")
    assert list(found.pages) == ["i", "1"]
    assert found.line(1) == "a"
    assert found.line(0) == found.line(9) == ""
    with pytest.raises(EditionError, match="witness-changed"):
        base_witness.load(tmp_path, "w.txt", "0" * 64, "")


# --- files -------------------------------------------------------------------------------


def test_a_yaml_file_with_the_lines_of_its_keys(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a:\n  b: 1\n  c: [x, {d: y}]\n\ne: 2\n", encoding="utf-8")
    source = safe_yaml.read_yaml(tmp_path / "a.yaml", tmp_path)
    assert source.data == {"a": {"b": 1, "c": ["x", {"d": "y"}]}, "e": 2}
    assert [source.line(path) for path in ("a", "a.b", "a.c.1.d", "e", "a.b.none", "none")] == [
        1,
        2,
        3,
        5,
        2,
        0,
    ]


def test_an_empty_yaml_file_has_no_keys(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# nothing\n", encoding="utf-8")
    assert safe_yaml.read_yaml(tmp_path / "a.yaml", tmp_path).data == {}


def test_no_path_leaves_the_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").touch()
    (tmp_path / "b.txt").touch()
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "b.txt")
    root = tmp_path / "in"
    assert files.inside(root, "a.txt", origin="e.yaml") == (root / "a.txt").resolve()
    for name, code in (
        ("../b.txt", "file-outside"),
        ("link.txt", "file-outside"),
        ("c.txt", "file-missing"),
    ):
        with pytest.raises(EditionError) as caught:
            files.inside(root, name, origin="e.yaml", line=7)
        assert [(p.code, p.file, p.line, p.detail) for p in caught.value.problems] == [
            (code, "e.yaml", 7, name)
        ]


@pytest.mark.parametrize("char", ["\x00", "\x0c", "\x1b", "\x7f", "\x85", "\ufffd", "\uffff"])
def test_characters_that_no_text_needs(char: str) -> None:
    (problem,) = files.text_problems(f"a\nb{char}".encode(), "a.md")
    assert (problem.code, problem.line, problem.detail) == ("file-control", 2, f"U+{ord(char):04X}")


def test_characters_that_texts_have() -> None:
    assert files.text_problems("\ufeffa\tb\r\n«ѣ» ̂ ■ 𐍈".encode(), "a.md") == []


# --- registers and the record ----------------------------------------------------------------


def test_registers_are_loaded_with_their_name_forms() -> None:
    found = registers.load(BASE / "edition" / "registers", BASE / "edition")
    assert found["persons"].candidates("Stalin") == ("stalin",)
    assert found["persons"].candidates("Stalin, Joseph") == ("stalin",)
    assert found["persons"].candidates("nobody") == ()
    entry = found["works"].entries["prophet"]
    assert (entry.name, entry.xml_id, entry.text("year"), entry.text("gloss")) == (
        "The Prophet Unarmed",
        "bib-prophet",
        "1959",
        "",
    )


def test_every_problem_of_the_registers_is_found_at_once(mini: Mini) -> None:
    mini.replace("registers/persons.yaml", "name: Trotsky, Leon", "name: [Trotsky]")
    mini.replace("registers/works.yaml", "[deutscher]", "[carr]")
    mini.replace("edition.yaml", "siglum: O", "siglum:")
    with pytest.raises(EditionError) as caught:
        edition.load(mini.root / "edition")
    assert [(p.code, p.file, p.line) for p in caught.value.problems] == [
        ("record-field", "edition.yaml", 43),
        ("register-field", "registers/persons.yaml", 2),
        ("register-field", "registers/works.yaml", 4),
    ]


def test_the_record(mini: Mini) -> None:
    root = mini.root / "edition"
    found = edition.load(root)
    assert edition.load(root) is found
    assert found.field("rights.text.name") == "Copyright not evaluated"
    text, part = found.part_of("t/two") or pytest.fail("no part")
    assert (text.id, part.id, part.name) == ("t", "ch-02", "II. Two")
    assert found.part_of("index") is None
    with pytest.raises(EditionError, match=r"edition.yaml:15:1: \[record-field\].*rights.nothing"):
        found.field("rights.nothing")
    mini.replace("registers/events.yaml", "type: war", "type: wars")
    assert edition.load(root).digest != found.digest
