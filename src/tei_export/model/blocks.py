"""The vocabulary of blocks: one row per block that a fence marks, the only list of them.

A row defines the directive, its TEI, HTML and EPUB elements, its Typst function, how plain text and
search see it, and where it may stand. Paragraphs, quotations, lists and headings are Markdown's own
and need no row. ``docs/markup.md`` explains the blocks to editors. An edition adds rows of its own
in conf.py (``edition_blocks``, see :data:`BLOCK_TABLE`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from tei_export.model.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Iterator


class Holds(Enum):
    """What the lines between the fences are."""

    LINES = "lines"
    """Each line is an element of its own; blank lines separate groups of them."""
    TEXT = "text"
    """Running text whose lines are kept; blank lines separate several such blocks."""
    BLOCKS = "blocks"
    """Paragraphs and other blocks."""


class Within(Enum):
    """Where a block may stand, beside sections."""

    QUOTATION = "quotation"
    NOTE = "note"
    BLOCK = "block"
    """in a block that holds blocks"""


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    ``tei`` is its TEI element, ``tei_attrs`` the fixed attributes. ``html`` is the element in web
    pages and EPUB, whose class is the name of the row. ``typst`` is a function of
    ``outputs/pdf/edition.typ``; none means the function of its kind.
    """

    name: str
    holds: Holds
    tei: str
    gloss: str
    tei_attrs: dict[str, str] = field(default_factory=dict)
    line: str = ""
    """of a block of lines: the TEI element of a line"""
    group: str = ""
    """of a block of lines: the TEI element of a group, where there are several"""
    group_attrs: dict[str, str] = field(default_factory=lambda: {"type": "stanza"})
    """its fixed attributes"""
    html: str = "div"
    typst: str = ""
    within: frozenset[Within] = frozenset()
    frames: tuple[str, str] = ("", "")
    """the TEI element around a run of such blocks at the beginning or end of a division"""
    place: str = ""
    """where TEI allows it in a division: ``top``, ``bottom``, or empty for anywhere"""
    cited: bool = False
    """whether its lines are counted and cited in a division of verse"""
    tei_module: str = "textstructure"
    """the TEI P5 module of its elements, if the schema lacks them"""

    @property
    def elements(self) -> tuple[str, ...]:
        """Return the TEI elements of the row."""
        return tuple(dict.fromkeys(filter(None, (self.tei, self.group, self.line))))


_ANYWHERE = frozenset(Within)
_LETTER = ("opener", "closer")

BLOCKS: tuple[Block, ...] = (
    Block(
        "verse", Holds.LINES, "lg", "verse: each line is a verse line, blank lines separate stanzas",
        line="l", group="lg", within=_ANYWHERE, cited=True, tei_module="core",
    ),
    Block("dateline", Holds.TEXT, "dateline", "place and date of a letter", frames=_LETTER, typst="dateline"),
    Block("salute", Holds.TEXT, "salute", "a greeting, at the beginning or the end of a letter", frames=_LETTER, typst="salute"),
    Block(
        "address", Holds.LINES, "address", "an address, line by line", line="addrLine", frames=_LETTER,
        tei_module="core",
    ),
    Block("signed", Holds.TEXT, "signed", "a signature", frames=_LETTER, within=frozenset({Within.BLOCK}), typst="signed"),
    Block(
        "postmark", Holds.TEXT, "stamp", "a postmark, or another stamp on a letter", tei_attrs={"type": "postmark"},
        frames=_LETTER, typst="signed", tei_module="msdescription",
    ),
    Block(
        "endorsement", Holds.TEXT, "add", "what a reader or an office wrote on a letter", tei_attrs={"type": "endorsement"},
        frames=_LETTER, typst="salute", tei_module="core",
    ),
    Block("postscript", Holds.BLOCKS, "postscript", "a postscript, with its paragraphs", place="bottom"),
    Block("epigraph", Holds.BLOCKS, "epigraph", "a motto before the text", place="top", typst="epigraph"),
    Block("argument", Holds.BLOCKS, "argument", "a summary before the text", place="top"),
    Block("byline", Holds.TEXT, "byline", "who wrote it, as the original says", place="top", typst="centred"),
    Block(
        "cast", Holds.LINES, "castList", "the roles of a play: each line is one, blank lines separate groups",
        line="castItem", group="castGroup", group_attrs={}, within=frozenset({Within.BLOCK}), tei_module="drama",
    ),
    Block("speech", Holds.BLOCKS, "sp", "what one speaker says in a play", typst="speech", tei_module="core"),
    Block(
        "stage", Holds.TEXT, "stage", "a stage direction", typst="stage", within=frozenset({Within.BLOCK}),
        tei_module="core",
    ),
    Block("trailer", Holds.TEXT, "trailer", "words that end a part, like The End", place="bottom", typst="centred"),
    Block(
        "ornament", Holds.TEXT, "ab", "signs that part the text: a row of stars, a rule", tei_attrs={"type": "ornament"},
        typst="centred", within=frozenset({Within.BLOCK, Within.QUOTATION}), tei_module="linking",
    ),
)  # fmt: skip

#: The block that Markdown's own break (``* * *``) stands for.
ORNAMENT = "ornament"
#: The directives that are no rows: they have arguments.
_TAKEN = frozenset({"entry", "figure", "statistics", "emendation", "count"})

_NAME = re.compile(r"[a-z][a-z0-9]*")
_ELEMENT = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_FUNCTION = re.compile(r"[a-z][a-z0-9.-]*|")


def _faults(row: Block) -> Iterator[str]:
    if not _NAME.fullmatch(row.name):
        yield "a block's name is small letters and digits"
    if row.holds not in tuple(Holds):
        yield "holds is LINES, TEXT or BLOCKS"
    if not all(_ELEMENT.fullmatch(name) for name in (row.html, *row.elements, row.tei)):
        yield "tei, line, group and html are names of elements"
    if (row.holds is Holds.LINES) is not bool(row.line):
        yield "a block of lines, and no other, has the element of a line"
    if row.group and row.holds is not Holds.LINES:
        yield "only a block of lines has groups"
    if not _FUNCTION.fullmatch(row.typst):
        yield "typst is the name of a Typst function"


#: The rows of this run; :attr:`~tei_export.model.row_table.RowTable.extend` adds those of an edition.
BLOCK_TABLE = RowTable(Block, "block", BLOCKS, _faults, _TAKEN)
#: Every row of this run by name: :data:`BLOCKS` and the edition's own.
BY_BLOCK: dict[str, Block] = BLOCK_TABLE.by_name


#: The TEI elements of Markdown's own blocks that are numbered.
_MARKDOWN = ("p", "cit", "list", "bibl", "table", "figure")


@BLOCK_TABLE.made_once
def numbered_elements() -> tuple[str, ...]:
    """Return the TEI elements of blocks that are numbered within their part."""
    own = (row.tei for row in BY_BLOCK.values() if row.holds is not Holds.BLOCKS)
    return tuple(dict.fromkeys((*_MARKDOWN, *own)))


@BLOCK_TABLE.made_once
def holding_elements() -> tuple[str, ...]:
    """Return the TEI elements of blocks whose numbered blocks are inside them."""
    holders = (row.tei for row in BY_BLOCK.values() if row.holds is Holds.BLOCKS)
    frames = (frame for row in BY_BLOCK.values() for frame in row.frames if frame)
    return tuple(dict.fromkeys(("div", "listBibl", *holders, *frames)))


@BLOCK_TABLE.made_once
def block_elements() -> frozenset[str]:
    """Return the TEI elements of the blocks of the vocabulary."""
    return frozenset(row.tei for row in BY_BLOCK.values())


@BLOCK_TABLE.made_once
def line_elements() -> frozenset[str]:
    """Return the TEI elements of single lines."""
    return frozenset(row.line for row in BY_BLOCK.values() if row.line)
