"""Write the nodes of the final tree as docutils' own.

The row of the vocabulary states the reading of the edited text at a mark, and its HTML element:
elements of typography have a node in docutils, all others become the class of the row. docutils'
own blocks keep their kind; our blocks are replaced by their content.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx import addnodes

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.shared.labels import letter
from tei_export.shared.pictures import ORNAMENT, picture_placeholder
from tei_export.source.facts import DOMAIN
from tei_export.source.nodes import (
    GAP_TEXT,
    blockgroup,
    blockline,
    captions_of,
    cells_of,
    edcell,
    edfigure,
    edrow,
    edtable,
    keeps_lines,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    reading,
    shown_label,
    textnote,
    textnotes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: HTML element of a row → the node with the same look in every writer
_FACES: dict[str, type[nodes.TextElement]] = {
    "b": nodes.strong, "strong": nodes.strong, "i": nodes.emphasis, "em": nodes.emphasis,
    "cite": nodes.emphasis, "sup": nodes.superscript, "sub": nodes.subscript,
    "code": nodes.literal,
}  # fmt: skip
#: The nodes that plain text writes between signs.
_SIGNED = (*_FACES.values(), nodes.footnote_reference)
_PLACEHOLDERS = "tei_export.source.directives."
_SPACE = re.compile(r"\s+")
#: The maximum width of a table in plain text, in characters; wider cells are wrapped.
_WIDE = 72
#: The class of the label of a page, ``[17]``, where it begins.
PAGE = "edition-page"


def is_own(node: nodes.Node) -> bool:
    """Return whether ``node`` is of our own class, unless a table or number replaces it later."""
    module = type(node).__module__
    return module.startswith("tei_export.") and not module.startswith(_PLACEHOLDERS)


class PlainWriter:
    """Writes nodes of the document ``docname``.

    ``numbers`` are the labels of notes by id, if they differ from the printed ones. ``title``: the
    heading of a part without its own.
    """

    def __init__(
        self, docname: str, numbers: Mapping[str, str] | None = None, title: str = ""
    ) -> None:
        self._docname = docname
        self._title = title
        self._numbers = numbers or {}
        self._digits = numbers is not None
        self._first = self._spaced = True
        self._heading = False
        self._in_link = False
        #: anchors of a heading, which no writer supports inside it
        self._anchors: list[str] = []
        #: labels of pages that begin inside a word: they follow it
        self._late: list[str] = []

    # blocks

    def blocks(self, children: Iterable[nodes.Node]) -> list[nodes.Node]:
        """Return the plain form of blocks."""
        return [new for child in children for new in self._block(child)]

    def _block(self, node: nodes.Node) -> list[nodes.Node]:
        if isinstance(node, (nodes.comment, nodes.system_message)):
            return []
        for kind, write in self._BLOCKS.items():
            if isinstance(node, kind):
                return [write(self, node)]
        if keeps_lines(node):
            assert isinstance(node, blockline)
            return [self._kept(node)]
        if isinstance(node, nodes.TextElement):
            return [self._leaf(node, nodes.paragraph if is_own(node) else None)]
        if isinstance(node, textnotes):
            return self.blocks(node.children)
        if not isinstance(node, nodes.Element):
            return [node]
        new = _holder(node)
        new += self.blocks(node.children)
        if isinstance(new, nodes.section):
            self._section(node, new)
        return [new]

    def _section(self, old: nodes.Element, new: nodes.section) -> None:
        """Give a section the anchors of its heading and of the part; replace an empty heading."""
        part = old.get("part", "")
        if part and not old.get("xml_id") and part not in new["ids"]:
            new["ids"].append(part)
        heading = next((c for c in new.children if isinstance(c, nodes.title)), None)
        if heading is None:
            return
        new["ids"] += heading.attributes.pop("anchors", [])
        if heading.astext().strip():
            return
        if part and self._title:  # the editors' title, as on our own pages
            heading.children = []
            heading += nodes.Text(self._title)
            heading["classes"].append("edition-supplied")
            heading.rawsource = self._title
        else:  # the edited text omits its words
            new.remove(heading)

    def _leaf(
        self, node: nodes.TextElement, kind: type[nodes.TextElement] | None = None
    ) -> nodes.TextElement:
        """Return a paragraph, a heading or another block of words, as a node of ``kind``."""
        self._first = self._spaced = True
        self._heading = isinstance(node, nodes.title)
        new = kind("", ids=list(node["ids"])) if kind else node.copy()
        new.source, new.line = _source(node), node.line
        _clean(new)
        new.children = []
        new.extend(self._all(node.children))
        new.extend(self._pages())
        new.rawsource = _message(new)  # what gettext uses as the message …
        new.uid = getattr(node, "uid", "")  # type: ignore[attr-defined]  # … with its number
        if self._heading:
            new["anchors"], self._anchors, self._heading = self._anchors, [], False
        return new

    def _lines(self, node: blockgroup) -> nodes.line_block:
        """Return a group of lines; indented ones are in a block inside it."""
        new = nodes.line_block(classes=["edition-lines"], ids=list(node["ids"]))
        for indent, run in groupby(node.children, _set_in):
            lines = [self._leaf(line, nodes.line) for line in run]  # type: ignore[arg-type]
            new += nodes.line_block("", *lines) if indent else lines
        return new

    def _table(self, node: edtable) -> nodes.table:
        """Return a docutils table. Content that is not a row becomes a row across all columns."""
        rows = [row for row in node.children if isinstance(row, edrow)]
        columns = max((len(cells_of(row)) for row in rows), default=1)
        group = nodes.tgroup("", cols=columns)
        cells: list[list[nodes.entry]] = []
        for head, run in groupby(
            node.children, lambda row: isinstance(row, edrow) and bool(row["head"])
        ):
            part: nodes.Element = nodes.thead() if head else nodes.tbody()
            for row in run:
                if isinstance(row, edrow):
                    cells.append([self._cell(cell) for cell in cells_of(row)])
                    part += nodes.row("", *cells[-1])
                elif blocks := self.blocks([row]):
                    part += nodes.row("", nodes.entry("", *blocks, morecols=columns - 1))
            group += part
        group.insert(0, [nodes.colspec(colwidth=width) for width in _widths(cells, columns)])
        return nodes.table("", group, ids=list(node["ids"]), classes=["colwidths-auto"])

    def _list(self, node: nodes.bullet_list) -> nodes.Element:
        """Return a docutils list, without the signs, which every writer adds; numbered if the
        numbers increase by one."""
        items = [item for item in node.children if isinstance(item, nodes.list_item)]
        ids = list(node["ids"])
        if "kind" not in node:  # of an editors' page
            return nodes.bullet_list(
                "",
                *(nodes.list_item("", *self.blocks(i.children)) for i in items),
                bullet="-",
                ids=ids,
            )
        if node["kind"] == "gloss":
            told = [block for item in items for block in self._explained(item)]
            return nodes.container("", *told, ids=ids, classes=["glossary"])
        new: nodes.Element
        signs = [str(item["sign"]).strip() for item in items]
        if numbers := _numbers(signs):
            new = nodes.enumerated_list(
                enumtype="arabic", prefix="", suffix=signs[0][-1], start=numbers[0], ids=ids
            )
        else:
            new = nodes.bullet_list(bullet=signs[0] if len(set(signs)) == 1 else "-", ids=ids)
        for item, sign in zip(items, signs, strict=True):
            held = self.blocks(item.children)
            if numbers or sign == new.get("bullet"):
                _strip_sign(held, str(item["sign"]))
            new.append(nodes.list_item("", *held))
        return new

    def _explained(self, item: nodes.list_item) -> list[nodes.Node]:
        """Return a term as a paragraph, with its definition below; not every writer supports whole
        definition lists."""
        term, *rest = item.children
        return [*self.blocks([term]), nodes.block_quote("", *self.blocks(rest))]

    def _figure(self, node: edfigure) -> nodes.Element:
        """Return the picture of a figure or its description, and the caption; not every writer
        supports docutils' figures."""
        shown: list[nodes.Node] = [n.copy() for n in node.children if isinstance(n, nodes.image)]
        if not shown:
            words = picture_placeholder(node) if node.get("alt") else ORNAMENT
            shown = [nodes.paragraph("", words, classes=["edition-supplied"])]
        captions = self.blocks(captions_of(node))
        return nodes.container("", *shown, *captions, ids=list(node["ids"]), classes=["figure"])

    def _cell(self, node: edcell) -> nodes.entry:
        words = nodes.paragraph()
        words.children = node.children  # which stay in the final tree
        words.source, words.line = _source(node), node.parent.line
        plain = self._leaf(words)
        entry = nodes.entry("", *([plain] if plain.children else []))
        entry["classes"] += [f"text-{node['align']}"] if node["align"] else []
        return entry

    def _kept(self, node: blockline) -> nodes.line_block:
        """Return running text that keeps its lines."""
        lines: list[list[nodes.Node]] = [[]]
        for child in node.children:
            if isinstance(child, lb) and child["line"] and any(n.astext() for n in lines[-1]):
                lines.append([])
            lines[-1].append(child)
        new = nodes.line_block(classes=[node["kind"]], ids=list(node["ids"]))
        for children in lines:
            line = nodes.paragraph()
            line.children = children  # which stay in the final tree
            line.source, line.line = _source(node), node.line
            new += self._leaf(line, nodes.line)
        return new

    def _note(self, node: textnote) -> nodes.Element:
        label = self._numbers.get(node["ids"][0]) or _label(node)
        note = nodes.footnote("", nodes.label("", label), ids=list(node["ids"]), names=[label])
        note["docname"] = self._docname
        note["backrefs"] = [node["refid"]] if "refid" in node else []
        note.source, note.line = node.source, node.line
        note += self.blocks(node.children)
        if self._digits and isinstance(
            note[-1], nodes.paragraph
        ):  # LaTeX has no place for the note itself
            first = next(child for child in note if isinstance(child, nodes.paragraph))
            first.insert(0, nodes.target("", "", ids=list(node["ids"])))
        if label != _label(node) and isinstance(note.children[-1], nodes.paragraph):
            first = next(child for child in note.children if isinstance(child, nodes.paragraph))
            first.insert(0, nodes.Text(f"[{_label(node)}] "))
        return note

    _BLOCKS: ClassVar[dict[type[nodes.Node], Any]] = {
        blockgroup: _lines,
        edtable: _table,
        edfigure: _figure,
        nodes.bullet_list: _list,
        textnote: _note,
    }

    # inline

    def inline(self, node: nodes.Node) -> list[nodes.Node]:
        """Return the plain form of one inline node."""
        if isinstance(node, nodes.Text):
            return self._text(node)
        for kind, write in self._WRITERS.items():
            if isinstance(node, kind):
                return write(self, node)  # type: ignore[no-any-return]
        if not isinstance(node, nodes.Element):
            return [node]
        new = nodes.inline(classes=[node.get("kind", "")]) if is_own(node) else node.copy()
        new.children = []
        new.extend(self._all(node.children))
        return [new]

    def _all(self, children: Iterable[nodes.Node]) -> list[nodes.Node]:
        return [new for child in children for new in self.inline(child)]

    def _text(self, node: nodes.Text) -> list[nodes.Node]:
        """Return the words; the label of a page that begins inside a word follows that word."""
        words = _SPACE.sub(" ", str(node))
        if self._spaced:  # after noise of the witness
            words = words.removeprefix(" ")
        if not words:
            return []
        self._first, self._spaced = False, words.endswith(" ")
        space = words.find(" ")
        if not self._late or space < 0:
            return [nodes.Text(words)]
        return [nodes.Text(words[:space]), *self._pages(), nodes.Text(words[space:])]

    def _pages(self) -> list[nodes.Node]:
        late, self._late = self._late, []
        return [new for label in late for new in (nodes.Text(" "), _page(label))]

    def _anchor(self, name: str) -> list[nodes.Node]:
        if self._heading:
            self._anchors.append(name)
            return []
        return [nodes.target("", "", ids=[name])]

    def _line(self, node: lb) -> list[nodes.Node]:
        join = node.get("join", "")
        found = self._text(nodes.Text(join))
        if node.get("line"):
            found += self._anchor(Place(node["page"], node["line"]).anchor)
        return found

    def _page(self, node: pb) -> list[nodes.Node]:
        if node.get("continued"):
            return []
        found = self._anchor(Place(node["page"]).anchor)
        if "xml_id" in node:
            found += self._anchor(node["xml_id"])
        if self._heading:
            return found
        if node.get("word_break") or self._divides(node):
            self._late.append(node["page"])
            return found
        before = self._text(nodes.Text(" "))
        after = [nodes.Text(" ")] if self._first else []
        self._spaced = bool(after)
        return [*found, *before, _page(node["page"]), *after]

    def _divides(self, node: pb) -> bool:
        """Return whether a page begins after a hyphen that belongs to the word: ``Anglo-`` ``Russian``."""
        line = next(iter(node.findall(lb, include_self=False, siblings=True, ascend=True)), None)
        return not self._spaced and line is not None and not line.get("join")

    def _point(self, node: point) -> list[nodes.Node]:
        sign = BY_NAME[node["kind"]].sign
        return [nodes.Text(sign)] if sign else []

    def _reference(self, node: noteref) -> list[nodes.Node]:
        if "refid" not in node:
            return []
        label = self._numbers.get(node["refid"]) or _label(node)
        new = nodes.footnote_reference("", label, refid=node["refid"], ids=list(node["ids"]))
        new["docname"] = self._docname
        return [new]

    def _notelabel(self, node: notelabel) -> list[nodes.Node]:
        """Return the anchor of a misread number; the number is in the note itself."""
        marks = [m for m in node.findall(mark) if "xml_id" in m]
        return [new for one in marks for new in self._anchor(one["xml_id"])]

    def _mark(self, node: mark) -> list[nodes.Node]:
        row = BY_NAME[node["kind"]]
        reads = row.read_by("E")
        before = self._anchor(node["xml_id"]) if "xml_id" in node else []
        if row.family is Family.MENTION:
            return [*before, *self._mention(node)]
        if row.notation:
            self._first = self._spaced = False
            return [*before, nodes.math(node.astext(), node.astext())]
        if reads is not Reads.CONTENT:
            text = {Reads.SOURCE: node.get("source", ""), Reads.SIGN: GAP_TEXT}.get(reads, "")
            content: list[nodes.Node] = self._text(nodes.Text(text)) if text else []
        else:
            content = self._all(node.children)
        if row.apparatus or not content:
            return [*before, *content]
        if "://" in str(node.get("to", "")):
            return [*before, nodes.reference("", "", *content, refuri=node["to"])]
        return [*before, _styled(row.html, [row.css or row.name], row.lang, content)]

    def _mention(self, node: mark) -> list[nodes.Node]:
        """Return a name, linked to its register if that is shown; links do not nest."""
        if self._in_link:
            return self._all(node.children)
        found: list[nodes.Node] = []
        for inner, group in groupby(node.children, key=_holds_link):
            run = list(group)
            if inner or not any(collapse_space(reading(child)) for child in run):
                found += self._all(run)
                continue
            self._in_link = True
            words = self._all(run)
            self._in_link = False
            found.append(self._xref(node, words))
        row = BY_NAME[node["kind"]]
        return [_styled(row.html, [row.name], "", found)]

    def _xref(self, node: mark, words: Sequence[nodes.Node]) -> nodes.Node:
        """Return a reference for the domain to resolve, which knows the builder's addresses."""
        return addnodes.pending_xref(
            "",
            nodes.inline("", "", *words),
            refdomain=DOMAIN,
            reftype=node["kind"],
            reftarget=node["key"],
            refdoc=self._docname,
            refexplicit=True,
            refwarn=False,
        )

    _WRITERS: ClassVar[dict[type[nodes.Node], Any]] = {
        lb: _line,
        pb: _page,
        point: _point,
        noteref: _reference,
        notelabel: _notelabel,
        mark: _mark,
    }


def _styled(
    element: str, classes: Sequence[str], lang: str, content: Sequence[nodes.Node]
) -> nodes.Node:
    face = _FACES.get(element, nodes.inline)
    names = [*classes, *([f"language-{lang}"] if lang else [])]
    return face("", "", *content, classes=names)


def _holder(node: nodes.Element) -> nodes.Element:
    """Return the plain form of a block that contains blocks, without these."""
    if is_own(node):
        new: nodes.Element = nodes.container(classes=[node.get("kind") or type(node).__name__])
        new["ids"] = list(node["ids"])
    else:
        new = node.copy()
        _clean(new)
    if node.get("lang"):
        new["classes"].append(f"language-{node['lang']}")
    return new


def _widths(rows: Sequence[Sequence[nodes.entry]], columns: int) -> list[int]:
    """Return the width of each column in characters, for plain text and Texinfo."""
    found = []
    for column in range(columns):
        cells = [row[column] for row in rows if column < len(row)]
        signs = (
            4 * len([n for n in cell.findall() if isinstance(n, _SIGNED)]) for cell in cells
        )  # ``**words**``
        longest = max((len(c.astext()) + n for c, n in zip(cells, signs, strict=True)), default=1)
        words = [len(word) + 4 for cell in cells for word in cell.astext().split()]
        found.append((longest, max(words, default=1)))
    total = sum(longest for longest, _word in found)
    if total > _WIDE:
        found = [(max(longest * _WIDE // total, word), word) for longest, word in found]
    return [max(longest, 1) for longest, _word in found]


def _page(label: str) -> nodes.Node:
    return nodes.inline("", f"[{label}]", classes=[PAGE])


def _set_in(line: nodes.Node) -> bool:
    """Return whether a line of verse is indented, or continues that of another speaker."""
    return isinstance(line, blockline) and bool(line["indent"] or line.get("shift"))


def numbered(part: nodes.Element) -> dict[str, str]:
    """Return a number for each note of a part whose printed label is not a number or not unique.

    LaTeX numbers notes in digits, and Sphinx merges two notes with the same number.
    """
    notes = list(part.findall(textnote))
    last = max((int(n) for n in map(_label, notes) if n.isdecimal()), default=0)
    found: dict[str, str] = {}
    used: set[str] = set()
    for note in notes:
        if not _label(note).isdecimal() or _label(note) in used:
            last += 1
            found[note["ids"][0]] = str(last)
        used.add(_label(note))
    return found


def _label(node: nodes.Element) -> str:
    """Return the printed label of a note."""
    editorial = node["series"] == "editorial"
    return letter(node["label"]) if editorial else shown_label(node)


def _holds_link(node: nodes.Node) -> bool:
    """Return whether ``node`` is or contains a name or a note reference."""
    return any(
        isinstance(n, noteref)
        or (isinstance(n, mark) and BY_NAME[n["kind"]].family is Family.MENTION)
        for n in node.findall()
    )


def _source(node: nodes.Node) -> str | None:
    """Return the file of a node or its ancestors: some of our directives do not set it."""
    while node.source is None and node.parent is not None:
        node = node.parent
    return node.source


def _message(node: nodes.Node) -> str:
    """Return the words of a node, separated from the labels of notes."""
    if isinstance(node, nodes.footnote_reference):
        return f"[{node.astext()}]"
    return node.astext() if isinstance(node, nodes.Text) else "".join(map(_message, node.children))


def _clean(node: nodes.Element) -> None:
    """Remove attributes for our writers only; XML cannot represent all of them."""
    for name in [n for n in node.attributes if n not in (*node.basic_attributes, "bullet")]:
        if not isinstance(node, nodes.table):
            del node[name]


def _numbers(signs: Sequence[str]) -> list[int]:
    """Return the numbers of a list if they increase by one; otherwise nothing."""
    found = [int(sign[:-1]) for sign in signs if sign[:-1].isdecimal()]
    first = found[0] if found else 0
    return found if found == list(range(first, first + len(signs))) and len(signs) else []


def _strip_sign(blocks: Sequence[nodes.Node], sign: str) -> None:
    """Remove the sign of a list item from its text: every writer adds one."""
    leaf = next((block for block in blocks if isinstance(block, nodes.TextElement)), None)
    first = next((c for c in (leaf or ()) if isinstance(c, nodes.Text) and str(c)), None)
    if leaf is not None and first is not None and str(first).startswith(sign):
        leaf.replace(first, nodes.Text(str(first).removeprefix(sign)))
