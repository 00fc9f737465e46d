"""The values of a role beside its words: a date, a number, a hand, a place on the page.

A row of the vocabulary lists the values that its tail may hold (:attr:`Role.values`): the tail of a
phrase is between ``<`` and ``>``, as in ``{date}`words <1917-11-07 julian>```; a layer has them
after its source, as in ``{subst}`new <old> above @anna```. The form of a value identifies it, so
editors need not name it. Standard library only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class ValueType(Enum):
    """The form of a value in the tail of a role."""

    WORD = "a word"
    """one word of a closed list"""
    HAND = "a hand"
    """``@key``: a hand that the record declares (TEI PH#PHDH)"""
    DATE = "a date like 1917, 1917-11 or 1917-11-07, or two like 1917-01/1917-11"
    """``when``, or ``from`` and ``to`` (TEI CO#CONADA, ND#NDDATE)"""
    NUMBER = "a number like 12, -3 or 0.5"
    """TEI CO#CONANU"""
    NAME = "a name in small letters like bekker"
    """of a system of reference (TEI CO#CORS5)"""
    SIGN = "a number or sign without spaces"
    ROLE = "a name in small letters like hamlet, which speakers point to"
    """the key of a role of the cast list (TEI DR#DRCAST)"""
    ROLES = "keys of roles of the cast list, like hamlet horatio"
    """who speaks (TEI DR#DRSP); several words"""
    EXTENT = "an extent like 3 chars: a number and char, word or line"
    """TEI PH#PHSP; the only value of its row"""
    TARGET = "a page like 17, a line like 17.12 or hamlet:1.2.56, note:5, part:ID or an address like https://example.org"
    """where a reference leads (TEI CO#COXR)"""
    LANGUAGE = "a language tag like fr or ru-Latn"
    """a language that the record describes (TEI CO#COHQHF)"""


_DAY = r"-?[0-9]{4}(?:-[01][0-9](?:-[0-3][0-9])?)?"
_DATE = re.compile(rf"(?P<first>{_DAY})(?:/(?P<last>{_DAY}|\.\.))?")
_FORMS: dict[ValueType, re.Pattern[str]] = {
    ValueType.HAND: re.compile(r"@[a-z][a-z0-9-]*"),
    ValueType.DATE: _DATE,
    ValueType.NUMBER: re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"),
    ValueType.ROLE: re.compile(r"[a-z0-9][a-z0-9-]*"),
    ValueType.ROLES: re.compile(r"[a-z0-9][a-z0-9-]*"),
    ValueType.NAME: re.compile(r"[a-z][a-z0-9-]*"),
    ValueType.EXTENT: re.compile(r"(?P<n>[1-9][0-9]*) (?P<unit>char|word|line|page)s?"),
    ValueType.TARGET: re.compile(r"https?://[^\s<>]+|(?:[a-z][a-z0-9-]*:)?[^\s:<>]+"),
    ValueType.SIGN: re.compile(r"\S+"),
    ValueType.LANGUAGE: re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"),
}


class TailError(ValueError):
    """Raised for a tail that a row does not allow; says why."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a role may have.

    ``name`` is its TEI attribute; of a :attr:`ValueType.DATE`, ``when``. ``words``: the closed list of a
    :attr:`ValueType.WORD`, each with what it means. ``needed``: a role without it is incomplete.
    ``html``: the HTML attribute; empty: ``data-`` and the name. ``element``: the HTML element that has
    that attribute.
    """

    name: str
    form: ValueType
    words: Mapping[str, str] = field(default_factory=dict)
    needed: bool = False
    html: str = ""
    element: str = ""

    def read(self, word: str) -> dict[str, str]:
        """Return the TEI attributes that ``word`` stands for; empty if it has another form."""
        if self.form is ValueType.WORD:
            return {self.name: word} if word in self.words else {}
        match = _FORMS[self.form].fullmatch(word)
        if match is None or (self.form is ValueType.DATE and not _is_date(match)):
            return {}
        if self.form is ValueType.EXTENT:
            return {self.name: match["unit"], "quantity": match["n"]}
        if self.form is ValueType.HAND:
            return {self.name: word[1:]}
        if self.form is ValueType.DATE and match["last"]:
            span = {"from": match["first"]}
            return span if match["last"] == ".." else {**span, "to": match["last"]}
        return {self.name: word}

    @property
    def names(self) -> tuple[str, ...]:
        """The TEI attributes that the value may set."""
        more = {ValueType.DATE: ("from", "to"), ValueType.EXTENT: ("quantity",)}
        return (self.name, *more.get(self.form, ()))

    @property
    def allowed_form(self) -> str:
        """The allowed form, for messages."""
        return " | ".join(self.words) if self.form is ValueType.WORD else self.form.value


def read_values(tail: str, allowed: Sequence[Value]) -> dict[str, str]:
    """Parse the tail of a role into TEI attributes and their values.

    :param tail: words separated by spaces
    :param allowed: the values of the role's row
    :raises TailError: a word has none of the allowed forms, a value is there twice or missing
    """
    found: dict[str, str] = {}
    for word in tail.split():
        value, read = next(
            ((value, one) for value in allowed if (one := value.read(word))), (None, {})
        )
        if value is None:
            raise TailError(f"<{word}>{_near(word, allowed)}")
        if value.form is ValueType.ROLES and value.name in found:
            read = {value.name: f"{found.pop(value.name)} {word}"}
        if read.keys() & found.keys():
            raise TailError(f"<{tail}> says twice what one word says: {word}")
        found |= read
    for value in allowed:
        if value.needed and not found.keys() & set(value.names):
            raise TailError(f"<{tail}> lacks {value.allowed_form}")
    return found


def read_point(text: str, values: Sequence[Value]) -> dict[str, str]:
    """Parse the values of a milestone, in the order of its row.

    :raises TailError: a value is missing, has another form, or something follows the last one
    """
    words = text.split()
    found: dict[str, str] = {}
    for value in values:
        read = value.read(words.pop(0)) if words else {}
        if not read:
            raise TailError(f"{text!r} lacks {value.allowed_form}")
        found |= read
    if words:
        raise TailError(f"{text!r} says more than it may: {words[0]}")
    return found


def _near(word: str, allowed: Sequence[Value]) -> str:
    known = [w for value in allowed for w in value.words]
    near = get_close_matches(word, known, 1)
    if near:
        return f"; did you mean {near[0]}?"
    return f": allowed is {'; '.join(value.allowed_form for value in allowed)}" if allowed else ""


def _is_date(match: re.Match[str]) -> bool:
    """Return whether the days exist, and two are in order."""
    ends = [end for end in (match["first"], match["last"]) if end and end != ".."]
    return all(map(_exists, ends)) and _in_order(ends)


def _exists(day: str) -> bool:
    year, *rest = day.removeprefix("-").split("-")
    month, at = (int(n) for n in (*rest, "1", "1")[:2])
    try:
        date(int(year) % 400 + 2000, month, at)
    except ValueError:
        return False
    return True


def _in_order(ends: Sequence[str]) -> bool:
    if len(ends) < 2 or any(end.startswith("-") for end in ends):
        return True
    return ends[0][: len(ends[1])] <= ends[1][: len(ends[0])]


def attributes(
    values: Mapping[str, str], allowed: Sequence[Value]
) -> Iterator[tuple[Value, str, str]]:
    """Yield the value, TEI attribute and content of everything that ``values`` holds, in the row's order."""
    for value in allowed:
        for name in value.names:
            if name in values:
                yield value, name, values[name]
