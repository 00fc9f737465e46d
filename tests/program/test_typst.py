"""The Typst sources of the book."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import tei_export.outputs.pdf

FOLDER = Path(tei_export.outputs.pdf.__file__).parent
_DEFINED = re.compile(r"^#let ([\w-]+)", re.MULTILINE)


def twice(source: str) -> list[str]:
    return [name for name, n in Counter(_DEFINED.findall(source)).items() if n > 1]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.typ")), ids=lambda path: path.name)
def test_no_name_is_defined_twice(path: Path) -> None:
    """The later definition would hold in all that follows: a role would change the headings."""
    source = path.read_text(encoding="utf-8")
    assert _DEFINED.search(source)
    assert twice(source) == []


def test_a_name_defined_twice_is_found() -> None:
    assert twice("#let one(a) = a\n#let two = 2\n#let one = 1\n") == ["one"]
