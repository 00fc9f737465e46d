"""The apparatus as every output presents it: counts, readings in words, folded entries.

The entries are made once, in reading order, when a text is read
(:mod:`tei_export.model.apparatus`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.i18n.formats import _, enumerated
from tei_export.model.apparatus import EDITORS, LACUNA_ROLE
from tei_export.model.marked_readings import marks_in
from tei_export.model.vocabulary import BY_NAME, Reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.model.apparatus import Emendation, Reading
    from tei_export.model.edition import Text
    from tei_export.source.facts import EditionDomain, Facts


@dataclass(frozen=True, slots=True)
class Apparatus:
    """The entries of a part, a text or an edition, in reading order."""

    entries: Sequence[Emendation]

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def shown(self) -> list[Emendation]:
        """The entries that are not folded away (:func:`tei_export.model.apparatus.is_small`)."""
        return [e for e in self.entries if not e.small]

    @property
    def folded(self) -> list[Emendation]:
        """The entries that are folded away."""
        return [e for e in self.entries if e.small]

    def pages(self) -> Iterator[tuple[str, Apparatus]]:
        """Yield each page label with its entries; one empty label for a text without pages."""
        for page, group in groupby(self.entries, key=lambda e: e.page):
            yield page, Apparatus(list(group))

    def within(self, entry: Emendation) -> list[Emendation]:
        """Return the entries that are part of the misreading ``entry``."""
        return [e for e in self.entries if e.within == entry.xml_id]

    def by_class(self) -> Counter[str]:
        """Count the entries of each class."""
        return Counter(e.type for e in self.entries)

    def by_certainty(self) -> Counter[str]:
        """Count the entries of each degree of certainty."""
        return Counter(e.cert for e in self.entries)


def of_part(facts: Facts) -> Apparatus:
    """Return the apparatus of a part."""
    return Apparatus(facts.emendations)


def of_parts(facts: Sequence[Facts]) -> Apparatus:
    """Return the apparatus of several parts, in the order given."""
    return Apparatus([e for one in facts for e in one.emendations])


def of_edition(domain: EditionDomain) -> Apparatus:
    """Return the apparatus of all texts."""
    return of_parts([facts for _text, _part, facts in domain.parts()])


def empty_reading_words(entry: Emendation, reading: Reading) -> str:
    """Return the words shown instead of a reading without text; empty if it has text."""
    if entry.kind == LACUNA_ROLE:
        return (
            _("lost up to {}").format(entry.end) if entry.end else _("lost to the end of the part")
        )
    if reading.type == "transposition":
        return _("placed at {}").format(reading.place) if reading.place else _("placed elsewhere")
    if entry.several:
        return "" if reading.text.strip() else _("omitted")
    row = BY_NAME[entry.kind]
    if reading is entry.variant and row.read_by("E") is Reads.SIGN:
        return _("{} lost").format(terms.extent(*entry.extent))
    if row.revised:
        return "" if reading.text.strip() else _("nothing")
    if reading is entry.variant and row.read_by("O") is Reads.CONTENT:
        return _("doubtful")
    if reading.text.strip():
        return ""
    return _("lost") if row.read_by("O") is Reads.NOTHING else _("nothing")


def remarks(reading: Reading) -> list[str]:
    """Return the remarks on a single reading of a variant: the values of its roles, unusual
    certainty and responsibility, its reason."""
    inside = [
        words
        for one in marks_in(reading.pieces)
        for words in (
            *terms.value_words(one.said),
            terms.certainty(one.cert) if one.cert != "high" else "",
        )
    ]
    said = [
        *dict.fromkeys(inside),
        terms.certainty(reading.cert) if reading.cert != "high" else "",
        terms.responsible_words(reading.resp) if reading.resp != EDITORS else "",
        reading.why,
    ]
    return [words for words in said if words]


def glyph_pairs(text: Text) -> str:
    """Describe the record's table ``glyphs`` in words: ``’ for '``."""
    return enumerated([_("{} for {}").format(seen, meant) for seen, meant in text.glyphs.items()])


def folding_rule(text: Text) -> str:
    """Describe which entries a text folds away (:func:`tei_export.model.apparatus.is_small`)."""
    if not text.glyphs:
        return ""
    said = _(
        "Look-alike signs, which {} has throughout ({}), are hidden unless there is more to say about "
        "them"
    )
    return said.format(text.siglum, glyph_pairs(text))
