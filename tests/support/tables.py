"""Read the tables as the README of the data describes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tei_export.outputs.data import csv_cells
from tei_export.outputs.data.builder import data_pieces

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a table, read as the README describes."""
    read = csv.DictReader(io.StringIO(text))
    return [{name: csv_cells.unguarded(cell) for name, cell in row.items()} for row in read]


def data_files(env: BuildEnvironment) -> dict[str, str]:
    """Return the content of every file of the data, by name."""
    found: dict[str, str] = {}
    for name, piece in data_pieces(env):
        found[name] = found.get(name, "") + piece
    return found
