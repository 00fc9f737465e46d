"""The numbers in the margin: page numbers, and every fifth line number.

If a number is drawn in the line and moved into the margin, Firefox treats it as a block between two
words, and its search finds no phrase across it. The number is therefore repeated at the end of its
block, and the style sheet moves it beside its place (CSS anchor positioning). Browsers without that
feature, and print, draw it in the line.
"""

from __future__ import annotations

from tei_export.shared.labels import esc


class Margin:
    """Collects the numbers of a block; anchor names are unique in the page."""

    def __init__(self) -> None:
        self._places = 0
        self._turn: list[tuple[str, str, str]] = []
        self._block: list[str] = []

    def page(self, page: str, anchor: str = "", title: str = "") -> str:
        """Return the attribute for the beginning of ``page``; its number links to ``anchor``."""
        attribute, name = self._place()
        link = f' href="#{esc(anchor)}" title="{esc(title)}" tabindex="-1" aria-hidden="true"'
        tag, link = ("a", link) if anchor else ("span", "")
        self._turn.append((tag, f'{link} data-n="{esc(page)}"', name))
        return attribute

    def line(self, number: int) -> str:
        """Return the attribute for the beginning of line ``number``."""
        attribute, name = self._place()
        self._block.append(f'<span class="at nth" data-n="{number}" style="--at:{name}"></span>')
        return attribute

    def turned(self) -> None:
        """Place the pages that begin at the same point side by side."""
        for k, (tag, attributes, name) in zip(
            reversed(range(len(self._turn))), self._turn, strict=True
        ):
            beside = f";--k:{k}" if k else ""
            self._block.append(
                f'<{tag} class="at"{attributes} style="--at:{name}{beside}"></{tag}>'
            )
        self._turn = []

    def take(self) -> str:
        """Return the numbers of the block that ends here."""
        self.turned()
        numbers, self._block = "".join(self._block), []
        return numbers

    def _place(self) -> tuple[str, str]:
        self._places += 1
        name = f"--m{self._places}"
        return f' style="anchor-name:{name}"', name
