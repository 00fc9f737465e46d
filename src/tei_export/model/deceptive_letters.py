"""Find deceptive letters: mixed scripts in a word, foreign look-alikes, invisible characters.

The functions are pure: they take a text and yield faults. They do not judge readings of the
witness.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from tei_export.model.languages import script_of
from tei_export.model.problems import letter_names
from tei_export.model.word_forms import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = "LETTERS"
_ROMAN = re.compile(r"[IVXLCDM]+")
#: Visible characters of the class Cf: signs before and over Arabic and Indic numbers.
_SEEN = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
#: Invisible characters of other classes: fillers, joiners, separators, the Braille blank.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
#: Scripts that may occur together in one word (Japanese, Korean).
_TOGETHER = {"CJK": "CJK", "HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK", "BOPOMOFO": "CJK"}
_SCRIPTS = {"Latn": "LATIN", "Cyrl": "CYRILLIC"}
#: Scripts whose letters are mistaken for each other.
_ALIKE = frozenset(_SCRIPTS.values())


@lru_cache(maxsize=4096)
def script(letter: str) -> str:
    """Return the script in a letter's Unicode name (``CYRILLIC``); empty if it has none."""
    if unicodedata.category(letter) not in {"Lu", "Ll", "Lt", "Lo"}:
        return ""
    name = unicodedata.name(letter, "?").split(" ")[0]
    return "" if name in {"FEMININE", "MASCULINE", "MICRO"} else _TOGETHER.get(name, name)


def mixed(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word in two scripts, with the letters of the script that has fewer."""
    for word in () if text.isascii() else pattern(_WORD, text).findall(text):
        if word.isascii():
            continue
        letters: dict[str, list[str]] = {}
        for letter in word:
            if alphabet := script(letter):
                letters.setdefault(alphabet, []).append(letter)
        if len(letters) > 1:
            fewest = min(letters.values(), key=len)
            yield word, f"{word}: {letter_names(fewest)}"


def foreign(tag: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield words of ``text`` in look-alike letters: Cyrillic in Latin, Latin in Cyrillic.

    ``tag`` is the language of the passage. Roman numerals belong to every script.
    """
    own = _SCRIPTS.get(script_of(tag), "")
    if not own or (own == "LATIN" and text.isascii()):
        return
    for word in pattern(_WORD, text).findall(text):
        if own == "LATIN" and word.isascii():
            continue
        others = [x for x in word if script(x) in _ALIKE - {own}]
        if (
            len(others) == sum(map(bool, map(script, word)))
            and others
            and not _ROMAN.fullmatch(word)
        ):
            yield word, f"{word} in {tag}: {letter_names(others[:3])}"


def invisible(text: str) -> Iterator[tuple[str, str]]:
    """Yield each invisible character of ``text`` and its name: ``U+200B ZERO WIDTH SPACE``."""
    if text.isascii():
        return
    before = ""
    for c in text:
        if _hides(c, before):
            yield c, f"U+{ord(c):04X} {unicodedata.name(c, 'without a name')}"
        before = c


def _hides(c: str, before: str) -> bool:
    """Return whether ``c`` is invisible; scripts with joining letters need their joiners."""
    if c in _JOINERS:
        return script(before or " ") in {
            "",
            "LATIN",
            "CYRILLIC",
            "GREEK",
            "HEBREW",
            "ARMENIAN",
            "GEORGIAN",
        }
    if c in _UNSEEN or "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef":
        return True
    return (
        unicodedata.category(c) in {"Cf", "Cc", "Co", "Cs"} and c not in _SEEN and c not in "\n\t"
    )
