"""Write the blocks of TEI as MyST: heads, paragraphs, quotations, lists, verse, entries, notes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tei_export.importing.safe_xml import children, descendants, local_name, words
from tei_export.importing.tei_inline import begins_piece
from tei_export.importing.tei_line_blocks import TeiLineBlockReader
from tei_export.importing.tei_lines import LineBuilder, OpenRole
from tei_export.importing.tei_pages import ID
from tei_export.model.blocks import BY_BLOCK, Holds
from tei_export.model.cast import PREFIX, Cast, CastRole

if TYPE_CHECKING:
    from lxml import etree

    from tei_export.importing.tei_lines import ImportedLine
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
#: The sign of an item of own TEI, after the beginnings of a page or line.
_SIGN = re.compile(r"^((?:\{(?:pb|o)\}`[^`]*`)*)([0-9]*)\\?([-*+.)]) ")
#: Elements that form one block.
_PARAGRAPHS = {
    "p", "ab", "l", "head", "opener", "closer", "dateline", "salute", "signed", "address", "postscript", "byline",
    "docTitle", "titlePart", "trailer", "epigraph", "argument", "stage", "speaker", "figDesc", "cell", "docImprint",
    "docAuthor", "docDate", "item", "label", "bibl", "titlePage", "row",
}  # fmt: skip
_KNOWN = {"p", "ab", "head", "l", "item", "bibl"}


class TeiBlockReader(TeiLineBlockReader):
    """Walks the divisions of a text. ``lines`` and ``note_lines`` are those of the whole text."""

    def __init__(self, text: etree._Element, *, own: bool) -> None:
        super().__init__(text, own=own)
        self.cast = Cast.of(
            CastRole((role.get(ID) or "").removeprefix(PREFIX), words(role), "", 0)
            for role in descendants(text, "role")
        )
        self.lines: list[ImportedLine] = []
        self.note_lines: list[ImportedLine] = []
        self.out: list[str] = []
        self.level = 0
        self.headed = False
        self.above: list[ImportedLine] = []
        #: the name of a speaker, before the block that continues the line
        self.begun: LineBuilder | None = None

    def part(self, division: etree._Element, turns: list[etree._Element]) -> tuple[str, str]:
        """Return source and title of a part; ``turns`` are the page breaks before it."""
        self.out, self.level, self.headed, self.number = [], 0, False, 0
        self.editorial = []
        for turn in turns:
            self.turn(turn)
        self._holder(division)
        self._rest()
        self._editors()
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
        self._end_begun()

    def _loose(self, holder: etree._Element) -> None:
        """Read an element with text of its own as one paragraph."""
        self.tell(holder)
        self._paragraph([holder])

    def _block(self, element: etree._Element) -> None:
        name = local_name(element)
        if name in _POINTS:
            self._point(element)
        elif name == "note":
            self._note_of_block(element)
        elif name in _QUOTES or (name == "cit" and element.get("rend") == "block"):
            self._quotation(element)
        elif name == "figure" and self.own:
            self._figure(element)
        elif name == "list":
            self._list(element)
        elif (
            name == "bibl"
            and element.get("corresp")
            and local_name(element.getparent()) == "listBibl"
        ):
            self._entry(element)
        elif self.own and self._own_block(element):
            return
        elif name in _HOLDERS:
            self.level += name.startswith("div")
            self._holder(element)
            self.level -= name.startswith("div")
        else:
            if name not in _KNOWN:
                self.tell(element)
            self._paragraph([element])

    def _own_block(self, element: etree._Element) -> bool:
        """Write a block that own TEI has of a role or fence; return whether it is one."""
        row = self._row(element)
        if local_name(element) == "table":
            self._table(element)
        elif (lines := _of_lines(element)) is not None:
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
        self._end_begun()
        if row.holds is Holds.BLOCKS:
            self.out += [f"````{{{row.name}}}"]
            self._holder(element)
            while not self.out[-1]:
                self.out.pop()
            self.out += ["````", ""]
            return
        lines = self._first(self._read([element]))
        if lines:
            self.out.append(f"```{{{row.name}}}")
            self._write(lines)
            self.out += ["```", ""]
        self._notes()

    def _lined(self, row: Block, element: etree._Element) -> None:
        """Write a block of lines between fences."""
        lines, self.begun = self.lined(row, element, self.begun), None
        self.out.append(f"```{{{row.name}}}")
        self._write(lines)
        self.out += ["```", ""]
        self._notes()

    def _table(self, element: etree._Element) -> None:
        self._end_begun()
        self._write(self.table(element))
        self.out.append("")
        self._notes()

    def _speaker(self, element: etree._Element) -> None:
        """Begin the next block with the name of its speaker (DR#DRSP)."""
        self._end_begun()
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

    def _end_begun(self) -> None:
        """Write the name of a speaker that no paragraph follows."""
        if self.begun is not None:
            self._paragraph([])

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
        self._end_begun()
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
            self._write(lines.done)
            self.out.append("")

    def _write(self, lines: list[ImportedLine], prefix: str = "") -> None:
        self.lines += lines
        self.out += [f"{prefix}{line.text}".rstrip() for line in lines]

    def _read(self, elements: list[etree._Element]) -> list[ImportedLine]:
        lines, self.begun = self.begun or LineBuilder(self.page), None
        for element in elements:
            self.begin_block(lines)
            self.content(element, lines)
            lines.end("")
        lines.end("")
        self.page = max(self.page, lines.page)
        self.left = lines.prefix
        return lines.done

    def _head(self, heads: list[etree._Element]) -> None:
        found, self.above = self.above, []
        above = len(found)
        for head in heads:
            lines = self._read([head])
            if head.get("type") == "number" and lines:
                lines[0].text = self.numbered(head, lines[0].text)
            found += lines
        if not found:
            return
        if not self.headed:
            self.headed = True
            self.title = " ".join(line.plain for line in found[above:])
            self._write(found)
            self.out += ["===", ""]
        elif len(found) == 1:
            self.out.append("#" * min(2 + max(self.level - 1, 0), 6) + f" {found[0].text}")
            self.lines += found
            self.out.append("")
        else:
            self._write(found)
            self.out += ["---", ""]
        self._notes()

    def _first(self, lines: list[ImportedLine]) -> list[ImportedLine]:
        """Return the lines of a block, after what stands above the first one of a part without a heading."""
        if self.headed or not lines:
            return lines
        self.headed = True
        lines, self.above = [*self.above, *lines], []
        self.said.append("part without a head")
        return lines

    def _paragraph(self, elements: list[etree._Element]) -> None:
        lines = self._first(self._read(elements))
        if lines:
            self._write(lines)
            self.out.append("")
        self._notes()

    def _quotation(self, element: etree._Element) -> None:
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
                    self._figure(block[0], "> ")
                    self.out.append("" if at == len(blocks) - 1 else ">")
                    continue
                if self.own and local_name(block[0]) == "list":
                    self._list(block[0], "> ")
                    self.out.append("" if at == len(blocks) - 1 else ">")
                    continue
                last = number == len(outer) - 1 and at == len(blocks) - 1
                row = _of_lines(block[0]) if self.own else None
                if row is not None:
                    self.out.append(f"> ```{{{row.name}}}")
                    self._write(self.lined(row, block[0], after=tuple(after) if last else ()), "> ")
                    self.out += ["> ```", "" if at == len(blocks) - 1 else ">"]
                    continue
                lines = self._quoted(block, after if last else [], self.language(quote))
                self._write(self._first(lines), "> ")
                self.out.append("" if at == len(blocks) - 1 else ">")
        self._notes()

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

    def _figure(self, element: etree._Element, prefix: str = "") -> None:
        """Write a figure; the path of its picture begins at the folder of the sources.

        :param prefix: what stands before the lines of the block that holds it
        """
        self._end_begun()
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
                self._write(self._read([caption]), prefix)
        self.out += [f"{prefix}```"]
        if not prefix:
            self.out.append("")
            self._notes()

    def _list(self, element: etree._Element, prefix: str = "") -> None:
        """Write a list; ``prefix`` are the spaces before one in an item."""
        gloss = self.own and element.get("type") == "gloss"
        for child in element:
            name = local_name(child)
            if name == "head":
                self._paragraph([child])
            elif name == "pb":
                self.turn(child)
            elif name == "item" and self.left and not self.own:
                self.said.append("an item of a list that begins a page is a paragraph")
                self._paragraph([child])
            elif gloss and name == "label":
                self._write(self._first(self._read([child])), prefix)
            elif name == "item":
                self._item(child, prefix, ": " if gloss else "")
                self.out += [""] if gloss else []
            elif name:
                self.tell(child)
                self._paragraph([child])
        if not prefix:
            self.out.append("")
            self._notes()

    def _item(self, item: etree._Element, prefix: str, sign: str) -> None:
        """Write a list item; the witness has its sign, so the source does not repeat it.

        :param sign: that of the source, if the text has none
        """
        inner = [e for e in item if local_name(e) in {"list", "figure"}] if self.own else []
        paragraphs = [e for e in item if local_name(e) == "p"] if self.own else []
        self.skip = set(inner)
        lines = self._read(paragraphs[:1] or [item])
        if lines and self.own and not sign:
            match = _SIGN.match(lines[0].text)
            if match:
                sign = f"{match[2]}{match[3]} "
                lines[0].text = match[1] + lines[0].text[match.end() :]
        elif lines and not self.own:
            lines[0].plain = f"- {lines[0].plain}"
        sign = sign or "- "
        lines = self._first(lines)
        self.lines += lines
        space = prefix + " " * len(sign)
        self.out += [f"{space if n else prefix + sign}{line.text}" for n, line in enumerate(lines)]
        for paragraph in paragraphs[1:]:
            self.out.append("")
            self._write(self._read([paragraph]), space)
        self.skip = set()
        for held in inner:
            if local_name(held) == "figure":
                self.out.append("")
                self._figure(held, space)
            else:
                self._list(held, space)

    def _entry(self, element: etree._Element) -> None:
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
        self._write(lines.done)
        for note in annotations:
            for paragraph in [e for e in note if local_name(e) == "p"] or [note]:
                self.out.append("")
                self._write(self._read([paragraph]))
        self.out += ["```", ""]

    def _note_of_block(self, note: etree._Element) -> None:
        """Write a note between blocks; own TEI keeps editors' notes elsewhere."""
        if self.own:
            return
        self.tell(note)
        self._paragraph([e for e in note if local_name(e) in _PARAGRAPHS] or [note])

    def _notes(self) -> None:
        """Write the notes referenced in the blocks written so far."""
        waiting, self.waiting = self.waiting, []
        for label, note, page in waiting:
            self._print(label, note, page)

    def _print(self, label: str, note: etree._Element, page: int) -> None:
        first = True
        kept = (
            [e for e in note if local_name(e) in {"list", "figure"} or _of_lines(e) is not None]
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
                (self._list if local_name(block) == "list" else self._figure)(block, "    ")
                self.lines = outer
                self.out.append("")
                continue
            row = _of_lines(block) if block in kept else None
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

    def _editors(self) -> None:
        """Write the editors' notes of the part."""
        for label, note in self.editorial:
            lines = LineBuilder(self.page)
            for block in [e for e in note if local_name(e) == "p"] or [note]:
                self.content(block, lines)
            lines.end("")
            self.out += [f"[^{label}]: {' '.join(line.text for line in lines.done)}", ""]

    def _rest(self) -> None:
        """Write page breaks after the last line of a part in a separate paragraph."""
        if self.left and self.out and not self.own:
            self.out += [self.left, ""]
            self.left = ""


def _of_lines(element: etree._Element) -> Block | None:
    """Return the row of a block of lines: verse, an address."""
    name = local_name(element)
    rows = (row for row in BY_BLOCK.values() if row.tei == name and row.holds is Holds.LINES)
    return next(rows, None)


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
