"""Words divided at a line's end: the hyphen once, and never lost."""

from __future__ import annotations

import re

#: Soft hyphen and ``¬`` (Transkribus) stand for the hyphen that the page shows.
_FOR_HYPHEN = re.compile("(?:[\u00ad¬]|-\u00ad|\u00ad-)$")
_ENDS = re.compile(r"[^\W\d_][\u0300-\u036f]*-$")
_BEGINS = re.compile(r"\W*([^\W\d_]+)")
#: A hyphen before these is kept: *Haupt- und Staatsaktion*.
_SUSPENDED = {"und", "oder", "bis", "and", "or", "et", "ou", "y", "o", "e"}


def normal(text: str) -> str:
    """A line's text: white space folded, its last hyphen an ordinary one, soft hyphens inside it
    (places where a word *may* be divided) gone."""
    folded = " ".join(text.split())
    folded = _FOR_HYPHEN.sub("-", folded)
    return folded.replace("\u00ad", "")


def divides(text: str, following: str, *, said: bool = False) -> bool:
    """Whether the last word of ``text`` goes on in ``following``. ``said``: the file says so."""
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
    """The sign of the divided word at the end of a source line, whether a hyphen shows or not."""
    return f"{markup}¬"
