"""Tables of fields: the one definition of what a record may contain.

A :class:`Field` has a name, a type, and a description for editors. A table of fields provides the
check of a file (:func:`check`) and, in :mod:`tei_export.schema.record`, the commented template, the
documentation page and the JSON Schema.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from tei_export.model.problems import Problem
from tei_export.model.safe_yaml import Unquoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tei_export.model.safe_yaml import YamlFile


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A fault in the value at ``path``; an empty ``code`` means the file's default code."""

    path: str
    detail: str
    code: str = ""


class FieldType(Protocol):
    """The type of a field's value."""

    @property
    def words(self) -> str:
        """The allowed form, for messages (``date is …``) and the documentation."""

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        """Yield every fault in ``value``."""

    def schema(self) -> dict[str, Any]:
        """Return the type as JSON Schema (2020-12)."""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _no_text(value: Any) -> bool:
    return not isinstance(value, str) or isinstance(value, Unquoted)


@dataclass(frozen=True, slots=True)
class TextField:
    """A text. ``pattern`` and ``test`` apply only if it is not empty."""

    words: str = "a text"
    pattern: str = ""
    test: Callable[[str], bool] | None = None
    blank: bool = True
    code: str = ""
    among: tuple[str, ...] = ()
    """values among which messages suggest the nearest"""

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        if _no_text(value):
            cure = "" if isinstance(value, (list, dict)) else ": put it between quotes"
            yield FieldProblem(path, f"must be a text{cure}")
        elif not value.strip():
            if not self.blank:
                yield FieldProblem(path, f"is empty: write {self.words}")
        elif (self.pattern and not re.fullmatch(self.pattern, value)) or (
            self.test and not self.test(value)
        ):
            said = value if len(value) <= 80 else _shown(value)
            yield FieldProblem(
                path, f"must be {self.words}, not {said}{nearest(value, self.among)}", self.code
            )

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string"}
        if self.pattern:
            schema["pattern"] = (
                f"^({self.pattern})$" if not self.blank else f"^({self.pattern}|\\s*)$"
            )
        elif not self.blank:
            schema["pattern"] = r"\S"
        return schema


@dataclass(frozen=True, slots=True)
class LabelField:
    """A short text; a plain number needs no quotes."""

    pattern: str = ""
    words: str = "a text or a number"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        if type(value) is not int:
            yield from TextField(self.words, self.pattern).check(path, value)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [TextField(self.words, self.pattern).schema(), {"type": "integer"}]}


@dataclass(frozen=True, slots=True)
class FlagField:
    """True or false."""

    words: str = "true or false"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        if not isinstance(value, bool):
            yield FieldProblem(path, f"must be {self.words}, not {_shown(value)}")

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of the keys of ``values``, which maps each to its meaning."""

    values: Mapping[str, str]
    code: str = ""

    @property
    def words(self) -> str:
        return f"one of {', '.join(self.values)}"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        if not isinstance(value, str) or value not in self.values:
            near = nearest(value, self.values) if isinstance(value, str) else ""
            yield FieldProblem(path, f"must be {self.words}, not {_shown(value)}{near}", self.code)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number from ``low`` to ``high``."""

    low: float
    high: float
    whole: bool = True

    @property
    def words(self) -> str:
        low, high = (f"{n:.15g}" for n in (self.low, self.high))
        return f"a {'whole ' if self.whole else ''}number from {low} to {high}"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        fits = type(value) is int or (
            not self.whole and type(value) is float and math.isfinite(value)
        )
        if not fits or not self.low <= value <= self.high:
            yield FieldProblem(path, f"must be {self.words}, not {_shown(value)}")

    def schema(self) -> dict[str, Any]:
        return {
            "type": "integer" if self.whole else "number",
            "minimum": self.low,
            "maximum": self.high,
        }


@dataclass(frozen=True, slots=True)
class ListField:
    """A list of ``least`` to ``most`` items."""

    of: FieldType
    name: str = "texts"
    least: int = 0
    most: int = 0

    @property
    def words(self) -> str:
        return f"a list of {self.name}"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        if not isinstance(value, list):
            yield FieldProblem(path, f"must be {self.words}")
            return
        if len(value) < self.least or (self.most and len(value) > self.most):
            yield FieldProblem(path, f"must be {self.words}, not of {len(value)}")
        for number, item in enumerate(value):
            yield from self.of.check(f"{path}.{number}", item)

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array", "items": self.of.schema()}
        if self.least:
            schema["minItems"] = self.least
        if self.most:
            schema["maxItems"] = self.most
        return schema


@dataclass(frozen=True, slots=True)
class MappingField:
    """A mapping whose keys the edition chooses. ``keys``: their form and its description."""

    of: FieldType
    name: str = "texts"
    keys: str = r".+"
    key_words: str = ""
    key_test: Callable[[str], bool] | None = None
    least: int = 0

    @property
    def words(self) -> str:
        return f"a mapping of {self.name}"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        if not isinstance(value, dict):
            yield FieldProblem(path, f"must be {self.words}")
            return
        if len(value) < self.least:
            yield FieldProblem(path, f"must be {self.words}, but is empty")
        for key, item in value.items():
            here = f"{path}.{key}" if path else str(key)
            if not re.fullmatch(self.keys, key) or (self.key_test and not self.key_test(key)):
                yield FieldProblem(here, f"is not a valid key: write {self.key_words}")
            yield from self.of.check(here, item)

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "object", "additionalProperties": self.of.schema()}
        if self.keys != ".+":
            schema["propertyNames"] = {"pattern": f"^({self.keys})$"}
        if self.least:
            schema["minProperties"] = self.least
        return schema


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table.

    ``purpose`` describes it; ``example`` is YAML; ``default`` states what applies if it is missing.
    ``unless`` names a field that replaces it: if that one is present, this one is optional, and
    templates omit it.
    """

    name: str
    type: FieldType
    purpose: str
    required: bool = False
    example: str = ""
    default: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class GroupField:
    """A mapping with the fields of a table."""

    fields: tuple[Field, ...]
    test: Callable[[Mapping[str, Any]], str] | None = None
    """checks fields against each other after each one is valid"""

    @property
    def words(self) -> str:
        return f"a mapping of {', '.join(f.name for f in self.fields)}"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        if not isinstance(value, dict):
            yield FieldProblem(
                path,
                f"must be {self.words}" if path else "the file must consist of keys and values",
            )
            return
        found = list(self._fields(path, value))
        yield from found
        if self.test and not found and (wrong := self.test(value)):
            yield FieldProblem(path, wrong)

    def _fields(self, path: str, value: Mapping[str, Any]) -> Iterator[FieldProblem]:
        prefix = f"{path}." if path else ""
        known = {f.name: f for f in self.fields}
        for name in value:
            if name not in known:
                yield unknown(f"{prefix}{name}", name, known)
        for field in self.fields:
            item = value.get(field.name)
            if field.name in value and item is not None:
                yield from field.type.check(f"{prefix}{field.name}", item)
            elif not field.required or (field.unless and value.get(field.unless)):
                continue
            elif isinstance(field.type, GroupField):
                yield from field.type.check(f"{prefix}{field.name}", {})
            else:
                yield FieldProblem(f"{prefix}{field.name}", f"is missing: write {field.type.words}")

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {f.name: {**_nullable(f), "description": f.purpose} for f in self.fields},
            "additionalProperties": False,
        }
        if needed := [f.name for f in self.fields if f.required and not f.unless]:
            schema["required"] = needed
        return schema


def _nullable(field: Field) -> dict[str, Any]:
    """Return the schema of an optional field, which may be present without a value."""
    schema = field.type.schema()
    return schema if field.required and not field.unless else {"anyOf": [schema, {"type": "null"}]}


def unknown(path: str, name: str, known: Mapping[str, Any] | Sequence[str]) -> FieldProblem:
    """Return the complaint about an unknown name, with the nearest known one."""
    near = nearest(name, known)
    return FieldProblem(
        path, near.strip(" :") or f"the names are {', '.join(known)}", "field-unknown"
    )


def nearest(name: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    """Return ``: did you mean …?`` with the nearest name, or an empty string."""
    matches = get_close_matches(name, list(known), 1, 0.6)
    return f": did you mean {matches[0]}?" if matches else ""


def check(source: YamlFile, of: FieldType, code: str) -> list[Problem]:
    """Check the file ``source`` against the type ``of``; return every problem with its line.

    :param code: the problem code for complaints without one
    """
    return problems(source, of.check("", source.data), code)


def problems(source: YamlFile, complaints: Iterable[FieldProblem], code: str) -> list[Problem]:
    """Convert complaints about ``source`` into problems; ``code`` applies to those without one."""
    found = []
    for complaint in complaints:
        between = ":" if complaint.code == "field-unknown" else ""
        detail = f"{complaint.path}{between} {complaint.detail}".strip()
        found.append(source.problem(complaint.code or code, complaint.path, detail))
    return found


# ------------------------------------------------------------------ forms that several fields have


def is_day(text: str) -> bool:
    """Return whether ``text`` is a day such as ``2000-12-31``, in the years 1 to 9998."""
    try:
        return (
            bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII))
            and date.fromisoformat(text).year < 9999
        )
    except ValueError:
        return False


def is_date(text: str) -> bool:
    """Return whether ``text`` is a real date: ``1917``, ``1917-11`` or ``1917-11-07``."""
    match = re.fullmatch(r"(\d{4})(-\d\d)?(-\d\d)?", text, re.ASCII)
    try:
        return match is not None and is_day(f"{match[1]}{match[2] or '-01'}{match[3] or '-01'}")
    except ValueError:
        return False


def is_range(text: str) -> bool:
    """Return whether ``text`` is a date, or two in order with ``/`` between them.

    The second may be open (``1903/..``).
    """
    first, slash, last = text.partition("/")
    if not is_date(first) or not slash:
        return is_date(text)
    return last in ("", "..") or (is_date(last) and first[: len(last)] <= last)


def is_span(text: str) -> bool:
    """Return whether ``text`` is a valid span: two years with a dash between them must be in order.

    A date in digits must exist; other words pass.
    """
    years = re.fullmatch(r"(\d{4})[–-](\d{4})", text, re.ASCII)
    if years:
        return years[1] <= years[2]
    return is_date(text) or not re.fullmatch(r"\d{4}-\d\d?(-\d\d?)?", text, re.ASCII)


def is_address(text: str, schemes: Sequence[str] = ("http", "https")) -> bool:
    """Return whether ``text`` is an absolute address in one of ``schemes``.

    It must not contain characters that could end it in markup or in a header.
    """
    if re.search(r"[\s<>\"'`{}|\\^]", text) or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises where the port is no number
    except ValueError:
        return False
    if parts.scheme not in schemes:
        return False
    if parts.scheme == "mailto":
        return bool(
            re.fullmatch(
                r"[^@/?#]+@[^@/?#]+\.[^@/?#]+(\?.*)?",
                parts.path + (f"?{parts.query}" if parts.query else ""),
            )
        )
    return bool(parts.hostname) and "@" not in parts.netloc


ID = TextField(
    "small letters, digits and hyphens, a letter first, at most 100",
    r"[a-z][a-z0-9-]{0,99}",
    blank=False,
)
DAY = TextField("a day like 2000-12-31", r"\d{4}-\d\d-\d\d", is_day, blank=False)
DATE = TextField("a date like 1917, 1917-11 or 1917-11-07", test=is_date)
RANGE = TextField(
    "a date like 1917, 1917-11 or 1917-11-07, or two in order, 1917/1922-12-30 (the last may be ..)",
    test=is_range,
)
ADDRESS = TextField(
    "an address like https://…", r"https?://[^\s<>\"'`{}|\\^]+", is_address, code="address-form"
)
CONTACT = TextField(
    "an address like https://… or mailto:…",
    r"(https?://|mailto:)[^\s<>\"'`{}|\\^]+",
    lambda text: is_address(text, ("http", "https", "mailto")),
    code="address-form",
)
LANGUAGE = TextField(
    "a language tag (BCP 47) like en, ru or ru-Latn",
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*(-x(-[a-z0-9]{1,8})+)?",
    blank=False,
)
SPAN = TextField("years in order like 1879–1940, or words", test=is_span)
NAMED = TextField("a text", blank=False)
