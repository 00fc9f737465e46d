"""``tei-export new``: every kind is an edition at once; nothing that is there is touched."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from mini import ROOT, command
from tei_export.cli import main
from tei_export.importing import scaffold
from tei_export.importing.edition_kinds import KINDS

if TYPE_CHECKING:
    from pathlib import Path

TITLE = 'A "title": <script>alert(1)</script> it\'s {{ x }} \\ # `y` *z* [a](b) é'


def new(folder: Path, *arguments: str) -> tuple[int, str]:
    printed, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(errors):
        code = main(["new", str(folder), *arguments])
    return code, printed.getvalue() + errors.getvalue()


def made(folder: Path, *arguments: str) -> Path:
    """A new edition, with the schema of this checkout."""
    code, output = new(folder, "--yes", *arguments)
    assert code == 0, output
    with (folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f"edition_schema = {str(ROOT / 'schema')!r}\n")
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_builds_at_once(tmp_path: Path, kind: str) -> None:
    root = made(tmp_path / "e", "--kind", kind, "--title", TITLE, "--language", "de")
    for arguments in (("check",), ("build", "all")):
        result = command(root, *arguments)
        assert result.code == 0, result.output
    assert all(
        (root / "build" / name).is_dir() for name in ("tei", "data", "dts", "pdf", "epub", "html")
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in result.file("html/index.html")
    assert not [
        p
        for p in (root / "build" / "html").rglob("*.html")
        if "<script>alert" in p.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize(
    "title",
    [TITLE, "- a", "12. b", "null", "yes", "'", "%", "a: b", "…" * 60, "# x", "{pb}`1`", "\u2028a"],
)
def test_values_are_what_was_given(tmp_path: Path, title: str) -> None:
    root = made(tmp_path / "e", "--title", title, "--editors", title)
    record = yaml.safe_load((root / "edition" / "edition.yaml").read_text(encoding="utf-8"))
    given = " ".join(title.split())
    assert (record["title"], record["editors"], record["publisher"]) == (given, given, given)
    settings: dict[str, Any] = {}
    exec((root / "conf.py").read_text(encoding="utf-8"), settings)
    assert settings["project"] == given
    result = command(root, "check")
    assert result.code == 0, result.output


def test_defaults_are_given_without_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    code, output = new(tmp_path / "e")
    assert code == 0, output
    assert "tei-export check --root" in output


def test_asks_at_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the options give is not asked; an empty answer takes the default."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return {
            "What will be edited [ocr]: ": "letters",
            "Title of the edition [A new edition]: ": "Briefe",
        }.get(question, "")

    from tei_export.commands import parser

    scaffold.run(parser().parse_args(["new", str(tmp_path / "e"), "--language", "de"]), answer)
    assert len(asked) == 3
    record = yaml.safe_load(
        (tmp_path / "e" / "edition" / "edition.yaml").read_text(encoding="utf-8")
    )
    assert (record["title"], record["language"], record["texts"]["example"]["kind"]) == (
        "Briefe",
        "de",
        "letters",
    )


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_what_is_there_is_not_touched(tmp_path: Path, there: str) -> None:
    target = tmp_path / "e"
    if there == "folder":
        target.mkdir()
    elif there == "file":
        target.write_text("mine")
    else:
        target.symlink_to(tmp_path / "nowhere")
    code, output = new(target, "--yes")
    assert (code, "[new-exists]" in output) == (1, True)
    assert [p.name for p in tmp_path.iterdir()] == ["e"]
    assert not (tmp_path / "nowhere").exists()
    assert there != "folder" or not list(target.iterdir())


@pytest.mark.parametrize(
    ("option", "value"),
    [("--language", "Deutsch!"), ("--language", "de\n- x"), ("--title", "a\x01b")],
)
def test_values_that_cannot_be(tmp_path: Path, option: str, value: str) -> None:
    code, output = new(tmp_path / "e", "--yes", option, value)
    assert (code, "[new-field]" in output) == (1, True)
    assert not list(tmp_path.iterdir())


def test_a_text_is_imported_into_it(tmp_path: Path) -> None:
    root = made(tmp_path / "e")
    (tmp_path / "page.txt").write_text("Head\n\nA line of text.\n", encoding="utf-8")
    result = command(root, "import", str(tmp_path / "page.txt"), "--text", "page")
    assert result.code == 0, result.output
    assert command(root, "check").code == 0
    assert command(root, "build", "tei", "html").code == 0
