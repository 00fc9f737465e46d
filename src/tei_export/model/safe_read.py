"""Reading the files of an edition: hostile until checked.

UTF-8 without control characters, YAML without tags, no path outside the folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tei_export.model import opened
from tei_export.model.problems import EditionError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What XML 1.0 §2.2 does not admit, and what no text needs (C1 controls, U+FFFD).
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML file: its data, its name for messages, and the lines of its keys.

    A key inside others has a dotted path, an item of a list its number: ``texts.t.parts.1.id``.
    """

    file: str
    data: dict[str, Any]
    lines: dict[str, int]

    def line(self, path: object) -> int:
        """The line of ``path``, or of the nearest key that is there around it; 0: of none."""
        key = str(path)
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return self.lines.get(key, 0)


def inside(root: Path, name: str, *, origin: str, line: int = 0) -> Path:
    """``name`` below ``root``, or :class:`EditionError` ``file-outside`` / ``file-missing``."""
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise EditionError(Problem("file-outside", origin, line, name))
    if not path.exists():
        raise EditionError(Problem("file-missing", origin, line, name))
    return path


def text_problems(data: bytes, file: str) -> list[Problem]:
    """What forbids to read ``data`` as a text: ``file-encoding``, ``file-control``."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return [Problem("file-encoding", file, line, f"byte 0x{data[error.start]:02x}")]
    return [
        Problem("file-control", file, text.count("\n", 0, m.start()) + 1, f"U+{ord(m[0]):04X}")
        for m in CONTROL.finditer(text)
    ]


def read_text(path: Path, root: Path) -> str:
    """The text of ``path``; :raises EditionError: not UTF-8, or control characters."""
    data = path.read_bytes()
    opened.note(path, data)
    problems = text_problems(data, path.relative_to(root).as_posix())
    if problems:
        raise EditionError(*problems)
    return data.decode("utf-8")


def read_yaml(path: Path, root: Path) -> Source:
    """A YAML mapping; :raises EditionError: unreadable, or no mapping, or a key twice."""
    file = path.relative_to(root).as_posix()
    text = read_text(path, root)
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader) if node else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = str(getattr(error, "problem", None) or error)
        raise EditionError(Problem("yaml", file, mark.line + 1 if mark else 0, detail)) from None
    if not isinstance(data, dict) or (node is not None and not isinstance(node, yaml.MappingNode)):
        raise EditionError(Problem("yaml", file, 1, "the file is no mapping of keys"))
    lines: dict[str, int] = {}
    for key, line in _keys(node, "", set()):
        if key in lines:
            raise EditionError(Problem("yaml", file, line, f"{key} is given twice"))
        lines[key] = line
    return Source(file, data, lines)


def _keys(node: Any, prefix: str, done: set[int]) -> Iterator[tuple[str, int]]:
    """The paths of all keys below ``node`` with their lines; an alias is not followed twice."""
    if id(node) in done or not isinstance(node, yaml.CollectionNode):
        return
    done.add(id(node))
    for number, item in enumerate(node.value):
        key, value = item if isinstance(node, yaml.MappingNode) else (None, item)
        path = f"{prefix}{number if key is None else key.value}"
        yield path, (key or value).start_mark.line + 1
        yield from _keys(value, f"{path}.", done)
