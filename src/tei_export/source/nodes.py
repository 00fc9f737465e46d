"""The node classes of the doctree.

After the read transforms the tree is final: lines, pages, notes and ids are attributes of the
nodes, and the writers of all outputs only render them. ``kind`` is the key of a vocabulary row.

``mark``      phrase. All: ``kind``. Layers and states: ``source``, ``cert``, ``resp``,
              ``why``, ``app`` (class of the difference), ``xml_id``, ``place``. Mentions:
              ``key``, ``xml_ref``, ``named`` (a name, not a description), ``place``.
              Rows with values: ``values`` (TEI attribute → value), ``lang``.
              ``gap``: ``quantity``, ``unit``. A formula: ``display`` (it stands in a line of its own). Forme work (``aside``): ``foot`` (of a page number:
              text stands above it); a line that holds nothing else begins inside it.
              ``app`` (family ``VARIANTS``): ``variants`` (:class:`~tei_export.model.variants.VariantReading`, resolved),
              ``lemma_sigla`` (who agrees with the lemma), ``departs`` (the base does not; ``source`` is its reading).
``lb``        beginning of a line. ``line`` (on the typescript page, 0: none), ``page``,
              ``witness_line`` (0: none), ``piece`` (a later piece of that line),
              ``word_break`` (``no``, ``maybe`` or empty), ``hyphen`` (its sign in the
              witness, or empty),
              ``join`` (what precedes the line in running text: a space or nothing),
              ``displaced``, ``cert``, ``seq`` (``body`` or ``note``); ``over`` (in forme work
              before which a word is divided: its sign, or ``none``), ``past`` (the word goes on here).
``pb``        beginning of a page: ``page``, ``seen`` (witness line of its number, or 0),
              ``source`` (O's reading of it), ``printed`` (forme work holds it), ``continued`` (inside a note: the page
              began elsewhere), ``word_break``.
``noteref``   ``series`` (``authorial``, ``editorial``), ``label``, ``refid``, ``ids``.
``textnote``  block; ``series``, ``label``, ``refid`` (of its reference), ``ids``,
              ``page``; first child of an authorial note's paragraph is a ``notelabel``.
``bullet_list`` a list: ``kind`` (``bulleted``, ``numbered``, ``gloss``); its items have the ``sign`` before their words, as
              the source has it. An item of a glossary begins with an ``edterm``.
``edtable``   a table; its rows are ``edrow`` nodes, these hold ``edcell`` nodes.
``textnotes`` block with the notes of one series of a document.
``edfigure``  a picture of the original: ``picture`` (its path below the sources, or empty), ``alt``, ``size`` (width
              and height in pixels), ``ornament``; an ``image`` for Sphinx, then the paragraphs of its caption.
``edblock``   a block of the vocabulary of blocks: ``kind`` is its row. One of lines contains
              ``blockgroup`` nodes, and these its lines.
``blockline`` a line, or the running text, of such a block: a paragraph whose lines are kept. ``kind``,
              ``indent`` (spaces before it), ``verse`` (its number where lines are counted).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from docutils import nodes

from tei_export.model.vocabulary import BY_NAME, Reads

if TYPE_CHECKING:
    from collections.abc import Iterator

NodeT = TypeVar("NodeT", bound=nodes.Node)


#: The roots of trees whose structure does not change for the moment (:func:`unchanging`), by their ``id``.
_unchanging: dict[int, _Found] = {}


class _Found:
    """The nodes of a tree, each kind looked for once."""

    def __init__(self, root: nodes.Node) -> None:
        self.root = root
        self.nodes = _walk(root)
        self.blocks: dict[type[nodes.Node], list[Any]] = {}
        self._of_class: dict[type[nodes.Node], list[nodes.Node]] = {}
        for node in self.nodes:
            self._of_class.setdefault(type(node), []).append(node)
        self._of_kind: dict[type[nodes.Node], list[Any]] = {}

    def of_kind(self, kind: type[NodeT]) -> list[NodeT]:
        """Return the nodes of ``kind``, in the order of the document."""
        if kind not in self._of_kind:
            classes = [known for known in self._of_class if issubclass(known, kind)]
            if len(classes) == 1:
                self._of_kind[kind] = self._of_class[classes[0]]
            else:
                self._of_kind[kind] = [node for node in self.nodes if isinstance(node, kind)]
        return self._of_kind[kind]


@contextmanager
def unchanging(root: nodes.Node) -> Iterator[None]:
    """Let :func:`every_node`, :func:`every` and :func:`every_block` walk through the tree of ``root`` only once.

    Meanwhile no node may be added, removed or moved; attributes may change.
    """
    _unchanging[id(root)] = _Found(root)
    try:
        yield
    finally:
        del _unchanging[id(root)]


def every_node(root: nodes.Node) -> list[nodes.Node]:
    """Return ``root`` and all nodes below it, in the order of the document.

    docutils' ``findall`` passes every node through one generator per level, which takes twice as
    long.
    """
    known = _unchanging.get(id(root))
    return known.nodes[:] if known else _walk(root)


def _walk(root: nodes.Node) -> list[nodes.Node]:
    found = [root]
    _walk_below(root, found)
    return found


def _walk_below(node: nodes.Node, found: list[nodes.Node]) -> None:
    for child in node.children:
        found.append(child)
        if child.children:
            _walk_below(child, found)


def every(root: nodes.Node, kind: type[NodeT]) -> list[NodeT]:
    """Return the nodes of ``kind`` at and below ``root``, in the order of the document."""
    known = _unchanging.get(id(root))
    if known is None:
        return [node for node in _walk(root) if isinstance(node, kind)]
    return known.of_kind(kind)[:]


def first(root: nodes.Node, kind: type[NodeT]) -> NodeT | None:
    """Return the first of :func:`every`, or None; look no further."""
    if isinstance(root, kind):
        return root
    for child in root.children:
        if (found := first(child, kind)) is not None:
            return found
    return None


def every_block(root: nodes.Node, kind: type[NodeT]) -> list[NodeT]:
    """Return the blocks of ``kind`` at and below ``root``, in the order of the document.

    As :func:`every`, but it does not enter paragraphs and titles: they contain no blocks.
    """
    known = _unchanging.get(id(root))
    if known and kind in known.blocks:
        return known.blocks[kind][:]
    found: list[NodeT] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, kind):
            found.append(node)
        if node.children and not isinstance(node, (nodes.paragraph, nodes.title)):
            stack.extend(node.children[::-1])
    if known:
        known.blocks[kind] = found[:]
    return found


class _Quick(nodes.Element):
    """A node that is made in half the time of docutils' own (measured): texts contain thousands of them.

    docutils asks each child for its document, and looks whether each attribute is a list.
    """

    def __init_subclass__(cls) -> None:
        cls.tagname = cls.__name__

    def __init__(self, rawsource: str = "", *children: nodes.Node, **attributes: Any) -> None:
        self.rawsource = rawsource
        self.attributes = attributes
        for name in self.list_attributes:
            attributes[name] = list(attributes.get(name, ()))
        fill(self, list(children))


class mark(_Quick, nodes.Inline, nodes.TextElement):
    """A phrase of ``kind``."""


class notelabel(_Quick, nodes.Inline, nodes.TextElement):
    """The printed number of an author's note; ``space``: O has a space after it."""


class lb(_Quick, nodes.Inline):
    """The beginning of a line."""


class pb(_Quick, nodes.Inline):
    """The beginning of a page."""


class point(_Quick, nodes.Inline):
    """A milestone: ``kind``, ``value``; about witnesses (:data:`~tei_export.model.vocabulary.OF_WITNESSES`), too:
    ``sigla``, ``variants``, ``unit`` (of another witness's break), ``xml_id``.

    The line transform replaces points that begin a line or a page by ``lb`` and ``pb``.
    """


class noteref(_Quick, nodes.Inline):
    """A note reference."""


class textnote(nodes.General, nodes.Element):
    """A note of the author or of the editors."""


class bibentry(nodes.General, nodes.Element):
    """An entry of the author's bibliography; ``key`` is its work.

    The first paragraph is the entry, the others are the author's annotation.
    """


class textnotes(nodes.General, nodes.Element):
    """The notes of one series."""


class edblock(nodes.General, nodes.Element):
    """A block of ``kind``, a row of :mod:`tei_export.model.blocks`."""


class blockgroup(nodes.General, nodes.Element):
    """Lines of a block between blank lines: a stanza."""


class edfigure(nodes.General, nodes.Element):
    """A figure: its picture and the paragraphs of its caption."""


class edterm(nodes.paragraph):
    """The term of an item in a glossary."""


def captions_of(figure: nodes.Element) -> list[nodes.paragraph]:
    """Return the paragraphs of the caption of a figure."""
    return [child for child in figure.children if isinstance(child, nodes.paragraph)]


class edtable(nodes.General, nodes.Element):
    """A table; its children are rows."""


class edrow(nodes.paragraph):
    """A row of a table, which is one line of the source: cells, and the spaces between them.
    ``head``: it names the columns.
    """


class edcell(nodes.Inline, nodes.TextElement):
    """A cell of a row: ``head``, ``align`` (``left``, ``center``, ``right`` or empty)."""


def cells_of(row: nodes.Element) -> list[edcell]:
    """Return the cells of a row."""
    return [cell for cell in row.children if isinstance(cell, edcell)]


class blockline(nodes.paragraph):
    """A line of a block of lines, or the text of a block of running text."""


#: Blocks that are numbered within their part.
BLOCKS = (
    nodes.paragraph, nodes.block_quote, nodes.bullet_list, bibentry, edblock, edtable, edfigure,
)  # fmt: skip


def number_beside(line: nodes.Element) -> str:
    """Return the number shown beside a line of verse: every fifth, at the beginning of the line."""
    shown = line.get("verse_n", 1) % 5 == 0 and line.get("part") not in ("M", "F")
    return str(line["verse"]) if shown else ""


def begins_after(line: nodes.Element) -> int:
    """Return the indent of a line that another speaker began, in half ems; 0 for all others.

    Indents written in the source are separate. The width of letters is an average.
    """
    return 0 if line["indent"] else min(round(line.get("shift", 0) * 0.84), 40)


def speaker_of(node: nodes.Node) -> mark | None:
    """Return the mark of a speaker at the beginning of a paragraph or line, after lines and pages."""
    for child in node.children:
        if isinstance(child, mark):
            return child if child["kind"] == "speaker" else None
        if not isinstance(child, (lb, pb, point)) and child.astext().strip():
            return None
    return None


def says_nothing(node: nodes.Node) -> bool:
    """Return whether a paragraph, a line, or verse of one line has a speaker and no other words."""
    if isinstance(node, edblock):
        lines = every_block(node, blockline)
        return len(lines) == 1 and says_nothing(lines[0])
    who = speaker_of(node) if isinstance(node, nodes.paragraph) else None
    return who is not None and not any(
        reading(c).strip() or reading(c, "T").strip() for c in node.children if c is not who
    )


def keeps_lines(node: nodes.Node) -> bool:
    """Return whether every output shows the lines of ``node`` as they are."""
    return isinstance(node, blockline) and not isinstance(node.parent, blockgroup)


#: Marks a name that continues on the next line.
CONTINUED = "…"

#: The sign of lost text.
GAP_TEXT = "[…]"


#: The sign of a marginal note without a reference in the source, where readers need a link.
MARGIN_SIGN = "•"


def shown_label(node: nodes.Element) -> str:
    """Return the visible sign of an author's note, at its reference and before the note."""
    return str(node["label"]) or MARGIN_SIGN


def is_aside(node: nodes.Node) -> TypeGuard[mark]:
    """Return whether ``node`` is forme work, which running text omits."""
    return isinstance(node, mark) and BY_NAME[node["kind"]].aside


def is_formula(node: nodes.Node) -> TypeGuard[mark]:
    """Return whether ``node`` is a formula."""
    return isinstance(node, mark) and bool(BY_NAME[node["kind"]].notation)


def entries_in(node: nodes.Element) -> list[mark]:
    """Return the marks inside ``node`` that have an entry in the apparatus."""
    return [m for m in every(node, mark) if m is not node and "xml_id" in m]


def reads_of(node: nodes.Element, layer: str) -> Reads:
    """Return the reading of ``layer`` (E, T, O) at a mark; if the base differs from the lemma, T
    and O read the base."""
    said = (
        node.attributes
    )  # every word of a text is asked: a method call would take three times as long
    if layer != "E" and said.get("departs"):
        return Reads.SOURCE
    return BY_NAME[said["kind"]].read_by(layer)


def reading(node: nodes.Node, layer: str = "E") -> str:
    """Return the text of ``node`` in layer ``E`` or ``T``, lines joined, without note numbers."""
    pieces: list[str] = []
    _read(node, layer, pieces)
    return "".join(pieces)


def _read(node: nodes.Node, layer: str, pieces: list[str]) -> None:
    """Add the pieces of the text of ``node`` to ``pieces``."""
    if isinstance(node, nodes.Text):
        pieces.append(node)
    elif isinstance(node, lb):
        pieces.append(node.attributes["join"])
    elif isinstance(node, mark):
        row = BY_NAME[node.attributes["kind"]]
        if row.aside:
            return
        reads = reads_of(node, layer)
        if reads is not Reads.CONTENT:
            pieces.append(
                {Reads.SIGN: GAP_TEXT, Reads.NOTHING: ""}.get(reads, node.get("source", ""))
            )
            if reads is not Reads.BOTH:
                return
        _read_inside(node, layer, pieces)
    elif isinstance(node, point):
        pieces.append(BY_NAME[node["kind"]].sign)
    elif not isinstance(node, (noteref, notelabel, textnote, textnotes)):
        _read_inside(node, layer, pieces)


def _read_inside(node: nodes.Node, layer: str, pieces: list[str]) -> None:
    for number, child in enumerate(node.children):
        if isinstance(child, nodes.Text):
            pieces.append(child)
            continue
        if number and _apart(child):
            pieces.append(" ")  # between the lines of a block
        _read(child, layer, pieces)


def _apart(node: nodes.Node) -> bool:
    """Return whether a node begins a line of its own in a block."""
    return isinstance(
        node, (nodes.paragraph, blockgroup, edfigure, nodes.list_item, nodes.bullet_list)
    )


def values_of(node: nodes.Element) -> dict[str, str]:
    """Return the values of a role: TEI attribute → value."""
    return dict(node.get("values") or {})


def note_text(node: textnote, layer: str = "E") -> str:
    """Return the text of a note, without its label."""
    return "\n".join(reading(child, layer) for child in node.children)


def take_out(node: nodes.Node) -> None:
    """Remove ``node`` from its parent, by identity.

    docutils' own ``remove`` compares texts by content and would remove the first line end instead.
    """
    put_in_place(node, [])


def fill(node: nodes.Element, children: list[nodes.Node]) -> None:
    """Give ``node`` other children; unlike docutils, without asking for the document of each."""
    node.children = children
    for child in children:
        child.parent = node


def text_of(words: str) -> nodes.Text:
    """Return a node of words; docutils would first look whether they are bytes."""
    return str.__new__(nodes.Text, words)


def add(node: nodes.Element, child: nodes.Node) -> None:
    """Append ``child`` to ``node``; unlike docutils, without giving it a document, file and line, which ``node`` has."""
    child.parent = node
    node.children.append(child)


def put_in_place(node: nodes.Node, new: list[nodes.Node]) -> None:
    """Replace ``node``, by identity, by ``new``."""
    parent = node.parent
    children = parent.children
    at = next(i for i, child in enumerate(children) if child is node)
    children[at : at + 1] = new
    for child in new:
        child.parent = parent
