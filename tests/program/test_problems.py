"""The way of a problem: where it stands in its source, and how it ends a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sphinx.errors import SphinxError

from forked import sphinx_build
from mini import sphinx
from tei_export.model.csv_tables import cell_column
from tei_export.model.problems import Problem
from tei_export.source.build_stop import ProblemsError
from tei_export.source.nodes import mark
from tei_export.source.problems import Report, differing

if TYPE_CHECKING:
    from mini import Mini

#: What is wrong, and whether Sphinx finds out before it builds or while it does.
WRONG = [
    ("edition.yaml", "language: en", "language: fr", "metadata-contradiction"),
    ("t/one.md", "friends in", "freinds in", "witness-differs"),
]


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
    read = source.replace("{ocr}`adamant <adament>`", "adament").replace(
        "{person}`Trotsky`", "Trotsky"
    )
    read = read.rstrip("¬")
    at = next(
        (i for i, (a, b) in enumerate(zip(read, witness, strict=False)) if a != b),
        min(len(read), len(witness)),
    )
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


@pytest.mark.parametrize(("file", "old", "new", "code"), WRONG)
def test_sphinx_build_shows_problems_without_a_traceback(
    mini: Mini, file: str, old: str, new: str, code: str
) -> None:
    mini.replace(file, old, new)
    done = sphinx_build("-b", "tei", "-c", mini.root, mini.root / "edition", mini.out)
    assert done.returncode == 2
    assert "Problems in the edition!" in done.stderr
    assert f": [{code}] " in done.stderr
    assert "Traceback" not in done.stderr
    assert "Versions" not in done.stderr


@pytest.mark.parametrize(("file", "old", "new", "code"), WRONG)
def test_a_program_catches_problems_as_an_error_of_sphinx(
    mini: Mini, file: str, old: str, new: str, code: str
) -> None:
    mini.replace(file, old, new)
    with (
        pytest.raises(SphinxError) as caught,
        sphinx(mini.root, mini.root / "edition", mini.out / ".app") as app,
    ):
        app.build()
    assert isinstance(caught.value, ProblemsError)
    assert [p.code for p in caught.value.problems] == [code]


def test_problems_do_not_throw_away_what_was_read(mini: Mini) -> None:
    """Sphinx deletes its environment after an exception: the next check would read every file again."""
    assert mini.check().code == 0
    pickles = list(mini.out.rglob("environment.pickle"))
    assert pickles
    mini.replace("t/one.md", "friends in", "freinds in")
    assert mini.check().code == 1
    assert [path for path in pickles if not path.is_file()] == []


def test_problems_are_told_in_the_order_of_their_places(mini: Mini) -> None:
    mini.replace("t/one.md", "friends in", "freinds {city}`in`")
    mini.replace("t/one.md", "prevailed in", "prevaled in")
    mini.write("about.md", "# About\n\n{person}`Nobody`\n")
    assert [p.partition(" ")[0] for p in mini.check().problems] == [
        "about.md:3:",
        "t/one.md:7:",
        "t/one.md:15:",
    ]
