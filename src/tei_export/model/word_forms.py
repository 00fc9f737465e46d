"""Regular expressions for words in any script: letters with their combining marks (Unicode, UAX 29).

Python's ``\\w`` excludes marks: it ends a word at the small e of ``aͤ`` and at every Hebrew point.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: They join the letters of a word in several scripts.
_JOINERS = "\u200c\u200d"
#: The characters met so far that are no marks.
_NO_MARKS: set[str] = set()


def pattern(form: str, text: str, flags: int = 0) -> re.Pattern[str]:
    """Compile a regular expression for ``text``.

    :param form: the expression; ``WORD`` stands for letters and digits with their marks, ``LETTERS``
        for letters with theirs, ``MARKS`` in a character class for the marks
    :param text: the text in which it is used, whose marks count
    """
    return _compiled(form, "" if text.isascii() else _marks_in(text), flags)


def _marks_in(text: str) -> str:
    """Return the marks of ``text``, each once, sorted."""
    chars = set(text) - _NO_MARKS
    found = {c for c in chars if _is_mark(c)}
    _NO_MARKS.update(chars - found)
    return "".join(sorted(found))


def _is_mark(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char)[0] == "M"


@lru_cache(maxsize=256)
def _compiled(form: str, marks: str, flags: int) -> re.Pattern[str]:
    for name, letter in (("WORD", r"[^\W_]"), ("LETTERS", r"[^\W\d_]")):
        marked = rf"{letter}+(?:[{marks}]+{letter}*+)*+" if marks else rf"{letter}+"
        form = form.replace(name, marked)
    return re.compile(form.replace("MARKS", marks), flags)
