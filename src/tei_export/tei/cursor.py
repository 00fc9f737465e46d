"""Write TEI serialised, as libxml2 would serialise it.

A text has tens of thousands of elements. To make a tree of them and serialise it takes twice as long (measured).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPECIAL = re.compile('[&<>"\t\n\r]')
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTES = _IN_TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


class Cursor:
    """Writes at the end of an open element."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._opened: list[str] = []

    @property
    def xml(self) -> str:
        """What has been written."""
        return "".join(self._written)

    @property
    def local(self) -> str:
        """The local name of the open element."""
        return self._opened[-1]

    def within(self, local: str) -> bool:
        """Return whether an element of that name is open."""
        return local in self._opened

    def text(self, text: str) -> None:
        """Append text to the open element."""
        if text:
            self._written.append(escaped(text))

    def put(self, xml: str) -> None:
        """Append what another cursor has written."""
        self._written.append(xml)

    def empty(self, local: str, **attrs: object) -> Tag:
        """Append an empty element; ``xml_id=`` sets ``xml:id``, ``from_=`` sets ``from``."""
        self._written.append(f"<{local}{_attributes(attrs)}/>")
        return Tag(local, self._written, self._opened)

    def open(self, local: str, **attrs: object) -> Tag:
        """Open an element: whatever the ``with`` block writes becomes its content."""
        self._written.append(f"<{local}{_attributes(attrs)}>")
        return Tag(local, self._written, self._opened)


class Tag:
    """A tag that was written; an element that is open in a ``with`` block."""

    __slots__ = ("_at", "_opened", "_written", "local")

    def __init__(self, local: str, written: list[str], opened: list[str]) -> None:
        self.local = local
        self._at = len(written) - 1
        self._written = written
        self._opened = opened

    def set(self, name: str, value: str) -> None:
        """Add an attribute, until the cursor has been asked for its ``xml``."""
        tag = self._written[self._at]
        end = len(tag.rstrip("/>"))
        self._written[self._at] = f"{tag[:end]}{_attributes({name: value})}{tag[end:]}"

    def __enter__(self) -> Self:
        self._opened.append(self.local)
        return self

    def __exit__(self, *_: object) -> None:
        written = self._written
        if len(written) == self._at + 1:  # it has no content
            written[-1] = f"{written[-1][:-1]}/>"
        else:
            written.append(f"</{self.local}>")
        self._opened.pop()


def escaped(text: str) -> str:
    """Return ``text`` as the text of an element."""
    return text.translate(_IN_TEXT) if _SPECIAL.search(text) else text


def _attributes(attrs: Mapping[str, object]) -> str:
    """Return attributes without those that have no value, in their order; of two with one name, the second counts."""
    said: dict[str, str] = {}
    for key, value in attrs.items():
        if value not in ("", None):
            words = str(value)
            if _SPECIAL.search(words):
                words = words.translate(_IN_ATTRIBUTES)
            said[_name(key)] = words
    return "".join([f' {name}="{words}"' for name, words in said.items()]) if said else ""


@cache
def _name(key: str) -> str:
    return f"xml:{key[4:]}" if key.startswith("xml_") else key.rstrip("_")
