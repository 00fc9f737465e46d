"""Lines and pages: a source line is a typescript line.

This module divides the text of a block at its line ends, puts an ``lb`` at the start of every line,
and collects the readings of E, T and O for each line. :mod:`tei_export.source.numbering` assigns
line numbers and witness lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.base_witness import Segment
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import (
    BY_NAME,
    MISREADING,
    OF_WITNESSES,
    PAGE_NUMBER,
    Family,
    Reads,
)
from tei_export.model.word_division import DIVIDED, SIGNS, division_sign
from tei_export.source.nodes import (
    CONTINUED,
    blockgroup,
    edcell,
    every,
    fill,
    is_aside,
    is_formula,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    put_in_place,
    reads_of,
    take_out,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tei_export.model.base_witness import Page
    from tei_export.source.problems import Report


#: The role of a column, which begins before its line.
COLUMN = "cb"
#: The milestones that may stand alone before the block that they begin.
CARRIED = ("pb", COLUMN, "milestone", "hand")
#: A space left empty, which may stand alone after a block.
SPACE = "space"


def carry_points(document: nodes.document) -> None:
    """Put milestones that stand alone between two blocks, or two lines of verse, at the beginning of the next one.

    A space left empty is put at the end of the previous block instead; after a heading, it too
    begins the next block. Other milestones with a sign represent something in the text, and stay.
    """
    leaves = [
        leaf
        for leaf in every(document, nodes.TextElement)
        if isinstance(leaf, (nodes.paragraph, nodes.title)) and not _in_note(leaf)
    ]
    before: nodes.TextElement | None = None
    for leaf, following in zip(leaves, [*leaves[1:], None], strict=True):
        points = _alone(leaf)
        back = before if isinstance(before, nodes.paragraph) else None
        if not points or any(
            (back if p["kind"] == SPACE and back is not None else following) is None for p in points
        ):
            before = leaf
            continue
        emptied: nodes.Node = leaf
        if isinstance(leaf.parent, blockgroup) and len(leaf.parent.children) == 1:
            emptied = leaf.parent
        take_out(emptied)
        ahead: list[nodes.Node] = []
        for one in points:
            one["srcline"] = leaf.line or 0
            if one["kind"] != SPACE:
                ahead.append(one)
            elif back is not None:
                back += [nodes.Text(" "), one]
            else:
                ahead += [one, nodes.Text(" ")]
        for number, node in enumerate(ahead):
            following.insert(number, node)  # type: ignore[union-attr]


def _alone(leaf: nodes.TextElement) -> list[point]:
    """Return the milestones of a paragraph that contains nothing else; an empty list if one of them
    must not stand alone."""
    points = [child for child in leaf.children if isinstance(child, point)]
    if any(p["kind"] not in (*CARRIED, SPACE) or "problem" in p for p in points):
        return []
    if any(not isinstance(c, point) and c.astext().strip() for c in leaf.children):
        return []
    return points


def begin(block: nodes.Element) -> int:
    """Return how many milestones at the beginning of a block stand before its first line: pages, columns, lines of the
    witness."""
    before = takewhile(
        lambda c: isinstance(c, point) and c["kind"] in ("pb", "o", COLUMN), block.children
    )
    return len(list(before))


def _in_note(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.footnote):
        parent = parent.parent
    return parent is not None


@dataclass(slots=True)
class SourceLine:
    """One source line: its ``lb``, its text in T, its witness segments and its marks."""

    node: lb
    file: str
    number: int
    page: str = ""
    t: str = ""
    segments: list[tuple[Segment, lb]] = field(default_factory=list)
    marks: list[mark] = field(default_factory=list)
    refs: list[noteref] = field(default_factory=list)
    aside: bool = False
    """whether it is forme work"""
    more: list[tuple[Segment, lb]] = field(default_factory=list)
    """beginnings of further forme work on the same line"""
    points: list[point] = field(default_factory=list)
    """milestones about witnesses"""


def glyphs(block: nodes.Element, table: Mapping[str, str]) -> None:
    """Turn O's glyphs (curly apostrophes …) into ``ocr`` marks of T's (``'``)."""
    for text in with_glyphs(block, table):
        if in_reading(text, block) or is_formula(text.parent):
            continue
        parts: list[nodes.Node] = []
        plain = ""
        for char in text:
            if char in table:
                if plain:
                    parts.append(nodes.Text(plain))
                plain = ""
                parts.append(
                    mark(
                        "",
                        nodes.Text(table[char]),
                        kind=MISREADING,
                        source=char,
                        cert="high",
                        resp="ed",
                        why="",
                    )
                )
            else:
                plain += char
        if plain:
            parts.append(nodes.Text(plain))
        put_in_place(text, parts)


def with_glyphs(block: nodes.Element, table: Mapping[str, str]) -> list[nodes.Text]:
    """Return the stretches of text in ``block`` that contain one of O's glyphs."""
    if not _has(block, *table):
        return []
    return [text for text in every(block, nodes.Text) if any(glyph in text for glyph in table)]


def _has(block: nodes.Element, *signs: str) -> bool:
    """Return whether the source of a block may have one of ``signs``; most blocks need no closer look."""
    source = block.rawsource
    return bool(signs) and (
        not source or "&" in source or any(sign in source for sign in signs)
    )  # a character reference may be any sign


def in_reading(node: nodes.Node, block: nodes.Element) -> bool:
    """Return whether ``node`` is inside a reading of T or E."""
    parent = node.parent
    while parent is not None and parent is not block:
        if isinstance(parent, mark) and BY_NAME[parent["kind"]].family is Family.LAYER:
            return True
        parent = parent.parent
    return False


def join_continued(block: nodes.Element, report: Callable[[str, str, mark], None]) -> None:
    """Join a name that continues on the next line (``General…`` / ``…Secretary``) into one node."""
    if not _has(block, CONTINUED):
        return
    pieces = [m for m in every(block, mark) if m.get("continued") or m.get("continues")]
    taken: set[int] = set()
    for first in [m for m in pieces if m.get("continued")]:
        if id(first) in taken:
            continue  # a middle piece
        while first.get("continued"):
            between, second = _next_piece(first)
            if second is None:
                report("role-continued", first.rawsource, first)
                break
            for node in between:
                take_out(node)
            take_out(second)
            first.extend(between)
            first.extend(second.children)
            taken.add(id(second))
            first["continued"] = second.get("continued", False)
    for rest in [m for m in pieces if m.get("continues") and id(m) not in taken]:
        report("role-continued", rest.rawsource, rest)


def _next_piece(first: mark) -> tuple[list[nodes.Node], mark | None]:
    """Return the next piece of ``first``, and the nodes before it: one line end, breaks, noise."""
    siblings = first.parent.children[first.parent.index(first) + 1 :]
    between: list[nodes.Node] = []
    for node in siblings:
        if isinstance(node, mark) and node.get("continues") and node["kind"] == first["kind"]:
            return between, node
        is_text = isinstance(node, nodes.Text)
        if is_text and node.astext().strip().strip(DIVIDED + "".join(SIGNS)):
            break
        if (
            not is_text
            and not isinstance(node, point)
            and not (isinstance(node, mark) and BY_NAME[node["kind"]].misreading)
            and not is_aside(node)
        ):
            break
        between.append(node)
    return between, None


def cut(block: nodes.Element, start: int) -> None:
    """Put an ``lb`` at the start of every line of ``block``, after any page breaks there.

    Remove ``¬``.

    :param start: the source line of the block's first line
    """
    _LineCutter(start).run(block)


class _LineCutter:
    def __init__(self, start: int) -> None:
        self.number = start
        self.wanted = True
        self.word_break = self.hyphen = ""

    def run(self, node: nodes.Element) -> None:
        children: list[nodes.Node] = []
        members = list(node.children)
        while members:
            if self.wanted and (line := _forme_line(members)):
                del members[: len(line)]
                children += self._asides(line)
                continue
            child = members.pop(0)
            if isinstance(child, nodes.Text):
                children += self._text(str(child))
            elif isinstance(child, point) and child["kind"] == COLUMN and self.wanted:
                children.append(child)  # before its line, as a page
            elif isinstance(child, point) and child["kind"] == "pb":
                child["inside"] = not self.wanted
                child["srcline"] = child.get("srcline") or self.number
                child["word_break"] = self.word_break
                children.append(child)
            elif isinstance(child, edcell) or (
                isinstance(child, mark) and _leads_with_break(child)
            ):
                self.run(child)
                children.append(child)
            else:
                children += self._begin()
                if isinstance(child, nodes.Element):
                    child.attributes["srcline"] = self.number
                    if not isinstance(child, (noteref, point)):
                        self.run(child)
                children.append(child)
        fill(node, children)

    def _asides(self, line: list[nodes.Node]) -> Iterator[nodes.Node]:
        """Yield the marks of a line of forme work; each contains the beginning of its line or
        piece. A word divided before it continues after it.
        """
        first = True
        for node in line:
            if is_aside(node):
                self.wanted = False
                node["srcline"] = self.number
                self.run(node)
                begins = lb("", srcline=self.number, word_break="", hyphen="", inner=not first)
                node.insert(0, begins)
                first = False
                yield node

    def _begin(self) -> list[nodes.Node]:
        if not self.wanted:
            return []
        self.wanted = False
        node = lb("", srcline=self.number, word_break=self.word_break, hyphen=self.hyphen)
        self.word_break = self.hyphen = ""
        return [node]

    def _text(self, text: str) -> Iterator[nodes.Node]:
        for i, piece in enumerate(text.split("\n")):
            if i:
                self.wanted = True
                self.number += 1
            if not piece:
                continue
            yield from self._begin()
            if piece.rstrip().endswith(DIVIDED):
                piece = piece.rstrip().removesuffix(DIVIDED)
                self.hyphen = division_sign(piece)
                piece = piece.removesuffix(self.hyphen)
                self.word_break = "no"
            if piece:
                yield text_of(piece)


def _forme_line(members: list[nodes.Node]) -> list[nodes.Node]:
    """Return the nodes of a line with only forme work, without its end; empty for any other line."""
    for at, node in enumerate(members):
        if isinstance(node, nodes.Text):
            text = str(node).lstrip(" \t")
            if text.startswith("\n"):
                return members[:at]
            if text:
                return []
        elif not is_aside(node):
            return []
    return members[:] if any(map(is_aside, members)) else []


def _leads_with_break(node: mark) -> bool:
    """Return whether a mark begins with a page break, as a joined name may: the lb stays inside."""
    first = node.children[0] if node.children else None
    return isinstance(first, point) and first["kind"] == "pb"


class LineReader:
    """Reads the lines of a block after :func:`cut`; turns points into ``pb`` and ``lb``.

    ``pages`` is the page table; ``report`` takes problems.
    """

    def __init__(self, file: str, pages: Mapping[str, Page], report: Report, series: str) -> None:
        self.file = file
        self.pages = pages
        self.report = report
        self.series = series
        self.page = ""
        self.turns: list[pb] = []
        self.lines: list[SourceLine] = []
        self.fws: list[tuple[Segment, pb]] = []
        """page numbers whose line the page table names, and no role holds"""
        self.asides: list[tuple[mark, Segment]] = []
        self._no_o = 0
        self._no_t = 0

    def block(self, block: nodes.Element) -> list[SourceLine]:
        """Return the lines of one block; the current page carries over to the next block."""
        start = len(self.lines)
        self._children(block)
        return self.lines[start:]

    def find_page_numbers(self, witness_line: Callable[[int], str]) -> None:
        """Mark page breaks whose number is part of forme work.

        It is in ``{pagenum}``, or in a running head whose text is the line that the page table names.
        """
        turns = {turn["page"]: turn for turn in self.turns}
        for node, segment in self.asides:
            turn = turns.get(segment.page)
            if turn is None or turn["printed"]:
                continue
            if node["kind"] == PAGE_NUMBER or (
                turn["seen"] and collapse_space(segment.text) == witness_line(turn["seen"])
            ):
                turn["printed"] = True
                self.fws = [pair for pair in self.fws if pair[1] is not turn]
                if turn["source"] != turn["page"]:
                    self.report(
                        "page-twice", turn["page"], turn["srcline"], f"{{pb}}`{turn['page']}"
                    )
                    turn["source"] = turn["page"]

    def _children(self, node: nodes.Element) -> None:
        for child in list(node.children):
            self._visit(child)

    def _visit(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            self._add(str(node), str(node))
        elif isinstance(node, lb):
            self._line(node)
        elif isinstance(node, point) and "problem" in node:
            take_out(node)  # the parser has reported it
        elif isinstance(node, point):
            self._point(node)
        elif isinstance(node, noteref):
            self.lines[-1].refs.append(node)
            if node["series"] == "authorial":
                self._add("", node["label"])
        elif isinstance(node, notelabel):
            self._label(node)
        elif isinstance(node, mark):
            self._mark(node)
        elif isinstance(node, nodes.Element):
            self._element(node)

    def _element(self, node: nodes.Element) -> None:
        """Read a cell; report nodes outside the vocabulary."""
        if isinstance(node, edcell):
            self._children(node)
            return
        self.report(
            "markup-foreign",
            node.rawsource or node.astext() or node.tagname,
            node.get("srcline", 0),
            node.astext(),
        )

    def _point(self, node: point) -> None:
        """Handle a milestone: begin a page or a witness line, or keep it."""
        turn = {"pb": self._page, "o": self._witness_line}.get(node["kind"])
        if turn is not None:
            turn(node)
        elif node["kind"] in OF_WITNESSES:
            self.lines[-1].points.append(node)

    def _add(self, t: str, o: str) -> None:
        if not self._no_t:
            self.lines[-1].t += t
        if not self._no_o:
            self.lines[-1].segments[-1][0].text += o

    def _line(self, node: lb) -> None:
        if not self.page and self.series == "body" and self.pages and not self.lines:
            self.report("page-none", "", node["srcline"])
        said = node.attributes
        number = said["srcline"]
        line = SourceLine(node, self.file, number, self.page)
        if said["hyphen"]:  # at the end of the line before, over any forme work
            before = next((line for line in reversed(self.lines) if not line.aside), None)
            if before is not None:
                before.segments[-1][0].text += said["hyphen"]
        segment = Segment("", self.page, self.file, number)
        line.segments.append((segment, node))
        said["page"], said["seq"] = self.page, self.series
        self.lines.append(line)

    def _piece(self, node: lb) -> None:
        """Handle more forme work on the same line."""
        segment = self.lines[-1].segments[-1][0]
        segment.text += " "
        node["page"], node["seq"] = self.page, self.series
        self.lines[-1].more.append((segment, node))

    def _witness_line(self, node: point) -> None:
        """Handle ``{o}`N```: the following text is in witness line N."""
        line = self.lines[-1]
        if not node["value"].isdecimal():
            self.report("witness-line", node["value"], line.number, node)
            return
        segment, where = line.segments[-1]
        here = where
        if segment.text or segment.pin:
            here = lb(
                "",
                srcline=line.number,
                word_break="",
                hyphen="",
                page=self.page,
                seq=self.series,
                inner=True,
            )
            segment = Segment("", self.page, self.file, line.number)
            line.segments.append((segment, here))
            put_in_place(node, [here])
        else:
            take_out(node)
        here["cert"] = node["cert"]
        segment.pin = int(node["value"])

    def _page(self, node: point) -> None:
        label = node["value"]
        if node["inside"]:
            self.report("page-place", label, node["srcline"], node)
        page = self.pages.get(label)
        if page is None:
            self.report("page-unknown", label, node["srcline"], node)
            take_out(node)
            return
        self.page = label
        turn = pb(
            "", page=label, word_break=node["word_break"], cert=node["cert"], srcline=node["srcline"],
            source=node.get("source", label), seen=0, printed=False, continued=self.series == "note",
            resp=node.get("resp", "ed"), why=node.get("why", ""),
        )  # fmt: skip
        if self.series == "body":
            self.turns.append(turn)
            if page.seen:
                turn["seen"] = page.seen
                segment = Segment(turn["source"], label, self.file, node["srcline"], pin=page.seen)
                self.fws.append((segment, turn))
        put_in_place(node, [turn])

    def _label(self, node: notelabel) -> None:
        self._no_t += 1
        self._children(node)
        self._no_t -= 1
        segment = self.lines[-1].segments[-1][0]
        segment.label = len(segment.text)

    def _mark(self, node: mark) -> None:
        said = node.attributes
        children = list(node.children)
        begins = children[0] if is_aside(node) and children else None
        if isinstance(begins, lb):
            if begins.get("inner"):
                self._piece(begins)
            else:
                self._line(begins)
                self.lines[-1].aside = True
            del children[0]
        line = self.lines[-1]
        if "problem" in said:
            return  # the parser has reported it
        line.marks.append(node)
        row = BY_NAME[said["kind"]]
        if row.aside:
            self.asides.append((node, line.segments[-1][0]))
        t, o = reads_of(node, "T"), reads_of(node, "O")
        source = said.get("source", "")
        both = (Reads.SOURCE, Reads.BOTH)
        self._add(source if t in both else "", source if o in both else "")
        hidden_t = row.aside or t in (Reads.SOURCE, Reads.NOTHING)
        hidden_o = o not in (Reads.CONTENT, Reads.BOTH)
        self._no_t += hidden_t
        self._no_o += hidden_o
        for child in children:
            self._visit(child)
        self._no_t -= hidden_t
        self._no_o -= hidden_o
