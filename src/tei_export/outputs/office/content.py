"""The common content of both formats: paragraphs with styles, made from the plain form of a text.

Word processors have paragraph styles, character styles, footnotes with custom marks, and bookmarks.
Notes therefore keep the numbers of the original, and readers can find an original page by its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.shared.plain_nodes import PAGE, PlainWriter
from tei_export.source.nodes import edfigure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: node → the name of its character style
_FACES: dict[type[nodes.Node], str] = {
    nodes.emphasis: "emphasis",
    nodes.strong: "strong",
    nodes.superscript: "superscript",
    nodes.subscript: "subscript",
    nodes.literal: "code",
}
_LANGUAGE = "language-"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style. ``faces``: names of ``_FACES``, or ``page`` for the number of a page."""

    text: str
    faces: frozenset[str] = frozenset()
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The beginning of a page of the original, ``p17``."""

    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote with the edition's mark."""

    label: str
    body: tuple[Paragraph, ...]


Content = Run | Bookmark | Note


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. ``style``: ``title``, ``subtitle``, ``heading``, ``body``, ``quotation``, ``item``, ``line`` or
    ``cell``; ``level``: of a heading, from 1; of an item or a line, its indentation, from 0."""

    style: str
    content: tuple[Content, ...]
    level: int = 0
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; ``heads``: the number of rows that name the columns."""

    rows: tuple[tuple[tuple[Paragraph, ...], ...], ...]
    heads: int = 0


#: The maximum width and height of a picture on A4 in centimetres, and pixels per inch.
_FRAME = (15.0, 18.0)
_PIXELS = 150


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its path below the sources, its description, and its size in pixels."""

    path: str
    alt: str
    size: tuple[int, int]

    @property
    def centimetres(self) -> tuple[float, float]:
        """Its width and height in centimetres: at 150 pixels per inch, but no larger than the page allows."""
        sides = [pixels / _PIXELS * 2.54 for pixels in self.size]
        scale = min(1, *(most / side for most, side in zip(_FRAME, sides, strict=True)))
        return sides[0] * scale, sides[1] * scale


def numbered(paths: Iterable[str]) -> dict[str, str]:
    """Return the name of each picture in the package."""
    return {
        path: f"picture{number}.{path.rpartition('.')[2].lower()}"
        for number, path in enumerate(dict.fromkeys(paths), 1)
    }


Block = Paragraph | Table | Picture


def part_blocks(
    docname: str, part: nodes.section, pages: Mapping[str, str], title: str = ""
) -> list[Block]:
    """Return the blocks of a part of a text.

    :param docname: the document of the part
    :param title: its heading if it has none of its own
    :param part: its section, in the final tree
    :param pages: anchor of a page → its number; the anchors become bookmarks
    """
    plain = PlainWriter(docname, title=title).blocks([part])
    sizes = {figure["picture"]: figure.get("size") for figure in part.findall(edfigure)}
    return list(_Reader(plain, pages, sizes).blocks(plain))


def heading(words: str, level: int = 1) -> Paragraph:
    """Return a heading in the edition's own words."""
    return Paragraph("heading", (Run(words),), level)


class _Reader:
    """Reads plain nodes. A note is placed at its first reference."""

    def __init__(
        self,
        plain: Iterable[nodes.Node],
        pages: Mapping[str, str],
        sizes: Mapping[str, tuple[int, int]],
    ) -> None:
        self._pages = pages
        self._sizes = sizes
        #: pages that begin with a heading: the plain form has them at its section
        self._before: list[Content] = []
        self._notes = {
            name: note
            for node in plain
            for note in node.findall(nodes.footnote)
            for name in note["ids"]
        }
        self._level = 0

    def blocks(
        self, children: Iterable[nodes.Node], style: str = "body", level: int = 0, lang: str = ""
    ) -> Iterator[Block]:
        """Yield the blocks of ``children``, whose paragraphs have ``style``."""
        for child in children:
            yield from self._block(child, style, level, lang)

    def _block(self, node: nodes.Node, style: str, level: int, lang: str) -> Iterator[Block]:
        if not isinstance(node, nodes.Element) or isinstance(node, nodes.footnote):
            return
        lang = _language(node) or lang
        if isinstance(node, nodes.section):
            yield from self._section(node, lang)
        elif isinstance(node, nodes.title):
            yield self._paragraph(node, "heading", max(self._level, 1), lang)
        elif isinstance(node, nodes.table):
            yield self._table(node, lang)
        elif isinstance(node, nodes.image):
            yield Picture(node["uri"], node.get("alt", ""), self._sizes[node["uri"]])
        elif isinstance(node, nodes.list_item):
            yield from self._item(node, level, lang)
        elif isinstance(node, nodes.TextElement) and not isinstance(node, nodes.line_block):
            yield self._paragraph(node, style, level, lang)
        else:
            yield from self.blocks(node.children, *_inside(node, style, level), lang)

    def _section(self, node: nodes.section, lang: str) -> Iterator[Block]:
        for name in node["ids"]:
            if name in self._pages:
                label = Run(f"[{self._pages[name]}]", frozenset({"page"}))
                self._before += [Bookmark(name), label, Run(" ", frozenset({"page"}))]
        self._level += 1
        yield from self.blocks(node.children, lang=lang)
        self._level -= 1

    def _item(self, node: nodes.list_item, level: int, lang: str) -> Iterator[Block]:
        sign = Run(f"{_sign(node)}\t")
        for number, block in enumerate(self.blocks(node.children, "item", level, lang)):
            if number or not isinstance(block, Paragraph):
                yield block
            else:
                yield Paragraph(block.style, (sign, *block.content), block.level, block.lang)

    def _paragraph(self, node: nodes.Element, style: str, level: int, lang: str) -> Paragraph:
        before, self._before = self._before, []
        return Paragraph(style, (*before, *self._inline(node.children)), level, lang)

    def _table(self, node: nodes.table, lang: str) -> Table:
        rows = tuple(
            tuple(
                tuple(
                    block
                    for block in self.blocks(cell.children, "cell", 0, lang)
                    if isinstance(block, Paragraph)
                )
                for cell in row.children
                if isinstance(cell, nodes.entry)
            )
            for row in node.findall(nodes.row)
        )
        heads = sum(len(list(head.findall(nodes.row))) for head in node.findall(nodes.thead))
        return Table(rows, heads)

    def _inline(
        self, children: Iterable[nodes.Node], faces: frozenset[str] = frozenset(), lang: str = ""
    ) -> Iterator[Content]:
        for node in children:
            if isinstance(node, nodes.Text):
                if str(node):
                    yield Run(str(node), faces, lang)
            elif isinstance(node, nodes.footnote_reference):
                yield from self._note(node)
            elif isinstance(node, nodes.image):
                yield Run(f"[{node.get('alt', '')}]", faces, lang)
            elif isinstance(node, nodes.Element):
                yield from (Bookmark(name) for name in node["ids"] if name in self._pages)
                face = _FACES.get(type(node)) or ("page" if PAGE in node["classes"] else "")
                own = faces | {face} if face else faces
                yield from self._inline(node.children, own, _language(node) or lang)

    def _note(self, node: nodes.footnote_reference) -> Iterator[Content]:
        note = self._notes.pop(node.get("refid", ""), None)
        if note is None:  # a second reference to a note that stands where the first is
            yield Run(node.astext(), frozenset({"superscript"}))
            return
        body = [child for child in note.children if not isinstance(child, nodes.label)]
        paragraphs = [block for block in self.blocks(body) if isinstance(block, Paragraph)]
        yield Note(node.astext(), tuple(paragraphs) or (Paragraph("body", ()),))


def _inside(node: nodes.Element, style: str, level: int) -> tuple[str, int]:
    """Return style and level of the content of a block."""
    if isinstance(node, nodes.block_quote):
        return "quotation", level
    if isinstance(node, (nodes.bullet_list, nodes.enumerated_list)):
        return style, level + isinstance(node.parent, nodes.list_item)
    if isinstance(node, nodes.line_block):
        return "line", level + isinstance(node.parent, nodes.line_block)
    return style, level


def _language(node: nodes.Element) -> str:
    names: list[str] = list(node.get("classes", ()))
    tags = [name.removeprefix(_LANGUAGE) for name in names if name.startswith(_LANGUAGE)]
    return tags[-1] if tags else ""


def _sign(item: nodes.list_item) -> str:
    """Return the sign of a list item in the source, or its number."""
    listed = item.parent
    if isinstance(listed, nodes.enumerated_list):
        return f"{listed.get('start', 1) + listed.index(item)}{listed.get('suffix', '.')}"
    return str(listed.get("bullet") or "–")
