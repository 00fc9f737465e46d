"""Places in the source: page and line, and the ids made from them.

Every output uses this module. A page is cited as printed (``ix``, ``17``, ``12r``), a line as
``17.12``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import roman_numerals

#: Page names exclude the separators of citations, and characters that would end a role.
_SEPARATORS = '.:,;-–<>`"\\'
_CITATION = re.compile(
    rf"(?:p\.\s*)?(?P<page>[^\s{re.escape(_SEPARATORS)}]+)(?:\.(?P<line>[0-9]{{1,9}}))?",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_LONGEST = 16
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

#: A page of the text that a reason names: ``p. 61 has another one``.
NAMED_PAGE = re.compile(r"\bp\. ?([ivxlc]+|\d+)\b")


class Place(NamedTuple):
    """A place in the source. ``line`` 0: the whole page; ``page`` empty: a text without pages."""

    page: str
    line: int = 0

    def __str__(self) -> str:
        if not self.page:
            return str(self.line)
        return f"{self.page}.{self.line}" if self.line else self.page

    @property
    def anchor(self) -> str:
        """The fragment of the place in HTML and EPUB: ``p17.12``; ``l12`` without pages.

        Characters that an address would escape become numbers: ``[4]`` is ``p-x5b-4-x5d-``.
        """
        if not self.page:
            return f"l{self}"
        return f"p{_safe(self.page)}.{self.line}" if self.line else f"p{_safe(self.page)}"


def parse(text: str) -> Place:
    """Parse ``17.12``, ``p. ix`` or ``12r.3``.

    :raises ValueError: any other form
    """
    match = _CITATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    page = match["page"].lower() if _ROMAN.fullmatch(match["page"]) else match["page"]
    return Place(page, int(match["line"] or 0))


def page_problem(label: str) -> str:
    """Return why ``label`` cannot name a page; empty if it can."""
    if not label:
        return "the page needs a name: write it as printed, or in brackets"
    wrong = [
        c
        for c in label
        if c.isspace()
        or c in _SEPARATORS
        or not c.isprintable()
        or (c.isdigit() and not c.isdecimal())
    ]
    if wrong:
        return f"{label!r} is not a valid page name: remove {wrong[0]!r}"
    return (
        ""
        if len(label) <= _LONGEST
        else f"{label!r} is not a valid page name: use at most {_LONGEST} characters"
    )


def page_id(page: str) -> str:
    """Return the ``xml:id`` of a page: ``pg-f09`` for ix, ``pg-012`` for 12, ``pg-12r`` for 12r."""
    if page.isascii() and page.isdecimal():
        return f"pg-{int(page):03d}"
    if page and _ROMAN.fullmatch(page):
        return f"pg-f{int(roman_numerals.RomanNumeral.from_string(page)):02d}"
    return f"pg-{page_slug(page)}"


def page_slug(page: str) -> str:
    """Return the name of a page for ids and file names.

    Lower-case letters and digits remain; numbers replace all other characters, so that no file
    system confuses ``A3`` and ``a3``.
    """
    return "".join(c if c in _PLAIN else f"-x{ord(c):x}-" for c in page)


def _safe(page: str) -> str:
    return "".join(c if c in _PLAIN or c in _CAPITALS else f"-x{ord(c):x}-" for c in page)


def witness_id(line: int) -> str:
    """Return the ``xml:id`` of a line of the base witness, whatever its siglum: ``o0857``."""
    return f"o{line:04d}"
