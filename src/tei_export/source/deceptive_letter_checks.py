"""Check the letters of T and E, of notes and reasons (:mod:`tei_export.model.deceptive_letters`).

Readings of the witness are not judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model import deceptive_letters
from tei_export.model.languages import script_of
from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.source.nodes import (
    every_block,
    every_node,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    textnote,
)
from tei_export.source.positions import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.source.problems import Report

#: Letters of the Latin script and visible signs, in which no fault can be found, whatever stands beside them. Most
#: blocks have no others, and need not be read line by line.
HARMLESS = re.compile("[\\t\\n -~\xa1-\xa9\xab\xac\xae-\xb4\xb6-\xb9\xbb-\u024f\u2010-\u2027]*")

#: Word separators: they end the word before them.
_APART = (noteref, pb)


class _Lines:
    """The lines of a block in one layer: line → stretches of (language, text).

    ``revised``: E and T read its marks in different ways.
    """

    def __init__(self, block: nodes.Element, layer: str, language: str) -> None:
        self.layer = layer
        self.number = line_of(block)
        self.found: dict[int, list[tuple[str, str]]] = {}
        self.revised = False
        self._read(block, language)

    def _add(self, language: str, text: str) -> None:
        if "\n" not in text:
            self.found.setdefault(self.number, []).append((language, text))
            return
        for count, piece in enumerate(text.split("\n")):
            self.number += bool(count)
            self.found.setdefault(self.number, []).append((language, piece))

    def _read(self, node: nodes.Node, language: str) -> None:
        if isinstance(node, nodes.Text):
            self._add(language, str(node))
        elif isinstance(node, lb):
            if not node.attributes.get("inner"):
                self.number = node.attributes["srcline"]
        elif isinstance(node, mark):
            self._mark(node, node.get("lang") or language)
        elif isinstance(node, _APART):
            self._add(language, " ")
        elif not isinstance(node, notelabel):
            for child in node.children:
                self._read(child, language)

    def _mark(self, node: mark, language: str) -> None:
        row = BY_NAME[node["kind"]]
        reads = row.read_by(self.layer)
        self.revised |= row.revised
        if reads is Reads.SIGN:
            self._add(language, " ")
        if reads in (Reads.SOURCE, Reads.BOTH):
            self._add(language, node.get("source", ""))
        if row.notation:  # its letters are signs, of no language
            self._add(language, " ")
        elif reads in (Reads.CONTENT, Reads.BOTH):
            for child in node.children:
                self._read(child, language)


def _is_editors(block: nodes.Element) -> bool:
    """Return whether the block belongs to an editors' note."""
    node: nodes.Element | None = block
    while node is not None and not isinstance(node, textnote):
        node = node.parent
    return node is not None and node["series"] == "editorial"


def _is_harmless(inside: list[nodes.Node]) -> bool:
    """Return whether the nodes of a block in the Latin script have only letters and signs that are harmless there."""
    pieces: list[str] = []
    for node in inside:
        if isinstance(node, nodes.Text):
            pieces.append(node)
        elif isinstance(node, mark):
            if node.attributes.get("lang"):
                return False
            pieces.append(node.attributes.get("source", ""))
    return HARMLESS.fullmatch("".join(pieces)) is not None


def check(document: nodes.document, language: str, editors: str, report: Report) -> None:
    """Report ``letter-mixed``, ``letter-foreign`` and ``letter-invisible`` in a document.

    :param language: tag of the text's language
    :param editors: tag of the language of the editors' notes
    :param report: receives code, detail and line of each problem
    """
    for block in (*every_block(document, nodes.paragraph), *every_block(document, nodes.title)):
        own = block.parent.get("lang") or (editors if _is_editors(block) else language)
        inside = every_node(block)
        if not (script_of(own) == "Latn" and _is_harmless(inside)):
            _letters(block, own, report)
        for node in inside:
            if isinstance(node, mark) and (why := node.attributes.get("why")):
                for code, detail, at in words(why):
                    report(code, detail, node.get("srcline") or line_of(node), at)


def _letters(block: nodes.Element, own: str, report: Report) -> None:
    """Check the lines of a block in the language ``own``."""
    edited = _Lines(block, "E", own)
    for line, stretches in edited.found.items():
        _line(line, stretches, report)
    typed = _Lines(block, "T", own).found if edited.revised else {}
    for line, stretches in typed.items():
        if stretches != edited.found.get(line):
            _line(line, stretches, report)


def _line(line: int, stretches: list[tuple[str, str]], report: Report) -> None:
    whole = "".join([text for _, text in stretches])
    for code, detail, at in words(whole):
        report(code, detail, line, at)
    for language, text in stretches:
        if text.isascii() and script_of(language) == "Latn":
            continue  # most are
        for word, detail in deceptive_letters.foreign(language, text):
            report("letter-foreign", detail, line, word)


def words(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the faults of a stretch of text: code, detail, the word or letter."""
    if text.isascii():
        return
    for word, detail in deceptive_letters.mixed(text):
        yield "letter-mixed", detail, word
    for letter, detail in deceptive_letters.invisible(text):
        yield "letter-invisible", detail, letter
