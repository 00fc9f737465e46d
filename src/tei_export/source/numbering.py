"""Assign every line of a part its witness line, its page, and its number on the page."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from tei_export.model.base_witness import align
from tei_export.model.vocabulary import PAGE_NUMBER
from tei_export.source.positions import mark_displaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tei_export.model.edition import Part, Text
    from tei_export.source.facts import Facts
    from tei_export.source.lines import LineReader
    from tei_export.source.nodes import pb
    from tei_export.source.problems import Report


def align_lines(
    body: LineReader, notes: LineReader, text: Text, part: Part, facts: Facts, report: Report
) -> None:
    """Assign every line its witness line; report problems of pages first."""
    facts.pages = [turn["page"] for turn in body.turns]
    _page_order(body.turns, text.witness.order, report)
    body.find_page_numbers(text.witness.line)
    pairs = [*body.fws]
    for line in (*body.lines, *notes.lines):
        pairs += line.segments  # type: ignore[arg-type]
    pages = dict.fromkeys(facts.pages if text.witness.pages else [""])
    lines = text.lines_of(part)
    facts.lines_before = 0 if text.witness.pages else lines[0] - 1
    result = align([s for s, _ in pairs], text.witness, pages, lines)
    for problem in result.problems:
        report(problem.code, problem.detail, problem.line, result.differences.get(problem))
    facts.witness_lines = result.lines
    facts.numbers = {s.number: s.line for s, _ in pairs if s.number}
    pages_by_name = {turn["page"]: turn for turn in body.turns}
    for node, segment in body.asides:
        turn = pages_by_name.get(segment.page)
        if node["kind"] == PAGE_NUMBER and turn is not None and not turn["seen"]:
            turn["seen"] = segment.number  # the page table need not name its line


def _page_order(turns: Sequence[pb], order: Mapping[str, int], report: Report) -> None:
    """Report pages that are missing, repeated, or not in the order of the page table.

    :param order: page → its position in the table
    """
    pages = [turn["page"] for turn in turns]
    for before, after in pairwise(turns):
        a, b = order[before["page"]], order[after["page"]]
        if b == a + 1:
            continue
        if b == a or after["page"] in pages[: pages.index(before["page"])]:
            report("page-double", after["page"], after["srcline"], _break(after))
        elif b > a:
            missing = ", ".join([*order][a + 1 : b])
            report("page-missing", missing, after["srcline"], _break(after))
        else:
            report(
                "page-order",
                f"{after['page']} after {before['page']}",
                after["srcline"],
                _break(after),
            )


def _break(turn: pb) -> str:
    """Return the beginning of the source of a page break."""
    return f"{{pb}}`{turn['page']}"


def number_lines(body: LineReader, notes: LineReader, facts: Facts) -> None:
    """Set typescript line numbers, witness lines, displaced lines and label spaces."""
    count: Counter[str] = Counter({"": facts.lines_before} if facts.lines_before else {})
    for line in sorted((*body.lines, *notes.lines), key=lambda x: x.node["seq"]):
        has_text = bool(line.t.strip()) or any(m.get("unit", "page") != "page" for m in line.marks)
        line.node["line"] = 0
        for number in (m for m in line.marks if m["kind"] == PAGE_NUMBER):
            number["foot"] = bool(count[line.page])
        if has_text:
            count[line.page] += 1
            line.node["line"] = count[line.page]
        for segment, node in line.segments:
            said = node.attributes
            said.setdefault("line", 0)
            said["witness_line"], said["piece"] = segment.number, not segment.first_piece
            said.setdefault("join", "")
            said["displaced"] = False
            if segment.space:
                said["labelspace"] = True
        for segment, node in line.more:
            node["line"], node["witness_line"], node["piece"] = 0, segment.number, True
            node["join"], node["displaced"] = "", False
    for collector in (body, notes):
        mark_displaced([pair for line in collector.lines for pair in line.segments])
    facts.lines = {page: number - facts.before(page) for page, number in count.items()}
