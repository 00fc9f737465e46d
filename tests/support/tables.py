"""The tables, read as the README of the data says."""

from __future__ import annotations

import csv
import io

from tei_export.outputs.data import csv_cells


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a table, as who reads it by the README gets them."""
    read = csv.DictReader(io.StringIO(text))
    return [{name: csv_cells.unguarded(cell) for name, cell in row.items()} for row in read]
