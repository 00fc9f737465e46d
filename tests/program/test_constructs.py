"""The table of what editors mark (docs/constructs.md) says what the pages of the vocabulary and the test editions try."""

from __future__ import annotations

import re

import pytest

from mini import ROOT, TESTS
from tei_export.model.vocabulary import ROLES
from tei_export.source.blocks import DIRECTIVES
from vocabulary_pages import PAGES, Page

_TABLE = (ROOT / "docs/constructs.md").read_text(encoding="utf-8").partition("## What remains")[0]
_ROWS = [
    [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in _TABLE.splitlines()
    if line.startswith("| ") and not line.startswith("| construct")
]


def _codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row[0])
def test_a_construct_is_tried_as_the_table_says(row: list[str]) -> None:
    """All pages of the vocabulary are one edition, which test_vocabulary.py builds and validates."""
    _construct, notation, elements, where = row
    (tried,) = _codes(where)
    if tried.startswith("roots/"):
        assert (TESTS / tried / "conf.py").is_file()
        return
    page = Page.read(tried)
    for sign in _codes(notation):
        assert sign.partition("words")[0] in page.one("source"), sign
    written = "\n".join(page.blocks["tei"])
    for element in _codes(elements):
        assert re.search(rf"<{element}[ />]", written), element


def test_the_table_has_every_role_and_block() -> None:
    """But those that only the grammar of other rows needs."""
    named = {name for row in _ROWS for name in re.findall(r"\{(\w+)\}", row[1])}
    own = {"ru", "ruold", "authorsic", "insertion", "lb"}  # languages, and marks of this author
    typography = {"i", "b"}
    assert {row.name for row in ROLES} - own - typography <= named
    assert DIRECTIVES.keys() - {"ornament"} <= named
    assert {where for row in _ROWS for where in _codes(row[3])} - set(PAGES) <= {
        f"roots/{path.name}" for path in (TESTS / "roots").iterdir()
    }
    assert len(_ROWS) > 73
