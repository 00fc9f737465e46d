"""What every format is read into: pages of blocks of lines of words.

No format is known here; :mod:`tei_export.importing.compose` writes from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Box = tuple[int, int, int, int]
"""left, top, width, height in the units of the file"""

#: Kinds of blocks that are no running text: they stand around it on the page.
FORMWORK = {
    "header": "running head",
    "footer": "foot of the page",
    "page-number": "page number",
    "catch-word": "catch-word",
    "signature-mark": "signature mark",
}
#: Other kinds that are not a paragraph, with their name in comments.
OTHERS = {
    "heading": "heading",
    "footnote": "footnote",
    "marginalia": "marginal note",
    "drop-capital": "drop capital",
    "caption": "caption",
    "table": "table",
}
PARAGRAPH = "paragraph"
#: Words in the labels of formats and tools (PAGE, SegmOnto, Transkribus, hOCR) → our kind.
#: The first that is found counts: "running title" is no title.
_LABELS = (
    (r"page.?num|numbering|pageno|folio", "page-number"),
    (r"catch.?word", "catch-word"),
    (r"signature|quire", "signature-mark"),
    (r"running|^header|page.?head|kopf", "header"),
    (r"^footer|page.?foot", "footer"),
    (r"foot.?note|end.?note|^note", "footnote"),
    (r"margin", "marginalia"),
    (r"drop.?cap|initial", "drop-capital"),
    (r"caption", "caption"),
    (r"heading|headline|title|^chapter$|^section$", "heading"),
    (r"table", "table"),
)  # fmt: skip


def kind_of(label: str) -> str:
    """The kind of a block that a file labels ``label``; what has no kind is a paragraph."""
    found = label.strip().lower()
    return next((kind for form, kind in _LABELS if re.search(form, found)), PARAGRAPH)


@dataclass(slots=True)
class Word:
    """A word as the machine read it. ``confidence`` is 0 to 1, or nothing."""

    text: str
    confidence: float | None = None
    box: Box | None = None


@dataclass(slots=True)
class Line:
    """A line. ``divided``: the file itself says that its last word goes on in the next line."""

    text: str
    id: str = ""
    words: list[Word] = field(default_factory=list)
    box: Box | None = None
    divided: bool = False
    place: int = 0
    """the line of the file that it was read from"""


@dataclass(slots=True)
class Block:
    """Lines that belong together, of one kind."""

    kind: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A page. ``number`` is its place among the images (0: not known), ``said`` what the
    reader has to report."""

    file: str
    blocks: list[Block] = field(default_factory=list)
    image: str = ""
    number: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [line for block in self.blocks for line in block.lines]
