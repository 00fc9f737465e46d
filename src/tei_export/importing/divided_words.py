"""Join words that a file divides within a line (``con- tinues``) and other witnesses do not.

Only ``collate`` joins them, and only if the record says so (``divided_words: join``).
The entry still records the reading of the file letter by letter.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tei_export.importing.collate_align import word_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tei_export.importing.collate_source import BaseWord

_FIRST = re.compile(r"\W*[^\W\d_]+-")
_SECOND = re.compile(r"[^\W\d_]")


def _divides(first: str, second: str, known: set[str]) -> bool:
    """Return whether two words of a file together are a known word."""
    halves = _FIRST.fullmatch(first) and _SECOND.match(second) and second[0].islower()
    return bool(halves) and word_key(first + second) in known


def _keys(words: Iterable[str]) -> set[str]:
    return {word_key(word) for word in words}


def join_in_witnesses(
    witnesses: Mapping[str, Sequence[str]], base: Sequence[BaseWord]
) -> dict[str, list[str]]:
    """Return the words of each witness; a divided word counts as one if the base or another witness
    has it whole."""
    keys = {siglum: _keys(words) for siglum, words in witnesses.items()}
    of_base = _keys(word.text for word in base)
    done: dict[str, list[str]] = {}
    for siglum, words in witnesses.items():
        known = of_base.union(*(own for other, own in keys.items() if other != siglum))
        joined: list[str] = []
        for word in words:
            if joined and _divides(joined[-1], word, known):
                joined[-1] += f" {word}"
            else:
                joined.append(word)
        done[siglum] = joined
    return done


def join_in_base(
    base: Sequence[BaseWord],
    witnesses: Mapping[str, Sequence[str]],
    lines: Mapping[str, Sequence[str]],
) -> list[BaseWord]:
    """Return the words of the base; a word divided within a line, without markup, counts as one if
    a witness has it whole.

    :param lines: the lines of each source file
    """
    known: set[str] = set().union(*(_keys(words) for words in witnesses.values()))
    done: list[BaseWord] = []
    for word in base:
        last = done[-1] if done else None
        if (
            last is not None
            and _is_beside(last, word, lines)
            and _divides(last.text, word.text, known)
        ):
            done[-1] = replace(
                last,
                text=f"{last.text} {word.text}",
                end=word.end,
                whole=last.text[:-1] + word.text,
            )
        else:
            done.append(word)
    return done


def _is_beside(one: BaseWord, other: BaseWord, lines: Mapping[str, Sequence[str]]) -> bool:
    """Return whether two words stand in one line, without markup."""
    place = (one.file, one.line, one.last_line, one.block)
    if (
        place != (other.file, other.line, other.last_line, other.block)
        or one.start < 0
        or one.whole
    ):
        return False
    line = lines[one.file][one.line]
    return line[one.start : other.end].split() == [one.text, other.text]
