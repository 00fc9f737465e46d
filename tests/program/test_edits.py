"""Random changes of a text of several witnesses: each is noticed, from its part alone as from the whole."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import edits
import pytest

from mini import TESTS, Mini

if TYPE_CHECKING:
    from pathlib import Path

PART = "{pb}`1`A\n===\n\nOne {app}`two <B C: deux> <D: zwei> #auto` three\n{begin}`p`four{end}`p <B: vier>` five six\n"


@pytest.mark.parametrize("change", edits.CHANGES, ids=lambda change: change.__name__)
def test_a_change_changes_what_it_says(change: edits.Change) -> None:
    chance = random.Random(1)
    sigla = ("A", "B", "C", "D")
    found = {change(PART, chance, sigla) for _ in range(20)}
    assert PART not in found
    assert found - {None}
    assert all(new is None or abs(len(new) - len(PART)) <= 60 for new in found)


SOURCE = """FOX
===

One {app}`two <B C: deux> <D: zwei> #auto` three {begin}`p`four five
six{end}`p <B: a fourth and a sixth>` seven, {app}`eight <C: >` nine

Ten{app}` <D:  more>` eleven {begin}`q`twelve thirteen{end}`q <C: dozen>` fourteen
"""
TEXTS = {
    "w": "FOX\nOne two three four five\nsix seven, eight nine\n\nTen eleven twelve thirteen fourteen\n",
    "b": "FOX One deux three a fourth and a sixth seven, eight nine Ten eleven twelve thirteen fourteen",
    "c": "FOX One deux three four five six seven, nine Ten eleven dozen fourteen",
    "d": "FOX One zwei three four five six seven, eight nine Ten more eleven twelve thirteen fourteen",
}


def _edition(folder: Path) -> Path:
    """An edition whose readings are letters alone: what happened to them in a witness is the word of the editors."""
    mini = Mini(folder / "mini", TESTS / "roots" / "several")
    mini.write("fable/fox.md", SOURCE)
    mini.write("registers/persons.yaml", "{}\n")
    mini.witness(TEXTS["w"])
    files = "".join(f"      {s.upper()}: {{name: {s}, file: witness/{s}.txt}}\n" for s in "bcd")
    record = re.sub(
        r"      B².*?(?=    spelling)", files, mini.read("edition.yaml"), flags=re.DOTALL
    )
    mini.write("edition.yaml", record)
    for name in "bcd":
        mini.write(f"witness/{name}.txt", TEXTS[name])
    mini.write("witness/SHA256SUMS", "")
    mini.run("seal")
    return mini.root


def test_every_change_of_a_text_is_noticed(tmp_path: Path) -> None:
    outcome = edits.run(_edition(tmp_path), "fable", 80, sample=10)
    assert outcome.unnoticed == []
    assert outcome.otherwise == []
    assert sum(outcome.kinds.values()) == 80
    assert len(outcome.codes) > 5


def test_a_judge_that_compares_nothing_would_be_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _edition(tmp_path)
    monkeypatch.setattr(edits, "differences", lambda *_: [])
    outcome = edits.run(root, "fable", 12, sample=12)
    assert outcome.unnoticed
    assert set(outcome.unnoticed) <= set(outcome.otherwise)


def test_a_text_is_cut_where_no_passage_is_open() -> None:
    source = "A\n===\n\none {begin}`p`two\n\nthree{end}`p <B: x>` four\n\nfive\n"
    assert list(edits.paragraphs(source)) == [
        "A\n===\n\none {begin}`p`two\n\nthree{end}`p <B: x>` four",
        "five",
    ]
