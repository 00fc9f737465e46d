"""Resolve and check the readings of several witnesses, and list them as events in reading order.

:func:`resolve` runs on the parsed tree, :func:`events` on the final tree. From the events
:mod:`tei_export.model.witness_text` makes the text of every witness.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.fields import nearest
from tei_export.model.readings import RESPONSIBLE, collapse_space
from tei_export.model.variants import VariantReading, class_of
from tei_export.model.vocabulary import BY_NAME, OF_WITNESSES, Family, Reads
from tei_export.model.witness_text import Event
from tei_export.source.marked import checked, judges, of_the_editors
from tei_export.source.nodes import (
    every_block,
    every_node,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    reading,
    textnote,
    textnotes,
)
from tei_export.source.notes import inside_note
from tei_export.source.positions import LinesOfNodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tei_export.model.edition import Edition, Text
    from tei_export.model.marked_readings import Pieces
    from tei_export.source.problems import Report

#: kind of a milestone about witnesses → kind of its event
EVENT_OF = {
    "begin": "begin", "end": "end", "transposed": "moved", "here": "here", "lacuna": "off", "resumes": "on",
}  # fmt: skip
_BREAK = re.compile(r"(?P<siglum>[^:]+):(?P<page>.+)")


def resolve(
    document: nodes.document, edition: Edition, text: Text, report: Report
) -> dict[str, WitnessPassage]:
    """Resolve the sigla of a part; report wrong ones; return its passages by name.

    Marks and milestones receive ``variants`` or ``sigla``, and ``lemma_sigla``: the witnesses that
    agree with the lemma. A page or line of a witness other than the base becomes a milestone of the
    kind ``lb`` with its ``unit``.
    """
    return _Resolver(edition, text, report, LinesOfNodes(document)).run(document)


@dataclass(slots=True)
class WitnessPassage:
    """A passage between ``{begin}`` and ``{end}`` or ``{transposed}``; ``readers`` have their own reading."""

    start: mark | point
    end: mark | point | None = None
    readers: frozenset[str] = frozenset()
    here: list[mark | point] = field(default_factory=list)


@dataclass(slots=True)
class _Resolver:
    edition: Edition
    text: Text
    report: Report
    lines: LinesOfNodes
    lost: set[str] = field(default_factory=set)
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)
    found: list[mark | point] = field(default_factory=list)

    def run(self, document: nodes.document) -> dict[str, WitnessPassage]:
        self.known = {w.siglum: w.group or (w.siglum,) for w in self.text.witnesses}
        for node in every_node(document):
            if not isinstance(node, (mark, point)) or "problem" in node:
                continue
            if isinstance(node, point) and node["kind"] == "pb":
                self._break(node)
            elif node["kind"] == "app" or node["kind"] in OF_WITNESSES:
                self.found.append(node)
        for node in self.found:
            self._sigla(node)
        passages = self._passages()
        self.lost = self._lost_at_first()
        for node in self.found:
            self._state(node)
        self._once()
        self._overlaps(passages)
        return passages

    def _wrong(self, code: str, detail: str, node: mark | point) -> None:
        self.report(code, detail, self.lines.of(node), node)
        node["problem"] = (code, detail)

    def _break(self, node: point) -> None:
        """``{pb}`B:12```: a page of another witness."""
        match = _BREAK.fullmatch(node["value"])
        if match and match["siglum"] in self.known and self.text.several:
            node["kind"], node["unit"] = "lb", "pb"
            node["value"], node["written"] = match["page"], match["siglum"]
            self.found.append(node)

    # sigla

    def _sigla(self, node: mark | point) -> None:
        if node["kind"] in ("app", "end"):
            named = node.attributes.pop("named")
            node["variants"] = []
            seen: set[str] = set()
            for written, one in named:
                sigla = self._resolved(written, node)
                if sigla is None:
                    return
                if again := [s for s in sigla if s in seen]:
                    self._wrong("siglum-twice", f"{' '.join(again)} in {_role(node)}", node)
                    return
                seen |= set(sigla)
                node["variants"].append(self._marked(replace(one, sigla=sigla), node))
        elif node["kind"] != "begin":
            sigla = self._resolved(node.get("written", ""), node)
            if sigla is not None:
                node["sigla"] = list(sigla)
        self._of_the_base(node)

    def _resolved(self, written: str, node: mark | point) -> tuple[str, ...] | None:
        """Return the witnesses that the sigla in a source stand for; longer sigla take precedence."""
        found: list[str] = []
        rest = written.strip()
        while rest:
            siglum = max(
                (s for s in self.known if rest == s or rest.startswith(f"{s} ")),
                key=len,
                default="",
            )
            if not siglum:
                word = rest.split()[0]
                self._wrong("siglum-unknown", f"{word}{nearest(word, list(self.known))}", node)
                return None
            for one in self.known[siglum]:
                witness = self.text.source_witness(one)
                if witness is not None and witness.of:
                    self._wrong("siglum-copy", f"{one} is a text of {witness.of}", node)
                    return None
                if one in found:
                    self._wrong("siglum-twice", f"{one} in {_role(node)}", node)
                    return None
                found.append(one)
            rest = rest[len(siglum) :].lstrip()
        return tuple(found)

    def _marked(self, one: VariantReading, node: mark | point) -> VariantReading:
        """Return a reading with its roles checked."""
        for resp in (one.resp, *judges(one.pieces)):
            if resp not in RESPONSIBLE:
                self._wrong("role-resp", f"#{resp}", node)
        if self.text.base in one.sigla and of_the_editors(one.pieces):
            self._wrong("variant-base", f"{self.text.base} in {_role(node)}", node)
        pieces = checked(
            one.pieces,
            self.edition,
            self.text,
            lambda code, detail: self._wrong(code, detail, node),
        )
        return replace(one, pieces=pieces)

    def _of_the_base(self, node: mark | point) -> None:
        if node["kind"] == "app" or "problem" in node:
            return
        named = _named(node)
        if self.text.base in named:
            self._wrong("siglum-lines", f"{self.text.base} in {_role(node)}", node)

    # passages

    def _passages(self) -> dict[str, WitnessPassage]:
        """Pair the beginnings and ends of passages."""
        passages: dict[str, WitnessPassage] = {}
        for node in self.found:
            if node["kind"] in ("begin", "end", "transposed"):
                self._bound(node, passages)
        for node in self.found:
            if node["kind"] == "here":
                self._here(node, passages)
        for name, passage in passages.items():
            end = passage.end
            if end is None:
                self._wrong("variant-open", f"{name} does not end", passage.start)
            elif end["kind"] == "transposed":
                self._everywhere(name, passage)
        return passages

    def _bound(self, node: mark | point, passages: dict[str, WitnessPassage]) -> None:
        """Begin or end a passage."""
        name = node["value"]
        passage = passages.get(name)
        if node["kind"] == "begin":
            if passage is not None:
                self._wrong("variant-open", f"{name} begins twice", node)
            else:
                passages[name] = WitnessPassage(node)
        elif passage is None or passage.end is not None:
            said = "ends twice" if passage else "does not begin before"
            self._wrong("variant-open", f"{name} {said}", node)
        else:
            passage.end, passage.readers = node, frozenset(_named(node))

    def _here(self, node: mark | point, passages: Mapping[str, WitnessPassage]) -> None:
        passage = passages.get(node["value"])
        end = passage.end if passage else None
        if passage is None or end is None or end["kind"] != "transposed":
            self._wrong("variant-open", f"{node['value']} is no transposed passage", node)
        elif not set(_sigla_of(node)) <= passage.readers:
            self._wrong(
                "variant-open", f"{node['value']} stands elsewhere in other witnesses", node
            )
        else:
            passage.here.append(node)

    def _everywhere(self, name: str, passage: WitnessPassage) -> None:
        """Report transposed passages without exactly one place."""
        places = [s for node in passage.here for s in _sigla_of(node)]
        for siglum in sorted(passage.readers):
            if places.count(siglum) != 1 and passage.end is not None:
                said = "nowhere" if siglum not in places else "twice"
                self._wrong("variant-open", f"{siglum} has {name} {said}", passage.end)
                return

    # lacunae

    def _lost_at_first(self) -> set[str]:
        """Let a witness whose first mark is ``{resumes}`` begin there."""
        first: dict[str, str] = {}
        for node in self.found:
            if node["kind"] in ("lacuna", "resumes"):
                for siglum in _sigla_of(node):
                    first.setdefault(siglum, node["kind"])
        return {siglum for siglum, kind in first.items() if kind == "resumes"}

    def _once(self) -> None:
        """Note the witnesses that only begin where they resume, or end for good where they break off."""
        marks = [n for n in self.found if n["kind"] in ("lacuna", "resumes") and "problem" not in n]
        for kind, order in (("resumes", marks), ("lacuna", marks[::-1])):
            seen: set[str] = set()
            for node in order:
                if node["kind"] == kind:
                    node["once"] = [s for s in node["sigla"] if s not in seen]
                seen |= set(node["sigla"])

    def _state(self, node: mark | point) -> None:
        if "problem" in node:
            return
        kind = node["kind"]
        if kind in ("lacuna", "resumes"):
            for siglum in node["sigla"]:
                if (siglum in self.lost) is (kind == "lacuna"):
                    said = "is lost already" if kind == "lacuna" else "is not lost"
                    self._wrong("variant-lacuna", f"{siglum} {said}", node)
                    return
            change = self.lost.update if kind == "lacuna" else self.lost.difference_update
            change(node["sigla"])
        elif kind in ("app", "end", "here", "lb", "transposed"):
            named = _named(node)
            if gone := [s for s in named if s in self.lost]:
                self._wrong("variant-lost", f"{' '.join(gone)} in {_role(node)}", node)
                return
            node["lemma_sigla"] = [
                w.siglum
                for w in self.text.witnesses
                if w.cited and w.siglum not in named and w.siglum not in self.lost
            ]
            if kind == "app":
                self._readings(node)

    def _readings(self, node: mark | point) -> None:
        """Give every reading its class; note where the base differs from the lemma."""
        lemma = reading(node, "E")
        texts: list[tuple[str, Pieces]] = [(collapse_space(reading(node, "T")), ())]
        done: list[VariantReading] = []
        for one in node["variants"]:
            shown = collapse_space(one.text)
            if (shown, one.pieces) in texts:
                self._wrong("variant-same", f"{' '.join(one.sigla)}: {shown or '(nothing)'}", node)
                return
            texts.append((shown, one.pieces))
            done.append(replace(one, type=class_of(lemma, one, self.text.spelling)))
        node["variants"] = done
        base = next((v for v in done if self.text.base in v.sigla), None)
        if base is not None:
            node["departs"], node["source"] = True, base.text

    # overlaps

    def _overlaps(self, passages: Mapping[str, WitnessPassage]) -> None:
        """Report readings of a witness within a passage for which it has a different reading as a whole."""
        open_: dict[str, WitnessPassage] = {}
        for node in self.found:
            kind, name = node["kind"], node.get("value", "")
            if "problem" in node:
                continue
            named = set(_named(node))
            if kind == "begin" and name in passages:
                passage = passages[name]
                self._twice(passage.readers, open_, passage.end or node)
                open_[name] = passage
            elif kind in ("end", "transposed"):
                open_.pop(name, None)
            elif kind in ("app", "here"):
                moved = {
                    n: p for n, p in open_.items() if p.end is not None and p.end["kind"] == "end"
                }
                self._twice(named, moved if kind == "app" else open_, node)

    def _twice(
        self,
        named: frozenset[str] | set[str],
        open_: Mapping[str, WitnessPassage],
        node: mark | point,
    ) -> None:
        for name, passage in open_.items():
            if both := sorted(named & passage.readers):
                self._wrong("variant-overlap", f"{' '.join(both)} in {name}, too", node)
                return


def _named(node: mark | point) -> list[str]:
    """Return the witnesses that a mark or milestone names."""
    return [*_sigla_of(node), *(siglum for one in _variants_of(node) for siglum in one.sigla)]


def _sigla_of(node: mark | point) -> list[str]:
    found: list[str] = node.get("sigla", [])
    return found


def _variants_of(node: mark | point) -> list[VariantReading]:
    found: list[VariantReading] = node.get("variants", [])
    return found


def _role(node: mark | point) -> str:
    return f"{{{node['kind']}}}`{node.rawsource}`"


# ------------------------------------------------------------------ events


def events(document: nodes.document) -> list[Event]:
    """Return the statements of a finished part about its witnesses, in reading order; a note
    follows the block that cites it."""
    teller = _Teller({n["ids"][0]: n for n in every_block(document, textnote) if n["ids"]})
    for block in every_node(document):
        if isinstance(block, (nodes.paragraph, nodes.title)) and not inside_note(block):
            teller.block(block)
    return teller.told


class _Teller:
    """Walks blocks. Other witnesses read the same as the restored original (T), except supplied words."""

    def __init__(self, notes: Mapping[str, textnote]) -> None:
        self.notes = notes
        self.told: list[Event] = []
        self.line = 0

    def block(self, block: nodes.Element) -> None:
        self._text("\n")
        cited: list[str] = []
        self._all(block.children, cited)
        for name in cited:
            for paragraph in (
                every_block(self.notes[name], nodes.paragraph) if name in self.notes else ()
            ):
                self.block(paragraph)

    def _text(self, text: str) -> None:
        if text:
            self.told.append(Event("text", self.line, text))

    def _all(self, children: Sequence[nodes.Node], cited: list[str]) -> None:
        for child in children:
            self._one(child, cited)

    def _one(self, node: nodes.Node, cited: list[str]) -> None:
        if isinstance(node, nodes.Text):
            self._text(str(node))
        elif isinstance(node, lb):
            self.line = node.get("srcline", self.line) or self.line
            self._text(node.get("join", ""))
        elif isinstance(node, pb):
            pass
        elif isinstance(node, point):
            self._point(node)
        elif isinstance(node, noteref):
            if node["series"] == "authorial":
                self._text(node["label"])
                cited.append(node.get("refid", ""))
        elif isinstance(node, mark):
            self._mark(node, cited)
        elif isinstance(node, notelabel):
            self._all(node.children, cited)
            self._text(" ")
        elif not isinstance(node, (textnote, textnotes)):
            self._all(node.children, cited)

    def _mark(self, node: mark, cited: list[str]) -> None:
        row = BY_NAME[node["kind"]]
        if row.family is Family.VARIANTS:
            readings = tuple((v.sigla, v.text) for v in _variants_of(node))
            self.told.append(Event("app", self.line, node.get("xml_id", ""), (), readings))
            self._all(node.children, cited)
            self.told.append(Event("/app", self.line, node.get("xml_id", ""), (), readings))
            return
        reads = row.read_by("T")
        if row.read_by("O") is Reads.NOTHING or row.aside:
            return  # a conjecture of the editors, a loss, forme work of the base: no other witness has it
        if reads is Reads.SOURCE:
            self._text(node["source"])
        elif reads in (Reads.CONTENT, Reads.BOTH):
            self._all(node.children, cited)

    def _point(self, node: point) -> None:
        kind = EVENT_OF.get(node["kind"])
        if kind is None:
            return
        readings = tuple((v.sigla, v.text) for v in _variants_of(node))
        self.told.append(Event(kind, self.line, node["value"], tuple(_sigla_of(node)), readings))
