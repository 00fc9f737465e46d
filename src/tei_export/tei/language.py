"""Rules on languages: tags that are described, and that fit the letters they are said of.

In: the elements of a document. Out: findings. A tag nobody described (CH#CHSH), Russian said of
Latin letters, the old orthography said of the new: each is damage that no grammar sees.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.tei.finding import TEI, Finding, at

if TYPE_CHECKING:
    from collections.abc import Iterator

T = f"{{{TEI}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

CODES: dict[str, str] = {
    "E-LANG": "each xml:lang is described in langUsage",
    "E-LANG-SCRIPT": "a passage has the letters of its language",
    "E-LANG-ORTHOGRAPHY": "words of ru-petr1708 that end in a consonant have the hard sign, those of ru have none",
}

#: Languages written in Cyrillic, unless the tag names another script (BCP 47).
_CYRILLIC = frozenset({"be", "bg", "mk", "ru", "uk"})
_LATIN = frozenset({"cs", "de", "en", "es", "fr", "it", "la", "nl", "pl", "pt", "tr"})
_WORD = re.compile(r"[А-Яа-яЁёІіѢѣѲѳѴѵ]{2,}(?![.\w])")
_CONSONANT = "бвгджзклмнпрстфхцчшщ"


def languages(root: etree._Element) -> Iterator[Finding]:
    """Languages used are languages described."""
    known = {language.get("ident") for language in root.iter(T + "language")}
    for element in root.iter(f"{T}*"):
        if (tag := element.get(LANG)) is not None and tag not in known:
            yield at("E-LANG", f"{tag} is not in langUsage", element)


def scripts(root: etree._Element) -> Iterator[Finding]:
    """Letters and tags fit; where a passage has no letters nothing can be said."""
    for element in root.iter(f"{T}*"):
        tag = element.get(LANG)
        if tag is None:
            continue
        own = own_text(element)
        cyrillic, latin = (sum(_is(letter, kind) for letter in own) for kind in ("CYRILLIC", "LATIN"))
        script = script_of(tag)
        if (script == "Cyrl" and latin > cyrillic) or (script == "Latn" and cyrillic > latin):
            yield at("E-LANG-SCRIPT", f"{tag} of {cyrillic} Cyrillic and {latin} Latin letters", element)
        elif script == "Cyrl":
            yield from _orthography(element, tag, own)


def _is(letter: str, kind: str) -> bool:
    if kind == "LATIN":
        return letter.isascii() and letter.isalpha()
    return "Ѐ" <= letter <= "ԯ"


def script_of(tag: str) -> str:
    """``Cyrl``, ``Latn`` or nothing known, of a language tag."""
    primary, *others = tag.split("-")
    named = next((s for s in others if s in ("Cyrl", "Latn")), "")
    return named or ("Cyrl" if primary in _CYRILLIC else "Latn" if primary in _LATIN else "")


def _orthography(element: etree._Element, tag: str, own: str) -> Iterator[Finding]:
    words = [w.casefold() for w in _WORD.findall(own)]
    hard = [w for w in words if w.endswith("ъ")]
    bare = [w for w in words if w[-1] in _CONSONANT]
    if tag == "ru" and hard:
        yield at("E-LANG-ORTHOGRAPHY", f"ru has {hard[0]!r}: old orthography is ru-petr1708", element)
    elif tag == "ru-petr1708" and len(bare) > len(hard):
        yield at("E-LANG-ORTHOGRAPHY", f"ru-petr1708 has {bare[0]!r}: new orthography is ru", element)


def own_text(element: etree._Element) -> str:
    """The text that an element's language is said of: not the readings of other witnesses, notes,
    or passages with a language of their own; words divided at a line's end are joined."""
    pieces: list[str] = []
    _collect(element, pieces, own=True)
    return "".join(pieces)


def _collect(element: etree._Element, pieces: list[str], *, own: bool) -> None:
    pieces.append(element.text or "")
    for child in element:
        skip = not isinstance(child.tag, str) or child.get(LANG) is not None or child.tag in _SKIPPED
        if not skip:
            _collect(child, pieces, own=False)
        tail = child.tail or ""
        if child.tag in (T + "lb", T + "pb") and child.get("break") == "no":
            while pieces and not pieces[-1].strip():
                pieces.pop()
            if pieces:
                pieces[-1] = pieces[-1].rstrip("\n ")
        pieces.append(tail)


_SKIPPED = {T + "rdg", T + "note", T + "ref", T + "sic", T + "teiHeader", T + "standOff", T + "fw"}
