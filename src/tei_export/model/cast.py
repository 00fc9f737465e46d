"""The roles of a play and who of them speaks: the cast list of a text, and its speakers.

The words of a role identify a speaker, and so do their beginnings as abbreviations (``HAM.``,
``Lady M.``); any other name needs the key of the role: ``{speaker}`ALL <hamlet horatio>```.
Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tei_export.model.places import page_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What the id of a role begins with, in all outputs.
PREFIX = "role-"


class CastRole(NamedTuple):
    """A role of the cast list: its key, its words, its description, and its source line."""

    key: str
    name: str
    item: str
    line: int


class Spoken(NamedTuple):
    """The words that name a speaker, the keys after them, and their source line."""

    words: str
    keys: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Cast:
    """The roles of a text in their order; without any, speakers need none."""

    roles: tuple[CastRole, ...]

    @classmethod
    def of(cls, roles: Iterable[CastRole]) -> Cast:
        return cls(tuple(roles))

    def who(self, words: str, keys: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the keys of the speakers; empty if the cast list does not identify them."""
        if keys:
            known = {role.key for role in self.roles}
            return tuple(keys) if known.issuperset(keys) else ()
        said = _words(words)
        for fits in (_is, _shortens):
            found = {role.key for role in self.roles if fits(said, role)}
            if found:
                return tuple(found) if len(found) == 1 else ()
        return ()

    def twice(self) -> list[CastRole]:
        """Return the roles whose key an earlier role already has."""
        counted: Counter[str] = Counter()
        again = []
        for role in self.roles:
            again += [role] if counted[role.key] else []
            counted[role.key] += 1
        return again

    def item(self, key: str) -> str:
        """Return the description of a role in the cast list."""
        return next((role.item for role in self.roles if role.key == key), "")


def key_of(name: str) -> str:
    """Return the key of a role whose words have none: ``Lady Macbeth`` → ``lady-macbeth``."""
    letters = unicodedata.normalize("NFKD", name)
    plain_letters = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"-+", "-", "-".join(map(page_slug, _words(plain_letters)))).strip("-")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _is(said: list[str], role: CastRole) -> bool:
    return said == _words(role.name) or said == role.key.split("-")


def _shortens(said: list[str], role: CastRole) -> bool:
    whole = _words(role.name)
    return (
        bool(said)
        and len(said) <= len(whole)
        and all(word.startswith(short) for short, word in zip(said, whole, strict=False))
    )
