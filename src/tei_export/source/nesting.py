"""Check the nesting of blocks in blocks and roles in roles.

The encoding has exactly one place for every block. A misplaced block would be lost in one output or
break another, so it is a problem at its line, and processing of the part stops.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.blocks import BY_BLOCK, Holds, Within
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, Family
from tei_export.model.word_division import DIVIDED
from tei_export.source.nodes import (
    BLOCKS,
    bibentry,
    blockgroup,
    blockline,
    edblock,
    edfigure,
    edrow,
    edtable,
    every,
    every_block,
    is_aside,
    lb,
    mark,
    pb,
    point,
    speaker_of,
)
from tei_export.source.positions import LinesOfNodes, enclosing, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.source.problems import Report

#: Problems after which the tree of a part is meaningless.
BROKEN = frozenset({"block-place", "block-empty", "heading-place", "markup-deep", "line-long"})

#: The role of a reference.
REFERENCE = "ref"
#: The roles of a line of a cast list.
_OF_CAST = ("role", "roledesc", "actor")
_TEXT = (nodes.paragraph,)
#: Nodes that contain words of the text.
_WORDS = (nodes.paragraph, nodes.bullet_list, nodes.block_quote, edblock)
_HOLDS: dict[type[nodes.Element], tuple[type[nodes.Element], ...]] = {
    nodes.document: (nodes.section, nodes.comment, nodes.footnote),
    nodes.section: (
        nodes.title,
        nodes.paragraph,
        nodes.block_quote,
        nodes.bullet_list,
        bibentry,
        nodes.section,
        nodes.comment,
        nodes.footnote,
        edblock,
        edfigure,
        edtable,
    ),
    nodes.bullet_list: (nodes.list_item,),
    nodes.block_quote: (nodes.paragraph, nodes.bullet_list, edblock, edfigure),
    nodes.list_item: (nodes.paragraph, nodes.bullet_list, edfigure),
    bibentry: (nodes.paragraph, nodes.footnote),  # its notes are removed later
    nodes.footnote: (nodes.label, nodes.paragraph, nodes.bullet_list, edblock, edfigure),
    edfigure: (nodes.image, *_TEXT),
    edtable: (edrow,),
    edblock: (
        nodes.paragraph,
        nodes.block_quote,
        nodes.bullet_list,
        nodes.comment,
        edblock,
        edfigure,
        blockgroup,
    ),
}
#: The place of a block in another, which its row must allow.
_WITHIN: dict[type[nodes.Node], Within] = {
    nodes.block_quote: Within.QUOTATION,
    nodes.footnote: Within.NOTE,
    edblock: Within.BLOCK,
}
_NAMES: dict[type[nodes.Node], str] = {
    nodes.paragraph: "a paragraph",
    nodes.block_quote: "a quotation",
    nodes.bullet_list: "a list",
    nodes.list_item: "an item of a list",
    nodes.section: "a section",
    nodes.title: "a heading",
    nodes.comment: "a comment",
    nodes.footnote: "a note",
    bibentry: "an entry",
    edblock: "a block",
    edfigure: "a figure",
    edtable: "a table",
    edrow: "a row of a table",
    blockline: "a block",
}


def check_blocks(document: nodes.document, report: Report) -> bool:
    """Report misplaced and empty blocks; return whether there are none."""
    well = True
    found = (*_headings(document), *_inside(document), *_empty(document), *_order(document))
    for code, detail, line in found:
        report(code, detail, line)
        well = False
    return well


def supply_section(document: nodes.document) -> None:
    """Give a part without a heading a section and an empty title; outputs show the record's title."""
    if any(isinstance(child, nodes.section) for child in document.children):
        return
    section = nodes.section("", nodes.title("", "", supplied=True))
    section.line = section.children[0].line = 1
    section.extend(document.children)
    document.children = []
    document += section


def _headings(document: nodes.document) -> Iterator[tuple[str, str, int]]:
    """Check that a part has one first-level heading, and nothing before it."""
    sections = [c for c in document.children if isinstance(c, nodes.section)]
    for section in sections[1:]:
        yield (
            "heading-place",
            collapse_space(section.children[0].astext())[:60],
            line_of(section.children[0]),
        )
    for child in document.children if sections else ():
        if isinstance(
            child,
            BLOCKS,
        ):
            yield (
                "heading-place",
                f"{collapse_space(child.astext())[:40]!r} stands before the heading",
                line_of(child),
            )


def _inside(document: nodes.document) -> Iterator[tuple[str, str, int]]:
    for node in every(document, nodes.Element):
        allowed = _HOLDS.get(type(node))
        for child in node.children if allowed and type(node) is not nodes.document else ():
            if type(child) not in _NAMES:
                continue
            row = BY_BLOCK[child["kind"]] if isinstance(child, (edblock, blockline)) else None
            where = _WITHIN.get(type(node))
            if isinstance(child, edfigure) and _begins(child, node):
                yield (
                    "block-place",
                    f"{_name(child)} before the words of {_name(node)}",
                    line_of(child),
                )
            if not isinstance(child, allowed or ()) or (row and where and where not in row.within):
                yield "block-place", f"{_name(child)} in {_name(node)}", line_of(child)


def _begins(figure: edfigure, holder: nodes.Element) -> bool:
    """Return whether a figure is in the place of a note's number or an item's sign, or is the only
    content of a quotation or a block."""
    words = [child for child in holder.children if isinstance(child, _WORDS)]
    if isinstance(holder, (nodes.footnote, nodes.list_item)):
        return not words or holder.index(words[0]) > holder.index(figure)
    return not words and not isinstance(holder, nodes.section)


def begins_text(node: nodes.Node) -> bool:
    """Return whether ``node`` is text of its division, neither a heading nor a block before the text."""
    if isinstance(node, (edblock, blockline)):
        row = BY_BLOCK[node["kind"]]
        return not row.frames[0] and not row.place
    return isinstance(node, BLOCKS) and not _of_the_page(node)


def _of_the_page(node: nodes.Element) -> bool:
    """Return whether a paragraph holds only the beginning of a page, or forme work."""
    return type(node) is nodes.paragraph and all(
        is_aside(c)
        or isinstance(c, (pb, lb, point))
        or (isinstance(c, nodes.Text) and not c.strip())
        for c in node.children
    )


def _order(document: nodes.document) -> Iterator[tuple[str, str, int]]:
    """Check that openers and closers stand before and after the text of a division."""
    for holder in every(document, nodes.Element):
        kind = BY_BLOCK[holder["kind"]] if isinstance(holder, edblock) else None
        if isinstance(holder, nodes.section) or (kind and kind.holds is Holds.BLOCKS):
            yield from _in_order(
                holder, opens=kind is None, closes=not kind or kind.place == "bottom"
            )


def _in_order(
    holder: nodes.Element, *, opens: bool, closes: bool
) -> Iterator[tuple[str, str, int]]:
    """Check the order of blocks in ``holder``; ``opens``, ``closes``: whether parts of a letter may
    precede and follow its text."""
    begun = False
    ended: nodes.Node | None = None
    for child in holder.children:
        row = BY_BLOCK[child["kind"]] if isinstance(child, (edblock, blockline)) else None
        if begins_text(child):
            if ended is not None:
                yield "block-place", f"{_name(ended)} before more text", line_of(ended)
                ended = None
            begun = True
        elif row and row.place == "top":
            if begun or ended is not None:
                yield "block-place", f"{_name(child)} after the text", line_of(child)
        elif row and not begun and (row.place == "bottom" or not opens):
            yield "block-place", f"{_name(child)} without text before it", line_of(child)
        elif row and begun and not closes:
            yield "block-place", f"{_name(child)} in {_name(holder)}", line_of(child)
        elif row and begun:
            ended = ended or child


def _name(node: nodes.Node) -> str:
    return f"{{{node['kind']}}}" if isinstance(node, (edblock, blockline)) else _NAMES[type(node)]


def _empty(document: nodes.document) -> Iterator[tuple[str, str, int]]:
    if not any(every_block(document, nodes.paragraph)) and not any(every(document, nodes.Text)):
        yield "block-empty", "the file", 1
    for node in every(document, nodes.Element):
        if isinstance(node, nodes.title) and not node.children and not node.get("supplied"):
            yield "block-empty", _NAMES[nodes.title], line_of(node)
        elif isinstance(
            node, (nodes.block_quote, nodes.list_item, bibentry, nodes.footnote, edblock)
        ) and not any(
            isinstance(child, nodes.Element)
            and not isinstance(child, (nodes.label, nodes.footnote))
            for child in node.children
        ):
            yield "block-empty", _name(node), line_of(node)


def check_roles(document: nodes.document, report: Report) -> None:
    """Report roles in places that the encoding does not allow."""
    lines = LinesOfNodes(document)
    for ref in every(document, nodes.footnote_reference):
        holder = next((o for o in _marks_above(ref) if is_aside(o) or o["kind"] == REFERENCE), None)
        if holder is not None:
            report("role-nested", f"[^{ref['refname']}] in {{{holder['kind']}}}", lines.of(ref))
    for node in every(document, mark):
        if is_aside(node) and DIVIDED in node.astext():
            report("hyphen-place", node.rawsource, lines.of(node), node)
        outer = [parent for parent in _marks_above(node) if _forbids(parent, node)]
        kind = node["kind"]
        wrong = f"{{{kind}}} in {{{outer[0]['kind']}}}" if outer else ""
        if kind in ("speaker", "stage") and not _plays(node):
            wrong = f"{{{kind}}} stands in a paragraph or verse line of a play" + (
                ", at its beginning" if kind == "speaker" else ""
            )
        if kind in _OF_CAST and not _in_cast(node):
            wrong = f"{{{kind}}} stands in a line of {{cast}}"
        if kind == "par" and not _begins_paragraph(node):
            wrong = "{par} stands at the beginning of a paragraph"
        if kind == "number" and not _heads(node):
            wrong = "{number} may stand once, in a heading"
        if wrong:
            report("role-nested", wrong, lines.of(node), node)


def _plays(node: mark) -> bool:
    """Return whether a speaker or a stage direction is in a valid place of a play."""
    leaf = node.parent
    if isinstance(leaf, blockline):
        holder = leaf.parent.parent if isinstance(leaf.parent, blockgroup) else leaf.parent
        if leaf["kind"] != "verse" or not isinstance(holder.parent, (nodes.section, edblock)):
            return False
    elif type(leaf) is not nodes.paragraph or not isinstance(leaf.parent, (nodes.section, edblock)):
        return False
    return node["kind"] == "stage" or speaker_of(leaf) is node


def _begins_paragraph(node: mark) -> bool:
    """Return whether only beginnings of pages and columns precede ``node`` in a paragraph."""
    leaf = node.parent
    if type(leaf) is not nodes.paragraph or isinstance(leaf.parent, edfigure):
        return False
    before = takewhile(lambda child: child is not node, leaf.children)
    return all(isinstance(c, point) or is_aside(c) or not c.astext().strip() for c in before)


def _in_cast(node: nodes.Node) -> bool:
    """Return whether ``node`` is in a line of a cast list."""
    leaf = enclosing(node, nodes.paragraph, nodes.title)
    return isinstance(leaf, blockline) and leaf["kind"] == "cast"


def _marks_above(node: nodes.Node) -> Iterator[mark]:
    parent = node.parent
    while parent is not None and not isinstance(parent, (nodes.paragraph, nodes.title)):
        if isinstance(parent, mark):
            yield parent
        parent = parent.parent


def _forbids(outer: mark, inner: mark) -> bool:
    """Return whether ``outer`` must not contain ``inner``.

    A witness reading within another would be ambiguous; a page citation goes beside names. Forme
    work is never inside a word of the text, and contains no mentions.
    """
    if is_aside(inner):
        return True
    if is_aside(outer):
        return BY_NAME[inner["kind"]].family is Family.MENTION or inner["kind"] in {
            "cited",
            "number",
        }
    if REFERENCE in (inner["kind"], outer["kind"]):  # links do not nest
        return not _may_link(outer, inner)
    if BY_NAME[inner["kind"]].misreading:
        return BY_NAME[outer["kind"]].misreading
    if (
        BY_NAME[inner["kind"]].family is Family.VARIANTS
    ):  # an entry encloses the words that it varies
        return BY_NAME[outer["kind"]].family in {Family.LAYER, Family.STATE, Family.VARIANTS}
    return inner["kind"] == "cited" and BY_NAME[outer["kind"]].family in {
        Family.MENTION,
        Family.PHRASE,
    }


def _may_link(outer: mark, inner: mark) -> bool:
    """Return whether a mark may contain the other, if one of the two is a reference."""
    other = BY_NAME[(outer if inner["kind"] == REFERENCE else inner)["kind"]]
    plain = other.family is Family.PHRASE and not other.apparatus and other.name != REFERENCE
    return plain or (outer["kind"] == REFERENCE and other.family in (Family.LAYER, Family.STATE))


def _heads(node: mark) -> bool:
    title = node.parent
    if not isinstance(title, nodes.title):
        return False
    return next(c for c in title.children if isinstance(c, mark) and c["kind"] == "number") is node
