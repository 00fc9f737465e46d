"""CSV that a spreadsheet opens without running anything of it, and that loses nothing.

A spreadsheet takes a cell that begins with ``= + - @``, a tab or a carriage return for a formula
(https://owasp.org/www-community/attacks/CSV_Injection), whatever quotes are around it. Such a
cell gets one apostrophe in front; so does one that has an apostrophe there of its own. To have
the text again, remove one apostrophe from the front of every cell that begins with one.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: The last four are the full-width forms, which some spreadsheets take for the others.
_DANGEROUS = tuple("=+-@\t\r'＝＋－＠")


def guarded(text: str) -> str:
    """``text`` as a cell."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unguarded(cell: str) -> str:
    """The text of a cell."""
    return cell.removeprefix("'")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file (RFC 4180); the first row holds the columns' names."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue()
