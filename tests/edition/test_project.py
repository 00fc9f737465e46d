"""The edition of the repository: its files, and its ``conf.py``."""

from __future__ import annotations

import ast

import pytest

import tei_export
from mini import ROOT


@pytest.mark.parametrize(
    "name", ["conf.py", "edition/edition.yaml", "edition/registers", "edition/witness/thesis.txt"]
)
def test_layout(name: str) -> None:
    assert (ROOT / name).exists()


def test_conf_py_holds_values_and_no_logic() -> None:
    tree = ast.parse((ROOT / "conf.py").read_text(encoding="utf-8"))
    for statement in tree.body:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        assignment = isinstance(statement, ast.Assign | ast.AnnAssign)
        assert docstring or assignment, f"conf.py:{statement.lineno}"
    logic = (ast.Call, ast.IfExp, ast.comprehension, ast.Lambda, ast.NamedExpr)
    assert [ast.unparse(n) for n in ast.walk(tree) if isinstance(n, logic)] == []


def test_conf_py_does_not_repeat_the_version_of_the_program() -> None:
    assert tei_export.__version__ not in (ROOT / "conf.py").read_text(encoding="utf-8")
