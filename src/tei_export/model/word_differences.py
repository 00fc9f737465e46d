"""Compare a witness's text according to the sources with its file, word by word.

:mod:`tei_export.proof.regenerate` proves the same again from the TEI alone, without this module. Standard library only.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tei_export.model.faithfulness import folded, spaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class WordDifference(NamedTuple):
    """Words in which a witness differs from the source. ``line``: in the source (for words that it
    lacks, the line before); ``number``: of the word in the witness, from 1."""

    line: int
    number: int
    ours: str
    theirs: str


#: A hyphen at the end of a line of a witness's file: it belongs to the word or divides it.
_DIVISION = "\x00"
_AT_LINE_END = re.compile(r"(?<=\w)-[ \t]*\n[ \t]*(?=\w)")
#: A line end between two letters: a word ends or continues there.
_OPEN = "\x01"
_LINE_END = re.compile(r"(?<=\w)[ \t]*\n[ \t]*(?=\w)")


def differences(
    pieces: Sequence[tuple[int, str]], theirs: str, rules: Sequence[str], glyphs: Mapping[str, str]
) -> list[WordDifference]:
    """Compare the text of a witness according to the source with its file.

    Word boundaries count unless signs are folded; the amount of white space does not. A word may
    continue across a line end of the file, and a hyphen there may belong to the word or divide it.


    :param pieces: of :func:`witness_text`
    :param theirs: the file
    :param rules: the folding (:data:`FOLD_RULES`)
    :param glyphs: letters of the file → letters of the source
    """
    theirs = _LINE_END.sub(_OPEN, _AT_LINE_END.sub(_DIVISION, theirs))
    theirs = "".join(glyphs.get(c, c) for c in theirs)
    words = list(_words(pieces))
    keys = [_key(word, rules) for _, word in words]
    between = " " if spaced(rules) else ""
    if agree(
        between.join(filter(None, keys)),
        between.join(filter(None, (_key(word, rules) for word in theirs.split()))),
    ):
        return []
    known = set(keys)
    parted = [word for each in theirs.split() for word in _parted(each, rules, known)]
    found = list(_by_word(words, parted, rules))
    whole = " ".join(_seen(word) for word in parted)
    return found or [WordDifference(words[0][0] if words else 0, 1, ours_of(words), whole)]


def ours_of(words: Sequence[tuple[int, str]]) -> str:
    """Return words in one line."""
    return " ".join(word for _, word in words)


def agree(ours: str, theirs: str) -> bool:
    """Return whether two texts are equal, for one reading of the line ends of ``theirs``."""
    at = 0
    for char in theirs:
        if char == _DIVISION:
            at += ours[at : at + 1] == "-"
        elif char == _OPEN:
            at += ours[at : at + 1] == " "
        elif at < len(ours) and ours[at] == char:
            at += 1
        else:
            return False
    return at == len(ours)


def _parted(word: str, rules: Sequence[str], known: set[str]) -> Iterator[str]:
    """Yield the words of the file around line ends, joined where the source joins them."""
    first, open_, rest = word.partition(_OPEN)
    while open_:
        following, open_, rest = rest.partition(_OPEN)
        if _key_of_file(first + following, rules, known) in known:
            first += following
        else:
            yield first
            first = following
    yield first


def word_count(text: str) -> int:
    """Return the number of words of a witness's file."""
    return len(_AT_LINE_END.sub("", text).split())


def _bare(text: str) -> str:
    return "".join(text.split())


def _words(pieces: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the words of the pieces with the line in which each begins."""
    word, at = "", 0
    for line, text in pieces:
        for char in text:
            if char.isspace():
                if word:
                    yield at, word
                word = ""
            else:
                at = at if word else line
                word += char
    if word:
        yield at, word


def _by_word(
    ours: list[tuple[int, str]], theirs: list[str], rules: Sequence[str]
) -> Iterator[WordDifference]:
    a = [_key(word, rules) for _, word in ours]
    known = set(a)
    b = [_key_of_file(word, rules, known) for word in theirs]
    between = " " if spaced(rules) else ""
    for i1, i2, j1, j2 in differing_runs(a, b):
        mine, other = between.join(a[i1:i2]), between.join(b[j1:j2])
        if (
            mine == other
            or mine == other.replace(_DIVISION, "")
            or mine == other.replace(_DIVISION, "-")
        ):
            continue
        if i2 - i1 == j2 - j1:
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                if a[i] != b[j]:
                    yield WordDifference(ours[i][0], j + 1, ours[i][1], _seen(theirs[j]))
            continue
        line = (
            ours[min(i1, len(ours) - 1)][0]
            if i1 < i2 and ours
            else (ours[i1 - 1][0] if i1 else (ours[0][0] if ours else 0))
        )
        yield WordDifference(
            line, j1 + 1, " ".join(w for _, w in ours[i1:i2]), _seen(" ".join(theirs[j1:j2]))
        )


def _seen(text: str) -> str:
    return text.replace(_DIVISION, "-")


def _key(word: str, rules: Sequence[str]) -> str:
    return _bare(folded(word, rules))


def _key_of_file(word: str, rules: Sequence[str], known: set[str]) -> str:
    if _DIVISION not in word:
        return _key(word, rules)
    forms = [_key(word.replace(_DIVISION, sign), rules) for sign in ("", "-")]
    return next((form for form in forms if form in known), _key(word, rules))


def differing_runs(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the runs in which two lists of words differ, by patience: words that occur once in both
    are fixed points."""
    stack = [(0, len(a), 0, len(b))]
    found: list[tuple[int, int, int, int]] = []
    while stack:
        i1, i2, j1, j2 = stack.pop()
        while i1 < i2 and j1 < j2 and a[i1] == b[j1]:
            i1, j1 = i1 + 1, j1 + 1
        while i1 < i2 and j1 < j2 and a[i2 - 1] == b[j2 - 1]:
            i2, j2 = i2 - 1, j2 - 1
        if i1 == i2 or j1 == j2:
            if i1 < i2 or j1 < j2:
                found.append((i1, i2, j1, j2))
            continue
        fixed = _fixed(a, b, (i1, i2, j1, j2))
        if fixed:
            edges = [(i1 - 1, j1 - 1), *fixed, (i2, j2)]
            stack += [(x + 1, u, y + 1, v) for (x, y), (u, v) in pairwise(edges)]
            continue
        matcher = SequenceMatcher(None, a[i1:i2], b[j1:j2], autojunk=False)
        found += [
            (i1 + p, i1 + q, j1 + r, j1 + s)
            for tag, p, q, r, s in matcher.get_opcodes()
            if tag != "equal"
        ]
    yield from sorted(found)


def _fixed(
    a: Sequence[str], b: Sequence[str], within: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Return the longest chain of words that occur once in both stretches."""
    i1, i2, j1, j2 = within
    once = _once(a, i1, i2)
    pairs = [(once[word], j) for word, j in _once(b, j1, j2).items() if word in once]
    pairs.sort()
    ends: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for n, (_i, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before.append(chain[at - 1] if at else -1)
        ends[at : at + 1], chain[at : at + 1] = [j], [n]
    result: list[tuple[int, int]] = []
    n = chain[-1] if chain else -1
    while n >= 0:
        result.append(pairs[n])
        n = before[n]
    return result[::-1]


def _once(words: Sequence[str], first: int, last: int) -> dict[str, int]:
    seen: dict[str, int] = {}
    twice: set[str] = set()
    for at in range(first, last):
        if words[at] in seen:
            twice.add(words[at])
        seen[words[at]] = at
    return {word: at for word, at in seen.items() if word not in twice and word}
