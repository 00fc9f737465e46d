"""Variants of several witnesses: their notation and their classes.

A variant is written ``lemma <B C: reading> <D: other ? (why)>``: all witnesses that no reading names
agree with the lemma. A reading may hold roles (:mod:`tei_export.model.marked_readings`). :func:`parse_variants` takes
an entry apart, :func:`written` writes a reading, :func:`classify_variant` gives a reading its class. Standard library only. Source:
TEI P5 TC#TCAPEN.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.model.marked_readings import (
    ROLE,
    Pieces,
    marks_in,
    masked,
    pieces_of,
    plain,
    read,
    role_end,
    unmasked,
)
from tei_export.model.readings import (
    CERTAINTY,
    RoleTextError,
    collapse_space,
    reading_end,
    role_tail,
)
from tei_export.model.vocabulary import Reads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: How a reading differs from the lemma (``rdg/@type``).
VARIANT_CLASSES = (
    "substantive",
    "omission",
    "addition",
    "transposition",
    "orthographic",
    "punctuation",
    "division",
    "state",
)
#: The class of an entry with readings of several witnesses (``app/@type``).
VARIANT = "variant"

#: The tail after the text of a reading, inside its brackets.
_READING = re.compile(
    r"(?P<text>.*?)(?:\s+(?P<cert>\?+))?(?:\s+#(?P<resp>\w+))?(?:\s+\((?P<why>.*)\))?\s*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class VariantReading:
    """The reading of the witnesses ``sigla`` at a place.

    ``text``: the letters of their files; empty for an omission. ``pieces``: the same with the roles in it, if it has any.
    """

    sigla: tuple[str, ...]
    text: str
    cert: str = "high"
    resp: str = "ed"
    why: str = ""
    type: str = ""
    pieces: Pieces = ()

    @property
    def final(self) -> str:
        """The final text of the witnesses: without deletions, with expansions."""
        return read(self.pieces, "E") if self.pieces else self.text

    @property
    def shown(self) -> str:
        """The reading in one line, with signs for its roles."""
        return plain(self.pieces) if self.pieces else self.text


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

    :raises RoleTextError: ``variant-form``: no reading, or a bracket without sigla and a colon;
        ``variant-markup``: a role that readings must not contain; every error of such a role;
        ``role-certainty``
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
    """Return where the bracket that begins before ``at`` ends; -1 if it never does.

    :raises RoleTextError: ``variant-markup``
    """
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif end := role_end(text, at):
            if end < 0:
                raise RoleTextError("variant-markup", f"{text[at:]} is not closed")
            at = end - 1
        elif text[at] == ">":
            return at
        elif text[at] == "<":
            return -1
        at += 1
    return -1


def _bracket(content: str) -> tuple[str, VariantReading]:
    sigla, colon, rest = content.partition(":")
    bare, roles = masked(rest.removeprefix(" "))
    match = _READING.fullmatch(bare)
    if not colon or not sigla.strip() or match is None:
        raise RoleTextError("variant-form", f"<{content}>")
    held = match["text"].count(ROLE)
    if held < len(roles):
        raise RoleTextError("variant-markup", roles[held])
    pieces = pieces_of(match["text"], iter(roles))
    reasons = [mark.why for mark in marks_in(pieces)] + [unmasked(match["why"] or "", escaped=True)]
    reading = VariantReading(
        (),
        read(pieces, "O"),
        _certainty(match["cert"] or ""),
        match["resp"] or "ed",
        "; ".join(why for why in reasons if why),
        pieces=pieces if roles else (),
    )
    return collapse_space(sigla), reading


def _certainty(signs: str) -> str:
    if signs not in CERTAINTY:
        raise RoleTextError("role-certainty", signs)
    return CERTAINTY[signs]


def reading_notation(sigla: Sequence[str], text: str) -> str:
    """Return ``<sigla: text>``, escaped so that :func:`parse_variants` reads ``text`` back unchanged."""
    escaped = re.sub(r"[\\<>]|\{(?=(?:ed:)?[\w+-]+\}`)", lambda m: f"\\{m[0]}", text)
    escaped = re.sub(r"(?<=\s)([?#(])", r"\\\1", escaped)
    return f"<{' '.join(sigla)}: {escaped}>"


def class_of(lemma: str, reading: VariantReading, spelling: Mapping[str, str] | None = None) -> str:
    """Return the class of a reading by the final text of its witnesses.

    ``state``: the words of the lemma, but changed, damaged or doubtful in the witness; or illegible.
    """
    final = collapse_space(reading.final)
    unread = any(one.row.read_by("E") is Reads.SIGN for one in marks_in(reading.pieces))
    if reading.pieces and (final == collapse_space(lemma) or (unread and not _letters(final))):
        return "state"
    return classify_variant(lemma, reading.final, spelling)


def classify_variant(lemma: str, reading: str, spelling: Mapping[str, str] | None = None) -> str:
    """Return the class of a reading, one of :data:`VARIANT_CLASSES`.

    ``orthographic``: the same letters but for case, accents, ligatures, u/v and i/j, ſ, word division, and what the
    record's table ``spelling`` (form → other form) declares. ``division``: in one of the two a
    hyphen and a space divide a word.
    """
    ours, theirs = _letters(lemma), _letters(reading)
    if lemma != reading and _divided_otherwise(lemma, reading):
        return "division"
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


_DIVISION = re.compile(r"(?<=[^\W\d_])-\s+(?=[^\W\d_])")


def _divided_otherwise(lemma: str, reading: str) -> bool:
    """Return whether only a hyphen with a space distinguishes the two: it divides a word, or
    replaces a hyphen."""
    if not (_DIVISION.search(lemma) or _DIVISION.search(reading)):
        return False
    return any(_DIVISION.sub(sign, lemma) == _DIVISION.sub(sign, reading) for sign in ("", "-"))


def _same_words(lemma: str, reading: str) -> bool:
    """Return whether the same letters form the same words; otherwise a word is divided differently."""
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
