"""``words.csv``: what somebody has looked at and means.

A row accepts one word (or what another check found) at one place, or everywhere (``*``).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tei_export.model.problems import EditionError, Problem
from tei_export.model.safe_read import read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

FILE = "words.csv"
COLUMNS = ("word", "language", "place", "why", "by", "date")
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Row:
    """One accepted word; ``line`` is its line in the file."""

    word: str
    language: str
    place: str
    line: int


class Accepted:
    """The rows of the file."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self._found = {(r.word, r.language, r.place) for r in self.rows}

    def has(self, word: str, language: str, place: str) -> bool:
        """Whether ``word`` is accepted at ``place`` (``17.12``, in another text than the first ``essay:5``)."""
        return any((word, language, p) in self._found for p in (place, EVERYWHERE))


def load(root: Path, languages: Collection[str]) -> Accepted:
    """Read ``words.csv`` of the edition, which may be absent.

    :raises EditionError: ``words-file``, one for every row that cannot be used.
    """
    path = root / FILE
    if not path.is_file():
        return Accepted(())
    reader = csv.reader(io.StringIO(read_text(path, root)))
    header = next(reader, [])
    if tuple(header) != COLUMNS:
        raise EditionError(Problem("words-file", FILE, 1, f"the first line is {','.join(COLUMNS)}"))
    rows: list[Row] = []
    problems: list[Problem] = []
    for values in reader:
        if not values:
            continue
        wrong = _wrong(values, languages)
        if wrong:
            problems.append(Problem("words-file", FILE, reader.line_num, wrong))
            continue
        row = Row(values[0], values[1], values[2], reader.line_num)
        if any((r.word, r.language, r.place) == (row.word, row.language, row.place) for r in rows):
            problems.append(Problem("words-file", FILE, row.line, f"{row.word} is accepted twice"))
        rows.append(row)
    if problems:
        raise EditionError(*problems)
    return Accepted(rows)


def _wrong(values: list[str], languages: Collection[str]) -> str:
    """What is wrong with a row; empty if nothing."""
    if len(values) != len(COLUMNS):
        return f"{len(values)} columns instead of {len(COLUMNS)}; put a value with a comma in quotes"
    row = dict(zip(COLUMNS, values, strict=True))
    empty = [name for name in COLUMNS if not row[name].strip()]
    if empty:
        return f"{', '.join(empty)} is empty"
    if row["language"] not in languages:
        return f"the record's languages do not name {row['language']!r}"
    try:
        date.fromisoformat(row["date"])
    except ValueError:
        return f"date is a day like 2000-12-31, not {row['date']!r}"
    return ""


def unused(accepted: Accepted, seen: Collection[tuple[str, str, str]]) -> Iterator[Problem]:
    """Rows whose word no text has (at that place): the list must not outlive the text.

    ``seen`` holds word, language and place of every word, each with the place ``*``, too.
    """
    for row in accepted.rows:
        if (row.word, row.language, row.place) not in seen:
            where = "" if row.place == EVERYWHERE else f" at {row.place}"
            yield Problem("words-file", FILE, row.line, f"no text has {row.word!r} in {row.language}{where}")
