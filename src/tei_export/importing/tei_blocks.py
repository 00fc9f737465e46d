"""Write the blocks of TEI as MyST: walk the divisions, and write heads, fences, tables and speeches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.importing.safe_xml import descendants, local_name, words
from tei_export.importing.tei_breaks import begins_piece
from tei_export.importing.tei_lines import LineBuilder, OpenRole
from tei_export.importing.tei_nested_blocks import TeiNestedBlockReader, row_of_lines
from tei_export.importing.tei_pages import ID
from tei_export.model.blocks import BY_BLOCK, Holds
from tei_export.model.cast import PREFIX, Cast, CastRole

if TYPE_CHECKING:
    from lxml import etree

    from tei_export.model.blocks import Block

#: Elements that contain blocks but are not blocks themselves.
_HOLDERS = {
    "div",
    "div1",
    "div2",
    "div3",
    "front",
    "body",
    "back",
    "cit",
    "listBibl",
    "lg",
    "sp",
    "floatingText",
    "group",
}
#: Elements around the parts of a letter, which own TEI marks one by one.
_FRAMES = {frame for row in BY_BLOCK.values() for frame in row.frames if frame}
_QUOTES = {"quote", "q"}
_POINTS = {"pb", "lb", "cb", "milestone", "fw", "anchor", "ref"}
#: Elements that form one block.
_PARAGRAPHS = {
    "p", "ab", "l", "head", "opener", "closer", "dateline", "salute", "signed", "address", "postscript", "byline",
    "docTitle", "titlePart", "trailer", "epigraph", "argument", "stage", "speaker", "figDesc", "cell", "docImprint",
    "docAuthor", "docDate", "item", "label", "bibl", "titlePage", "row",
}  # fmt: skip
_KNOWN = {"p", "ab", "head", "l", "item", "bibl"}


class TeiBlockReader(TeiNestedBlockReader):
    """Walks the divisions of a text."""

    def __init__(self, text: etree._Element, *, own: bool) -> None:
        super().__init__(text, own=own)
        self.cast = Cast.of(
            CastRole((role.get(ID) or "").removeprefix(PREFIX), words(role), "", 0)
            for role in descendants(text, "role")
        )
        self.level = 0

    def part(self, division: etree._Element, turns: list[etree._Element]) -> tuple[str, str]:
        """Return source and title of a part; ``turns`` are the page breaks before it."""
        self.out, self.level, self.headed, self.number = [], 0, False, 0
        self.editorial = []
        for turn in turns:
            self.turn(turn)
        self._holder(division)
        self._rest()
        self.write_editors_notes()
        title = self.title
        self.title = ""
        return "\n".join(self.out).rstrip("\n") + "\n", title

    def _holder(self, holder: etree._Element) -> None:
        children = [e for e in holder if isinstance(e.tag, str)]
        at = 0
        if holder.text and holder.text.strip():
            self._loose(holder)
            return
        while at < len(children):
            heads = []
            while at < len(children) and local_name(children[at]) == "head":
                heads.append(children[at])
                at += 1
            if heads:
                self._head(heads)
            else:
                self._block(children[at])
                at += 1
        self.end_begun()

    def _loose(self, holder: etree._Element) -> None:
        """Read an element with text of its own as one paragraph."""
        self.tell(holder)
        self.paragraph([holder])

    def _block(self, element: etree._Element) -> None:
        name = local_name(element)
        if name in _POINTS:
            self._point(element)
        elif name == "note":
            self._note_of_block(element)
        elif name in _QUOTES or (name == "cit" and element.get("rend") == "block"):
            self.quotation(element)
        elif name == "figure" and self.own:
            self.figure(element)
        elif name == "list":
            self.list_of_items(element)
        elif (
            name == "bibl"
            and element.get("corresp")
            and local_name(element.getparent()) == "listBibl"
        ):
            self.entry(element)
        elif self.own and self._own_block(element):
            return
        elif name in _HOLDERS:
            self.level += name.startswith("div")
            self._holder(element)
            self.level -= name.startswith("div")
        else:
            if name not in _KNOWN:
                self.tell(element)
            self.paragraph([element])

    def _own_block(self, element: etree._Element) -> bool:
        """Write a block that own TEI has of a role or fence; return whether it is one."""
        row = self._row(element)
        if local_name(element) == "table":
            self._table(element)
        elif (lines := row_of_lines(element)) is not None:
            self._lined(lines, element)
        elif local_name(element) == "speaker":
            self._speaker(element)
        elif local_name(element) in _FRAMES:
            self._holder(element)
        elif row is not None:
            self._fenced(row, element)
        else:
            return False
        return True

    def _row(self, element: etree._Element) -> Block | None:
        """Return the row of a block of own TEI that a fence marks, if it needs one here."""
        name = local_name(element)
        if name == "sp" and not _needs_fence(element):
            return None
        rows = [
            row
            for row in BY_BLOCK.values()
            if row.tei == name
            and row.holds is not Holds.LINES
            and (row.tei_attrs or name not in _KNOWN)
            and all(element.get(key) == value for key, value in row.tei_attrs.items())
        ]
        return max(rows, key=lambda row: len(row.tei_attrs), default=None)

    def _fenced(self, row: Block, element: etree._Element) -> None:
        """Write a block between fences; those of a block of blocks are longer than those in it."""
        self.end_begun()
        if row.holds is Holds.BLOCKS:
            self.out += [f"````{{{row.name}}}"]
            self._holder(element)
            while not self.out[-1]:
                self.out.pop()
            self.out += ["````", ""]
            return
        lines = self.with_above(self.read_lines([element]))
        if lines:
            self.out.append(f"```{{{row.name}}}")
            self.write_lines(lines)
            self.out += ["```", ""]
        self.write_notes()

    def _lined(self, row: Block, element: etree._Element) -> None:
        """Write a block of lines between fences."""
        lines, self.begun = self.lined(row, element, self.begun), None
        self.out.append(f"```{{{row.name}}}")
        self.write_lines(lines)
        self.out += ["```", ""]
        self.write_notes()

    def _table(self, element: etree._Element) -> None:
        self.end_begun()
        self.write_lines(self.table(element))
        self.out.append("")
        self.write_notes()

    def _speaker(self, element: etree._Element) -> None:
        """Begin the next block with the name of its speaker (DR#DRSP)."""
        self.end_begun()
        lines = LineBuilder(self.page)
        self.begin_block(lines)
        lines.begin(self._named(element))
        self.content(element, lines)
        lines.close()
        self.begun = lines

    def _named(self, speaker: etree._Element) -> OpenRole:
        """Return the role of a speaker, with the keys of those who speak if the words do not tell."""
        speech = speaker.getparent()
        who = (speech.get("who") or "").split() if speech is not None and self.own else []
        keys = tuple(pointer.removeprefix(f"#{PREFIX}") for pointer in who)
        told = not keys or self.cast.who(words(speaker), ()) == keys
        return OpenRole("speaker", "" if told else " ".join(keys), mention=not told)

    def _point(self, element: etree._Element) -> None:
        """Handle an element between blocks without text of its own."""
        if local_name(element) == "pb":
            self.turn(element)
        elif local_name(element) == "fw":
            self._forme(element)
        elif local_name(element) == "milestone" and not self.own:
            self.tell(element)

    def _forme(self, element: etree._Element) -> None:
        """Write forme work between blocks; above the heading it is part of that."""
        self.end_begun()
        lines = LineBuilder(self.page)
        self.forme_work(element, lines)
        following = element.getnext()
        while following is not None and local_name(following) == "fw" and begins_piece(following):
            self.forme_work(following, lines)
            self.read_already.add(following)
            following = following.getnext()
        self.left = lines.prefix or self.left
        if not self.headed:
            self.above += lines.done
        elif lines.done:
            self.write_lines(lines.done)
            self.out.append("")

    def _head(self, heads: list[etree._Element]) -> None:
        found, self.above = self.above, []
        above = len(found)
        for head in heads:
            lines = self.read_lines([head])
            if head.get("type") == "number" and lines:
                lines[0].text = self.numbered(head, lines[0].text)
            found += lines
        if not found:
            return
        if not self.headed:
            self.headed = True
            self.title = " ".join(line.plain for line in found[above:])
            self.write_lines(found)
            self.out += ["===", ""]
        elif len(found) == 1:
            self.out.append("#" * min(2 + max(self.level - 1, 0), 6) + f" {found[0].text}")
            self.lines += found
            self.out.append("")
        else:
            self.write_lines(found)
            self.out += ["---", ""]
        self.write_notes()

    def _note_of_block(self, note: etree._Element) -> None:
        """Write a note between blocks; own TEI keeps editors' notes elsewhere."""
        if self.own:
            return
        self.tell(note)
        self.paragraph([e for e in note if local_name(e) in _PARAGRAPHS] or [note])

    def _rest(self) -> None:
        """Write page breaks after the last line of a part in a separate paragraph."""
        if self.left and self.out and not self.own:
            self.out += [self.left, ""]
            self.left = ""


def _needs_fence(speech: etree._Element) -> bool:
    """Return whether the source marks where a speech ends: what follows would go on with it."""
    inside = [e for e in speech if isinstance(e.tag, str)]
    if not inside or local_name(inside[0]) != "speaker" or local_name(inside[-1]) == "stage":
        return True
    between = _POINTS | {"stage"}
    after = (
        e for e in speech.itersiblings() if isinstance(e.tag, str) and local_name(e) not in between
    )
    return local_name(next(after, None)) in {"p", "lg"}
