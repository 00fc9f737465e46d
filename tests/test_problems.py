"""The way of a problem: where it stands in its source, and how it ends a build."""

from __future__ import annotations

import pytest

from tei_export.model.problems import Problem
from tei_export.model.tables import cell_column
from tei_export.source.nodes import mark
from tei_export.source.problems import Report, differing


@pytest.mark.parametrize(
    ("source", "witness"),
    [
        ("a mistake was made", "a mistoke was made"),
        ("{ocr}`adamant <adament>` about thjs", "adament about this"),
        ("{ocr}`adamant <adament>` about", "adamemt about"),
        ("words and {person}`Trotsky`'s isola-¬", "words and Trotskv's isola-"),
        ("a line that goes on too long", "a line that goes on"),
        ("a line too", "a line too short"),
    ],
)
def test_a_difference_is_shown_at_its_letter(source: str, witness: str) -> None:
    """``witness`` differs in one letter from ``source`` as the witness reads it, or at its end."""
    read = source.replace("{ocr}`adamant <adament>`", "adament").replace("{person}`Trotsky`", "Trotsky")
    read = read.rstrip("¬")
    at = next((i for i, (a, b) in enumerate(zip(read, witness, strict=False)) if a != b), min(len(read), len(witness)))
    column = differing(source, read, at)
    rest = read[at:] or "\n"
    assert column > 0
    assert (source + "\n")[column - 1] == rest[0]


def test_no_column_is_guessed() -> None:
    """What stands twice on a line, or is not on it as it is read, may be either."""
    report = Report("a.md", ["one two one", "{ocr}`x <y>` y"])
    assert report.column(1, "one") == 0
    assert report.column(1, "two") == 5
    assert report.column(2, mark("x <y>", kind="ocr")) == 1
    assert report.column(2, mark("x <z>", kind="ocr")) == 0
    assert report.column(3, "one") == report.column(0, "one") == 0
    assert differing("y y", "y y", 0) == 0


def test_a_cell_after_a_quoted_one_has_no_column() -> None:
    assert [cell_column(["page", "a,b", "c"], at) for at in range(3)] == [1, 6, 0]


def test_a_place_has_a_column_only_where_it_is_known() -> None:
    assert Problem("page-none", "a.md", 3, "").place == "a.md:3"
    assert Problem("page-none", "a.md", 3, "", 7).report.startswith("a.md:3:7: [page-none] ")
