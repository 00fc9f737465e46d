"""Read the lines of a text from its PDF: named destinations and tagged text.

The structure tree (ISO 32000-1, 14.7) gives the text in reading order, across pages, without
running heads and margins. A destination (12.3.2.3) gives the point where a line begins. The
typesetting starts a new stretch of marked text at each of these points.

The module uses pikepdf because the PDF builder already requires it, and poppler is not installed
everywhere. Tests read the same file with poppler.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf

from tei_export.proof.resolve.lines import TextByLine, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tei_export.model.places import Place

#: A destination is at the head of its line: this far above the baseline.
_ABOVE = 12
#: Coordinates are rounded to a tenth of a point.
_NEAR = 0.3
#: A formula may begin with a narrow numerator, and its line below or above all of its signs.
_SIDE, _BESIDE = 3, 8
#: The typesetter adds soft hyphens; angle brackets enclose what the editors supplied.
_SETTING = str.maketrans("", "", "\u00ad⟨⟩")
_BLOCKS = {"P", "H1", "H2", "H3", "H4", "LBody", "TR", "Note"}
#: A space separates the cells of a row; it is invisible.
_CELLS, _NOWHERE = {"TD", "TH"}, -1e6


@dataclass(frozen=True, slots=True)
class _PlacedText:
    """Text shown at a point of a page (pages count from 0).

    ``reach``: how far above and below its signs stand, of a formula.
    """

    page: int
    x: float
    y: float
    text: str
    reach: float = 0


@dataclass(frozen=True, slots=True)
class _OrderedText:
    """Shown text in reading order, with the numbers of its block and its note (0: none)."""

    shown: _PlacedText
    block: int
    note: int


def of_pdf(books: Iterable[tuple[Path, str]]) -> TextByLine:
    """Return the lines of a text from its PDF files, each with its address in reports, in their order.

    :raises OSError, pikepdf.PdfError: the file cannot be read
    :raises ValueError, KeyError, AttributeError: the file has no tags, no destinations, or fonts
        without a ToUnicode table
    """
    lines = TextByLine()
    for file, shown in books:
        with pikepdf.open(file) as pdf:
            _add_lines(lines, pdf, shown)
    return lines


def _add_lines(lines: TextByLine, pdf: pikepdf.Pdf, shown: str) -> None:
    read = list(_in_order(pdf))
    starts = list(_starts(pdf, read))
    ends = {at for place, at, _page in starts if place.line}
    for place, at, page in starts:
        lines.begin(place, f"{shown}#nameddest={place.anchor} (page {page + 1})")
        if place.line:
            lines.add("".join(_line(read, at, ends)))
            lines.now = None


def _line(read: Sequence[_OrderedText], start: int, starts: set[int]) -> Iterator[str]:
    """Yield the text from ``start`` to the next line or block, except notes."""
    own = read[start]
    for at in range(start, len(read)):
        piece = read[at]
        if piece.note != own.note and piece.note:
            continue
        if piece.block != own.block or (at > start and at in starts):
            break
        yield piece.shown.text.translate(_SETTING)
    else:
        at = len(read)
    if at == len(read) or read[at].block != own.block:
        yield "\n"


def _starts(pdf: pikepdf.Pdf, read: Sequence[_OrderedText]) -> Iterator[tuple[Place, int, int]]:
    """Yield each line or page, the index in ``read`` where it begins, and its page in the file."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    on_page: dict[int, list[int]] = {}
    for at, piece in enumerate(read):
        on_page.setdefault(piece.shown.page, []).append(at)
    for name, entry in pikepdf.NameTree(pdf.Root.Names.Dests).items():
        place = place_of(str(name))
        if place is None:
            continue
        target: Any = entry.D if isinstance(entry, pikepdf.Dictionary) else entry
        page = numbers[target[0].objgen]
        begins = _at(read, on_page.get(page, []), float(target[2]), float(target[3]) - _ABOVE)
        if begins is not None:
            yield place, begins, page


def _at(read: Sequence[_OrderedText], candidates: list[int], x: float, y: float) -> int | None:
    """Return the index of the text at a point.

    That is the first text of the printed line that does not begin to the left of the point; at the
    end of a printed line, the text that follows in reading order.
    """
    for at in candidates:
        shown = read[at].shown
        if shown.reach and abs(shown.x - x) < _SIDE and abs(shown.y - y) < shown.reach:
            return at
    line = [at for at in candidates if abs(read[at].shown.y - y) < 1]
    right = [at for at in line if read[at].shown.x >= x - _NEAR]
    if right:
        return right[0]
    return line[-1] + 1 if line and line[-1] + 1 < len(read) else None


# --- The structure tree -------------------------------------------------------------------------


def _in_order(pdf: pikepdf.Pdf) -> Iterator[_OrderedText]:
    """Yield all tagged text of the book in reading order."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    marked: dict[tuple[int, int], list[_PlacedText]] = {}
    for number, page in enumerate(pdf.pages):
        for mcid, piece in _ContentReader(page, number).shown():
            marked.setdefault((number, mcid), []).append(piece)
    yield from _StructureTree(numbers, marked).read(pdf.Root.StructTreeRoot.K, 0, 0, 0)


@dataclass(slots=True)
class _StructureTree:
    pages: dict[Any, int]
    marked: dict[tuple[int, int], list[_PlacedText]]
    count: int = 0

    def read(self, kid: Any, page: int, block: int, note: int) -> Iterator[_OrderedText]:
        if isinstance(kid, pikepdf.Array):
            for child in kid:
                yield from self.read(child, page, block, note)
        elif isinstance(kid, int):
            yield from (
                _OrderedText(piece, block, note) for piece in self.marked.get((page, kid), [])
            )
        elif "/MCID" in kid:
            yield from self.read(int(kid.MCID), self._page(kid, page), block, note)
        elif "/S" in kid and kid.S != "/Lbl":
            role = str(kid.S)[1:]
            if role in _BLOCKS:
                self.count += 1
                block = self.count
            note = self.count if role == "Note" else note
            if role == "Formula":
                yield from self._formula(kid, page, block, note)
                return
            yield from self.read(kid.get("/K", pikepdf.Array()), self._page(kid, page), block, note)
            if role in _CELLS:
                between = _PlacedText(self._page(kid, page), 0, _NOWHERE, " ")
                yield _OrderedText(between, block, note)

    def _formula(self, kid: Any, page: int, block: int, note: int) -> Iterator[_OrderedText]:
        """Yield what a formula says to those who do not see it, at the middle of its signs."""
        inner = list(self.read(kid.get("/K", pikepdf.Array()), self._page(kid, page), block, note))
        if not inner:
            return
        heights = [piece.shown.y for piece in inner]
        low, high = min(heights), max(heights)
        left = min(piece.shown.x for piece in inner)
        words = str(kid.get("/Alt", ""))
        reach = (high - low) / 2 + _BESIDE
        shown = _PlacedText(inner[0].shown.page, left, (low + high) / 2, words, reach)
        yield _OrderedText(shown, block, note)

    def _page(self, kid: Any, page: int) -> int:
        return self.pages[kid.Pg.objgen] if "/Pg" in kid else page


# --- The pages -----------------------------------------------------------------------------------


_OPERATORS = "BDC BMC EMC q Q cm Tm Tf Tj TJ"


class _ContentReader:
    """Reads the content stream of a page (ISO 32000-1, 9.4)."""

    def __init__(self, page: pikepdf.Page, number: int) -> None:
        self.page = page
        self.number = number
        self.fonts: dict[str, dict[int, str]] = {}
        self.font: dict[int, str] = {}
        self.stack: list[dict[str, Any]] = []
        self.saved: list[pikepdf.Matrix] = []
        self.graphics = self.text = pikepdf.Matrix()

    def shown(self) -> Iterator[tuple[int, _PlacedText]]:
        """Yield marked-content numbers and their text; ActualText takes precedence over glyphs."""
        for step in pikepdf.parse_content_stream(self.page, _OPERATORS):
            name = str(step.operator)
            if name in {"Tj", "TJ", "EMC"}:
                yield from self._text(name, step.operands)
            else:
                self._state(name, step.operands)

    def _state(self, name: str, operands: Any) -> None:
        if name in {"BDC", "BMC"}:
            properties = operands[1] if len(operands) > 1 else None
            self.stack.append(
                dict(properties.items()) if isinstance(properties, pikepdf.Dictionary) else {}
            )
        elif name == "q":
            self.saved.append(self.graphics)
        elif name == "Q":
            self.graphics = self.saved.pop()
        elif name == "cm":
            self.graphics = pikepdf.Matrix(*(float(n) for n in operands)) @ self.graphics
        elif name == "Tm":
            self.text = pikepdf.Matrix(*(float(n) for n in operands))
        elif name == "Tf":
            key = str(operands[0])
            if key not in self.fonts:
                self.fonts[key] = letters(self.page.resources.Font[key].ToUnicode.read_bytes())
            self.font = self.fonts[key]

    def _text(self, name: str, operands: Any) -> Iterator[tuple[int, _PlacedText]]:
        if name == "EMC":
            text = str(self.stack[-1].get("/ActualText", ""))
        elif any("/ActualText" in entry for entry in self.stack):
            text = ""
        else:
            strings = operands[0] if name == "TJ" else operands
            text = "".join(
                self._decoded(bytes(s)) for s in strings if isinstance(s, pikepdf.String)
            )
        ids = [int(entry["/MCID"]) for entry in self.stack if "/MCID" in entry]
        if name == "EMC":
            self.stack.pop()
        if ids and text:
            at = self.text @ self.graphics
            yield ids[-1], _PlacedText(self.number, at.e, at.f, text)

    def _decoded(self, data: bytes) -> str:
        return "".join(self.font[int.from_bytes(data[i : i + 2])] for i in range(0, len(data), 2))


_RANGE = re.compile(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>")
_PAIR = re.compile(rb"<(\w+)>\s*<(\w*)>")


def letters(table: bytes) -> dict[int, str]:
    """Parse a ToUnicode table (9.10.3) into a mapping from code to text."""
    letter_of_code: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in _PAIR.findall(block):
            letter_of_code[int(code, 16)] = _utf16(text)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            start = _utf16(text)
            for step in range(int(last, 16) - int(first, 16) + 1):
                letter_of_code[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return letter_of_code


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")
