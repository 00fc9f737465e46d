"""Quotations in running text: the words between quotation marks right before the reference of an author's note.

The marks are text, and are not tagged. Quotations without such a note, or not closed right before
it, are ignored: nobody knows which note cites them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.source.nodes import (
    every,
    every_block,
    fill,
    lb,
    mark,
    noteref,
    put_in_place,
    reading,
    take_out,
    textnote,
)
from tei_export.source.positions import enclosing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: closing mark → opening mark; equal marks open and close alternately
_OPENS = {'"': '"', "”": "“", "“": "„", "»": "«"}
#: A closing mark at the end, perhaps before a full stop or a comma.
_CLOSED = re.compile(r'(["”“»])[\s.,;:!?)\]]*\Z')
#: The minimum number of words; fewer are a term or a title.
_FEWEST = 3
#: Placeholders for the reference and for beginnings of lines while a block is read (noncharacters,
#: which no source contains).
_HERE, _LINE = "\ufdd0", "\ufdd1"


@dataclass(frozen=True, slots=True)
class InlineQuotation:
    """A quotation in running text; ``block``: the id of its block."""

    ref: noteref
    block: str
    first: Place
    last: Place
    words: str
    """as the text has them"""
    quoted: str
    """without the author's own insertions"""


def inline_quotations(
    document: nodes.document, own: Collection[str] = ()
) -> Iterator[InlineQuotation]:
    """Yield the quotations in running text, in reading order.

    :param own: roles of words that the author marks as his own
    """
    for block in every_block(document, nodes.paragraph):
        if enclosing(block, nodes.block_quote, textnote) is not None:
            continue
        refs = every(block, noteref)
        for at, (ref, text) in enumerate(zip(refs, _texts(block, len(refs)), strict=True)):
            if ref["series"] == "authorial" and ref["label"] and "refid" in ref:
                found = _before(block, at, text, own)
                if found:
                    yield InlineQuotation(ref, _id(block), *found)


def _id(block: nodes.Element) -> str:
    """Return the id of a block, or of the block that contains it."""
    node: nodes.Element | None = block
    while node is not None and "xml_id" not in node:
        node = node.parent
    return str(node["xml_id"]) if node is not None else ""


def _before(
    block: nodes.paragraph, at: int, text: str, own: Collection[str]
) -> tuple[Place, Place, str, str] | None:
    """Return the places and the words of the quotation before a reference of a block; None if there is none.

    :param at: the number of the reference in the block
    :param text: the text before it, as :func:`_texts` returns it
    """
    span = _marked(text)
    if span is None:
        return None
    start, end = span
    words = _plain(text[start:end])
    if len(words.split()) < _FEWEST:
        return None
    lines = [Place(one["page"], one["line"]) for one in every(block, lb) if one["line"]]
    if not lines:
        return None
    first, last = (
        lines[min(max(text.count(_LINE, 0, place) - 1, 0), len(lines) - 1)] for place in span
    )
    if not any(one["kind"] in own for one in every(block, mark)):
        return first, last, words, words
    theirs = _text(block, at, own)
    inner = _marked(theirs)
    return first, last, words, _plain(theirs[slice(*inner)]) if inner else words


def _texts(block: nodes.paragraph, number: int) -> list[str]:
    """Return the edited text of a block before each of its references, with a sign for each numbered line.

    :param number: how many references the block has
    """
    if not number:
        return []
    copy = block.deepcopy()
    for parent in every(copy, nodes.Element):
        signed: list[nodes.Node] = []
        for child in parent.children:
            if isinstance(child, noteref):
                signed.append(nodes.Text(_HERE))
                continue
            signed.append(child)
            if isinstance(child, lb) and child["line"]:
                signed.append(nodes.Text(_LINE))
        fill(parent, signed)
    pieces = reading(copy).split(_HERE)
    if len(pieces) != number + 1:  # the edited text does not have all of them
        return [_text(block, at, ()) for at in range(number)]
    return list(accumulate(pieces[:-1]))


def _text(block: nodes.paragraph, at: int, without: Collection[str]) -> str:
    """Return the edited text of a block up to a reference, with a sign for each numbered line."""
    copy = block.deepcopy()
    put_in_place(every(copy, noteref)[at], [nodes.Text(_HERE)])
    for line in every(copy, lb):
        if line["line"]:
            put_in_place(line, [line, nodes.Text(_LINE)])
    for node in [one for one in every(copy, mark) if one["kind"] in without]:
        take_out(node)
    return reading(copy).partition(_HERE)[0]


def _marked(text: str) -> tuple[int, int] | None:
    """Return where the words between the marks at the end of ``text`` begin and end; None if no marks close there."""
    closed = _CLOSED.search(text.replace(_LINE, " "))
    if closed is None:
        return None
    opens, end = _OPENS[closed[1]], closed.start()
    if opens == closed[1] and text.count(opens, 0, end) % 2 == 0:
        return None  # one of the marks before is missing
    open_inside = 0
    for at in range(end - 1, -1, -1):
        if text[at] == opens and not open_inside:
            return at + 1, end
        open_inside += (text[at] == closed[1]) - (text[at] == opens)
    return None


def _plain(text: str) -> str:
    return collapse_space(text.replace(_LINE, "")).strip()
