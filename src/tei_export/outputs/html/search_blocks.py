"""The edited text of a block for the search: its lines, and the words that T, O and other witnesses read instead."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import repeat
from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export.model.vocabulary import BY_NAME, OF_WITNESSES, Reads
from tei_export.model.word_division import DIVIDED
from tei_export.source.nodes import (
    blockline,
    lb,
    mark,
    notelabel,
    noteref,
    point,
    reading,
    reads_of,
    textnote,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tei_export.model.variants import VariantReading

_WORD = re.compile(r"\w+")
_HEAD = re.compile(r"\S+\s*")
_TAIL = re.compile(r"\s*\S+\Z")
_SPACES = re.compile(r"[^\S\n]+")


class Trail:
    """The state of the witnesses from block to block: open passages, and the lost ones.

    :param ids: siglum → id of each named witness
    """

    def __init__(
        self, doctree: nodes.document, ids: Mapping[str, str], lost: Iterable[str]
    ) -> None:
        self.ids = ids
        self.ends = {
            n["value"]: n for n in doctree.findall(point) if n["kind"] in ("end", "transposed")
        }
        self.open: list[str] = []
        self.lost = [siglum for siglum in lost if siglum in ids]
        self.cited: dict[str, tuple[list[str], list[str]]] = {}

    def enter(self, note: textnote) -> None:
        """Begin a note: a witness has it if it has the note's reference."""
        self.open, self.lost = self.cited.get(note["ids"][0], ([], []))

    def read(self, node: nodes.Element) -> dict[str, str]:
        """Return the readings of an entry by id of the witness."""
        variants: list[VariantReading] = node.get("variants", [])
        return {self.ids[s]: v.text for v in variants for s in v.sigla if s in self.ids}


class SearchBlock:
    """The edited text of a block with its lines, and the readings of T, O and the witnesses of ``trail``."""

    def __init__(self, node: nodes.Element, trail: Trail | None = None) -> None:
        self._trail = trail
        self._cites: list[str] = []
        self._begun = dict.fromkeys(trail.open, 0) if trail else {}
        self._lost = dict.fromkeys(trail.lost, 0) if trail else {}
        self.text = ""
        self.lines: list[tuple[str, int]] = []
        self._changes: list[tuple[str, int, int, str]] = []
        self._begins = False
        self._all(node)
        if trail:
            self._close(trail)

    def _close(self, trail: Trail) -> None:
        """Note the words that witnesses lack, up to the end of the block."""
        for name, start in self._begun.items():
            if name in trail.ends:
                self._without(trail.read(trail.ends[name]), start)
        self._without([trail.ids[siglum] for siglum in self._lost], 0, self._lost.values())
        trail.open, trail.lost = list(self._begun), list(self._lost)
        trail.cited |= dict.fromkeys(self._cites, (trail.open, trail.lost))

    def _without(self, layers: Iterable[str], start: int, starts: Iterable[int] = ()) -> None:
        for layer, begin in zip(layers, starts or repeat(start), strict=False):
            self._changes.append((layer, begin, len(self.text), ""))

    def _milestone(self, node: point, trail: Trail) -> None:
        """Process a milestone about witnesses: a passage with readings, or a lacuna."""
        kind = node["kind"]
        if kind == "begin":
            self._begun[node["value"]] = len(self.text)
        elif kind in ("end", "transposed") and node["value"] in self._begun:
            start = self._begun.pop(node["value"])
            for layer, words in trail.read(node).items():
                self._changes.append((layer, start, len(self.text), words))
        sigla: list[str] = node.get("sigla", []) if kind in ("lacuna", "resumes") else []
        for siglum in sigla:
            if siglum not in trail.ids:
                continue
            if kind == "lacuna":
                self._lost[siglum] = len(self.text)
            elif siglum in self._lost:
                start = self._lost.pop(siglum)
                self._changes.append((trail.ids[siglum], start, len(self.text), ""))

    def _all(self, node: nodes.Element) -> None:
        self._begins = self._begins or isinstance(node, blockline)
        for child in node.children:
            if isinstance(child, nodes.Text):
                self.text += str(child)
            elif isinstance(child, lb):
                self._line(child)
            elif isinstance(child, point):
                self.text += BY_NAME[child["kind"]].sign
                if self._trail and child["kind"] in OF_WITNESSES:
                    self._milestone(child, self._trail)
            elif isinstance(child, mark) and self._trail and child.get("variants"):
                self._variants(child, self._trail)
            elif isinstance(child, mark) and _others(child):
                self._mark(child)
            elif isinstance(child, noteref):
                self._cites.append(child.get("refid", ""))
            elif isinstance(child, nodes.Element) and not isinstance(child, notelabel):
                self._all(child)

    def _line(self, node: lb) -> None:
        if node["line"]:
            if self.lines:
                self.text += "\n" if node["join"] or self._begins else DIVIDED
            self._begins = False
            self.lines.append((node["page"], node["line"]))

    def _mark(self, node: mark) -> None:
        start, known = len(self.text), len(self._changes)
        row, layers = BY_NAME[node["kind"]], _others(node)
        if row.read_by("E") is Reads.CONTENT:
            self._all(node)
        else:
            self.text += reading(node)
        # the outer mark states the layer's reading and covers inner marks
        self._changes[known:] = [c for c in self._changes[known:] if c[0] not in layers]
        self._changes += [(layer, start, len(self.text), _other(node, layer)) for layer in layers]

    def _variants(self, node: mark, trail: Trail) -> None:
        start = len(self.text)
        self._all(node)
        for layer, words in trail.read(node).items():
            self._changes.append((layer, start, len(self.text), words))

    def places(self) -> str:
        """Return where lines begin: ``13.5;4:14.1``, with an entry wherever numbering breaks."""
        result: list[str] = []
        due: tuple[str, int] | None = None
        for at, (page, line) in enumerate(self.lines):
            if (page, line) != due:
                result.append(f"{at}:{page}.{line}" if at else f"{page}.{line}")
            due = (page, line + 1)
        return ";".join(result)

    def readings(self) -> list[Any]:
        """Return the readings of T, O and the witnesses, as whole words, that differ from the edited words."""
        result: list[Any] = []
        for layer in "to":
            for start, end, other in self._words(layer):
                start, end, other = _trim(self.text, start, end, other)
                if _same(self.text[start:end], other):
                    continue
                result += [layer, start, end - start, other]
        alike: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for layer in self._trail.ids.values() if self._trail else ():
            for start, end, other in self._words(layer):
                start, end, other = _trim(self.text, start, end, other)
                if not _equal(self.text[start:end], other):
                    alike[start, end - start, other].append(layer)
        for (start, length, other), layers in sorted(alike.items()):
            result += [" ".join(layers), start, length, other]
        return result

    def _in_order(self, layer: str) -> list[tuple[int, int, str]]:
        """Return the changes of a layer by place; several at one place stay in text order."""
        found = (change[1:] for change in self._changes if change[0] == layer)
        return sorted(found, key=lambda change: change[:2])

    def _words(self, layer: str) -> Iterator[tuple[int, int, str]]:
        """Yield the changes of a layer, extended to whole words; adjacent ones are merged."""
        here: list[tuple[int, int, str]] = []
        first, last = 0, -1
        for start, end, source in self._in_order(layer):
            wide = self._widen(start, end)
            if here and wide[0] > last:
                yield first, last, self._apply(first, last, here)
                here = []
            first, last = (min(first, wide[0]), max(last, wide[1])) if here else wide
            here.append((start, end, source))
        if here:
            yield first, last, self._apply(first, last, here)

    def _widen(self, start: int, end: int) -> tuple[int, int]:
        while start and not self.text[start - 1].isspace():
            start -= 1
        while end < len(self.text) and not self.text[end].isspace():
            end += 1
        return start, end

    def _apply(self, first: int, last: int, changes: Sequence[tuple[int, int, str]]) -> str:
        parts, at = [], first
        for start, end, source in changes:
            parts += [self.text[at:start], source]
            at = max(at, end)
        return _SPACES.sub(" ", "".join([*parts, self.text[at:last]])).strip()


def _others(node: mark) -> str:
    """Return the layers (``t``, ``o``) whose reading of a mark differs from the edited text."""
    return "".join(
        layer.lower() for layer in "TO" if reads_of(node, layer) is not reads_of(node, "E")
    )


def _other(node: mark, layer: str) -> str:
    reads = reads_of(node, layer.upper())
    if reads is Reads.CONTENT:
        return reading(node, "T")
    return str(node["source"]) if reads in (Reads.SOURCE, Reads.BOTH) else ""


def _same(edited: str, other: str) -> bool:
    """Return whether two readings have the same words, ignoring case, punctuation and noise."""
    return _equal(edited, other) or not _WORD.search(other)


def _equal(edited: str, other: str) -> bool:
    words = [_WORD.findall(text.replace(DIVIDED, "").casefold()) for text in (edited, other)]
    return words[0] == words[1]


def _trim(text: str, start: int, end: int, other: str) -> tuple[int, int, str]:
    """Drop the words at both ends that are the same in both readings."""
    while both := _alike(_HEAD.match(text, start, end), _HEAD.match(other)):
        start, other = both[0].end(), other[both[1].end() :]
    while both := _alike(_TAIL.search(text, start, end), _TAIL.search(other)):
        end, other = both[0].start(), other[: both[1].start()]
    return start, end, other


def _alike(
    edited: re.Match[str] | None, other: re.Match[str] | None
) -> tuple[re.Match[str], re.Match[str]] | None:
    """Return both words if they are the same, otherwise None."""
    if edited and other and edited[0].strip() == other[0].strip():
        return edited, other
    return None
