"""The lines of the witness as one form contains them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tei_export.model.places import Place

#: Labels without a digit (``A``) are excluded: other ids that begin with p look the same.
_ANCHOR = re.compile(
    r"p(?P<page>[ivxlcdm]+|(?=[^.]*[0-9])(?:[A-Za-z0-9]|-x[0-9a-f]{1,5}-)+)(?:\.(?P<line>\d+))?|l(?P<only>\d+)"
)
_BY_NUMBER = re.compile(r"-x([0-9a-f]{1,5})-")


def place_of(anchor: str) -> Place | None:
    """Return the page or line that the anchor ``p17.12`` names; None for any other anchor."""
    match = _ANCHOR.fullmatch(anchor)
    if match is None:
        return None
    page = _BY_NUMBER.sub(lambda m: chr(int(m[1], 16)), match["page"] or "")
    return Place(page, int(match["line"] or match["only"] or 0))


@dataclass(slots=True)
class TextByLine:
    """Collects text line by line while a file is read.

    ``words`` maps a line to its text exactly as in the file, including white space; ``addresses``
    maps a line or page to its address.
    """

    words: dict[Place, str] = field(default_factory=dict)
    addresses: dict[Place, str] = field(default_factory=dict)
    now: Place | None = None

    def begin(self, place: Place, address: str) -> None:
        """Begin a line, or a page (``line`` 0)."""
        self.addresses.setdefault(place, address)
        if place.line:
            self.words.setdefault(place, "")
            self.now = place

    def add(self, text: str) -> None:
        """Add text to the current line; ignore text outside lines, which is not in the witness."""
        if self.now is not None:
            self.words[self.now] += text

    def end(self) -> None:
        """End a block, and with it its last line."""
        self.add("\n")
        self.now = None
