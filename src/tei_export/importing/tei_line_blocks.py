"""Read the blocks of own TEI whose lines or cells are elements: verse, addresses, tables.

TEI Guidelines, CO#COVE (verse), CO#CONAAD (addresses), FT#FTTAB (tables).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tei_export.importing.safe_xml import local_name
from tei_export.importing.tei_inline import TeiInlineReader
from tei_export.importing.tei_lines import ImportedLine, LineBuilder
from tei_export.model.word_division import DIVIDED

if TYPE_CHECKING:
    from lxml import etree

    from tei_export.model.blocks import Block

_INDENT = re.compile(r"indent\((\d{1,3})\)")
#: A line of verse continues in the next line of the source.
_GOES_ON = f" {DIVIDED}"


class TeiLineBlockReader(TeiInlineReader):
    """Reads blocks whose lines are kept."""

    def lined(
        self,
        row: Block,
        element: etree._Element,
        begun: LineBuilder | None = None,
        after: tuple[etree._Element, ...] = (),
        label: str = "",
    ) -> list[ImportedLine]:
        """Return the lines of a block of lines; an empty one ends a group.

        :param begun: the name of a speaker, with which the first line begins
        :param after: the note that cites the whole block: its reference ends the last line
        :param label: of a note: the page on which it stands
        """
        attrs = row.group_attrs.items()
        groups = [
            e
            for e in element
            if local_name(e) == row.group and all(e.get(k) == v for k, v in attrs)
        ]
        last = [e for e in element.iter() if local_name(e) == row.line][-1:]
        found: list[ImportedLine] = []
        if not groups:
            return self._group(element, row, begun, (last, after), label)
        for child in element:
            if local_name(child) == row.group:
                found += [ImportedLine("", "", self.page)] if found else []
                found += self._group(child, row, begun, (last, after), label)
                begun = None
            elif local_name(child) in {"pb", "fw"}:
                found += self._between(child)
        return found

    def _group(
        self,
        group: etree._Element,
        row: Block,
        begun: LineBuilder | None,
        ending: tuple[list[etree._Element], tuple[etree._Element, ...]],
        label: str,
    ) -> list[ImportedLine]:
        found: list[ImportedLine] = []
        last, after = ending
        for child in group:
            if local_name(child) in {"pb", "fw"}:
                found += self._between(child)
            elif local_name(child) == row.line:
                more = after if child in last else ()
                found += self._line(child, begun, more, label)
                begun = None
        return found

    def _between(self, element: etree._Element) -> list[ImportedLine]:
        """Read a page break or forme work between two lines."""
        if local_name(element) == "pb":
            self.turn(element)
            return []
        lines = LineBuilder(self.page)
        self.forme_work(element, lines)
        self.left = lines.prefix or self.left
        return lines.done

    def _line(
        self,
        line: etree._Element,
        begun: LineBuilder | None,
        after: tuple[etree._Element, ...],
        label: str,
    ) -> list[ImportedLine]:
        lines = begun or LineBuilder(self.page)
        lines.label = label
        first = next((e for e in line if isinstance(e.tag, str)), None)
        if begun is not None and local_name(first) == "lb" and not (line.text or "").strip():
            begun.end("")  # the name has a line of its own
        spoken = len(lines.done)
        if not begun:
            self.begin_block(lines)
        self.content(line, lines)
        for element in after:
            self.element(element, lines)
        lines.end("")
        self.page = max(self.page, lines.page)
        self.left = lines.prefix or self.left
        own = lines.done[spoken:]
        for one in own[:-1]:
            one.text += "" if one.text.endswith(DIVIDED) else _GOES_ON
        indent = _INDENT.fullmatch(line.get("rend") or "")
        if indent and own:
            own[0].text = " " * int(indent[1]) + own[0].text
        return lines.done

    def table(self, element: etree._Element) -> list[ImportedLine]:
        """Return the lines of a table as Markdown; without a row of heads the first is empty."""
        found: list[ImportedLine] = []
        rows = [e for e in element if local_name(e) == "row"]
        width = max((sum(local_name(e) == "cell" for e in row) for row in rows), default=0)
        rule = ImportedLine("|" + "---|" * width, "", self.page)
        if not rows or rows[0].get("role") != "label":
            found += [ImportedLine("|" + "  |" * width, "", self.page), rule]
        for child in element:
            if local_name(child) in {"pb", "fw"}:
                found += self._between(child)
            elif local_name(child) == "row":
                found.append(self._row_of_cells(child))
                found += [rule] if child is rows[0] and len(found) == 1 else []
        return found

    def _row_of_cells(self, row: etree._Element) -> ImportedLine:
        cells: list[str] = []
        plain: list[str] = []
        for cell in row:
            if local_name(cell) != "cell":
                continue
            lines = LineBuilder(self.page)
            self.begin_block(lines)
            self.content(cell, lines)
            if not lines.started:
                self.left = lines.prefix + self.left
            lines.end("")
            self.page = max(self.page, lines.page)
            cells.append(" ".join(line.text for line in lines.done))
            plain.append(" ".join(line.plain for line in lines.done))
        return ImportedLine(f"| {' | '.join(cells)} |", " ".join(filter(None, plain)), self.page)
