"""The register of letters: a list in the order of their dates, and a calendar by year and month.

``theme/letters.html`` renders it, without scripts. Senders, addressees, places and dates come from
the record.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.i18n.formats import month_name
from tei_export.outputs.html.contents import LETTERS
from tei_export.outputs.html.register_layout import registers_of
from tei_export.shared import labels
from tei_export.shared.dates import human_date
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.model.correspondence import Action, Letter
    from tei_export.model.registers import RegisterEntry
    from tei_export.outputs.html.register_layout import RegisterLayouts
    from tei_export.source.facts import EditionDomain

_MONTH = re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A name and, if a page shows its entry, that page and the place on it."""

    name: str
    page: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter of the list. ``id``: the target of links from the calendar."""

    id: str
    doc: str
    title: str
    date: str
    start: str
    senders: list[NamedLink]
    sent_from: list[NamedLink]
    addressees: list[NamedLink]
    sent_to: list[NamedLink]


@dataclass(frozen=True, slots=True)
class Year:
    """A row of the calendar: for each month, its first letter and its number of letters."""

    name: str
    months: list[tuple[str, int]]
    rest: int
    """letters with only a known year"""


def letters_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; yield nothing if no text has letters."""
    domain = domain_of(app.env)
    rows = [_row(letter, registers_of(domain)) for letter in letters(domain)]
    if rows:
        rows.sort(key=lambda row: (not row.start, row.start))
        yield (
            LETTERS,
            {
                "title": esc(title()),
                "rows": rows,
                "years": _years(rows),
                "body": "",
                "months": [month_name(number) for number in range(1, 13)],
                "undated": sum(not row.start for row in rows),
                "summary": labels.count(len(rows), _("letter sent"), _("letters sent")),
            },
            "letters.html",
        )


def title() -> str:
    """Return the title of the page."""
    return _("Correspondence")


def letters(domain: EditionDomain) -> list[Letter]:
    """Return the letters of all texts."""
    edition = domain.edition
    return [letter for text in edition.texts.values() for letter in edition.letters(text)]


def _row(letter: Letter, registers: RegisterLayouts) -> LetterRow:
    sent, received = letter.action("sent"), letter.action("received")
    return LetterRow(
        f"row-{letter.part}",
        letter.doc,
        letter.title,
        sent.date_text or human_date(sent.date),
        sent.start,
        *_names(registers, sent),
        *_names(registers, received),
    )


def _names(registers: RegisterLayouts, action: Action) -> tuple[list[NamedLink], list[NamedLink]]:
    def named(entry: RegisterEntry) -> NamedLink:
        return NamedLink(entry.name, *registers.address(entry))

    return [named(e) for e in action.agents], [named(action.place)] if action.place else []


def _years(rows: list[LetterRow]) -> list[Year]:
    """Return the calendar; a letter with an uncertain date is in its first possible month."""
    months: dict[str, dict[int, list[LetterRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.start:
            match = _MONTH.match(row.start)
            months[row.start[:4]][int(match[2]) if match else 0].append(row)
    return [
        Year(
            year,
            [(found[n][0].id, len(found[n])) if n in found else ("", 0) for n in range(1, 13)],
            len(found.get(0, ())),
        )
        for year, found in sorted(months.items())
    ]
