"""Make changes in a source, one at a time, for the mutation tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    #: A file of the edition → what it becomes, one change each.
    Mutate = Callable[[str], Iterator[str]]

ALIKE = str.maketrans("aeocpxyATOM", "аеосрхуАТОМ")


def at(text: str, pattern: str, new: Callable[[re.Match[str]], str]) -> Iterator[str]:
    for match in re.finditer(pattern, text):
        changed = text[: match.start()] + new(match) + text[match.end() :]
        if changed != text:
            yield changed


def homoglyphs(text: str) -> Iterator[str]:
    """Yield changes of a Latin letter in a word of T or E into the Cyrillic letter of the same shape."""
    for match in re.finditer(r"(?<![\w{<])[A-Za-z]{3,}(?![\w}>`])", text):
        word = match[0]
        at = next((i for i, c in enumerate(word) if c.translate(ALIKE) != c), None)
        if at is not None:
            changed = word[:at] + word[at].translate(ALIKE) + word[at + 1 :]
            yield text[: match.start()] + changed + text[match.end() :]
