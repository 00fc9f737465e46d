"""Write the blocks of TEI that contain blocks as MyST: quotations, lists, figures, entries, notes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tei_export.importing.safe_xml import children, descendants, local_name, words
from tei_export.importing.tei_lines import LineBuilder
from tei_export.importing.tei_part_source import TeiPartSource
from tei_export.model.blocks import BY_BLOCK, Holds

if TYPE_CHECKING:
    from lxml import etree

    from tei_export.importing.tei_lines import ImportedLine
    from tei_export.model.blocks import Block

#: The sign of an item of own TEI, after the beginnings of a page or line.
_SIGN = re.compile(r"^((?:\{(?:pb|o)\}`[^`]*`)*)([0-9]*)\\?([-*+.)•]) ")


class TeiNestedBlockReader(TeiPartSource):
    """Reads quotations, lists, figures, bibliography entries and notes, and the paragraphs in them."""

    def paragraph(self, elements: list[etree._Element]) -> None:
        lines = self.with_above(self.read_lines(elements))
        if lines:
            self.write_lines(lines)
            self.out.append("")
        self.write_notes()

    def end_begun(self) -> None:
        """Write the name of a speaker that no paragraph follows."""
        if self.begun is not None:
            self.paragraph([])

    def quotation(self, element: etree._Element) -> None:
        """Write ``cit`` or ``quote``, split into paragraphs, with the note reference at the end."""
        quotes = descendants(element, "quote", "q") if local_name(element) == "cit" else [element]
        outer = [q for q in quotes if not any(above in quotes for above in q.iterancestors())]
        for number, quote in enumerate(outer):
            before = quote.getprevious() if quote is not element else None
            while before is not None and local_name(before) == "fw":
                before = before.getprevious()
            if before is not None and local_name(before) == "pb":
                self.turn(before)
            inside = [e for e in quote if local_name(e) in {"p", "ab", "l", "lg", "list", "figure"}]
            blocks = [[e] for e in inside] if inside else [[quote]]
            after = (
                [e for e in element if local_name(e) in {"ref", "note"}]
                if local_name(element) == "cit"
                else []
            )
            for at, block in enumerate(blocks):
                if self.own and local_name(block[0]) == "figure":
                    self.figure(block[0], "> ")
                    self.out.append("" if at == len(blocks) - 1 else ">")
                    continue
                if self.own and local_name(block[0]) == "list":
                    self.list_of_items(block[0], "> ")
                    self.out.append("" if at == len(blocks) - 1 else ">")
                    continue
                last = number == len(outer) - 1 and at == len(blocks) - 1
                row = row_of_lines(block[0]) if self.own else None
                if row is not None:
                    self.out.append(f"> ```{{{row.name}}}")
                    self.write_lines(
                        self.lined(row, block[0], after=tuple(after) if last else ()), "> "
                    )
                    self.out += ["> ```", "" if at == len(blocks) - 1 else ">"]
                    continue
                lines = self._quoted(block, after if last else [], self.language(quote))
                self.write_lines(self.with_above(lines), "> ")
                self.out.append("" if at == len(blocks) - 1 else ">")
        self.write_notes()

    def _quoted(
        self, block: list[etree._Element], after: list[etree._Element], role: str
    ) -> list[ImportedLine]:
        lines = LineBuilder(self.page)
        self.begin_block(lines)
        if role:
            self.phrase(role, block[0], lines)
        else:
            self.content(block[0], lines)
        for element in after:
            self.element(element, lines)
        lines.end("")
        self.page = max(self.page, lines.page)
        self.left = lines.prefix
        return lines.done

    def figure(self, element: etree._Element, prefix: str = "") -> None:
        """Write a figure; the path of its picture begins at the folder of the sources.

        :param prefix: what stands before the lines of the block that holds it
        """
        self.end_begun()
        graphic, told = (
            next(iter(children(element, name)), None) for name in ("graphic", "figDesc")
        )
        url = unquote(graphic.get("url") or "") if graphic is not None else ""
        path = url.partition("/")[2]
        fenced = [f"```{{figure}} /{path}" if path else "```{figure}"]
        if told is not None:
            fenced.append(f":alt: {json.dumps(words(told), ensure_ascii=False)}")
        if element.get("type") == "ornament":
            fenced.append(":ornament:")
        self.out += [prefix + line for line in fenced]
        for caption in element:
            if local_name(caption) in {"head", "p"}:
                self.out.append(prefix.rstrip())
                self.write_lines(self.read_lines([caption]), prefix)
        self.out += [f"{prefix}```"]
        if not prefix:
            self.out.append("")
            self.write_notes()

    def list_of_items(self, element: etree._Element, prefix: str = "") -> None:
        """Write a list; ``prefix`` are the spaces before one in an item."""
        gloss = self.own and element.get("type") == "gloss"
        for child in element:
            name = local_name(child)
            if name == "head":
                self.paragraph([child])
            elif name == "pb":
                self.turn(child)
            elif name == "item" and self.left and not self.own:
                self.said.append("an item of a list that begins a page is a paragraph")
                self.paragraph([child])
            elif gloss and name == "label":
                self.write_lines(self.with_above(self.read_lines([child])), prefix)
            elif name == "item":
                self._item(child, prefix, ": " if gloss else "")
                self.out += [""] if gloss else []
            elif name:
                self.tell(child)
                self.paragraph([child])
        if not prefix:
            self.out.append("")
            self.write_notes()

    def _item(self, item: etree._Element, prefix: str, sign: str) -> None:
        """Write a list item; the witness has its sign, so the source does not repeat it.

        :param sign: that of the source, if the text has none
        """
        inner = [e for e in item if local_name(e) in {"list", "figure"}] if self.own else []
        paragraphs = [e for e in item if local_name(e) == "p"] if self.own else []
        self.skip = set(inner)
        lines = self.read_lines(paragraphs[:1] or [item])
        if lines and self.own and not sign:
            match = _SIGN.match(lines[0].text)
            if match:
                sign = f"{match[2]}{match[3]} ".replace("•", "-")  # of an editors' note
                lines[0].text = match[1] + lines[0].text[match.end() :]
        elif lines and not self.own:
            lines[0].plain = f"- {lines[0].plain}"
        sign = sign or "- "
        lines = self.with_above(lines)
        self.lines += lines
        space = prefix + " " * len(sign)
        self.out += [f"{space if n else prefix + sign}{line.text}" for n, line in enumerate(lines)]
        for paragraph in paragraphs[1:]:
            self.out.append("")
            self.write_lines(self.read_lines([paragraph]), space)
        self.skip = set()
        for held in inner:
            if local_name(held) == "figure":
                self.out.append("")
                self.figure(held, space)
            else:
                self.list_of_items(held, space)

    def entry(self, element: etree._Element) -> None:
        """Write an entry of the author's bibliography with its annotation."""
        key = (element.get("corresp") or "").removeprefix("#bib-")
        annotations = [
            e for e in element if local_name(e) == "note" and e.get("type") == "annotation"
        ]
        lines = LineBuilder(self.page)
        self.begin_block(lines)
        self.skip = set(annotations)
        self.content(element, lines)
        self.skip = set()
        lines.end("")
        self.page = max(self.page, lines.page)
        self.left = lines.prefix
        self.out.append(f"```{{entry}} {key}")
        self.write_lines(lines.done)
        for note in annotations:
            for paragraph in [e for e in note if local_name(e) == "p"] or [note]:
                self.out.append("")
                self.write_lines(self.read_lines([paragraph]))
        self.out += ["```", ""]

    def write_notes(self) -> None:
        """Write the notes referenced in the blocks written so far."""
        waiting, self.waiting = self.waiting, []
        for label, note, page in waiting:
            self._print(label, note, page)

    def _print(self, label: str, note: etree._Element, page: int) -> None:
        first = True
        kept = (
            [e for e in note if local_name(e) in {"list", "figure"} or row_of_lines(e) is not None]
            if self.own
            else []
        )
        paragraphs = [e for e in note if local_name(e) in {"p", "ab"}]
        blocks = [e for e in note if e in paragraphs or e in kept] if paragraphs else [note, *kept]
        for block in blocks:
            lines = LineBuilder(page)
            lines.label = self.turns[page].label if self.own and self.turns else ""
            if local_name(block) in {"list", "figure"} and block in kept:
                outer, self.lines = self.lines, self.note_lines
                (self.list_of_items if local_name(block) == "list" else self.figure)(block, "    ")
                self.lines = outer
                self.out.append("")
                continue
            row = row_of_lines(block) if block in kept else None
            if row is not None:
                inside = self.lined(row, block, label=lines.label)
                self.note_lines += inside
                fenced = [f"```{{{row.name}}}", *(line.text for line in inside), "```"]
                self.out += [*(f"    {line}".rstrip() for line in fenced), ""]
                continue
            self.kept = {*kept} if block is note else set()
            self.note_content(block, lines, label, first=first)
            lines.end("")
            self.note_lines += lines.done
            for number, line in enumerate(lines.done):
                self.out.append(
                    f"[^{label}]: {line.text}" if first and not number else f"    {line.text}"
                )
            first = False
            self.out.append("")

    def write_editors_notes(self) -> None:
        """Write the editors' notes of the part."""
        for label, note in self.editorial:
            head = f"[^{label}]: "
            outer, self.lines = self.lines, []  # their words are not in the witness
            for block in [e for e in note if local_name(e) in {"p", "list", "figure"}] or [note]:
                if self.own and block is not note and local_name(block) != "p":
                    self.out += [head.rstrip(), ""] if head.strip() else []
                    (self.list_of_items if local_name(block) == "list" else self.figure)(
                        block, "    "
                    )
                    self.out.append("")
                else:
                    lines = LineBuilder(self.page)
                    self.content(block, lines)
                    lines.end("")
                    self.out += [f"{head}{' '.join(line.text for line in lines.done)}", ""]
                head = "    "
            self.lines = outer


def row_of_lines(element: etree._Element) -> Block | None:
    """Return the row of a block of lines: verse, an address."""
    name = local_name(element)
    rows = (row for row in BY_BLOCK.values() if row.tei == name and row.holds is Holds.LINES)
    return next(rows, None)
