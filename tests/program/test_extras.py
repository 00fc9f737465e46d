"""Without the packages of the extras: what still works, and what is said of the rest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from mini import ROOT
from tei_export.shared.extras import EXTRAS, NEEDS

if TYPE_CHECKING:
    from mini import Mini

#: Runs the command with the packages of its first argument blocked, as if they were not installed.
BLOCKED = """
import sys
from importlib.abc import MetaPathFinder
class Block(MetaPathFinder):
    names = set(sys.argv[1].split(","))
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Block())
from tei_export.cli import main
raise SystemExit(main(sys.argv[2:]))
"""


def run(mini: Mini, blocked: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = [] if arguments[0] == "corpus" else ["--root", str(mini.root)]
    command = [sys.executable, "-c", BLOCKED, blocked, *arguments, *root]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env={**os.environ}
    )


def test_the_light_outputs_need_no_extra(mini: Mini) -> None:
    every = ",".join(name for names in EXTRAS.values() for name in names)
    done = run(mini, every, "build", "tei", "dts", "html")
    assert (done.returncode, done.stderr) == (0, "")
    assert run(mini, every, "check").returncode == 0
    assert run(mini, every, "resolve", "1.5", "--in", "sources", "--in", "tei").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "blocked", "said"),
    [
        (
            "build pdf",
            "typst,pikepdf",
            'building pdf needs the packages typst, pikepdf: pip install "tei-export[pdf]"',
        ),
        (
            "build epub",
            "typst",
            'building epub needs the package typst: pip install "tei-export[pdf]"',
        ),
        (
            "build data",
            "rdflib",
            'building data needs the package rdflib: pip install "tei-export[data]"',
        ),
        (
            "deposit",
            "bagit,datacite",
            'building deposit needs the packages bagit, datacite: pip install "tei-export[deposit]"',
        ),
        (
            "build all",
            "rdflib,pikepdf",
            'building data, pdf, epub needs the packages rdflib, pikepdf: pip install "tei-export[data,pdf]"',
        ),
        (
            "resolve 1.5 --in pdf",
            "pikepdf",
            'building pdf needs the package pikepdf: pip install "tei-export[pdf]"',
        ),
        (
            "serve",
            "watchfiles",
            'serve needs the package watchfiles: pip install "tei-export[serve]"',
        ),
        (
            "collate t",
            "collatex",
            'collate needs the package collatex: pip install "tei-export[collate]"',
        ),
        (
            "corpus build .",
            "distributed",
            'corpus needs the package distributed: pip install "tei-export[corpus]"',
        ),
    ],
)
def test_a_missing_package_is_named_before_anything_is_built(
    mini: Mini, arguments: str, blocked: str, said: str
) -> None:
    done = run(mini, blocked, *arguments.split())
    assert (done.returncode, done.stderr) == (4, f"tei-export: {said}\n")
    assert not [
        path for path in mini.out.rglob("*") if path.suffix in {".xml", ".pdf", ".html", ".csv"}
    ]


def test_the_extras_are_those_of_the_package() -> None:
    given = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    for extra, names in EXTRAS.items():
        assert tuple(re.split("[<>=]", line)[0] for line in given[extra]) == names
    assert given["all"] == [f"tei-export[{','.join(EXTRAS)},words,bibliographies]"]
    assert set(NEEDS.values()) == EXTRAS.keys()
