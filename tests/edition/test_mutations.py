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
    chance = random.Random(name)
    for chapter in chance.sample(sorted((copy / "edition/thesis").glob("chapter-*.md")), 3):
        whole = chapter.read_text(encoding="utf-8")
        found = list(CLASSES[name](whole))
        if not found:
            continue
        mutant = chance.choice(found)
        line = next(
            i
            for i, (a, b) in enumerate(zip(whole.split("\n"), mutant.split("\n"), strict=False), 1)
            if a != b
        )
        chapter.write_text(mutant, encoding="utf-8")
        result = command(copy, "check")
        chapter.write_text(whole, encoding="utf-8")
        assert result.code == 1, mutant.split("\n")[line - 1]
        head = f"thesis/{chapter.name}:{line}: ["
        assert any(problem.startswith(head) for problem in result.problems), (
            f"{head}\n{result.output}"
        )
