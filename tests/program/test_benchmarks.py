"""The generated editions of the benchmarks are editions; their sizes and seeds say what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from generate import CHAPTER, Generator

from machines import fingerprint
from mini import command

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*MystReferenceResolver.app:PendingDeprecationWarning"
)


@pytest.mark.parametrize("pages", [5, 2 * CHAPTER + 3])
def test_a_generated_edition_is_an_edition(tmp_path: Path, pages: int) -> None:
    Generator(pages).write(tmp_path / "e")
    result = command(tmp_path / "e", "check")
    assert result.code == 0, result.output
    assert f"t: {pages} pages, " in result.output
    assert "substitution" in result.output


def test_a_seed_gives_one_edition(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        Generator(4, seed).write(tmp_path / name)
    a, b, c = (fingerprint(tmp_path / name) for name in "abc")
    assert a == b
    assert a != c
