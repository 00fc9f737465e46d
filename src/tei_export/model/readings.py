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
#: Roles inside the reading have sources of their own: backticks are passed over whole.
_READING = r"(?P<reading>(?:(?P<fence>`+).*?(?P=fence)|[^`])*?)"
_LAYER = re.compile(_READING + r" ?<(?P<source>.*)>(?:\s*(?P<cert>\?+))?" + _TAIL, re.DOTALL)
#: A source reading is there, but what follows it cannot be read.
_UNREAD = re.compile(_READING + r" ?<.*>.*", re.DOTALL)
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
    match = _LAYER.fullmatch(text)
    if match is None:
        raise LayerError("role-certainty" if _UNREAD.fullmatch(text) else "role-source", text)
    parts = match.groupdict(default="")
    if parts["reading"] == parts["source"]:
        raise LayerError("role-same", text)
    return _reading(parts)


def parse_state(text: str) -> RoleText:
    """``text ? #resp (why)`` → :class:`RoleText`; the signs may be absent."""
    match = _STATE.fullmatch(text)
    parts = match.groupdict(default="") if match else {"reading": text}
    if not parts["reading"].strip():
        raise LayerError("role-empty", text)
    return _reading(parts)


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
    if any("CYRILLIC" in unicodedata.name(c, "") for c in reading):
        return "script"
    if fold("".join(glyphs.get(c, c) for c in source)) == fold(reading):
        return "glyph"
    if _letters(reading) == _letters(source):
        return "mark"
    if any(c.isdigit() for c in reading) and not any(c.isalpha() for c in reading):
        return "number"
    return "substitution"


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
