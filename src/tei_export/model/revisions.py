"""The changes of an edition, version by version: one list for all outputs.

The file ``changes.md`` beside the record is also a page of the site. It contains a title, optional
paragraphs, then for every version, the newest first, ``## VERSION (YYYY-MM-DD, STATUS)`` and a list
of items beginning with ``-``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.model.fields import is_day
from tei_export.model.problems import EditionError, Problem
from tei_export.model.record_fields import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD = re.compile(
    rf"## (?P<version>{VERSION}) \((?P<date>\d{{4}}-\d\d-\d\d), (?P<status>[a-z]+)\)"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One version and its changes."""

    version: str
    date: str
    status: str
    items: tuple[str, ...]


def parse(text: str, file: str, status: Sequence[str]) -> tuple[Change, ...]:
    """Parse the list of changes, the newest first.

    :param text: the content of the file
    :param file: its name for problems
    :param status: the allowed words for the edition's status
    :raises EditionError: ``changes-form``: a line that cannot be parsed
    """
    reader = _ChangelogReader(file, status)
    for number, line in enumerate(text.split("\n"), 1):
        reader.line(number, line.rstrip())
    return reader.end()


class _ChangelogReader:
    def __init__(self, file: str, status: Sequence[str]) -> None:
        self.file = file
        self.status = status
        self.heads: list[tuple[int, re.Match[str]]] = []
        self.items: list[list[str]] = []

    def line(self, number: int, line: str) -> None:
        if line.startswith("##"):
            self._head(number, line)
        elif not self.heads or not line:
            return  # text before the first version is for readers only
        elif line.startswith("- ") and line[2:].strip():
            self.items[-1].append(line[2:].strip())
        elif line.startswith("  ") and self.items[-1]:
            self.items[-1][-1] += f" {line.strip()}"
        else:
            raise self._wrong(number, line)

    def _head(self, number: int, line: str) -> None:
        match = _HEAD.fullmatch(line)
        if match is None or match["status"] not in self.status or not is_day(match["date"]):
            raise self._wrong(number, line)
        if self.heads:
            self._closed()
            last = self.heads[-1][1]
            if match["date"] > last["date"] or match["version"] in {
                h["version"] for _, h in self.heads
            }:
                raise self._wrong(number, f"{line}: after {last['version']} of {last['date']}")
        self.heads.append((number, match))
        self.items.append([])

    def _closed(self) -> None:
        if not self.items[-1]:
            number, head = self.heads[-1]
            raise self._wrong(number, f"{head['version']} lists no change")

    def _wrong(self, number: int, detail: str) -> EditionError:
        return EditionError(Problem("changes-form", self.file, number, detail))

    def end(self) -> tuple[Change, ...]:
        if not self.heads:
            raise self._wrong(0, "the file lists no version")
        self._closed()
        return tuple(
            Change(head["version"], head["date"], head["status"], tuple(items))
            for (_, head), items in zip(self.heads, self.items, strict=True)
        )
