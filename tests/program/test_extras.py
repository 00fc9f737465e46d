"""Without the packages of the extras: what still works, and what is said of the rest."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import pytest

from mini import ROOT, Mini
from tei_export.shared.extras import EXTRAS, NEEDS

#: Runs commands, each with packages blocked as if they were not installed.
BLOCKED = """
import sys
from importlib.abc import MetaPathFinder
class Block(MetaPathFinder):
    names = set()
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Block())
import contextlib, io, json
from tei_export.cli import main
said = []
for names, arguments in json.loads(sys.argv[1]):
    Block.names = set(names.split(","))
    errors = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        said.append([main(arguments), errors.getvalue()])
print(json.dumps(said))
"""


#: Command, packages that are blocked, what is said.
MISSING = (
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
)


def run(mini: Mini, *commands: tuple[str, str]) -> list[tuple[int, str]]:
    """What each command with its packages blocked gives, and says of errors, in one new process."""
    given = [
        (
            blocked,
            [*line.split(), *([] if line.startswith("corpus") else ["--root", str(mini.root)])],
        )
        for line, blocked in commands
    ]
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, json.dumps(given)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(one) for one in json.loads(done.stdout)]


def test_the_light_outputs_need_no_extra(mini: Mini) -> None:
    every = ",".join(name for names in EXTRAS.values() for name in names)
    lines = ("build tei dts html", "check", "resolve 1.5 --in sources --in tei")
    build, check, resolve = run(mini, *((line, every) for line in lines))
    assert build == (0, "")
    assert check[0] == resolve[0] == 0


@pytest.fixture(scope="module")
def missing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mini, list[tuple[int, str]]]:
    mini = Mini(tmp_path_factory.mktemp("missing") / "mini")
    return mini, run(mini, *((line, blocked) for line, blocked, _said in MISSING))


@pytest.mark.parametrize("number", range(len(MISSING)), ids=[line for line, *_ in MISSING])
def test_a_missing_package_is_named_before_anything_is_built(
    missing: tuple[Mini, list[tuple[int, str]]], number: int
) -> None:
    mini, found = missing
    assert found[number] == (4, f"tei-export: {MISSING[number][2]}\n")
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
