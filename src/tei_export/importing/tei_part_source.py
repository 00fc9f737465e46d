"""Write the lines of the blocks of a TEI text to the source of a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.importing.tei_line_blocks import TeiLineBlockReader
from tei_export.importing.tei_lines import LineBuilder

if TYPE_CHECKING:
    from lxml import etree

    from tei_export.importing.tei_lines import ImportedLine


class TeiPartSource(TeiLineBlockReader):
    """The source of a part, as far as it is read (``out``). ``lines`` and ``note_lines`` are those of the whole text."""

    def __init__(self, text: etree._Element, *, own: bool) -> None:
        super().__init__(text, own=own)
        self.lines: list[ImportedLine] = []
        self.note_lines: list[ImportedLine] = []
        self.out: list[str] = []
        self.headed = False
        self.above: list[ImportedLine] = []
        #: the name of a speaker, before the block that continues the line
        self.begun: LineBuilder | None = None

    def write_lines(self, lines: list[ImportedLine], prefix: str = "") -> None:
        """Add lines to the source, each after ``prefix``."""
        self.lines += lines
        self.out += [f"{prefix}{line.text}".rstrip() for line in lines]

    def read_lines(self, elements: list[etree._Element]) -> list[ImportedLine]:
        """Read elements as the lines of one block, which continues the line of its speaker."""
        lines, self.begun = self.begun or LineBuilder(self.page), None
        for element in elements:
            self.begin_block(lines)
            self.content(element, lines)
            lines.end("")
        lines.end("")
        self.page = max(self.page, lines.page)
        self.left = lines.prefix
        return lines.done

    def with_above(self, lines: list[ImportedLine]) -> list[ImportedLine]:
        """Return the lines of a block, after the lines above the first block of a part without a heading."""
        if self.headed or not lines:
            return lines
        self.headed = True
        lines, self.above = [*self.above, *lines], []
        self.said.append("part without a head")
        return lines
