"""Count the facts of all documents for the charts.

A mention, a citation and an emendation are those of :mod:`tei_export.source.facts`; the register
pages use the same counts. Two persons are *together* if one page mentions both (in a text without
pages: one line of the witness, a paragraph) in the running text. Notes and bibliographies do not
count: there the alphabet puts names side by side. A note *cites* a work when it names the work or
gives a page of it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, groupby, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tei_export.model.edition import Part, Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.source.facts import EditionDomain, Facts, Mention

#: The maximum number of columns of a chart, about. Nobody reads a wider one, and with a column for each part the site would
#: grow with the square of its size.
MOST_COLUMNS = 40
#: Parts of this type list works; they are not running text.
LISTS = "bibliography"


@dataclass(frozen=True, slots=True)
class CountedPart:
    """A part of a text with its facts."""

    text: Text
    part: Part
    facts: Facts

    @property
    def doc(self) -> str:
        """The source file of the part."""
        return self.part.doc

    @property
    def short(self) -> str:
        """The number at the start of the title (``IV``), or the whole title."""
        number, dot, _rest = self.part.title.partition(". ")
        return number if dot and len(number) <= 5 else self.part.title


@dataclass(frozen=True, slots=True)
class PartColumn:
    """The column of a part of a text; of several that follow each other in a text of many parts."""

    parts: tuple[CountedPart, ...]

    @property
    def doc(self) -> str:
        """The source file of its first part."""
        return self.parts[0].doc

    @property
    def short(self) -> str:
        """The short title of the part, or of the first and the last one."""
        return _from_to([part.short for part in self.parts])

    @property
    def title(self) -> str:
        """The title of the part, or of the first and the last one."""
        return _from_to([part.part.title for part in self.parts])

    def count(self, row: EntryCounts) -> int:
        """Return the count of an entry in this column."""
        return sum(row.by_doc.get(part.doc, 0) for part in self.parts)

    def first(self, row: EntryCounts) -> CountedPart:
        """Return the first part that counts an entry; the first of all if none does."""
        return next((part for part in self.parts if row.by_doc.get(part.doc)), self.parts[0])


def _from_to(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{titles[0]} – {titles[-1]}"


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """A register entry and its count in each part. ``total`` is the register's count."""

    entry: RegisterEntry
    by_doc: Mapping[str, int]

    @property
    def total(self) -> int:
        """The sum over all parts."""
        return sum(self.by_doc.values())


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place. ``text``: mentions in the running text; ``rest``: in notes and bibliographies."""

    entry: RegisterEntry
    text: int
    rest: int

    @property
    def total(self) -> int:
        """All mentions."""
        return self.text + self.rest


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """A place where two persons are mentioned; ``line`` is set only in a text without pages."""

    doc: str
    page: str
    line: int


@dataclass(frozen=True, slots=True)
class PersonPair:
    """Two persons and the places that mention them together."""

    one: RegisterEntry
    other: RegisterEntry
    places: tuple[SharedPlace, ...]


@dataclass(frozen=True, slots=True)
class PageCount:
    """A page and its emendations, by type."""

    doc: str
    page: str
    by_type: Mapping[str, int]


def located(entry: RegisterEntry) -> bool:
    """Return whether an entry has coordinates, and they are on the globe."""
    given = entry.data.get("coordinates")
    if not isinstance(given, list) or len(given) != 2:
        return False
    return all(math.isfinite(v) for v in given) and abs(given[0]) <= 90 and abs(given[1]) <= 180


def counted_parts(domain: EditionDomain) -> list[CountedPart]:
    """Return every part of every text, in order."""
    return [
        CountedPart(text, part, domain.facts[part.doc])
        for text in domain.edition.texts.values()
        for part in text.parts
        if part.doc in domain.facts
    ]


def part_columns(domain: EditionDomain) -> list[PartColumn]:
    """Return the columns of a chart in order: every part of every text, or groups of parts of the same size."""
    parts = counted_parts(domain)
    size = math.ceil(len(parts) / MOST_COLUMNS)
    return [
        PartColumn(group)
        for _text, of_text in groupby(parts, lambda one: one.text.id)
        for group in _batched(of_text, size)
    ]


def _batched(parts: Iterable[CountedPart], size: int) -> Iterator[tuple[CountedPart, ...]]:
    """Yield ``parts`` in groups of ``size``; the last one may be smaller."""
    left = iter(parts)
    while group := tuple(islice(left, size)):
        yield group


def _mentions(domain: EditionDomain, register: str) -> Iterator[tuple[CountedPart, Mention]]:
    for part in counted_parts(domain):
        for mention in part.facts.mentions:
            if mention.register == register and mention.key:
                yield part, mention


def entry_counts(domain: EditionDomain, register: str) -> list[EntryCounts]:
    """Return every entry mentioned, the most mentioned first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for part, mention in _mentions(domain, register):
        counts[mention.key][part.doc] += 1
    entries = domain.edition.registers[register].entries
    result = [EntryCounts(entries[key], by_doc) for key, by_doc in counts.items()]
    return sorted(result, key=lambda r: (-r.total, r.entry.name, r.entry.key))


def place_counts(domain: EditionDomain) -> list[PlaceCount]:
    """Return every place mentioned, the most mentioned first."""
    text: Counter[str] = Counter()
    rest: Counter[str] = Counter()
    for part, mention in _mentions(domain, "places"):
        (text if _running(part, mention) else rest)[mention.key] += 1
    entries = domain.edition.registers["places"].entries
    result = [PlaceCount(entries[key], text[key], rest[key]) for key in {*text, *rest}]
    return sorted(result, key=lambda p: (-p.total, p.entry.name, p.entry.key))


def _running(part: CountedPart, mention: Mention) -> bool:
    return not mention.note and part.part.type != LISTS


def person_pairs(domain: EditionDomain) -> list[PersonPair]:
    """Return the pairs of persons mentioned together, by frequency; within a pair, by name."""
    here: dict[SharedPlace, set[str]] = {}
    for part, mention in _mentions(domain, "persons"):
        if _running(part, mention):
            line = 0 if mention.page else mention.line
            here.setdefault(SharedPlace(part.doc, mention.page, line), set()).add(mention.key)
    entries = domain.edition.registers["persons"].entries
    order = {
        c.doc: (i, {p: n for n, p in enumerate(c.facts.pages)})
        for i, c in enumerate(counted_parts(domain))
    }
    places: dict[tuple[str, str], list[SharedPlace]] = defaultdict(list)
    for where, keys in here.items():
        for pair in combinations(sorted(keys, key=lambda k: (entries[k].name, k)), 2):
            places[pair].append(where)

    def reading(where: SharedPlace) -> tuple[int, int, int]:
        number, pages = order[where.doc]
        return number, pages.get(where.page, -1), where.line

    result = [
        PersonPair(entries[one], entries[other], tuple(sorted(where, key=reading)))
        for (one, other), where in places.items()
    ]
    return sorted(
        result, key=lambda p: (-len(p.places), p.one.name, p.other.name, p.one.key, p.other.key)
    )


def emended_pages(domain: EditionDomain) -> list[tuple[CountedPart, list[PageCount]]]:
    """Return the pages of every part that has pages, with their emendations."""
    result = []
    for part in counted_parts(domain):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for emendation in part.facts.emendations:
            counts[emendation.page][emendation.type] += 1
        pages = [PageCount(part.doc, page, counts[page]) for page in part.facts.pages]
        if pages:
            result.append((part, pages))
    return result


def cited_works(domain: EditionDomain) -> list[EntryCounts]:
    """Return the works that the author's notes cite; counts are notes per part."""
    pages: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for part, mention in _mentions(domain, "works"):
        if mention.note:
            pages[mention.key][part.doc].add(mention.note)
    for part in counted_parts(domain):
        for citation in part.facts.citations:
            if citation.work and citation.note:
                pages[citation.work][part.doc].add(citation.note)
    entries = domain.edition.registers["works"].entries
    result = [
        EntryCounts(entries[key], {d: len(n) for d, n in docs.items()})
        for key, docs in pages.items()
    ]
    return sorted(
        result, key=lambda r: (-r.total, r.entry.text("author"), r.entry.name, r.entry.key)
    )


def pages_cited(domain: EditionDomain) -> Counter[str]:
    """Return the number of page citations of each work."""
    return Counter(c.work for part in counted_parts(domain) for c in part.facts.citations)
