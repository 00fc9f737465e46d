"""Number the lines of a text as in the witness, page by page, and pair them with their corrections."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.importing import compare
from tei_export.importing.safe_xml import import_error
from tei_export.importing.scanned_pages import PARAGRAPH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tei_export.importing.page_numbers import PageLabel
    from tei_export.importing.scanned_pages import ScanLine, ScanPage

_FIELDS = ("page", "first_line", "last_line", "number_seen_at_line", "note")


@dataclass(slots=True)
class WitnessRow:
    """A line of the witness (``number`` 0: a line of the corrected text only)."""

    page: int
    read: str
    clean: str
    number: int = 0
    divided: bool = False
    line: ScanLine | None = None
    initial: WitnessRow | None = None
    """the drop capital before it: a line of the witness but not of the original"""
    begins_inside: bool = False
    """whether its first word goes on after the drop capital"""


@dataclass(slots=True)
class SourceBlock:
    """A block of the source: rows of one kind.

    A paragraph may continue over pages. ``inside`` are the lines of forme work between its own.
    """

    kind: str
    rows: list[WitnessRow] = field(default_factory=list)
    inside: dict[int, str] = field(default_factory=dict)
    pinned: bool = False
    note: str = ""
    """the number of a note that was found in the text"""
    why: str = ""
    """the evidence for its kind, if the file does not state it"""


class CorrectedRows:
    """The imported lines and their corrections."""

    def __init__(
        self,
        pages: Sequence[ScanPage],
        labels: list[PageLabel],
        glyphs: Mapping[str, str],
        said: list[str],
    ) -> None:
        self.pages = pages
        self.labels = labels
        self.glyphs = glyphs
        self.said = said
        self.rows: list[WitnessRow] = []
        self.kinds: dict[int, str] = {}
        self.spans: list[tuple[int, int]] = []
        #: page → the line with its number; ``seen``: the number is written in the page break alone
        self.numbered: dict[int, WitnessRow] = {}
        self.seen: dict[int, WitnessRow] = {}
        self.pieces: list[SourceBlock] = []
        self.out: list[str] = []
        self.at = -1
        #: row → the reference sign in it, and the note
        self.references: dict[int, tuple[re.Pattern[str], SourceBlock]] = {}
        #: witness lines below the notes of their page
        self.pins: set[int] = set()

    # reading

    def read(self) -> None:
        """Number the lines of the witness, page by page; an empty page has one blank line."""
        number = 0
        for index, page in enumerate(self.pages):
            first = number + 1
            for block in page.blocks:
                piece = SourceBlock(block.kind, why=block.why)
                for line in block.lines:
                    number += 1
                    row = WitnessRow(index, line.text, line.text, number, line.divided, line)
                    self.rows.append(row)
                    self.kinds[number] = block.kind
                    if line is self.labels[index].line:
                        self.numbered[index] = row
                        self.kinds[number] = "page-number"
                        if number > first or self.labels[index].in_print:
                            self.pieces += [piece] if piece.rows else []
                            self.pieces.append(SourceBlock("page-number", [row]))
                            piece = SourceBlock(block.kind)
                        else:
                            self.seen[index] = row
                    else:
                        piece.rows.append(row)
                        if line is self.labels[index].head and self._holds_label(index, line):
                            self.numbered[index] = row
                self.pieces += [piece] if piece.rows else []
            number = max(number, first)
            self.spans.append((first, number))

    def _holds_label(self, index: int, line: ScanLine) -> bool:
        return self.labels[index].label in re.findall(r"\w+", line.text)

    def witness(self) -> str:
        """Return the text of the witness file."""
        lines = [""] * self.spans[-1][1]
        for row in self.rows:
            if row.number:
                lines[row.number - 1] = row.read
        return "\n".join(lines) + "\n"

    def table(self) -> str:
        """Return the page table as CSV."""
        rows = []
        for index, page in enumerate(self.pages):
            first, last = self.spans[index]
            seen = self.numbered.get(index)
            how = self.labels[index].how
            note = "no text" if not page.lines else "" if how == "seen" else how
            rows.append((self.labels[index].label, first, last, seen.number if seen else "", note))
        return as_csv(_FIELDS, rows)

    def images(self) -> str:
        """Return the image of every page, if any is known: the page table has no column for it."""
        rows = [
            (label.label, page.image)
            for label, page in zip(self.labels, self.pages, strict=True)
            if page.image
        ]
        return as_csv(("page", "image"), rows) if rows else ""

    def numbers(self) -> list[str]:
        """Return every page with the reason for its number."""
        return [
            f"page {label.label}: {label.how}"
            + (f" ({page.image or page.file})" if page.image or page.file else "")
            for label, page in zip(self.labels, self.pages, strict=True)
        ]

    def words(self) -> str:
        """Return every word with its OCR confidence and its position on the image."""
        rows: list[tuple[object, ...]] = []
        for row in self.rows:
            for word in row.line.pieces if row.line else ():
                box = word.box or ("", "", "", "")
                sure = "" if word.confidence is None else f"{word.confidence:.2f}"
                kind = self.kinds[row.number]
                rows.append((row.number, self.labels[row.page].label, kind, word.text, sure, *box))
        return (
            as_csv(
                ("line", "page", "kind", "word", "confidence", "left", "top", "width", "height"),
                rows,
            )
            if rows
            else ""
        )

    # the corrected text

    def correct(self, clean: Sequence[ScanPage]) -> None:
        """Pair the lines with those of the corrected text."""
        if len(clean) == len(self.pages):
            groups = [
                ([r for r in self.rows if r.page == n], page.lines, page.file)
                for n, page in enumerate(clean)
            ]
        elif len(clean) == 1:
            groups = [(list(self.rows), clean[0].lines, clean[0].file)]
        else:
            detail = f"{len(clean)} pages against {len(self.pages)} of the OCR text"
            raise import_error("import-clean", clean[0].file, 0, detail)
        for rows, lines, file in groups:
            self._correct(rows, lines, file)

    def _correct(self, rows: list[WitnessRow], lines: list[ScanLine], file: str) -> None:
        read, wanted = [row.read for row in rows], [line.text for line in lines]
        ids = [line.id for line in lines]
        mine = [row.line.id if row.line else "" for row in rows]
        if all(ids) and len(set(ids)) == len(ids) and sorted(ids) == sorted(mine):
            pairs: list[tuple[int | None, int | None]] = [
                (n, ids.index(key)) for n, key in enumerate(mine)
            ]
        else:
            try:
                pairs = compare.pair(read, wanted)
            except ValueError as error:
                detail = f"{error}: too many to compare; divide it into pages by form feeds"
                raise import_error("import-clean", file, 0, detail) from None
        if not compare.same_lines(read, wanted, pairs):
            raise import_error(
                "import-clean",
                file,
                0,
                f"{len(wanted)} lines, of which too few are like the {len(read)} of the OCR",
            )
        last = rows[0] if rows else None
        for i, j in pairs:
            if i is not None:
                rows[i].clean = "" if j is None else wanted[j]
                last = rows[i]
            elif j is not None and last is not None:
                last = self._lost(last, wanted[j])

    def _lost(self, after: WitnessRow, text: str) -> WitnessRow:
        """Insert a line that the OCR text lacks after another; return it."""
        new = WitnessRow(after.page, "", text)
        piece = next((p for p in self.pieces if any(r is after for r in p.rows)), None)
        if piece is None:  # after the number of the page
            piece = next((p for p in self.pieces if p.rows[0].page == after.page), None)
            if piece is None:
                self.pieces.append(piece := SourceBlock(PARAGRAPH))
            piece.rows.insert(0, new)
        else:
            piece.rows.insert(next(n for n, r in enumerate(piece.rows) if r is after) + 1, new)
        self.said.append(f"line after {after.number}: the OCR text has nothing of {text!r}")
        return new


def as_csv(fields: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a CSV table with the columns ``fields``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(rows)
    return out.getvalue()
