"""The witness O, its page table, and the alignment of source lines with it.

This is the gate of the edition: a source line, with its roles rendered as O reads them, must equal
one line of the witness. :mod:`tei_export.proof.regenerate` proves the same again from the TEI
alone, without this module.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from tei_export.model.csv_tables import Page as Page
from tei_export.model.csv_tables import load_pages
from tei_export.model.problems import EditionError, Problem
from tei_export.model.readings import collapse_space
from tei_export.model.safe_read import inside, read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class BaseWitness:
    """A witness: physical lines (numbered from 1) and pages in order."""

    file: str
    sha256: str
    lines: tuple[str, ...]
    pages: Mapping[str, Page]
    order: Mapping[str, int] = field(init=False, repr=False, compare=False)
    """page → its position among all"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", {label: n for n, label in enumerate(self.pages)})

    @property
    def number_of_lines(self) -> int:
        """How many lines the file has, blank ones included; the last need not end in a line break."""
        return len(self.lines) - (not self.lines[-1])

    def line(self, number: int) -> str:
        """Return line ``number`` with normalised white space; empty if there is no such line."""
        return self._collapsed[number - 1] if 0 < number <= len(self.lines) else ""

    @cached_property
    def _collapsed(self) -> list[str]:
        """The lines with normalised white space; most are the same strings and take no memory."""
        return [line if (words := collapse_space(line)) == line else words for line in self.lines]

    def page(self, label: str) -> Page:
        """Return a page of the table; ``""`` is the whole of a witness without pages."""
        return self.pages[label] if label else Page("", 1, len(self.lines), 0)

    def on_page(self, page: Page) -> list[int]:
        """Return the numbers of the non-blank lines of ``page``."""
        if page.lost:
            return []
        return [n for n in range(page.first, page.last + 1) if self.line(n)]


def load(root: Path, name: str, sha256: str, pages: str) -> BaseWitness:
    """Read and check a witness and its page table.

    :param root: the edition's folder
    :param name: the witness file
    :param sha256: its recorded digest
    :param pages: the page table; empty: the witness has no pages
    :raises EditionError: ``witness-changed``, ``page-table``, or a file problem
    """
    path = inside(root, name, origin="edition.yaml")
    checksum = hashlib.sha256(read_bytes(path, root)).hexdigest()
    if checksum != sha256:
        detail = f"its SHA-256 is {checksum}, the record has {sha256}"
        raise EditionError(Problem("witness-changed", name, 0, detail))
    lines = tuple(read_text(path, root).split("\n"))
    table = load_pages(root, pages, lines) if pages else {}
    return BaseWitness(name, sha256, lines, table)


@dataclass(slots=True)
class Segment:
    """A stretch of source text that is (part of) one witness line.

    ``text`` is O's reading according to the source. ``pin`` is the witness line that the source
    names (0: the next free line of the page). ``label`` is the length of a note label at the start:
    the space after it is the typist's and is not recorded. Results: ``number`` is the witness line
    found, ``space`` whether it has a space after the label.
    """

    text: str
    page: str
    file: str
    line: int
    pin: int = 0
    label: int = 0
    number: int = 0
    space: bool = False
    first_piece: bool = True

    def possible_readings(self) -> Iterator[tuple[str, bool]]:
        """Yield the possible readings of the witness: with and without the space after a label."""
        yield collapse_space(self.text), False
        if self.label:
            yield collapse_space(f"{self.text[: self.label]} {self.text[self.label :]}"), True


@dataclass(frozen=True, slots=True)
class Difference:
    """``text``, the witness's line according to the source, differs from the witness at character
    ``at`` (from 0)."""

    text: str
    at: int


@dataclass(slots=True)
class Alignment:
    """The result: the problems, the number of lines that agree, and where the others differ."""

    problems: list[Problem] = field(default_factory=list)
    lines: int = 0
    differences: dict[Problem, Difference] = field(default_factory=dict)

    def differs(
        self, segment: Segment, forms: Iterable[tuple[str, bool]], expected: str, number: int
    ) -> None:
        """Add a line that differs from the witness."""
        problem, difference = _differs(segment, forms, expected, number)
        self.problems.append(problem)
        if (
            difference.at <= len(collapse_space(segment.text)) + 1
        ):  # else it is in a later piece of the line
            self.differences[problem] = difference


def align(
    segments: Sequence[Segment],
    witness: BaseWitness,
    pages: Iterable[str],
    lines: tuple[int, int] | None = None,
) -> Alignment:
    """Assign every segment its witness line and compare them, page by page.

    :param segments: in source order; on each page the text, then the notes
    :param pages: the pages that the source contains completely
    :param lines: of a witness without pages, the first and last line that the source contains
    """
    result = Alignment()
    pinned = _pinned(segments, witness, result)
    by_page: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        if not segment.pin and collapse_space(segment.text):
            by_page[segment.page].append(segment)
    for label in pages:
        page = Page("", *lines, 0) if lines and not label else witness.page(label)
        free = [n for n in witness.on_page(page) if n not in pinned]
        _align_page(page, by_page[label], free, witness, result)
    return result


def _pinned(segments: Sequence[Segment], witness: BaseWitness, result: Alignment) -> set[int]:
    """Compare the segments that name their line; several of them may form one line."""
    pieces: dict[int, list[Segment]] = defaultdict(list)
    for segment in segments:
        if segment.pin:
            pieces[segment.pin].append(segment)
    for number, parts in pieces.items():
        first = parts[0]
        expected = witness.line(number)
        if not expected:
            result.problems.append(
                Problem("witness-line", first.file, first.line, f"line {number} of {witness.file}")
            )
            continue
        for part in parts:
            part.number, part.first_piece = number, part is first
        for text, space in _joined(parts):
            if text == expected:
                first.space = space
                result.lines += 1
                break
        else:
            result.differs(first, _joined(parts), expected, number)
    return set(pieces)


def _joined(parts: list[Segment]) -> Iterator[tuple[str, bool]]:
    for text, space in parts[0].possible_readings():
        yield collapse_space(" ".join([text, *(p.text for p in parts[1:])])), space


def _align_page(
    page: Page, segments: list[Segment], free: list[int], witness: BaseWitness, result: Alignment
) -> None:
    """Assign the free lines of a page one to one, and report where that fails."""
    if len(segments) == len(free):
        pairs = list(zip(segments, free, strict=True))
        for segment, number in pairs:
            segment.number = number
        if all(_agrees(segment, witness.line(number)) for segment, number in pairs):
            result.lines += len(pairs)
            return
    read = [collapse_space(s.text).replace(" ", "") for s in segments]
    have = [witness.line(n).replace(" ", "") for n in free]
    matcher = SequenceMatcher(None, read, have, autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        before = segments[max(i1 - 1, 0) : i1] or segments[:1]
        _compare_block(page, segments[i1:i2], free[j1:j2], witness, result, before)


def _on(page: Page) -> str:
    return f"p. {page.label}, " if page.label else ""


def _compare_block(
    page: Page,
    segments: list[Segment],
    numbers: list[int],
    witness: BaseWitness,
    result: Alignment,
    before: list[Segment],
) -> None:
    """Compare lines that differ; report a missing line beside its neighbour in the source."""
    pairs = _pair(segments, numbers, witness)
    for segment, number in pairs:
        segment.number = number
        expected = witness.line(number)
        if _agrees(segment, expected):
            result.lines += 1
        else:
            result.differs(segment, segment.possible_readings(), expected, number)
    used = {n for _, n in pairs}
    where = next(iter((*segments[-1:], *before)), None)
    for number in numbers:
        if number not in used:
            result.problems.append(
                Problem(
                    "witness-left-out",
                    where.file if where else witness.file,
                    where.line if where else 0,
                    f"{_on(page)}witness line {number}: {witness.line(number)!r}",
                )
            )
    paired = {id(s) for s, _ in pairs}
    for segment in segments:
        if id(segment) not in paired:
            copied = any(_agrees(segment, witness.line(n)) for n in witness.on_page(page))
            code = "witness-twice" if copied else "witness-extra"
            detail = f"{_on(page).replace(', ', ': ')}{collapse_space(segment.text)!r}"
            result.problems.append(Problem(code, segment.file, segment.line, detail))


def _pair(
    segments: list[Segment], numbers: list[int], witness: BaseWitness
) -> list[tuple[Segment, int]]:
    """Pair remaining segments and lines by similarity, in order; equal counts one to one."""
    if len(segments) == len(numbers):
        return list(zip(segments, numbers, strict=True))
    pairs: list[tuple[Segment, int]] = []
    rest = list(numbers)
    for segment in segments:
        scored = [
            (SequenceMatcher(None, collapse_space(segment.text), witness.line(n)).ratio(), -i)
            for i, n in enumerate(rest)
        ]
        if scored and max(scored)[0] > 0.5:
            at = -max(scored)[1]
            pairs.append((segment, rest[at]))
            rest = rest[at + 1 :]
    return pairs


def _agrees(segment: Segment, expected: str) -> bool:
    for text, space in segment.possible_readings():
        if text == expected:
            segment.space = space
            return True
    return False


def _differs(
    segment: Segment, forms: Iterable[tuple[str, bool]], expected: str, number: int
) -> tuple[Problem, Difference]:
    """Return the problem, with both readings and the words in which they differ, and the place.

    It shows the possible form of the line that is most like the witness.
    """
    nearest = max(
        (text for text, _ in forms), key=lambda x: SequenceMatcher(None, x, expected).ratio()
    )
    a, b = nearest.split(" "), expected.split(" ")
    start = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    words = f"{' '.join(a[start : start + 3])!r} in the source, {' '.join(b[start : start + 3])!r} in the witness"
    at = next(
        (i for i, (x, y) in enumerate(zip(nearest, expected, strict=False)) if x != y),
        min(len(nearest), len(expected)),
    )
    return Problem(
        "witness-differs",
        segment.file,
        segment.line,
        f"p. {segment.page}, witness line {number}, word {start + 1}: {words}\n"
        f"    source:  {nearest}\n    witness: {expected}",
    ), Difference(nearest, at)
