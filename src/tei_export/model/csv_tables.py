"""Tables beside the record: strict CSV with a header row, and the line of every cell.

The page table and the ledger are such tables.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.model import fields
from tei_export.model.places import page_id, page_problem
from tei_export.model.problems import EditionError, Problem
from tei_export.model.record_fields import LEDGER_COLUMNS, PAGE_COLUMNS
from tei_export.model.safe_read import inside, position, read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from tei_export.model.fields import Field

#: Maximum length of a cell, in characters.
_LONGEST = 10_000
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its cells by column, and its line in the file."""

    cells: Mapping[str, str]
    line: int

    def column(self, name: str) -> int:
        """Return the column at which the cell ``name`` begins in its line; 0 if a cell before it is quoted."""
        return (
            cell_column([*self.cells.values()], [*self.cells].index(name))
            if name in self.cells
            else 0
        )


def cell_column(cells: Sequence[str], at: int) -> int:
    """Return the column, in characters from 1, at which the cell ``at`` begins; 0 if a cell before
    it must be quoted."""
    before = cells[:at]
    return (
        0
        if any(set(cell) & set(',"\r\n') for cell in before)
        else sum(len(cell) + 1 for cell in before) + 1
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A row of the page table.

    ``first`` and ``last`` are witness lines; ``seen`` is the line with the page's number (0: the
    number is inferred from the sequence).
    """

    label: str
    first: int
    last: int
    seen: int

    @property
    def lost(self) -> bool:
        """Whether the witness has no line of the page."""
        return not self.first


def read_rows(text: str, file: str, columns: Sequence[Field], code: str) -> list[TableRow]:
    """Return the rows of a CSV file with a header row.

    :param text: the content of the file
    :param file: its name for problems
    :param columns: the fields of the table
    :param code: the problem code for faulty columns
    :raises EditionError: every malformed row (``table-form``), and every missing (``code``),
        unknown (``field-unknown``) or duplicate column
    """
    bare = re.search(r"\r(?!\n)", text)
    if bare:
        line, column = position(text, bare.start())
        raise EditionError(
            Problem("table-form", file, line, "a carriage return without a line feed", column)
        )
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[TableRow] = []
    head: list[str] = []
    last = 0
    try:
        for cells in reader:
            line, last = last + 1, reader.line_num  # a cell may contain line breaks
            if not any(cell.strip() for cell in cells):
                continue
            if not head:
                head = cells
                problems += _head_problems(head, file, line, columns, code)
                continue
            row_problems = list(_row_problems(cells, head, file, line))
            problems += row_problems
            if not row_problems:
                rows.append(TableRow(dict(zip(head, cells, strict=True)), line))
    except csv.Error as error:
        problems.append(Problem("table-form", file, last + 1, str(error)))
    if not head and not problems:
        problems.append(
            Problem(
                code, file, 1, f"the table needs the columns {', '.join(sorted(_needed(columns)))}"
            )
        )
    if problems:
        raise EditionError(*problems)
    return rows


def _needed(columns: Sequence[Field]) -> list[str]:
    return [f.name for f in columns if f.required]


def _head_problems(
    head: Sequence[str], file: str, line: int, columns: Sequence[Field], code: str
) -> Iterator[Problem]:
    known = [f.name for f in columns]
    if not set(head) >= set(_needed(columns)):
        yield Problem(
            code, file, line, f"the table needs the columns {', '.join(sorted(_needed(columns)))}"
        )
    for name in dict.fromkeys(head):
        if name not in known:
            found = fields.unknown(name, name, known)
            at = cell_column(head, head.index(name))
            yield Problem("field-unknown", file, line, f"column {name}: {found.detail}", at)
        if head.count(name) > 1:
            at = cell_column(head, head.index(name, head.index(name) + 1))
            yield Problem(code, file, line, f"the column {name} occurs twice", at)


def _row_problems(
    cells: Sequence[str], head: Sequence[str], file: str, line: int
) -> Iterator[Problem]:
    if len(cells) != len(head):
        yield Problem(
            "table-form", file, line, f"{len(cells)} cells, but the header has {len(head)}"
        )
    for at, cell in enumerate(cells):
        if len(cell) > _LONGEST:
            yield Problem(
                "table-form",
                file,
                line,
                f"a cell of {len(cell)} characters; at most {_LONGEST} are allowed",
                cell_column(cells, at),
            )


def load_pages(root: Path, name: str, witness: Sequence[str]) -> dict[str, Page]:
    """Read the page table ``name``; check that it covers every non-blank line of the witness.

    :param root: the edition's folder
    :param name: the file of the table
    :param witness: the lines of the witness
    :raises EditionError: every faulty row: ``page-table``, ``table-form``, ``field-unknown``
    """
    text = read_text(inside(root, name, origin="edition.yaml"), root)
    problems: list[Problem] = []
    pages: dict[str, Page] = {}
    ids: dict[str, str] = {}
    last = 0
    for row in read_rows(text, name, PAGE_COLUMNS, "page-table"):
        page, column, wrong = _page(row, last, len(witness))
        if page and page.label in pages:
            column, wrong = "page", f"page {page.label} is listed twice"
        elif page and page_id(page.label) in ids:
            column, wrong = (
                "page",
                f"pages {ids[page_id(page.label)]} and {page.label} would share one address",
            )
        if wrong:
            problems.append(Problem("page-table", name, row.line, wrong, row.column(column)))
        if page:
            last = max(last, page.last)
            pages[page.label] = page
            ids[page_id(page.label)] = page.label
    if not problems:
        problems = list(_outside(name, text, pages, witness))
    if problems:
        raise EditionError(*problems)
    return pages


def _page(row: TableRow, after: int, length: int) -> tuple[Page | None, str, str]:
    """Return the page of a row, and the column and description of a fault (empty without one)."""
    label = row.cells["page"]
    if wrong := page_problem(label):
        return None, "page", wrong
    given = {c: row.cells[c].strip() for c in ("first_line", "last_line", "number_seen_at_line")}
    for column, value in given.items():
        if value and not _NUMBER.fullmatch(value):
            return None, column, "a line must be a number"
    first, last, seen = (int(value or 0) for value in given.values())
    page = Page(label, first, last, seen)
    if not first:
        detail = f"page {label} needs a first line, too"
        return page, "first_line", detail if last or seen else ""
    if not after < first <= last <= length:
        detail = f"page {label}: lines {first}-{last} must come after line {after} and end with line {length} at the latest"
        return page, "first_line", detail
    if seen and not first <= seen <= last:
        detail = (
            f"page {label}: its number cannot stand in line {seen}, outside lines {first}-{last}"
        )
        return page, "number_seen_at_line", detail
    return page, "", ""


def _outside(
    name: str, text: str, pages: Mapping[str, Page], witness: Sequence[str]
) -> Iterator[Problem]:
    """Report non-blank lines of the witness outside all rows: the proof would skip them."""
    held = {n for page in pages.values() if page.first for n in range(page.first, page.last + 1)}
    end = text.rstrip("\n").count("\n") + 1
    for number, line in enumerate(witness, 1):
        if line.strip() and number not in held:
            words = " ".join(line.split())
            yield Problem(
                "page-table", name, end, f"witness line {number} is on no page: {words[:60]!r}"
            )


def load_ledger(root: Path, name: str, pages: Collection[str]) -> dict[str, dict[str, str]]:
    """Read the page ledger: page → row.

    :param root: the edition's folder
    :param name: the file of the ledger
    :param pages: the labels of the page table
    :raises EditionError: ``ledger``, ``table-form``, ``field-unknown``: every faulty row, and every
        page without a row
    """
    text = read_text(inside(root, name, origin="edition.yaml"), root)
    problems: list[Problem] = []
    ledger: dict[str, dict[str, str]] = {}
    for row in read_rows(text, name, LEDGER_COLUMNS, "ledger"):
        label = row.cells["page"]
        problems += [
            Problem("ledger", name, row.line, wrong, row.column(column))
            for column, wrong in _ledger_row(row.cells, ledger, pages)
        ]
        ledger[label] = dict(row.cells)
    for label in pages:
        if label not in ledger:
            problems.append(Problem("ledger", name, 0, f"page {label} needs a row"))
    if problems:
        raise EditionError(*problems)
    return ledger


def _ledger_row(
    cells: Mapping[str, str], ledger: Mapping[str, object], pages: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the faulty columns, and the fault in each."""
    label, readings, day = cells["page"], cells["readings"].strip(), cells["last_read"].strip()
    if label in ledger:
        yield "page", f"page {label} is listed twice"
    elif label not in pages:
        yield "page", f"the page table lacks page {label}"
    if not _NUMBER.fullmatch(readings):
        yield (
            "readings",
            f"page {label}: readings must be a number, 0 or more, not {cells['readings']!r}",
        )
    elif int(readings) and not day:
        yield "last_read", f"page {label}: last_read is missing, although the page was read"
    if day and not fields.is_day(day):
        yield "last_read", f"page {label}: last_read must be a day like 2000-12-31, not {day!r}"
    doubts = cells["open_doubts"].strip()
    if doubts and not any(c.isalpha() for c in doubts):
        yield (
            "open_doubts",
            f"page {label}: open_doubts must be words, separated by ;, not {doubts!r}",
        )


def doubts(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return the open doubts of a ledger row, each as text."""
    return tuple(said for part in row.get("open_doubts", "").split(";") if (said := part.strip()))
