"""Parse citations: ``17``, ``ix``, ``p. 17``, ``17.12``, ``17.12-14``, ``essay:5``, ``hamlet:1.2.56`` …"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from tei_export.model.places import Place, parse
from tei_export.model.problems import EditionError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tei_export.model.edition import Edition, Part, Text

    #: number of a line of verse (``1.2.56``) or stanza (``st2``) → first and last line of the
    #: original
    Numbered = Mapping[str, tuple[Place, Place]]

_TEXT = re.compile(r"([a-z][a-z0-9-]*):")
_RANGE = re.compile(r"\s*[-–]\s*")
_SEVERAL = re.compile(r"^pp\.\s*")


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage of ``text`` from ``first`` to ``last``, both included; line 0: whole page."""

    text: Text
    first: Place
    last: Place

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def lines_in(self, lines: Iterable[Place]) -> list[Place]:
        """Return those of ``lines`` that are in the passage, in the order of the witness."""
        return OrderedLines(self.text, lines).within(self)


class OrderedLines:
    """Lines of ``text``, put into the order of the witness once for many passages."""

    def __init__(self, text: Text, lines: Iterable[Place]) -> None:
        self._pages = {page: number for number, page in enumerate(text.witness.pages)} or {"": 0}
        keyed = [
            ((self._pages[place.page], place.line), place)
            for place in lines
            if place.line and place.page in self._pages
        ]
        keyed.sort(key=itemgetter(0))
        self._keys = [key for key, _ in keyed]
        self._places = [place for _, place in keyed]

    def within(self, wanted: CitedPassage) -> list[Place]:
        """Return the lines that are in the passage ``wanted``, in the order of the witness."""
        start = (self._pages.get(wanted.first.page, -1), wanted.first.line)
        end = (self._pages.get(wanted.last.page, -1), wanted.last.line or 1_000_000)
        return self._places[bisect_left(self._keys, start) : bisect_right(self._keys, end)]


def passage(
    edition: Edition, asked: str, text: str = "", numbered: Callable[[Part], Numbered] | None = None
) -> CitedPassage:
    """Parse a citation.

    :param asked: the citation; a prefix ``id:`` names its text and overrides ``text``, or names a part whose
        lines of verse have numbers
    :param text: the id of a text; empty: the first text of the record
    :param numbered: returns the numbered lines of a part
    :raises ValueError: the citation is malformed
    :raises EditionError: no such text, page or line of verse, or the range runs backwards
    """
    named = _TEXT.match(asked)
    name = named[1] if named else text or next(iter(edition.texts))
    if named and numbered and name not in edition.texts:
        for text_of_part in edition.texts.values():
            for part in (p for p in text_of_part.parts if p.id == name):
                return _verse(text_of_part, part, asked[named.end() :], numbered(part))
    if name not in edition.texts:
        known = ", ".join(edition.texts)
        raise EditionError(
            Problem(
                "place-unknown", "edition.yaml", 0, f"unknown text {name}; the texts are {known}"
            )
        )
    text_named = edition.texts[name]
    asked = _SEVERAL.sub("", asked[named.end() :].strip() if named else asked.strip())
    start, *end = _RANGE.split(asked)
    if len(end) > 1:
        raise ValueError(asked)
    first = _place(start, text_named)
    last = _place(end[0], text_named, first) if end else first
    wanted = CitedPassage(text_named, first, last)
    _there(wanted)
    return wanted


def _verse(text: Text, part: Part, asked: str, numbered: Numbered) -> CitedPassage:
    """Return the lines of the original that contain one or several lines of verse of ``part``."""
    start, *end = _RANGE.split(asked.strip())
    if len(end) > 1:
        raise ValueError(asked)
    ends = [start, *end]
    if end and "." not in end[0] and end[0].isdigit():  # in the division of the first
        ends[1] = start[: start.rfind(".") + 1] + end[0]
    places = []
    for one in ends:
        if one not in numbered:
            known = list(numbered)
            has = (
                f"its lines are {known[0]} to {known[-1]}" if known else "its lines have no numbers"
            )
            detail = f"{part.id} has no line or stanza {one}; {has}"
            raise EditionError(Problem("place-unknown", f"{part.doc}.md", 0, detail))
        places.append(numbered[one])
    wanted = CitedPassage(text, places[0][0], places[-1][1])
    _there(wanted)
    return wanted


def _place(said: str, text: Text, first: Place | None = None) -> Place:
    """Parse one place; a bare number at the end of a range shares the page of ``first``."""
    place = parse(said)
    if said.endswith(".0") or (not place.line and place.page == "0"):
        raise ValueError(said)  # lines count from 1
    if not text.witness.pages:
        if place.line or not place.page.isdigit():
            raise ValueError(said)
        return Place("", int(place.page))
    if first is not None and first.line and not place.line:
        return Place(first.page, int(place.page)) if place.page.isdigit() else place
    return place


def _there(wanted: CitedPassage) -> None:
    """Check that the passage exists.

    :raises EditionError: a page is lost or not in the page table, or the range runs backwards
    """
    pages = wanted.text.witness.pages
    file = _table(wanted.text)
    order = list(pages)
    for place in dict.fromkeys((wanted.first, wanted.last)):
        if place.page and place.page not in pages:
            raise EditionError(Problem("place-unknown", file, 0, f"unknown page {place.page}"))
        if place.page and pages[place.page].lost:
            line = order.index(place.page) + 2
            raise EditionError(Problem("place-unknown", file, line, f"page {place.page} is lost"))
    ends = [(order.index(p.page) if p.page else 0, p.line) for p in (wanted.first, wanted.last)]
    if ends != sorted(ends):
        raise EditionError(
            Problem("place-unknown", file, 0, f"{wanted}: the end comes before the beginning")
        )


def _table(text: Text) -> str:
    """Return the name of the file that lists the pages of a text."""
    return str(text.data.get("pages") or text.witness.file)


def missing(
    wanted: CitedPassage, counts: Mapping[str, int], lines: Iterable[Place]
) -> EditionError:
    """Return the error for a passage that the text does not contain.

    :param counts: page → number of its lines
    :param lines: the lines that are missing
    """
    problems = []
    for place in sorted(lines, key=str) or [wanted.first]:
        where = f"page {place.page}" if place.page else wanted.text.id
        detail = f"{where} has no line {place.line}; it has {counts.get(place.page, 0)}"
        problems.append(Problem("place-unknown", _table(wanted.text), 0, detail))
    return EditionError(*problems)
