"""Words divided at a line end: keep exactly one hyphen."""

from __future__ import annotations

import re

#: Soft hyphen and ``¬`` (Transkribus) represent the visible hyphen of the page.
_FOR_HYPHEN = re.compile("(?:[\u00ad¬]|-\u00ad|\u00ad-)$")
_ENDS = re.compile(r"[^\W\d_][\u0300-\u036f]*-$")
_BEGINS = re.compile(r"\W*([^\W\d_]+)")
#: A hyphen before these is kept: *Haupt- und Staatsaktion*.
_SUSPENDED = {"und", "oder", "bis", "and", "or", "et", "ou", "y", "o", "e"}


def normal(text: str) -> str:
    """Normalise the text of a line.

    White space is normalised, the final hyphen becomes an ordinary one, and soft hyphens inside the
    line (possible divisions) are removed.
    """
    folded = " ".join(text.split())
    folded = _FOR_HYPHEN.sub("-", folded)
    return folded.replace("\u00ad", "")


def divides(text: str, following: str, *, said: bool = False) -> bool:
    """Return whether the last word of ``text`` continues in ``following``.

    ``said``: the file states it.
    """
    if not following:
        return False
    if said:
        return True
    begins = _BEGINS.match(following)
    if not _ENDS.search(text) or not begins:
        return False
    word = begins[1]
    return word[0].islower() and word not in _SUSPENDED


def mark(markup: str) -> str:
    """Return the markup of a source line with the sign of a divided word at its end.

    The hyphen itself may be visible or not.
    """
    return f"{markup}¬"
