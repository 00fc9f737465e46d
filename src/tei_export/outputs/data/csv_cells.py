"""Write CSV that spreadsheets open without executing it, and that loses nothing.

A spreadsheet treats a cell that begins with ``= + - @``, a tab or a carriage return as a formula
(https://owasp.org/www-community/attacks/CSV_Injection), even inside quotes. An apostrophe is added
before such a cell, and before a cell that begins with an apostrophe. To restore the text, remove
one apostrophe from the start of every cell that begins with one.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: The last four are full-width forms, which some spreadsheets treat like the others.
_DANGEROUS = frozenset("=+-@\t\r'＝＋－＠")


def guarded(cells: Iterable[str]) -> list[str]:
    """Return texts as the cells of a row."""
    return [f"'{text}" if text[:1] in _DANGEROUS else text for text in cells]


def unguarded(cell: str) -> str:
    """Return the text of a cell."""
    return cell.removeprefix("'")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV file (RFC 4180) whose first row contains the column names."""
    return _written([head]) + guarded_rows(rows)


def guarded_rows(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of a CSV file."""
    return _written(guarded(row) for row in rows)


def _written(rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue()
