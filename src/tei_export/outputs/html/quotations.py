"""The apparatus of sources: every block quotation, by the work that it quotes.

A quotation belongs to the work that the note at its end cites (:func:`tei_export.source.notes.citing_reference`), as in
the TEI (``quote/@source``). Where no note names a work of the register, the quotation stands at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from docutils import nodes

from tei_export.i18n.formats import sort_key
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, noteref, reading, textnote
from tei_export.source.notes import citing_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.model.edition import Part
    from tei_export.model.registers import RegisterEntry
    from tei_export.source.facts import EditionDomain

PAGE = "quotations"
_found: WeakKeyDictionary[Sphinx, list[QuotedWork]] = WeakKeyDictionary()
#: Letters shown of the words of a quotation.
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Quotation:
    """A block quotation: its lines, its first words and their language, its note and the pages that this cites."""

    docname: str
    first: Place
    last: Place
    words: str
    lang: str
    translated: bool
    note: str
    cited: str

    @property
    def place(self) -> str:
        """Its lines: ``17.12–15``, ``17.12–18.2``."""
        if self.first == self.last:
            return str(self.first)
        same = self.first.page == self.last.page
        return f"{self.first}–{self.last.line if same else self.last}"


@dataclass(frozen=True, slots=True)
class QuotedWork:
    """A work with its quotations; ``entry`` is None for quotations whose work is not known."""

    entry: RegisterEntry | None
    count: int
    """how often the texts mention it"""
    quotations: tuple[Quotation, ...]


def title() -> str:
    """Return the title of the page."""
    return _("Quotations by work")


def number(app: Sphinx) -> int:
    """Return the number of works that are quoted in blocks."""
    return sum(work.entry is not None for work in works(app))


def works(app: Sphinx) -> list[QuotedWork]:
    """Return the works that are quoted in blocks, by author and title; cached for all pages."""
    if app not in _found:
        domain = domain_of(app.env)
        found: dict[str, list[Quotation]] = {}
        for _text, part, _facts in domain.parts():
            for key, quotation in _quotations(domain, part, app.env.get_doctree(part.doc)):
                found.setdefault(key, []).append(quotation)
        _found[app] = sorted(
            (_work(domain, key, quoted) for key, quoted in found.items()), key=_order
        )
    return _found[app]


def _order(work: QuotedWork) -> tuple[bool, str]:
    entry = work.entry
    return entry is None, sort_key(f"{entry.text('author')} {entry.name}" if entry else "")


def _quotations(
    domain: EditionDomain, part: Part, doctree: nodes.document
) -> Iterator[tuple[str, Quotation]]:
    """Yield the key of the work (empty: not known) and the quotation."""
    notes = {note["ids"][0]: note for note in doctree.findall(textnote) if note["ids"]}
    cited: dict[tuple[str, str], list[str]] = {}
    for fact in domain.facts_for(part.doc).citations:
        cited.setdefault((fact.note, fact.work), []).append(fact.cited)
    for quote in doctree.findall(nodes.block_quote):
        lines = [Place(one["page"], one["line"]) for one in quote.findall(lb) if one["line"]]
        if quote.get("translates") or not lines:
            continue
        tail = citing_reference(quote) or citing_reference(_translation(quote))
        ref = next(iter(tail.findall(noteref)), None) if tail is not None else None
        note = notes.get(ref["refid"]) if ref is not None else None
        key = str(note.get("work") or "") if note is not None else ""
        label = str(note["label"]) if note is not None else ""
        words = collapse_space(reading(quote)).strip()
        short = words if len(words) <= _SHOWN else f"{words[:_SHOWN].rsplit(' ', 1)[0]} …"
        pages = ", ".join(cited.get((label, key), ()))
        lang = str(quote.get("lang") or "")
        yield (
            key,
            Quotation(
                part.doc,
                lines[0],
                lines[-1],
                short,
                lang,
                bool(quote.get("translated")),
                label,
                pages,
            ),
        )


def _translation(quote: nodes.block_quote) -> nodes.Element:
    """Return the translation of a quotation, or the quotation itself."""
    siblings = list(quote.parent.children)
    after = siblings[siblings.index(quote) + 1 :]
    return (
        after[0]
        if quote.get("translated") and after and isinstance(after[0], nodes.Element)
        else quote
    )


def _work(domain: EditionDomain, key: str, quotations: list[Quotation]) -> QuotedWork:
    entry = domain.edition.registers["works"].entries.get(key)
    return QuotedWork(entry, domain.counts().get(("works", key), 0), tuple(quotations))
