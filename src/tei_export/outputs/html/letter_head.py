"""The head of a letter on its page: from whom, to whom, when, and the letters before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.shared.elements import EMPTY, element, join
from tei_export.shared.labels import _
from tei_export.shared.letter_head import in_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from tei_export.model.correspondence import Letter
    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.elements import Attributes
    from tei_export.shared.letter_head import LetterHead


def letter_head(
    head: LetterHead,
    entry_uri: Callable[[RegisterEntry], str],
    letter_uri: Callable[[str], str],
    language: Attributes,
) -> Markup:
    """Return the head; names link to their register entries, if these have a page."""

    def named(entry: RegisterEntry) -> Markup:
        uri = entry_uri(entry)
        return element("a" if uri else "span", in_order(entry), href=uri)

    rows = join(
        element(
            "div",
            element("dt", name),
            element("dd", words or join(map(named, names), "; ")),
        )
        for name, names, words in head.fields()
    )
    return element(
        "div", element("dl", rows), _neighbours(head, letter_uri), class_="letter-head", **language
    )


def _neighbours(head: LetterHead, letter_uri: Callable[[str], str]) -> Markup:
    """Return links to the letters before and after, between the same persons."""

    def link(letter: Letter | None, name: str, rel: str) -> Markup:
        if letter is None:
            return EMPTY
        shown = (element("span", name), " ", letter.title)
        return element("li", element("a", join(shown), href=letter_uri(letter.doc), rel=rel))

    links = link(head.before, _("Previous letter:"), "prev") + link(
        head.after, _("Next letter:"), "next"
    )
    return element("nav", element("ul", links), aria_label=_("Correspondence")) if links else EMPTY
