"""The common result of all import formats: pages of blocks of lines of words.

It is independent of formats; :mod:`tei_export.importing.compose` writes from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Box = tuple[int, int, int, int]
"""left, top, width, height in the units of the file"""

#: Kinds of blocks around the running text of a page, with their role (forme work).
FORMWORK = {
    "header": "header",
    "footer": "footer",
    "page-number": "pagenum",
    "catch-word": "catch",
    "signature-mark": "sig",
}
#: Other kinds of blocks than paragraphs, with their name in comments.
OTHERS = {
    "heading": "heading",
    "footnote": "footnote",
    "marginalia": "marginal note",
    "drop-capital": "drop capital",
    "caption": "caption",
    "table": "table",
}
PARAGRAPH = "paragraph"
#: Words in the labels of formats and tools (PAGE, SegmOnto, Transkribus, hOCR) → our kind. The
#: first match counts: a "running title" is not a title.
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
)


def kind_of(label: str) -> str:
    """Return the kind of a block labelled ``label``; unknown labels are paragraphs."""
    found = label.strip().lower()
    return next((kind for form, kind in _LABELS if re.search(form, found)), PARAGRAPH)


@dataclass(slots=True)
class ScanWord:
    """A word as OCR read it. ``confidence`` is 0 to 1, or None."""

    text: str
    confidence: float | None = None
    box: Box | None = None


@dataclass(slots=True)
class ScanLine:
    """A line. ``divided``: the file marks its last word as continuing on the next line."""

    text: str
    id: str = ""
    words: list[ScanWord] = field(default_factory=list)
    box: Box | None = None
    divided: bool = False
    place: int = 0
    """line number in the imported file"""
    confidence: float | None = None
    """of the whole line, if the file states it"""

    @property
    def pieces(self) -> list[ScanWord]:
        """The words; or the whole line, if the file has no words but gives its position or confidence."""
        if self.words or (self.box is None and self.confidence is None):
            return self.words
        return [ScanWord(self.text, self.confidence, self.box)]


@dataclass(slots=True)
class ScanBlock:
    """Lines of one kind that belong together."""

    kind: str
    lines: list[ScanLine] = field(default_factory=list)
    why: str = ""
    """the evidence for the kind, if the file does not state it"""


@dataclass(frozen=True, slots=True)
class ScanSource:
    """What a file says of itself. Nothing is inferred: what it does not say is empty.

    ``by_program``: a program read images; ``engine``: which one; ``date``: when it did (ISO 8601);
    ``languages``: as the file names them; ``creator``, ``created``, ``changed``: of the file.
    """

    by_program: bool = False
    engine: str = ""
    date: str = ""
    languages: tuple[str, ...] = ()
    creator: str = ""
    created: str = ""
    changed: str = ""


@dataclass(slots=True)
class ScanPage:
    """A page. ``number``: its position among the images (0: unknown); ``said``: remarks on it."""

    file: str
    blocks: list[ScanBlock] = field(default_factory=list)
    image: str = ""
    number: int = 0
    said: list[str] = field(default_factory=list)
    source: ScanSource = field(default_factory=ScanSource)

    @property
    def lines(self) -> list[ScanLine]:
        """The lines of all blocks, in order."""
        return [line for block in self.blocks for line in block.lines]

    def tell_empty_lines(self) -> None:
        """Add a remark if lines have no text."""
        empty = sum(not line.text.strip() for line in self.lines)
        if empty:
            self.said.append(f"{empty} of {len(self.lines)} lines have no text")
