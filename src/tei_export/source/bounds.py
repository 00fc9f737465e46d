"""How large and how deep a source may be: checked before anything parses it.

Parsers recurse, and what nests without end ends them, or takes minutes. No text comes near
these bounds. Pure: text in, problems out, in one pass.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tei_export.model.problems import Problem
from tei_export.model.safe_read import position

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Characters of a line: a line of a text is a line of its witness, a page may hold a paragraph in one.
LINE, PAGE_LINE = 2_000, 10_000
#: Quotations and lists in each other at the beginning of a line; brackets open in a paragraph.
BLOCKS, BRACKETS = 10, 50
#: White space at the beginning of a line.
INDENT = 100
#: Levels of a tree that any output can write.
TREE = 60

_CONTAINERS = re.compile(r"[ \t]*((?:(?:>|[-+*]|[0-9]{1,9}[.)])[ \t]+|>)*)")
_MARK = re.compile(r">|[-+*]|[0-9]{1,9}[.)]")
_BRACKET = re.compile(r"(?:\\.|[\[\]]|^\s*$)", re.MULTILINE)


def exceeded(text: str, file: str, longest: int) -> Iterator[Problem]:
    """``line-long``, ``markup-deep``; at most one of each kind for a file."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > longest:
            yield Problem("line-long", file, number, f"{len(line)} characters; at most {longest} are allowed", longest + 1)
            return
    for number, line in enumerate(lines, 1):
        if len(line) - len(line.lstrip()) > INDENT or _containers(line) > BLOCKS:
            yield Problem("markup-deep", file, number, _shown(line))
            return
    open_brackets = 0
    for match in _BRACKET.finditer(text):
        open_brackets = max(open_brackets + {"[": 1, "]": -1}.get(match[0], 0), 0) if match[0].strip() else 0
        if open_brackets > BRACKETS:
            number, column = position(text, match.start())
            yield Problem("markup-deep", file, number, _shown(lines[number - 1]), column)
            return


def _containers(line: str) -> int:
    match = _CONTAINERS.match(line)
    return len(_MARK.findall(match[1])) if match else 0


def _shown(line: str) -> str:
    return line.strip()[:20] + "…"
