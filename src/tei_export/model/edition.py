"""The edition as its files describe it: the record, the texts, the registers, the ledger.

``edition.yaml`` is the one record: every title, right, version and file name in any
output comes from it. Loaded once per process and content.
"""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tei_export.model import opened
from tei_export.model import registers as registers_module
from tei_export.model import revisions as changes_module
from tei_export.model import witness as witness_module
from tei_export.model.problems import EditionError, Problem
from tei_export.model.safe_read import inside, read_text, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tei_export.model.registers import Registers
    from tei_export.model.revisions import Change
    from tei_export.model.safe_read import Source
    from tei_export.model.witness import Witness

PLACES = ("front", "body", "back")
#: How far an edition has come, as the schema has it.
STATUS = ("draft", "candidate", "published")
#: What every output needs to say of the edition; all are texts.
_FIELDS = (
    "title", "short_title", "subtitle", "version", "date", "status", "language", "editors",
    "publisher", "description", "caveat",
    *(f"rights.{of}.{name}" for of in ("text", "encoding", "metadata") for name in ("name", "uri", "statement")),
)  # fmt: skip
#: The list of changes, a page of the site; an edition may be without.
_CHANGES = "changes.md"
#: Files and folders that stand beside those of the texts.
_TAKEN = ("corpus", "edition", "registers", "schema")
_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: one source file, one division of the TEI."""

    doc: str
    id: str
    type: str
    place: str
    n: str
    title: str

    @property
    def name(self) -> str:
        """How readers name the part: ``Chapter I``-like title from the record."""
        return self.title


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the edition with its witness. ``glyphs``: mark in O → mark in T."""

    id: str
    title: str
    folder: str
    siglum: str
    witness: Witness
    glyphs: Mapping[str, str]
    parts: tuple[Part, ...]
    complete: bool
    ledger: Mapping[str, Mapping[str, str]]
    data: Mapping[str, Any]

    def part(self, docname: str) -> Part | None:
        return next((p for p in self.parts if p.doc == docname), None)


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that is not in the MyST sources. ``digest`` changes with any file that was opened."""

    root: Path
    record: Mapping[str, Any]
    texts: Mapping[str, Text]
    registers: Registers
    digest: str
    source: Source
    changes: tuple[Change, ...] = ()
    """version by version, the newest first; empty where the record names no list"""

    def part_of(self, docname: str) -> tuple[Text, Part] | None:
        """The text and part that the source file ``docname`` holds, if any."""
        for text in self.texts.values():
            part = text.part(docname)
            if part:
                return text, part
        return None

    def field(self, path: str) -> Any:
        """``rights.text.uri`` → the record's value; :raises EditionError: missing."""
        value: Any = self.record
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is None:
            raise _wrong(self.source, path, "is missing")
        return value


#: The edition of this process: for which folder and record, what was opened, what else was there.
_cache: dict[tuple[Path, str], tuple[Edition, dict[Path, str], list[Path]]] = {}


def load(root: Path, name: str = "edition.yaml") -> Edition:
    """Read the edition in ``root``; :raises EditionError: with every problem found."""
    there = sorted(root.rglob("*"))
    if (root, name) in _cache:
        edition, files, before = _cache[root, name]
        if there == before and opened.unchanged(files):
            return edition
    _cache.clear()
    with opened.recording() as files:
        edition = _load(root, name)
    base = root.resolve()
    digest = opened.together((os.path.relpath(path.resolve(), base), sha) for path, sha in files.items())
    edition = replace(edition, digest=digest)
    _cache[root, name] = edition, files, there
    return edition


def _load(root: Path, name: str) -> Edition:
    source = read_yaml(inside(root, name, origin=name), root)
    problems = list(_record_problems(source))
    texts: dict[str, Text] = {}
    for key, data in _mapping(source, "texts").items():
        try:
            texts[key] = _text(root, source, key, data)
        except EditionError as error:
            problems += error.problems
    try:
        found = registers_module.load(root / "registers", root)
    except EditionError as error:
        problems += error.problems
    try:
        changes = _changes(root, source)
    except EditionError as error:
        problems += error.problems
    if problems:
        raise EditionError(*problems)
    return Edition(root, source.data, texts, found, "", source, changes)


def _wrong(source: Source, path: str, detail: str) -> EditionError:
    """The error of the record's field ``path``, at its line."""
    return EditionError(Problem("record-field", source.file, source.line(path), f"{path} {detail}"))


def _record_problems(source: Source) -> Iterator[Problem]:
    """Fields that every output needs: they are there, and they are texts."""
    for path in _FIELDS:
        value: Any = source.data
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if not isinstance(value, str):
            detail = f"{path} is {'missing' if value is None else 'a text: put it in quotes'}"
            yield Problem("record-field", source.file, source.line(path), detail)
    if source.data.get("status") not in (None, *STATUS):
        detail = f"status is one of {', '.join(STATUS)}"
        yield Problem("record-field", source.file, source.line("status"), detail)
    if isinstance(source.data.get("date"), str) and not _is_day(source.data["date"]):
        detail = f"date is a day like 2000-12-31, not {source.data['date']}"
        yield Problem("record-field", source.file, source.line("date"), detail)
    languages = source.data.get("languages")
    if not isinstance(languages, dict) or not all(isinstance(v, str) for v in languages.values()):
        yield Problem("record-field", source.file, source.line("languages"), "languages is a mapping of texts")
    if not _is_span(source.data.get("timeline", {"from": 0, "to": 0})):
        detail = "timeline is {from: year, to: year}: the years that the picture of the events shows"
        yield Problem("record-field", source.file, source.line("timeline"), detail)
    keywords = source.data.get("keywords")
    if keywords and not (isinstance(keywords, dict) and isinstance(keywords.get("terms"), list) and "scheme" in keywords):
        yield Problem("record-field", source.file, source.line("keywords"), "keywords has scheme and a list of terms")


def _changes(root: Path, source: Source) -> tuple[Change, ...]:
    """The list of changes; its first is the version of the record.

    :raises EditionError: ``changes-form``, ``changes-version``, or the file cannot be read.
    """
    path = root / _CHANGES
    if not path.is_file():
        return ()
    found = changes_module.parse(read_text(path, root), _CHANGES, STATUS)
    latest = found[0]
    for key in ("version", "date", "status"):
        value = source.data.get(key)
        if value != getattr(latest, key):
            detail = f"{key} is {getattr(latest, key)}, in the record {value}"
            raise EditionError(Problem("changes-version", _CHANGES, 0, detail))
    return found


def _is_span(value: Any) -> bool:
    """Whether ``value`` is two years in order; not a thousand years apart, which no page shows."""
    first, last = (value.get("from"), value.get("to")) if isinstance(value, dict) else (None, None)
    if type(first) is not int or type(last) is not int:
        return False
    return 0 <= first <= last <= min(9998, first + 999)


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("YYYY-MM-DD") and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _mapping(source: Source, name: str) -> dict[str, Any]:
    value = source.data.get(name)
    if not isinstance(value, dict):
        raise _wrong(source, name, "is a mapping")
    return value


def _text(root: Path, source: Source, key: str, data: Any) -> Text:
    here = f"texts.{key}"
    if not _ID.fullmatch(str(key)):
        raise _wrong(source, here, "is an id: small letters, digits and hyphens")
    if key in _TAKEN:
        raise _wrong(source, here, f"has the name of another output: none of {', '.join(_TAKEN)}")

    def get(name: str, default: Any = None, kind: type = object) -> Any:
        value = data.get(name, default) if isinstance(data, dict) else None
        if value is None:
            raise _wrong(source, f"{here}.{name}", "is missing")
        if not isinstance(value, kind):
            raise _wrong(source, f"{here}.{name}", f"is a {'list' if kind is list else 'mapping'}")
        return value

    parts = [
        _part(source, f"{here}.parts.{i}", str(get("folder")), item)
        for i, item in enumerate(get("parts", kind=list))
    ]
    _genre(source, f"{here}.genre", data.get("genre"))
    for name in ("witness", "pages", "ledger"):
        if data.get(name):
            inside(root, str(data[name]), origin=source.file, line=source.line(f"{here}.{name}"))
    found = witness_module.load(root, str(get("witness")), str(get("sha256")), str(get("pages", "")))
    return Text(
        key, str(get("title")), str(get("folder")), str(get("siglum")), found,
        {str(k): str(v) for k, v in get("glyphs", {}, dict).items()}, tuple(parts),
        bool(get("complete", False)), _ledger(root, str(get("ledger", ""))), data,
    )  # fmt: skip


def _genre(source: Source, path: str, genre: Any) -> None:
    """What kind of text it is: a code of a published scheme (``classCode`` of the TEI)."""
    fits = isinstance(genre, dict) and all(isinstance(genre.get(k), str) for k in ("scheme", "code", "name"))
    if genre is not None and not fits:
        raise _wrong(source, path, "has scheme, code and name, each a text: put it in quotes")


def _part(source: Source, path: str, folder: str, item: Any) -> Part:
    if not isinstance(item, dict) or not {"doc", "id", "type", "title"} <= set(item):
        raise _wrong(source, path, "has doc, id, type, title")
    place = str(item.get("place", "body"))
    if place not in PLACES:
        raise _wrong(source, f"{path}.place", f"is front, body or back, not {place!r}")
    if not _ID.fullmatch(str(item["id"])):
        raise _wrong(source, f"{path}.id", "is small letters, digits and hyphens")
    return Part(
        f"{folder}/{item['doc']}", str(item["id"]), str(item["type"]),
        place, str(item.get("n", "")), str(item["title"]),
    )  # fmt: skip


def _ledger(root: Path, name: str) -> dict[str, dict[str, str]]:
    """The page ledger: page → row (how often read, when, doubts left)."""
    if not name:
        return {}
    reader = csv.DictReader(io.StringIO(read_text(inside(root, name, origin="edition.yaml"), root)))
    if "page" not in (reader.fieldnames or ()):
        raise EditionError(Problem("record-field", name, 1, "the ledger has a column page"))
    return {row["page"]: dict(row) for row in reader}
