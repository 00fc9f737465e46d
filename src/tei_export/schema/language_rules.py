"""Rules on languages: every tag is described and fits the letters of its text.

The rules take the elements of a document and yield findings. They report tags without a description
(CH#CHSH), Russian tags on Latin letters and old-orthography tags on the new orthography: damage
that no grammar detects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.languages import wrong_orthography, wrong_script
from tei_export.model.vocabulary import ROLES
from tei_export.schema.finding import Finding, finding_at
from tei_export.schema.tei_document import LANG, T, TeiDocument

if TYPE_CHECKING:
    from collections.abc import Iterator


CODES: dict[str, str] = {
    "E-LANG": "each xml:lang is described in langUsage",
    "E-LANG-SCRIPT": "a passage has the letters of its language",
    "E-LANG-ORTHOGRAPHY": "words of ru-petr1708 that end in a consonant have the hard sign, those of ru have none",
}


def languages(document: TeiDocument) -> Iterator[Finding]:
    """Check that the header describes every language used."""
    known = {language.get("ident") for language in document.all("language")}
    for element, tag in document.tagged:
        if tag not in known:
            yield finding_at("E-LANG", f"{tag} is not in langUsage", element)


def scripts(document: TeiDocument) -> Iterator[Finding]:
    """Check that letters and spelling in the text fit their tags.

    The registers are exempt: they quote names as others write them.
    """
    for element, tag in document.tagged:
        # The editors state the language of a whole text, which is not within itself.
        if next(element.iterancestors(f"{T}text"), None) is not None:
            own = own_text(element)
            if wrong := wrong_script(tag, own):
                yield finding_at("E-LANG-SCRIPT", wrong, element)
            elif wrong := wrong_orthography(tag, own):
                yield finding_at("E-LANG-ORTHOGRAPHY", wrong, element)


def own_text(element: etree._Element) -> str:
    """Return the text that an element's language applies to.

    It excludes readings of other witnesses, notes, and passages with a language of their own; words
    divided at a line end are joined.
    """
    pieces: list[str] = []
    _collect(element, pieces, own=True)
    return "".join(pieces)


def _collect(element: etree._Element, pieces: list[str], *, own: bool) -> None:
    pieces.append(element.text or "")
    for child in element:
        skip = (
            not isinstance(child.tag, str) or child.get(LANG) is not None or child.tag in _SKIPPED
        )
        if not skip:
            _collect(child, pieces, own=False)
        tail = child.tail or ""
        if child.tag in (T + "lb", T + "pb") and child.get("break") == "no":
            while pieces and not pieces[-1].strip():
                pieces.pop()
            if pieces:
                pieces[-1] = pieces[-1].rstrip("\n ")
        pieces.append(tail)


_SKIPPED = {
    *(T + name for name in ("note", "ref", "teiHeader", "standOff", "fw")),
    *(T + row.tei_parts[1] for row in ROLES if row.tei_parts[1]),
}
