"""Witnesses put in and collated: whatever the alignment is, the proof finds every word recorded."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mini import Mini
from tei_export.importing.collate_align import _by_pairs, _table
from tei_export.importing.collate_source import CollatedSource
from tools import require_package as package

A = """\
It was the opinion of the old gardeners that a plum of the south will never ripen well
beside a wall that looks to the north, whatever pains are taken.

Yet I have seen two such trees bear fruit in a dry year; and their owner, a careful man, had given
them nothing but water.

Nobody knows why this is so.
"""
B = (
    A.replace("old gardeners", "gardeners")
    .replace("will never ripen", "never will ripen")
    .replace("a careful man, ", "")
)
C = "Of plums. " + A.replace("Nobody knows", "It is not known").replace("dry", "very dry").replace(
    "whatever pains are taken",
    "though a man should take all the pains that he can think of; nor do I wonder",
)
D = (
    A.partition("\n\n")[0].upper()
    + "\n\n"
    + A.rpartition("\n\n")[2]
    + "\nOf this enough (as I think)? #end <x> \\ said.\n"
)


@pytest.fixture
def plums(tmp_path: Path) -> Mini:
    package("collatex")
    mini = Mini(tmp_path / "mini")
    for name, text in zip("ABCD", (A, B, C, D), strict=True):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    given_ = [f"--witness={name}={tmp_path / name}.txt" for name in "ABCD"]
    result = mini.run("import", *given_, "--text", "plums", "--title", "Of plums")
    assert result.code == 0, result.output
    return mini


def test_import_then_collate_then_check(plums: Mini) -> None:
    assert "[reading-differs]" in plums.check().output
    result = plums.run("collate", "plums")
    assert result.code == 0, result.output
    source = plums.read("plums/plums-01.md")
    assert "{app}`Nobody knows <C: It is not known> #auto`" in source
    result = plums.check()
    assert (result.code, result.problems) == (0, []), result.output
    assert result.output.count(" words, 0 differences (letters)") == 3
    tei = plums.build("tei")
    assert tei.code == 0, tei.output


def test_a_second_run_changes_nothing_and_a_dry_run_neither(plums: Mini) -> None:
    before = plums.read("plums/plums-01.md")
    result = plums.run("collate", "plums", "--dry-run")
    assert "+" in result.output
    assert plums.read("plums/plums-01.md") == before
    plums.run("collate", "plums")
    first = plums.read("plums/plums-01.md")
    assert first != before
    assert "0 files changed" in plums.run("collate", "plums").output
    assert plums.read("plums/plums-01.md") == first


def test_what_a_person_judged_is_left_alone(plums: Mini) -> None:
    plums.run("collate", "plums")
    plums.replace(
        "plums/plums-01.md",
        "{app}`Nobody knows <C: It is not known> #auto`",
        "{app}`Nobody knows <C: It is not known> (so in the book, too)`",
    )
    before = plums.read("plums/plums-01.md")
    assert "1 paragraphs left alone" in plums.run("collate", "plums").output
    assert plums.read("plums/plums-01.md") == before


def test_every_damaged_word_is_told(plums: Mini) -> None:
    """A twentieth of the words of one witness, and more."""
    plums.run("collate", "plums")
    name = "witness/plums-C.txt"
    text = plums.read(name)
    spans = [m.span() for m in re.finditer(r"\S+", text)]
    chance = random.Random(1866)
    for at in chance.sample(range(len(spans)), 12):
        start, end = spans[at]
        for new in ("", f"{text[start:end]}q", f"{text[start:end]} again"):
            plums.write(name, text[:start] + new + text[end:])
            sums = plums.read("witness/SHA256SUMS").splitlines(keepends=True)
            plums.write("witness/SHA256SUMS", "".join(x for x in sums if "plums-C" not in x))
            plums.run("seal")
            output = plums.check().output
            assert "[reading-differs]" in output, (text[start:end], new)
            places = re.findall(r": C, word (\d+) \(letters\)", output)
            assert min(abs(int(place) - at - 1) for place in places) <= 1, (
                text[start:end],
                new,
                output,
            )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--witness=A=A.txt"], "import-witness"),
        (["--witness=A=A.txt", "--witness=A=A.txt"], "import-witness"),
        (["--witness=T=A.txt", "--witness=B=A.txt"], "import-witness"),
        (["--witness=A", "--witness=B=A.txt"], "import-witness"),
        (["--witness=A=nosuch.txt", "--witness=B=A.txt"], "import-missing"),
        (["A.txt", "--witness=A=A.txt", "--witness=B=A.txt"], "import-witness"),
        ([], "import-empty"),
    ],
)
def test_what_is_no_witness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: str
) -> None:
    mini = Mini(tmp_path / "mini")
    (tmp_path / "A.txt").write_text(A, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = mini.read("edition.yaml")
    result = mini.run("import", *arguments, "--text", "new")
    assert result.code == 1
    assert f"[{code}]" in result.output
    assert mini.read("edition.yaml") == before


def test_a_text_with_one_witness_is_not_collated(tmp_path: Path) -> None:
    package("collatex")
    result = Mini(tmp_path / "mini").run("collate", "t")
    assert (result.code, result.problems) == (1, ["edition.yaml:0: [import-record]"]), result.output


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), max_size=7)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.lists(WORDS, min_size=2, max_size=4).filter(lambda rows: sum(bool(r) for r in rows) > 1))
def test_a_table_keeps_the_words_of_every_row_in_their_order(rows: list[list[str]]) -> None:
    package("collatex")
    for table in (_table(rows), _by_pairs(rows)):
        for n, row in enumerate(rows):
            assert [word for column in table for word in column[n]] == row


def test_markup_is_a_word_or_a_part_of_one() -> None:
    line = "{pb}`2`A {person}`General… <x>` {ocr}`word <w0rd>`'s isola-¬"
    assert [t.text for t in CollatedSource("a.md", line).tokens()] == [
        "A",
        "General…",
        "word's",
        "isola",
    ]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("{abbr}`chapter <ch.>`", ["ch."]),
        ("{orig}`public <publick>`", ["publick"]),
        ("{sic}`adamant <adament>`", ["adament"]),
        ("{ocr}`is <1s>`", ["is"]),
        ("{subst}`new <old> above @anna`", ["new"]),
        ("{del}`gone <struck>`", ["gone"]),
        ("{unclear}`doubtful ? (blot)`", ["doubtful"]),
        ("{date}`May <1866-05>`", ["May"]),
        ("{i}`slanted`", ["slanted"]),
        ("{catch}`next`", []),
        ("{supplied}`lost ?`", []),
        ("{gap}`2 words`", []),
    ],
)
def test_every_role_is_read_as_other_witnesses_read_it(role: str, words: list[str]) -> None:
    """What T reads, without conjectures, losses and forme work: as in the proof of the witnesses."""
    assert [word.text for word in CollatedSource("a.md", role).tokens()] == words
