"""Registers: persons, places, organisations, events, works.

One YAML file each, key → entry; ``edition/registers/README.md`` gives the format.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tei_export.model.problems import EditionError, Problem
from tei_export.model.safe_read import Source, read_yaml
from tei_export.model.vocabulary import BY_REGISTER, MENTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_KEY = re.compile(r"[a-z][a-z0-9-]*")
_LISTS = {"forms", "also", "authors", "other_places", "evidence", "coordinates"}
_MAPPINGS = {"names", "ids"}


@dataclass(frozen=True, slots=True)
class Authority:
    """A file of names whose identifiers entries may have. ``address``: of what is identified."""

    name: str
    pattern: re.Pattern[str]
    address: str


AUTHORITIES = {
    "wikidata": Authority("Wikidata", re.compile(r"Q\d+"), "https://www.wikidata.org/wiki/{}"),
    "viaf": Authority("VIAF", re.compile(r"\d+"), "https://viaf.org/viaf/{}"),
    "gnd": Authority("GND", re.compile(r"[\dX-]+"), "https://d-nb.info/gnd/{}"),
    "lcnaf": Authority("LCNAF", re.compile(r"n[a-z]?\d+"), "https://id.loc.gov/authorities/names/{}"),
    "geonames": Authority("GeoNames", re.compile(r"\d+"), "https://www.geonames.org/{}"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One register entry. ``data`` holds every field as in the file."""

    register: str
    key: str
    name: str
    forms: tuple[str, ...]
    ids: Mapping[str, str]
    data: Mapping[str, Any]
    line: int = 0

    @property
    def xml_id(self) -> str:
        return BY_REGISTER[self.register].id_prefix + self.key

    def text(self, name: str) -> str:
        """Field ``name`` as text; empty where the entry has none."""
        return str(self.data.get(name, "") or "")

    def addresses(self) -> Iterator[str]:
        """The address of what the entry is about, in every authority that has it."""
        return (known.address.format(self.ids[key]) for key, known in AUTHORITIES.items() if key in self.ids)


def heading(entry: Entry) -> str:
    """The words that an entry is ordered by."""
    author = entry.text("author") if entry.register == "works" else ""
    return f"{author}, {entry.name}" if author else entry.name


@dataclass(frozen=True, slots=True)
class Register:
    """All entries of one kind, and which name form belongs to which of them."""

    name: str
    entries: Mapping[str, Entry]
    by_form: Mapping[str, tuple[str, ...]]

    def candidates(self, form: str) -> tuple[str, ...]:
        """Keys of the entries that have ``form`` as a name form."""
        return self.by_form.get(form, ())


@dataclass(slots=True)
class Registers:
    """The registers of an edition, by name."""

    by_name: dict[str, Register] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Register:
        return self.by_name[name]

    def closure(self, mentioned: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """``mentioned`` (register → keys) and every entry those point to: authors, containing
        works, places of events."""
        found = {name: set(mentioned.get(name, ())) for name in self.by_name}
        queue = [(name, key) for name, keys in found.items() for key in keys]
        while queue:
            name, key = queue.pop()
            for target, other in self._pointers(self[name].entries[key]):
                if other not in found[target]:
                    found[target].add(other)
                    queue.append((target, other))
        return found

    def _pointers(self, entry: Entry) -> Iterator[tuple[str, str]]:
        for author in entry.data.get("authors") or ():
            yield ("persons" if author in self["persons"].entries else "organisations"), author
        if entry.text("contained_in"):
            yield "works", entry.text("contained_in")
        if entry.register == "events":
            places = [entry.text("place"), *(entry.data.get("other_places") or ())]
            yield from (("places", p) for p in places if p in self["places"].entries)


def load(folder: Path, root: Path) -> Registers:
    """Read ``folder``/*.yaml; :raises EditionError: listing every problem found."""
    result = Registers()
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    for row in MENTIONS:
        path = folder / f"{row.register}.yaml"
        if not path.is_file():
            result.by_name[row.register] = Register(row.register, {}, {})
            continue
        source = sources[row.register] = read_yaml(path, root)
        entries = {k: _entry(row.register, k, v, source, problems) for k, v in source.data.items()}
        forms: dict[str, list[str]] = defaultdict(list)
        for entry in entries.values():
            for form in entry.forms:
                forms[form].append(entry.key)
        result.by_name[row.register] = Register(
            row.register, entries, {form: tuple(keys) for form, keys in forms.items()}
        )
    _check_pointers(result, sources, problems)
    if problems:
        raise EditionError(*problems)
    return result


def _entry(register: str, key: str, data: Any, source: Source, problems: list[Problem]) -> Entry:
    """One entry, checked field by field; problems are collected, not raised."""

    def wrong(detail: str, field_name: str = "") -> None:
        line = source.line(f"{key}.{field_name}")
        problems.append(Problem("register-field", source.file, line, f"{key}: {detail}"))

    if not _KEY.fullmatch(str(key)):
        wrong("a key is small letters, digits and hyphens")
    if not isinstance(data, dict):
        wrong("an entry is a mapping of fields")
        data = {}
    for field_name, value in list(data.items()):
        complaint = _shape(field_name, value)
        if complaint:
            wrong(f"{field_name} is {complaint}", field_name)
            del data[field_name]
    name = str(data.get("name") or data.get("title") or "")
    if not name:
        wrong("name is missing")
    ids = data.get("ids") or {}
    for authority, value in ids.items():
        known = AUTHORITIES.get(authority)
        if known is None or not known.pattern.fullmatch(str(value)):
            wrong(f"ids.{authority}: {value!r} is no identifier of a known authority", f"ids.{authority}")
    forms = data.get("forms") or []
    return Entry(
        register, str(key), name, tuple(dict.fromkeys((*forms, name))),
        {k: str(v) for k, v in ids.items()}, data, source.line(key),
    )  # fmt: skip


def _shape(name: str, value: Any) -> str:
    """What field ``name`` should be, if ``value`` is something else."""
    if name == "coordinates":
        fits = isinstance(value, list) and [type(v) in (int, float) for v in value] == [True, True]
        return "" if fits else "a list of two numbers"
    if name in _LISTS:
        fits = isinstance(value, list) and all(isinstance(v, str) for v in value)
        return "" if fits else "a list of texts"
    if name in _MAPPINGS:
        fits = isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
        return "" if fits else "a mapping of texts"
    return "a text" if isinstance(value, (list, dict)) else ""


def _check_pointers(
    registers: Registers, sources: Mapping[str, Source], problems: list[Problem]
) -> None:
    """Fields that name another entry must name one that exists."""

    def check(register: str, field_name: str, targets: tuple[str, ...]) -> None:
        known = {k for t in targets for k in registers[t].entries}
        for entry in registers[register].entries.values():
            values = entry.data.get(field_name) or []
            for value in values if isinstance(values, list) else [values]:
                if value not in known:
                    source = sources[register]
                    line = source.line(f"{entry.key}.{field_name}")
                    detail = f"{entry.key}: {field_name}: no entry {value!r}"
                    problems.append(Problem("register-field", source.file, line, detail))

    check("works", "authors", ("persons", "organisations"))
    check("works", "contained_in", ("works",))
    check("events", "place", ("places",))
    check("events", "other_places", ("places",))
