"""Words and formats that several outputs need: the catalogue, counts, runs of pages, note letters.

Every string that readers see passes through :func:`_` (catalogue ``tei_export``), so that a new
language needs a catalogue and no change in an output.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from sphinx.locale import get_translation

from tei_export.model.languages import direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CATALOGUE = "tei_export"
SOURCE = "en"
_translate = get_translation(CATALOGUE)
#: How to write numbers and dates: set by :func:`use` for the whole process, like the catalogue.
_here = {"locale": Locale(SOURCE)}


def use(locale: Locale) -> None:
    """Write numbers and dates as in ``locale``, the language of the interface."""
    _here["locale"] = locale


def language() -> str:
    """Return the language of the interface as a BCP 47 tag."""
    return str(_here["locale"]).replace("_", "-")


def foreign(tag: str) -> str:
    """Return ``tag`` if it differs from the interface language; otherwise empty."""
    return "" if tag.split("-")[0] == language().split("-")[0] else tag


def text_direction() -> str:
    """``ltr`` or ``rtl``: how the interface is written."""
    return direction(language())


def _(message: str) -> str:
    """Translate ``message``; Sphinx's own function returns a lazy object instead of a ``str``."""
    return str(_translate(message))


def number(value: float, places: int = 0) -> str:
    """Format a number: ``2,300``; with ``places`` decimals: ``1.2``."""
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    return format_decimal(value, format=pattern, locale=_here["locale"])


def day(when: date) -> str:
    """Format a date: ``22 November 2026``."""
    # Translators: how a day is written, in the letters of Unicode's date patterns (CLDR)
    return format_date(when, _("d MMMM y"), locale=_here["locale"])


def month(when: date) -> str:
    """Format a month: ``November 2026``."""
    # Translators: how a month is written, in the letters of Unicode's date patterns (CLDR)
    return format_date(when, _("LLLL y"), locale=_here["locale"])


def month_name(number: int) -> str:
    """Return the abbreviated name of a month: ``Nov``."""
    return format_date(date(2000, number, 1), "LLL", locale=_here["locale"])


def day_of_month(when: date) -> str:
    """Format the first day of a range, ``18`` in 18–23 March 1919."""
    # Translators: pattern of the first day in "18–23 March 1919"
    return format_date(when, _("d"), locale=_here["locale"])


def letter(label: str) -> str:
    """Return the letter of an editors' note: 1 → a, 27 → aa; other labels are unchanged."""
    if not label.isdigit() or int(label) == 0:
        return label
    number, letters = int(label), ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def count(value: int, one: str, many: str) -> str:
    """Format a count with its noun: ``1 mention``, ``2,300 mentions``."""
    return f"{number(value)} {one if value == 1 else many}"


def enumerated(items: Sequence[str]) -> str:
    """Join items: ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return _("{} and {}").format(", ".join(items[:-1]), items[-1])


def capital(words: str) -> str:
    """Return ``words`` with a capital first letter."""
    return words[:1].upper() + words[1:]


def status(name: str) -> str:
    """Return the words for the edition's status in the record."""
    return {"draft": _("draft"), "candidate": _("candidate"), "published": _("published")}.get(
        name, name
    )


def span(pages: Sequence[str]) -> str:
    """Return the first and last of a run of pages: ``vii–xi``."""
    if not pages:
        return ""
    return pages[0] if pages[0] == pages[-1] else f"{pages[0]}–{pages[-1]}"


def spans(pages: Iterable[str]) -> str:
    """Return the runs of pages, each numbering style separately: ``vii–xi, 1–23``."""
    runs: list[list[str]] = []
    for page in pages:
        if runs and runs[-1][-1].isdigit() == page.isdigit():
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(span(run) for run in runs)


def sort_key(text: str) -> str:
    """Return a sort key that ignores case, accents and punctuation, in any locale."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum() or c == " ").strip()
