"""Read the words of a text from the final tree, with place, language and marks.

One pass over the edited text E serves both layers. Where E and T differ, a ``sic`` role
records the slip, so only E can still be wrong there; everywhere else T reads the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.model.word_forms import pattern
from tei_export.source.nodes import is_aside, lb, mark, notelabel, noteref, textnote
from tei_export.source.notes import note_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: A word may have apostrophes and hyphens inside: ``hadn't``, ``post-Lenin``.
_WORD = "WORD(?:['’-]WORD)*"
_CERTAINTY = ("high", "medium", "low")
#: Replaces other content in running text: the words on both sides are not neighbours.
BREAK = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text under the same marks: ``line`` is its source line, ``marks`` its readings and states,
    ``mention`` the innermost name around it."""

    text: str
    line: int
    place: str
    language: str
    marks: tuple[mark, ...]
    mention: mark | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of E; ``after`` is the character that follows it.

    ``layer`` is ``E`` where a ``sic`` role touches the word, else ``T``. ``restored``: a role
    changed its letters; ``certainty`` is then the lowest of those roles.
    """

    text: str
    file: str
    line: int
    place: str
    language: str
    layer: str
    restored: bool
    certainty: str
    after: str


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A heading or a paragraph as running text; ``note``: the number of the author's note that contains it."""

    file: str
    stretches: Sequence[Stretch]
    note: str = ""
    text: str = field(init=False)
    starts: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "".join(s.text for s in self.stretches))
        object.__setattr__(
            self, "starts", list(accumulate((len(s.text) for s in self.stretches), initial=0))
        )

    def within(self, start: int, end: int) -> list[tuple[Stretch, str]]:
        """Return the stretches from ``start`` to ``end``, each with its text there; including empty
        ones inside."""
        first = max(0, bisect_right(self.starts, start) - 1)
        last = bisect_left(self.starts, end, hi=len(self.stretches))
        return [
            (stretch, stretch.text[max(0, start - at) : max(0, end - at)])
            for stretch, at in zip(self.stretches[first:last], self.starts[first:last], strict=True)
            if start < at + len(stretch.text)
        ]

    def at(self, offset: int) -> Stretch:
        """Return the stretch of the character at ``offset``."""
        return self.stretches[bisect_right(self.starts, offset) - 1]

    def stretches_of(self, start: int, end: int) -> Sequence[Stretch]:
        """Return the stretches from ``start`` to ``end``, like :meth:`within`."""
        first = bisect_right(self.starts, start) - 1
        return self.stretches[first : bisect_left(self.starts, end, first)]

    def words(self, wanted: Callable[[str], bool] = bool) -> Iterator[Word]:
        """Yield every word that is ``wanted``, numbers included."""
        for match in pattern(_WORD, self.text).finditer(self.text):
            if wanted(match[0]):
                yield self._word(match)

    def _word(self, match: re.Match[str]) -> Word:
        first = self.at(match.start())
        marks = list(_restoring(self.within(match.start(), match.end())))
        certainty = max((m["cert"] for m in marks), key=_CERTAINTY.index, default="")
        layer = "E" if any(BY_NAME[m["kind"]].revised for m in marks) else "T"
        return Word(
            match[0],
            self.file,
            first.line,
            first.place,
            first.language,
            layer,
            bool(marks),
            certainty,
            self.text[match.end() : match.end() + 1],
        )


def _restoring(pieces: Sequence[tuple[Stretch, str]]) -> Iterator[mark]:
    """Yield the marks that change letters of a word given in ``pieces``.

    If the source reading of a mark has the piece as a whole word, only its surroundings were restored:
    ``classes--loading <classes— loading>`` has both words undamaged. A curled apostrophe in the
    witness is no change, either.
    """
    found: dict[int, tuple[mark, str]] = {}
    for stretch, text in pieces:
        for node in stretch.marks:
            found[id(node)] = node, found.get(id(node), (node, ""))[1] + text
    for node, text in found.values():
        source = node.get("source", "")
        if text not in {"'", "’", *pattern(_WORD, source).findall(source)}:
            yield node


def blocks(document: nodes.document, file: str, language: str, text: str = "") -> list[TextBlock]:
    """Return the blocks of a part in source order; ``language``: of the text.

    ``text`` is the id of the text if its places need it: ``essay`` for ``essay:5``.
    """
    found = []
    for node in document.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph))):
        assert isinstance(node, nodes.Element)
        note = note_of(node)
        if note is None or note["series"] != "editorial":
            reader = _Reader(f"{text}:" if text else "")
            reader.read(node, language, ())
            if reader.stretches:
                found.append(
                    TextBlock(file, reader.stretches, note["label"] if note is not None else "")
                )
    return found


class _Reader:
    """Walks a block and keeps the line it is in."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.stretches: list[Stretch] = []
        self.line = 0
        self.place = ""
        self.mention: mark | None = None

    def read(self, node: nodes.Node, language: str, marks: tuple[mark, ...]) -> None:
        if isinstance(node, nodes.Text):
            self._put(str(node), language, marks)
        elif isinstance(node, lb) and node.get("inner"):
            self._put(
                node["join"], language, ()
            )  # another line of the witness, but the same of the text
        elif isinstance(node, lb):
            self.line, self.place = (
                node["srcline"],
                f"{self.prefix}{Place(node['page'], node['line'])}",
            )
            self._put(node["join"], language, ())
        elif is_aside(node):
            return  # words continue across forme work
        elif isinstance(node, mark):
            self._mark(node, language, marks)
        elif not isinstance(node, (noteref, notelabel, textnote)):
            for child in node.children:
                self.read(child, language, marks)

    def _mark(self, node: mark, language: str, marks: tuple[mark, ...]) -> None:
        language = node.get("lang") or language
        reads = BY_NAME[node["kind"]].read_by("E")
        formula = bool(BY_NAME[node["kind"]].notation)  # it has no words of a language
        if formula or reads in (Reads.SIGN, Reads.NOTHING):
            self._put("" if reads is Reads.NOTHING else BREAK, language, marks)
            return
        if BY_NAME[node["kind"]].apparatus:
            marks = (*marks, node)
            if not node.astext():
                self._put("", language, marks)
        outer = self.mention
        if BY_NAME[node["kind"]].family is Family.MENTION:
            self.mention = node
        for child in node.children:
            self.read(child, language, marks)
        self.mention = outer

    def _put(self, text: str, language: str, marks: tuple[mark, ...]) -> None:
        self.stretches.append(
            Stretch(text.replace("\n", " "), self.line, self.place, language, marks, self.mention)
        )
