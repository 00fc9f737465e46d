"""What can be seen in a source file before it is parsed.

The parser forgets line ends inside roles and drops second definitions of a note; here
they are still visible, with their exact line.
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


def scan(text: str, file: str, roles: Collection[str]) -> Iterator[Problem]:
    """Problems of roles and note labels in a part of a text.

    ``roles`` are the names that may be used.
    """
    defined: Counter[str] = Counter()
    referred: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("%"):
            continue
        yield from _roles(line, number, file, roles)
        definition = _DEFINITION.match(line)
        if definition:
            label = definition[1]
            defined[label] += 1
            if defined[label] == 2:
                yield Problem("note-twice", file, number, f"[^{label}]:")
            line = line[definition.end() :]
        referred += [(m[1], number) for m in _REFERENCE.finditer(line)]
    seen: Counter[str] = Counter()
    for label, number in referred:
        seen[label] += 1
        if label not in defined:
            yield Problem("note-undefined", file, number, f"[^{label}]")
        elif seen[label] == 2:
            yield Problem("note-twice", file, number, f"[^{label}]")
    for label in defined.keys() - seen.keys():
        number = next(
            i for i, line in enumerate(text.split("\n"), 1) if line.startswith(f"[^{label}]:")
        )
        yield Problem("note-unreferenced", file, number, f"[^{label}]:")


def _roles(line: str, number: int, file: str, roles: Collection[str]) -> Iterator[Problem]:
    """Roles of one line: known, and closed before it ends."""
    position = 0
    while match := _ROLE.search(line, position):
        name, fence = match.groups()
        end = line.find(fence, match.end() + 1)
        if name not in roles:
            yield Problem("role-unknown", file, number, f"{{{name}}}")
        if end < 0:
            yield Problem("role-line", file, number, line[match.start() :])
            return
        yield from _roles(line[match.end() : end], number, file, roles)
        position = end + len(fence)
