"""The traversal of inline nodes that the web pages and the EPUB share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.i18n import terms
from tei_export.model.cast import PREFIX
from tei_export.model.role_values import ValueType, attributes
from tei_export.model.vocabulary import BY_NAME
from tei_export.shared.elements import EMPTY, element, esc, join
from tei_export.shared.formulas import mathml
from tei_export.source.nodes import cells_of, lb, mark, notelabel, noteref, pb, point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markupsafe import Markup

    from tei_export.shared.elements import Attributes


#: kind of a list → its element in HTML
LISTS = {"bulleted": "ul", "numbered": "ol", "gloss": "dl"}


class InlineWalker(ABC):
    """Base of the writers of inline nodes (:mod:`tei_export.source.nodes`).

    Subclasses return the markup of each kind of node.
    """

    def _all(self, children: Iterable[nodes.Node]) -> Markup:
        return join(self._one(child) for child in children)

    def _one(self, node: nodes.Node) -> Markup:
        if isinstance(node, nodes.Text):
            return esc(node)
        if isinstance(node, lb):
            return self._line(node)
        if isinstance(node, pb):
            return self._page(node)
        if isinstance(node, noteref):
            return self._noteref(node)
        if isinstance(node, notelabel):
            return self._label(node)
        if isinstance(node, point):
            return self._point(node)
        if isinstance(node, mark):
            return self._mark(node)
        return self._all(node.children)

    @staticmethod
    def _phrase(node: mark, content: Markup, language: Attributes, title: str = "") -> Markup:
        """Return the element of a phrase: its row's, or the one that shows its value.

        :param title: further words for its title
        """
        row = BY_NAME[node["kind"]]
        tag, said = row.html, dict(language)
        for value, name, text in attributes(node.get("values", {}), row.values):
            if value.form in (ValueType.LANGUAGE, ValueType.ROLES):
                continue
            if value.form is ValueType.ROLE:
                said["id"] = PREFIX + text
                continue
            shown = bool(value.element) and name == value.name and text[0] != "-"
            tag = value.element if shown else tag
            said[value.html if shown else f"data-{name}"] = text
        if "own_id" in node:
            said["id"] = node["own_id"]
        told = [*terms.value_words(node.get("said", ())), *([title] if title else [])]
        return element(
            tag, content, class_=row.css or row.name, **said, title="; ".join(told) or None
        )

    @staticmethod
    def _formula(node: mark) -> Markup:
        """Return a formula as MathML; where it stands alone, as large as in a line of its own."""
        return mathml(node.astext(), display=bool(node.get("display")))

    def _cells(self, row: nodes.Element, end: Callable[[], Markup]) -> Markup:
        """Return the cells of a row; ``end``, the end of the block, goes into the last one."""
        cells = cells_of(row)
        written = []
        for cell in cells:
            content = self._all(cell.children)
            head = cell["head"] and bool(
                content
            )  # screen readers would announce an empty one for its column
            content += end() if cell is cells[-1] else EMPTY
            tag, scope = ("th", "col") if head else ("td", None)
            written.append(element(tag, content, scope=scope, class_=cell["align"]))
        return join(written, " ")

    @abstractmethod
    def _line(self, node: lb) -> Markup:
        """Return the markup of a line beginning."""

    @abstractmethod
    def _page(self, node: pb) -> Markup:
        """Return the markup of a page break."""

    @abstractmethod
    def _noteref(self, node: noteref) -> Markup:
        """Return the markup of a note reference."""

    @abstractmethod
    def _label(self, node: notelabel) -> Markup:
        """Return the markup of the printed number at the start of a note."""

    @abstractmethod
    def _point(self, node: point) -> Markup:
        """Return the markup of a milestone that the edition adds."""

    @abstractmethod
    def _mark(self, node: mark) -> Markup:
        """Return the markup of a phrase: a reading, a name, a language."""
