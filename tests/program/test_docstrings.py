"""Docstrings and comments of the program: what they name exists, and functions say what they do."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
PACKAGE = ROOT / "src" / "tei_export"
MODULES = {
    ".".join(
        part
        for part in ("tei_export", *path.relative_to(PACKAGE).with_suffix("").parts)
        if part != "__init__"
    ): path
    for path in PACKAGE.rglob("*.py")
}
#: ``:func:`tei_export.model.places.page_id```, also with ``~`` before it.
REFERENCE = re.compile(r":(\w+):`~?(tei_export[\w.]*)`")
#: A function says what it does: a description of its value, without a verb, does not begin with one.
NO_VERB = re.compile(
    r"(?:The|A|An|All|Each|Every|How|If|Its|No|Other|Some|What|Where|Whether|Which|Who|Why|Whose)\b"
)
#: A file that a docstring or comment names.
FILE = re.compile(r"(?<![\w/.])((?:\w+/)*\w+\.py)\b")
FILES = {path.name for path in MODULES.values()} | {"conf.py", "bagit.py"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


def names(module: ast.Module) -> set[str]:
    """Return what a module defines, members of its classes as ``Class.member``."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            members = names(ast.Module(node.body, []))
            found |= {f"{node.name}.{member}" for member in members}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def exists(reference: str) -> bool:
    """Return whether a module, or a name in one, exists."""
    parts = reference.split(".")
    for length in range(len(parts), 0, -1):
        path = MODULES.get(".".join(parts[:length]))
        if path is not None:
            rest = ".".join(parts[length:])
            return not rest or rest in names(tree(path))
    return False


def is_file(path: str) -> bool:
    """Return whether a file of the program has this name, or of the repository this path."""
    return path.rpartition("/")[2] in FILES or (ROOT / path).is_file()


def functions(node: ast.AST) -> list[ast.FunctionDef]:
    """Return the functions that are called: a noun describes a property or a fixture."""
    return [
        one
        for one in ast.walk(node)
        if isinstance(one, ast.FunctionDef)
        and not any(
            "property" in ast.unparse(how) or "fixture" in ast.unparse(how)
            for how in one.decorator_list
        )
    ]


def without_verb(path: Path) -> list[str]:
    """Return the functions of a file whose docstrings describe a value instead of saying what they do."""
    return [
        f"{function.lineno}: {function.name}: {said.splitlines()[0]}"
        for function in functions(tree(path))
        if NO_VERB.match(said := ast.get_docstring(function) or "")
    ]


def faults(name: str) -> list[str]:
    """Return what is wrong in the docstrings and comments of a module."""
    path = MODULES[name]
    wrong = []
    for line, said in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for role, found in REFERENCE.findall(said) if "tei_export" in said else ():
            if not exists(found):
                wrong.append(f"{line}: no {role} {found}")
        files = FILE.findall(said) if ".py" in said else []
        wrong += [f"{line}: no file {found}" for found in files if not is_file(found)]
    if path.name == "__init__.py" and path.parent != PACKAGE:
        lead = ast.get_docstring(tree(path)) or ""
        beside = {one.stem for one in path.parent.iterdir()}
        modules = re.findall(r"``([a-z_]+)``", lead)
        wrong += [f"1: no {found} beside it" for found in modules if found not in beside]
    return wrong + without_verb(path)


@pytest.mark.parametrize("package", sorted({name.split(".")[1] for name in MODULES if "." in name}))
def test_docstrings_are_true(package: str) -> None:
    """References, files and modules that they name exist; those of functions begin with a verb."""
    wrong = {
        name: found
        for name in MODULES
        if [*name.split("."), ""][1] == package and (found := faults(name))
    }
    assert wrong == {}


@pytest.mark.parametrize("folder", ["tools", "benchmarks", "tests/support"])
def test_helpers_say_what_they_do(folder: str) -> None:
    wrong = {
        path.name: found
        for path in sorted((ROOT / folder).glob("*.py"))
        if (found := without_verb(path))
    }
    assert wrong == {}
