"""Formulas as the outputs show them: MathML for pages and e-books, Typst for the book.

Source of the MathML: :func:`tei_export.model.formulas.read_formula`. ``alttext`` has the TeX of the
source, for programs without MathML (MathML Core, 2.1.3).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

from markupsafe import Markup

from tei_export.model.formulas import read_formula

if TYPE_CHECKING:
    from collections.abc import Sequence

MATHML = "http://www.w3.org/1998/Math/MathML"
#: sign of MathML over a letter → Typst function of the accent
_ACCENTS = {
    "^": "hat", "ˆ": "hat", "ˇ": "caron", "~": "tilde", "˜": "tilde", "→": "arrow", "⃗": "arrow", "˙": "dot", "¨": "dot.double",
    "´": "acute", "`": "grave", "˘": "breve", "˚": "circle", "⃛": "dot.triple",
}  # fmt: skip
#: sign of MathML over or under several letters → Typst function
_OVER = {
    "¯": "overline",
    "―": "overline",
    "‾": "overline",
    "_": "overline",
    "⏞": "overbrace",
    "⏠": "overparen",
}
_UNDER = {
    "⏟": "underbrace",
    "_": "underline",
    "̲": "underline",
    "―": "underline",
    "‾": "underline",
    "⏡": "underparen",
}
_WIDTH = re.compile(r"-?\d{1,3}(?:\.\d{1,4})?em")


def mathml(tex: str, *, display: bool = False) -> Markup:
    """Return the ``math`` element of a formula, for HTML and XHTML.

    :param display: whether it stands alone, in its full size
    :raises FormulaError: see :func:`~tei_export.model.formulas.read_formula`
    """
    found = read_formula(tex, display=display)
    given = {"xmlns": MATHML, "class": "math", "alttext": tex}
    root = Element("math", given | ({"displaystyle": "true"} if display else {}))
    root.extend(found)
    return Markup(tostring(root, encoding="unicode"))


def typst_math(tex: str) -> str:
    """Return a formula in Typst's notation, without dollar signs, with all text escaped.

    :raises FormulaError: see :func:`~tei_export.model.formulas.read_formula`
    """
    return _row(list(read_formula(tex)))


def _row(nodes: Sequence[Element]) -> str:
    shown: list[str] = []
    for node in nodes:
        shown.append(_typst(node))
        if node.tag == "mo" and len(shown) > 2 and _grows(nodes[len(shown) - 2]):
            shown[-3:] = [
                "",
                "",
                f"lr({' '.join(shown[-3:])})",
            ]  # brackets as high as their content
    row = ""
    for one in filter(None, shown):  # a space beside a string would belong to the formula
        row += one if row.endswith('"') or one.startswith('"') else f" {one}" if row else one
    return row


def _grows(node: Element) -> bool:
    return node.tag == "mtable" or node.get("linethickness") == "0"


def _typst(node: Element) -> str:
    text = node.text or ""
    if node.tag in ("mi", "mn", "mo", "mtext"):
        return _sign(node.tag, text, upright=node.get("mathvariant") == "normal")
    if node.tag == "mspace":
        width = node.get("width", "")
        return f"#h({width})" if _WIDTH.fullmatch(width) else ""
    if node.tag == "mtable":
        return _matrix(node)
    if node.tag in ("mrow", "mstyle", "mphantom", "msqrt"):
        return _holding(node)
    return _built(node, [_typst(child) or '""' for child in node])


def _holding(node: Element) -> str:
    """Return an element that contains a row of others."""
    inner = _row(list(node))
    if node.tag == "msqrt":
        return f"sqrt({inner})"
    if node.tag == "mphantom":
        return f"#hide(${inner}$)"
    fenced = node.tag == "mrow" and len(node) > 0 and node[0].get("fence") == "true"
    return f"lr({inner})" if fenced else inner


def _built(node: Element, parts: Sequence[str]) -> str:
    """Return an element that arranges its parts: scripts, fractions, roots, overscripts and underscripts."""
    match node.tag, parts:
        case "msup", [base, up]:
            return f"attach({base}, t: {up})"
        case "msub", [base, low]:
            return f"attach({base}, b: {low})"
        case "msubsup", [base, low, up]:
            return f"attach({base}, b: {low}, t: {up})"
        case "mfrac", [over, under]:
            bare = node.get("linethickness") == "0"
            return f"mat(delim: #none, {over}; {under})" if bare else f"frac({over}, {under})"
        case "mroot", [base, index]:
            return f"root({index}, {base})"
        case "mover", [base, over]:
            return _over(base, over, node[1].text or "")
        case "munder", [base, under]:
            line = _UNDER.get((node[1].text or "").strip())
            return f"{line}({base})" if line else f"attach(limits({base}), b: {under})"
        case "munderover", [base, under, over]:
            return f"attach(limits({base}), b: {under}, t: {over})"
    raise AssertionError(node.tag)


def _over(base: str, over: str, sign: str) -> str:
    if accent := _ACCENTS.get(sign.strip()):
        return f"accent({base}, {accent})"
    if line := _OVER.get(sign.strip()):
        return f"{line}({base})"
    return f"attach(limits({base}), t: {over})"


def _matrix(node: Element) -> str:
    rows = ["mat(delim: #none"]
    cells = [cell for row in node for cell in row]
    if cells and all(cell.get("columnalign") == "left" for cell in cells):
        rows[0] += ", align: #left"
    body = "; ".join(", ".join(_row(list(cell)) or '""' for cell in row) for row in node)
    return f"{rows[0]}, {body})"


def _sign(tag: str, text: str, *, upright: bool) -> str:
    """Return a letter, number, sign, or words."""
    if not text:
        return ""
    if tag == "mtext":
        return _string(text)
    if tag == "mn":
        return _string(text)
    if len(text) == 1:
        shown = (
            text
            if text.isalpha()
            else f"\\{text}"
            if text.isascii() and not text.isspace()
            else text
        )
        return f"upright({shown})" if upright else shown
    return f"op({_string(text)})" if tag == "mo" else f"upright({_string(text)})"


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
