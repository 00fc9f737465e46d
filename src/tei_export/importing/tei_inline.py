"""Write the inline elements of TEI as MyST: breaks, forme work, names, notes and their references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.importing import hyphens, markup
from tei_export.importing.safe_xml import descendants, local_name, words
from tei_export.importing.tei_lines import LineBuilder, OpenRole
from tei_export.importing.tei_pages import CERT, ID, NUMBER
from tei_export.importing.tei_readings import LANG, TeiReadingReader, children, values_of
from tei_export.model.formulas import FormulaError, read_formula
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import FORMULA, MISREADING, ROLES, Family
from tei_export.model.word_division import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


#: prefix of a register entry's id → role
#: TeX with the signs that begin and end a formula there.
_DOLLARS = re.compile(r"\${1,2}([^$]+)\${1,2}|\\\((.+)\\\)|\\\[(.+)\\\]")
_REGISTERS = {
    "pers-": "person",
    "place-": "place",
    "org-": "org",
    "event-": "event",
    "bib-": "work",
}
_MENTIONS = {"persName", "placeName", "orgName", "name", "rs", "title"}
_LANGUAGES = {"ru": "ru", "ru-petr1708": "ruold"}
_SIGNS = {name: sign for sign, name in SIGNS.items()}
#: ``hi/@rend`` → role
_HI = {row.tei_attrs["rend"]: row.name for row in ROLES if row.tei == "hi"}
#: element → milestone with values
_POINTS = {row.tei: row for row in ROLES if row.family is Family.MILESTONE and row.values}
#: Roles that have a mark of Markdown.
_STARS = {"i": "*", "b": "**"}
#: ``fw/@type`` → role
_FORME = {row.tei_attrs["type"]: row.name for row in ROLES if row.aside}
_SEGMENTS = {"authorSic": "authorsic", "authorInsertion": "insertion"}
#: Elements that are read as plain text.
_TRANSPARENT = {"bibl", "quote", "q", "p", "s", "w", "pc", "seg", "lem", "c", "l", "ab"}


class TeiInlineReader(TeiReadingReader):
    """Writes the content of elements into :class:`LineBuilder`."""

    def _turn_inside(self, pb: etree._Element, lines: LineBuilder) -> None:
        """Write a page break inside a block; a note with a page break continues overleaf."""
        if not lines.label:
            self.turn(pb)
            return
        lines.label = pb.get("n") or lines.label
        self.left += markup.role("pb", lines.label)

    def _break(self, lb: etree._Element, lines: LineBuilder) -> None:
        corresp = NUMBER.fullmatch(lb.get("corresp") or "")
        own = NUMBER.fullmatch(lb.get(ID) or "")
        witness_id = corresp or own
        number = int(witness_id[1]) if witness_id and self.own else 0
        after_label = not lb.get("n") and len(lines.pieces) == lines.numbered
        inner = after_label or (self.own and not lb.get("n") and lines.started and not _dirt(lb))
        if not inner:
            lines.end(self._division(lb, lines))
            lines.before(self.left)
            self.left = ""
            lines.page = lines.page if lines.label else self.page
        if number and self.turns and not corresp:
            self.numbers[lines.label or self.turns[self.page].label].add(number)
        if number and (lb.get("type") == "displaced" or number in self.pieces or inner):
            pin = markup.role("o", f"{number}{CERT.get(lb.get('cert') or '', '')}")
            (lines.put if inner and lines.started else lines.before)(pin)

    def _division(self, lb: etree._Element, lines: LineBuilder) -> str:
        if not lines.started or lb.get("break") == "maybe":
            return ""
        if self.own:
            sign = _SIGNS.get(lb.get("rend") or "", "")
            return lines.divide(shown=sign) if lb.get("break") == "no" else ""
        if lb.get("break") == "no" or hyphens.divides(
            hyphens.normalise(lines.plain), _following(lb)
        ):
            return lines.divide(shown=None)
        return ""

    # elements

    def content(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write the text and the elements inside ``element``."""
        if element.text:
            self._text(element.text, lines)
        for child in element:
            if isinstance(child.tag, str) and child not in self.skip:
                self.element(child, lines)
            if child.tail:
                self._text(child.tail, lines)

    def _text(self, text: str, lines: LineBuilder) -> None:
        if self.left and text.strip():
            lines.end("")
            lines.before(self.left)
            self.left = ""
            lines.page = self.page
        lines.text(text)

    def element(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write one element, depending on its name."""
        name = local_name(element)
        handler = self._handlers().get(name)
        if handler:
            handler(element, lines)
        elif name in _MENTIONS and self._mention(element, lines):
            return
        else:
            if name not in _TRANSPARENT | _MENTIONS | {"label", "item"}:
                self.tell(element)
            self.content(element, lines)

    def _handlers(self) -> dict[str, Callable[[etree._Element, LineBuilder], None]]:
        return {
            "lb": self._break,
            "pb": self._turn_inside,
            "fw": self.forme_work,
            "hi": self._highlighted,
            **self.reading_handlers(),
            "foreign": self._foreign,
            "seg": self._segment,
            "stage": self._stage,
            "formula": self._formula,
            "citedRange": lambda element, lines: self.phrase("cited", element, lines),
            "ref": self._ref,
            "note": self._note,
            "anchor": self._anchor,
            "cb": self._milestone,
            "milestone": self._milestone,
            "space": self._milestone,
            "handShift": self._milestone,
            "figure": lambda element, lines: self.tell(element),
        }

    def _milestone(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a milestone of own TEI; a column begins before its line."""
        row = _POINTS[local_name(element)]
        said = values_of(row, element) if self.own else []
        if not said:
            return
        written = markup.role(row.name, " ".join(said))
        if row.name == "cb" and not lines.started:
            self.left += written
        else:
            lines.put(written)

    def forme_work(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write forme work as a line of its own; the page break may have its number already.

        A word that is divided before it goes on after it.
        """
        if element in self.read_already:
            return
        role = _FORME.get(element.get("type") or "")
        if not role or not words(element).strip():
            self.tell(element)
            return
        beginning = next((e for e in element if local_name(e) == "lb"), None)
        if self.own and beginning is None:  # on a line with other text
            self.phrase(role, element, lines)
            return
        if begins_piece(element) and lines.done:  # on the line of the forme work before it
            lines.done[-1].text += f" {self._forme_role(role, element)}"
            lines.done[-1].plain += f" {' '.join(words(element).split())}"
            return
        following = next((e for e in element.itersiblings() if local_name(e) == "lb"), None)
        division = self._division(following, lines) if self.own and following is not None else ""
        lines.end(division)
        self.begin_block(lines)
        if beginning is not None:
            self._break(beginning, lines)
        lines.put(self._forme_role(role, element), " ".join(words(element).split()))
        lines.end("")

    def _forme_role(self, role: str, element: etree._Element) -> str:
        outer, self.skip = self.skip, {*self.skip, *descendants(element, "lb")}
        content = self.inside(element).strip()
        self.skip = outer
        return markup.role(role, content)

    def _highlighted(self, element: etree._Element, lines: LineBuilder) -> None:
        role = (
            "initial" if element.get("rendition") == "#in" else _HI.get(element.get("rend") or "")
        )
        if role in _STARS and self.own and not lines.open and _spans(element):
            self._starred(_STARS[role], element, lines)
        elif role:
            self.phrase(role, element, lines)
        else:
            self.tell(element)
            self.content(element, lines)

    def _starred(self, stars: str, element: etree._Element, lines: LineBuilder) -> None:
        """Write emphasis across line ends with Markdown's marks: a role must end in its line."""
        first = next(iter(element), None)
        outer = self.skip
        if first is not None and local_name(first) == "lb" and not (element.text or "").strip():
            self._break(first, lines)
            self.skip = {*outer, first}
        lines.put(stars)
        self.content(element, lines)
        lines.put(stars)
        self.skip = outer

    def language(self, element: etree._Element) -> str:
        """Return the role for the language of an element of own TEI, if there is one."""
        return _LANGUAGES.get(element.get(LANG) or "", "") if self.own else ""

    def _foreign(self, element: etree._Element, lines: LineBuilder) -> None:
        role = self.language(element)
        if role:
            self.phrase(role, element, lines)
        else:
            self.valued(element, lines)

    def _segment(self, element: etree._Element, lines: LineBuilder) -> None:
        role = _SEGMENTS.get(element.get("type") or "")
        if self.own and element.get("type") == "number":
            tail = f" <{element.get('n')}>"
            lines.put(markup.role("par", self.inside(element) + tail), words(element))
        elif role:
            self.phrase(role, element, lines)
        else:
            self.content(element, lines)

    def _formula(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a formula in the notation of TeX, with or without its dollar signs; others are reported as text."""
        tex = collapse_space("".join(map(str, element.itertext()))).strip()
        if match := _DOLLARS.fullmatch(tex):
            tex = next(filter(None, match.groups()))
        try:
            read = len(element) == 0 and "tex" in (element.get("notation") or "").lower()
            written = markup.role(FORMULA, tex) if read and read_formula(tex) is not None else ""
        except FormulaError:
            written = ""
        if written:
            lines.put(written, tex)
        else:
            self.tell(element)
            self.content(element, lines)

    def _stage(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a stage direction among the words of a speech."""
        if self.own:
            self.phrase("stage", element, lines)
        else:
            self.tell(element)
            self.content(element, lines)

    def _mention(self, element: etree._Element, lines: LineBuilder) -> bool:
        """Write the name of an entry of our registers; other files' names are reported as text."""
        ref = (element.get("ref") or "").lstrip("#")
        role = next(
            ((role, ref.removeprefix(p)) for p, role in _REGISTERS.items() if ref.startswith(p)),
            None,
        )
        if not role or not self.own:
            if element.get("ref"):
                self.tell(element)
            return False
        # pieces of a name across lines are not parts of other roles
        around = (
            lines.open[-1].name
            if lines.open and not lines.open[-1].mention and descendants(element, "lb")
            else ""
        )
        if around in _LANGUAGES.values():
            lines.close()
        lines.begin(OpenRole(role[0], role[1], mention=True))
        if around in _LANGUAGES.values():
            self.phrase(around, element, lines)
        else:
            self.content(element, lines)
        lines.close()
        if around in _LANGUAGES.values():
            lines.begin(OpenRole(around))
        return True

    # notes

    def _ref(self, element: etree._Element, lines: LineBuilder) -> None:
        note = self.notes.get((element.get("target") or "").lstrip("#"))
        if element.get("type") is None and self.own:
            self._reference(element, lines)
            return
        if element.get("type") != "noteAnchor" or note is None:
            self.content(element, lines)
            return
        if note.get("type") == "editorial":
            self._editors_note(note, lines)
            return
        label = note.get("n") or "1"
        app = next(iter(children(element, "app")), None)
        if app is None:
            lines.put(f"[^{label}]")
            return
        lem = next(iter(children(app, "lem")), None)
        source = "".join(words(rdg) for rdg in children(app, "rdg"))
        lines.put(
            markup.role(MISREADING, f"[^{label}] <{source}>{self.tail(lem, app.get(ID) or '')}")
        )

    def _reference(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a reference of own TEI to a page, a note, a part or an address."""
        target = element.get("target") or ""
        if target.startswith("#"):
            there = element.getroottree().xpath("//*[@xml:id=$id]", id=target[1:])
            found = there[0] if isinstance(there, list) and there else None
            target = _cited(found if isinstance(found, etree._Element) else None, target[1:])
        lines.put(markup.role("ref", f"{self.inside(element)} <{target}>"), words(element))

    def _anchor(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write the place of an editors' note; in own TEI the note is at the end."""
        note = self.targets.get(element.get(ID) or "")
        if note is not None:
            self._editors_note(note, lines)

    def _editors_note(self, note: etree._Element, lines: LineBuilder) -> None:
        label = f"ed-{note.get('n') or len(self.editorial) + 1}"
        self.editorial.append((label, note))
        lines.put(f"[^{label}]")

    def _note(self, note: etree._Element, lines: LineBuilder) -> None:
        if self.own:
            if note.get("type") == "authorial":
                self.waiting.append((note.get("n") or "1", note, self.page))
            elif note.get("type") != "editorial":
                self.content(note, lines)
            return
        if note.get("type") == "editorial" or (note.get("resp") or "").startswith("#ed"):
            self._editors_note(note, lines)
            return
        if any(local_name(above) == "note" for above in note.iterancestors()):
            self.tell(note)
            lines.text(" (")
            self.content(note, lines)
            lines.text(")")
            return
        self.number += 1
        label = str(self.number)
        if note.get("n") not in {None, label}:
            self.said.append(f"note {note.get('n')} is numbered {label}")
        lines.put(f"[^{label}]", label)
        self.waiting.append((label, note, self.page))

    def note_content(
        self, block: etree._Element, lines: LineBuilder, label: str, *, first: bool
    ) -> None:
        """Write a paragraph of a note; its number is in the witness and not repeated."""
        head = next(iter(children(block, "label")), None) if first else None
        if head is not None and self.own:
            app = next(iter(children(head, "app")), None)
            for child in block:
                if child is head:
                    break
                self.element(child, lines)  # the break of its first line
            if app is not None:
                self.app(app, lines)
            lines.numbered = len(lines.pieces)
            outer, self.skip = (
                self.skip,
                {
                    *self.skip,
                    head,
                    *(
                        c
                        for c in block.iterchildren()
                        if c is not head and local_name(c) == "lb" and _before(c, head)
                    ),
                },
            )
            if head.tail and head.tail.strip():
                lines.text(head.tail.lstrip() if app is None else head.tail)
            for child in head.itersiblings():
                if child in self.kept:
                    continue
                self.element(child, lines)
                if child.tail:
                    self._text(child.tail, lines)
            self.skip = outer
            return
        if first and not self.own:
            lines.plain += f"{label} "
        self.content(block, lines)

    def numbered(self, head: etree._Element, text: str) -> str:
        """Return the first line of a heading, marked as the chapter's number."""
        prefix = re.match(r"(?:\{(?:pb|o)\}`[^`]*`)*", text)
        start = prefix[0] if prefix else ""
        return start + markup.role("number", text[len(start) :])


def _spans(element: etree._Element) -> bool:
    """Return whether emphasis crosses a line end, and Markdown's mark can stand at both of its ends."""
    first = next(iter(element), None)
    breaks = [lb for lb in descendants(element, "lb") if lb is not first or element.text]
    text = words(element)
    if not breaks or not text.strip() or text != text.strip() or "*" in text[:1] + text[-1:]:
        return False
    before = element.getprevious()
    said = (before.tail if before is not None else element.getparent().text) or ""  # type: ignore[union-attr]
    opens = text[0].isalnum() or not said or not said[-1].isalnum()
    closes = text[-1].isalnum() or not (element.tail or "")[:1].isalnum()
    return opens and closes


def _backwards(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements that begin before ``element``, the nearest first."""
    at: etree._Element | None = element
    while at is not None:
        for sibling in at.itersiblings(preceding=True):
            yield from reversed(list(sibling.iter(etree.Element)))
        at = at.getparent()


def _cited(place: etree._Element | None, name: str) -> str:
    """Return how a reference cites the place that it leads to, whose id is ``name``."""
    kind = local_name(place) if isinstance(place, etree._Element) else ""
    if place is None or kind not in {"pb", "note", "lb", "l", "lg", "seg"}:
        return f"part:{name}"
    number = place.get("n") or ""
    if kind in {"pb", "note"}:
        return number if kind == "pb" else f"note:{number}"
    if kind == "lb":
        note = next(place.iterancestors("{*}note"), place)
        pages = (pb.get("n") for pb in _backwards(note) if local_name(pb) == "pb" and pb.get("n"))
        page = next(pages, None)
        return f"{page}.{number}" if page else number
    divisions = [div for div in place.iterancestors() if local_name(div).startswith("div")][::-1]
    path = [div.get("n") or "" for div in divisions[1:] if div.get("n")]
    sign = {"lg": "st", "seg": "par"}.get(kind, "")
    return f"{divisions[0].get(ID)}:{'.'.join([*path, sign + number])}"


def begins_piece(element: etree._Element) -> bool:
    """Return whether an element of own TEI begins with a further piece of a line."""
    first = next((e for e in element if isinstance(e.tag, str)), None)
    return first is not None and local_name(first) == "lb" and bool(first.get("corresp"))


def _dirt(lb: etree._Element) -> bool:
    """Return whether the line that begins here is only noise: readings of O without a lemma."""
    tail, following = lb.tail or "", lb.getnext()
    while not tail.strip() and following is not None and local_name(following) == "app":
        lem = next(iter(children(following, "lem")), None)
        if lem is None or words(lem).strip():
            return False
        tail, following = following.tail or "", following.getnext()
    return not tail.strip() and (following is None or local_name(following) in {"lb", "pb"})


def _before(element: etree._Element, other: etree._Element) -> bool:
    return any(sibling is other for sibling in element.itersiblings())


def _following(lb: etree._Element) -> str:
    """Return the words after a line break, as far as needed."""
    tail_text = lb.tail or ""
    following = lb.getnext()
    while not tail_text.strip() and following is not None:
        if local_name(following) != "fw":
            tail_text += words(following)
        tail_text += following.tail or ""
        following = following.getnext()
    return tail_text.strip()
