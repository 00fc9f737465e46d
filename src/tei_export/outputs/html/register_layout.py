"""Divide a register of any size into pages of moderate size: decide which page shows each entry and
its mentions.

1. The register's page has all entries with all mentions; entries with more than :data:`MANY` have a page of their own.
2. If that page would be too large, every entry has a page of its own; the register's page counts
its mentions by part, 3. or, if that is still too large, in total; 4. or each letter has a page, and
the register's page links to these.

An entry's own page has the same address in all four. ``registers/persons.html#person-stalin``
always leads to the entry: if the register's page lacks it, ``register.js`` continues to the entry's
own page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tei_export.i18n.formats import sort_key
from tei_export.model.registers import heading
from tei_export.model.vocabulary import MENTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tei_export.model.registers import RegisterEntry
    from tei_export.source.facts import EditionDomain

#: An entry with more mentions gets a page of its own; the register's page counts them.
MANY = 12
#: The maximum number of letters shown of a sentence before and after its mention.
LONG = 320
AROUND = 130
#: The maximum size of a page in bytes, by this estimate, which is 20 to 30 per cent too low
#: (measured): under 300 kB.
LARGE = 195_000
#: Bytes of the markup of an entry, of its mentions in a part (heading or number), and of a mention.
_ENTRY, _PART, _NUMBER, _MENTION = 340, 130, 125, 120
#: Bytes of a citation of a work.
_CITED = 110


@dataclass(frozen=True, slots=True)
class RegisterLayout:
    """The division of one register."""

    name: str
    most: int
    """the maximum of mentions of an entry without a page of its own"""
    by_part: bool
    """whether the list names the parts that mention an entry with a page of its own"""
    by_letter: bool
    """whether each letter has a page"""

    @property
    def page(self) -> str:
        """The register's page."""
        return f"registers/{self.name}"

    @property
    def moved(self) -> bool:
        """Whether mentions moved to entries' own pages that a smaller register would show here."""
        return self.most < MANY

    def letter_page(self, letter: str) -> str:
        """Return the page of a letter."""
        return letter_page(self.page, letter) if self.by_letter else self.page

    def listed(self, entry: RegisterEntry) -> str:
        """Return the page of the list that contains ``entry``."""
        return self.letter_page(letter_of(entry))

    def own(self, key: str, count: int) -> str:
        """Return the page of an entry with ``count`` mentions; empty if the list shows them."""
        return f"{self.page}/{key}" if count > self.most else ""


class RegisterLayouts:
    """The layout of all registers of an edition whose facts are known."""

    def __init__(self, domain: EditionDomain) -> None:
        self._domain = domain
        self.counts: Counter[tuple[str, str]] = Counter()
        parts: dict[tuple[str, str], set[str]] = defaultdict(set)
        words: Counter[tuple[str, str]] = Counter()
        for m in domain.mentions():
            known = m.register, m.key
            self.counts[known] += 1
            parts[known].add(m.docname)
            sentence = len(m.before) + len(m.text) + len(m.after)
            words[known] += min(sentence, max(LONG, len(m.text) + 2 * AROUND))
        cited = Counter(citation.work for citation in domain.citations())
        sizes: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
        for (register, key), count in self.counts.items():
            known = register, key
            entry = domain.edition.registers[register].entries.get(key)
            said = len(str(entry.data)) if entry else 0
            said += cited[key] * _CITED if register == "works" else 0
            told = words[known] + count * _MENTION
            sizes[register].append((count, len(parts[known]), told, said))
        self._by_name = {
            row.register: _layout(row.register, sizes[row.register]) for row in MENTIONS
        }

    def __getitem__(self, name: str) -> RegisterLayout:
        return self._by_name[name]

    def own(self, register: str, key: str) -> str:
        """Return the entry's own page; empty if a list shows its mentions."""
        return self._by_name[register].own(key, self.counts[register, key])

    def place(self, entry: RegisterEntry) -> tuple[str, str] | None:
        """Return the page and fragment of an entry with its mentions; None if no text mentions it."""
        if not self.counts[entry.register, entry.key]:
            return None
        own = self.own(entry.register, entry.key)
        return own or self._by_name[entry.register].listed(entry), entry.xml_id

    def address(self, entry: RegisterEntry) -> tuple[str, str]:
        """Return the page and fragment of an entry; both empty if no page shows it."""
        found = self.place(entry)
        if found is None:
            return "", ""
        return found[0], "" if self.own(entry.register, entry.key) else f"#{found[1]}"


def _layout(name: str, sizes: list[tuple[int, int, int, int]]) -> RegisterLayout:
    """Return the first layout that fits a register, from each entry's mentions, parts, and bytes of
    mentions and facts."""

    def size(most: int, by_part: bool) -> int:
        return sum(
            _ENTRY + said + (parts * _PART + told if count <= most else parts * _NUMBER * by_part)
            for count, parts, told, said in sizes
        )

    for most, by_part in ((MANY, True), (0, True), (0, False)):
        if size(most, by_part) <= LARGE:
            return RegisterLayout(name, most, by_part, by_letter=False)
    return RegisterLayout(name, 0, by_part=False, by_letter=True)


#: The layout for each run; the facts are final when it is first needed.
_known: WeakKeyDictionary[EditionDomain, RegisterLayouts] = WeakKeyDictionary()


def registers_of(domain: EditionDomain) -> RegisterLayouts:
    """Return the layout of the registers; cached for all pages."""
    if domain not in _known:
        _known[domain] = RegisterLayouts(domain)
    return _known[domain]


def entry_places(domain: EditionDomain) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Map register and key to the page and anchor of each entry that is mentioned."""
    registers = RegisterLayouts(domain)
    found = {}
    for register, key in registers.counts:
        entry = domain.edition.registers[register].entries.get(key)
        if entry and (place := registers.place(entry)):
            found[register, key] = place
    return found


def letter_of(entry: RegisterEntry) -> str:
    """Return the letter under which an entry stands."""
    return (sort_key(heading(entry)) or "?")[0].upper()


def letter_page(page: str, letter: str) -> str:
    """Return the page of a letter in a list: ``registers/persons-a``; file names use the number of
    an unsafe letter."""
    plain = letter.lower()
    return f"{page}-{plain if plain.isascii() and plain.isalnum() else f'u{ord(plain[0]):04x}'}"


def chapter_id(entry: str, part: str) -> str:
    """Return the id of an entry's mentions in a part, on the register's page."""
    return f"{entry}-in-{part}"
