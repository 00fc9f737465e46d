"""Registers: persons, places, organisations, events, works.

Each is one YAML file, key → entry; ``edition/registers/README.md`` describes the format.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tei_export.model import fields
from tei_export.model.problems import EditionError, Problem
from tei_export.model.quoted import SourceText
from tei_export.model.register_fields import AUTHORITIES as AUTHORITIES
from tei_export.model.register_fields import register_type
from tei_export.model.safe_read import inside, read_text
from tei_export.model.safe_yaml import YamlFile, read_yaml
from tei_export.model.vocabulary import BY_REGISTER, MENTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A register entry. ``data`` contains every field as in the file."""

    register: str
    key: str
    name: str
    forms: tuple[str, ...]
    ids: Mapping[str, str]
    data: Mapping[str, Any]
    line: int = 0

    @property
    def xml_id(self) -> str:
        """The ``xml:id`` of the entry in the TEI."""
        return BY_REGISTER[self.register].id_prefix + self.key

    def text(self, name: str) -> str:
        """Return the field ``name`` as text; empty if it is missing."""
        return str(self.data.get(name, "") or "")

    def known_ids(self) -> list[str]:
        """Return the names of the authorities of :meth:`addresses`, in the same order."""
        return [key for key in AUTHORITIES if key in self.ids]

    def addresses(self) -> Iterator[str]:
        """Yield the address of the entry's subject in every authority that the entry names."""
        return (
            known.address.format(self.ids[key])
            for key, known in AUTHORITIES.items()
            if key in self.ids
        )


def heading(entry: RegisterEntry) -> str:
    """Return the words by which an entry is sorted."""
    author = entry.text("author") if entry.register == "works" else ""
    return f"{author}, {entry.name}" if author else entry.name


@dataclass(frozen=True, slots=True)
class Register:
    """All entries of one kind, and the entries of each name form."""

    name: str
    entries: Mapping[str, RegisterEntry]
    by_form: Mapping[str, tuple[str, ...]]
    _number: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_number", {key: n for n, key in enumerate(self.entries)})

    def in_order(self, keys: Iterable[str]) -> list[RegisterEntry]:
        """Return the entries with these keys in the order of the register."""
        return [self.entries[key] for key in sorted(keys, key=self._number.__getitem__)]

    def candidates(self, form: str) -> tuple[str, ...]:
        """Return the keys of the entries with the name form ``form``."""
        return self.by_form.get(form, ())


@dataclass(slots=True)
class Registers:
    """The registers of an edition, by name."""

    by_name: dict[str, Register] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Register:
        return self.by_name[name]

    def closure(self, mentioned: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """Return ``mentioned`` (register → keys) with all entries that these point to.

        Entries point to authors, containing works and places of events.
        """
        reached = {name: set(mentioned.get(name, ())) for name in self.by_name}
        queue = [(name, key) for name, keys in reached.items() for key in keys]
        while queue:
            name, key = queue.pop()
            for target, other in self._pointers(self[name].entries[key]):
                if other not in reached[target]:
                    reached[target].add(other)
                    queue.append((target, other))
        return reached

    def _pointers(self, entry: RegisterEntry) -> Iterator[tuple[str, str]]:
        for author in entry.data.get("authors") or ():
            yield ("persons" if author in self["persons"].entries else "organisations"), author
        if entry.text("contained_in"):
            yield "works", entry.text("contained_in")
        if entry.register == "events":
            places = [entry.text("place"), *(entry.data.get("other_places") or ())]
            yield from (("places", p) for p in places if p in self["places"].entries)


def load(folder: Path, root: Path) -> Registers:
    """Read ``folder``/*.yaml.

    :param root: the edition's folder
    :raises EditionError: with every problem found
    """
    result = Registers()
    problems: list[Problem] = []
    sources: dict[str, YamlFile] = {}
    unread: set[str] = set()
    for row in MENTIONS:
        path = folder / f"{row.register}.yaml"
        entries: dict[str, RegisterEntry] = {}
        if path.is_symlink() or path.exists():
            name = path.relative_to(root).as_posix()
            try:
                source = read_yaml(inside(root, name, origin=name), root)
            except EditionError as error:
                problems += error.problems
                unread.add(row.register)
            else:
                sources[row.register] = source
                complaints = list(register_type(row.register).check("", source.data))
                problems += fields.problems(source, complaints, "register-field")
                entries = _entries(row.register, source, {c.path for c in complaints})
        forms: dict[str, list[str]] = defaultdict(list)
        for entry in entries.values():
            for form in entry.forms:
                forms[form].append(entry.key)
        result.by_name[row.register] = Register(
            row.register, entries, {form: tuple(keys) for form, keys in forms.items()}
        )
    problems += [*_pointer_problems(result, sources, unread), *_circles(result, sources)]
    problems += _text_problems(result, sources, root)
    if problems:
        raise EditionError(*problems)
    return result


def _entries(register: str, source: YamlFile, wrong: Collection[str]) -> dict[str, RegisterEntry]:
    """Return the entries of a file without empty and ``wrong`` fields. The table has already
    reported the wrong ones; keeping the entry lets the same run check pointers to it.
    """
    spoilt = {".".join(path.split(".")[:2]) for path in wrong}
    entries: dict[str, RegisterEntry] = {}
    for key, given in source.data.items():
        items = given.items() if isinstance(given, dict) else ()
        data = {
            name: value
            for name, value in items
            if value is not None and f"{key}.{name}" not in spoilt
        }
        name = data.get("title" if register == "works" else "name", "")
        entries[key] = RegisterEntry(
            register,
            key,
            name,
            tuple(dict.fromkeys((*data.get("forms", ()), name))),
            {k: v for k, v in data.get("ids", {}).items() if v},
            data,
            source.line(key),
        )
    return entries


def _pointer_problems(
    registers: Registers, sources: Mapping[str, YamlFile], unread: Collection[str]
) -> Iterator[Problem]:
    """Report pointers to missing entries, except into unreadable registers (``unread``)."""

    def check(register: str, field_name: str, targets: tuple[str, ...]) -> Iterator[Problem]:
        if not set(targets).isdisjoint(unread):
            return
        known = {k for t in targets for k in registers[t].entries}
        for entry in registers[register].entries.values():
            values = entry.data.get(field_name) or []
            for value in values if isinstance(values, list) else [values]:
                if value not in known:
                    source = sources[register]
                    near = fields.nearest(value, sorted(known))
                    detail = f"{entry.key}.{field_name}: unknown entry {value!r}{near}"
                    yield source.problem("register-field", f"{entry.key}.{field_name}", detail)

    yield from check("works", "authors", ("persons", "organisations"))
    yield from check("works", "contained_in", ("works",))
    yield from check("events", "place", ("places",))
    yield from check("events", "other_places", ("places",))


def _text_problems(
    registers: Registers, sources: Mapping[str, YamlFile], root: Path
) -> Iterator[Problem]:
    """Report texts of works that cannot be read."""
    for entry in registers["works"].entries.values():
        if name := entry.text("text"):
            place = sources["works"].problem("file-missing", f"{entry.key}.text", "")
            try:
                path = inside(root, name, origin=place.file, line=place.line, column=place.column)
                read_text(path, root)
            except EditionError as error:
                yield from error.problems


def source_text(entry: RegisterEntry, registers: Registers, root: Path) -> SourceText | None:
    """Return the text of a work or of the work that contains it, if the edition has one.

    :param root: the edition's folder
    """
    known = registers["works"].entries
    holder: RegisterEntry | None = entry
    while holder is not None:
        if name := holder.text("text"):
            return SourceText(read_text(inside(root, name, origin=""), root))
        holder = known.get(holder.text("contained_in"))
    return None


def _circles(registers: Registers, sources: Mapping[str, YamlFile]) -> Iterator[Problem]:
    """Report works that contain themselves, directly or through others; each circle once."""
    works = registers["works"].entries
    done: set[str] = set()
    for start in works:
        chain: list[str] = []
        key = start
        while key in works and key not in done and key not in chain:
            chain.append(key)
            key = works[key].text("contained_in")
        if key in chain:
            circle = [*chain[chain.index(key) :], key]
            source = sources["works"]
            yield source.problem("register-circle", f"{key}.contained_in", " in ".join(circle))
        done.update(chain)
