"""Passages in another language, and quotations that the author translates."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from docutils import nodes

from tei_export.model.languages import wrong_orthography, wrong_script
from tei_export.source.nodes import every_block, mark, reading


def pair_translations(section: nodes.section) -> None:
    """Pair a quotation entirely in another language with the author's translation that follows it.

    Sets ``lang``, ``translated`` and ``translates``.
    """
    for first, second in zip(section.children, section.children[1:], strict=False):
        if not isinstance(first, nodes.block_quote):
            continue
        first["lang"] = language_of(first)
        if first["lang"] and isinstance(second, nodes.block_quote) and not language_of(second):
            first["translated"] = second["translates"] = True


def language_of(quotation: nodes.block_quote) -> str:
    """Return the language of a quotation in another language.

    All its marks have one language, and the text outside them (names in it) is in the same,
    non-Latin script.
    """
    children = [c for p in every_block(quotation, nodes.paragraph) for c in p.children]
    languages = {c["lang"] for c in children if isinstance(c, mark) and c.get("lang")}
    if not languages:
        return ""
    inside: set[str] = set()
    outside: set[str] = set()
    for child in children:
        marked = isinstance(child, mark) and child.get("lang")
        (inside if marked else outside).update(_scripts(reading(child)))
    one_script = outside <= inside and (not outside or "LATIN" not in inside)
    return languages.pop() if len(languages) == 1 and one_script else ""


_ROMAN = re.compile(r"\b[IVXLCDM]+\b")


def _scripts(text: str) -> set[str]:
    """Return the scripts of the letters of ``text`` by Unicode name (``CYRILLIC``).

    Roman numerals belong to every script.
    """
    return {_script(c) for c in set(_ROMAN.sub("", text)) if c.isalpha()}


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def wrong_language(node: mark) -> str:
    """Return why the letters of a passage do not fit its language; empty if they do."""
    tag = node.get("lang", "")
    words = reading(node) if tag else ""
    return (wrong_script(tag, words) or wrong_orthography(tag, words)) if tag else ""
