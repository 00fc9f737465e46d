"""The index of the whole corpus, in pieces: a query loads only the pieces of its words and of the
places found.

``index/0061-0062.js`` lists the words that begin with ``ab`` and the units that contain them (``0-3,7``); if it would be
larger than :data:`PIECE`, it is divided by the next letter, and names the pieces that continue it. ``units/N.js`` has :data:`TOGETHER` units, with their words and places. Both are scripts, which work
from ``file://``, too. The script ``search.js`` folds the words of a query as :func:`folded` does
those of the texts.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.corpus.editions import BuiltEdition

TOGETHER = 100
#: Bytes of a piece, before compression; only a single word may exceed it.
PIECE = 40_000
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return ``text`` without case and marks on letters."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in plain if not unicodedata.category(c).startswith("M"))


def words(text: str) -> set[str]:
    """Return the folded words of a unit; a word divided at a line end is one."""
    return set(_WORD.findall(folded(text.replace("¬\n", "").replace("¬", ""))))


def piece(word: str) -> str:
    """Return the name of the piece that has ``word``: its first two characters, by their numbers."""
    return "-".join(f"{ord(c):04x}" for c in word[:2])


def files(editions: Sequence[BuiltEdition]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file of the index."""
    pieces: dict[str, dict[str, list[int]]] = {}
    units: list[list[Any]] = []
    number = 0
    for at, edition in enumerate(editions):
        for unit in edition.units():
            for word in words(unit.text):
                pieces.setdefault(piece(word), {}).setdefault(word, []).append(number)
            units.append([at, unit.url, unit.title, unit.kind, unit.label, unit.places, unit.text])
            number += 1
            if number % TOGETHER == 0:
                yield (
                    f"units/{number // TOGETHER - 1}.js",
                    _script("units", number // TOGETHER - 1, units),
                )
                units = []
    if units:
        yield f"units/{number // TOGETHER}.js", _script("units", number // TOGETHER, units)
    for name in sorted(pieces):
        found = {word: runs(numbers) for word, numbers in sorted(pieces.pop(name).items())}
        for piece_name, data in divided(name, found):
            yield f"index/{piece_name}.js", _script("index", piece_name, data)


def runs(numbers: Sequence[int]) -> str:
    """Return ascending numbers as runs: ``0-3,7``."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def divided(name: str, found: dict[str, str]) -> Iterator[tuple[str, dict[str, str] | list[str]]]:
    """Yield the piece ``name``, and those that continue it if it is large.

    A large one is the list of the letters that follow, by their numbers; an empty one stands for the words that end
    there, in a piece whose name ends in ``-``.
    """
    depth = name.count("-") + 1
    if len(found) < 2 or sum(len(f"{w}{n}".encode()) + 6 for w, n in found.items()) <= PIECE:
        yield name, found
        return
    groups: dict[str, dict[str, str]] = {}
    for word, numbers in found.items():
        letter = f"{ord(word[depth]):04x}" if len(word) > depth else ""
        groups.setdefault(letter, {})[word] = numbers
    yield name, [*groups]
    for letter, words_of_it in groups.items():
        yield from (
            divided(f"{name}-{letter}", words_of_it) if letter else [(f"{name}-", words_of_it)]
        )


def _script(kind: str, name: object, data: object) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"corpus.{kind}({json.dumps(name)},{text});\n".encode()
