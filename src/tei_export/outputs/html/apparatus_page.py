"""The page of the whole apparatus: every entry of every text, by page and line.

Filters by kind and certainty are checkboxes and CSS, so they work without scripts. This module
provides data; ``theme/apparatus.html`` renders and escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tei_export.i18n import terms
from tei_export.model.places import Place
from tei_export.shared import labels
from tei_export.shared.apparatus import Apparatus, nothing, of_edition, of_part, rule
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Text

PAGE = "apparatus"


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A reading in a line: words of the text, or ``said``, the remark in their place."""

    text: str
    said: str
    siglum: str
    turned: str
    """the attribute ``dir``, where it is needed"""


@dataclass(frozen=True, slots=True)
class ApparatusEntryView:
    """One entry of the apparatus, as its line shows it. ``reason``: the kind of its reason and what that means,
    both empty where the text declares no such kind; ``why``: the rest of the reason."""

    place: str
    id: str
    kind: str
    cert: str
    lemma: str
    readings: tuple[ReadingView, ...]
    reason: tuple[str, str]
    why: str
    turned: str
    """the attribute ``dir`` of the lemma, where it is needed"""


@dataclass(slots=True)
class PageEntries:
    """The entries of one original page; ``shown`` counts those not folded away."""

    label: str
    entries: list[ApparatusEntryView] = field(default_factory=list)
    shown: int = 0

    @property
    def anchor(self) -> str:
        """The fragment of the page in its chapter."""
        return Place(self.label).anchor


@dataclass(frozen=True, slots=True)
class PartEntries:
    """The entries of one part; ``most`` is the maximum on any of its pages."""

    docname: str
    title: str
    pages: list[PageEntries]
    most: int
    lang: str = ""
    """the language of its text, if that is not the interface's"""


@dataclass(frozen=True, slots=True)
class Filter:
    """A checkbox: its value, its label, the number of entries it controls, its initial state."""

    value: str
    label: str
    count: int
    checked: bool


def apparatus_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; yield nothing if there are no entries."""
    domain = domain_of(app.env)
    parts = []
    for text, part, facts in domain.parts():
        entries = of_part(facts)
        if len(entries):
            pages = _pages(entries, facts.pages, text)
            lang = labels.foreign(text.language)
            parts.append(
                PartEntries(part.doc, part.title, pages, max(p.shown for p in pages), lang)
            )
    every = of_edition(domain)
    if parts:
        yield PAGE, {
            "title": labels.esc(title()), "parts": parts, "total": len(every), "body": "",
            "summary": labels.count(len(every), _("entry"), _("entries")),
            "kinds": _kinds(every), "certainties": _certainties(every),
            "rules": [said for text in domain.edition.texts.values() if (said := rule(text))] if every.folded else [],
        }, "apparatus.html"  # fmt: skip


def title() -> str:
    """Return the title of the page."""
    return _("Apparatus")


def _pages(apparatus: Apparatus, order: Sequence[str], text: Text) -> list[PageEntries]:
    pages: dict[str, PageEntries] = {label: PageEntries(label) for label in order}
    for label, entries in apparatus.pages():
        page = pages.setdefault(label, PageEntries(label))
        page.entries += [_entry(e, text) for e in entries.entries]
        page.shown += len(entries.shown)
    return list(pages.values())


def _entry(e: Emendation, text: Text) -> ApparatusEntryView:
    def turned(words: str) -> str:
        return labels.isolated(words, e.lang or text.language, labels.way())

    readings = tuple(
        ReadingView(r.text, nothing(e, r), r.siglum, turned(r.text)) for r in e.readings
    )
    meaning = text.reason_kinds.get(e.reason_kind, "")
    reason, why = (
        ((e.reason_kind, meaning), e.why.partition(":")[2].strip())
        if meaning
        else (("", ""), e.why)
    )
    return ApparatusEntryView(
        str(e.place),
        e.xml_id,
        _filter_of(e),
        e.cert,
        e.lemma,
        readings,
        reason,
        why,
        turned(e.lemma),
    )


def _filter_of(entry: Emendation) -> str:
    """Return the checkbox for an entry: its class, or the one for folded entries."""
    return "folded" if entry.small else entry.type


def _kinds(apparatus: Apparatus) -> list[Filter]:
    counts = Apparatus(apparatus.shown).by_class()
    kinds = [Filter(k, terms.many_of(k), counts[k], True) for k in terms.in_order(counts)]
    if apparatus.folded:
        kinds.append(Filter("folded", terms.many_of("glyph"), len(apparatus.folded), False))
    return kinds


def _certainties(apparatus: Apparatus) -> list[Filter]:
    counts = apparatus.by_certainty()
    return [Filter(c, terms.certainty(c), counts[c], True) for c in terms.CERTAINTY if c in counts]
