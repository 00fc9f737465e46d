"""Small words that several outputs need: the catalogue, counts, runs of pages, note letters.

Every string that a reader sees passes through :func:`_` (catalogue ``tei_export``), so that
another language is a catalogue and not a change in an output.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sphinx.locale import get_translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_translate = get_translation("tei_export")


def _(message: str) -> str:
    """``message`` in the language of the edition. Sphinx's own is lazy, and no ``str``."""
    return str(_translate(message))


def letter(label: str) -> str:
    """The mark of an editors' note: 1 → a, 27 → aa. Other labels stay."""
    if not label.isdigit() or int(label) == 0:
        return label
    number, letters = int(label), ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def count(number: int, one: str, many: str) -> str:
    """``1 mention``, ``2,300 mentions``."""
    return f"{number:,} {one if number == 1 else many}"


def enumerated(items: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return _("{} and {}").format(", ".join(items[:-1]), items[-1])


def span(pages: Sequence[str]) -> str:
    """``vii–xi``; the first and last of a run of pages."""
    if not pages:
        return ""
    return pages[0] if pages[0] == pages[-1] else f"{pages[0]}–{pages[-1]}"


def spans(pages: Iterable[str]) -> str:
    """``vii–xi, 1–23``: each way of numbering for itself."""
    runs: list[list[str]] = []
    for page in pages:
        if runs and runs[-1][-1].isdigit() == page.isdigit():
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(span(run) for run in runs)


def sort_key(text: str) -> str:
    """Alphabetical without regard to case, accents and punctuation, in any locale."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum() or c == " ").strip()
