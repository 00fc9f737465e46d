"""``tei-export resolve``: the same words at a page and line in every form, read from the files."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from mini import Mini
from tei_export.proof.resolve import FORMS

if TYPE_CHECKING:
    from pathlib import Path


# --- The command ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """The small edition with all its outputs."""
    base = Mini(tmp_path_factory.mktemp("whole") / "mini")
    result = base.run("build", "tei", "pdf", "epub", "html")
    assert result.code == 0, result.output
    return base


@pytest.fixture
def built(whole: Mini, tmp_path: Path) -> Mini:
    """A copy to spoil."""
    return Mini(tmp_path / "copy", whole.root)


def words_of(output: str) -> set[str]:
    return {re.split(r"\s{2,}", line)[-1] for line in output.splitlines()}


def rows(output: str) -> list[list[str]]:
    return [line.split(maxsplit=1) for line in output.splitlines()]


def test_the_command_prints_a_line_for_each_form(whole: Mini) -> None:
    result = whole.run("resolve", "2.3-4")
    assert result.code == 0, result.output
    assert [row[0] for row in rows(result.output)] == list(FORMS)
    assert words_of(result.output) == {"which end here. The last paragraph of the first chapter."}


def test_every_place_of_the_small_edition(whole: Mini) -> None:
    result = whole.run("resolve", "1-3")
    assert result.code == 0, result.output
    (said,) = words_of(result.output)
    assert "Perhaps Trotsky's isolation was a mistake. Stalin had adamant friends" in said
    assert "■" not in said
    assert "[…]" in said


def test_one_form_is_read_alone(whole: Mini) -> None:
    result = whole.run("resolve", "p. 2", "--in", "pdf")
    assert result.code == 0
    ((form, rest),) = rows(result.output)
    assert form == "pdf"
    assert rest.startswith("build/pdf/t.pdf#nameddest=p2 (page ")


def test_what_is_no_place_is_wrong_usage(whole: Mini) -> None:
    result = whole.run("resolve", "line 5")
    assert result.code == 2
    assert "line 5 is not a valid place" in result.output


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("html/t/one.html", "html"),
        ("tei/t.xml", "tei"),
        ("epub/edition.epub", "epub"),
        ("pdf/t.pdf", "pdf"),
    ],
)
def test_a_file_that_is_missing_or_damaged_is_named(built: Mini, file: str, form: str) -> None:
    path = built.out / file
    data = path.read_bytes()
    for spoilt in (None, b"", data[: len(data) // 3], b"<x/>"):
        path.unlink(missing_ok=True)
        if spoilt is not None:
            path.write_bytes(spoilt)
        result = built.run("resolve", "2.4")
        assert result.code == 1, (spoilt or b"")[:20]
        assert "Traceback" not in result.output
        code = "place-differs" if "[place-differs]" in result.output else "output-missing"
        assert len(result.problems) == 1
        assert f"[{code}]" in result.problems[0]
        assert spoilt is not None or f"tei-export build {form}" in result.output
        assert [row[0] for row in rows(result.output)][:3] == [
            f for f in FORMS if f != form or code == "place-differs"
        ][:3]


@pytest.mark.parametrize(
    ("file", "parts"),
    [("html/t/one.html", 48), ("tei/t.xml", 12), ("epub/edition.epub", 64), ("pdf/t.pdf", 12)],
)
def test_damage_anywhere_in_a_file_is_no_fault_of_the_tools(
    built: Mini, file: str, parts: int
) -> None:
    """Most of the e-book are fonts, and most of a page is not the text."""
    path = built.out / file
    data = path.read_bytes()
    form = file.partition("/")[0]
    seen = set()
    for part in range(parts):
        at = (len(data) - 60) * part // (parts - 1)
        path.write_bytes(data[:at] + bytes(60) + data[at + 60 :])
        result = built.run("resolve", "1-3", "--in", form)
        assert result.code in {0, 1}, result.output
        assert result.code == bool(result.problems)
        seen.add(result.code)
    assert 1 in seen


@pytest.mark.parametrize("form", ["html", "tei"])
def test_a_letter_changed_in_one_file_is_found(built: Mini, form: str) -> None:
    path = built.out / {"html": "html/t/one.html", "tei": "tei/t.xml"}[form]
    text = path.read_text(encoding="utf-8")
    assert "last paragraph of the first" in text
    path.write_text(
        text.replace("last paragraph of the first", "last paragraph of the fist"), encoding="utf-8"
    )
    result = built.run("resolve", "2.4")
    assert result.code == 1
    assert (
        "“The last paragraph of the fist chapter.”, in the sources “The last paragraph of the first chapter.”"
        in result.output
    )
    assert built.run("resolve", "2.3").code == 0
    assert built.run("resolve", "2", "--in", "sources").code == 0


def test_a_change_of_the_sources_is_found(built: Mini) -> None:
    built.replace("t/one.md", "The last paragraph", "The {ocr}`final <last>` paragraph")
    result = built.run("resolve", "2.4")
    assert result.code == 1
    assert len(result.problems) == 4
    assert all("[place-differs]" in problem for problem in result.problems)


def test_sources_with_problems_are_reported_as_always(built: Mini) -> None:
    built.replace("t/one.md", "The last paragraph", "The lost paragraph")
    result = built.run("resolve", "2.4")
    assert result.code == 1
    assert ["[witness-differs]" in p for p in result.problems] == [True]


def test_outputs_in_another_folder(built: Mini, tmp_path: Path) -> None:
    shutil.move(built.out, tmp_path / "elsewhere")
    result = built.run("resolve", "2.4", "--out", str(tmp_path / "elsewhere"))
    assert result.code == 0, result.output
    assert "elsewhere/tei/t.xml#o0019" in result.output
