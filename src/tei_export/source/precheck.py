"""Check a source file before it is parsed.

The parser drops line ends inside roles and repeated definitions of a note. Here they are still
present, with their exact line.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from tei_export.model.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_ROLE = re.compile(r"(?<!\\)\{([\w:+-]+)\}(`+)")
_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:")
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_LABEL = re.compile(r"[1-9][0-9]{0,3}|ed-(?:[1-9][0-9]{0,3}|[a-z][a-z0-9-]{0,40})")
#: The name of a role without backticks.
_BROKEN = re.compile(r"(?<![\\`:~])\{[a-z][\w:+-]*\}(?!`)")


def scan(text: str, file: str, roles: Collection[str]) -> Iterator[Problem]:
    """Report problems of roles and note labels in a part of a text.

    :param roles: the allowed role names
    """
    defined: Counter[str] = Counter()
    first: dict[str, int] = {}
    referred: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("%"):
            continue
        yield from _roles(line, number, file, roles)
        definition = _DEFINITION.match(line)
        if definition:
            label = definition[1]
            defined[label] += 1
            first.setdefault(label, number)
            if defined[label] == 2:
                yield Problem("note-twice", file, number, f"[^{label}]:")
            line = line[definition.end() :]
        referred += [(m[1], number) for m in _REFERENCE.finditer(line)]
    wrong = {label: number for label, number in [*reversed(referred), *first.items()] if not _LABEL.fullmatch(label)}
    for label, number in wrong.items():
        yield Problem("note-label", file, number, f"[^{label}]")
    seen: Counter[str] = Counter()
    for label, number in referred:
        seen[label] += 1
        if label not in defined:
            yield Problem("note-undefined", file, number, f"[^{label}]")
        elif seen[label] == 2:
            yield Problem("note-twice", file, number, f"[^{label}]")
    for label in sorted(defined.keys() - seen.keys(), key=first.__getitem__):
        yield Problem("note-unreferenced", file, first[label], f"[^{label}]:")


def _roles(line: str, number: int, file: str, roles: Collection[str]) -> Iterator[Problem]:
    """Check that the roles of one line are known, complete, and closed on it.

    Each character is read once; the content of a role goes on the stack.
    """
    stack = [(0, len(line))]
    while stack:
        position, end = stack.pop()
        plain = _reading if position else str
        while match := _ROLE.search(line, position, end):
            yield from _broken(plain(line[position : match.start()]), number, file)
            name, fence = match.groups()
            if name not in roles:
                yield Problem("role-unknown", file, number, f"{{{name}}}")
            close = line.find(fence, match.end() + 1, end)
            if close < 0:
                yield Problem("role-line", file, number, line[match.start() : end])
                return
            stack.append((match.end(), close))
            position = close + len(fence)
        yield from _broken(plain(line[position:end]), number, file)


def _reading(text: str) -> str:
    """Return a role's text before ``<``; its source reading, which follows, is not markup."""
    return text.partition("<")[0]


def _broken(text: str, number: int, file: str) -> Iterator[Problem]:
    """Report a role without backticks, which the parser treats as text."""
    if match := _BROKEN.search(text):
        yield Problem("role-broken", file, number, text[match.start() :][:30])
