"""The three layers: reading/source pairs, their certainty and their class.

O is the witness, T the typescript restored from it, E the edited text. A role
writes ``reading <source>``; this module takes that apart and says what kind of
difference it is. Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CERTAINTY = {"": "high", "?": "medium", "??": "low"}

_TAIL = r"(?:\s+#(?P<resp>\w+))?(?:\s+\((?P<why>.*)\))?\s*"
#: What follows the source reading, but for the reason, which goes up to the end.
_AFTER = re.compile(r"(?:\s*+(?P<cert>\?++))?(?:\s++#(?P<resp>\w++))?")
_WHY = re.compile(r"\s++\(")
_TICKS = re.compile("`+")
_STATE = re.compile(r"(?P<reading>.*?)(?:\s+(?P<cert>\?+)" + _TAIL + ")?", re.DOTALL)
_EXTENT = re.compile(r"(?P<n>\d+) (?P<unit>char|word|line|page)s?")


class LayerError(ValueError):
    """The text of a role cannot be understood; ``code`` is a problem's code."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RoleText:
    """A role's text, taken apart. ``reading`` may still hold markup; ``source`` never does."""

    reading: str
    source: str = ""
    cert: str = "high"
    resp: str = "ed"
    why: str = ""


def parse_layer(text: str) -> RoleText:
    """``reading <source> ? #resp (why)`` → :class:`RoleText`.

    :raises LayerError: ``role-source`` without a source reading, ``role-same`` where
        both readings are equal, ``role-certainty`` for anything but ``?`` or ``??`` after them.
    """
    start, length = _source_start(text), len(text.rstrip())
    ends = [i for i, c in enumerate(text) if c == ">" and i > start >= 0]
    for end in reversed(ends):  # what can be read after it is as short as possible
        if (after := _after(text, end + 1, length)) is not None:
            reading, source = text[:start].removesuffix(" "), text[start + 1 : end]
            if reading == source:
                raise LayerError("role-same", text)
            return _reading({**after, "reading": reading, "source": source})
    raise LayerError("role-certainty" if ends else "role-source", text)


def _after(text: str, at: int, length: int) -> dict[str, str] | None:
    """Certainty, sign and reason, if ``text`` has nothing else from ``at`` up to ``length``, where
    the white space at its end begins."""
    match = _AFTER.match(text, at)
    assert match is not None  # it may be empty
    if match.end() >= length:
        return match.groupdict(default="")
    why = _WHY.match(text, match.end())
    if why is None or text[length - 1] != ")" or why.end() >= length:
        return None
    return {**match.groupdict(default=""), "why": text[why.end() : length - 1]}


def _source_start(text: str) -> int:
    """Where the ``<`` of the source reading stands; -1: nowhere. Roles inside the reading have
    sources of their own: what stands between backticks is passed over whole."""
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


def parse_state(text: str) -> RoleText:
    """``text ? #resp (why)`` → :class:`RoleText`; the signs may be absent."""
    match = _STATE.fullmatch(text)
    parts = match.groupdict(default="") if match else {"reading": text}
    if not parts["reading"].strip():
        raise LayerError("role-empty", text)
    return _reading(parts)


def is_extent(text: str) -> bool:
    """Whether ``text`` is what :func:`parse_extent` reads."""
    return _EXTENT.fullmatch(text.strip()) is not None


def parse_extent(text: str) -> tuple[int, str]:
    """``2 words`` → ``(2, "word")``; :raises LayerError: ``gap-extent``."""
    match = _EXTENT.fullmatch(text.strip())
    if match is None or match["n"] == "0":
        raise LayerError("gap-extent", text)
    return int(match["n"]), match["unit"]


def _reading(parts: dict[str, str]) -> RoleText:
    signs = parts.get("cert", "")
    if signs not in CERTAINTY:
        raise LayerError("role-certainty", signs)
    return RoleText(
        parts["reading"],
        parts.get("source", ""),
        CERTAINTY[signs],
        parts.get("resp", "") or "ed",
        parts.get("why", ""),
    )


def fold(text: str) -> str:
    """Class M1: runs of white space are one space, none at the ends."""
    return " ".join(text.split())


def classify(reading: str, source: str, glyphs: Mapping[str, str]) -> str:
    """The class of a difference between T and O, as in the closed list of ``app/@type``.

    ``glyphs``: sign in O → sign in T, as the record has it. ``glyph`` is a difference that this
    table describes completely; any other misread mark is ``mark``. ``displacement`` is not
    seen from the two readings alone and is set by the line transform.
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
    if fold("".join(glyphs.get(c, c) for c in source)) == fold(reading):
        return "glyph"
    if _letters(reading) == _letters(source):
        return "mark"
    if any(c.isdigit() for c in reading) and not any(c.isalpha() for c in reading):
        return "number"
    return "substitution"


def _has_cyrillic(text: str) -> bool:
    return any("CYRILLIC" in unicodedata.name(c, "") for c in text)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
