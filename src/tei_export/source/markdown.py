"""The parser of MyST for parts, without the rules that can find nothing in the source.

Most lines of a part are words, and MyST asks a dozen rules whether such a line begins a block, and after every hyphen
and colon a dozen others whether there is markup. What the parser finds is the same; it takes half the time (measured).
Neither does it make a tree of the tokens inside a paragraph: nearly all of them are words and roles, which contain none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import lheading
from markdown_it.rules_inline import text as up_to_a_sign
from markdown_it.tree import SyntaxTreeNode
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

#: The settings of MyST for parts, whatever conf.py requests: the markup of a text is the edition's
#: own.
_SETTINGS = MdParserConfig(
    footnote_sort=False, footnote_transition=False, enable_extensions={"deflist"}
)
#: How a line begins that underlines a heading, or divides the head of a table from its rows.
_UNDERLINE, _DIVIDES = ("=", "-"), ("|", "-", ":")
#: The signs of markup in running text. MyST also stops at signs of its extensions, and at punctuation.
_SIGNS = re.compile(r"[\n\\`*_!\[\]<&{]")
#: A role up to its text.
_ROLE = re.compile(r"\{([a-zA-Z0-9_\-+:]+)\}(`+)")


def part_parser(source: str, renderer: Callable[[MarkdownIt], RendererProtocol]) -> MarkdownIt:
    """Return a parser for the source of a part."""
    parser = create_md_parser(_SETTINGS, renderer)
    parser.disable("wordcount")
    parser.inline.terminator_re = _SIGNS
    parser.inline.ruler.at("text", _words_and_roles)
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


def _words_and_roles(state: StateInline, silent: bool) -> bool:
    """Read words, ends of lines and roles up to any other markup, as the rules of MyST do one after the other."""
    if silent:
        return up_to_a_sign(state, silent)
    source, first, last = state.src, state.pos, state.posMax
    at = first
    while at < last:
        sign = _SIGNS.search(source, at)
        to = sign.start() if sign else last
        if to > at:
            state.append_pending(source[at:to])
            at = to
        elif (
            source[at] == "\n"
            and " " not in (around := source[max(at - 1, 0) : at + 2])
            and "\t" not in around
        ):
            state.push("softbreak", "br", 0)
            at += 1
        elif role := _ROLE.match(source, at):
            begins, fence = role.end(), role[2]
            ends = source.find(fence, begins + 1)
            if ends < 0:
                break
            token = state.push("myst_role", "", 0)
            token.meta = {"name": role[1]}
            token.content = source[begins:ends].replace("\n", " ")
            at = ends + len(fence)
        else:
            break
    state.pos = at
    return at > first


def inline_tokens(parser: MarkdownIt, text: str, env: EnvType) -> list[Token]:
    """Return the tokens of running text on one line, as ``parser.parseInline``, which first looks for blocks."""
    if "\\" in text or "&" in text:  # whose characters it joins to the words beside them
        return parser.parseInline(text, env)[0].children or []
    return parser.inline.parse(text, parser, env, [])


class BlockTree(SyntaxTreeNode):
    """The blocks of tokens; those inside a paragraph remain tokens (``token.children``)."""

    def _set_children_from_tokens(self, tokens: Sequence[Token]) -> None:
        if self.token is None:
            super()._set_children_from_tokens(tokens)
