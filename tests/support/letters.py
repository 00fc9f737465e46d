"""Find the letters of the witness in a source, for the mutation tests, with a separate reader of the markup.

These are letters of running text, of names and phrases, and of source readings. Excluded are readings of T where
O differs, supplied words, keys, page and note numbers, and the editors' notes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLE = re.compile(r"\{(\w+)\}(`+)")
_NOTE = re.compile(r"\[\^[^\]]+\]:?")
_KEY = re.compile(r" <[^<>]*>$")
_SOURCE = re.compile(r" ?<(.*)>(?:\s*\?+)?(?:\s+#\w+)?(?:\s+\(.*\))?\s*$")
_SIGNS = re.compile(r"\s+\?+(?:\s+#\w+)?(?:\s+\(.*\))?\s*$")
_MENTIONS = {"person", "place", "org", "event", "work"}
_PHRASES = {"cited", "authorsic", "insertion", "ru", "ruold", "number"}


def of_file(text: str) -> dict[int, list[int]]:
    """Return line number → offsets in that line of the letters that the witness must have."""
    found: dict[int, list[int]] = {}
    editors = False
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.startswith(" "):
            editors = line.startswith("[^ed-")
        if editors or line.startswith(("```", "===", "%")):
            continue
        offsets = list(_letters(line, 0))
        if offsets:
            found[number] = offsets
    return found


def _letters(text: str, start: int) -> Iterator[int]:
    """Return the offsets of letters in ``text``, which begins at ``start`` of its line."""
    at = 0
    while at < len(text):
        role, note = _ROLE.match(text, at), _NOTE.match(text, at)
        if role:
            begin = role.end()
            end = text.index(role[2], begin + 1)
            yield from _inside(role[1], text[begin:end], start + begin)
            at = end + len(role[2])
        elif note:
            at = note.end()
        else:
            if text[at].isalpha():
                yield start + at
            at += 1


def _inside(role: str, text: str, start: int) -> Iterator[int]:
    if role in {"ocr", "sic"}:
        source = _SOURCE.search(_hidden(text))
        if source:
            yield from (start + i for i in range(*source.span(1)) if text[i].isalpha())
    elif role in _MENTIONS:
        yield from _letters(_KEY.sub("", text), start)
    elif role == "unclear":
        yield from _letters(_SIGNS.sub("", text), start)
    elif role in _PHRASES:
        yield from _letters(text, start)


def _hidden(text: str) -> str:
    """Return ``text`` with inner roles blanked, because their source readings belong to them."""
    result, at = text, 0
    while role := _ROLE.search(result, at):
        end = result.index(role[2], role.end() + 1) + len(role[2])
        result = result[: role.start()] + "\0" * (end - role.start()) + result[end:]
        at = end
    return result
