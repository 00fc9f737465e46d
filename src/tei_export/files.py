"""Reading the files of an edition: hostile until checked.

UTF-8 without control characters, YAML without tags, no path outside the folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tei_export.problems import EditionError, Problem

if TYPE_CHECKING:
    from pathlib import Path

#: What XML 1.0 §2.2 does not admit, and what no text needs (C1 controls, U+FFFD).
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML file: its data, its name for messages, and the lines of its top keys."""

    file: str
    data: dict[str, Any]
    lines: dict[str, int]

    def line(self, key: object) -> int:
        return self.lines.get(str(key), 0)


def inside(root: Path, name: str, *, origin: str) -> Path:
    """``name`` below ``root``, or :class:`EditionError` ``file-outside`` / ``file-missing``."""
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise EditionError(Problem("file-outside", origin, 0, name))
    if not path.exists():
        raise EditionError(Problem("file-missing", origin, 0, name))
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
    for key, _ in node.value if node else ():
        if key.value in lines:
            raise EditionError(Problem("yaml", file, key.start_mark.line + 1, f"{key.value} is given twice"))
        lines[key.value] = key.start_mark.line + 1
    return Source(file, data, lines)
