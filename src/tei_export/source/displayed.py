"""Find the formulas that stand in a line of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.source.nodes import every, is_formula, mark, reading

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Text allowed beside such a formula: marks, and its number in brackets.
_BESIDE = re.compile(r"[\s.,;:]*(?:[(\[][^()\[\]\s]{1,8}[)\]])?[\s.,;:]*")


def displayed(paragraph: nodes.Element) -> nodes.Element | None:
    """Return the formula that stands alone in a paragraph, if it has one."""
    found = [node for node in paragraph.findall(mark) if node.get("display")]
    return found[0] if found else None


def find(document: nodes.document) -> None:
    """Mark each formula that is alone in its paragraph, apart from its number: ``display``."""
    if not any(is_formula(node) for node in every(document, mark)):
        return
    for paragraph in document.findall(nodes.paragraph):
        formulas = list(_formulas(paragraph))
        if type(paragraph) is nodes.paragraph and len(formulas) == 1:
            beside = reading(paragraph).replace(formulas[0].astext(), "", 1)
            if _BESIDE.fullmatch(beside):
                formulas[0]["display"] = True


def _formulas(paragraph: nodes.paragraph) -> Iterator[mark]:
    return (node for node in paragraph.findall(mark) if is_formula(node))
