"""The files of an output wait until all of them are complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tei_export.shared.staged_files import StagedFiles

if TYPE_CHECKING:
    from pathlib import Path


def _content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_files_are_placed_together_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old", encoding="utf-8")
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")
    with StagedFiles(tmp_path) as files:
        files.append("a.txt", b"one ")
        files.write("b/c.txt", b"another, and longer")
        files.write("b/c.txt", b"other")
        files.append("a.txt", b"two")
        files.append("b/empty.txt", b"")
        assert files.read("a.txt") == b"one two"
        assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"
        assert not (tmp_path / "b").exists()
    assert list(files.names) == ["a.txt", "b/c.txt", "b/empty.txt"]
    assert _content(tmp_path) == {
        "a.txt": "one two",
        "b/c.txt": "other",
        "b/empty.txt": "",
        "kept.txt": "kept",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b", "kept.txt"]
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


def test_a_failed_build_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old", encoding="utf-8")
    with pytest.raises(ValueError, match="no"), StagedFiles(tmp_path) as files:
        files.write("a.txt", b"new")
        raise ValueError("no")
    assert _content(tmp_path) == {"a.txt": "old"}


def test_what_a_killed_build_left_is_not_used(tmp_path: Path) -> None:
    (tmp_path / ".new").mkdir()
    (tmp_path / ".new" / "a.txt").write_text("half", encoding="utf-8")
    with StagedFiles(tmp_path) as files:
        files.write("a.txt", b"new")
    assert _content(tmp_path) == {"a.txt": "new"}


def test_an_error_names_the_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OSError, match="a") as caught, StagedFiles(tmp_path) as files:
        files.write("a.txt", b"new")
    assert caught.value.filename == str(tmp_path / "a.txt")
    long = "n" * 300
    with pytest.raises(OSError, match=long) as caught, StagedFiles(tmp_path) as files:
        files.write(long, b"new")
    assert caught.value.filename == str(tmp_path / long)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]
