"""Write Python values as Typst source.

Text enters Typst only here, as string literals, in which only ``\\`` and ``"`` are special.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.i18n.formats import foreign, language

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f-\x9f\u2028\u2029]')


@dataclass(frozen=True, slots=True)
class TypstCode:
    """Typst source to insert unchanged."""

    source: str


def string(text: str) -> str:
    """Return ``text`` as a Typst string literal on one line."""
    return '"' + _SPECIAL.sub(lambda m: _escaped(m[0]), text) + '"'


def _escaped(char: str) -> str:
    return f"\\{char}" if char in '\\"' else f"\\u{{{ord(char):x}}}"


def interface_text(text: str, lang: str) -> object:
    """Return interface ``text`` for a book in ``lang``; mark its language if it differs."""
    return (
        TypstCode(f"text(lang: {string(language().split('-')[0])}, {string(text)})")
        if foreign(lang)
        else text
    )


def value(data: object) -> str:
    """Return text, numbers, and lists and mappings of them, as a Typst expression.

    :raises TypeError: any other type
    """
    if isinstance(data, TypstCode):
        return data.source
    if data is None or isinstance(data, bool):
        return {None: "none", True: "true", False: "false"}[data]
    if isinstance(data, str):
        return string(data)
    if isinstance(data, int):
        return str(data)
    if isinstance(data, (list, tuple)):
        return f"({''.join(f'{value(item)}, ' for item in data)})"
    if isinstance(data, dict):
        return _dictionary(data)
    raise TypeError(type(data).__name__)


def _dictionary(data: Mapping[str, object]) -> str:
    if not data:
        return "(:)"
    return f"({''.join(f'{string(key)}: {value(item)}, ' for key, item in data.items())})"


def call(name: str, *positional: object, **named: object) -> str:
    """Return a function call: ``name(1, "a", key: "b")``."""
    given = [value(item) for item in positional]
    given += [f"{key.replace('_', '-')}: {value(item)}" for key, item in named.items()]
    return f"{name}({', '.join(given)})"
