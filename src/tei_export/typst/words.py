"""What the book says in its own words. Every string passes through ``_`` (catalogue
``tei_export``), so that another language is a catalogue and not a change here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sphinx.locale import get_translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_translate = get_translation("tei_export")


def _(message: str) -> str:
    """``message`` in the language of the edition. Sphinx's own is lazy, and no ``str``."""
    return str(_translate(message))


def kinds() -> dict[str, tuple[str, str]]:
    """Class of a difference → what one of them, and many of them, are called."""
    return {
        "substitution": (_("misread word"), _("misread words")),
        "number": (_("misread figure"), _("misread figures")),
        "glyph": (_("misread mark of punctuation"), _("misread marks of punctuation")),
        "script": (_("Russian passage read as Latin"), _("Russian passages read as Latin")),
        "segmentation": (_("wrong division of words"), _("wrong divisions of words")),
        "noise": (_("speck taken for text"), _("specks taken for text")),
        "loss": (_("lost mark or number"), _("lost marks and numbers")),
        "displacement": (_("displaced number"), _("displaced numbers")),
        "unclear": (_("doubtful reading"), _("doubtful readings")),
        "supplied": (_("loss filled by conjecture"), _("losses filled by conjecture")),
        "gap": (_("loss that cannot be filled"), _("losses that cannot be filled")),
        "sic": (_("slip of the author or typist, corrected"), _("slips of the author or typist, corrected")),
    }


def count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def enumerated(items: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return _("{} and {}").format(", ".join(items[:-1]), items[-1])


def span(pages: Sequence[str]) -> str:
    """``vii–xi``."""
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


def day(when: date) -> str:
    """``22 November 2026``."""
    months = (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"),
        _("August"), _("September"), _("October"), _("November"), _("December"),
    )  # fmt: skip
    return f"{when.day} {months[when.month - 1]} {when.year}"


def letter(label: str) -> str:
    """The mark of an editors' note: 1 → a, 27 → aa. Other labels stay."""
    if not label.isdigit() or int(label) == 0:
        return label
    number, letters = int(label), ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
