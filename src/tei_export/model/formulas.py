"""Read formulas in TeX notation into presentation MathML.

latex2mathml parses TeX. This module restricts the result to elements that every output can show,
and reports input that latex2mathml takes for letters although TeX would refuse it. Standard library
and latex2mathml only.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: The elements of a formula, and their attributes: no links, no classes, no styles.
ELEMENTS = frozenset(
    {
        "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot",
        "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mphantom",
    }
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        "mathvariant", "stretchy", "fence", "form", "separator", "accent", "accentunder", "movablelimits", "largeop",
        "linethickness", "lspace", "rspace", "minsize", "maxsize", "width", "columnalign", "displaystyle", "scriptlevel",
        "rowspacing", "columnspacing",
    }
)  # fmt: skip
#: An unknown command, which latex2mathml leaves as text.
_COMMAND = re.compile(r"\\[A-Za-z]+")
#: Environments whose lines TeX numbers; numbers must be those of the original.
_NUMBERED = re.compile(r"\\begin\{(align|alignat|eqnarray|equation|flalign|gather|multline)\}")
#: The maximum depth of elements; the writers are recursive.
_DEEPEST = 100
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")


class FormulaError(ValueError):
    """Raised for a formula that is not valid TeX, or that the outputs cannot show; says why."""


@lru_cache(maxsize=4096)
def read_formula(tex: str, *, display: bool = False) -> Element:
    """Return the ``math`` element (MathML Core, without a name space) of a formula.

    :param tex: the text between the dollar signs in TeX
    :param display: whether it stands alone: the limits of a sum are then under and over its sign
    :raises FormulaError: braces that do not match, a command that is not known, a script without its base …
    """
    from latex2mathml.converter import convert_to_element  # slow to load, and rarely needed

    _check(tex)
    try:
        element = convert_to_element(tex, display="block" if display else "inline")
    except RecursionError:
        raise FormulaError("it nests too deeply") from None
    except Exception as error:
        raise FormulaError(_in_words(error)) from None
    if _depth(element) > _DEEPEST:
        raise FormulaError("it nests too deeply")
    element.attrib.clear()  # its name space, and whether it is displayed
    for node in element.iter():
        _check_node(node)
        node.text = html.unescape(node.text or "")
    return element


def _check(tex: str) -> None:
    """Refuse input that latex2mathml understands differently from TeX: a superfluous brace, a
    comment, numbered lines."""
    if _COMMENT.search(tex):
        raise FormulaError("% begins a comment: a sign of the formula is \\%")
    if numbered := _NUMBERED.search(tex):
        raise FormulaError(f"{numbered[0]} would number its lines: write {numbered[1]}*")
    depth = 0
    for sign in re.findall(r"\\.|[{}]", tex):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            raise FormulaError("a } has no { before it")
    if depth:
        raise FormulaError("a { is not closed")


def _depth(element: Element) -> int:
    """Return how many levels an element has, without recursion."""
    depth, level = 0, [element]
    while level:
        depth, level = depth + 1, [child for node in level for child in node]
    return depth


def _check_node(node: Element) -> None:
    if node.tag not in ELEMENTS:
        raise FormulaError(f"the outputs cannot show <{node.tag}>")
    if others := node.attrib.keys() - _ATTRIBUTES:
        raise FormulaError(f"the outputs cannot show {min(others)}")
    if unknown := _COMMAND.match(node.text or ""):
        raise FormulaError(f"{unknown[0]} is not known")


def _in_words(error: Exception) -> str:
    """Return the name of an error as words: ``MissingEndError``: missing end."""
    name = type(error).__name__.removesuffix("Error")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return f"{words}: {error}" if str(error) else words
