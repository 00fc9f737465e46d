"""Check the letters of a passage against its language tag (BCP 47).

The functions are pure: they take a tag and a text and return a complaint. They accept passages that
are too short to judge, and languages in neither table.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Languages written in Cyrillic or in Latin letters, unless the tag names another script.
_CYRILLIC = frozenset({"be", "bg", "mk", "ru", "uk"})
_LATIN = frozenset({"cs", "de", "en", "es", "fr", "it", "la", "nl", "pl", "pt", "tr"})
#: Scripts and languages that are written from right to left (Unicode, Bidi_Class R and AL; CLDR).
_RTL_SCRIPTS = frozenset(
    {
        "Adlm",
        "Arab",
        "Aran",
        "Hebr",
        "Mand",
        "Mend",
        "Nkoo",
        "Nbat",
        "Phnx",
        "Rohg",
        "Samr",
        "Syrc",
        "Thaa",
        "Yezi",
    }
)
_RTL = frozenset(
    {
        "ar", "arc", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "lrc", "mzn", "nqo", "ota", "phn", "pnb",
        "prs", "ps", "sam", "sd", "syc", "syr", "ug", "ur", "yi",
    }
)  # fmt: skip
_STRONG = {"R": "rtl", "AL": "rtl", "L": "ltr"}
#: The tag of Cyrillic that OCR read as Latin letters and digits.
MISREAD_CYRILLIC = "ru-Latn-x-ocr"
_WORD = re.compile(r"[А-Яа-яЁёІіѢѣѲѳѴѵ]{2,}(?![.\w])")
_CONSONANT = "бвгджзклмнпрстфхцчшщ"


@lru_cache(maxsize=256)
def script_of(tag: str) -> str:
    """Return the script of a language tag: ``Cyrl``, ``Latn``, or an empty string if unknown."""
    primary, *others = tag.split("-")
    named = next((s for s in others if s in ("Cyrl", "Latn")), "")
    return named or ("Cyrl" if primary in _CYRILLIC else "Latn" if primary in _LATIN else "")


def direction(tag: str) -> str:
    """Return the direction of text in the language ``tag``: ``rtl`` or ``ltr``. A script in the tag decides."""
    primary, *others = tag.split("-")
    script = next((s for s in others if re.fullmatch("[A-Z][a-z]{3}", s)), "")
    return "rtl" if (script in _RTL_SCRIPTS if script else primary in _RTL) else "ltr"


def runs_otherwise(text: str, way: str) -> bool:
    """Return whether ``text`` has letters that do not run ``way`` (``ltr`` or ``rtl``)."""
    if way == "ltr" and text.isascii():
        return False
    return any(_STRONG.get(unicodedata.bidirectional(c), way) != way for c in text)


_CYRILLIC_LETTER, _LATIN_LETTER = re.compile("[Ѐ-ԯ]"), re.compile("[A-Za-z]")


def wrong_script(tag: str, text: str) -> str:
    """Return what is wrong with the letters of ``text``, tagged as ``tag``; empty if nothing."""
    script = script_of(tag)
    if script not in ("Cyrl", "Latn"):
        return ""
    if script == "Latn" and text.isascii():
        return ""
    cyrillic, latin = len(_CYRILLIC_LETTER.findall(text)), len(_LATIN_LETTER.findall(text))
    if (script == "Cyrl" and latin > cyrillic) or (script == "Latn" and cyrillic > latin):
        return f"{tag}, with {cyrillic} Cyrillic and {latin} Latin letters"
    return ""


def wrong_orthography(tag: str, text: str) -> str:
    """Return what is wrong with the spelling of Russian ``text``; empty if nothing.

    Before 1918 a word that ends in a consonant took the hard sign; since then it does not.
    Abbreviations are ignored.
    """
    words = [w.casefold() for w in _WORD.findall(text)]
    hard = [w for w in words if w.endswith("ъ")]
    bare = [w for w in words if w[-1] in _CONSONANT]
    if tag == "ru" and hard:
        return f"{hard[0]!r} is old orthography (ru-petr1708), the role is for the new"
    if tag == "ru-petr1708" and len(bare) > len(hard):
        return f"{bare[0]!r} is new orthography (ru), the role is for the old"
    return ""
