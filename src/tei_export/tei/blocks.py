"""Write blocks as TEI: headings, paragraphs, quotations, lists, bibliography (DS, CO)."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export.model.blocks import BY_BLOCK, Holds
from tei_export.model.cast import PREFIX
from tei_export.source.cast import spoken
from tei_export.source.drama import SPEECH
from tei_export.source.nesting import begins_text
from tei_export.source.nodes import (
    bibentry,
    blockgroup,
    blockline,
    captions_of,
    edblock,
    edcell,
    edfigure,
    edrow,
    edtable,
    every,
    every_block,
    is_aside,
    lb,
    mark,
    noteref,
    pb,
    point,
    speaker_of,
)
from tei_export.source.notes import citing_reference
from tei_export.tei.elements import picture_address
from tei_export.tei.notes import TeiNoteWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.blocks import Block


def _begins_line(node: nodes.Node) -> bool:
    """Return whether ``node`` is forme work with a line of its own."""
    return is_aside(node) and bool(node.children) and isinstance(node.children[0], lb)


class TeiBlockWriter(TeiNoteWriter):
    """Writes the blocks of a section."""

    _hoisted: nodes.Node | None = None
    #: the block whose note reference follows it at once: the witness has no space there
    _followed: nodes.Element | None = None

    def _blocks(self, section: nodes.section) -> None:
        """Write the blocks of a section; consecutive bibliography entries form one ``listBibl``."""
        children = list(section.children)
        begun = False
        while children:
            child = children.pop(0)
            frames = _frames(child)
            if frames[0]:
                run = [child, *takewhile(lambda c: bool(_frames(c)[0]), children)]
                del children[: len(run) - 1]
                self._framed(run, frames[begun])
                continue
            begun = begun or begins_text(child)
            if isinstance(child, nodes.title):
                self._heading(child)
            elif isinstance(child, nodes.block_quote):
                self._quotation(child)
            elif isinstance(child, nodes.paragraph):
                self._paragraph(child)
            elif isinstance(child, nodes.bullet_list):
                self._list(child)
            elif isinstance(child, bibentry):
                run = [child, *takewhile(lambda c: isinstance(c, bibentry), children)]
                del children[: len(run) - 1]
                self._bibliography(run)
            elif isinstance(child, (edblock, edtable, edfigure)):
                self._own(child)
            elif isinstance(child, nodes.section):
                self.cursor.text("\n")
                with self.cursor.open(
                    "div", type=child["division"], n=child.get("n", ""), xml_id=child["xml_id"]
                ):
                    self._blocks(child)
                    self.cursor.text("\n")

    def _block(self, node: edblock) -> None:
        """Write a block of the vocabulary; page breaks at its start precede it."""
        row = BY_BLOCK[node["kind"]]
        self._hoist_from(node)
        if row.holds is Holds.LINES:
            spoken = self._speaker(next(iter(every_block(node, blockline))))
            if spoken and says_nothing_more(node):
                return
            self.cursor.text("" if spoken else "\n")
        else:
            self.cursor.text("\n")
        attrs = {
            **row.tei_attrs,
            "who": self._who(node),
            "n": node.get("n", ""),
            "xml_id": node.get("xml_id", ""),
        }
        with self.cursor.open(row.tei, **attrs):
            if row.holds is Holds.LINES:
                self._groups(node, row)
            else:
                for child in node.children:
                    self._inner(child)
            self.cursor.text("" if node is self._followed else "\n")

    def _who(self, node: edblock) -> str:
        """Return pointers to the roles of the speakers; empty without a cast list."""
        first = (
            next(iter(every_block(node, nodes.paragraph)), None) if node["kind"] == SPEECH else None
        )
        who = speaker_of(first) if first is not None else None
        found = self.shared.cast.who(*spoken(who)) if who is not None else ()
        return " ".join(f"#{PREFIX}{key}" for key in found)

    def _speaker(self, leaf: nodes.Element) -> bool:
        """Write the speaker at the beginning of a paragraph or line (DR#DRSP); return whether it has one."""
        who = speaker_of(leaf)
        if who is None:
            return False
        at = next(i for i, child in enumerate(leaf.children) if child is who)
        self.cursor.text("\n")
        with self.cursor.open("speaker"):
            self._all(leaf.children[:at])
            self._all(who.children)
        self._leave(leaf, leaf.children[at + 1 :])
        return True

    def _framed(self, run: Sequence[nodes.Node], frame: str) -> None:
        """Write the parts of a letter before or after its text in one element (DS#DSDTB, DS#DSCO)."""
        first: Any = run[0]
        if isinstance(first, blockline):
            self._leave(first, self._hoist(first.children))
        else:
            self._hoist_from(first)
        self.cursor.text("\n")
        with self.cursor.open(frame):
            for child in run:
                self._inner(child)
            self.cursor.text("\n")

    def _groups(self, node: edblock, row: Block) -> None:
        """Write the lines of a block, in an element for each group if there are several (CO#COVE)."""
        for group in every_block(node, blockgroup):
            if (len(node.children) == 1 and "stanza" not in group) or not row.group:
                self._lines(group)
                continue
            self._hoist_from(group)
            self.cursor.text("\n")
            number = {"n": group.get("stanza_n", ""), "xml_id": group.get("xml_id", "")}
            with self.cursor.open(row.group, **row.group_attrs, **number):
                self._lines(group)
                ends = node is self._followed and group is node.children[-1]
                self.cursor.text("" if ends else "\n")

    def _lines(self, group: blockgroup) -> None:
        for line in every_block(group, blockline):
            rest = self._hoist(line.children)
            if not is_text(rest):
                continue  # the speaker alone
            begins = next((node for node in rest if not isinstance(node, point)), None)
            self.cursor.text("\n" if isinstance(begins, lb) else "")
            with self.cursor.open(
                BY_BLOCK[line["kind"]].line,
                n=line.get("verse_n", ""),
                part=line.get("part", ""),
                xml_id=line.get("xml_id", ""),
                rend=f"indent({line['indent']})" if line["indent"] else "",
            ):
                self._all(rest)

    def _inner(self, node: nodes.Node) -> None:
        """Write a block inside another block."""
        if isinstance(node, (edblock, edfigure)):
            self._own(node)
        elif isinstance(node, nodes.block_quote):
            self._quotation(node)
        elif isinstance(node, nodes.bullet_list):
            self._list(node)
        elif isinstance(node, nodes.paragraph):
            self._paragraph(node)

    def _own(self, node: edblock | edtable | edfigure) -> None:
        """Write a block of the vocabulary, a figure or a table."""
        if isinstance(node, edblock):
            self._block(node)
        elif isinstance(node, edfigure):
            self._figure(node)
        else:
            self._table(node)

    def _figure(self, node: edfigure) -> None:
        """Write a figure (FT#FTGRA): its caption as ``head`` and ``p``, its description as ``figDesc``."""
        captions = captions_of(node)
        if captions:
            self._leave(captions[0], self._hoist(captions[0].children))
        self.cursor.text("\n")
        kind = "ornament" if node["ornament"] else ""
        own = {"n": node.get("n", ""), "xml_id": node.get("xml_id", "")}
        with self.cursor.open("figure", type=kind, **own):
            if node["picture"]:
                self.cursor.empty("graphic", url=picture_address(node["picture"]))
            for number, caption in enumerate(captions):
                self.cursor.text("\n" if caption.children else "")
                with self.cursor.open("p" if number else "head"):
                    self._all(caption.children)
            if node["alt"]:
                self.cursor.text("\n")
                given = self.shared.edition.record["language"]
                language = str(given) if given != self.shared.language else ""
                with self.cursor.open("figDesc", xml_lang=language):
                    self.cursor.text(node["alt"])
            self.cursor.text("\n")

    def _table(self, node: edtable) -> None:
        """Write a table (FT#FTTAB); page breaks at its start precede it."""
        self.cursor.text("\n")
        with self.cursor.open("table", n=node["n"], xml_id=node["xml_id"]):
            for row in every_block(node, edrow):
                self.cursor.text("\n")
                with self.cursor.open("row", role="label" if row["head"] else ""):
                    self._row(row)
            self.cursor.text("\n")

    def _row(self, row: edrow) -> None:
        for child in row.children:
            if isinstance(child, edcell):
                with self.cursor.open("cell"):
                    self._all(child.children)
            else:  # the space between two cells
                self.cursor.text(child.astext())

    def _list(self, items: nodes.bullet_list) -> None:
        """Write a list (CO#COLI); a glossary has a ``label`` before each item."""
        gloss = items["kind"] == "gloss"
        kind = {"type": "gloss"} if gloss else {"rend": items["kind"]}
        self.cursor.text("\n")
        with self.cursor.open("list", **kind, n=items.get("n", ""), xml_id=items.get("xml_id", "")):
            for item in items.children:
                self.cursor.text("\n")
                rest = list(item.children)
                if gloss:
                    with self.cursor.open("label"):
                        self._all(rest.pop(0).children)
                    self.cursor.text("\n" if rest else "")
                with self.cursor.open("item"):
                    self._in_item(rest)

    def _in_item(self, blocks: Sequence[nodes.Node]) -> None:
        """Write the content of an item: its words, or its paragraphs if there are several."""
        paragraphs = [block for block in blocks if isinstance(block, nodes.paragraph)]
        for block in blocks:
            if isinstance(block, (nodes.bullet_list, edfigure)):
                self._inner(block)
            elif len(paragraphs) == 1:
                self._all(block.children)
            else:
                with self.cursor.open("p"):
                    self._all(block.children)

    def _bibliography(self, entries: Sequence[Any]) -> None:
        """Write the author's bibliography as typed (CO#COBITY); link each entry to its work."""
        self.cursor.text("\n")
        with self.cursor.open("listBibl"):
            for entry in entries:
                first = entry.children[0]
                self._leave(first, self._hoist(first.children))
                self.cursor.text("\n")
                with self.cursor.open(
                    "bibl",
                    n=entry["n"],
                    xml_id=entry["xml_id"],
                    corresp=self._ref("works", entry["key"]),
                ):
                    self._all(first.children)
                    if len(entry.children) > 1:
                        self._annotation(entry.children[1:])

    def _annotation(self, blocks: Sequence[nodes.Node]) -> None:
        self.cursor.text("\n")
        with self.cursor.open("note", type="annotation", resp="#author"):
            for paragraph in blocks:
                with self.cursor.open("p"):
                    self._all(paragraph.children)

    def _hoist(self, children: Sequence[nodes.Node]) -> list[nodes.Node]:
        """Write the page breaks and forme work at the start of a block before it.

        Return the remaining nodes.
        """
        rest = list(children)
        while rest and (isinstance(rest[0], pb) or _begins_line(rest[0])):
            if isinstance(rest[0], pb) or not isinstance(self._hoisted, pb):
                self.cursor.text("\n")
            self._hoisted = rest.pop(0)
            self._inline(self._hoisted)
        self._hoisted = None
        return rest

    def _heading(self, title: nodes.title) -> None:
        """Write the number as ``head type="number"``, the rest as ``head type="title"``."""
        rest = self._hoist(title.children)
        at = next(
            (i for i, c in enumerate(rest) if isinstance(c, mark) and c["kind"] == "number"), -1
        )
        self._head("number", rest[: at + 1])
        self._head("title", rest[at + 1 :])

    def _head(self, kind: str, children: list[nodes.Node]) -> None:
        if not children:
            return
        self.cursor.text("\n")
        with self.cursor.open("head", type=kind):
            if isinstance(children[0], lb):
                self._lb(children[0], first=True)
                children = children[1:]
            for child in children:
                unwrapped = isinstance(child, mark) and child["kind"] == "number"
                self._all(child.children) if unwrapped else self._inline(child)

    def _paragraph(self, paragraph: nodes.paragraph) -> None:
        self._leave(paragraph, self._hoist(paragraph.children))
        spoken = self._speaker(paragraph)
        rest = list(paragraph.children)
        if not rest or (spoken and not is_text(rest)):
            return
        self.cursor.text("" if spoken and not isinstance(rest[0], lb) else "\n")
        if "n" not in paragraph and isinstance(paragraph.parent, nodes.section):
            self._all(rest)  # noise between two blocks
            return
        local, attrs = "p", {}
        if isinstance(paragraph, blockline):
            row = BY_BLOCK[paragraph["kind"]]
            local, attrs = row.tei, row.tei_attrs
        with self.cursor.open(
            local, **attrs, n=paragraph.get("n", ""), xml_id=paragraph.get("xml_id", "")
        ):
            self._all(rest)

    def _quotation(self, quotation: nodes.block_quote) -> None:
        """Write a ``cit``: the quotation, then the reference and the note that cite it (CO#COHQQ).

        A quotation in another language and the author's translation form one ``cit`` with two
        ``quote``s that point at each other (CO#COHQHF).
        """
        if quotation.get("translates"):
            return  # already written with its original
        self._hoist_from(quotation)
        self.cursor.text("\n")
        own = quotation["xml_id"]
        pair = (
            {"xml_id": f"{own}-orig", "corresp": f"#{own}-tr"}
            if quotation.get("translated")
            else {}
        )
        with self.cursor.open("cit", rend="block", n=quotation["n"], xml_id=own):
            self._tail(self._quote(quotation, **pair))
            if pair:
                siblings: list[Any] = list(quotation.parent.children)
                translation = siblings[siblings.index(quotation) + 1]
                self._hoist_from(translation)
                self.cursor.text("\n")
                tail = self._quote(
                    translation,
                    type="translation",
                    resp="#author",
                    xml_id=f"{own}-tr",
                    corresp=f"#{own}-orig",
                )
                self._tail(tail)

    def _hoist_from(self, holder: nodes.Element) -> None:
        """Write the page breaks at the start of the first text in ``holder`` before it."""
        first = next(iter(every_block(holder, nodes.paragraph)), None)
        if first is not None:
            self._leave(first, self._hoist(first.children))

    def _quote(self, quotation: nodes.Element, **attrs: str) -> nodes.Node | None:
        """Write one ``quote``; return the note reference at its end, still to be written."""
        blocks: list[Any] = [
            c
            for c in quotation.children
            if isinstance(c, (nodes.paragraph, nodes.bullet_list, edblock, edfigure))
        ]
        tail = citing_reference(quotation)
        outer, self.language = self.language, quotation.get("lang", "")
        language = self.language or ("type" in attrs and self.shared.language) or ""
        with self.cursor.open("quote", source=self._source(tail), xml_lang=language, **attrs):
            if tail is not None:
                self._leave(tail.parent, [c for c in tail.parent.children if c is not tail])
                self._followed = blocks[-1]
            for child in blocks:
                if isinstance(child, (edblock, nodes.bullet_list, edfigure)):
                    self._inner(child)
                    continue
                with self.cursor.open("p"):
                    self._all(child.children)
        self.language, self._followed = outer, None
        return tail

    def _tail(self, tail: nodes.Node | None) -> None:
        if tail is not None:
            self._inline(tail)

    def _source(self, tail: nodes.Node | None) -> str:
        """Return the pointer to the work that a quotation's note cites."""
        for ref in every(tail, noteref) if tail is not None else ():
            note = self.notes.get(ref["refid"])
            if note is not None and note.get("work"):
                return self._ref("works", note["work"])
        return ""


def is_text(children: Sequence[nodes.Node]) -> bool:
    """Return whether anything but spaces and page breaks is left."""
    return any(c.strip() if isinstance(c, nodes.Text) else not isinstance(c, pb) for c in children)


def says_nothing_more(node: nodes.Element) -> bool:
    """Return whether the lines of a block contain nothing but the speaker, who has been written."""
    return not any(is_text(line.children) for line in every_block(node, blockline))


def _frames(node: nodes.Node) -> tuple[str, str]:
    """Return the elements around a block before and after the text; empty for most blocks."""
    if isinstance(node, (edblock, blockline)):
        return BY_BLOCK[node["kind"]].frames
    return "", ""
