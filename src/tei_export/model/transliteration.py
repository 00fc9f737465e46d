"""Transliterate Russian, in modern and in old spelling, by two schemes.

Sources: ALA-LC Romanization Tables, *Russian* (Library of Congress, 2012), with the ties and diacritics; ISO 9:1995,
*Transliteration of Cyrillic characters into Latin characters*, table 1 (Slavic languages) and table 2 (old
orthographies). The pages take the same tables for their scripts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_WORD = re.compile(r"[\u0400-\u04ff\u0300-\u036f]+")
#: A hard sign at the end of a word, as in the old spelling.
_FINAL = re.compile(r"[ъЪ](?![\u0400-\u04ff])")


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme: its name in options and addresses, its title, the tag of what it writes (BCP 47)."""

    name: str
    title: str
    tag: str
    letters: Mapping[str, str]
    final: bool
    """a hard sign at the end of a word is transliterated, too"""


def _table(pairs: str) -> Mapping[str, str]:
    return MappingProxyType(dict(pair.split("=") for pair in pairs.split()))


#: The schemes by name. The variant ``alalc97`` is registered with IANA; ISO 9 has none.
SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        scheme.name: scheme
        for scheme in (
            Scheme(
                "alalc",
                "ALA-LC",
                "ru-Latn-alalc97",
                _table(
                    "а=a б=b в=v г=g д=d е=e ё=ë ж=zh з=z и=i й=ĭ к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh "
                    "ц=t\u0361s ч=ch ш=sh щ=shch ъ=ʺ ы=y ь=ʹ э=ė ю=i\u0361u я=i\u0361a і=ī ѣ=i\u0361e ѳ=ḟ ѵ=ẏ"
                ),
                final=False,
            ),
            Scheme(
                "iso9",
                "ISO 9",
                "ru-Latn",
                _table(
                    "а=a б=b в=v г=g д=d е=e ё=ë ж=ž з=z и=i й=j к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h "
                    "ц=c ч=č ш=š щ=ŝ ъ=ʺ ы=y ь=ʹ э=è ю=û я=â і=ì ѣ=ě ѳ=f\u0300 ѵ=ỳ"
                ),
                final=True,
            ),
        )
    }
)


def transliterate(text: str, scheme: Scheme) -> str:
    """Return ``text`` with its Russian words in Latin letters; other letters stay.

    If a capital becomes several letters, all of them are capitals in a word of capitals.
    """
    if not scheme.final:
        text = _FINAL.sub("", text)
    return _WORD.sub(lambda match: _word(match[0], scheme.letters), text)


def _word(word: str, letters: Mapping[str, str]) -> str:
    result = []
    for at, letter in enumerate(word):
        latin = letters.get(letter.lower(), letter)
        if letter.isupper() and latin != letter:
            beside = word[at + 1 : at + 2] or word[max(at - 1, 0) : at]
            latin = latin.upper() if beside.isupper() else latin[0].upper() + latin[1:]
        result.append(latin)
    return "".join(result)
