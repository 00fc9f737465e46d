"""Check a source file before it is parsed.

The parser drops line ends inside roles and repeated definitions of a note. Here they are still
present, with their exact line.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from tei_export.model.problems import Problem
from tei_export.model.vocabulary import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

_ROLE = re.compile(r"(?<!\\)\{([\w:+-]+)\}(`+)")
_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:")
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
#: The printed sign of an author's note (a number, letters, signs), with a suffix after a slash if
#: two notes have the same sign; or the label of an editors' note.
_LABEL = re.compile(
    r"(?:[1-9][0-9]{0,3}[a-z]?|[A-Za-z]{1,3}|[*†‡§‖¶#+°]{1,5})(?:/[A-Za-z0-9]{1,16})?"
    r"|(?:margin|left|right)-[A-Za-z0-9]{1,16}"
    r"|ed-(?:[1-9][0-9]{0,3}|[a-z][a-z0-9-]{0,40})"
)
#: The name of a role without backticks.
_BROKEN = re.compile(r"(?<![\\`:~])\{[a-z][\w:+-]*\}(?!`)")


def source_problems(text: str, file: str, roles: Collection[str]) -> Iterator[Problem]:
    """Report problems of roles and note labels in a part of a text.

    :param roles: the allowed role names
    """
    defined: Counter[str] = Counter()
    first: dict[str, int] = {}
    referred: list[tuple[str, int, int]] = []
    literal = _literal()
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("%"):
            continue
        if "{" in line:
            yield from _roles(line, number, file, roles, literal)
        definition = _DEFINITION.match(line)
        if definition:
            label = definition[1]
            defined[label] += 1
            first.setdefault(label, number)
            if defined[label] == 2:
                yield Problem("note-twice", file, number, f"[^{label}]:", 1)
        start = definition.end() if definition else 0
        referred += [
            (m[1], number, m.start() + 1)
            for m in _REFERENCE.finditer(line, start)
            if not _defines(line, m)
        ]
    yield from _labels(file, first, referred)


def _defines(line: str, match: re.Match[str]) -> bool:
    """Return whether a label begins a note: only at the start of a line, with a colon after it."""
    return line[match.end() : match.end() + 1] == ":" and not line[: match.start()].strip(" \t>")


def _labels(
    file: str, first: Mapping[str, int], referred: Sequence[tuple[str, int, int]]
) -> Iterator[Problem]:
    """Check the labels of notes: ``first`` are the lines of the notes, ``referred`` the places of
    the references."""
    places = {label: (number, column) for label, number, column in reversed(referred)}
    places |= {label: (number, 1) for label, number in first.items()}
    for label, (number, column) in places.items():
        if not _LABEL.fullmatch(label):
            yield Problem("note-label", file, number, f"[^{label}]", column)
    seen: Counter[str] = Counter()
    for label, number, column in referred:
        seen[label] += 1
        if label not in first:
            yield Problem("note-undefined", file, number, f"[^{label}]", column)
        elif seen[label] == 2:
            yield Problem("note-twice", file, number, f"[^{label}]", column)
    for label in sorted(first.keys() - seen.keys(), key=first.__getitem__):
        yield Problem("note-unreferenced", file, first[label], f"[^{label}]:", 1)


def _roles(
    line: str, number: int, file: str, roles: Collection[str], literal: Collection[str]
) -> Iterator[Problem]:
    """Check that the roles of one line are known, complete, and closed on it.

    Each character is read once; the content of a role goes on the stack, unless it is ``literal``.
    """
    stack = [(0, len(line))]
    while stack:
        position, end = stack.pop()
        plain = _reading if position else str
        while match := _ROLE.search(line, position, end):
            yield from _broken(plain(line[position : match.start()]), number, position, file)
            name, fence = match.groups()
            if name not in roles:
                yield Problem("role-unknown", file, number, f"{{{name}}}", match.start() + 1)
            close = line.find(fence, match.end() + 1, end)
            if close < 0:
                yield Problem(
                    "role-line", file, number, line[match.start() : end], match.start() + 1
                )
                return
            if name.rpartition(":")[2] not in literal:
                stack.append((match.end(), close))
            position = close + len(fence)
        yield from _broken(plain(line[position:end]), number, position, file)


def _literal() -> Collection[str]:
    """Return the roles whose words are no markup."""
    return {row.name for row in BY_NAME.values() if row.notation}


def _reading(text: str) -> str:
    """Return a role's text before ``<``; its source reading, which follows, is not markup."""
    return text.partition("<")[0]


def _broken(text: str, number: int, start: int, file: str) -> Iterator[Problem]:
    """Report a role without backticks, which the parser would take for text. ``text`` begins at ``start``."""
    if "{" in text and (match := _BROKEN.search(text)):
        yield Problem(
            "role-broken", file, number, text[match.start() :][:30], start + match.start() + 1
        )
