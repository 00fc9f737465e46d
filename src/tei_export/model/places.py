"""Where something stands: page and line of the typescript, and the ids made from them.

One notion of "where" for every output. A page is cited as printed (``ix``, ``17``), a
line as ``17.12``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import roman_numerals

_CITATION = re.compile(r"(?:p\.\s*)?(?P<page>[ivxlcdm]+|\d+)(?:\.(?P<line>\d+))?", re.IGNORECASE)

#: A page of the text that a reason names: ``p. 61 has another one``.
NAMED_PAGE = re.compile(r"\bp\. ?([ivxlc]+|\d+)\b")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the source: ``line`` 0 is the whole page, ``page`` empty a text without pages."""

    page: str
    line: int = 0

    def __str__(self) -> str:
        if not self.page:
            return str(self.line)
        return f"{self.page}.{self.line}" if self.line else self.page

    @property
    def anchor(self) -> str:
        """The fragment of the place in HTML and EPUB: ``p17.12``, ``l12`` without pages."""
        return f"p{self}" if self.page else f"l{self}"


def parse(text: str) -> Place:
    """``17.12``, ``p. ix`` → :class:`Place`; :raises ValueError: anything else."""
    match = _CITATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return Place(match["page"].lower(), int(match["line"] or 0))


def page_id(page: str) -> str:
    """The sortable ``xml:id`` of a page: ``pg-f09`` for ix, ``pg-012`` for 12."""
    if page.isdigit():
        return f"pg-{int(page):03d}"
    return f"pg-f{int(roman_numerals.RomanNumeral.from_string(page)):02d}"


def witness_id(line: int) -> str:
    """The ``xml:id`` of a witness line: ``o0857``."""
    return f"o{line:04d}"
