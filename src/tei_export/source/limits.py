"""Limit the size and depth of a source before it is parsed.

Parsers are recursive, and unlimited nesting crashes them or takes minutes. No real text comes near
these limits. The functions are pure: they take a text and yield problems, in one pass.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tei_export.model.problems import Problem
from tei_export.model.safe_read import position

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Characters in a line: a text line is a witness line, but a page may have a paragraph on one line, and a line of
#: several witnesses holds their readings.
LINE, PAGE_LINE = 2_000, 10_000
#: Nested quotations and lists at the start of a line; open brackets in a paragraph.
BLOCKS, BRACKETS = 10, 50
#: White space at the start of a line.
INDENT = 100
#: Levels of a tree that every output can write.
TREE = 60

_CONTAINERS = re.compile(r"[ \t]*((?:(?:>|[-+*]|[0-9]{1,9}[.)])[ \t]+|>)*)")
#: The signs with which a quotation, a list or an item begins.
_BEGIN = ">-+*0123456789"
_MARK = re.compile(r">|[-+*]|[0-9]{1,9}[.)]")
_BRACKET = re.compile(r"(?:\\.|[\[\]]|^\s*$)", re.MULTILINE)


def exceeded(text: str, file: str, longest: int) -> Iterator[Problem]:
    """Report ``line-long`` and ``markup-deep``, at most one of each per file.

    :param longest: maximum number of characters in a line
    """
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > longest:
            yield Problem(
                "line-long",
                file,
                number,
                f"{len(line)} characters; at most {longest} are allowed",
                longest + 1,
            )
            return
    for number, line in enumerate(lines, 1):
        if line[:1] not in _BEGIN and not line[:1].isspace():
            continue
        if len(line) - len(line.lstrip()) > INDENT or _containers(line) > BLOCKS:
            yield Problem("markup-deep", file, number, _shown(line))
            return
    if all(paragraph.count("[") <= BRACKETS for paragraph in text.split("\n\n")):
        return  # most texts need no closer look
    open_brackets = 0
    for match in _BRACKET.finditer(text):
        open_brackets = (
            max(open_brackets + {"[": 1, "]": -1}.get(match[0], 0), 0) if match[0].strip() else 0
        )
        if open_brackets > BRACKETS:
            number, column = position(text, match.start())
            yield Problem("markup-deep", file, number, _shown(lines[number - 1]), column)
            return


def _containers(line: str) -> int:
    match = _CONTAINERS.match(line)
    return len(_MARK.findall(match[1])) if match else 0


def _shown(line: str) -> str:
    return line.strip()[:20] + "…"
