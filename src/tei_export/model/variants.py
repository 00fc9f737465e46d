"""Variants of several witnesses: their notation, their classes, and the text of one witness.

A variant is written ``lemma <B C: reading> <D: other ? (why)>``: all witnesses that no reading names
agree with the lemma. :func:`parse_variants` takes it apart, :func:`classify_variant` gives a reading its class,
:func:`witness_text` follows one witness through the events of a text, and :func:`differences` compares the result
with the witness's file. :mod:`tei_export.proof.regenerate` proves the same again from the TEI alone, without this
module. Standard library only. Source: TEI P5 TC#TCAPEN.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tei_export.model.readings import (
    CERTAINTY,
    RoleTextError,
    collapse_space,
    reading_end,
    role_tail,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

#: How a reading departs from the lemma (``rdg/@type``).
VARIANT_CLASSES = (
    "substantive",
    "omission",
    "addition",
    "transposition",
    "orthographic",
    "punctuation",
)
#: The class of an entry with readings of several witnesses (``app/@type``).
VARIANT = "variant"

#: What follows the text of a reading, inside its brackets.
_READING = re.compile(
    r"(?P<text>.*?)(?:\s+(?P<cert>\?+))?(?:\s+#(?P<resp>\w+))?(?:\s+\((?P<why>.*)\))?\s*",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([\\<>?#(:])")


@dataclass(frozen=True, slots=True)
class VariantReading:
    """The reading of the witnesses ``sigla`` at a place. ``text`` is empty for an omission."""

    sigla: tuple[str, ...]
    text: str
    cert: str = "high"
    resp: str = "ed"
    why: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Variants:
    """A parsed entry. ``lemma`` may contain markup. ``named``: (sigla as written, reading) of each bracket."""

    lemma: str
    named: tuple[tuple[str, VariantReading], ...]
    cert: str
    resp: str
    why: str


def parse_variants(text: str) -> Variants:
    """Parse ``lemma <sigla: reading> <sigla: reading> ? #resp (why)``.

    :raises RoleTextError: ``variant-form``: no reading, or a bracket without sigla and a colon; ``role-certainty``
    """
    start = reading_end(text)
    if start < 0:
        raise RoleTextError("variant-form", text)
    named: list[tuple[str, VariantReading]] = []
    at = start
    while at < len(text) and text[at] == "<":
        end = _closing(text, at + 1)
        if end < 0:
            raise RoleTextError("variant-form", text[at:])
        named.append(_bracket(text[at + 1 : end]))
        at = end + 1
        following = len(text) - len(text[at:].lstrip())
        if following < len(text) and text[following] == "<":
            at = following
    tail = role_tail(text, at)
    if tail is None:
        raise RoleTextError("role-certainty", text[at:])
    return Variants(
        text[:start].removesuffix(" "), tuple(named), _certainty(tail["cert"]),
        tail["resp"] or "ed", tail["why"],
    )  # fmt: skip


def _closing(text: str, at: int) -> int:
    """Return where the bracket that begins before ``at`` ends; -1: it does not."""
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == ">":
            return at
        elif text[at] == "<":
            return -1
        at += 1
    return -1


def _bracket(content: str) -> tuple[str, VariantReading]:
    sigla, colon, rest = content.partition(":")
    match = _READING.fullmatch(rest.removeprefix(" "))
    if not colon or not sigla.strip() or match is None:
        raise RoleTextError("variant-form", f"<{content}>")
    text = _ESCAPED.sub(r"\1", match["text"])
    reading = VariantReading(
        (), text, _certainty(match["cert"] or ""), match["resp"] or "ed", match["why"] or ""
    )
    return collapse_space(sigla), reading


def _certainty(signs: str) -> str:
    if signs not in CERTAINTY:
        raise RoleTextError("role-certainty", signs)
    return CERTAINTY[signs]


def written(sigla: Sequence[str], text: str) -> str:
    """Return ``<sigla: text>`` so that :func:`parse_variants` reads ``text`` back unchanged."""
    escaped = re.sub(r"[\\<>]", lambda m: f"\\{m[0]}", text)
    escaped = re.sub(r"(?<=\s)([?#(])", r"\\\1", escaped)
    return f"<{' '.join(sigla)}: {escaped}>"


# ------------------------------------------------------------------ classes


def classify_variant(lemma: str, reading: str, spelling: Mapping[str, str] | None = None) -> str:
    """Return the class of a reading, one of :data:`VARIANT_CLASSES`.

    ``orthographic``: the same letters but for case, accents, ligatures, u/v and i/j, ſ, word division, and what the
    record's table ``spelling`` (form → other form) declares.
    """
    ours, theirs = _letters(lemma), _letters(reading)
    if ours == theirs:
        return (
            "punctuation"
            if lemma.split() != reading.split() and _same_words(lemma, reading)
            else "orthographic"
        )
    if not theirs:
        return "omission"
    if not ours:
        return "addition"
    table = spelling or {}
    if _spelt(ours, table) == _spelt(theirs, table):
        return "orthographic"
    return "substantive"


def _same_words(lemma: str, reading: str) -> bool:
    """Whether the letters stand in the same words: else a word is divided otherwise."""
    return [w for x in lemma.split() if (w := _letters(x))] == [
        w for x in reading.split() if (w := _letters(x))
    ]


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


_SPELLINGS = (("ſ", "s"), ("æ", "ae"), ("œ", "oe"), ("ß", "ss"), ("v", "u"), ("j", "i"))


def _spelt(text: str, table: Mapping[str, str]) -> str:
    text = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )
    for old, new in table.items():
        text = text.replace(old.casefold(), new.casefold())
    for old, new in _SPELLINGS:
        text = text.replace(old, new)
    return text


# ------------------------------------------------------------------ degrees of faithfulness

_FOLDS: dict[str, Callable[[str], str]] = {
    "case": str.casefold,
    "punctuation": lambda text: "".join(c if c.isalnum() else " " for c in text),
    "final punctuation": lambda text: re.sub(r"[^\w\s]+(?=\s|\Z)", "", text),
    "u/v": lambda text: text.replace("v", "u").replace("V", "U"),
    "i/j": lambda text: text.replace("j", "i").replace("J", "I"),
    "ſ/s": lambda text: text.replace("ſ", "s"),
    "æ/ae": lambda text: text.replace("æ", "ae").replace("Æ", "AE"),
    "œ/oe": lambda text: text.replace("œ", "oe").replace("Œ", "OE"),
    "accents": lambda text: "".join(
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
    ),
}
#: Rule of ``fold`` → what it makes equal.
FOLD_RULES = {
    "case": "capitals and small letters",
    "punctuation": "all signs but letters and figures",
    "final punctuation": "signs at the end of a word",
    "u/v": "u and v",
    "i/j": "i and j",
    "ſ/s": "long and round s",
    "æ/ae": "æ and ae",
    "œ/oe": "œ and oe",
    "accents": "letters with and without accents",
}
#: Degree of faithfulness → what it means.
PROOFS = {
    "letters": "every letter and sign; only white space is not compared",
    "words": "every letter and figure; capitals and punctuation are not compared",
    "significant": "what is left once the rules of `fold` are applied",
}
#: The rules of a degree; of ``significant`` the record names them.
RULES_OF = {"letters": (), "words": ("case", "punctuation")}


def folded(text: str, rules: Iterable[str]) -> str:
    """Return ``text`` as it is compared under ``rules`` (:data:`FOLD_RULES`), with its white space."""
    for rule in rules:
        text = _FOLDS[rule](text)
    return text


# ------------------------------------------------------------------ the text of a witness


class Event(NamedTuple):
    """What a source tells about its witnesses, in the order of reading.

    ``kind``: ``text`` (of all witnesses), ``app`` and ``/app`` (an entry: what stands between is the lemma), ``begin``,
    ``end`` (a passage ``name`` with readings), ``moved`` (the end of a passage that ``sigla`` have elsewhere), ``here``
    (where ``sigla`` have it), ``off`` and ``on`` (``sigla`` are lost from here, and are back).
    """

    kind: str
    line: int
    text: str = ""
    sigla: tuple[str, ...] = ()
    readings: tuple[tuple[tuple[str, ...], str], ...] = ()


def reading_of(readings: Iterable[tuple[tuple[str, ...], str]], siglum: str) -> str | None:
    """Return the reading that names ``siglum``; None: none does, the witness has the lemma."""
    return next((text for sigla, text in readings if siglum in sigla), None)


@dataclass(slots=True)
class _Follower:
    siglum: str
    ends: Mapping[str, Event]
    out: list[tuple[int, str]] = field(default_factory=list)
    hidden: int = 0
    lost: bool = False
    passages: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    holes: list[tuple[int, str]] = field(default_factory=list)
    into: list[tuple[str, list[tuple[int, str]]]] = field(default_factory=list)

    def put(self, line: int, text: str) -> None:
        if not self.hidden and not self.lost:
            (self.into[-1][1] if self.into else self.out).append((line, text))

    def take(self, event: Event) -> None:
        mine = self.siglum in event.sigla
        if event.kind == "text":
            self.put(event.line, event.text)
        elif event.kind == "app":
            own = reading_of(event.readings, self.siglum)
            if own is not None:
                self.put(event.line, own)
                self.hidden += 1
        elif event.kind == "/app":
            self.hidden -= reading_of(event.readings, self.siglum) is not None
        elif event.kind == "begin":
            self._begin(event)
        elif event.kind in ("end", "moved"):
            self._end(event)
        elif event.kind == "here" and mine:
            self.holes.append((len(self.out), event.text))
        elif event.kind in ("off", "on") and mine:
            self.lost = event.kind == "off"

    def _begin(self, event: Event) -> None:
        end = self.ends.get(event.text)
        if end is None:
            return
        if end.kind == "moved" and self.siglum in end.sigla:
            self.into.append((event.text, []))
        elif reading_of(end.readings, self.siglum) is not None:
            self.hidden += 1

    def _end(self, event: Event) -> None:
        if event.kind == "moved":
            if self.into and self.into[-1][0] == event.text:
                name, passage = self.into.pop()
                self.passages[name] = passage
            return
        own = reading_of(event.readings, self.siglum)
        if own is not None:
            self.hidden -= 1
            self.put(event.line, own)


def witness_text(events: Sequence[Event], siglum: str) -> list[tuple[int, str]]:
    """Return what the source says that a witness reads: (source line, text) in the witness's order.

    :param events: of one part; a lacuna ends with it
    """
    ends = {e.text: e for e in events if e.kind in ("end", "moved")}
    follower = _Follower(siglum, ends)
    marks = [e.kind for e in events if e.kind in ("off", "on") and siglum in e.sigla]
    follower.lost = marks[:1] == ["on"]
    for event in events:
        follower.take(event)
    for at, name in reversed(follower.holes):
        follower.out[at:at] = follower.passages.get(name, [])
    return follower.out


# ------------------------------------------------------------------ the comparison


class WordDifference(NamedTuple):
    """Words in which a witness departs from what the source says. ``line``: of the source, the last one before for
    words that the source lacks; ``number``: of the word in the witness, from 1."""

    line: int
    number: int
    ours: str
    theirs: str


#: A hyphen at the end of a line of a witness's file: of the word or of its division.
_DIVISION = "\x00"
_AT_LINE_END = re.compile(r"(?<=\w)-[ \t]*\n[ \t]*(?=\w)")


def differences(
    pieces: Sequence[tuple[int, str]], theirs: str, rules: Sequence[str], glyphs: Mapping[str, str]
) -> list[WordDifference]:
    """Compare what the source says that a witness reads with the witness's file.

    White space is never compared. A hyphen at the end of a line of the file may be the word's or the division's.

    :param pieces: of :func:`witness_text`
    :param theirs: the file
    :param rules: what is folded (:data:`FOLD_RULES`)
    :param glyphs: letters of the file → what the source has for them
    """
    theirs = "".join(glyphs.get(c, c) for c in _AT_LINE_END.sub(_DIVISION, theirs))
    ours = "".join(text for _, text in pieces)
    if _DIVISION not in theirs and _bare(folded(ours, rules)) == _bare(folded(theirs, rules)):
        return []
    return list(_by_word(list(_words(pieces)), theirs.split(), rules))


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
    for i1, i2, j1, j2 in aligned(a, b):
        mine, other = "".join(a[i1:i2]), "".join(b[j1:j2])
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


def aligned(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the runs in which two lists of words differ, by patience: words that both have once are fixed points."""
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
    """Return the longest chain of words that stand once in both stretches."""
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
