"""The parser of MyST for parts, without the rules that can find nothing in the source.

Most lines of a part are words, and MyST asks a dozen rules whether such a line begins a block, and after every hyphen
and colon a dozen others whether there is markup. What the parser finds is the same; it takes half the time (measured).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import lheading
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.rules_block import StateBlock

#: The settings of MyST for parts, whatever conf.py requests: the markup of a text is the edition's
#: own.
_SETTINGS = MdParserConfig(
    footnote_sort=False, footnote_transition=False, enable_extensions={"deflist"}
)
#: How a line begins that underlines a heading, or divides the head of a table from its rows.
_UNDERLINE, _DIVIDES = ("=", "-"), ("|", "-", ":")
#: The signs of markup in running text. MyST also stops at signs of its extensions, and at punctuation.
_SIGNS = re.compile(r"[\n\\`*_!\[\]<&{]")


def part_parser(source: str, renderer: Callable[[MarkdownIt], RendererProtocol]) -> MarkdownIt:
    """Return a parser for the source of a part."""
    parser = create_md_parser(_SETTINGS, renderer)
    parser.disable("wordcount")
    parser.inline.terminator_re = _SIGNS
    if "|" not in source:
        parser.disable("table")
    parser.block.ruler.at("lheading", _underlined_heading)
    parser.block.ruler.at("paragraph", _paragraph)
    return parser


def _begins(state: StateBlock, line: int, signs: tuple[str, ...]) -> bool:
    return state.src.startswith(signs, state.bMarks[line] + state.tShift[line])


def _underlined_heading(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Look for an underlined heading only where a line up to the next empty one can underline it."""
    line = first + 1
    while line < last and not state.isEmpty(line):
        if _begins(state, line, _UNDERLINE):
            return lheading(state, first, last, silent)
        line += 1
    return False


def _paragraph(state: StateBlock, first: int, _last: int, _silent: bool) -> bool:
    """Make a paragraph, as the rule of CommonMark: up to an empty line, or one that begins another block.

    Only a table begins with a letter or a role, and its second line with a sign.
    """
    ends = state.md.block.ruler.getRules("paragraph")
    outer, state.parentType = state.parentType, "paragraph"
    line = first + 1
    while line < state.lineMax and not state.isEmpty(line):
        sign = state.src[state.bMarks[line] + state.tShift[line]]
        words = (sign.isalpha() or sign == "{") and not _begins(state, line + 1, _DIVIDES)
        # a line that is indented further, or outside the quotation, goes on with the paragraph
        inside = state.sCount[line] - state.blkIndent <= 3 and state.sCount[line] >= 0
        if inside and not words and any(rule(state, line, state.lineMax, True) for rule in ends):
            break
        line += 1
    state.line = line
    state.push("paragraph_open", "p", 1).map = [first, line]
    text = state.push("inline", "", 0)
    text.content = mdTrim(state.getLines(first, line, state.blkIndent, False))
    text.map, text.children = [first, line], []
    state.push("paragraph_close", "p", -1)
    state.parentType = outer
    return True
