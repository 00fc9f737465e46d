"""Join the registers of several editions: entries with a common identifier are one.

Equal names join nothing: two editions may each have a Moscow. Common identifiers do, also by way of
a third entry: if A and B share one and B and C another, all three are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.model.registers import heading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tei_export.corpus.editions import BuiltEdition, MentionedEntry


@dataclass(frozen=True, slots=True)
class JoinedEntry:
    """A person, place … of the corpus: its entry in every edition that mentions it."""

    register: str
    entries: tuple[tuple[BuiltEdition, MentionedEntry], ...]

    @property
    def name(self) -> str:
        """The name in the first edition, in the order of the corpus."""
        return heading(self.entries[0][1].entry)

    @property
    def names(self) -> tuple[str, ...]:
        """Other names, each once."""
        every = [heading(found.entry) for _edition, found in self.entries]
        return tuple(dict.fromkeys(name for name in every if name != self.name))

    @property
    def ids(self) -> dict[str, list[str]]:
        """Its identifiers, by authority."""
        ids: dict[str, list[str]] = {}
        for _edition, found in self.entries:
            for authority, value in found.entry.ids.items():
                if value not in ids.setdefault(authority, []):
                    ids[authority].append(value)
        return ids


def join_entries(editions: Iterable[BuiltEdition]) -> list[JoinedEntry]:
    """Return the joined registers, by register and name."""
    every = [(edition, found) for edition in editions for found in edition.mentioned()]
    leader = list(range(len(every)))

    def lead(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    first: dict[tuple[str, str, str], int] = {}
    for number, (_edition, found) in enumerate(every):
        for authority, value in found.entry.ids.items():
            other = first.setdefault((found.entry.register, authority, value), number)
            one, two = sorted((lead(number), lead(other)))
            leader[two] = one
    groups: dict[int, list[tuple[BuiltEdition, MentionedEntry]]] = {}
    for number, item in enumerate(every):
        groups.setdefault(lead(number), []).append(item)
    entries = [JoinedEntry(group[0][1].entry.register, tuple(group)) for group in groups.values()]
    return sorted(entries, key=lambda e: (e.register, e.name.casefold(), e.entries[0][0].name))
