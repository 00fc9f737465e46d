"""The head of a letter, from the record: sender, addressee, place and date; and the previous and next letter
between the same persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.i18n.formats import _
from tei_export.shared.dates import human_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.model.correspondence import Action, Letter
    from tei_export.model.edition import Edition, Text
    from tei_export.model.registers import RegisterEntry


@dataclass(frozen=True, slots=True)
class LetterHead:
    """The head of a letter. ``before``, ``after``: its neighbours in the correspondence, by date."""

    sent: Action
    received: Action
    date: str
    before: Letter | None
    after: Letter | None

    def fields(self) -> Iterator[tuple[str, tuple[RegisterEntry, ...], str]]:
        """Yield the label of each line, with its names or words: ``From``, ``To``, ``Date``."""
        for name, action in ((_("From"), self.sent), (_("To"), self.received)):
            if found := tuple(action.entries()):
                yield name, found, ""
        if self.date:
            yield _("Date"), (), self.date

    @property
    def words(self) -> str:
        """The head in one line: ``From: John Sample; London · To: … · Date: …``."""
        said = (
            f"{name}: {words or '; '.join(map(in_order, names))}"
            for name, names, words in self.fields()
        )
        return " · ".join(said)


def in_order(entry: RegisterEntry) -> str:
    """Return the name of a person in natural order: *Marx, Karl* becomes *Karl Marx*; other names
    are unchanged."""
    last, comma, first = entry.name.partition(", ")
    turned = entry.register == "persons" and comma and first and "," not in first
    return f"{first} {last}" if turned else entry.name


def letter_head(edition: Edition, text: Text, part: str) -> LetterHead | None:
    """Return the head of a letter; None if the record has neither sender, place nor date."""
    letters = edition.letters(text)
    letter = next((one for one in letters if one.part == part), None)
    if letter is None:
        return None
    sent = letter.action("sent")
    several = [one for t in edition.texts.values() for one in edition.letters(t)]
    between = _persons(letter)
    same = [one for one in several if between and _persons(one) == between]
    same.sort(key=lambda one: (not one.action("sent").start, one.action("sent").start))
    at = next((n for n, one in enumerate(same) if one.part == part), 0)
    return LetterHead(
        sent,
        letter.action("received"),
        sent.date_text or human_date(sent.date),
        same[at - 1] if at else None,
        same[at + 1] if at + 1 < len(same) else None,
    )


def _persons(letter: Letter) -> frozenset[str]:
    """Return the keys of senders and addressees: letters between the same persons are one correspondence."""
    return frozenset(entry.xml_id for action in letter.actions for entry in action.agents)
