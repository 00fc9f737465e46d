"""Positions in the tree: source lines, joins of lines, displacement."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.model.word_division import OWN_HYPHENS
from tei_export.source.nodes import (
    every,
    first,
    is_aside,
    lb,
    mark,
    noteref,
    point,
    reading,
    reads_of,
)

if TYPE_CHECKING:
    from tei_export.model.base_witness import Segment
    from tei_export.source.lines import SourceLine


def enclosing(node: nodes.Node | None, *kinds: type[nodes.Element]) -> nodes.Element | None:
    """Return ``node`` or its nearest ancestor of one of ``kinds``."""
    while node is not None and not isinstance(node, kinds):
        node = node.parent
    return node


def is_point(node: nodes.Node) -> bool:
    """Return whether ``node`` is a milestone."""
    return isinstance(node, point)


def line_of(node: nodes.Node) -> int:
    """Return the source line of ``node`` or its nearest ancestor with a line; 0 if unknown."""
    while node is not None and getattr(node, "line", None) is None:
        node = node.parent
    return node.line or 0 if node is not None else 0


def source_lines(root: nodes.Element) -> dict[int, int]:
    """Return the source line of each node at or below ``root``, by the node's ``id``.

    Call it before :func:`tei_export.source.lines.cut`. Inside a block MyST only knows the line of
    the block.
    """
    line_by_node: dict[int, int] = {}
    line = line_of(root)
    #: nodes to come, each with the line of its parent, and whether a paragraph or title contains it
    stack: list[tuple[nodes.Node, int, bool]] = [
        (root, line, enclosing(root.parent, nodes.paragraph, nodes.title) is not None)
    ]
    while stack:
        node, known, inside = stack.pop()
        if node.line is not None:
            known = node.line
        if isinstance(node, nodes.Text):
            line_by_node[id(node)] = line if inside else known
            line += node.count("\n")
            continue
        if isinstance(node, (nodes.paragraph, nodes.title)):
            line, inside = known, True
        line_by_node[id(node)] = line if inside and isinstance(node, nodes.Inline) else known
        stack.extend([(child, known, inside) for child in reversed(node.children)])
    return line_by_node


class LinesOfNodes:
    """The source lines of the nodes of a tree, computed on first use: most trees never need them."""

    def __init__(self, root: nodes.Element) -> None:
        self._root = root

    @cached_property
    def _lines(self) -> dict[int, int]:
        return source_lines(self._root)

    def of(self, node: nodes.Node) -> int:
        """Return the source line of ``node``; 0 if it is not in the tree."""
        return self._lines.get(id(node), 0)


def set_joins(lines: list[SourceLine]) -> None:
    """Set ``join``, which precedes each line in running text.

    It is empty after a divided or hyphenated word, and for lines without text of T; otherwise it is
    a space. If a word is divided before forme work and continues after it, the first line of the
    forme work gets ``over`` and the line after it ``past``.
    """
    join, carry, open_hyphen = "", "", False
    between: list[lb] = []
    for line in lines:
        node = line.node
        said = node.attributes
        carry = carry or said["word_break"]
        if not said["line"]:
            between += [node] if is_aside(node.parent) else []
            continue
        if between and said["word_break"] == "no":
            between[0]["over"] = said["hyphen"] or "none"
            said["past"] = True
        between = []
        if open_hyphen and not carry:
            carry = said["word_break"] = "maybe"
        said["join"] = "" if carry else join
        join, carry = " ", ""
        open_hyphen = line.t.rstrip().endswith(OWN_HYPHENS)


def mark_displaced(pairs: list[tuple[Segment, lb]]) -> None:
    """Mark the lines whose place in O differs from their place in the text."""
    following: list[int] = []
    nxt = 10**9
    for segment, _ in reversed(pairs):
        following.append(nxt)
        if not segment.pin and segment.number:
            nxt = segment.number
    following.reverse()
    last = 0
    for (segment, node), after in zip(pairs, following, strict=True):
        if segment.pin and not last < segment.number < after:
            node["displaced"] = True
        elif segment.number:
            last = segment.number


def moved_marks(line: SourceLine) -> None:
    """Classify a note number that O has at another place in the line as a displacement.

    Without this rule it would be noise in one place and a loss in the other.
    """
    ocr = [m for m in line.marks if BY_NAME[m["kind"]].misreading]
    lost = {readings_of(m)[0]: m for m in ocr if not m["source"] and readings_of(m)[0].isdigit()}
    for node in ocr:
        if node["source"] in lost and not readings_of(node)[0]:
            node["app"] = lost[node["source"]]["app"] = "displacement"


def readings_of(node: mark) -> tuple[str, str]:
    """Return the lemma of an apparatus mark and its source; note numbers count as text."""
    inner = first(node, noteref)
    lemma = reading(node, "E" if reads_of(node, "T") in (Reads.SOURCE, Reads.BOTH) else "T")
    if inner is not None:
        lemma += inner["label"]
    return lemma, node.get("source", "")


def has_text(block: nodes.Element) -> bool:
    """Return whether ``block`` contains a line of T."""
    begins = first(block, lb)  # that of a line with text, but for what is lost
    return begins is not None and (
        bool(begins["line"]) or any(node["line"] for node in every(block, lb))
    )
