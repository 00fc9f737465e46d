"""The apparatus of sources: every quotation that a note cites, by quoted work, compared with the
text of that work.

A quotation belongs to the work cited by the note at its end (blocks:
:func:`tei_export.source.notes.citing_reference`, as in the TEI, ``quote/@source``; running text:
:mod:`tei_export.source.inline_quotations`). Blocks without such a note come last. If the register
names a file of the work, the edited text is compared with it (:mod:`tei_export.model.quoted`),
without the author's insertions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from docutils import nodes

from tei_export.i18n.formats import sort_key
from tei_export.model.places import Place
from tei_export.model.quoted import Comparison, Match, compare
from tei_export.model.readings import collapse_space
from tei_export.model.registers import source_text
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of
from tei_export.source.inline_quotations import inline_quotations
from tei_export.source.kept_findings import KeptFindings
from tei_export.source.nodes import every_block, lb, mark, noteref, reading, textnote
from tei_export.source.notes import citing_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.quoted import SourceText
    from tei_export.model.registers import RegisterEntry
    from tei_export.source.facts import EditionDomain

PAGE = "quotations"
_found: WeakKeyDictionary[BuildEnvironment, list[QuotedWork]] = WeakKeyDictionary()
#: Roles of words in a quotation that the author marks as his own.
OWN_WORDS = frozenset({"authorsic", "insertion"})
#: The maximum number of letters shown of a quotation.
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Quotation:
    """A block quotation: its lines, its first words and their language, its note and the pages that
    the note cites."""

    text: str
    docname: str
    block: str
    """its id in TEI and HTML"""
    first: Place
    last: Place
    words: str
    lang: str
    translated: bool
    note: str
    cited: str
    comparison: Comparison
    inline: bool = False
    """it stands in running text, between quotation marks"""

    @property
    def place(self) -> str:
        """Its lines: ``17.12–15``, ``17.12–18.2``."""
        if self.first == self.last:
            return str(self.first)
        same = self.first.page == self.last.page
        return f"{self.first}–{self.last.line if same else self.last}"


@dataclass(frozen=True, slots=True)
class QuotedWork:
    """A work with its quotations; ``entry`` is None for quotations of an unknown work."""

    entry: RegisterEntry | None
    count: int
    """the number of its mentions in the texts"""
    quotations: tuple[Quotation, ...]


def title() -> str:
    """Return the title of the page."""
    return _("Quotations by work")


def number(env: BuildEnvironment) -> int:
    """Return the number of works that are quoted."""
    return sum(work.entry is not None for work in works(env))


def works(env: BuildEnvironment) -> list[QuotedWork]:
    """Return the works that are quoted, by author and title; cached for all pages."""
    if env not in _found:
        domain = domain_of(env)
        found: dict[str, list[Quotation]] = {}
        quoted_in_document = _by_document(env, domain)
        for _text, part, facts in domain.parts():
            order = {page: n for n, page in enumerate(facts.pages)}
            quoted = sorted(
                quoted_in_document[part.doc],
                key=lambda one: (order.get(one[1].first.page, -1), one[1].first.line),
            )
            for key, quotation in quoted:
                found.setdefault(key, []).append(quotation)
        entries, count = domain.edition.registers["works"].entries, domain.counts()
        _found[env] = sorted(
            (
                QuotedWork(entries.get(key), count["works", key], tuple(those))
                for key, those in found.items()
            ),
            key=_order,
        )
    return _found[env]


def _by_document(
    env: BuildEnvironment, domain: EditionDomain
) -> dict[str, list[tuple[str, Quotation]]]:
    """Return the key of the work (empty: unknown) and the quotation, for all quotations of each document.

    They are kept: several outputs ask for them. They depend on the registers and the texts of the works, too, which
    the digest of the edition covers.
    """
    sources = Sources(domain.edition)
    parts = {part.doc: (text, part) for text, part, _facts in domain.parts()}

    def find(docname: str, document: nodes.document) -> list[tuple[str, Quotation]]:
        text, part = parts[docname]
        return [
            *_quotations(domain, sources, text, part, document),
            *_inline(domain, sources, text, part, document),
        ]

    kept = KeptFindings[list[tuple[str, Quotation]]](env, "quotations")
    return kept.of(parts, find)


def _order(work: QuotedWork) -> tuple[bool, str]:
    entry = work.entry
    return entry is None, sort_key(f"{entry.text('author')} {entry.name}" if entry else "")


def _quotations(
    domain: EditionDomain, sources: Sources, text: Text, part: Part, doctree: nodes.document
) -> Iterator[tuple[str, Quotation]]:
    """Yield the key of the work (empty: unknown) and the quotation."""
    cited = _cited(domain, part)
    for quote, key, label in quoted_in(doctree):
        lines = [Place(one["page"], one["line"]) for one in quote.findall(lb) if one["line"]]
        if not lines:
            continue
        short = _short(collapse_space(reading(quote)).strip())
        yield (
            key,
            Quotation(
                text.id,
                part.doc,
                quote["xml_id"],
                lines[0],
                lines[-1],
                short,
                str(quote.get("lang") or ""),
                bool(quote.get("translated")),
                label,
                cited.get((label, key), ""),
                sources.compared(key, quote),
            ),
        )


def _inline(
    domain: EditionDomain, sources: Sources, text: Text, part: Part, doctree: nodes.document
) -> Iterator[tuple[str, Quotation]]:
    """Yield the key of the work and the quotation, of those in running text whose note cites a work."""
    cited = _cited(domain, part)
    notes = {note["ids"][0]: note for note in every_block(doctree, textnote) if note["ids"]}
    for one in inline_quotations(doctree, OWN_WORDS):
        note = notes.get(one.ref["refid"])
        key, label = (str(note.get("work") or ""), str(note["label"])) if note else ("", "")
        if key:
            yield (
                key,
                Quotation(
                    text.id,
                    part.doc,
                    one.block,
                    one.first,
                    one.last,
                    _short(one.words),
                    "",
                    False,
                    label,
                    cited.get((label, key), ""),
                    sources.compared_words(key, one.quoted),
                    inline=True,
                ),
            )


def _cited(domain: EditionDomain, part: Part) -> dict[tuple[str, str], str]:
    """Return the pages that each note of a part cites: label of the note, key of the work → pages."""
    cited: dict[tuple[str, str], list[str]] = {}
    for fact in domain.facts_for(part.doc).citations:
        cited.setdefault((fact.note, fact.work), []).append(fact.cited)
    return {key: ", ".join(pages) for key, pages in cited.items()}


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rsplit(' ', 1)[0]} …"


def quoted_in(doctree: nodes.document) -> Iterator[tuple[nodes.block_quote, str, str]]:
    """Yield every block quotation except translations, the key of its work (empty: unknown) and the
    label of its note."""
    notes = {note["ids"][0]: note for note in every_block(doctree, textnote) if note["ids"]}
    for quote in every_block(doctree, nodes.block_quote):
        if quote.get("translates"):
            continue
        tail = citing_reference(quote) or citing_reference(_translation(quote))
        ref = next(iter(tail.findall(noteref)), None) if tail is not None else None
        note = notes.get(ref["refid"]) if ref is not None else None
        key = str(note.get("work") or "") if note is not None else ""
        yield quote, key, str(note["label"]) if note is not None else ""


class Sources:
    """The texts of the works of an edition, each read once."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._texts: dict[str, SourceText | None] = {}

    def compared(self, key: str, quote: nodes.block_quote) -> Comparison:
        """Compare a quotation with the text of the work ``key``, if the edition has it."""
        source = self._text(key)
        return compare(_as_quoted(quote), source) if source else Comparison(Match.UNCOMPARED)

    def compared_words(self, key: str, words: str) -> Comparison:
        """Compare the words that the author attributes to the work ``key``."""
        source = self._text(key)
        return compare(words, source) if source else Comparison(Match.UNCOMPARED)

    def _text(self, key: str) -> SourceText | None:
        if key not in self._texts:
            registers = self._edition.registers
            entry = registers["works"].entries.get(key)
            found = source_text(entry, registers, self._edition.root) if entry else None
            self._texts[key] = found
        return self._texts[key]


def _as_quoted(quote: nodes.block_quote) -> str:
    """Return the words that the author attributes to the source, without his own."""
    copy = quote.deepcopy()
    for own in [node for node in copy.findall(mark) if node["kind"] in OWN_WORDS]:
        own.parent.remove(own)
    return collapse_space(reading(copy)).strip()


def said_of(comparison: Comparison) -> str:
    """Return how a quotation agrees with its source, in words for readers, without the deviations."""
    return {
        Match.EXACT: _("word for word"),
        Match.SHORTENED: _("shortened, otherwise word for word"),
        Match.ALTERED: _("altered"),
        Match.ABSENT: _("not found in the text of the source"),
        Match.UNCOMPARED: _("not compared: the edition has no text of the source"),
    }[comparison.match]


def tally(quotations: Iterable[Quotation]) -> dict[Match, int]:
    """Return the number of quotations for each kind of agreement that occurs."""
    count = dict.fromkeys(Match, 0)
    for quotation in quotations:
        count[quotation.comparison.match] += 1
    return {match: number for match, number in count.items() if number}


def _translation(quote: nodes.block_quote) -> nodes.Element:
    """Return the translation of a quotation, or the quotation itself."""
    siblings = list(quote.parent.children)
    after = siblings[siblings.index(quote) + 1 :]
    return (
        after[0]
        if quote.get("translated") and after and isinstance(after[0], nodes.Element)
        else quote
    )
