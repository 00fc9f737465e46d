"""The agreement of a text's witnesses: the numbers in tables and charts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.source.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Part, Text
    from tei_export.model.witnesses import Witness
    from tei_export.source.facts import EditionDomain

#: The reading of a witness at each entry: 0 the lemma, 1 … the readings in order, None if it is
#: lost.
States = dict[str, list[int | None]]


def texts_with_variants(domain: EditionDomain) -> Iterator[Text]:
    """Yield the texts that have variants and at least two witnesses to compare (:func:`compared_witnesses`)."""
    for text in domain.edition.texts.values():
        if text.several and len(compared_witnesses(text)) > 1 and entries(domain, text):
            yield text


def compared_witnesses(text: Text) -> list[Witness]:
    """Return the witnesses that are compared, in the order of the record."""
    return [w for w in text.witnesses if w.cited]


def entries(domain: EditionDomain, text: Text) -> list[Emendation]:
    """Return the entries of a text that have readings of several witnesses, in reading order."""
    facts = (domain.facts.get(part.doc, Facts()) for part in text.parts)
    return [e for one in facts for e in one.emendations if e.several]


def reading_index(entry: Emendation, siglum: str) -> int | None:
    """Return the reading of a witness at an entry: 0 the lemma, 1 … the readings in order, None if
    it is lost."""
    if siglum in entry.sigla:
        return 0
    return next((n for n, r in enumerate(entry.readings, 1) if siglum in r.sigla), None)


def reading_indices(text: Text, found: Sequence[Emendation]) -> States:
    """Return the reading of each witness at each entry."""
    return {
        w.siglum: [reading_index(entry, w.siglum) for entry in found]
        for w in compared_witnesses(text)
    }


def alike(one: Sequence[int | None], other: Sequence[int | None]) -> tuple[int, int]:
    """Return how often two witnesses agree, and the number of entries at which both are present."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return sum(a == b for a, b in both), len(both)


@dataclass(frozen=True, slots=True)
class WitnessStretch:
    """A page of a part, or lines of a part without pages: the number of entries, and at how many
    each witness differs from the lemma."""

    part: Part
    page: str
    first: int
    last: int
    entries: int
    by_witness: Counter[str]


#: The number of lines counted together in a part without pages; a multiple of it if there would be
#: too many columns.
_LINES = 10
_COLUMNS = 160


def variants_along(domain: EditionDomain, text: Text) -> list[WitnessStretch]:
    """Count the variants of each page of a text, or of each stretch of lines where there are no pages."""
    held = [(part, domain.facts.get(part.doc, Facts())) for part in text.parts]
    lines = sum(facts.lines.get("", 0) for _part, facts in held)
    step = _LINES * max(1, -(-lines // (_LINES * _COLUMNS)))
    found = []
    for part, facts in held:
        variants = [e for e in facts.emendations if e.several]
        for page, number in facts.lines.items():
            size = number if page else step
            end = facts.before(page) + number
            for first in range(facts.before(page) + 1, end + 1, size or 1):
                last = min(end, first + size - 1)
                here = [e for e in variants if e.page == page and first <= e.line <= last]
                departing = Counter(s for e in here for r in e.readings for s in r.sigla)
                found.append(WitnessStretch(part, page, first, last, len(here), departing))
    return found
