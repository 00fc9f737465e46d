"""Read ``words.csv``: words that an editor has checked and confirmed.

A row accepts one word (or the finding of another check) at one place, or everywhere (``*``).
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
class AcceptedRow:
    """One accepted word; ``line`` is its line in the file."""

    word: str
    language: str
    place: str
    line: int


class AcceptedWords:
    """The rows of the file."""

    def __init__(self, rows: Iterable[AcceptedRow]) -> None:
        self.rows = list(rows)
        self._found = {(r.word, r.language, r.place) for r in self.rows}

    def has(self, word: str, language: str, place: str) -> bool:
        """Return whether ``word`` is accepted at ``place``: ``17.12``; ``essay:5`` for any text but
        the first."""
        return any((word, language, p) in self._found for p in (place, EVERYWHERE))


def load(root: Path, languages: Collection[str]) -> AcceptedWords:
    """Read ``words.csv`` of the edition, which may be absent.

    :raises EditionError: ``words-file``, one for every unusable row
    """
    path = root / FILE
    if not path.is_file():
        return AcceptedWords(())
    lines = _lines(read_text(path, root))
    if not lines or tuple(lines[0][1]) != COLUMNS:
        raise EditionError(Problem("words-file", FILE, 1, f"the first line is {','.join(COLUMNS)}"))
    rows: dict[tuple[str, str, str], AcceptedRow] = {}
    problems: list[Problem] = []
    for number, values in lines[1:]:
        wrong = _wrong(values, languages)
        if not wrong and tuple(values[:3]) in rows:
            wrong = f"{values[0]} is accepted twice"
        if wrong:
            problems.append(Problem("words-file", FILE, number, wrong))
        else:
            word, language, place = values[:3]
            rows[word, language, place] = AcceptedRow(word, language, place, number)
    if problems:
        raise EditionError(*problems)
    return AcceptedWords(rows.values())


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, with the number of their last line."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        return [(reader.line_num, values) for values in reader if values]
    except csv.Error as error:
        raise EditionError(Problem("words-file", FILE, reader.line_num, str(error))) from None


def _wrong(values: list[str], languages: Collection[str]) -> str:
    """Return the fault of a row; empty if it has none."""
    if len(values) != len(COLUMNS):
        return (
            f"{len(values)} columns instead of {len(COLUMNS)}; put a value with a comma in quotes"
        )
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


def unused(accepted: AcceptedWords, seen: Collection[tuple[str, str, str]]) -> Iterator[Problem]:
    """Report rows whose word no text has at that place: the list must not outlive the text.

    ``seen`` contains word, language and place of every word, and each again with the place ``*``.
    """
    for row in accepted.rows:
        if (row.word, row.language, row.place) not in seen:
            where = "" if row.place == EVERYWHERE else f" at {row.place}"
            yield Problem(
                "words-file", FILE, row.line, f"no text has {row.word!r} in {row.language}{where}"
            )
