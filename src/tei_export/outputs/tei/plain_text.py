"""Plain text from the TEI: the edited text (E), and the text line by line as typed (T).

E has one line for each block, the lines of verse with their indents, blank lines between blocks,
pages as ``[p. 17]``, and the author's notes after each part. T has the lines of the source in
numerical order, page by page, with notes at the foot and words divided as typed. A loss is ``[…]``.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from tei_export.model.blocks import block_elements, line_elements
from tei_export.model.vocabulary import BY_NAME
from tei_export.model.word_division import SIGNS
from tei_export.tei.element_roles import is_of_witness, is_read_by, sign_of, told_apart
from tei_export.tei.elements import TEI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

_T = f"{{{TEI}}}"
_BIBL, _TAG_CELL, _CIT, _LABEL, _LB, _LIST, _LIST_BIBL, _NOTE, _P, _PB, _REF, _SPEAKER = (
    _T + n
    for n in ("bibl", "cell", "cit", "label", "lb", "list", "listBibl", "note", "p", "pb", "ref", "speaker")
)  # fmt: skip
_BLOCKS = {_T + n for n in ("head", "p", "item", "label", "bibl", "table")}
#: Marks the beginning of a line in a block that keeps its lines.
_LINE = "\x1e"
#: A space before a line.
_INDENT = "\x1f"
#: Begins a cell of a row, which a tab divides from the one before.
_CELL = "\x1d"
_FORMED = frozenset({_LINE, _INDENT, _CELL})
_RENDERED = re.compile(r"indent\((\d+)\)")
_SIGNS = {name: sign for sign, name in SIGNS.items()}
#: Other elements that are more than their words.
_MARKS = ("anchor", "cb", "cell", "gb", "milestone", "note", "pb", "ref", "row", "speaker")
_SKIPPED = {_T + n for n in ("fw", "label", "desc", "figDesc")}


def _skipped(element: etree._Element, layer: str) -> bool:
    """Return whether ``layer`` (E, T) omits ``element``."""
    if element.tag == _LABEL and _is_term(element):
        return False
    return element.tag in _SKIPPED or not is_read_by(element, layer)


def _is_term(label: etree._Element) -> bool:
    """Return whether a label is a term of a glossary, not the number of a note."""
    above = label.getparent()
    return above is not None and above.tag == _LIST


def _shaped() -> frozenset[str]:
    """Return the tags of the elements that a reader looks at; of all others it reads the words."""
    names = {*block_elements(), *line_elements(), *_MARKS}
    return frozenset({*_BLOCKS, *_SKIPPED, *(_T + name for name in names)})


def edited(text: etree._Element) -> str:
    """Return the edited text of a ``text`` element."""
    return "\n".join(edited_parts(divisions_of(text)))


def edited_parts(divisions: Iterable[etree._Element]) -> list[str]:
    """Return the edited text of each division, in order."""
    parts: list[str] = []
    tags = _shaped(), told_apart("E")
    for division in divisions:
        reader = _EditedTextReader(*tags)
        reader.walk(division)
        parts.append("\n\n".join([*reader.blocks(), *reader.notes]) + "\n")
    return parts


def divisions_of(text: etree._Element) -> Iterator[etree._Element]:
    """Yield the parts of a ``text`` element."""
    for division in text.iterfind(f"{_T}*/{_T}div"):
        if division.get("type") != "editorialNotes":
            yield division


class _EditedTextReader:
    """Reads one part; ``notes``: its notes, with their numbers."""

    def __init__(self, shaped: frozenset[str], chosen: frozenset[str]) -> None:
        self.shaped = shaped
        self.chosen = chosen
        self.pieces: list[list[str]] = [[]]
        self.notes: list[str] = []

    def blocks(self) -> list[str]:
        return [block for pieces in self.pieces if (block := _folded("".join(pieces)))]

    def walk(self, node: etree._Element) -> None:
        block = _is_block(node)
        if block and not _is_spoken(node):
            self.pieces.append([])
            self._put(_INDENT * _indent(node))
        elif _is_line(node) and not _goes_on(node):
            self._put(_LINE + _INDENT * _indent(node))
        elif node.tag == _TAG_CELL and node.getprevious() is not None:
            self._put(_CELL)
        self._content(node)
        if block:
            self.pieces.append([])

    def _content(self, node: etree._Element) -> None:
        # every element of every text comes here, and every page again
        shaped, chosen = self.shaped, self.chosen
        self._put(node.text)
        for child in node:
            tag = child.tag
            if tag in shaped:
                self._child(child)
            elif tag not in chosen:
                if len(child):
                    self._content(child)
                elif words := child.text:
                    self.pieces[-1].append(words)
            elif is_read_by(child, "E") and not is_of_witness(child):
                self._put(sign_of(child))
                self._content(child)
            if words := child.tail:
                self.pieces[-1].append(words)

    def _child(self, child: etree._Element) -> None:
        if child.tag == _PB:
            if child.get("n") and not is_of_witness(child):
                space = "" if child.get("break") else " "
                self._put(f"{space}[p. {child.get('n')}]{space}")
        elif child.tag == _REF and child.get("type") == "noteAnchor":
            self._reference(child)
        elif child.tag == _NOTE and child.get("type") == "authorial":
            reader = _EditedTextReader(self.shaped, self.chosen)
            reader.walk(child)
            text = re.sub(r"\n *", " / ", " ".join(block.strip() for block in reader.blocks()))
            self.notes += [f"[{child.get('n')}] {text}", *reader.notes]
        elif not (_skipped(child, "E") or is_of_witness(child)):
            self._put(sign_of(child))
            self.walk(child)

    def _reference(self, ref: etree._Element) -> None:
        """Write the sign of a note, or what stands before a note to which no sign refers."""
        note, reader = ref.getnext(), _EditedTextReader(self.shaped, self.chosen)
        reader.walk(ref)
        sign = " ".join(reader.blocks()) or ("" if note is None else note.get("n", ""))
        shown = f"[{sign}]"
        ends = ref.getparent() is not None and ref.getparent().tag == _CIT  # type: ignore[union-attr]
        last = next((p for p in reversed(self.pieces) if "".join(p).strip()), self.pieces[-1])
        if ends and last:  # it cites the quotation before it
            last[-1] = last[-1].rstrip()
            last.append(shown)
        else:
            self._put(shown)

    def _put(self, piece: str | None) -> None:
        if piece:
            self.pieces[-1].append(piece)


def _folded(text: str) -> str:
    """Return a block: one line, or the lines that are kept."""
    if _FORMED.isdisjoint(text):
        return " ".join(text.split())
    lines = ((line.count(_INDENT), line.replace(_INDENT, "")) for line in text.split(_LINE))
    cells = (
        (indent, [" ".join(cell.split()) for cell in line.split(_CELL)]) for indent, line in lines
    )
    return "\n".join(" " * indent + "\t".join(row) for indent, row in cells if any(row))


def _indent(node: etree._Element) -> int:
    """Return how many spaces stand before a line of verse, or what is in an item of a list in a list."""
    if found := _RENDERED.fullmatch(node.get("rend") or ""):
        return int(found[1])
    above = takewhile(lambda a: a.tag != _NOTE, node.iterancestors())
    depth = sum(1 for a in above if a.tag == _LIST)
    goes_on = node.tag == _P and node.getprevious() is not None
    return 2 * max(depth - (not goes_on), 0)


def _goes_on(line: etree._Element) -> bool:
    """Return whether a line of verse stands in the line of its speaker."""
    verse = line.getparent()
    begins = verse is not None and line.getprevious() is None and _is_spoken(verse)
    return begins and (line.text or "").startswith(" ")


def _is_block(node: etree._Element) -> bool:
    local = str(node.tag).removeprefix(_T)
    if local in block_elements() and not node.get("n"):
        # A role has some of these elements, too: a stage direction among words, an addition.
        return local not in {row.tei for row in BY_NAME.values()}
    return (node.tag in _BLOCKS or local in block_elements()) and not _inside_block(node)


def _is_spoken(node: etree._Element) -> bool:
    """Return whether a block continues the line with the name of its speaker."""
    before = node.getprevious()
    return before is not None and before.tag == _SPEAKER


def _is_line(node: etree._Element) -> bool:
    return str(node.tag).removeprefix(_T) in {*line_elements(), "row"}


def _inside_block(node: etree._Element) -> bool:
    """Return whether an element belongs to a block: a ``bibl`` outside ``listBibl`` does."""
    above = node.getparent()
    if node.tag == _BIBL:
        return above is None or above.tag != _LIST_BIBL
    return False


class TypedText(NamedTuple):
    """A text as typed: ``whole``, its parts in order, its pages by their numbers (none for a text without pages)."""

    whole: str
    parts: list[str]
    pages: dict[str, str]


def typed(text: etree._Element) -> TypedText:
    """Return what a ``text`` element has as typed, line by line."""
    reader = _TypedTextReader()
    read = _Lines()
    parts: list[str] = []
    rows: dict[str, str] = {}
    for division in divisions_of(text):
        part = reader.part(division)
        own = part.rows()
        parts.append("\n\n".join(own.values()) + "\n")
        divided = part.pages.keys() & read.pages.keys()  # they began in a part before
        read.add(part)
        rows |= own | read.rows(divided)
    pages = {page: f"{row}\n" for page, row in rows.items() if page}
    return TypedText("\n\n".join(rows.values()) + "\n", parts, pages)


class _Lines:
    """Stretches of T by page and line; ``starts``: the lines that begin a block."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[int, list[str]]] = {}
        self.starts: set[tuple[str, int]] = set()

    def add(self, other: _Lines) -> None:
        """Add the lines of a part; a page or a line may have begun in the part before."""
        for page, lines in other.pages.items():
            known = self.pages.setdefault(page, {})
            for number, stretches in lines.items():
                known.setdefault(number, []).extend(stretches)
        self.starts |= other.starts

    def rows(self, pages: Iterable[str] | None = None) -> dict[str, str]:
        """Return the lines of each page, or of some ``pages``, as one text."""
        rows: dict[str, str] = {}
        for page in self.pages if pages is None else pages:
            lines = self.pages[page]
            shown: list[str] = []
            for number in sorted(lines):
                line = " ".join("".join(lines[number]).split())
                if (page, number) in self.starts and shown:
                    shown.append("")
                shown.append(line)
            if page:
                rows[page] = "\n".join([f"[p. {page}]", "", *shown])
            elif shown:
                rows[page] = "\n".join(shown)
        return rows


class _TypedTextReader:
    """Assigns every stretch of T to its page and line."""

    def __init__(self) -> None:
        self.shaped = _shaped()
        self.chosen = told_apart("T")
        self.read = _Lines()
        self.page = ""
        self.line: list[str] | None = None
        """the stretches of the current line; a page begins with its first line"""
        self.block = False

    def part(self, division: etree._Element) -> _Lines:
        """Read a part, which may begin in the middle of a page."""
        self.read, self.line = _Lines(), None
        self.walk(division)
        return self.read

    def walk(self, node: etree._Element) -> None:
        if _skipped(node, "T"):
            if node.tag == _LABEL:
                self._inner(node)
                self._put(" ")
            return
        if node.tag == _PB:
            if node.get("n"):
                self.page = node.get("n", "")
                self.read.pages.setdefault(self.page, {})
            elif node.get("corresp"):
                self.page = self._page_of(node)
        self._put(sign_of(node))
        before = (self.page, self.line)
        speaks = node.tag == _SPEAKER
        begins = node.tag == _NOTE or node.tag in _BLOCKS or _is_block(node)
        if speaks or (begins and not _is_spoken(node)):
            self.block = not (node.tag == _BIBL and _inside_block(node))
        self._inner(node)
        if node.tag == _NOTE and node.get("type") == "authorial":
            self.page, self.line = before

    def _inner(self, node: etree._Element) -> None:
        shaped, chosen = self.shaped, self.chosen
        self._put(node.text)
        for child in node:
            tag = child.tag
            if tag == _LB:
                self._begin(child)
            elif tag in shaped:
                self.walk(child)
            elif tag not in chosen:
                self._inner(child)
            elif is_read_by(child, "T"):
                self._put(sign_of(child))
                self._inner(child)
            if (words := child.tail) and self.line is not None:
                self.line.append(words)

    def _page_of(self, turn: etree._Element) -> str:
        """Return the page on which a note continues."""
        target = turn.get("corresp", "")[1:]
        pages = turn.getroottree().xpath("//*[@xml:id=$id]/@n", id=target)
        return str(pages[0]) if isinstance(pages, list) and pages else self.page

    def _begin(self, node: etree._Element) -> None:
        number = node.get("n")
        if not number:
            return
        if node.get("break") == "no":
            self._put(_SIGNS.get(node.get("rend") or "", "-"))
        place = (self.page, int(number))
        self.line = self.read.pages.setdefault(self.page, {}).setdefault(place[1], [])
        if self.block:
            self.read.starts.add(place)
            self.block = False

    def _put(self, piece: str | None) -> None:
        if piece and self.line is not None:
            self.line.append(piece)
