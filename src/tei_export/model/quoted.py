"""Compare a quotation with the text of its source, word by word. Standard library only.

The comparison ignores capitals and all signs around and between words: a typewriter's marks are not
a printer's. The author may leave words out only where dots say so (``...``, ``…``).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Match(Enum):
    """How a quotation agrees with its source."""

    EXACT = "exact"
    SHORTENED = "shortened"
    """exact, apart from words that dots replace"""
    ALTERED = "altered"
    ABSENT = "absent"
    """not found in the text of the source"""
    UNCOMPARED = "uncompared"
    """the edition has no text of the source"""


@dataclass(frozen=True, slots=True)
class Deviation:
    """Words of a quotation, and the words of its source instead; one of the two may be empty."""

    quotation: str
    source: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a quotation agrees with its source, and where it deviates."""

    match: Match
    deviations: tuple[Deviation, ...] = ()


#: A division at a line end, in files that keep the lines of a book.
_DIVIDED = re.compile(r"(?<=\w)[-¬⸗]\n\s*(?=\w)")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_DOTS = re.compile(r"…|\.(?:\s?\.){2,}")
#: How many words must stand together in the source to identify the place.
_TOGETHER = 2
#: The smallest part of a stretch that must be in the source for it to count as found.
_LEAST = 0.5


def _key(word: str) -> str:
    """Return the key by which words are equal: without capitals, apostrophes and hyphens."""
    return "".join(c for c in unicodedata.normalize("NFC", word).casefold() if c.isalnum())


class SourceText:
    """The text of a work that is quoted."""

    def __init__(self, text: str) -> None:
        self.words = tuple(_WORD.findall(_DIVIDED.sub("", text)))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(map(_key, self.words))

    @cached_property
    def _places(self) -> Mapping[tuple[str, ...], list[int]]:
        places: dict[tuple[str, ...], list[int]] = {}
        for at in range(len(self.keys) - _TOGETHER + 1):
            places.setdefault(self.keys[at : at + _TOGETHER], []).append(at)
        return places

    def place(self, keys: Sequence[str], after: int) -> int | None:
        """Return where a stretch of words begins: at ``after`` or later if possible, otherwise anywhere."""
        votes: Counter[int] = Counter()
        near = max(2, len(keys) // 4)
        for at in range(len(keys) - _TOGETHER + 1):
            for found in self._places.get(tuple(keys[at : at + _TOGETHER]), ()):
                votes[found - at] += 1
        if not votes:
            one = (at for at, key in enumerate(self.keys) if key == keys[0] and at >= after)
            return next(one, None) if len(keys) <= _TOGETHER else None
        # extra or missing words shift what follows: adjacent offsets vote together
        weight = {
            start: sum(votes[start + off] for off in range(-near, near + 1)) for start in votes
        }
        enough = max(weight.values()) / 2
        return max(
            weight,
            key=lambda at: (
                at >= after - near and weight[at] >= enough,
                weight[at],
                votes[at],
                -at,
            ),
        )


def compare(quotation: str, source: SourceText) -> Comparison:
    """Compare the words of a quotation with those of its source.

    :param quotation: the words that the author gives as quoted, without his insertions
    """
    stretches = [found for piece in _DOTS.split(quotation) if (found := _WORD.findall(piece))]
    deviations: list[Deviation] = []
    end = -1
    for words in stretches:
        keys = [_key(word) for word in words]
        start = source.place(keys, max(end, 0))
        same = _aligned(keys, source, start) if start is not None else []
        if sum(size for _, _, size in same) < _LEAST * len(words):
            return Comparison(Match.ABSENT)
        deviations += _deviations(words, same, source)
        if end >= 0 and same[0][1] < end:
            deviations.append(
                Deviation(" ".join(words), "")
            )  # it precedes in the source what it follows here
        end = same[-1][1] + same[-1][2]
    if not stretches:
        return Comparison(Match.ABSENT)
    if deviations:
        return Comparison(Match.ALTERED, tuple(deviations))
    return Comparison(Match.SHORTENED if _shortened(quotation, len(stretches)) else Match.EXACT)


def _shortened(quotation: str, stretches: int) -> bool:
    """Return whether dots replace words: between stretches, or before or after a single one."""
    return stretches > 1 or bool(_DOTS.search(quotation))


def _aligned(keys: Sequence[str], source: SourceText, start: int) -> list[tuple[int, int, int]]:
    """Return the common stretches: (position in the quotation, position in the source, number of words).

    The search goes far ahead only where the quotation continues after words left out.
    """
    near, far = (_in_window(keys, source, start, room) for room in (1, 4))
    more = sum(size for *_, size in far) - sum(size for *_, size in near)
    return far if more > 1 else near


def _in_window(
    keys: Sequence[str], source: SourceText, start: int, room: int
) -> list[tuple[int, int, int]]:
    before = max(8, len(keys) // 2)
    first = max(0, start - before)
    window = source.keys[first : start + len(keys) + room * before]
    found = SequenceMatcher(None, keys, window, autojunk=False).get_matching_blocks()
    blocks = [(mine, first + theirs, size) for mine, theirs, size in found if size]
    # difflib takes the first occurrence of a short stretch; before the longest one, the last is
    # right
    longest = max(range(len(blocks)), key=lambda at: blocks[at][2], default=0)
    for at in range(longest - 1, -1, -1):
        mine, theirs, size = blocks[at]
        stretch = tuple(keys[mine : mine + size])
        last = blocks[at + 1][1] - size
        near = (
            there
            for there in range(last, theirs, -1)
            if source.keys[there : there + size] == stretch
        )
        blocks[at] = (mine, next(near, theirs), size)
    return blocks


def _deviations(
    words: Sequence[str], same: Sequence[tuple[int, int, int]], source: SourceText
) -> Iterator[Deviation]:
    """Yield the words before, between and after the common stretches."""
    at, there = 0, max(0, same[0][1] - same[0][0])
    for mine, theirs, size in same:
        if mine > at or (theirs > there and at):
            yield Deviation(" ".join(words[at:mine]), " ".join(source.words[there:theirs]))
        at, there = mine + size, theirs + size
    rest = len(words) - at
    if rest:
        yield Deviation(" ".join(words[at:]), " ".join(source.words[there : there + rest]))
