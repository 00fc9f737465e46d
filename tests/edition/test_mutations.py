"""Reads the real edition: a sample of mutations of its chapters is caught at the changed line."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from mini import ROOT, command
from mutate import at, homoglyphs

if TYPE_CHECKING:
    from pathlib import Path

    from mutate import Mutate

CLASSES: dict[str, Mutate] = {
    "homoglyph": homoglyphs,
    "register id swapped": lambda t: at(
        t, r"\{person\}`Stalin`", lambda _: "{person}`Stalin <trotsky-leon>`"
    ),
    "Latin in Russian": lambda t: at(t, r"(?<=\{ru\}`)[а-я]+(?=[ `])", lambda _: "pole"),
    "role without ticks": lambda t: at(
        t, r"\{(person|place|org)\}`(\w+)`", lambda m: f"{{{m[1]}}}{m[2]}"
    ),
    "zero width": lambda t: at(
        t, r"(?<=[ \n])[a-z]{4,}(?=[ \n])", lambda m: m[0][:2] + "\u200b" + m[0][2:]
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mutations")
    for name in ("edition", "schema"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "conf.py", root / "conf.py")
    result = command(root, "check")
    assert result.code == 0, result.output
    return root


@pytest.mark.parametrize("name", CLASSES)
def test_mutants_are_caught_at_their_line(copy: Path, name: str) -> None:
    """A mutant in each of three chapters, checked in one run: none hides another."""
    chance = random.Random(name)
    whole: dict[Path, str] = {}
    heads: dict[str, str] = {}
    for chapter in chance.sample(sorted((copy / "edition/thesis").glob("chapter-*.md")), 3):
        text = chapter.read_text(encoding="utf-8")
        found = list(CLASSES[name](text))
        if not found:
            continue
        mutant = chance.choice(found)
        line = next(
            i
            for i, (a, b) in enumerate(zip(text.split("\n"), mutant.split("\n"), strict=False), 1)
            if a != b
        )
        heads[f"thesis/{chapter.name}:{line}: ["] = mutant.split("\n")[line - 1]
        whole[chapter] = text
        chapter.write_text(mutant, encoding="utf-8")
    assert heads
    result = command(copy, "check")
    for chapter, text in whole.items():
        chapter.write_text(text, encoding="utf-8")
    assert result.code == 1, heads
    for head, changed in heads.items():
        assert any(problem.startswith(head) for problem in result.problems), (
            f"{head} {changed}\n{result.output}"
        )
