"""Mutations of the sources: each class is caught at its line, or docs/decisions.md says why it cannot be.

A class makes every change that it can make in the small edition; the seed is fixed where there
are too many. What an editor could write by a slip of the hand or a wrong click is a class.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from mini import BASE
from mutate import at, homoglyphs

if TYPE_CHECKING:
    from mini import Mini
    from mutate import Mutate

FILES = ("t/one.md", "t/two.md")
EACH = 8

CLASSES: dict[str, Mutate] = {
    "homoglyph": homoglyphs,
    "zero width": lambda t: at(
        t, r"(?<=[ \n])[a-z]{4,}(?=[ \n])", lambda m: m[0][:2] + "\u200b" + m[0][2:]
    ),
    "register id swapped": lambda t: at(
        t, r"\{person\}`(Stalin|STALIN)`", lambda m: f"{{person}}`{m[1]} <trotsky>`"
    ),
    "dangling key": lambda t: at(t, r"<(stalin|prophet)>", lambda m: f"<{m[1]}s>"),
    "dangling page": lambda t: at(t, r"\(the sense", lambda _: "(p. 999: the sense"),
    "letter": lambda t: at(t, r"(?<=[ \n])(?!sense)[a-z]{5,}(?=[ \n])", lambda m: m[0][:-1] + "q"),
    "line doubled": lambda t: at(t, r"(?m)^[A-Za-z].*\n", lambda m: m[0] * 2),
    "line dropped": lambda t: at(t, r"(?m)^[A-Za-z].*\n", lambda _: ""),
    "note reference dropped": lambda t: at(t, r"\[\^\d\](?!:)", lambda _: ""),
    "note dropped": lambda t: at(t, r"(?m)^\[\^\d\]: .*\n(    .*\n)*", lambda _: ""),
    "page number": lambda t: at(t, r"\{pb\}`(\d)`", lambda m: f"{{pb}}`{int(m[1]) + 1}`"),
    "insertion to authorsic": lambda t: at(t, r"\{insertion\}", lambda _: "{authorsic}"),
    "gap to supplied": lambda t: at(t, r"\{gap\}`1 word`", lambda _: "{supplied}`1 word ?`"),
    "role without ticks": lambda t: at(
        t, r"\{(person|place|org)\}`(\w+)`", lambda m: f"{{{m[1]}}}{m[2]}"
    ),
    "role misspelt": lambda t: at(
        t, r"\{(person|place|org|event|work)\}", lambda m: f"{{{m[1]}s}}"
    ),
    "source dropped": lambda t: at(t, r" <[^<>`a-z][^<>`]*>", lambda _: ""),
    "quotation nested": lambda t: at(t, r"(?m)^> ", lambda _: "> > "),
    "work not named": lambda t: at(t, r"\{work\}`(Ibid)\. <prophet>`", lambda m: f"{m[1]}."),
}


def mutants(mutate: Mutate) -> list[tuple[str, str]]:
    found = [
        (name, text)
        for name in FILES
        for text in mutate((BASE / "edition" / name).read_text(encoding="utf-8"))
    ]
    return random.Random(17).sample(found, EACH) if len(found) > EACH else found


@pytest.mark.parametrize("name", CLASSES)
def test_every_mutant_is_caught_in_its_file(mini: Mini, name: str) -> None:
    found = mutants(CLASSES[name])
    assert found, "the class changes nothing"
    originals = {file: mini.read(file) for file in FILES}
    for file, text in found:
        mini.write(file, text)
        result = mini.check()
        assert result.code == 1, f"{file}\n{text}"
        assert any(problem.startswith(f"{file}:") for problem in result.problems), result.output
        assert "internal error" not in result.output
        mini.write(file, originals[file])
    result = mini.check()
    assert result.code == 0, result.output


def test_an_editors_note_dropped_leaves_its_number(mini: Mini) -> None:
    mini.replace("t/two.md", "Another page", "Another page[^ed-1]")
    mini.replace("t/two.md", "two lines.[^1]", "two lines.[^1][^ed-2]")
    whole = mini.read("t/two.md")
    mini.write("t/two.md", f"{whole}\n[^ed-1]: One.\n\n[^ed-2]: Two.\n")
    assert mini.check().code == 0
    mini.write("t/two.md", f"{whole.replace('[^ed-1]', '')}\n[^ed-2]: Two.\n")
    assert mini.check().problems == ["t/two.md:10: [note-order]"]
