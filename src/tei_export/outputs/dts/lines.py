"""The lines of a text as citable units: below its pages, or in a tree of their own without pages.

The static files omit them, and lines of verse too: each would need a file for every query. The
service of ``dts-serve`` has them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tei_export.model.places import page_slug
from tei_export.outputs.dts.citation_trees import TEI, CitableUnit, CitationTree, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

#: The name of the tree of a text without pages, and of the level.
LINES, LINE = "lines", "line"
_PB, _LB, _NOTE, _DIV = (TEI + name for name in ("pb", "lb", "note", "div"))


def with_lines(trees: tuple[CitationTree, ...], root: etree._Element) -> tuple[CitationTree, ...]:
    """Return the trees of a text, with its lines.

    :param root: the TEI element of the text
    """
    paged = next((tree for tree in trees if tree.levels[0].type == "page"), None)
    if paged is None:
        units = tuple(_lines(root, {"": CitableUnit("", 0, "", "", "", root)}))
        return (
            (*trees, CitationTree(LINES, LINES, (Level(LINE, "", ()),), units)) if units else trees
        )
    below: dict[str, list[CitableUnit]] = {unit.ref: [] for unit in paged.units}
    for line in _lines(root, {unit.ref: unit for unit in paged.units}):
        below[line.parent].append(line)
    if not any(below.values()):
        return trees  # of a witness with recorded pages but no lines
    units = tuple(one for page in paged.units for one in (page, *below[page.ref]))
    levels = (replace(paged.levels[0], below=(Level(LINE, ".", ()),)),)
    lined = replace(paged, levels=levels, units=units)
    return tuple(lined if tree is paged else tree for tree in trees)


def without_lines(trees: tuple[CitationTree, ...]) -> tuple[CitationTree, ...]:
    """Return the trees of the static files: that of verse ends with its scenes and cantos.

    A tree of lines alone is omitted.
    """
    kept = []
    for tree in trees:
        levels = _without(tree.levels)
        if levels == tree.levels:
            kept.append(tree)
        elif any(level.below for level in levels):
            units = tuple(unit for unit in tree.units if unit.type != LINE)
            kept.append(replace(tree, levels=levels, units=units))
    return tuple(kept)


def _without(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    return tuple(
        replace(level, below=_without(level.below)) for level in levels if level.type != LINE
    )


def _lines(root: etree._Element, pages: dict[str, CitableUnit]) -> Iterator[CitableUnit]:
    """Yield the numbered lines, in document order; those of a note come at its mark.

    :param pages: by reference; the key is empty for a text without pages
    """
    text = root.find(f"{TEI}text")
    if text is None:
        return
    page = pages.get("")
    known: set[str] = set()
    found: list[tuple[CitableUnit, etree._Element, etree._Element | None]] = []
    milestones: list[etree._Element] = []
    for node in text.iter(_PB, _LB, _DIV):
        if node.tag == _DIV:
            if node.get("type") == "editorialNotes":
                milestones.append(node)
                break
            continue
        milestones.append(node)
        number = node.get("n", "")
        if node.tag == _PB and number:
            page = pages.get(page_slug(number))
        elif node.tag == _LB and number and page is not None:
            ref = f"{page.ref}.{number}" if page.ref else number
            if ref not in known:
                known.add(ref)
                line = CitableUnit(ref, page.level + 1, page.ref, LINE, "", node, milestone=True)
                found.append((line, node, next(node.iterancestors(_NOTE), None)))
    follows = _following(milestones)
    for line, node, note in found:
        yield replace(line, until=follows.get(node), inside=note)


def _following(milestones: list[etree._Element]) -> dict[etree._Element, etree._Element]:
    """Return where each line ends: at the next line, page or note mark of the same note or of the text."""
    follows: dict[etree._Element, etree._Element] = {}
    last: dict[etree._Element | None, etree._Element] = {}
    for node in milestones:
        note = next(node.iterancestors(_NOTE), None)
        if note in last:
            follows[last[note]] = node
        last[note] = node
    return follows
