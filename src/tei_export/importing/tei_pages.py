"""The pages of a TEI text, and facts collected before the walk."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.importing import markup
from tei_export.importing.page_numbers import parse_page_number
from tei_export.importing.safe_xml import descendants, local_name, words
from tei_export.proof.regenerate import siglum_of, witness_lines

if TYPE_CHECKING:
    from tei_export.importing.tei_lines import LineBuilder

ID = "{http://www.w3.org/XML/1998/namespace}id"
NUMBER = re.compile(r"#?o(\d+)")
CERT = {"medium": " ?", "low": " ??"}


@dataclass(slots=True)
class TeiPageBreak:
    """A page as in the file."""

    label: str
    how: str = ""
    image: str = ""
    seen: int = 0


class TeiPageReader:
    """A TEI text: its notes, reasons and witness lines, and the pages met so far."""

    def __init__(self, text: etree._Element, *, own: bool) -> None:
        self.own = own
        self.said: list[str] = []
        self.turns: list[TeiPageBreak] = []
        self.page = -1
        self.left = ""
        self.title = ""
        self.number = 0
        self.skip: set[etree._Element] = set()
        #: forme work already written, with its page break or the line that it shares
        self.read_already: set[etree._Element] = set()
        #: page → the lines of the witness on it
        self.numbers: dict[str, set[int]] = defaultdict(set)
        self.waiting: list[tuple[str, etree._Element, int]] = []
        self.editorial: list[tuple[str, etree._Element]] = []
        self.notes = {note.get(ID) or "": note for note in descendants(text, "note")}
        self.reasons = {
            (note.get("target") or "").lstrip("#"): " ".join(words(note).split())
            for note in descendants(text, "note")
            if note.get("subtype") == "emendation"
        }
        self.targets = {
            (note.get("target") or "").lstrip("#"): note
            for note in descendants(text, "note")
            if note.get("type") == "editorial" and not note.get("subtype")
        }
        self.siglum = siglum_of(_root(text))
        """the pointer to the witness with the lines, as in ``rdg/@wit``"""
        #: blocks of a note that are written after its first paragraph
        self.kept: set[etree._Element] = set()
        self.of_line = witness_lines(_root(text))[0] if own else {}
        self.pieces = {
            int(m[1])
            for lb in descendants(text, "lb")
            if local_name(lb.getparent()) != "fw"
            and (m := NUMBER.fullmatch(lb.get("corresp") or ""))
        }

    def tell(self, element: etree._Element) -> None:
        """Report that an element is read as text."""
        self.said.append(
            f"<{local_name(element)}> in <{local_name(element.getparent())}> is taken as text"
        )

    # breaks

    def turn(self, pb: etree._Element) -> None:
        """Begin a page: its break goes before the next line."""
        label, how = self._label(pb)
        if any(t.label == label for t in self.turns):
            return  # the page continues in a note
        turn = TeiPageBreak(label, how, pb.get("facs") or "")
        self.turns.append(turn)
        self.page = len(self.turns) - 1
        following = pb.getnext()
        read = ""
        if self.own and following is not None and _is_number(following, label):
            self.read_already.add(following)
            found = [
                m
                for lb in descendants(following, "lb")
                if (m := NUMBER.fullmatch(lb.get(ID) or ""))
            ]
            if found:
                turn.seen = int(found[0][1])
                self.numbers[label].add(turn.seen)
                read = self.of_line.get(turn.seen, "")
        elif self.own and pb.get("type") == "attested":
            turn.seen = _line_of_number(pb, label)
        cert = CERT.get(pb.get("cert") or "", "") if self.own else ""
        self.left += markup.role(
            "pb", f"{label} <{read}>{cert}" if read and read != label else f"{label}{cert}"
        )

    def _label(self, pb: etree._Element) -> tuple[str, str]:
        if self.own and pb.get("n"):
            return pb.get("n", ""), ""
        n = (pb.get("n") or "").strip("[]() .")
        if parse_page_number(n)[0]:
            return n, "" if n == pb.get("n") else f"in the file {pb.get('n')}"
        last = parse_page_number(self.turns[-1].label)[0] if self.turns else 0
        taken = {turn.label for turn in self.turns}
        while str(last + 1) in taken:
            last += 1
        return str(last + 1), f"invented: in the file {pb.get('n') or 'it has no number'}"

    def begin_block(self, lines: LineBuilder) -> None:
        """Write the pending breaks before the next line."""
        if self.left:
            lines.end("")
        lines.before(self.left)
        self.left = ""
        lines.page = self.page


def _is_number(element: etree._Element, label: str) -> bool:
    """Return whether forme work is exactly the printed number of the page."""
    if local_name(element) != "fw" or element.get("type") != "pageNum":
        return False
    text = element.text or ""
    for child in element:
        lems = [words(e) for e in child if local_name(e) == "lem"]
        text += "".join(lems) if local_name(child) == "app" else words(child)
        text += child.tail or ""
    return text == label


def _line_of_number(pb: etree._Element, label: str) -> int:
    """Return the line of the forme work that contains the page's number; 0 if none does."""
    found = pb.xpath("following::*[local-name() = 'pb' or local-name() = 'fw'][position() < 20]")
    for element in found if isinstance(found, list) else ():
        if not isinstance(element, etree._Element) or local_name(element) == "pb":
            break
        lb = next((e for e in element if local_name(e) == "lb"), None)
        number = NUMBER.fullmatch(lb.get(ID) or "") if lb is not None else None
        if number and label in re.findall(r"\w+", words(element)):
            return int(number[1])
    return 0


def _root(element: etree._Element) -> etree._Element:
    return element.getroottree().getroot()
