"""The three layers: pairs of reading and source, their certainty and their class.

O is the witness, T the typescript restored from it, E the edited text. A role contains ``reading
<source>``; this module parses it and classifies the difference. Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Who may have judged: the editors, or a program whose judgement nobody has reviewed.
RESPONSIBLE = frozenset({"ed", "auto"})
CERTAINTY = {"": "high", "?": "medium", "??": "low"}
#: Marks supplied words as certain.
SURE = "!"

_TAIL = r"(?:\s+#(?P<resp>\w+))?(?:\s+\((?P<why>.*)\))?\s*"
#: The tail after the source reading, except the reason, which extends to the end.
_AFTER = re.compile(r"(?:\s*+(?P<cert>\?++))?(?:\s++#(?P<resp>\w++))?")
#: The values of a layer, which come first in that tail.
_VALUES = re.compile(r"(?:\s++(?=[@\w])[^\s?#()]++)*+")
_WHY = re.compile(r"\s++\(")
_TICKS = re.compile("`+")
_STATE = re.compile(r"(?P<reading>.*?)(?:\s+(?P<cert>\?+)" + _TAIL + ")?", re.DOTALL)
_SUPPLIED = re.compile(r"(?P<reading>.*?)(?:\s+(?P<cert>\?+|!)" + _TAIL + ")?", re.DOTALL)
_EXTENT = re.compile(r"(?P<n>\d+) (?P<unit>char|word|line|page)s?")


class RoleTextError(ValueError):
    """Raised for an invalid role text; ``code`` is a problem code."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RoleText:
    """A parsed role text. ``reading`` may still contain markup; ``source`` never does.

    ``values``: the words of the tail that the values of a row are read from.
    """

    reading: str
    source: str = ""
    cert: str = "high"
    resp: str = "ed"
    why: str = ""
    values: str = ""


def parse_layer(text: str, *, valued: bool = False) -> RoleText:
    """Parse ``reading <source> ? #resp (why)``.

    :param valued: values may follow the source: ``new <old> above @anna ?``
    :raises RoleTextError: ``role-source``: the source reading is missing; ``role-same``: both readings
        are equal; ``role-certainty``: a mark after them other than ``?`` or ``??``
    """
    parsed = _words_and_brackets(text, valued=valued)
    if parsed.reading == parsed.source:
        raise RoleTextError("role-same", text)
    return parsed


def parse_phrase(text: str) -> RoleText:
    """Parse ``text <values> ? #resp (why)``; all parts after the text are optional.

    The values may be the words themselves: ``1927 <1927>``.

    :raises RoleTextError: ``role-certainty``: something else follows the values
    """
    start = reading_end(text)
    if start < 0 or ">" not in text[start:]:
        return RoleText(text)
    parsed = _words_and_brackets(text)
    return replace(parsed, source="", values=parsed.source)


def _words_and_brackets(text: str, *, valued: bool = False) -> RoleText:
    """Parse words, what stands in angle brackets after them (as ``source``), and the tail."""
    start, length = reading_end(text), len(text.rstrip())
    ends = [i for i, c in enumerate(text) if c == ">" and i > start >= 0]
    for end in reversed(ends):  # prefer the shortest tail
        values = _VALUES.match(text, end + 1) if valued else None
        at = values.end() if values else end + 1
        if (after := _after(text, at, length)) is not None:
            after["values"] = values[0].strip() if values else ""
            reading, source = text[:start].removesuffix(" "), text[start + 1 : end]
            return _reading({**after, "reading": reading, "source": source})
    raise RoleTextError("role-certainty" if ends else "role-source", text)


def _after(text: str, at: int, length: int) -> dict[str, str] | None:
    """Parse certainty, initials and reason from ``at`` to ``length`` (where trailing space begins).
    Return None if the text contains anything else there.
    """
    match = _AFTER.match(text, at)
    assert match is not None  # the tail may be empty
    if match.end() >= length:
        return match.groupdict(default="")
    why = _WHY.match(text, match.end())
    if why is None or text[length - 1] != ")" or why.end() >= length:
        return None
    return {**match.groupdict(default=""), "why": text[why.end() : length - 1]}


def role_tail(text: str, at: int) -> dict[str, str] | None:
    """Parse ``? #resp (why)`` from ``at`` to the end: ``cert``, ``resp``, ``why``; None if the text
    has anything else there."""
    tail = _after(text, at, len(text.rstrip()))
    return None if tail is None else {"cert": "", "resp": "", "why": "", **tail}


def reading_end(text: str) -> int:
    """Return the position of the source reading's ``<``; -1 if there is none.

    Roles within the reading have sources of their own, so everything between backticks is skipped.
    """
    at = 0
    while at < len(text) and text[at] != "<":
        ticks = _TICKS.match(text, at)
        if ticks is None:
            at += 1
            continue
        closing = next((m for m in _TICKS.finditer(text, ticks.end()) if m[0] == ticks[0]), None)
        if closing is None:
            return -1
        at = closing.end()
    return at if at < len(text) else -1


def parse_state(text: str, *, supplied: bool = False) -> RoleText:
    """Parse ``text ? #resp (why)``; all parts after the text are optional.

    :param supplied: words that the witness has lost, which must say how sure they are: ``?``, ``??`` or ``!``
    :raises RoleTextError: ``role-empty``; ``supplied-certain``: they do not say it
    """
    match = (_SUPPLIED if supplied else _STATE).fullmatch(text)
    parts = match.groupdict(default="") if match else {"reading": text}
    if not parts["reading"].strip():
        raise RoleTextError("role-empty", text)
    if supplied and not parts.get("cert"):
        raise RoleTextError("supplied-certain", text)
    if parts.get("cert") == SURE:
        parts["cert"] = ""
    return _reading(parts)


def is_extent(text: str) -> bool:
    """Return whether :func:`parse_extent` accepts ``text``."""
    return _EXTENT.fullmatch(text.strip()) is not None


def parse_extent(text: str) -> tuple[int, str]:
    """Parse an extent: ``2 words`` → ``(2, "word")``.

    :raises RoleTextError: ``gap-extent``
    """
    match = _EXTENT.fullmatch(text.strip())
    if match is None or match["n"] == "0":
        raise RoleTextError("gap-extent", text)
    return int(match["n"]), match["unit"]


def _reading(parts: dict[str, str]) -> RoleText:
    signs = parts.get("cert", "")
    if signs not in CERTAINTY:
        raise RoleTextError("role-certainty", signs)
    return RoleText(
        parts["reading"],
        parts.get("source", ""),
        CERTAINTY[signs],
        parts.get("resp", "") or "ed",
        parts.get("why", ""),
        parts.get("values", ""),
    )


def collapse_space(text: str) -> str:
    """Normalise white space (class M1): one space for each run, none at the ends."""
    return " ".join(text.split())


def classify(reading: str, source: str, glyphs: Mapping[str, str]) -> str:
    """Return the class of a difference between T and O, from the closed list of ``app/@type``.

    ``glyphs`` maps a mark in O to a mark in T, as in the record. A difference is ``glyph`` if this
    table describes it completely; any other misread mark is ``mark``. The two readings alone do not
    show a ``displacement``; the line transform sets it.
    """
    if not (reading + source).strip():
        return "segmentation"
    if not reading.strip():
        return "noise"
    if not source.strip():
        return "loss"
    if reading.replace(" ", "") == source.replace(" ", ""):
        return "segmentation"
    if _has_cyrillic(reading) and not _has_cyrillic(source):
        return "script"
    if collapse_space("".join(glyphs.get(c, c) for c in source)) == collapse_space(reading):
        return "glyph"
    if _letters(reading) == _letters(source):
        return "mark"
    if any(c.isdigit() for c in reading) and not any(c.isalpha() for c in reading):
        return "number"
    return "substitution"


def _has_cyrillic(text: str) -> bool:
    return not text.isascii() and any(map(_is_cyrillic, text))


@cache
def _is_cyrillic(letter: str) -> bool:
    return "CYRILLIC" in unicodedata.name(letter, "")


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
