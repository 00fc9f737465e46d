"""Variants of several witnesses: their notation and their classes.

A variant is written ``lemma <B C: reading> <D: other ? (why)>``: all witnesses that no reading names
agree with the lemma. :func:`parse_variants` takes it apart, :func:`written` writes a reading,
:func:`classify_variant` gives a reading its class. Standard library only. Source: TEI P5 TC#TCAPEN.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.model.readings import (
    CERTAINTY,
    RoleTextError,
    collapse_space,
    reading_end,
    role_tail,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
_ESCAPED = re.compile(r"\\([\\<>?#(:{])")
#: A role within a reading.
_ROLE = re.compile(r"\{[\w-]+\}(?P<ticks>`+)(?:.*?(?P=ticks))?", re.DOTALL)


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

    :raises RoleTextError: ``variant-form``: no reading, or a bracket without sigla and a colon; ``variant-markup``: a
        role within a bracket; ``role-certainty``
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
        text[:start].removesuffix(" "),
        tuple(named),
        _certainty(tail["cert"]),
        tail["resp"] or "ed",
        tail["why"],
    )


def _closing(text: str, at: int) -> int:
    """Return where the bracket that begins before ``at`` ends; -1: it does not.

    :raises RoleTextError: ``variant-markup``
    """
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif role := _ROLE.match(text, at):
            raise RoleTextError("variant-markup", role[0])
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


def reading_notation(sigla: Sequence[str], text: str) -> str:
    """Return ``<sigla: text>`` so that :func:`parse_variants` reads ``text`` back unchanged."""
    escaped = re.sub(r"[\\<>]|\{(?=[\w-]+\}`)", lambda m: f"\\{m[0]}", text)
    escaped = re.sub(r"(?<=\s)([?#(])", r"\\\1", escaped)
    return f"<{' '.join(sigla)}: {escaped}>"


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
