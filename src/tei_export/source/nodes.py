"""The few node classes of the doctree; each carries ``kind``, the key of a vocabulary row.

After the read transforms the tree is final: lines, pages, notes and ids stand on the
nodes, and the writers of all outputs only render them.

``mark``      phrase. All: ``kind``. Layers and states: ``source``, ``cert``, ``resp``,
              ``why``, ``app`` (class of the difference), ``xml_id``, ``place``. Mentions:
              ``key``, ``xml_ref``, ``named`` (a name, not a description), ``place``.
              ``gap``: ``quantity``, ``unit``.
``lb``        a line begins. ``n`` (line on the typescript page, 0: none), ``page``,
              ``o`` (witness line, 0: none), ``piece`` (a later piece of that line),
              ``brk`` (``no``, ``maybe`` or empty), ``hyphen`` (the witness shows it),
              ``join`` (what the line's beginning is in running text: space or nothing),
              ``displaced``, ``cert``, ``seq`` (``body`` or ``note``).
``pb``        a page begins: ``page``, ``seen`` (witness line of its number, or 0),
              ``source`` (what O has there), ``continued`` (inside a note: the page
              began elsewhere), ``brk``.
``noteref``   ``series`` (``authorial``, ``editorial``), ``label``, ``refid``, ``ids``.
``textnote``  block; ``series``, ``label``, ``refid`` (of its reference), ``ids``,
              ``page``; first child of an authorial note's paragraph is a ``notelabel``.
``textnotes`` block that holds the notes of one series of a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.vocabulary import BY_NAME, Reads

if TYPE_CHECKING:
    from collections.abc import Iterator


class mark(nodes.Inline, nodes.TextElement):
    """A phrase of ``kind``."""


class notelabel(nodes.Inline, nodes.TextElement):
    """The printed number at the head of an author's note; ``space``: one follows in O."""


class lb(nodes.Inline, nodes.Element):
    """A line begins."""


class pb(nodes.Inline, nodes.Element):
    """A page begins."""


class point(nodes.Inline, nodes.Element):
    """A milestone: ``kind``, ``value``. The line transform turns those that begin a line or a
    page into ``lb`` and ``pb``; others stay."""


class noteref(nodes.Inline, nodes.Element):
    """The reference to a note."""


class textnote(nodes.General, nodes.Element):
    """A note of the author or of the editors."""


class bibentry(nodes.General, nodes.Element):
    """An entry of the author's bibliography: ``key`` of its work; its first paragraph is the
    entry, the others are the author's annotation."""


class textnotes(nodes.General, nodes.Element):
    """The notes of one series."""


#: What a lost stretch of text is shown as.
GAP_TEXT = "[…]"


def reading(node: nodes.Node, layer: str = "E") -> str:
    """The text of ``node`` in layer ``E`` or ``T``, lines joined, without note numbers."""
    return "".join(_pieces(node, layer))


def _pieces(node: nodes.Node, layer: str) -> Iterator[str]:
    if isinstance(node, nodes.Text):
        yield str(node)
    elif isinstance(node, lb):
        yield node["join"]
    elif isinstance(node, point):
        yield BY_NAME[node["kind"]].sign
    elif isinstance(node, mark) and (reads := BY_NAME[node["kind"]].read_by(layer)) is not Reads.CONTENT:
        yield {Reads.SOURCE: node.get("source", ""), Reads.SIGN: GAP_TEXT}.get(reads, "")
    elif not isinstance(node, (noteref, notelabel, textnote, textnotes)):
        for child in node.children:
            yield from _pieces(child, layer)


def note_text(node: textnote, layer: str = "E") -> str:
    """The text of a note, without its label."""
    return "\n".join(reading(child, layer) for child in node.children)


def take_out(node: nodes.Node) -> None:
    """Remove ``node`` from its parent. docutils' own ``remove`` compares texts by their
    characters and would take the first line end instead of this one."""
    put_in_place(node, [])


def put_in_place(node: nodes.Node, new: list[nodes.Node]) -> None:
    """Replace ``node``, this very one, by ``new``."""
    parent = node.parent
    children = parent.children
    at = next(i for i, child in enumerate(children) if child is node)
    children[at : at + 1] = new
    for child in new:
        parent.setup_child(child)
