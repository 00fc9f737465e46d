"""Read YAML as plain data, bounded, with the line of every key.

The reader works on parser events, so that neither depth nor aliases can exhaust the machine. Values
have the types of YAML 1.1, with three exceptions. Each is a problem with its line, never a guess: a
date without quotes, a number in a non-canonical form (``010``, ``1_000``), a tag. Keys are always
text: ``no: Norwegian`` has the key ``no``.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tei_export.model.problems import EditionError, Problem
from tei_export.model.safe_read import CONTROL, below, printable_name, read_text

if TYPE_CHECKING:
    from pathlib import Path

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Maximum depth of lists and mappings. A record has five levels.
DEEPEST = 30
_TOO_DEEP = f"more than {DEEPEST} levels of lists and mappings"
#: Maximum number of values that aliases (``*name``) may add to a file.
REPEATED = 10_000
_TAG = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML file: its data, its name for messages, and the places (line, column) of its keys.

    A nested key has a dotted path; list items use their number: ``texts.t.parts.1.id``.
    """

    file: str
    data: dict[str, Any]
    places: dict[str, tuple[int, int]]

    def place(self, path: object) -> tuple[int, int]:
        """Return line and column of ``path``, or of the nearest enclosing key that exists; (0, 0)
        without any."""
        key = str(path)
        while key and key not in self.places:
            key = key.rpartition(".")[0]
        return self.places.get(key, (0, 0))

    def line(self, path: object) -> int:
        """Return the line of :meth:`place`."""
        return self.place(path)[0]

    def problem(self, code: str, path: object, detail: str) -> Problem:
        """Return a problem at the place of ``path``."""
        line, column = self.place(path)
        return Problem(code, self.file, line, detail, column)


class Unquoted(str):
    """A date without quotes: YAML reads it as another type, so it is not a text."""

    __slots__ = ()


def read_yaml(path: Path, root: Path) -> YamlFile:
    """Read a YAML file that contains a mapping.

    :raises EditionError: ``yaml`` (syntax, not a mapping, duplicate key), ``yaml-value``,
        ``yaml-bounds``, ``file-control``, or the file cannot be read; reports all duplicate keys
        and invalid values at once
    """
    return parse_yaml(read_text(path, root), printable_name(below(path, root)))


def parse_yaml(text: str, file: str) -> YamlFile:
    """Parse YAML text; like :func:`read_yaml`."""
    reader = _YamlReader(_Loader(text), file)
    try:
        data = reader.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        line, column = _place(mark) if mark else (0, 0)
        code = "yaml"
        if "nesting" in detail:  # newer versions of libyaml have a bound of their own
            code, detail = "yaml-bounds", _TOO_DEEP
        raise EditionError(Problem(code, file, line, detail, column)) from None
    if reader.problems:
        raise EditionError(*reader.problems)
    if not isinstance(data, dict):
        raise EditionError(Problem("yaml", file, 1, "the file must consist of keys and values"))
    return YamlFile(file, data, reader.places)


def _place(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


@dataclass(slots=True)
class _YamlReader:
    loader: Any
    file: str
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    """anchor → value and the number of values in it"""
    repeated: int = 0

    def document(self) -> Any:
        self.loader.get_event()  # stream start
        if self.loader.check_event(yaml.StreamEndEvent):
            return {}
        self.loader.get_event()  # document start
        data, _ = self._value(self.loader.get_event(), "", 0)
        self.loader.get_event()
        if not self.loader.check_event(yaml.StreamEndEvent):
            event = self.loader.peek_event()
            self._wrong("yaml", event, "remove the line ---: a file holds one document")
        return data

    def _wrong(self, code: str, event: Any, detail: str) -> None:
        line, column = _place(event.start_mark)
        self.problems.append(Problem(code, self.file, line, detail, column))

    def _stop(self, event: Any, detail: str) -> EditionError:
        line, column = _place(event.start_mark)
        return EditionError(Problem("yaml-bounds", self.file, line, detail, column))

    def _value(self, event: Any, path: str, depth: int) -> tuple[Any, int]:
        """Return the value that begins at ``event``, and the number of values in it."""
        if depth > DEEPEST:
            raise self._stop(event, _TOO_DEEP)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if isinstance(event, yaml.ScalarEvent):
            value, size = self._scalar(event), 1
        else:
            self._no_tag(event)
            of = self._list if isinstance(event, yaml.SequenceStartEvent) else self._mapping
            value, size = of(path, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, size)
        return value, size

    def _alias(self, event: Any) -> tuple[Any, int]:
        if event.anchor not in self.anchors:
            self._wrong(
                "yaml",
                event,
                f"*{event.anchor} repeats a value that no &{event.anchor} names before it",
            )
            return None, 1
        value, size = self.anchors[event.anchor]
        self.repeated += size
        if self.repeated > REPEATED:
            raise self._stop(event, f"aliases repeat more than {REPEATED} values")
        return copy.deepcopy(value), size

    def _list(self, path: str, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        size = 1
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            here = f"{path}{len(items)}"
            self.places[here] = _place(event.start_mark)
            value, count = self._value(event, f"{here}.", depth + 1)
            items.append(value)
            size += count
        return items, size

    def _mapping(self, path: str, depth: int) -> tuple[dict[str, Any], int]:
        mapping: dict[str, Any] = {}
        size = 1
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            key = self._key(event, path, depth)
            here = f"{path}{key}"
            value, count = self._value(self.loader.get_event(), f"{here}.", depth + 1)
            size += count
            if key is None:
                continue
            if key in mapping:
                self._wrong("yaml", event, f"{here} is given twice")
            else:
                mapping[key] = value
                self.places[here] = _place(event.start_mark)
        return mapping, size

    def _key(self, event: Any, path: str, depth: int) -> str | None:
        """Return the text of a key; None, after reporting, if it is not text or is ``<<``."""
        if not isinstance(event, yaml.ScalarEvent):
            self._wrong("yaml", event, f"a key must be a text{f': in {path[:-1]}' if path else ''}")
            self._value(event, path, depth + 1)
            return None
        self._text(event)
        if event.value == "<<" and not event.style:
            self._wrong("yaml", event, "write the fields out: << is not supported")
            return None
        return str(event.value)

    def _no_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in ("!", f"{_TAG}seq", f"{_TAG}map"):
            self._wrong("yaml", event, f"remove the tag {event.tag}: tags are not supported")

    def _text(self, event: Any) -> str:
        for control in CONTROL.finditer(event.value):
            self._wrong("file-control", event, f"U+{ord(control[0]):04X}, written as an escape")
        return str(event.value)

    def _scalar(self, event: Any) -> Any:
        text = self._text(event)
        if event.tag in (None, "!"):
            tag = self.loader.resolve(yaml.ScalarNode, text, event.implicit)
        else:
            tag = event.tag
        kind = tag.removeprefix(_TAG)
        if kind not in ("str", "null", "bool", "int", "float", "timestamp", "value", "merge"):
            self._wrong("yaml", event, f"remove the tag {tag}: tags are not supported")
            return None
        value = _plain(kind, text)
        if value is _UNREADABLE:
            self._wrong("yaml-value", event, f"{_short(text)} is not a plain {_NAMES[kind]}")
            return None
        return value


_UNREADABLE = object()
_NAMES = {"bool": "true or false", "int": "number", "float": "number"}


def _plain(kind: str, text: str) -> Any:
    """Convert ``text`` to the type that YAML gives it."""
    if kind in ("str", "value", "merge"):
        return text
    if kind == "null":
        return None
    if kind == "timestamp":
        return Unquoted(text)
    if kind == "bool":
        return _FLAGS.get(text.lower(), _UNREADABLE)
    if kind == "int":
        return int(text) if _INT.fullmatch(text) else _UNREADABLE
    return _float(text)


def _float(text: str) -> Any:
    try:
        return (
            float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
            if len(text) < 40
            else _UNREADABLE
        )
    except ValueError:
        return _UNREADABLE


def _short(text: str) -> str:
    return repr(text) if len(text) <= 40 else f"{text[:30]!r}… ({len(text)} characters)"
