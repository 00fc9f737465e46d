"""docs/architecture.md is true: its files exist, its packages are those of the import contract, and one
word goes the way that it describes."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tei_export
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, mark, reading

if TYPE_CHECKING:
    from mini import Mini

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
PACKAGE = ROOT / "src" / "tei_export"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
#: What stands between backquotes and is the path of a file or folder.
PATHS = sorted(
    set(
        re.findall(
            r"`((?:[\w.*-]+/)+|(?:[\w.*-]+/)*[\w*-]+\.(?:py|md|css|js|html|typ|odd|toml))`", PAGE
        )
    )
)
#: Files of an edition and of the tests: they are not beside the program.
ELSEWHERE = {"edition/thesis/chapter-06.md", "t/one.md", "test_architecture.py", "tests/rules/"}
#: ``file``, ``name`` and ``file`` (``name``): the name is defined in the file.
DEFINED = sorted(set(re.findall(r"`([\w/]+\.py)`(?:, | \()`(?![\w/]+\.py`)([\w.]+)`", PAGE)))
#: ``name`` (``file``) likewise.
DEFINED += sorted({(file, name) for name, file in re.findall(r"`(\w+)`\s\(`([\w/]+\.py)`\)", PAGE)})


def _packages() -> list[str]:
    table = PAGE.partition("| package |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    return [
        re.sub(r"/$|\.py$", "", name) for cell in cells for name in re.findall(r"`([^`]+)`", cell)
    ]


def _contract(name: str) -> dict[str, object]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    return next(contract for contract in settings["contracts"] if contract["id"] == name)


def test_paths_are_found() -> None:
    assert len(PATHS) > 40


@pytest.mark.parametrize("path", [path for path in PATHS if path not in ELSEWHERE])
def test_files_of_the_page_exist(path: str) -> None:
    places = (PACKAGE, ROOT)
    assert any(list(place.glob(path)) for place in places), (
        f"docs/architecture.md names {path}: it is not there"
    )


@pytest.mark.parametrize(("file", "name"), DEFINED)
def test_names_of_the_page_are_defined(file: str, name: str) -> None:
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    names = {
        node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    names |= {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    assert name.rpartition(".")[2] in names, f"docs/architecture.md looks for {name} in {file}"


def test_packages_are_those_of_the_import_contract() -> None:
    layers = _contract("packages")["layers"]
    assert isinstance(layers, list)
    assert layers[-1] == "version"
    packages = iter(_packages())
    for layer in layers[-2::-1]:  # packages of one layer may stand in any order
        names = layer.split(" | ")
        assert sorted(next(packages, "") for _ in names) == sorted(names)
    assert list(packages) == []


def test_every_package_is_in_the_table() -> None:
    packages = {
        path.stem
        for path in PACKAGE.iterdir()
        if not path.name.startswith("_") and (path.is_dir() or path.suffix == ".py")
    }
    assert {*_packages(), "version"} == packages


def test_every_package_answers_a_question() -> None:
    """What a package decides, the page says: packages built later, too."""
    asked = PAGE.partition("## Where each thing is decided")[2].partition("\n## ")[0]
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert {f for f in folders if f"`{f}/" not in asked} == set()


def test_outputs_are_those_of_the_page() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| `outputs/`"))
    folders = {path.parent.name for path in (PACKAGE / "outputs").glob("*/__init__.py")}
    assert set(re.findall(r"`(\w+)`", row.split("|")[2])) == folders


def test_public_names_are_those_of_the_page() -> None:
    part = PAGE.partition("## What is public")[2].partition("\n## ")[0]
    public = {name for name in tei_export.__all__ if not name.startswith("_")}
    assert public <= set(re.findall(r"`(\w+)`", part))
    assert all(getattr(tei_export, name) is not None for name in public)


def test_editions_may_say_row() -> None:
    vocabulary = importlib.import_module("tei_export.model.vocabulary")
    assert getattr(vocabulary, "Row") is tei_export.Role  # noqa: B009 (the old name, kept for conf.py)


def test_unknown_names_of_the_package_are_refused() -> None:
    with pytest.raises(AttributeError, match="Unknown"):
        getattr(tei_export, "Unknown")  # noqa: B009


def test_package_alone_loads_no_package() -> None:
    code = "import sys, tei_export; print(*(m for m in sys.modules if m.startswith('tei_export.')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["tei_export.version"]


def test_one_word_goes_its_way(mini: Mini) -> None:
    way = PAGE.partition("## One word, from source to output")[2].partition("\n## ")[0]
    source, tei = (
        line.strip()
        for line in re.findall(r"^(?: {4}| {7})(\S.*)$", way, re.MULTILINE)
        if "ada" in line
    )
    line, witness_line = map(int, re.findall(r"`line` (\d+), `witness_line` (\d+)", way)[0])
    classes = dict(re.findall(r"`(app-\d+-\d)`, class `(\w+)`", way))
    assert source in mini.read("t/one.md").splitlines()

    app = mini.app()
    tree = app.env.get_doctree("t/one")
    outer, inner = (m for m in tree.findall(mark) if m.get("xml_id") in classes)
    begun = [node for node in tree.findall(lb) if node["witness_line"] == witness_line]
    assert [node["line"] for node in begun] == [line]
    assert (outer["source"], reading(outer, "T"), reading(outer)) == (
        "adaraent",
        "adament",
        "adamant",
    )
    assert inner.parent is outer
    entries = {e.xml_id: e.type for e in domain_of(app.env).facts_for("t/one").emendations}
    assert {name: entries[name] for name in classes} == classes

    result = mini.run("build", "tei", "html", "data")
    assert result.code == 0, result.output
    assert tei in result.file("tei/t.xml")
    assert f'id="{next(iter(classes))}"' in result.file("html/t/one.html")
    rows = [row.split(",") for row in result.file("data/emendations.csv").splitlines()]
    assert {row[0]: row[7] for row in rows if row[0] in classes} == classes
