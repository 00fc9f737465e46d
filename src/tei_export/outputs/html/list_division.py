"""Divide a list that is too large for one page: ``pages``, ``pages-2`` …

A link to a row on a later page still works: ``continued.js`` looks for it page by page.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

#: The maximum size of the rows of a page, in bytes; the menu takes the rest of 300 kB.
LARGE = 200_000


class Rows(NamedTuple):
    """Rows of a group on one page: ``begin`` up to ``end`` (exclusive)."""

    group: int
    begin: int
    end: int


def name_of(name: str, number: int) -> str:
    """Return the name of a page of a list or chart."""
    return f"{name}-{number}" if number > 1 else name


def divide(sizes: Sequence[Sequence[int]], head: int, most: int = LARGE) -> list[list[Rows]]:
    """Return the rows on each page; a group is divided only if it exceeds a page.

    :param sizes: of every group, the approximate size of each row in bytes
    :param head: bytes of the heading of a group
    """
    pages: list[list[Rows]] = []
    room = 0
    for group, rows in enumerate(sizes):
        if not pages or head + sum(rows) > room:
            pages.append([])
            room = most
        begin, taken = 0, head
        for at, size in enumerate(rows):
            if taken + size > room and at > begin:
                pages[-1].append(Rows(group, begin, at))
                pages.append([])
                begin, taken, room = at, head, most
            taken += size
        pages[-1].append(Rows(group, begin, len(rows)))
        room -= taken
    return pages


def page_names(app: Sphinx, page: str, count: int) -> list[str]:
    """Return the names of the pages of a list, and remove those that an earlier build needed."""
    names = [name_of(page, number) for number in range(1, count + 1)]
    for path in Path(app.outdir).glob(f"{page}-*.html"):
        ours = re.fullmatch(rf"{re.escape(page)}-\d+", path.stem)
        if ours and path.stem not in names and path.stem not in app.env.found_docs:
            path.unlink()
    return names
