"""The numbers in the margin: of pages, and of every fifth line.

A number that is drawn at the place itself and moved out of the line is, to Firefox, a block
between two words: its search finds no phrase across it. So the number stands once more where its
block ends, and the style sheet puts it beside its place (CSS anchor positioning). Browsers without
that, and paper, draw it at the place.
"""

from __future__ import annotations

from tei_export.shared.labels import esc


class Margin:
    """Gathers the numbers of a block; names of places are unique in the page."""

    def __init__(self) -> None:
        self._places = 0
        self._turn: list[tuple[str, str, str]] = []
        self._block: list[str] = []

    def page(self, page: str, anchor: str = "", title: str = "") -> str:
        """The attribute of the place where ``page`` begins; ``anchor``: the place, for a link."""
        attribute, name = self._place()
        link = f' href="#{esc(anchor)}" title="{esc(title)}" tabindex="-1" aria-hidden="true"'
        tag, link = ("a", link) if anchor else ("span", "")
        self._turn.append((tag, f'{link} data-n="{esc(page)}"', name))
        return attribute

    def line(self, number: int) -> str:
        """The attribute of the place where the line ``number`` begins."""
        attribute, name = self._place()
        self._block.append(f'<span class="at nth" data-n="{number}" style="--at:{name}"></span>')
        return attribute

    def turned(self) -> None:
        """All pages that begin at one place are known: they stand side by side."""
        for k, (tag, attributes, name) in zip(reversed(range(len(self._turn))), self._turn, strict=True):
            beside = f";--k:{k}" if k else ""
            self._block.append(f'<{tag} class="at"{attributes} style="--at:{name}{beside}"></{tag}>')
        self._turn = []

    def take(self) -> str:
        """The numbers of the block that ends here."""
        self.turned()
        found, self._block = "".join(self._block), []
        return found

    def _place(self) -> tuple[str, str]:
        self._places += 1
        name = f"--m{self._places}"
        return f' style="anchor-name:{name}"', name
