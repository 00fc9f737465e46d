"""The wheel in a fresh environment: every kind of ``new`` becomes an edition, outside the repository.

One wheel and one environment serve all tests. The environment has the wheel alone; its dependencies
come from the environment of the tests, because a test must not depend on the network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mini import ROOT
from tei_export.importing.edition_kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]


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
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def run(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """``tei-export`` of the wheel, in a folder of the caller's."""
    root = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(root, with_pip=False)
    paths = {"base": str(root), "platbase": str(root)}
    python = Path(sysconfig.get_path("scripts", "venv", paths)) / Path(sys.executable).name
    packages = Path(sysconfig.get_path("purelib", "venv", paths))
    done = call(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps",
         "--no-index", "--disable-pip-version-check", str(wheel)],
        root,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (packages / "dependencies.pth").write_text(
        sysconfig.get_path("purelib") + "\n", encoding="utf-8"
    )
    where = call([str(python), "-c", "import tei_export; print(tei_export.__file__)"], root)
    assert Path(where.stdout.strip()).is_relative_to(packages), where.stdout + where.stderr

    def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return call([str(python.with_name("tei-export")), *arguments], folder)

    return command


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_an_edition(run: Run, tmp_path: Path, kind: str) -> None:
    made = run(tmp_path, "new", "edition", "--kind", kind, "--language", "de", "--yes")
    assert made.returncode == 0, made.stdout + made.stderr
    for arguments in (("check",), ("build", "all")):
        done = run(tmp_path / "edition", *arguments)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    build = tmp_path / "edition" / "build"
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
        ["git", "ls-files", "src/tei_export"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )  # fmt: skip
    files = {line.removeprefix("src/") for line in listed.stdout.splitlines()}
    assert {name for name in files if (ROOT / "src" / name).is_file()} <= names
    assert any(name.endswith(".woff2") for name in names)
    assert any(name.endswith("/de/LC_MESSAGES/tei_export.po") for name in names)
    assert {name.partition("/")[0].split("-")[0] for name in names} == {"tei_export"}
