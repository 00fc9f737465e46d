"""Read the tables as the README of the data describes."""

from __future__ import annotations

import csv
import io

from tei_export.outputs.data import csv_cells


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a table, read as the README describes."""
    read = csv.DictReader(io.StringIO(text))
    return [{name: csv_cells.unguarded(cell) for name, cell in row.items()} for row in read]
