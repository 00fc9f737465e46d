"""The lines of a part in every layer, from its final tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.source.nodes import (
    GAP_TEXT,
    is_aside,
    lb,
    mark,
    notelabel,
    noteref,
    point,
    reading,
    reads_of,
    textnote,
    textnotes,
)
from tei_export.source.notes import printed_label

if TYPE_CHECKING:
    from tei_export.model.edition import Part, Text

#: The layers of a tree; the third layer, the witness, is a file of lines.
LAYERS = ("E", "T")


@dataclass(slots=True)
class Line:
    """A line of the source: its words by layer; ``note``: the id of the note that it is in; ``block``: reference of
    the block; ``numbers``: lines of the witness, several if it divides the line."""

    place: Place
    note: str
    block: str
    words: dict[str, str] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)

    def text(self, layer: str) -> str:
        """Return the line in a layer."""
        return self.words.get(layer, "")


@dataclass(frozen=True, slots=True)
class LineNote:
    """A note with the place and block of its mark (no place: the mark is in no line)."""

    id: str
    label: str
    series: str
    at: Place | None
    block: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class LineBlock:
    """A numbered block and its ``kind``."""

    ref: str
    xml_id: str
    kind: str
    words: dict[str, str]


@dataclass(slots=True)
class PartLines:
    """The content of a part: lines in source order, blocks, notes in the order of their marks."""

    lines: list[Line] = field(default_factory=list)
    blocks: list[LineBlock] = field(default_factory=list)
    notes: list[LineNote] = field(default_factory=list)


def part_lines(text: Text, part: Part, document: nodes.document) -> PartLines:
    """Return the lines, blocks and notes of a part."""
    found = PartLines()
    known: dict[tuple[Place, str], Line] = {}
    marks: dict[str, tuple[Place | None, str]] = {}
    for layer in LAYERS:
        _Reader(part, layer, known, marks).read(document)
    for line in known.values():
        found.lines.append(line)
        if line.numbers:
            rows = (text.witness.line(number) for number in dict.fromkeys(line.numbers))
            line.words[text.siglum] = " ".join(rows)
        line.words = {layer: collapse_space(words).strip() for layer, words in line.words.items()}
    for node in document.findall(lambda n: isinstance(n, nodes.Element) and _numbered(n)):
        assert isinstance(node, nodes.Element)
        found.blocks.append(
            LineBlock(f"{part.id}.{node['n']}", node["xml_id"], _kind(node), _words(node))
        )
    notes = {note["ids"][0]: note for note in document.findall(textnote) if note["ids"]}
    for name, (at, block) in marks.items():
        if name in notes:
            note = notes[name]
            found.notes.append(
                LineNote(name, note["label"], note["series"], at, block, _words(note))
            )
    return found


def _numbered(node: nodes.Element) -> bool:
    return bool(node.get("xml_id")) and bool(node.get("n")) and not isinstance(node, mark)


def _kind(node: nodes.Element) -> str:
    """Return the kind of a block: its row in the vocabulary of blocks, or docutils' name."""
    return str(node.get("kind") or node.tagname)


def _words(node: nodes.Element) -> dict[str, str]:
    return {layer: collapse_space(reading(node, layer)).strip() for layer in LAYERS}


class _Reader:
    """Reads one layer, and puts every stretch into its line."""

    def __init__(
        self,
        part: Part,
        layer: str,
        lines: dict[tuple[Place, str], Line],
        marks: dict[str, tuple[Place | None, str]],
    ) -> None:
        self._part = part
        self._layer = layer
        self._lines = lines
        self._marks = marks
        self._line: Line | None = None
        self._note = self._block = ""

    def read(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            self._put(str(node))
        elif isinstance(node, lb):
            self._begin(node)
        elif isinstance(node, point):
            self._put(BY_NAME[node["kind"]].sign)
        elif isinstance(node, (noteref, notelabel)):
            self._number(node)
        elif isinstance(node, textnotes):
            for note in node.children:
                self._in_note(note)
        elif isinstance(node, mark):
            self._mark(node)
        elif isinstance(node, nodes.Element):
            self._in_block(node)

    def _number(self, node: noteref | notelabel) -> None:
        """Read the number of a note, which is separate in the edited text."""
        if isinstance(node, noteref):
            at = self._line.place if self._line else None
            self._marks.setdefault(str(node["refid"]), (at, self._block))
        if self._layer == "T" and node.get("series") != "editorial":
            if isinstance(node, noteref):
                self._put(printed_label(node["label"]))
            else:
                self._inside(node)
                self._put(" ")

    def _mark(self, node: mark) -> None:
        reads = Reads.NOTHING if is_aside(node) else reads_of(node, self._layer)
        if reads is Reads.CONTENT:
            self._inside(node)
            return
        if not is_aside(node):
            self._put({Reads.SIGN: GAP_TEXT, Reads.NOTHING: ""}.get(reads, node.get("source", "")))
        if reads is Reads.BOTH:
            self._inside(node)
        else:
            self._beginnings(node)

    def _in_note(self, note: nodes.Node) -> None:
        assert isinstance(note, nodes.Element)
        self._note, self._block = note["ids"][0] if note["ids"] else "", ""
        for child in note.children:
            self._line = None
            self.read(child)
        self._note = ""

    def _in_block(self, node: nodes.Element) -> None:
        outer = self._block
        if _numbered(node) and not self._note:
            self._block = f"{self._part.id}.{node['n']}"
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline):
            self._line = None
        self._inside(node)
        self._block = outer

    def _inside(self, node: nodes.Element) -> None:
        for child in node.children:
            self.read(child)

    def _beginnings(self, node: nodes.Element) -> None:
        """Within text that the layer omits, read only beginnings of lines and references of notes."""
        for child in node.findall(lambda n: isinstance(n, (lb, noteref))):
            if not isinstance(child, lb) or child["line"]:
                self.read(child)

    def _begin(self, node: lb) -> None:
        if node.get("inner"):
            self._put(node["join"])
        elif node["line"]:
            if self._layer == "T" and node["word_break"] == "no":
                self._put(
                    node["hyphen"] or "-"
                )  # the source divides a word, whatever the witness shows
            key = Place(node["page"], node["line"]), self._note
            self._line = self._lines.setdefault(key, Line(*key, self._block))
        else:
            self._put(node["join"])
        if self._line is not None and node["witness_line"] and self._layer == "E":
            self._line.numbers.append(node["witness_line"])

    def _put(self, words: str) -> None:
        if self._line is not None and words:
            self._line.words[self._layer] = self._line.words.get(self._layer, "") + words
