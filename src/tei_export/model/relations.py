"""Relations between register entries that the texts state: ``registers/relations.yaml``.

Each names the place where a text states it, and the words; :mod:`tei_export.shared.relations`
compares both with the text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tei_export.model import fields
from tei_export.model.problems import EditionError, Problem
from tei_export.model.register_fields import RELATIONS
from tei_export.model.relation_kinds import KINDS
from tei_export.model.safe_read import inside
from tei_export.model.safe_yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from tei_export.model.registers import RegisterEntry, Registers
    from tei_export.model.safe_yaml import YamlFile

FILE = "relations.yaml"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation. ``place`` as the file has it; ``work`` and ``quoted_from`` are works of the register;
    ``lines``: field → its line in ``file``."""

    id: str
    active: RegisterEntry
    kind: str
    passive: RegisterEntry
    place: str
    words: str
    when: str = ""
    work: RegisterEntry | None = None
    quoted_from: RegisterEntry | None = None
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def ends(self) -> tuple[RegisterEntry, RegisterEntry]:
        """Return the active and the passive end."""
        return self.active, self.passive

    def entries(self) -> Iterator[RegisterEntry]:
        """Return every entry that it points to."""
        yield from (
            entry for entry in (*self.ends(), self.work, self.quoted_from) if entry is not None
        )


def load(folder: Path, root: Path, registers: Registers | None) -> tuple[Relation, ...]:
    """Read ``folder``/relations.yaml, which is optional.

    :param registers: those of the edition; None if they could not be read: keys are then not
        checked
    :raises EditionError: ``register-field``, ``field-unknown``, ``relation-kind``, ``relation-key``,
        ``relation-twice``, or the file cannot be read.
    """
    path = folder / FILE
    if not path.is_symlink() and not path.exists():
        return ()
    name = path.relative_to(root).as_posix()
    source = read_yaml(inside(root, name, origin=name), root)
    complaints = list(RELATIONS.check("", source.data))
    problems = fields.problems(source, complaints, "register-field")
    given = source.data.get("relations")
    wrong = {".".join(complaint.path.split(".")[:2]) for complaint in complaints}
    right = {
        f"relations.{number}": item
        for number, item in enumerate(given if isinstance(given, list) else ())
        if f"relations.{number}" not in wrong
    }
    found: list[Relation] = []
    if registers is not None:
        resolver = _Resolver(source, registers)
        found = [
            relation for at, item in right.items() if (relation := resolver.relation(at, item))
        ]
        problems += [*resolver.problems, *_twice(found)]
    if problems:
        raise EditionError(*problems)
    return tuple(found)


class _Resolver:
    """Finds the entries that relations name."""

    def __init__(self, source: YamlFile, registers: Registers) -> None:
        self.source = source
        self.registers = registers
        self.problems: list[Problem] = []
        self._ids: Counter[str] = Counter()

    def relation(self, at: str, item: Mapping[str, Any]) -> Relation | None:
        """Return the relation ``item``; None, after reporting, if it names a missing entry."""
        everywhere = tuple(self.registers.by_name)
        active = self._entry(at, item, "active", everywhere)
        passive = self._entry(at, item, "passive", everywhere)
        works = {
            name: self._entry(at, item, name, ("works",))
            for name in ("work", "quoted_from")
            if item.get(name)
        }
        if active is None or passive is None or None in works.values():
            return None
        kind = item["kind"].replace(
            "author", "writer"
        )  # reader views take an element whose id contains "author" for a byline
        said = f"rel-{active.xml_id}-{kind}-{passive.xml_id}-{_plain(item['place'])}"
        self._ids[said] += 1
        return Relation(
            said if self._ids[said] == 1 else f"{said}-{self._ids[said]}",
            active,
            item["kind"],
            passive,
            item["place"],
            item["words"],
            item.get("when") or "",
            works.get("work"),
            works.get("quoted_from"),
            self.source.file,
            {name: self.source.line(f"{at}.{name}") for name in item},
        )

    def _entry(
        self, at: str, item: Mapping[str, Any], name: str, names: Iterable[str]
    ) -> RegisterEntry | None:
        register, _colon, key = str(item[name]).rpartition(":")
        registers = [self.registers[one] for one in names if register in ("", one)]
        found = [known.entries[key] for known in registers if key in known.entries]
        if len(found) == 1:
            return found[0]
        if found:
            detail = f"{name} {key} is in {' and '.join(entry.register for entry in found)}"
        else:
            near = fields.nearest(key, sorted(k for known in registers for k in known.entries))
            detail = f"{name}: no entry {key!r}{near}"
        self.problems.append(
            Problem("relation-key", self.source.file, self.source.line(f"{at}.{name}"), detail)
        )
        return None


def _plain(place: str) -> str:
    """Return ``place`` in letters that an id may have: ``117.21-22`` → ``117-21-22``."""
    return "".join(
        c if c.isascii() and (c.islower() or c.isdigit()) else "-" for c in place.lower()
    )


def _twice(found: Iterable[Relation]) -> Iterator[Problem]:
    """Return the relations that repeat an earlier one at the same place; a mutual one may name its
    ends in either order."""
    seen: dict[tuple[object, ...], Relation] = {}
    for relation in found:
        ids = [entry.xml_id for entry in relation.ends()]
        ends = tuple(sorted(ids) if KINDS[relation.kind].mutual else ids)
        first = seen.setdefault((relation.kind, *ends, "".join(relation.place.split())), relation)
        if first is not relation:
            detail = f"{ids[0]} {relation.kind} {ids[1]} at {relation.place}, also in line {first.lines['active']}"
            yield Problem("relation-twice", relation.file, relation.lines["active"], detail)
