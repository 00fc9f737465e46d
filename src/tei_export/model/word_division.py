"""The signs that divide a word at a line end, and what belongs to a letter.

The list is closed: another sign before ``¬`` belongs to the word.
"""

from __future__ import annotations

import unicodedata

#: Marks a word that continues on the next line.
DIVIDED = "¬"
#: sign of the witness → ``lb/@rend``
SIGNS = {
    "-": "hyphen",
    "\u2010": "unicode-hyphen",
    "⸗": "double-oblique-hyphen",
    "⹀": "double-hyphen",
    "=": "equals-sign",
}
#: Signs that, at a line end without ``¬``, belong to the word: no space follows them.
OWN_HYPHENS = tuple(sign for sign in SIGNS if sign != "=")


def division_sign(text: str) -> str:
    """Return the sign of division at the end of ``text``, or an empty string."""
    return text[-1:] if text[-1:] in SIGNS else ""


def word_length(text: str) -> int:
    """Return how many characters at the start of ``text`` are letters, numbers and their marks.

    A combining mark (the small e over a vowel, points, accents) belongs to its letter.
    """
    for at, char in enumerate(text):
        if not (char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"):
            return at
    return len(text)
