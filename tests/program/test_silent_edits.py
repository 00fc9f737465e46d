"""Edits that change no letter of any witness: an escape that nothing needs, the amount of white space.

Each is a problem, or changes nothing that is published; of white space, its amount may differ.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import edits

from mini import TESTS, Mini

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = r"""FOX
===

One {app}`two \*) <B C: deux \<x\> ! > <D: zwei \{y (a hole)> #auto` three. {begin}`p`four five
six{end}`p <B: a fourth \? and a sixth (two words)>` seven, {app}`eight <C: >` nine \[x\] ten

Eleven{app}` <D:  more (so it says)>` {person}`Aesop` {app}``twelve <B: {del}`no <struck>` twelve>`` -- end.
"""
FILES = {
    "w": "FOX\nOne two *) three. four five\nsix seven, eight nine [x] ten\n\nEleven Aesop twelve -- end.\n",
    "b": "FOX One deux <x> ! three. a fourth ? and a sixth seven, eight nine [x] ten Eleven Aesop no twelve -- end.",
    "c": "FOX One deux <x> ! three. four five six seven, nine [x] ten Eleven Aesop twelve -- end.",
    "d": "FOX One zwei {y three. four five six seven, eight nine [x] ten Eleven more Aesop twelve -- end.",
}
_ESCAPES = r"(?P<old>\\)|(?<![\\`=])(?=[.,;:!?#(<>{*\[\]-])(?!-?=)"
_SPACES = r"(?<=\S)(?P<old> )(?=\S)"


def _silent(pattern: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Yield what such edits put in place of which letters: from, to, new."""
    for found in re.finditer(pattern, SOURCE[9:]):
        said = "" if found[0] == "\\" else new
        yield found.start() + 9, found.end() + 9, said


def _edited(changes: list[tuple[int, int, str]]) -> str:
    source = SOURCE
    for start, end, new in sorted(changes, reverse=True):
        source = source[:start] + new + source[end:]
    return source


def _published(root: Path) -> dict[str, bytes]:
    files = [p for name in ("tei", "data") for p in (root / name).rglob("*") if p.is_file()]
    return {str(p.relative_to(root)): p.read_bytes() for p in files}


def test_an_edit_of_an_escape_or_a_space_is_a_problem_or_changes_nothing(tmp_path: Path) -> None:
    """All that are no problem are made at once: what each would change shows then, too."""
    mini = Mini(tmp_path / "mini", TESTS / "roots" / "several")
    mini.write("fable/fox.md", SOURCE)
    mini.witness(FILES["w"])
    named = "".join(f"      {s.upper()}: {{name: {s}, file: witness/{s}.txt}}\n" for s in "bcd")
    record = re.sub(
        r"      B².*?(?=    spelling)", named, mini.read("edition.yaml"), flags=re.DOTALL
    )
    mini.write("edition.yaml", record)
    for name in "bcd":
        mini.write(f"witness/{name}.txt", FILES[name])
    mini.write("witness/SHA256SUMS", "")
    mini.run("seal")
    assert mini.run("build", "tei", "data").code == 0
    before = _published(mini.out)

    quiet: dict[str, list[tuple[int, int, str]]] = {"escapes": [], "spaces": []}
    told = 0
    with edits.judge(mini.root, "fable") as judging:
        (doc,) = (part.doc for part in judging.text.parts)
        drawn = [("escapes", one) for one in _silent(_ESCAPES, "\\")]
        drawn += [("spaces", one) for one in list(_silent(_SPACES, "  "))[::4]]
        for kind, change in drawn:
            judging.read(doc, _edited([change]))
            if judging.problems(doc):
                told += 1
            else:
                quiet[kind].append(change)
            judging.restore(doc, SOURCE)
    assert told > 15
    assert len(quiet["escapes"]) > 5
    assert len(quiet["spaces"]) > 5

    mini.write("fable/fox.md", _edited(quiet["escapes"]))
    assert mini.run("build", "tei", "data").code == 0
    after = _published(mini.out)
    assert {name for name in before if after.get(name) != before[name]} == set()

    mini.write("fable/fox.md", _edited(quiet["spaces"]))
    assert mini.build("tei").code == 0
    bare = [re.sub(rb"\s+", b"", one["tei/fable.xml"]) for one in (before, _published(mini.out))]
    assert bare[0] == bare[1]
