"""Write SVG as text: elements with escaped values, rounded numbers, the width of words.

Specification: https://www.w3.org/TR/SVG2/. The drawings carry classes; the style sheet
(``theme/static/figures.css``) sets colours and type, so that drawings follow the colours of the
page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from tei_export.shared.elements import element, empty

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The font size of the layout, in the drawings' own units.
SIZE = 14.0
#: Widths of letters in Libertinus Serif, in em, slightly generous; other letters are ``_OTHER``
#: wide.
_WIDTHS = {
    **dict.fromkeys("ijl.,;:'’!|", 0.29),
    **dict.fromkeys("frt()[]-/ I", 0.36),
    **dict.fromkeys("acesz", 0.46),
    **dict.fromkeys("mwMW", 0.9),
    **dict.fromkeys("ABCDEFGHKLNOPQRTUVXYZ&", 0.7),
    **dict.fromkeys("0123456789", 0.48),
}
_OTHER = 0.54


class LinkLabel(NamedTuple):
    """The text of a link in a drawing; ``name`` is for screen readers and the tooltip."""

    text: str
    href: str
    name: str = ""


def number(value: float) -> str:
    """Format ``value`` with at most one decimal, identically on every machine."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def el(name: str, /, *content: object, **attributes: object) -> Markup:
    """Return an element; one without content as ``<name/>``.

    :param content: escaped, unless it is markup
    :param attributes: as in :func:`tei_export.shared.elements.attributes`; floats are rounded
    """
    given = {n: number(v) if isinstance(v, float) else _clean(v) for n, v in attributes.items()}
    inner = [_clean(part) for part in content if part]
    return element(name, *inner, **given) if inner else empty(name, **given)


def _clean(value: object) -> object:
    """Replace control characters, which XML does not allow; markup is returned unchanged."""
    if value is None or isinstance(value, Markup):
        return value
    return "".join(c if c >= " " else " " for c in str(value))


def text(words: str, x: float, y: float, class_: str = "", **attributes: object) -> Markup:
    """Return a line of words at a point."""
    return el("text", words, x=float(x), y=float(y), class_=class_, **attributes)


def link(content: Markup, label: LinkLabel, class_: str = "") -> Markup:
    """Return ``content`` as a link, or unchanged if the label has no address."""
    named = el("title", label.name or label.text) + content
    if not label.href:
        return el("g", named, class_=class_)
    return el("a", named, href=label.href, class_=class_, aria_label=label.name or label.text)


def drawing(
    body: Iterable[Markup], *, width: float, height: float, id_: str, title: str, desc: str
) -> Markup:
    """Return the complete ``svg`` element.

    :param body: its content as markup
    :param width: in the drawing's units, like ``height``
    :param id_: the id of the element, and the prefix of the ids of title and description
    :param title: the accessible name
    :param desc: the accessible description
    """
    head = el("title", title, id=f"{id_}-title") + el("desc", desc, id=f"{id_}-desc")
    return el(
        "svg",
        head,
        *body,
        xmlns="http://www.w3.org/2000/svg",
        id=id_,
        class_="drawing",
        role="group",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=float(width),
        height=float(height),
        style=f"--w:{number(width)}",
        aria_labelledby=f"{id_}-title",
        aria_describedby=f"{id_}-desc",
    )


def width_of(words: str, size: float = SIZE) -> float:
    """Estimate the width of ``words``, rather too wide than too narrow."""
    return size * sum(_WIDTHS.get(c, _OTHER) for c in words)


def cut(words: str, width: float, size: float = SIZE) -> str:
    """Shorten ``words`` to ``width`` with an ellipsis."""
    if width_of(words, size) <= width:
        return words
    kept = words
    while kept and width_of(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip(" ,.;:(") + "…"
