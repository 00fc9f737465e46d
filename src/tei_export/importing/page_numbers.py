"""Determine page numbers: seen on the page or inferred from others; list all for review."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import roman_numerals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.importing.scanned_pages import ScanLine, ScanPage

_ALONE = re.compile(r"\W*?(?P<n>\d{1,4}|[ivxlcdm]{1,8}|[IVXLCDM]{1,8})\W*", re.ASCII)
_INSIDE = re.compile(r"^(?P<a>\d{1,4})\b.*[^\W\d_]|[^\W\d_].*?\b(?P<b>\d{1,4})\W*$")
#: ( 484 ), - 12 -, [8]: matching signs around a page number are the compositor's.
_MARKED = re.compile(r"[(\[—–-]\s*\w+\s*[)\]—–-]")
_DIGITS = re.compile(r"(\d{1,9})")


@dataclass(slots=True)
class PageLabel:
    """The label of a page and the reason for it. ``line`` contains only the number, if ``seen``."""

    label: str = ""
    how: str = ""
    line: ScanLine | None = None
    read: str = ""
    """the reading of that line, if it is not the label"""
    head: ScanLine | None = None
    """a running head that contains the number"""

    @property
    def in_print(self) -> bool:
        """Whether the line is the number between the compositor's marks: ``( 484 )``."""
        return re.sub(r"[\W_]+", "", self.read) == self.label != self.read


def label_pages(pages: Sequence[ScanPage]) -> list[PageLabel]:
    """Return a unique label for every page.

    A number counts as seen if a region is marked as a page number, or if the first or last line of
    a page contains nothing else and another page agrees (or brackets or dashes enclose it). A
    number that contradicts its neighbours, which agree with each other, is a misreading. The other
    labels are inferred from the nearest seen number, by the numbers of the images.
    """
    places = _places(pages)
    labels = [_typed(page) or _guessed(page) for page in pages]
    _drop_unsupported(labels, places)
    _mend(labels, places)
    _infer(labels, places)
    _distinguish(labels)
    return labels


def parse_page_number(text: str) -> tuple[int, bool]:
    """Parse a page number: ``12`` → (12, False); ``ix`` → (9, True); otherwise (0, False)."""
    if text.isdecimal() and text.isascii():
        return int(text), False
    try:
        return int(roman_numerals.RomanNumeral.from_string(text)), True
    except roman_numerals.InvalidRomanNumeralError:
        return 0, False


def _shown(number: int, roman: bool) -> str:
    if not roman:
        return str(number)
    return roman_numerals.RomanNumeral(number).to_lowercase() if 0 < number < 4000 else ""


def _places(pages: Sequence[ScanPage]) -> list[int]:
    """Return each page's image number, if all are known and ascend; otherwise its position."""
    given = [
        _DIGITS.findall(_stem(page.image)) or _DIGITS.findall(_stem(page.file)) for page in pages
    ]
    named = [int(found[-1]) if found else 0 for found in given]
    for numbers in (named, [page.number for page in pages]):
        if len(numbers) > 1 and numbers[0] > 0 and all(a < b for a, b in pairwise(numbers)):
            return numbers
    return list(range(1, len(pages) + 1))


def _stem(name: str) -> str:
    return re.split(r"[\\/]", name)[-1].partition(".")[0]


def _typed(page: ScanPage) -> PageLabel | None:
    """Return the label from a region: a page number, or a running head that contains one."""
    for block in page.blocks:
        if block.kind in {"page-number", "header", "footer"} and len(block.lines) == 1:
            line = block.lines[0]
            alone = _ALONE.fullmatch(line.text)
            if alone and parse_page_number(alone["n"])[0]:
                return PageLabel(_plain(alone["n"]), "seen", line, line.text)
            inside = _INSIDE.search(line.text) if block.kind != "page-number" else None
            if inside:
                number = str(int(inside["a"] or inside["b"]))
                return PageLabel(number, f"in the line {line.text!r}", head=line)
    return None


def _guessed(page: ScanPage) -> PageLabel:
    """Guess the label from the first or the last line of the page."""
    lines = [line for line in page.lines if line.text]
    for line in (*lines[:1], *lines[-1:]):
        alone = _ALONE.fullmatch(line.text)
        if alone and len(lines) > 1 and parse_page_number(alone["n"])[0]:
            return PageLabel(_plain(alone["n"]), "guessed", line, line.text)
    return PageLabel()


def _plain(number: str) -> str:
    found, roman = parse_page_number(number)
    return _shown(found, roman)


def _drop_unsupported(labels: list[PageLabel], places: list[int]) -> None:
    """Drop guessed numbers, unless another page has the same offset from its image number."""
    offsets = [_offset(label, at) for label, at in zip(labels, places, strict=True)]
    for number, item in enumerate(labels):
        if item.how == "guessed":
            if offsets.count(offsets[number]) > 1:
                item.how = "seen"
            elif _MARKED.fullmatch(item.read):
                item.how = "seen, by its place alone"
            else:
                labels[number] = PageLabel(read=item.read)


def _offset(item: PageLabel, place: int) -> tuple[int, bool] | None:
    number, roman = parse_page_number(item.label)
    return (number - place, roman) if number else None


def _mend(labels: list[PageLabel], places: list[int]) -> None:
    known = [n for n, item in enumerate(labels) if item.label]
    for before, here, after in zip(known, known[1:], known[2:], strict=False):
        left, mine, right = (_offset(labels[n], places[n]) for n in (before, here, after))
        if left == right != mine and left is not None:
            item = labels[here]
            item.label = _shown(places[here] + left[0], left[1])
            item.how += f", read as {item.read or item.label!r}: corrected by its neighbours"


def _infer(labels: list[PageLabel], places: list[int]) -> None:
    known = [n for n, item in enumerate(labels) if item.label]
    for n, item in enumerate(labels):
        if item.label:
            continue
        nearest = min(known, key=lambda k: abs(places[k] - places[n]), default=None)
        if nearest is None:
            item.label, item.how = (
                str(places[n]),
                "counted: no page has a number that can be seen" + _perhaps(item),
            )
            continue
        number, roman = parse_page_number(labels[nearest].label)
        item.label = _shown(number + places[n] - places[nearest], roman)
        item.how = f"inferred from page {labels[nearest].label}" + _perhaps(item)
        if number + places[n] - places[nearest] < 1:
            item.label = ""


def _perhaps(item: PageLabel) -> str:
    return f"; the line {item.read!r} may be its number" if item.read else ""


def _distinguish(labels: list[PageLabel]) -> None:
    """Number pages before the first number in Roman; replace duplicates by the next free label."""
    taken = {item.label for item in labels if item.line}
    front = 0
    used: set[str] = set()
    for item in labels:
        if not item.label:
            front += 1
            item.label, item.how = _shown(front, True), "invented: it stands before page 1"
        if item.label in used or (item.line is None and item.label in taken):
            wanted = item.label
            number, roman = parse_page_number(wanted)
            while item.label in used or item.label in taken:
                number += 1
                item.label = _shown(number, roman) or str(number)
            item.how = f"invented: {wanted} is taken ({item.how})"
            item.line = None
        used.add(item.label)
