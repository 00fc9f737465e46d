"""Render the blocks that a text and its notes share as Typst source: rows of the vocabulary, verse, lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.blocks import BY_BLOCK, Holds
from tei_export.outputs.pdf.inline import PdfInlineWriter, is_visible
from tei_export.shared.typst_literals import call, string
from tei_export.source.nodes import (
    begins_after,
    blockgroup,
    blockline,
    edblock,
    edfigure,
    number_beside,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


#: The Typst functions of blocks whose rows name none.
_FUNCTIONS = {Holds.LINES: "kept-lines", Holds.TEXT: "kept", Holds.BLOCKS: "apart"}


class PdfBlockWriter(PdfInlineWriter):
    """Writes blocks inside blocks, list items and notes."""

    def _vocabulary_block(self, node: edblock) -> None:
        """Write a block of the vocabulary in the function of its row."""
        row = BY_BLOCK[node["kind"]]
        name = string(node["xml_id"]) if node.get("xml_id") else "none"
        function = row.typst or _FUNCTIONS[row.holds]
        above = node.parent
        if function == "kept-lines" and isinstance(above, edblock):
            name += f", speech: {str(BY_BLOCK[above['kind']].typst == 'speech').lower()}"
        elif function == "kept-lines" and self._inside_note:
            name += ", note: true"
        self.emit(f"{function}({name})[")
        # As after a heading, the first paragraph has no indent; those of a speech stand as its verse does.
        previous = "paragraph" if row.typst == "speech" else "title"
        for child in node.children:
            if isinstance(child, blockgroup):
                self.emit(
                    f"#group(id: {string(child['xml_id'])})[" if "stanza" in child else "#group["
                )
                for line in child.children:
                    self._verse_line(line)  # type: ignore[arg-type]
                self.emit("]")
            else:
                previous = self._block(child, previous)
        self.emit("]")

    def _block(self, node: nodes.Node, previous: str) -> str:
        """Write a block; return its kind, which determines the indent of the next one."""
        raise self.unknown(node)

    def _verse_line(self, node: blockline) -> None:
        if not is_visible(node, self.layer):
            self.emit("[")
            self.run(node.children)
            self.emit("]")
            return
        number = number_beside(node)
        indent = node["indent"] or begins_after(node)
        named: dict[str, object] = {"indent": indent} if indent else {}
        if number:
            named["number"] = number
        self.emit(f"#{call('line-of', node.get('xml_id') or None, **named)}[")
        self.run(node.children)
        self.emit("]")

    def _kept(self, node: blockline) -> None:
        """Write running text whose lines are kept."""
        row = BY_BLOCK[node["kind"]]
        if is_visible(node, self.layer):
            self.emit(
                f"{row.typst or _FUNCTIONS[row.holds]}({string(node['xml_id']) if node.get('xml_id') else 'none'})"
            )
        self.emit("[")
        outer, self._own_lines = self._own_lines, True
        self.run(node.children)
        self._own_lines = outer
        self.emit("]")

    def _list(self, node: nodes.bullet_list) -> None:
        """Write a list; its signs belong to the text. In a glossary, terms and definitions alternate."""
        self.emit("glossary(" if node["kind"] == "gloss" else "bullets(")
        for item in node.children:
            rest = [child for child in item.children if isinstance(child, nodes.Element)]
            if node["kind"] == "gloss":
                self._item(rest[:1])
                rest = rest[1:]
            self._item(rest)
        self.emit(")")

    def _item(self, blocks: Sequence[nodes.Element]) -> None:
        self.emit("[")
        for child in blocks:
            if isinstance(child, edfigure):
                self._block(child, "title")
                continue
            self.emit("#")
            if isinstance(child, nodes.bullet_list):
                self._list(child)
            else:
                self._paragraph(child, first=True)
        self.emit("], ")

    def _paragraph(self, node: nodes.Element, *, first: bool) -> None:
        """Write a paragraph."""
        raise NotImplementedError
