"""Compare a corrected transcription with the OCR text; mark words that differ with roles."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING

from tei_export.importing.markup import escape, ocr, supplied, text_of_line
from tei_export.model.word_division import DIVIDED, division_sign, word_length

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Lines with a lower similarity are different lines.
ALIKE = 0.4
#: Maximum of a page's lines times the lines of its correction.
MAX_PAIRS = 4_000_000
_WORD = re.compile(r"\w+")


def pair(read: Sequence[str], clean: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Pair the lines of one page, in order: (OCR line, corrected line); either may be None.

    If there are equally many lines and all are similar, they are paired one to one. Otherwise the
    pairing with the greatest similarity is chosen (Needleman and Wunsch 1970).

    :raises ValueError: too many lines for a full comparison
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
        if (
            i
            and j
            and like[i - 1][j - 1] >= ALIKE
            and best[i][j] == best[i - 1][j - 1] + like[i - 1][j - 1]
        ):
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
    """Pair dissimilar lines (short or damaged) if equally many are left between two pairs."""
    done: list[tuple[int | None, int | None]] = []
    for both, group in groupby(pairs, key=lambda pair: None not in pair):
        run = list(group)
        read = [i for i, _ in run if i is not None]
        clean = [j for _, j in run if j is not None]
        done += zip(read, clean, strict=True) if not both and len(read) == len(clean) else run
    return done


def _pairs(line: str) -> Counter[str]:
    """Count the pairs of adjacent letters in a line."""
    bare = "".join(line.lower().split())
    return Counter(bare[n : n + 2] for n in range(max(len(bare) - 1, 1)))


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    """Return Dice's coefficient of two lines."""
    return 2 * (a & b).total() / max(a.total() + b.total(), 1)


def same_lines(
    read: Sequence[str], clean: Sequence[str], pairs: Sequence[tuple[int | None, int | None]]
) -> bool:
    """Return whether the corrected text belongs to these lines: at least half are similar."""
    alike = sum(
        _likeness(_pairs(read[i]), _pairs(clean[j])) >= ALIKE
        for i, j in pairs
        if i is not None and j is not None
    )
    return alike * 2 >= max(len(read), len(clean))


def markup(
    clean: str, read: str, glyphs: Mapping[str, str], *, starts_line: bool, divided: bool
) -> str:
    """Return the source line that reads ``clean`` in T and ``read`` in O.

    :param glyphs: mark in O → mark in T
    :param starts_line: nothing precedes the text in its source line
    :param divided: the last word continues on the next line
    """
    ending = ""
    if divided:
        clean, read, ending = _ending(clean, read)
    done = _words(clean, read, glyphs, starts_line)
    return done + ending + (DIVIDED if divided else "")


def _ending(clean: str, read: str) -> tuple[str, str, str]:
    """Return the hyphen of a division: present in both, misread, or lost."""
    sign = division_sign(clean)
    if not sign:
        return clean, read, ""
    clean = clean.removesuffix(sign)
    at = _end_of_words(read)
    if read[at:] == sign:
        return clean, read[:at], sign
    if at < len(read):
        return clean, read[:at], ocr("", read[at:], "the hyphen of the division")
    return clean, read, ""


def _end_of_words(line: str) -> int:
    """Return where what follows the last word of ``line`` begins."""
    at = len(line)
    while at and not word_length(line[at - 1 :]):
        at -= 1
    return at


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
    """Pair differing words in the smallest groups: one to one from both ends while similar."""
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
    """Return one word; if only the mark after it differs, the role contains only that mark."""
    if clean == read:
        return text_of_line(clean, starts_line=starts_line)
    stem, other = clean[: word_length(clean)], read[: word_length(read)]
    if stem and stem == other:
        a, b = clean[len(stem) :], read[len(stem) :]
        if not _WORD.search(a) and not _WORD.search(b):
            return escape(stem, starts_line=starts_line) + ocr(a, b)
    return ocr(clean, read)
