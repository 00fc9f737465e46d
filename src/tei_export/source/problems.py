"""Collect the problems of a document: everything that reads it reports here, and the gate
(:mod:`tei_export.source.gate`) stops the build.

The reporter knows the line; the column of the wrong text is looked up in the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.problems import Problem
from tei_export.source.nodes import mark, point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.base_witness import Difference

    #: The fault on the line: its source text, the node of a role, or a difference from the witness.
    At = str | nodes.Node | Difference | None


@dataclass(slots=True)
class Report:
    """Takes the problems of the document ``file``; ``source`` are the lines of its text."""

    file: str
    source: Sequence[str] = ()
    found: list[Problem] = field(default_factory=list)

    def __call__(self, code: str, detail: str, line: int, at: At = None) -> None:
        self.found.append(Problem(code, self.file, line, detail, self.column(line, at)))

    def column(self, line: int, at: At) -> int:
        """Return the column (from 1) of ``at`` on ``line``; 0 if it is absent or ambiguous."""
        text = self.source[line - 1] if 0 < line <= len(self.source) else ""
        if at is None or not text:
            return 0
        if isinstance(at, (mark, point)):
            pattern = rf"\{{(?:ed:)?{at['kind']}\}}`+" + re.escape(at.rawsource)
            found = (
                re.search(pattern, text) if at.rawsource else None
            )  # equal roles have the same fault
            return found.start() + 1 if found else 0
        if isinstance(at, nodes.Node):
            return 0
        if isinstance(at, str):
            return text.index(at) + 1 if at and text.count(at) == 1 else 0
        return differing(text, at.text, at.at)


def differing(source: str, text: str, at: int) -> int:
    """Return the column in a source line of the character ``at`` of ``text``; 0 if unknown.

    ``text`` is the line in the reading of the witness, without markup. The shortest stretch before
    the character that occurs exactly once in the source locates it.
    """
    for length in range(at + 1):
        stretch = text[at - length : at + 1]
        count = source.count(stretch) if stretch else 2
        if count == 1:
            return source.index(stretch) + length + 1
        if not count:
            break
    return 0
