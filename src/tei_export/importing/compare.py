"""A corrected transcription against the OCR text: roles for the words that differ."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING

from tei_export.importing.markup import DIVIDED, escape, ocr, supplied, text_of_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Below this likeness two lines are not the same line.
ALIKE = 0.4
#: Lines of a page times lines of its correction.
MAX_PAIRS = 4_000_000
_WORD = re.compile(r"\w+")


def pair(read: Sequence[str], clean: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """The lines of one page, paired in order: (OCR line, corrected line), either may be missing.

    Lines of equal number that are all alike are paired one to one. Otherwise the pairing of
    greatest likeness counts (Needleman and Wunsch 1970).

    :raises ValueError: too many lines to compare each with each.
    """
    a, b = [_pairs(line) for line in read], [_pairs(line) for line in clean]
    if len(a) == len(b) and all(_likeness(x, y) >= ALIKE for x, y in zip(a, b, strict=True)):
        return [(n, n) for n in range(len(a))]
    if len(a) * len(b) > MAX_PAIRS:
        raise ValueError(f"{len(a)} lines against {len(b)}")
    like = [[_likeness(x, y) for y in b] for x in a]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, row in enumerate(like):
        for j, alike in enumerate(row):
            both = best[i][j] + alike if alike >= ALIKE else -1.0
            best[i + 1][j + 1] = max(both, best[i][j + 1], best[i + 1][j])
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(a), len(b)
    while i or j:
        if i and j and like[i - 1][j - 1] >= ALIKE and best[i][j] == best[i - 1][j - 1] + like[i - 1][j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif j and best[i][j] == best[i][j - 1]:
            j -= 1
            pairs.append((None, j))
        else:
            i -= 1
            pairs.append((i, None))
    return _between(pairs[::-1])


def _between(pairs: list[tuple[int | None, int | None]]) -> list[tuple[int | None, int | None]]:
    """Lines too short or too badly read to be alike: as many of both between two pairs are pairs."""
    done: list[tuple[int | None, int | None]] = []
    for both, group in groupby(pairs, key=lambda pair: None not in pair):
        run = list(group)
        read = [i for i, _ in run if i is not None]
        clean = [j for _, j in run if j is not None]
        done += zip(read, clean, strict=True) if not both and len(read) == len(clean) else run
    return done


def _pairs(line: str) -> Counter[str]:
    """The pairs of letters of a line."""
    bare = "".join(line.lower().split())
    return Counter(bare[n : n + 2] for n in range(max(len(bare) - 1, 1)))


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    """Dice's coefficient of two lines."""
    return 2 * (a & b).total() / max(a.total() + b.total(), 1)


def same_lines(read: Sequence[str], clean: Sequence[str], pairs: Sequence[tuple[int | None, int | None]]) -> bool:
    """Whether the corrected text is of these lines at all: half of them are alike."""
    alike = sum(_likeness(_pairs(read[i]), _pairs(clean[j])) >= ALIKE for i, j in pairs if i is not None and j is not None)
    return alike * 2 >= max(len(read), len(clean))


def markup(clean: str, read: str, glyphs: Mapping[str, str], *, starts_line: bool, divided: bool) -> str:
    """The source line that reads ``clean`` in T and ``read`` in O; ``divided``: its last word
    goes on in the next line. ``glyphs``: marks of O that the text reads as others of T."""
    ending = ""
    if divided:
        clean, read, ending = _ending(clean, read)
    done = _words(clean, read, glyphs, starts_line)
    return done + ending + (DIVIDED if divided else "")


def _ending(clean: str, read: str) -> tuple[str, str, str]:
    """The hyphen of the division: shown by both, misread, or lost."""
    if not clean.endswith("-"):
        return clean, read, ""
    clean = clean.removesuffix("-")
    wrong = re.search(r"\s*[^\w\s]+$", read)
    if wrong and wrong[0] == "-":
        return clean, read.removesuffix("-"), "-"
    if wrong:
        return clean, read[: wrong.start()], ocr("", wrong[0], "the hyphen of the division")
    return clean, read, ""


def _words(clean: str, read: str, glyphs: Mapping[str, str], starts_line: bool) -> str:
    a, b = clean.split(), read.split()
    plain = ["".join(glyphs.get(c, c) for c in word) for word in b]
    pieces: list[str] = []

    def put(piece: str) -> None:
        if piece:
            pieces.append(piece)

    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, plain, autojunk=False).get_opcodes():
        if tag == "equal":
            put(text_of_line(" ".join(b[j1:j2]), starts_line=starts_line and not pieces))
        elif tag == "insert":
            put(ocr("", " ".join(b[j1:j2])))
        elif tag == "delete":
            put(_lost(" ".join(a[i1:i2])))
        else:
            for words, others in _groups(a[i1:i2], b[j1:j2]):
                if len(words) == len(others) == 1:
                    put(_word(words[0], others[0], starts_line and not pieces))
                elif others:
                    put(ocr(" ".join(words), " ".join(others)))
                else:
                    put(_lost(" ".join(words)))
    return " ".join(pieces)


def _groups(a: list[str], b: list[str]) -> list[tuple[list[str], list[str]]]:
    """Words that differ, paired as small as can be: one to one from both ends while they are alike."""
    if len(a) == len(b):
        return [([x], [y]) for x, y in zip(a, b, strict=True)]
    head: list[tuple[list[str], list[str]]] = []
    tail: list[tuple[list[str], list[str]]] = []
    while len(a) > 1 and len(b) > 1 and _alike(a[0], b[0]):
        head.append(([a[0]], [b[0]]))
        a, b = a[1:], b[1:]
    while len(a) > 1 and len(b) > 1 and _alike(a[-1], b[-1]):
        tail.append(([a[-1]], [b[-1]]))
        a, b = a[:-1], b[:-1]
    return [*head, (a, b), *reversed(tail)]


def _alike(a: str, b: str) -> bool:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() > 0.6


def _lost(words: str) -> str:
    return supplied(words) if _WORD.search(words) else ocr(words, "")


def _word(clean: str, read: str, starts_line: bool) -> str:
    """One word; where only the mark after it differs, the role holds the mark alone."""
    if clean == read:
        return text_of_line(clean, starts_line=starts_line)
    stem = _WORD.match(clean)
    other = _WORD.match(read)
    if stem and other and stem[0] == other[0]:
        a, b = clean[stem.end() :], read[other.end() :]
        if not _WORD.search(a) and not _WORD.search(b):
            return escape(stem[0], starts_line=starts_line) + ocr(a, b)
    return ocr(clean, read)
