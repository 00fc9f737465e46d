"""Import TEI: this program's own, which round-trips, and plain TEI from other sources.

Own TEI is recognised by the numbers of its witness lines (``lb/@xml:id="o0017"``), from which the
witness is regenerated. In other TEI the text itself is the witness. Unsupported elements are read
as text and reported.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.importing.numbered_lines import as_csv
from tei_export.importing.safe_xml import (
    descendants,
    import_error,
    line_of_element,
    local_name,
    whole_number,
    words,
)
from tei_export.importing.tei_blocks import TeiBlockReader
from tei_export.proof.regenerate import witness_lines

if TYPE_CHECKING:
    from lxml import etree

    from tei_export.importing.tei_lines import ImportedLine

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_OWN = re.compile(r"o\d{4,}")
_TYPES = {
    "preface": "preface",
    "chapter": "chapter",
    "essay": "essay",
    "bibliography": "bibliography",
}
#: Divisions that the exporter adds.
_ADDED = {"editorialNotes"}


@dataclass(slots=True)
class TeiPart:
    """A part: its fields in the record and its source."""

    doc: str
    id: str
    type: str
    n: str
    title: str
    place: str
    source: str
    ends: tuple[int, int] = (0, 0)
    """how many lines of the text, and of notes, have been read at its end"""
    first_line: int = 0
    """of a text without pages: its first line in the witness"""

    def fields(self) -> dict[str, str]:
        """Return the part's fields for the record."""
        fields = {"doc": self.doc, "id": self.id, "type": self.type, "title": self.title}
        if self.n:
            fields["n"] = self.n
        if self.place != "body":
            fields["place"] = self.place
        if self.first_line > 1:
            fields["first_line"] = str(self.first_line)
        return fields


@dataclass(slots=True)
class TeiContent:
    """The content of a TEI file."""

    title: str
    witness: str
    pages: str
    images: str
    parts: list[TeiPart]
    glyphs: dict[str, str] = field(default_factory=dict)
    """the look-alikes that the header declares: sign of the witness → sign of the text"""
    said: list[str] = field(default_factory=list)
    own: bool = False
    """whether this program wrote the file"""


def read(root: etree._Element, file: str) -> TeiContent:
    """Read a TEI text.

    :raises EditionError: ``import-format`` (no text), ``import-empty``
    """
    texts = [e for e in root.iter() if local_name(e) == "text"]
    if len(texts) != 1:
        what = "no element text" if not texts else f"{len(texts)} texts: give one file a text"
        raise import_error("import-format", file, line_of_element(root), what)
    _bounded(texts[0], file)
    lbs = texts[0].iter("{http://www.tei-c.org/ns/1.0}lb")
    own = any(_OWN.fullmatch(lb.get(_ID) or "") for lb in lbs)
    titles = [e for e in descendants(root, "title") if local_name(e.getparent()) == "titleStmt"]
    title = " ".join(words(titles[0]).split()) if titles else ""
    reader = TeiBlockReader(texts[0], own=own)
    parts = [
        _part(reader, division, place, number)
        for number, (division, place) in enumerate(_divisions(texts[0]), 1)
    ]
    if not any(part.source.strip() for part in parts):
        raise import_error("import-empty", file, line_of_element(texts[0]), "the text has no words")
    if not own and not reader.turns:
        witness, pages = _witness_by_parts(reader, parts), ""
    else:
        witness, pages = _own_witness(root, reader) if own else _plain_witness(reader)
    said = [f"{count}× {what}" for what, count in sorted(Counter(reader.said).items())]
    if own:
        said.append(
            "the witness is regenerated: white space where only its amount differed is lost"
        )
    images = [(turn.label, turn.image) for turn in reader.turns if turn.image]
    table = as_csv(("page", "image"), images) if images else ""
    return TeiContent(title, witness, pages, table, parts, _glyphs(root) if own else {}, said, own)


def _glyphs(root: etree._Element) -> dict[str, str]:
    """Return the look-alikes of the header's ``charDecl`` (WD#D25-20)."""
    found = {}
    for char in descendants(root, "char"):
        signs = {m.get("type"): words(m) for m in char if local_name(m) == "mapping"}
        seen, meant = signs.get("witness", ""), signs.get("text", "")
        if len(seen) == 1 and meant:
            found[seen] = meant
    return found


def _bounded(text: etree._Element, file: str) -> None:
    """Refuse line numbers that no witness has: each number would create as many lines."""
    for lb in descendants(text, "lb"):
        for said in (lb.get(_ID) or "", lb.get("corresp") or ""):
            if re.fullmatch(r"#?o\d{7,}", said):
                raise import_error(
                    "import-size", file, line_of_element(lb), f"line {said[:20]} of the witness"
                )


def _divisions(text: etree._Element) -> list[tuple[etree._Element, str]]:
    """Return the divisions that become parts; a body without divisions is one part."""
    pairs = []
    for area in text:
        place = local_name(area)
        if place not in {"front", "body", "back"}:
            continue
        inside = [e for e in area if isinstance(e.tag, str)]
        divisions = [
            e
            for e in inside
            if re.fullmatch("div1?", local_name(e)) and e.get("type") not in _ADDED
        ]
        breaks = {"pb", "lb", "cb", "milestone"}
        only = all(
            e in divisions or local_name(e) in breaks or e.get("type") in _ADDED for e in inside
        )
        if divisions and only:
            pairs += [(division, place) for division in divisions]
        elif any(e.get("type") not in _ADDED for e in inside):
            pairs.append((area, place))
    return pairs


def _part(reader: TeiBlockReader, division: etree._Element, place: str, number: int) -> TeiPart:
    before = (
        [e for e in division.itersiblings(preceding=True) if isinstance(e.tag, str)]
        if local_name(division) != place
        else []
    )
    turns = []
    for element in before:
        if local_name(element) != "pb":
            break
        turns.append(element)
    source, title = reader.part(division, turns[::-1])
    kind = _TYPES.get(division.get("type") or "", "chapter")
    key = division.get(_ID) or ""
    if not re.fullmatch("[a-z][a-z0-9-]*", key):
        key = f"part-{number:02d}"
    n = (division.get("n") or str(number)) if kind == "chapter" else ""
    ends = (len(reader.lines), len(reader.note_lines))
    first = 0 if reader.turns else _first_line(division)
    return TeiPart(key, key, kind, n, title or f"Part {number}", place, source, ends, first)


def _first_line(division: etree._Element) -> int:
    """Return the first line of the witness in a division of own TEI; 0: it has none."""
    ids = (lb.get(_ID) or "" for lb in descendants(division, "lb"))
    return min((int(key[1:]) for key in ids if _OWN.fullmatch(key)), default=0)


def _own_witness(root: etree._Element, reader: TeiBlockReader) -> tuple[str, str]:
    lines, _ = witness_lines(root)
    lines = {number: text for number, text in lines.items() if number}
    pages = _spans(reader, sorted(lines))
    total = max(lines, default=0)
    for measure in descendants(root, "measure"):
        if measure.get("unit") == "line":
            total = max(total, min(whole_number(measure.get("quantity")) or 0, total + 1000))
    return "\n".join(lines.get(n, "") for n in range(1, total + 1)) + "\n", pages


def _spans(reader: TeiBlockReader, numbers: list[int]) -> str:
    """Return the page table: a page's lines extend to the first line of the next page."""
    if not reader.turns:
        return ""
    rows: list[tuple[object, ...]] = []
    for turn in reader.turns:
        mine = sorted(reader.numbers[turn.label])
        rows.append(
            (turn.label, mine[0], mine[-1], turn.seen or "", "")
            if mine
            else (turn.label, "", "", "", "lost")
        )
    return _table(rows)


def _witness_by_parts(reader: TeiBlockReader, parts: list[TeiPart]) -> str:
    """Return the text itself, part by part: its lines, then those of its notes; note where each begins."""
    lines: list[str] = []
    done = (0, 0)
    for part in parts:
        part.first_line = len(lines) + 1
        mine = reader.lines[done[0] : part.ends[0]] + reader.note_lines[done[1] : part.ends[1]]
        lines += [_folded(line) for line in mine]
        done = part.ends
    return "\n".join(lines) + "\n"


def _plain_witness(reader: TeiBlockReader) -> tuple[str, str]:
    """Return the text itself, page by page: its lines, then those of its notes."""
    lines: list[str] = []
    rows: list[tuple[object, ...]] = []
    for page in range(-1, len(reader.turns)):
        mine = [line for line in reader.lines if line.page == page] + [
            n for n in reader.note_lines if n.page == page
        ]
        first = len(lines) + 1
        lines += [_folded(line) for line in mine]
        if page >= 0:
            lines += [] if mine else [""]
            turn = reader.turns[page]
            rows.append((turn.label, first, len(lines), "", turn.how))
    return "\n".join(lines) + "\n", _table(rows) if rows else ""


def _folded(line: ImportedLine) -> str:
    return " ".join(line.plain.split())


def _table(rows: list[tuple[object, ...]]) -> str:
    return as_csv(("page", "first_line", "last_line", "number_seen_at_line", "note"), rows)
