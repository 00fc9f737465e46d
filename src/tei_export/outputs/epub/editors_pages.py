"""Render pages outside the texts: those with ``epub: true`` in their front matter.

Markup that the book cannot represent is reported, never dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from markupsafe import Markup

from tei_export.model.problems import EditionError, Problem
from tei_export.model.vocabulary import BY_NAME
from tei_export.outputs.epub.writer import part_path
from tei_export.outputs.epub.xhtml import XhtmlDocument, language, link
from tei_export.shared.elements import EMPTY, NEWLINE, element, esc, join, on_line
from tei_export.source.nodes import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

#: node → its element
_ELEMENTS: dict[type[nodes.Node], str] = {
    nodes.paragraph: "p",
    nodes.emphasis: "em",
    nodes.strong: "strong",
    nodes.literal: "code",
    nodes.literal_block: "pre",
    nodes.subscript: "sub",
    nodes.superscript: "sup",
    nodes.bullet_list: "ul",
    nodes.enumerated_list: "ol",
    nodes.list_item: "li",
    nodes.block_quote: "blockquote",
    nodes.definition_list: "dl",
    nodes.term: "dt",
    nodes.definition: "dd",
}
#: Nodes of which only the content is rendered.
_THROUGH = (nodes.inline, nodes.compound, nodes.container, nodes.definition_list_item)
_NOTHING = (nodes.comment, nodes.target, nodes.meta, nodes.substitution_definition)
#: More columns than this do not fit on an e-reader's screen.
_COLUMNS = 5
#: Maximum number of letters in a cell that must not be broken.
_SHORT = 9


class EpubPageWriter:
    """Writes the page ``docname``.

    ``known``: the documents of the book; ``outside``: the address of a place that another volume has,
    from its document and fragment; empty for none.
    """

    def __init__(
        self,
        docname: str,
        known: Collection[str],
        outside: Callable[[str, str], str] = lambda _name, _fragment: "",
    ) -> None:
        self.docname = docname
        self.path = part_path(docname)
        self.known = known
        self.outside = outside

    def document(self, doctree: nodes.document, title: str) -> XhtmlDocument:
        """Return the page.

        :raises EditionError: markup that the book cannot represent
        """
        body = self._all(doctree.children, 0)
        return XhtmlDocument(self.path, title, body, matter="frontmatter", name="page")

    def _all(self, children: Iterable[nodes.Node], level: int) -> Markup:
        return join(self._one(child, level) for child in children)

    def _one(self, node: nodes.Node, level: int) -> Markup:
        if isinstance(node, nodes.Text):
            return esc(node)
        if isinstance(node, _NOTHING):
            return EMPTY
        if isinstance(node, nodes.section):
            content = self._all(node.children, level + 1)
            return on_line(element("section", NEWLINE, content, id=_id(node))) if level else content
        if isinstance(node, nodes.title):
            tag = f"h{min(max(level, 1), 6)}"
            return on_line(element(tag, self._all(node.children, level)))
        if isinstance(node, nodes.table):
            return self._table(node, level)
        return self._plain(node, level)

    def _plain(self, node: Any, level: int) -> Markup:
        content = self._all(node.children, level)
        if isinstance(node, nodes.reference):
            return self._reference(node, content)
        if isinstance(node, nodes.Admonition):
            return on_line(element("div", NEWLINE, content, class_="admonition"))
        if isinstance(node, mark) and (lang := BY_NAME[node["kind"]].lang):
            return element("i", content, **language(lang))
        if isinstance(node, (mark, *_THROUGH)):
            return content
        tag = _ELEMENTS.get(type(node))
        if tag is None:
            line = getattr(node, "line", None) or 0
            raise EditionError(
                Problem(
                    "markup-foreign",
                    f"{self.docname}.md",
                    line,
                    f"no form in the EPUB: {node.tagname}",
                )
            )
        rendered = element(tag, content)
        return on_line(rendered) if isinstance(node, nodes.Body) else rendered

    def _reference(self, node: nodes.reference, content: Markup) -> Markup:
        """Return a link out of the book or to one of its documents, otherwise only its words."""
        address = str(node.get("refuri", ""))
        if address.startswith(("https://", "http://", "mailto:")):
            return element("a", content, href=address)
        name, _hash, fragment = address.partition("#")
        if not address and node.get("refid"):
            name, fragment = self.docname, str(node["refid"])
        if name not in self.known:
            address = self.outside(name, fragment)
            return element("a", content, href=address) if address else content
        return element("a", content, href=link(self.path, part_path(name), fragment))

    def _table(self, node: nodes.table, level: int) -> Markup:
        """Return a table; one too wide for a small screen becomes a list of its rows."""
        rows = [
            [self._all(entry.children, level) for entry in row.children]
            for row in node.findall(nodes.row)
        ]
        heads = 1 if any(node.findall(nodes.thead)) else 0
        if heads and rows and len(rows[0]) > _COLUMNS:
            return _told([[_text(cell) for cell in row] for row in rows])
        lines = [_row(row, "th" if n < heads else "td") for n, row in enumerate(rows)]
        return on_line(element("table", NEWLINE, *lines))


def _row(cells: list[Markup], tag: str) -> Markup:
    """Return a row; below the head, its first cell names it. Short cells are not broken."""
    row = EMPTY
    for n, cell in enumerate(_text(cell) for cell in cells):
        if tag == "td" and not n and cell:
            row += element("th", cell, scope="row")
        elif tag == "th" and cell:
            row += element("th", cell, scope="col")
        else:
            row += element("td", cell, class_="short" if len(cell) <= _SHORT else None)
    return on_line(element("tr", row))


def _text(cell: Markup) -> Markup:
    """Return the content of a single-paragraph cell, without its tags."""
    return Markup(cell.removeprefix("<p>").removesuffix("</p>\n").removesuffix("</p>"))


def _told(rows: list[list[Markup]]) -> Markup:
    """Return the rows of a table as a list.

    An item contains the row's first cell, then the other cells, each after the head of its column;
    cells with a dash are omitted.
    """
    head, *rest = rows
    statements = []
    for first, *cells in rest:
        said = [
            join((name, " ", cell))
            for name, cell in zip(head[1:], cells, strict=True)
            if cell not in {"", "–"}
        ]
        statements.append(on_line(element("dt", first), element("dd", join(said, ", "))))
    return on_line(element("dl", NEWLINE, *statements, class_="told"))


def _id(node: nodes.Element) -> str:
    return str(node["ids"][0]) if node["ids"] else ""
