"""The lines of the original as one form has them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tei_export.model.places import Place

#: A name without any figure (``A``) is not told from the other ids of a page that begin with p.
_ANCHOR = re.compile(
    r"p(?P<page>[ivxlcdm]+|(?=[^.]*[0-9])(?:[A-Za-z0-9]|-x[0-9a-f]{1,5}-)+)(?:\.(?P<line>\d+))?|l(?P<only>\d+)"
)
_BY_NUMBER = re.compile(r"-x([0-9a-f]{1,5})-")


def place_of(anchor: str) -> Place | None:
    """``p17.12`` → the place that the name stands for, if it is one of a page or line."""
    match = _ANCHOR.fullmatch(anchor)
    if match is None:
        return None
    page = _BY_NUMBER.sub(lambda m: chr(int(m[1], 16)), match["page"] or "")
    return Place(page, int(match["line"] or match["only"] or 0))


@dataclass(slots=True)
class Lines:
    """Collects text line by line as a file is read. ``words``: line → its text as the file has it,
    white space too; ``addresses``: line or page → where it is."""

    words: dict[Place, str] = field(default_factory=dict)
    addresses: dict[Place, str] = field(default_factory=dict)
    now: Place | None = None

    def begin(self, place: Place, address: str) -> None:
        """A page (``line`` 0) or line begins."""
        self.addresses.setdefault(place, address)
        if place.line:
            self.words.setdefault(place, "")
            self.now = place

    def add(self, text: str) -> None:
        """Text of the line that is read; text outside of lines is not the original's."""
        if self.now is not None:
            self.words[self.now] += text

    def end(self) -> None:
        """A block ends, and its last line with it."""
        self.add("\n")
        self.now = None
