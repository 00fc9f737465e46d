"""A Typst source under construction, which remembers the source line that each position comes from.

The compiler reports line and column of the Typst source; editors need file and line of the edition.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.model.problems import EditionError, Problem

if TYPE_CHECKING:
    from docutils import nodes


@dataclass(frozen=True, slots=True)
class TypstPosition:
    """A position in the Typst source and its source line."""

    line: int
    column: int
    file: str
    number: int


class TypstSource:
    """The lines written so far; ``file`` is the source file of the current document."""

    def __init__(self) -> None:
        self.file = ""
        self.lines: list[str] = []
        self.spots: list[TypstPosition] = []
        self._line: list[str] = []
        self._length = 0

    @property
    def source(self) -> str:
        """The Typst source written so far."""
        return "\n".join(self.lines) + "\n"

    def where(self, line: int, column: int) -> tuple[str, int]:
        """Return file and source line of a position in :attr:`source`; both count from 1."""
        at = bisect_right([(s.line, s.column) for s in self.spots], (line, column))
        return (self.spots[at - 1].file, self.spots[at - 1].number) if at else ("", 0)

    def emit(self, code: str) -> None:
        """Append ``code`` to the current line of the source."""
        self._line.append(code)
        self._length += len(code)

    def end_line(self) -> None:
        """End the current line of the source."""
        self.lines.append("".join(self._line))
        self._line, self._length = [], 0

    def spot(self, number: int) -> None:
        """Record that the current position comes from line ``number`` of the file."""
        self.spots.append(TypstPosition(len(self.lines) + 1, self._length + 1, self.file, number))

    def unknown(self, node: nodes.Node) -> EditionError:
        """Return the error for a node that the book cannot represent."""
        line = node.line or getattr(node.parent, "line", None) or 0
        return EditionError(
            Problem("pdf-warning", self.file, line, f"no form for {node.__class__.__name__}")
        )
