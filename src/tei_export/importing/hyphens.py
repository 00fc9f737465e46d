"""Words divided at a line end: keep exactly one sign of the division."""

from __future__ import annotations

import re

from tei_export.model.word_division import DIVIDED, division_sign, word_length

#: Soft hyphen and ``¬`` (Transkribus) represent the visible hyphen of the page.
_FOR_HYPHEN = re.compile("(?:[\u00ad¬]|-\u00ad|\u00ad-)$")
_BEGINS = re.compile(r"\W*([^\W\d_]+)")
#: A hyphen before these is kept: *Haupt- und Staatsaktion*.
_SUSPENDED = {"und", "oder", "bis", "and", "or", "et", "ou", "y", "o", "e"}


def normalise(text: str) -> str:
    """Normalise the text of a line.

    White space is normalised, the final hyphen becomes an ordinary one, and soft hyphens inside the
    line (possible divisions) are removed.
    """
    folded = " ".join(text.split())
    folded = _FOR_HYPHEN.sub("-", folded)
    return folded.replace("\u00ad", "")


def without_sign(text: str) -> tuple[str, str]:
    """Return ``text`` without the sign of division at its end, and that sign."""
    text = text.rstrip()
    stands_for = _FOR_HYPHEN.search(text)
    if stands_for:
        return text[: stands_for.start()], "-"
    sign = division_sign(text)
    return text.removesuffix(sign), sign


def divides(text: str, following: str, *, said: bool = False) -> bool:
    """Return whether the last word of ``text`` continues in ``following``.

    ``said``: the file states it.
    """
    if not following:
        return False
    if said:
        return True
    begins = _BEGINS.match(following)
    if not begins or not _ends_in_word(text):
        return False
    word = begins[1]
    return word[0].islower() and word not in _SUSPENDED


def _ends_in_word(text: str) -> bool:
    """Return whether a sign of division follows a letter and its combining marks."""
    sign = division_sign(text)
    word = text.removesuffix(sign).split(" ")[-1]
    letters = word.rstrip("".join(c for c in word if not c.isalnum()))
    return bool(
        sign
        and letters
        and letters[-1].isalpha()
        and word_length(word[len(letters) - 1 :]) == len(word) - len(letters) + 1
    )


def mark(markup: str) -> str:
    """Return the markup of a source line with the sign of a divided word at its end.

    The hyphen itself may be visible or not.
    """
    return f"{markup}{DIVIDED}"
