"""The wheel in a fresh environment: every kind of ``new`` becomes an edition, outside the repository.

One wheel, one environment and one process of it serve all tests, beside the script of the wheel that
begins and checks an edition. The environment has the wheel alone; its dependencies come from the
environment of the tests, because a test must not depend on the network.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mini import ROOT
from tei_export.importing.edition_kinds import KINDS

#: Makes, checks and builds an edition of each kind; prints codes of exit, and what was printed.
_SCRIPT = """
import contextlib, io, json, sys
from tei_export.cli import main
said = {}
for kind in sys.argv[1:]:
    said[kind] = []
    for command in (
        ["new", kind, "--kind", kind, "--language", "de", "--yes"],
        ["check", "--root", kind],
        ["build", "all", "--root", kind],
    ):
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            code = main(command)
        said[kind].append([code, errors.getvalue(), out.getvalue()])
print(json.dumps(said))
"""


def call(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in ``folder`` without anything that leads Python back to the repository."""
    known = {"PATH", "HOME", "TMPDIR", "SYSTEMROOT", "LANG", "LC_ALL"}
    clean = {name: value for name, value in os.environ.items() if name in known}
    return subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    made = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel."""
    root = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(root, with_pip=False)
    paths = {"base": str(root), "platbase": str(root)}
    python = Path(sysconfig.get_path("scripts", "venv", paths)) / Path(sys.executable).name
    packages = Path(sysconfig.get_path("purelib", "venv", paths))
    done = call(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            "--disable-pip-version-check",
            str(wheel),
        ],
        root,
    )
    assert done.returncode == 0, done.stderr
    (packages / "dependencies.pth").write_text(
        sysconfig.get_path("purelib") + "\n", encoding="utf-8"
    )
    where = call([str(python), "-c", "import tei_export; print(tei_export.__file__)"], root)
    assert Path(where.stdout.strip()).is_relative_to(packages), where.stdout + where.stderr
    return python


@pytest.fixture(scope="module")
def kinds(python: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with an edition of every kind, and what was said of each."""
    folder = tmp_path_factory.mktemp("kinds")
    done = call([str(python), "-c", _SCRIPT, *KINDS], folder)
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


@pytest.mark.slow
def test_the_script_of_the_wheel_makes_an_edition(python: Path, tmp_path: Path) -> None:
    script = str(python.with_name("tei-export"))
    for folder, arguments in (
        (tmp_path, ("new", "edition", "--language", "de", "--yes")),
        (tmp_path / "edition", ("build", "data")),
    ):
        done = call([script, *arguments], folder)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert (tmp_path / "edition" / "build" / "data" / "edition.bib").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_an_edition(kinds: tuple[Path, dict[str, Any]], kind: str) -> None:
    folder, said = kinds
    assert [(code, errors) for code, errors, _out in said[kind]] == [(0, "")] * 3, said[kind]
    build = folder / kind / "build"
    for name in (
        "tei/example.xml",
        "tei/schema/edition.rng",
        "html/index.html",
        "html/schema.html",
        "pdf/example.pdf",
        "epub/edition.epub",
        "data/edition.bib",
        "dts/index.json",
    ):
        assert (build / name).is_file(), name
    assert "Zum Text" in (build / "html" / "index.html").read_text(encoding="utf-8")
    assert not [p for p in build.rglob("*.html") if str(ROOT) in p.read_text(encoding="utf-8")]


def test_what_the_wheel_holds(wheel: Path) -> None:
    """Schema, fonts, catalogues, themes: whatever git has of the package, and nothing of the tests."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    data = {"edition.odd", "edition.rng", "edition.rnc", "edition.sch", "record.schema.json"}
    assert {f"tei_export/schema/data/{name}" for name in data} <= names
    listed = subprocess.run(
        ["git", "ls-files", "src/tei_export"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    files = {line.removeprefix("src/") for line in listed.stdout.splitlines()}
    assert {name for name in files if (ROOT / "src" / name).is_file()} <= names
    assert any(name.endswith(".woff2") for name in names)
    assert any(name.endswith("/de/LC_MESSAGES/tei_export.po") for name in names)
    assert {name.partition("/")[0].split("-")[0] for name in names} == {"tei_export"}
