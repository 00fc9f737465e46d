"""Read the inline elements of TEI as MyST: highlighting, languages, formulas, names, and all others by their reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.importing import markup
from tei_export.importing.safe_xml import descendants, local_name, words
from tei_export.importing.tei_lines import LineBuilder, OpenRole
from tei_export.importing.tei_notes import TeiNoteReader
from tei_export.importing.tei_readings import LANG
from tei_export.model.formulas import FormulaError, read_formula
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import FORMULA, ROLES

if TYPE_CHECKING:
    from collections.abc import Callable


#: TeX between the signs that begin and end a formula in text.
_DOLLARS = re.compile(r"\${1,2}([^$]+)\${1,2}|\\\((.+)\\\)|\\\[(.+)\\\]")
#: prefix of a register entry's id → role
_REGISTERS = {
    "pers-": "person",
    "place-": "place",
    "org-": "org",
    "event-": "event",
    "bib-": "work",
}
_MENTIONS = {"persName", "placeName", "orgName", "name", "rs", "title"}
_LANGUAGES = {"ru": "ru", "ru-petr1708": "ruold"}
#: ``hi/@rend`` → role
_HI = {row.tei_attrs["rend"]: row.name for row in ROLES if row.tei == "hi"}
#: Roles that have a mark of Markdown.
_STARS = {"i": "*", "b": "**"}
_SEGMENTS = {"authorSic": "authorsic", "authorInsertion": "insertion"}
#: Elements that are read as plain text.
_TRANSPARENT = {"bibl", "quote", "q", "p", "s", "w", "pc", "seg", "lem", "c", "l", "ab"}


class TeiInlineReader(TeiNoteReader):
    """Writes the content of elements into :class:`LineBuilder`."""

    def content(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write the text and the elements inside ``element``."""
        if element.text:
            self.text(element.text, lines)
        for child in element:
            if isinstance(child.tag, str) and child not in self.skip:
                self.element(child, lines)
            if child.tail:
                self.text(child.tail, lines)

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
            "lb": self.line_break,
            "pb": self.turn_inside,
            "fw": self.forme_work,
            "hi": self._highlighted,
            **self.reading_handlers(),
            "foreign": self._foreign,
            "seg": self._segment,
            "stage": self._stage,
            "formula": self._formula,
            "citedRange": lambda element, lines: self.phrase("cited", element, lines),
            "ref": self.reference_or_note,
            "note": self.note,
            "anchor": self.anchor,
            "cb": self.milestone,
            "milestone": self.milestone,
            "space": self.milestone,
            "handShift": self.milestone,
            "figure": lambda element, lines: self.tell(element),
        }

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
            self.line_break(first, lines)
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
