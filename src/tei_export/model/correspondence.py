"""The letters of an edition: sender, addressee, places and dates, from the record (``sent``, ``received``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.model.fields import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tei_export.model.registers import RegisterEntry, Registers

#: The registers in which senders and addressees stand.
_AGENTS = ("persons", "organisations")
KINDS = ("sent", "received")


@dataclass(frozen=True, slots=True)
class Action:
    """The sending or the receipt of a letter; ``date`` is ISO 8601, or a span of two."""

    kind: str
    agents: tuple[RegisterEntry, ...] = ()
    place: RegisterEntry | None = None
    date: str = ""
    date_text: str = ""

    @property
    def start(self) -> str:
        """The first possible day, for sorting; empty if the date is unknown."""
        return self.date.partition("/")[0]

    def entries(self) -> Iterator[RegisterEntry]:
        """Return every entry that it names."""
        yield from self.agents
        if self.place is not None:
            yield self.place


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: the id of its part, its title, and its fields in the record."""

    part: str
    doc: str
    title: str
    actions: tuple[Action, ...]

    def action(self, kind: str) -> Action:
        """Return the sending or the receipt; an empty one if the record has none."""
        return next((a for a in self.actions if a.kind == kind), Action(kind))

    def entries(self) -> Iterator[RegisterEntry]:
        """Yield every register entry that the letter names."""
        for action in self.actions:
            yield from action.entries()


def actions(item: Mapping[str, Any], registers: Registers) -> tuple[Action, ...]:
    """Return the actions of a part of the record; unknown keys are left out (see :func:`faults`)."""
    found = []
    for kind in KINDS:
        given = item.get(kind)
        if isinstance(given, dict):
            agents = tuple(e for key in _keys(given) if (e := _agent(key, registers)) is not None)
            place = registers["places"].entries.get(str(given.get("place") or ""))
            found.append(
                Action(
                    kind, agents, place, *(str(given.get(n) or "") for n in ("date", "date_text"))
                )
            )
    return tuple(found)


def faults(item: Mapping[str, Any], registers: Registers) -> Iterator[tuple[str, str]]:
    """Yield the keys that no register has, as (field, fault)."""
    agents = [key for name in _AGENTS for key in registers[name].entries]
    places = list(registers["places"].entries)
    for kind in KINDS:
        given = item.get(kind)
        if not isinstance(given, dict):
            continue
        for key in _keys(given):
            if key not in agents:
                yield f"{kind}.by", f"{key!r} in persons or organisations{nearest(key, agents)}"
        place = given.get("place")
        if isinstance(place, str) and place not in places:
            yield f"{kind}.place", f"{place!r} in places{nearest(place, places)}"


def _keys(given: Mapping[str, Any]) -> list[str]:
    by = given.get("by") or []
    return [str(key) for key in (by if isinstance(by, list) else [by])]


def _agent(key: str, registers: Registers) -> RegisterEntry | None:
    return next(
        (registers[name].entries[key] for name in _AGENTS if key in registers[name].entries), None
    )
