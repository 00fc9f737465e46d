"""Find sentence boundaries in scholarly prose and notes.

A full stop ends a sentence if a capital, a digit or an opening mark follows and no abbreviation
precedes. In doubt the sentence continues: half a sentence misleads a reader, two sentences do not.
Standard library only.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

#: A possible sentence end; it matches from the first mark of a run, so no run is scanned twice.
_END = re.compile(r"""(?<![.!?…])[.!?…]++["'”’»)\]]*+(?= +["'“‘«(\[]*[^\W_])""")
_FOLLOWING = re.compile(r"""[ "'“‘«(\[]*(.)""")
#: Longer than any abbreviation.
_LONGEST = 64
#: Abbreviations before a full stop that ends no sentence; single letters are initials.
_ABBREVIATIONS = frozenset(
    [
        "al",
        "approx",
        "arr",
        "art",
        "bk",
        "bros",
        "bull",
        "ca",
        "capt",
        "cf",
        "ch",
        "chap",
        "chaps",
        "co",
        "col",
        "comp",
        "comps",
        "conn",
        "corp",
        "dept",
        "diss",
        "div",
        "doc",
        "dr",
        "ed",
        "eds",
        "eng",
        "esp",
        "est",
        "etc",
        "ff",
        "fig",
        "figs",
        "fl",
        "fn",
        "gen",
        "gov",
        "govt",
        "hon",
        "ibid",
        "inc",
        "jr",
        "lt",
        "ltd",
        "mass",
        "mr",
        "mrs",
        "ms",
        "mt",
        "n.d",
        "n.p",
        "nat",
        "no",
        "nos",
        "op",
        "p",
        "par",
        "para",
        "pl",
        "pp",
        "pseud",
        "pt",
        "pts",
        "publ",
        "pref",
        "q.v",
        "repr",
        "rev",
        "sec",
        "sect",
        "sen",
        "ser",
        "sr",
        "st",
        "sup",
        "supp",
        "suppl",
        "trans",
        "transl",
        "univ",
        "viz",
        "vol",
        "vols",
        "vs",
        "zh",
        "гг",
        "др",
        "ред",
        "изд",
        "им",
        "кн",
        "млн",
        "млрд",
        "пер",
        "прим",
        "пр",
        "руб",
        "см",
        "соч",
        "ст",
        "стр",
        "тов",
        "тт",
        "тыс",
    ]
)
#: The same, but only before a digit.
_NUMBERED = frozenset({"art", "ch", "fig", "figs", "no", "nos", "sec"})
_LETTERS = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\Z")


@lru_cache(maxsize=16)
def ends(text: str) -> tuple[int, ...]:
    """Return the ends of all sentences in ``text`` except the last, in one pass."""
    positions: list[int] = []
    last = 0
    for match in _END.finditer(text):
        run = text[last : match.start()]
        before = "" if not run or run[-1].isspace() else run.split()[-1]
        last = match.end()
        if _ends(text, match, before):
            positions.append(last)
    return tuple(positions)


def bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Return start and end of the sentence or sentences that contain ``text[start:end]``."""
    sentence_ends = ends(text)
    at = bisect_right(sentence_ends, start)
    after = bisect_left(sentence_ends, end, at)
    first = sentence_ends[at - 1] if at else 0
    last = sentence_ends[after] if after < len(sentence_ends) else len(text)
    while first < last and text[first] == " ":
        first += 1
    return first, last


def around(text: str, start: int, words: str) -> tuple[str, str]:
    """Return the sentence before and after ``words`` at ``start`` (negative: unknown)."""
    if start < 0:
        return "", ""
    end = start + len(words)
    first, last = bounds(text, start, end)
    return text[first:start], text[end:last]


def paragraph(text: str, start: int, words: str) -> tuple[str, str]:
    """Return the text before and after ``words``, for a text shown as a whole."""
    return ("", "") if start < 0 else (text[:start], text[start + len(words) :])


def _ends(text: str, match: re.Match[str], before: str) -> bool:
    """Return whether the mark that ``match`` found after ``before`` ends a sentence."""
    following = _FOLLOWING.match(text, match.end())
    if following is None or following[1].islower():
        return False
    mark = match[0]
    if not mark.startswith(".") or mark.startswith(".."):
        return mark[0] in "!?" or following[1].isupper()
    word = _LETTERS.search(before[-_LONGEST:])
    if word is None:
        # a digit, a closing mark, or an ellipsis of spaced full stops
        return bool(before) and not (before.isdigit() and following[1].isdigit())
    name = word[0].casefold()
    if len(mark) > 1:  # inside quotation marks or brackets: ``"… St."`` is rare
        return True
    if following[1].isdigit() and name in _NUMBERED:
        return False
    return len(name) > 1 and "." not in name and name not in _ABBREVIATIONS
