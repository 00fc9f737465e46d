"""The numbers in the margin: page numbers, and every fifth line number.

If a number is drawn in the line and moved into the margin, Firefox treats it as a block between two
words, and its search finds no phrase across it. The number is therefore repeated at the end of its
block, and the style sheet moves it beside its place (CSS anchor positioning). Browsers without that
feature, and print, draw it in the line.

A long chapter has hundreds of line numbers. The style sheet therefore names the places of numbers
up to :data:`NAMED` itself, within each block; only a higher number, or one that occurs twice in a
block, has its own anchor name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.shared.elements import element, join

if TYPE_CHECKING:
    from markupsafe import Markup

    from tei_export.shared.elements import Attributes


#: The highest line number whose place the style sheet names (``text.css``).
NAMED = 50


class Margin:
    """Collects the numbers of a block; anchor names begin with ``prefix`` and are unique on the page."""

    def __init__(self, prefix: str = "m") -> None:
        self._prefix, self._places = prefix, 0
        self._turn: list[tuple[str, Attributes, str]] = []
        self._block: list[Markup] = []
        self._numbers: set[int] | None = None

    def begin(self, *, whole: bool) -> None:
        """Begin a block. ``whole``: its numbers will stand in the same element as its lines."""
        self._numbers = set() if whole else None

    def page(self, page: str, anchor: str = "") -> Attributes:
        """Return the attributes for the beginning of ``page``; its number links to ``anchor``."""
        given, name = self._place()
        link: Attributes = {}
        if anchor:
            link = {"href": f"#{anchor}", "tabindex": -1, "aria-hidden": "true"}
        self._turn.append(("a" if anchor else "span", {**link, "data-n": page}, name))
        return given

    def line(self, number: int) -> Attributes:
        """Return the attributes for the beginning of line ``number``."""
        given: Attributes = {}
        beside = None
        if self._numbers is None or number > NAMED or number in self._numbers:
            given, name = self._place()
            beside = f"--at:{name}"
        else:
            self._numbers.add(number)
        self._block.append(element("span", class_="nth", data_n=number, style=beside))
        return given

    def turned(self) -> None:
        """Place the pages that begin at the same point side by side."""
        for k, (tag, given, name) in zip(reversed(range(len(self._turn))), self._turn, strict=True):
            beside = f";--k:{k}" if k else ""
            self._block.append(element(tag, class_="at", **given, style=f"--at:{name}{beside}"))
        self._turn = []

    def take(self) -> Markup:
        """Return the numbers of the block that ends here."""
        self.turned()
        numbers, self._block = join(self._block), []
        return numbers

    def _place(self) -> tuple[Attributes, str]:
        self._places += 1
        name = f"--{self._prefix}{self._places}"
        return {"style": f"anchor-name:{name}"}, name
