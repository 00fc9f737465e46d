"""The commands of the Makefile and the set-up behind them (``tools/setup``)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mini import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import suites

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Programs of others, in environments of their own.
OUTSIDE = ("dapytains", "tg-model", "corpus")
#: What the set-up may take for granted.
SYSTEM = (
    "sh", "cat", "cksum", "cp", "dirname", "grep", "id", "mkdir", "mv", "rm", "sed", "tail", "uname",
)  # fmt: skip


def test_make_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"^  make (\S+)", shown, re.MULTILINE)) == targets
    assert {"edition", "test", "check", "lint", "bench", "clean"} <= targets


@pytest.fixture
def bare_project(tmp_path: Path) -> Path:
    """The files that the set-up reads, in an empty folder: nothing is installed there."""
    for name in ("tools", "requirements", "tests/outside/node"):
        shutil.copytree(ROOT / name, tmp_path / "project" / name)
    package = tmp_path / "project/src/tei_export"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "src/tei_export/version.py", package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "project")
    return (tmp_path / "project").resolve()


def _program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def _set_up(project: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``tools/setup`` where PATH has only the few tools that any system has."""
    tools = project / "bin"
    tools.mkdir(exist_ok=True)
    for name in SYSTEM:
        if not (tools / name).exists():
            (tools / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name} here"))
    return subprocess.run(
        [tools / "sh", "tools/setup", command],
        cwd=project,
        env={"PATH": str(tools), "TEI_EXPORT_NO_SYSTEM": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_set_up_says_when_there_is_no_python(bare_project: Path) -> None:
    result = _set_up(bare_project, "edition")
    assert result.returncode == 1
    assert "no Python >= 3.11 found" in result.stderr
    assert "apt-get install python3 python3-venv" in result.stderr
    assert "brew install python" in result.stderr


def test_set_up_says_when_venv_is_missing(bare_project: Path) -> None:
    (bare_project / "bin").mkdir()
    # A Python as Debian ships it without python3-venv.
    _program(
        bare_project / "bin",
        "python3",
        f'case "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"',
    )
    result = _set_up(bare_project, "edition")
    assert result.returncode == 1
    assert "has no ensurepip" in result.stderr
    assert f"python3.{sys.version_info.minor}-venv" in result.stderr


def _stand_ins(project: Path, *programs: str) -> Path:
    """Programs that only answer, and a .venv whose pip only notes in a file that it was called.

    :return: that file
    """
    calls = project / "pip-calls"
    for folder in ("bin", ".venv/bin"):
        (project / folder).mkdir(parents=True)
    pip = f'case "$2" in pip) echo "$*" >>"{calls}"; exit 0 ;; esac'
    _program(project / ".venv/bin", "python", f'{pip}\nexec "{sys.executable}" "$@"')
    (project / ".venv/bin/activate").write_text(f"VIRTUAL_ENV={project}/.venv\n", encoding="utf-8")
    _program(project / ".venv/bin", "playwright", "exit 0")
    for name in programs:
        _program(project / "bin", name, "exit 0")
    return calls


def _npm(project: Path, script: str = "") -> None:
    """An npm that makes the files the set-up looks for; or does as ``script`` says."""
    files = ("vnu-jar/build/dist/vnu.jar", "typescript/bin/tsc")
    made = [f"mkdir -p node_modules/{Path(f).parent}; : >node_modules/{f}" for f in files]
    _program(
        project / "bin", "npm", script or "\n".join([f'echo "$*" >>"{project}/npm-calls"', *made])
    )


def test_set_up_installs_once_until_the_lock_changes(bare_project: Path) -> None:
    calls = _stand_ins(bare_project)
    assert _set_up(bare_project, "edition").returncode == 0
    assert "--require-hashes -r requirements/build.txt" in calls.read_text(encoding="utf-8")
    calls.unlink()
    assert _set_up(bare_project, "edition").returncode == 0
    assert not calls.exists()
    with (bare_project / "requirements/build.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert _set_up(bare_project, "edition").returncode == 0
    assert calls.exists()


def test_set_up_does_not_trust_a_venv_that_was_moved(bare_project: Path, tmp_path: Path) -> None:
    _stand_ins(bare_project)
    assert _set_up(bare_project, "edition").returncode == 0
    moved = bare_project.rename(tmp_path / "moved")
    result = _set_up(moved, "edition")
    assert "no Python >= 3.11 found" in result.stderr  # it would make .venv anew


def test_set_up_finds_the_programs_of_the_tests(bare_project: Path) -> None:
    _stand_ins(bare_project, "google-chrome", "firefox", "java", "pdftotext", "node", "basex")
    _npm(bare_project)
    result = _set_up(bare_project, "test", CI="true")
    assert (result.returncode, result.stderr) == (0, "")
    found = (bare_project / ".venv/tools.env").read_text(encoding="utf-8")
    assert f"TEI_EXPORT_CHROMIUM={bare_project}/bin/google-chrome\n" in found
    assert f"TEI_EXPORT_JAVA={bare_project}/bin/java\n" in found
    assert f"TEI_EXPORT_VNU={bare_project}/.venv/outside/node/node_modules/vnu-jar/" in found


PROGRAMS = ("google-chrome", "firefox", "java", "pdftotext", "node", "basex")


def test_set_up_finds_the_headless_shell_of_chromium(bare_project: Path) -> None:
    _stand_ins(bare_project, "chromium-headless-shell", *PROGRAMS)
    _npm(bare_project)
    assert _set_up(bare_project, "test", CI="true").returncode == 0
    found = (bare_project / ".venv/tools.env").read_text(encoding="utf-8")
    assert f"TEI_EXPORT_CHROMIUM={bare_project}/bin/google-chrome\n" in found
    assert f"TEI_EXPORT_CHROMIUM_SHELL={bare_project}/bin/chromium-headless-shell\n" in found


def test_set_up_asks_once_for_a_headless_shell_that_is_not_to_be_had(bare_project: Path) -> None:
    """As on Ubuntu; the tests run in the whole browser, and nothing is missing."""
    _stand_ins(bare_project, *PROGRAMS)
    _npm(bare_project)
    calls = bare_project / "apt-calls"
    _program(bare_project / "bin", "apt-get", f'echo "$*" >>"{calls}"; exit 100')
    _program(bare_project / "bin", "id", "echo 0")
    _program(bare_project / "bin", "env", f'exec {shutil.which("env")} "$@"')
    for _again in range(2):
        result = _set_up(bare_project, "test", CI="true", TEI_EXPORT_NO_SYSTEM="")
        assert (result.returncode, result.stderr) == (0, "")
    assert calls.read_text(encoding="utf-8").count("chromium-headless-shell") == 1
    found = (bare_project / ".venv/tools.env").read_text(encoding="utf-8")
    assert "TEI_EXPORT_CHROMIUM=" in found
    assert "TEI_EXPORT_CHROMIUM_SHELL" not in found


def test_set_up_installs_outside_programs_once_until_their_lock_changes(bare_project: Path) -> None:
    calls = _stand_ins(
        bare_project, "google-chrome", "firefox", "java", "pdftotext", "node", "basex"
    )
    _npm(bare_project)
    assert _set_up(bare_project, "test").returncode == 0
    found = (bare_project / ".venv/tools.env").read_text(encoding="utf-8")
    assert f"TEI_EXPORT_CHROMIUM={bare_project}/bin/google-chrome\n" in found
    text = calls.read_text(encoding="utf-8")
    for name in OUTSIDE:
        assert f"--require-hashes -r requirements/{name}.txt" in text
    npm = bare_project / "npm-calls"
    assert npm.read_text(encoding="utf-8").startswith("ci ")
    calls.unlink()
    npm.unlink()
    assert _set_up(bare_project, "test").returncode == 0
    assert not calls.exists()
    assert not npm.exists()
    with (bare_project / "requirements/tg-model.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert _set_up(bare_project, "test").returncode == 0
    assert calls.read_text(encoding="utf-8").count("--require-hashes") == 1


def test_set_up_says_which_outside_program_could_not_be_installed(bare_project: Path) -> None:
    _stand_ins(bare_project, "google-chrome", "firefox", "java", "pdftotext", "node", "basex")
    _npm(bare_project, "mkdir -p node_modules; exit 1")
    result = _set_up(bare_project, "test")
    assert result.returncode == 0
    assert "vnu.jar could not be installed: the check of the HTML will not run" in result.stdout
    found = (bare_project / ".venv/tools.env").read_text(encoding="utf-8")
    assert "TEI_EXPORT_DAPYTAINS" in found
    assert "TEI_EXPORT_NODE_MODULES" not in found
    assert _set_up(bare_project, "test", CI="true").returncode == 1


@pytest.mark.skipif(sys.platform == "darwin", reason="looks into folders outside PATH, too")
def test_set_up_says_which_checks_will_not_run(bare_project: Path) -> None:
    _stand_ins(bare_project, "pdftotext")
    result = _set_up(bare_project, "test")
    assert result.returncode == 0
    assert "chromium was not found: the browser tests" in result.stdout
    assert "firefox was not found: the tests of the pages in Firefox" in result.stdout
    assert "java was not found" in result.stdout
    assert "pdftotext was not found" not in result.stdout

    strict = _set_up(bare_project, "test", TEI_EXPORT_REQUIRE_ALL="1")
    assert strict.returncode == 1
    assert "missing: chromium firefox java" in strict.stderr


def test_ci_runs_the_test_command_strictly() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert "TEI_EXPORT_REQUIRE_ALL=1" in text
    assert text.rstrip().endswith("exec make test")


# --- Both suites at once (tools/suites.py) ---------------------------------------------------

SUITES = ["tests/program", "tests/edition"]


def test_without_paths_both_suites_run_with_all_arguments() -> None:
    assert suites.chosen(["-k", "witness"]) == [*SUITES, *suites.SPREAD, "-k", "witness"]
    assert list(suites.SUITES) == PROJECT["tool"]["pytest"]["ini_options"]["testpaths"]
    assert {
        str(path.parent.relative_to(ROOT)) for path in (ROOT / "tests").glob("*/test_*.py")
    } == set(SUITES)


def test_tests_named_by_a_path_run_alone() -> None:
    file = "tests/program/test_setup.py"
    assert suites.chosen([f"{file}::test_ci", "-x"]) == [f"{file}::test_ci", "-x"]
    assert suites.chosen(["tests/edition"]) == ["tests/edition", *suites.SPREAD]
    assert suites.chosen(["tests/edition", file]) == ["tests/edition", *suites.SPREAD, file]
    assert suites.chosen(["tests"]) == suites.chosen([])


@pytest.mark.parametrize("failed", ["FAILED t.py::a", "FAILED t.py::a[b - [c]]", "ERROR t.py::a[]"])
@pytest.mark.parametrize("said", ["", " - assert [1] - 2", " - b'\\x00'"])
def test_a_failed_test_is_named_without_what_went_wrong(failed: str, said: str) -> None:
    assert suites.named(failed + said) == failed


def test_temporary_files_are_in_memory_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    with suites.fast_folder(tmp_path, 0) as folder:
        assert folder
        assert folder.parent == tmp_path
        (folder / "file").touch()
    assert list(tmp_path.iterdir()) == []
    for memory, room in ((tmp_path, 10**18), (tmp_path / "nowhere", 0)):
        with suites.fast_folder(memory, room) as folder:
            assert folder is None
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with suites.fast_folder(tmp_path, 0) as folder:
        assert folder is None, "somebody has chosen another"


def test_both_suites_run_and_tell_how_they_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a project of two suites, one of which fails."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/suites.py", tmp_path / "tools")
    for name, holds in (("program", "True"), ("edition", "False")):
        (tmp_path / "tests" / name).mkdir(parents=True)
        (tmp_path / "tests" / name / f"test_{name}.py").write_text(
            f"def test_it(): assert {holds}\n", encoding="utf-8"
        )
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")
    command = [sys.executable, "tools/suites.py", "-p", "no:cacheprovider", "-n", "1"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1, result.stdout + result.stderr
    told, last = result.stdout.splitlines()[-2:]
    assert "1 failed, 1 passed" in told
    assert last == "FAILED tests/edition/test_edition.py::test_it"
    only = subprocess.run(
        [*command, "tests/program", "-n", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (only.returncode, "edition" in only.stdout) == (0, False)
    none = [*command, "-k", "nowhere"]
    assert subprocess.run(none, cwd=tmp_path, capture_output=True, check=False).returncode == 5
