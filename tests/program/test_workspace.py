"""The folder of the outputs: all outputs of a run take their places, or none; one run at a time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tei_export.shared import atomic, stopping
from tei_export.shared.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

TARGETS = ("html", "tei")


def content(out: Path) -> dict[str, str]:
    """The outputs, file by file."""
    found = [path for path in out.rglob("*") if path.is_file() and ".cache" not in path.parts]
    return {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in found}


def cached(out: Path) -> set[str]:
    return {path.name for path in (out / ".cache").iterdir()}


def make(work: Workspace, words: str) -> None:
    """What a run makes."""
    for target in TARGETS:
        folder = work.folder(target)
        (folder / "sub").mkdir(parents=True)
        (folder / "sub" / "a.txt").write_text(f"{target} {words}", encoding="utf-8")
        (folder / f"{words}.txt").write_text(words, encoding="utf-8")
        (folder / ".buildinfo").touch()
    (work.doctrees / "environment.pickle").write_text(words, encoding="utf-8")


def run(out: Path, words: str) -> None:
    with Workspace(out) as work:
        make(work, words)
        work.place(TARGETS)


def expected(words: str) -> dict[str, str]:
    return {
        k: v
        for t in TARGETS
        for k, v in ((f"{t}/sub/a.txt", f"{t} {words}"), (f"{t}/{words}.txt", words))
    }


def read_before(out: Path) -> str:
    """What the next run gets of what was read."""
    with Workspace(out) as work:
        file = work.doctrees / "environment.pickle"
        return file.read_text(encoding="utf-8") if file.exists() else ""


def test_a_set_takes_the_place_of_the_last(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    for words in ("old", "new"):
        run(out, words)
        assert content(out) == expected(words)
        assert cached(out) == {"doctrees", "lock"}
        assert read_before(out) == words


def test_a_run_that_does_not_end_well_leaves_nothing(tmp_path: Path) -> None:
    run(tmp_path, "old")
    with pytest.raises(KeyError), Workspace(tmp_path) as work:
        make(work, "new")
        raise KeyError
    assert content(tmp_path) == expected("old")
    assert cached(tmp_path) == {"doctrees", "lock"}
    assert read_before(tmp_path) == "old"


def test_what_was_read_is_not_used_when_it_is_damaged_or_not_wanted(tmp_path: Path) -> None:
    run(tmp_path, "old")
    with Workspace(tmp_path, fresh=True) as work:
        assert list(work.doctrees.iterdir()) == []
    file = tmp_path / ".cache" / "doctrees" / "environment.pickle"
    file.write_text("", encoding="utf-8")  # as after a loss of power
    with Workspace(tmp_path) as work:
        assert list(work.doctrees.iterdir()) == []
    (tmp_path / ".cache" / "doctrees" / "seal.json").unlink()
    assert read_before(tmp_path) == ""


#: Calls that change folders while a set takes its place: the journal, two sets of renames, the end.
STEPS = range(9)


class Killed(BaseException):
    """Stands for SIGKILL: nothing is cleared up after it."""


def breaking(
    monkeypatch: pytest.MonkeyPatch, step: int, error: type[BaseException]
) -> Callable[[], int]:
    """Let the call ``step`` that renames or removes a path fail; gives how many calls there were."""
    count = 0

    def counted(name: str) -> None:
        real = getattr(Path, name)

        def call(self: Path, *arguments: object, **named: object) -> object:
            nonlocal count
            if self.name in (*TARGETS, "doctrees", "journal") or self.name.startswith(".journal."):
                count += 1
                if count == step + 1:
                    raise (
                        error(28, "No space left on device", str(self))
                        if error is OSError
                        else error
                    )
            return real(self, *arguments, **named)

        monkeypatch.setattr(Path, name, call)

    for name in ("rename", "replace", "unlink"):
        counted(name)
    return lambda: count


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_one_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    run(tmp_path, "old")
    work = Workspace(tmp_path).__enter__()
    make(work, "new")
    with monkeypatch.context() as patch:
        count = breaking(patch, step, Killed)
        try:
            work.place(TARGETS)
        except Killed:
            pass
        else:
            assert step >= count()
    os.close(work._lock or 0)  # as the system does for a dead process
    began = (tmp_path / ".cache" / "journal").exists() or work.placed
    words = "new" if began else "old"
    assert read_before(tmp_path) == words  # any next run completes it, or drops it
    assert content(tmp_path) == expected(words)
    assert cached(tmp_path) == {"doctrees", "lock"}
    run(tmp_path, "third")
    assert content(tmp_path) == expected("third")


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_refuses_at_any_step_leaves_one_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    run(tmp_path, "old")
    failed = False
    with monkeypatch.context() as patch, Workspace(tmp_path) as work:
        make(work, "new")
        breaking(patch, step, OSError)
        try:
            work.place(TARGETS)
        except OSError:
            failed = True
    words = read_before(tmp_path)
    assert words == ("old" if failed else "new")
    assert content(tmp_path) == expected(words)


def test_a_journal_that_names_other_places_is_not_followed(tmp_path: Path) -> None:
    run(tmp_path, "old")
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for journal in (["../mine.txt", "../../x", 5, ".."], {"tei": 1}, "not json"):
        (tmp_path / ".cache" / "run").mkdir()
        text = journal if isinstance(journal, str) else json.dumps(journal)
        (tmp_path / ".cache" / "journal").write_text(text, encoding="utf-8")
        assert read_before(tmp_path) == "old"
        assert content(tmp_path) == {**expected("old"), "mine.txt": "mine"}


def test_a_folder_that_cannot_be_moved_is_named_before_anything_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "old")
    guarded = tmp_path / "tei" / "sub"
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path) != guarded and access(path, mode)
    )
    with Workspace(tmp_path) as work:
        make(work, "new")
        with pytest.raises(PermissionError, match=re.escape(str(guarded))):
            work.place(TARGETS)
    assert content(tmp_path) == expected("old")


def test_a_signal_that_was_lost_keeps_the_outputs_from_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "old")
    monkeypatch.setattr(stopping, "_arrived", [15])
    with pytest.raises(stopping.Stopped), Workspace(tmp_path) as work:
        make(work, "new")
        work.place(TARGETS)
    assert content(tmp_path) == expected("old")


_HOLDER = """
import sys
from pathlib import Path
from tei_export.shared.workspace import Workspace
with Workspace(Path(sys.argv[1])) as work:
    print("at work", flush=True)
    sys.stdin.read()
    print("done", flush=True)
"""


def test_the_second_run_waits_and_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDER, str(tmp_path)]
    streams = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "encoding": "utf-8",
    }
    with subprocess.Popen(command, **streams) as first:  # type: ignore[call-overload]
        assert first.stdout.readline() == "at work\n"
        with subprocess.Popen(command, **streams) as second:  # type: ignore[call-overload]
            assert second.stderr.readline() == f"another run is at work in {tmp_path}: waiting\n"
            said, _ = first.communicate("")
            assert said == "done\n"
            said, errors = second.communicate("")
            assert (said, errors, second.returncode) == ("at work\ndone\n", "", 0)


def test_a_file_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "new" / "a.xml"
    atomic.write_whole(target, b"one")
    atomic.write_whole(target, b"two")
    assert target.read_bytes() == b"two"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for refuse, error in ((killed, KeyboardInterrupt), (full, OSError)):
        with monkeypatch.context() as patch:
            patch.setattr("pathlib.Path.replace", refuse)
            with pytest.raises(error) as caught:
                atomic.write_whole(target, b"three")
        if isinstance(caught.value, OSError):
            assert (caught.value.filename, caught.value.errno) == (str(target), 28)
        assert target.read_bytes() == b"two"
        assert [path.name for path in target.parent.iterdir()] == ["a.xml"]
