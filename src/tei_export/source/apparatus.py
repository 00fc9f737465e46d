"""Make the apparatus entries of a part: ids, classes, readings, neighbours, nesting.

The module runs once, on the final tree; every output renders its entries.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.apparatus import (
    LACUNA_ROLE,
    RESTORED,
    VARIANT_ROLE,
    Emendation,
    Neighbours,
    Reading,
    is_small,
)
from tei_export.model.places import Place
from tei_export.model.readings import RESPONSIBLE, classify, collapse_space
from tei_export.model.variants import VARIANT, class_of
from tei_export.model.vocabulary import BY_NAME, MISREADING, Family, Reads
from tei_export.source.nodes import (
    GAP_TEXT,
    every,
    every_node,
    first,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    reading,
    reads_of,
    textnote,
    textnotes,
)
from tei_export.source.positions import moved_marks, readings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tei_export.model.edition import Text
    from tei_export.source.lines import SourceLine
    from tei_export.source.problems import Report
    from tei_export.source.variants import WitnessPassage

#: A word at the end of the searched text.
_LAST_WORD = re.compile(r"\S+\Z")


@dataclass(slots=True)
class ApparatusCollector:
    """Collects the entries of one part. ``report`` takes problems."""

    text: Text
    docname: str
    report: Report
    passages: Mapping[str, WitnessPassage] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    """of each milestone about witnesses, by its node's ``id``"""
    until: dict[int, Place] = field(default_factory=dict)
    """of each lacuna: where the witnesses resume"""

    def collect(
        self, turns: Sequence[pb], lines: Sequence[SourceLine], blocks: Iterable[nodes.Element]
    ) -> list[Emendation]:
        """Return the entries: page numbers first, then those of the lines.

        The marks of ``lines`` and the page breaks ``turns`` receive ``xml_id``, ``place`` and
        ``small``.

        :param turns: the page breaks
        :param lines: the lines with their marks
        :param blocks: the blocks with the running text
        """
        for line in lines:
            moved_marks(line)
        self._find_points(lines)
        count: Counter[str] = Counter()
        entries = [self._page_number(turn, count) for turn in turns if _misread(turn)]
        for line in lines:
            entries += self._line(line, count)
        asked = {entry.xml_id for entry in entries if not any(map(str.isalnum, entry.lemma))}
        nodes_asked = [
            node
            for node in (*turns, *(n for line in lines for n in (*line.marks, *line.points)))
            if node.get("xml_id") in asked
        ]
        holders = {id(holder) for node in nodes_asked for holder in _above(node)}
        beside = dict(
            neighbours
            for block in blocks
            if id(block) in holders
            for neighbours in _neighbours(block)
        )
        return [
            replace(e, neighbours=beside[e.xml_id]) if e.xml_id in beside else e for e in entries
        ]

    def _page_number(self, turn: pb, count: Counter[str]) -> Emendation:
        """Return the entry of a page number that the witness has misread."""
        page, stem = turn["page"], f"{turn['seen']:04d}"
        resp = turn.get("resp", "ed")
        if resp not in RESPONSIBLE:
            self.report("role-resp", f"#{resp}", turn["srcline"], f"#{resp}")
        return self._named(
            turn,
            stem,
            count,
            Emendation(
                MISREADING,
                "number",
                self.docname,
                page,
                0,
                "",
                page,
                (self._reading(turn["source"]),),
                turn["cert"],
                resp,
                turn.get("why", ""),
                note="",
                srcline=turn["srcline"],
            ),
        )

    def _line(self, line: SourceLine, count: Counter[str]) -> Iterator[Emendation]:
        number = next((s.number for s, _ in line.segments if s.number), 0)
        stem = f"{number:04d}" if number else f"{line.page or 'l'}-{line.node['line']}"
        for node in line.marks:
            said = node.attributes
            row = BY_NAME[said["kind"]]
            if not row.apparatus:
                continue
            said["place"] = str(Place(line.page, line.node["line"]))
            if said["resp"] not in RESPONSIBLE:
                self.report("role-resp", f"#{said['resp']}", line.number, node)
            lemma, (restored, source) = _lemma(node), readings_of(node)
            if row.read_by("O") is Reads.NOTHING:
                node["reason"] = self._reason(node, line.page)
            elif row.name == MISREADING:
                node.setdefault("app", classify(restored, source, self.text.glyphs))
            if row.family is Family.VARIANTS:
                yield self._named(node, stem, count, self._variants(node, line))
                continue
            kind = said.get("app", row.name)
            yield Emendation(
                row.name,
                kind,
                self.docname,
                line.page,
                line.node["line"],
                _name(node, stem, count),
                lemma,
                self._readings(node, lemma, restored, source),
                said["cert"],
                said["resp"],
                said["why"],
                within=_within(node),
                note=_note_number(node),
                lang=_language(node),
                extent=(said.get("quantity", 0), said.get("unit", "")),
                said=said.get("said", ()),
                srcline=line.number,
                small=_set_small(node, kind, said["cert"], said["resp"], said["why"]),
            )

        yield from self._points(line, stem, count)

    def _points(self, line: SourceLine, stem: str, count: Counter[str]) -> Iterator[Emendation]:
        """Yield the entries of passages that end in a line, and of lacunae that begin there."""
        for node in line.points:
            node["place"] = str(self.places[id(node)])
            if node["kind"] in ("end", "transposed"):
                yield self._named(node, stem, count, self._passage(node, line))
                passage = self.passages[node["value"]]
                passage.start["xml_id"] = f"{node['xml_id']}-from"
                for here in passage.here:
                    here["corresp"] = node["xml_id"]
            elif node["kind"] == LACUNA_ROLE:
                yield self._named(node, stem, count, self._lacuna(node, line))

    def _find_points(self, lines: Sequence[SourceLine]) -> None:
        lost: dict[str, point] = {}
        for line in lines:
            for node in line.points:
                place = self.places[id(node)] = Place(line.page, line.node["line"])
                sigla: list[str] = node.get("sigla", [])
                for siglum in sigla:
                    if node["kind"] == LACUNA_ROLE:
                        lost[siglum] = node
                    elif node["kind"] == "resumes" and siglum in lost:
                        self.until[id(lost.pop(siglum))] = place

    def _variants(self, node: mark, line: SourceLine) -> Emendation:
        """Return the entry of ``{app}``: the readings of several witnesses."""
        return Emendation(
            VARIANT_ROLE,
            VARIANT,
            self.docname,
            line.page,
            line.node["line"],
            "",
            _lemma(node),
            tuple(
                Reading(v.sigla, v.shown, v.type, v.cert, v.resp, v.why, pieces=v.pieces)
                for v in node["variants"]
            ),
            node["cert"],
            node["resp"],
            node["why"],
            note=_note_number(node),
            lang=_language(node),
            srcline=line.number,
            sigla=tuple(node["lemma_sigla"]),
        )

    def _passage(self, node: point, line: SourceLine) -> Emendation:
        """Return the entry of a passage, at the place where it begins."""
        passage = self.passages[node["value"]]
        start = passage.start
        lemma = collapse_space(_between(start, node))
        if node["kind"] == "transposed":
            readings = tuple(
                Reading((siglum,), "", "transposition", place=str(self.places.get(id(here), "")))
                for here in passage.here
                for siglum in here["sigla"]
            )
        else:
            node["variants"] = [
                replace(v, type=class_of(lemma, v, self.text.spelling)) for v in node["variants"]
            ]
            readings = tuple(
                Reading(v.sigla, v.shown, v.type, v.cert, v.resp, v.why, pieces=v.pieces)
                for v in node["variants"]
            )
        first = self.places.get(id(start), Place(line.page, line.node["line"]))
        return Emendation(
            VARIANT_ROLE,
            VARIANT,
            self.docname,
            first.page,
            first.line,
            "",
            lemma,
            readings,
            node["cert"],
            node.get("resp", "ed"),
            node.get("why", ""),
            srcline=line.number,
            sigla=tuple(node["lemma_sigla"]),
            end=Place(line.page, line.node["line"]),
        )

    def _lacuna(self, node: point, line: SourceLine) -> Emendation:
        """Return the entry of a lacuna, from where witnesses break off to where they resume."""
        return Emendation(
            LACUNA_ROLE,
            LACUNA_ROLE,
            self.docname,
            line.page,
            line.node["line"],
            "",
            "",
            (Reading(tuple(node["sigla"]), ""),),
            node["cert"],
            "ed",
            "",
            srcline=line.number,
            end=self.until.get(id(node)),
        )

    @staticmethod
    def _named(
        node: nodes.Element, stem: str, count: Counter[str], entry: Emendation
    ) -> Emendation:
        """Give the entry and its node an id, and a passage a second one at its beginning; return the entry."""
        small = _set_small(node, entry.type, entry.cert, entry.resp, entry.why)
        return replace(entry, xml_id=_name(node, stem, count), small=small)

    def _reading(self, text: str) -> Reading:
        return Reading((self.text.siglum,), text)

    def _readings(self, node: mark, lemma: str, restored: str, source: str) -> tuple[Reading, ...]:
        """Return the readings of T and O that differ from the edited text."""
        row = BY_NAME[node["kind"]]
        if row.revised:
            left = source if row.read_by("T") in (Reads.SOURCE, Reads.BOTH) else restored
            return (Reading((RESTORED,), left),)
        witness = self._reading(lemma if row.read_by("O") is Reads.CONTENT else source)
        between = collapse_space(restored) != collapse_space(lemma)
        return (Reading((RESTORED,), restored), witness) if between else (witness,)

    def _reason(self, node: mark, page: str) -> str:
        """Return why the witness lacks supplied or lost text: ``@reason`` in TEI."""
        table = self.text.witness.pages
        if not table:
            return "not-in-source"
        if node.get("unit") == "page" or (page and table[page].lost):
            return "missing-page"
        lost = BY_NAME[node["kind"]].read_by("E") is Reads.SIGN
        return "ocr-unreadable" if lost and _within(node) else "ocr-loss"


def _between(start: nodes.Node, end: nodes.Node) -> str:
    """Return the edited text between two milestones, lines and blocks joined by spaces."""
    root: nodes.Node = start
    while root.parent is not None:
        root = root.parent
    found, inside = "", False
    for node in every_node(root):
        inside = (inside or node is start) and node is not end
        if isinstance(node, (nodes.paragraph, nodes.title)):
            found += " "
        elif not inside or not _is_read(node):
            continue
        elif isinstance(node, nodes.Text):
            found += str(node)
        elif isinstance(node, lb):
            found += node.get("join", "")
    return found


def _is_read(node: nodes.Node) -> bool:
    """Return whether the edited text has ``node``, outside notes."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, (textnote, notelabel)):
            return False
        if isinstance(parent, mark) and reads_of(parent, "E") is not Reads.CONTENT:
            return False
        parent = parent.parent
    return True


def _name(node: nodes.Element, stem: str, count: Counter[str]) -> str:
    """Give the node of an entry its id, and return it."""
    count[stem] += 1
    xml_id = node["xml_id"] = f"app-{stem}-{count[stem]}"
    if isinstance(node, mark):
        node["ids"] = [xml_id]
    return xml_id


def _set_small(node: nodes.Element, kind: str, cert: str, resp: str, why: str) -> bool:
    """Put on the node of an entry, and return, whether it is folded away."""
    small = node["small"] = is_small(kind, cert, resp, why)
    return small


def _misread(turn: pb) -> bool:
    """Return whether the witness has misread the number of the page."""
    return bool(turn["seen"] and turn["source"] != turn["page"])


def _lemma(node: mark) -> str:
    """Return the reading of the edited text; note numbers count as text."""
    ref = first(node, noteref)
    return reading(node) + (ref["label"] if ref is not None else "")


def _marks_above(node: nodes.Node) -> Iterator[mark]:
    parent = node.parent
    while parent is not None and not isinstance(parent, (nodes.paragraph, nodes.title)):
        if isinstance(parent, mark):
            yield parent
        parent = parent.parent


def _within(node: mark) -> str:
    """Return the entry id of the outermost misreading around ``node``.

    That entry states the reading of the witness.
    """
    above = [m for m in _marks_above(node) if _misreads(m)]
    return str(above[-1].get("xml_id", "")) if above else ""


def _misreads(node: mark) -> bool:
    row = BY_NAME[node["kind"]]
    return row.apparatus and reads_of(node, "O") is Reads.SOURCE


def _note_number(node: mark) -> str:
    """Return the number of the note that an entry concerns, in the text or at the note itself."""
    ref = first(node, noteref)
    if ref is not None:
        return str(ref["label"])
    return collapse_space(reading(node)) if isinstance(node.parent, notelabel) else ""


def _language(node: mark) -> str:
    """Return the language of the other script in or around a mark."""
    inside = (m for m in every(node, mark) if m.get("lang"))
    return str(next((m["lang"] for m in (*inside, *_marks_above(node)) if m.get("lang")), ""))


class _Running:
    """The edited text of a block and the positions of its entries."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.line_start = 0
        self.spans: list[tuple[mark | point, int, int, int]] = []
        """mark, or point of a lacuna; start, end, start of the line"""

    def _add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def read(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            self._add(node)
        elif isinstance(node, lb):
            self._add(node["join"])
            self.line_start = self.length
        elif isinstance(node, mark):
            self._mark(node)
        elif isinstance(node, point) and node["kind"] == LACUNA_ROLE:
            self.spans.append((node, self.length, self.length, self.line_start))
        elif isinstance(node, nodes.Element) and not isinstance(
            node, (noteref, notelabel, textnote, textnotes)
        ):
            for child in node.children:
                self.read(child)

    def _mark(self, node: mark) -> None:
        start, line = self.length, self.line_start
        reads = BY_NAME[node["kind"]].read_by("E")
        if reads is Reads.SIGN:
            self._add(GAP_TEXT)
        if reads in (Reads.SOURCE, Reads.BOTH):
            self._add(node.get("source", ""))
        if reads in (Reads.CONTENT, Reads.BOTH):
            for child in node.children:
                self.read(child)
        if node.get("xml_id") and not _within(node):
            self.spans.append((node, start, self.length, line))


def _above(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield what contains ``node``, the innermost first."""
    while node.parent is not None:
        node = node.parent
        yield node


def _neighbours(block: nodes.Element) -> Iterator[tuple[str, Neighbours]]:
    """Yield the neighbouring words of those entries of a block whose lemma contains no word."""
    running = _Running()
    for child in block.children:
        running.read(child)
    text = "".join(running.pieces)
    for node, start, end, line in running.spans:
        own = text[start:end]
        if (isinstance(node, mark) and _note_number(node)) or any(c.isalnum() for c in own):
            continue
        if own.strip():
            word = _LAST_WORD.search(text, 0, start)
            taken = word and any(s < start and e > word.start() for _m, s, e, _l in running.spans)
            if word and not taken:
                yield node["xml_id"], Neighbours(prefix=word[0])
            continue
        yield node["xml_id"], _beside(text, start, end, line)


def _beside(text: str, start: int, end: int, line: int) -> Neighbours:
    """Return the word before an empty lemma on its line, otherwise the word after it."""
    if before := text[line:start].split():
        return Neighbours(after=before[-1])
    if following := text[end:].split():
        return Neighbours(before=following[0])
    return Neighbours(after=(text[:start].split() or ["–"])[-1])
