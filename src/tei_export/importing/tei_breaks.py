"""Read the breaks of TEI as MyST: lines, pages, columns and other milestones, and forme work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.importing import hyphens, markup
from tei_export.importing.safe_xml import descendants, local_name, words
from tei_export.importing.tei_pages import CERT, ID, NUMBER
from tei_export.importing.tei_readings import TeiReadingReader, children, values_of
from tei_export.model.vocabulary import ROLES, Family
from tei_export.model.word_division import SIGNS

if TYPE_CHECKING:
    from lxml import etree

    from tei_export.importing.tei_lines import LineBuilder

_SIGNS = {name: sign for sign, name in SIGNS.items()}
#: element → milestone with values
_POINTS = {row.tei: row for row in ROLES if row.family is Family.MILESTONE and row.values}
#: ``fw/@type`` → role
_FORME = {row.tei_attrs["type"]: row.name for row in ROLES if row.aside}


class TeiBreakReader(TeiReadingReader):
    """Reads breaks and forme work into :class:`LineBuilder`."""

    def turn_inside(self, pb: etree._Element, lines: LineBuilder) -> None:
        """Write a page break inside a block; a note with a page break continues overleaf."""
        if not lines.label:
            self.turn(pb)
            return
        lines.label = pb.get("n") or lines.label
        self.left += markup.role("pb", lines.label)

    def line_break(self, lb: etree._Element, lines: LineBuilder) -> None:
        """Begin a line, or continue one whose number is in the middle of a line of the source."""
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

    def text(self, text: str, lines: LineBuilder) -> None:
        """Write text, after a page break that no line has begun yet."""
        if self.left and text.strip():
            lines.end("")
            lines.before(self.left)
            self.left = ""
            lines.page = self.page
        lines.text(text)

    def milestone(self, element: etree._Element, lines: LineBuilder) -> None:
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
            self.line_break(beginning, lines)
        lines.put(self._forme_role(role, element), " ".join(words(element).split()))
        lines.end("")

    def _forme_role(self, role: str, element: etree._Element) -> str:
        outer, self.skip = self.skip, {*self.skip, *descendants(element, "lb")}
        content = self.inside(element).strip()
        self.skip = outer
        return markup.role(role, content)


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
