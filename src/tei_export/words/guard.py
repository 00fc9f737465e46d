"""Guard the text: report words that nothing confirms.

The word list of its language, the registers, an undamaged occurrence elsewhere in the witness, or
the editors (``words.csv``) may confirm a word. A word list cannot see that *wad* should be *was*.
Therefore a restored word that only a list confirms is reported, too, if one letter turns it into a
frequent word of the text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from roman_numerals import RomanNumeral

from tei_export.model.problems import Problem
from tei_export.words.word_lists import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.model.registers import Registers
    from tei_export.words.accepted_words import AcceptedWords
    from tei_export.words.tokens import Word
    from tei_export.words.word_lists import WordLists

_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|s)?")
_LOWER_ROMAN = re.compile(r"[ivxl]{2,}")
#: The number of undamaged occurrences that make a word frequent.
_FREQUENT = 3
#: Every shorter word is one letter from some other word.
_SHORTEST = 3
_PARTS = re.compile("[^\\W_]+(?:['’][^\\W_]+)*")
#: Register fields without words of the text: identifiers, comments, keys.
_NO_WORDS = {
    "ids",
    "evidence",
    "note",
    "gloss",
    "type",
    "unmentioned",
    "authors",
    "contained_in",
    "coordinates",
}


@dataclass(slots=True)
class Count:
    """The number of occurrences by their confirmation; ``unknown``: without the editors' confirmation."""

    words: int = 0
    vouched: Counter[str] = field(default_factory=Counter)

    @property
    def unknown(self) -> int:
        """The number of words that only an editor confirms, or nobody."""
        return self.vouched["accepted"] + self.vouched["nobody"]


class Vocabulary:
    """Words known by their spelling: as they are, with a small first letter, or in capitals."""

    def __init__(self, words: Iterable[str]) -> None:
        self._exact = frozenset(words)
        self._folded = frozenset(w.casefold() for w in self._exact)

    def has(self, word: str) -> bool:
        """Return whether ``word`` is known as it is, with a small first letter, or in capitals."""
        if word in self._exact or word[:1].lower() + word[1:] in self._exact:
            return True
        return len(word) > 1 and word.isupper() and word.casefold() in self._folded


def of_registers(registers: Registers) -> Vocabulary:
    """Return every word in names, forms, titles and other fields of the entries."""
    found: set[str] = set()
    for register in registers.by_name.values():
        for entry in register.entries.values():
            for name, value in entry.data.items():
                if name not in _NO_WORDS:
                    found.update(_strings(value))
    return Vocabulary(found)


def _strings(value: Any) -> Iterator[str]:
    values = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    )
    for text in values:
        if isinstance(text, str):
            yield from (without_possessive(w) for w in _PARTS.findall(text))


def of_witness(words: Iterable[Word]) -> dict[str, Vocabulary]:
    """Return the undamaged words of the witness, by language."""
    found: dict[str, set[str]] = defaultdict(set)
    for word in words:
        if not word.restored:
            found[word.language].update(without_possessive(w) for w in _PARTS.findall(word.text))
    return {language: Vocabulary(texts) for language, texts in found.items()}


class LikelyWords:
    """The frequent words of a text, to find one that is one letter from a given word."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._count: dict[str, Counter[str]] = defaultdict(Counter)
        for word in words:
            if not word.restored:
                self._count[word.language].update(
                    without_possessive(p).casefold() for p in _PARTS.findall(word.text)
                )
        self._letters = {
            language: sorted(set("".join(w for w in count if w.isalpha())))
            for language, count in self._count.items()
        }

    def instead_of(self, word: Word) -> str:
        """Return the most frequent word one letter from ``word``; empty if ``word`` itself occurs undamaged."""
        text = without_possessive(word.text).casefold()
        count = self._count.get(word.language)
        if not count or not _SHORTEST <= len(text) <= LONGEST or text in count:
            return ""
        near = {
            w
            for w in one_letter_off(text, self._letters[word.language])
            if len(w) >= _SHORTEST and w != text
        }
        best = max(sorted(near & count.keys()), key=lambda w: count[w], default="")
        return best if count[best] >= _FREQUENT else ""


def one_letter_off(word: str, letters: Iterable[str]) -> Iterator[str]:
    """Return every string that results from ``word`` if a letter is lost, added, replaced or
    swapped with the next."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def without_possessive(word: str) -> str:
    """Return ``word`` without a possessive ending."""
    return _POSSESSIVE.sub("", word)


def is_number(word: str) -> bool:
    """Return whether a word is a number, which no word list has: ``1926``, ``15th``, ``1920s``,
    ``XIV``, ``ix``."""
    if _NUMBER.fullmatch(word):
        return True
    if not word.isupper() and not _LOWER_ROMAN.fullmatch(word):
        return False
    try:
        RomanNumeral.from_string(word)
    except ValueError:
        return False
    return True


class Guard:
    """Finds the confirmation of every word; ``count`` sums up the results."""

    def __init__(
        self, lists: WordLists, registers: Registers, accepted: AcceptedWords, words: list[Word]
    ) -> None:
        self._lists = lists
        self._registers = of_registers(registers)
        self._witness = of_witness(words)
        self._neighbours = LikelyWords(words)
        self._accepted = accepted
        self.count = Count()

    def problems(self, words: Iterable[Word], *, all_words: bool) -> Iterator[Problem]:
        """Yield ``word-unknown`` and ``word-rare`` for the restored words, or for all."""
        for word in words:
            if not (word.restored or all_words) or _skipped(word):
                continue
            self.count.words += 1
            who = self._voucher(word)
            near = self._neighbours.instead_of(word) if word.restored and who == "list" else ""
            if near:
                accepted = self._accepted.has(
                    without_possessive(word.text), word.language, word.place
                )
                who = "accepted" if accepted else "nobody"
            self.count.vouched[who] += 1
            if who == "nobody":
                code = "word-rare" if near else "word-unknown"
                yield Problem(code, word.file, word.line, self._detail(word, near))

    def _voucher(self, word: Word) -> str:
        text = without_possessive(word.text)
        wordlist = self._lists[word.language]
        if wordlist.knows(text) or (word.after == "." and wordlist.knows(f"{text}.")):
            return "list"
        parts = compound_parts(text)
        found = {self._of_part(word, part) for part in parts} or {"nobody"}
        if (
            "nobody" in found
            and len(parts) > 1
            and self._accepted.has(text, word.language, word.place)
        ):
            return "accepted"
        return next(
            who for who in ("nobody", "accepted", "witness", "register", "list") if who in found
        )

    def _of_part(self, word: Word, part: str) -> str:
        """Return what confirms a part of a compound, or a simple word."""
        if self._lists[word.language].knows(part):
            return "list"
        if self._registers.has(part):
            return "register"
        # an undamaged word confirms others, not itself
        if (
            word.restored
            and word.language in self._witness
            and self._witness[word.language].has(part)
        ):
            return "witness"
        return "accepted" if self._accepted.has(part, word.language, word.place) else "nobody"

    def _detail(self, word: Word, near: str) -> str:
        text = without_possessive(word.text)
        layer = (
            f"{word.layer}, certainty {word.certainty}"
            if word.restored
            else f"{word.layer}, not marked"
        )
        known = near or ", ".join(self._lists[word.language].suggestions(text))
        return f"{text} ({word.language}) at {word.place}, {layer}{f'; near: {known}' if known else ''}"


def compound_parts(text: str) -> list[str]:
    """Return the words in a hyphenated compound, without possessive endings and numbers."""
    return [p for p in map(without_possessive, text.split("-")) if not is_number(p)]


def _skipped(word: Word) -> bool:
    """Return whether a word is a number, or a letter with a full stop: an initial, an abbreviation
    like ``т. е.``."""
    return (len(word.text) == 1 and word.after == ".") or not compound_parts(
        without_possessive(word.text)
    )
