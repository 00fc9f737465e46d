"""The edition as its files describe it: the record, the texts, the registers, the ledger.

``edition.yaml`` is the only record: every title, right, version and file name in any output comes
from it. Each process loads it once per content.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tei_export.model import base_witness, correspondence, csv_tables, fields, opened_files
from tei_export.model import registers as registers_module
from tei_export.model import relations as relations_module
from tei_export.model import revisions as changes_module
from tei_export.model import witnesses as witnesses_module
from tei_export.model.correspondence import Letter
from tei_export.model.problems import EditionError, Problem
from tei_export.model.record_fields import ORIGINS, RECORD, collisions
from tei_export.model.record_fields import STATUS as _STATUS
from tei_export.model.safe_read import inside, name_problems, read_bytes, read_text
from tei_export.model.safe_yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tei_export.model.base_witness import BaseWitness
    from tei_export.model.registers import Registers
    from tei_export.model.relations import Relation
    from tei_export.model.revisions import Change
    from tei_export.model.safe_yaml import YamlFile
    from tei_export.model.witnesses import Witness

#: The values of the edition's status, as in the schema.
STATUS = tuple(_STATUS)
#: The list of changes, an optional page of the site.
_CHANGES = "changes.md"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: one source file, one division of the TEI."""

    doc: str
    id: str
    type: str
    place: str
    n: str
    title: str
    divisions: tuple[str, ...] = ()
    """the divisions that its headings begin, the outermost first"""
    first_line: int = 0
    """of a text without a page table: its first line in the witness; 0: the first of all"""

    @property
    def name(self) -> str:
        """The name for readers, from the record, like ``Chapter I``."""
        return self.title


@dataclass(frozen=True, slots=True)
class Font:
    """A font that the record names. ``path`` is ``None`` if it names only the family; ``line`` is
    its line in the record."""

    family: str
    licence: str
    path: Path | None
    line: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the edition with its witnesses. ``glyphs``: mark in O → mark in T.

    ``siglum`` and ``witness`` are those of the witness whose lines the source follows; ``base`` is
    the witness that it represents, or itself. ``witnesses`` are all of them, in the order of the
    record.
    """

    id: str
    title: str
    folder: str
    siglum: str
    witness: BaseWitness
    glyphs: Mapping[str, str]
    parts: tuple[Part, ...]
    complete: bool
    ledger: Mapping[str, Mapping[str, str]]
    data: Mapping[str, Any]

    language: str = ""
    """tag of the text's language"""
    base: str = ""
    witnesses: tuple[Witness, ...] = ()
    _by_doc: Mapping[str, Part] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_doc", {part.doc: part for part in reversed(self.parts)})

    @property
    def several(self) -> bool:
        """Whether the record lists its witnesses one by one, so that readings of each can be recorded."""
        return bool(self.data.get("witnesses"))

    @property
    def positive(self) -> bool:
        """Whether the apparatus also names the witnesses that agree with the lemma, unless a reader
        chooses otherwise."""
        return self.data.get("apparatus") == "positive"

    @property
    def joins_divided(self) -> bool:
        """Whether ``collate`` equates a word divided within a line with the whole word of other witnesses."""
        return self.data.get("divided_words") == "join"

    @property
    def spelling(self) -> Mapping[str, str]:
        """The spellings that the record declares equivalent."""
        found = self.data.get("spelling")
        return found if isinstance(found, dict) else {}

    def letter_of(self, part: Part) -> Part | None:
        """Return the letter in which a part was enclosed: of an enclosure, the last letter before it."""
        before = self.parts[: self.parts.index(part)] if part.type == "enclosure" else ()
        return next((one for one in reversed(before) if one.type == "letter"), None)

    def source_witness(self, siglum: str) -> Witness | None:
        """Return the witness with a siglum, or None."""
        return next((w for w in self.witnesses if w.siglum == siglum), None)

    @property
    def readable(self) -> tuple[Witness, ...]:
        """The witnesses that can be read as texts of their own: they agree with the lemma unless an
        entry names them."""
        return tuple(w for w in self.witnesses if w.cited) if self.several else ()

    @property
    def only_cited(self) -> tuple[Witness, ...]:
        """The witnesses that the apparatus names but that cannot be read: lost, or known from quotations."""
        there = self.readable
        return tuple(w for w in self.witnesses if w not in there and not w.group and not w.of)

    @property
    def lined(self) -> frozenset[str]:
        """The sigla of the witness whose lines the source follows, and of the witness that it represents."""
        return frozenset((self.siglum, self.base))

    @property
    def medium(self) -> str:
        """The kind of source (``MEDIA`` of the table); empty if the record does not state it."""
        return str(self.data.get("medium") or "")

    def lines_of(self, part: Part) -> tuple[int, int]:
        """Return the first and last witness line that a part of a text without pages may have."""
        first = max(part.first_line, 1)
        later = [other.first_line for other in self.parts if other.first_line > first]
        return first, min(later, default=len(self.witness.lines) + 1) - 1

    @property
    def origin(self) -> str:
        """How the witness file was made (``ORIGINS``); empty if the record does not state it.

        A born-digital text is its own source.
        """
        return str(self.data.get("origin") or ("digital" if self.medium == "digital" else ""))

    @property
    def reason_kinds(self) -> Mapping[str, str]:
        """The kinds of reasons that the record declares, with their meanings."""
        found = self.data.get("reason_kinds")
        return found if isinstance(found, dict) else {}

    @property
    def hands(self) -> Mapping[str, Mapping[str, str]]:
        """The hands of the source by key, as the record declares them: name, description, scope."""
        found = self.data.get("hands")
        return found if isinstance(found, dict) else {}

    def part(self, docname: str) -> Part | None:
        """Return the part in the source file ``docname``, or None."""
        return self._by_doc.get(docname)


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything except the MyST sources. ``digest`` changes when any opened file changes."""

    root: Path
    record: Mapping[str, Any]
    texts: Mapping[str, Text]
    registers: Registers
    digest: str
    source: YamlFile
    changes: tuple[Change, ...] = ()
    """version by version, the newest first; empty if the record names no list"""
    fonts: tuple[Font, ...] = ()
    """those beside the bundled typeface"""
    relations: tuple[Relation, ...] = ()
    """those between register entries, in the order of their file"""

    def part_of(self, docname: str) -> tuple[Text, Part] | None:
        """Return the text and part in the source file ``docname``, or None."""
        for text in self.texts.values():
            part = text.part(docname)
            if part:
                return text, part
        return None

    def letters(self, text: Text) -> tuple[Letter, ...]:
        """Return the letters of a text: the parts that were sent, in order."""
        found = []
        for part, item in zip(text.parts, text.data.get("parts") or (), strict=True):
            said = correspondence.actions(item, self.registers)
            if said:
                found.append(Letter(part.id, part.doc, part.title, said))
        return tuple(found)

    def field(self, path: str) -> Any:
        """Return a value of the record by its path, such as ``rights.text.uri``.

        :raises EditionError: the field is missing
        """
        value: Any = self.record
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is None:
            raise _wrong(self.source, path, "is missing")
        return value


#: The edition of this process: its folder and record, the files opened, the other files present.
_cache: dict[tuple[Path, str], tuple[Edition, dict[Path, str], list[Path]]] = {}


def load(root: Path, name: str = "edition.yaml") -> Edition:
    """Read the edition in ``root``; ``name`` is the record.

    :raises EditionError: with every problem found
    """
    there = sorted(root.rglob("*"))
    if (root, name) in _cache:
        edition, files, before = _cache[root, name]
        if there == before and opened_files.unchanged(files):
            return edition
    _cache.clear()
    with opened_files.recording() as files:
        edition = _load(root, name)
    base = root.resolve()
    digest = opened_files.combined_digest(
        (os.path.relpath(path.resolve(), base), sha) for path, sha in files.items()
    )
    edition = replace(edition, digest=digest)
    _cache[root, name] = edition, files, there
    return edition


def _load(root: Path, name: str) -> Edition:
    source = read_yaml(inside(root, name, origin=name), root)
    problems = [*name_problems(root), *_record_problems(source)]
    texts: dict[str, Text] = {}
    given = source.data.get("texts")
    for key, data in given.items() if isinstance(given, dict) else ():
        try:
            texts[key] = _text(root, source, key, data)
        except EditionError as error:
            problems += error.problems
    registers = None
    try:
        registers = registers_module.load(root / "registers", root)
    except EditionError as error:
        problems += error.problems
    relations: tuple[Relation, ...] = ()
    try:
        relations = relations_module.load(root / "registers", root, registers)
    except EditionError as error:
        problems += error.problems
    changes: tuple[Change, ...] = ()
    try:
        changes = _changes(root, source)
    except EditionError as error:
        problems += error.problems
    fonts: list[Font] = []
    for number, item in enumerate(_items(source.data.get("fonts"))):
        try:
            fonts.append(_font(root, source, f"fonts.{number}", item))
        except EditionError as error:
            problems += error.problems
    if registers is not None:
        problems += _letter_problems(source, registers)
    if problems or registers is None:
        raise EditionError(*dict.fromkeys(problems))
    return Edition(
        root, source.data, texts, registers, "", source, changes, tuple(fonts), relations
    )


def _letter_problems(source: YamlFile, registers: Registers) -> Iterator[Problem]:
    """Report senders, addressees and places that no register has."""
    texts = source.data.get("texts")
    for key, text in texts.items() if isinstance(texts, dict) else ():
        for number, item in enumerate(_items(text.get("parts") if isinstance(text, dict) else ())):
            for name, detail in correspondence.faults(item, registers):
                yield source.problem("register-key", f"texts.{key}.parts.{number}.{name}", detail)


def _items(value: object) -> list[dict[str, Any]]:
    """Return the mappings in a list; the table has reported all other items."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _font(root: Path, source: YamlFile, here: str, item: Mapping[str, Any]) -> Font:
    """Return a font of the record; read its file, so that it counts in :attr:`Edition.digest`.

    :raises EditionError: the file cannot be used
    """
    name, line = item.get("file"), source.line(here)
    path = None
    if isinstance(name, str) and name.strip():
        path = inside(root, name, origin=source.file, line=source.line(f"{here}.file"))
        read_bytes(path, root)
    return Font(
        str(item.get("family") or "").strip(), str(item.get("licence") or "").strip(), path, line
    )


def _wrong(source: YamlFile, path: str, detail: str, code: str = "record-field") -> EditionError:
    """Return the error for the record's field ``path``, at its line."""
    return EditionError(source.problem(code, path, f"{path} {detail}"))


def _record_problems(source: YamlFile) -> Iterator[Problem]:
    """Report every violation of the table, and fields of the record that contradict each other."""
    problems = fields.check(source, RECORD, "record-field")
    yield from problems
    if any(p.code == "record-field" for p in problems):
        return
    record = source.data
    for path, detail in collisions(record["texts"]):
        yield source.problem("record-id", path, f"{path}: {detail}")
    wanted = {"language": record["language"]}
    wanted |= {
        f"texts.{key}.language": text["language"]
        for key, text in record["texts"].items()
        if text.get("language")
    }
    for path, tag in wanted.items():
        if tag not in record["languages"]:
            detail = f"{path} is {tag}, but languages does not describe {tag}"
            yield source.problem("metadata-contradiction", path, detail)


def _changes(root: Path, source: YamlFile) -> tuple[Change, ...]:
    """Read the list of changes and check that its first entry is the record's version.

    :raises EditionError: ``changes-form``, ``changes-version``, or the file cannot be read
    """
    if not (root / _CHANGES).is_symlink() and not (root / _CHANGES).exists():
        return ()
    path = inside(root, _CHANGES, origin=_CHANGES)
    changes = changes_module.parse(read_text(path, root), _CHANGES, STATUS)
    latest = changes[0]
    for key in ("version", "date", "status"):
        value = source.data.get(key)
        if isinstance(value, str) and value != getattr(latest, key):
            detail = f"the {key} is {getattr(latest, key)} here, {value} in the record"
            raise EditionError(Problem("changes-version", _CHANGES, 0, detail))
    return changes


def _text(root: Path, source: YamlFile, key: str, data: Any) -> Text:
    """Return the text of the record's entry ``key``.

    The table has already reported invalid fields; they count as empty here, so that the same run
    also checks the files.

    :raises EditionError: the witness, the page table or the ledger cannot be used
    """
    here = f"texts.{key}"
    given: dict[str, Any] = data if isinstance(data, dict) else {}

    def get(name: str) -> str:
        value = given.get(name)
        return value if isinstance(value, str) else ""

    problems: list[Problem] = []
    try:
        witnesses = witnesses_module.load(root, given, source.file)
    except EditionError as error:
        witnesses = ()
        problems += error.problems
    given = _flat(given, witnesses)
    for name in ("witness", "pages", "ledger"):
        try:
            if get(name).strip():
                line, column = source.place(f"{here}.{name}")
                inside(root, get(name), origin=source.file, line=line, column=column)
        except EditionError as error:
            problems += error.problems
    if problems:
        raise EditionError(*problems)
    witness = base_witness.BaseWitness("", "", (), {})
    if get("witness") and get("sha256"):
        witness = base_witness.load(root, get("witness"), get("sha256"), get("pages"))
    glyphs, parts = given.get("glyphs"), given.get("parts")
    return Text(
        key,
        get("title"),
        get("folder"),
        get("siglum"),
        witness,
        dict(glyphs) if isinstance(glyphs, dict) else {},
        tuple(
            _part(get("folder"), p)
            for p in (parts if isinstance(parts, list) else ())
            if isinstance(p, dict)
        ),
        given.get("complete") is True,
        csv_tables.load_ledger(root, get("ledger"), witness.pages) if get("ledger") else {},
        given,
        get("language") or str(source.data.get("language") or ""),
        get("base") or get("siglum"),
        witnesses,
    )


def _flat(given: dict[str, Any], witnesses: tuple[Witness, ...]) -> dict[str, Any]:
    """Rename the fields of the witness with the lines as in a text with one witness."""
    items = given.get("witnesses")
    lines = next((w for w in witnesses if w.base), None)
    if not isinstance(items, dict) or lines is None:
        return given
    item = items[lines.siglum]
    origin = lines.medium if lines.medium in ORIGINS else ""
    flat = {
        "siglum": lines.siglum, "witness": lines.file, "sha256": lines.sha256, "origin": origin,
        "witness_description": ". ".join(x.rstrip(".") for x in (lines.name, lines.description) if x),
        **{name: item[name] for name in ("pages", "engine", "engine_date") if item.get(name)},
    }  # fmt: skip
    return {**given, **{name: value for name, value in flat.items() if value}}


def _part(folder: str, item: Mapping[str, Any]) -> Part:
    def get(name: str) -> str:
        return "" if item.get(name) is None else str(item[name])

    divisions = item.get("divisions")
    return Part(
        f"{folder}/{get('doc')}",
        get("id"),
        get("type"),
        get("place") or "body",
        get("n"),
        get("title"),
        tuple(d for d in divisions if isinstance(d, str)) if isinstance(divisions, list) else (),
        first if type(first := item.get("first_line")) is int else 0,
    )
