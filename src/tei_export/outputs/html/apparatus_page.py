"""The page of the whole apparatus: every entry of every text, by page and line.

Filters by kind and certainty are checkboxes and CSS, so they work without scripts.
Here are only facts; ``theme/apparatus.html`` writes them, escaped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tei_export.model.places import Place
from tei_export.shared import labels
from tei_export.shared.labels import UNMARKED, _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Text
    from tei_export.source.facts import Emendation

PAGE = "apparatus"
#: In the order of the filters.
KINDS = (
    "substitution", "number", "script", "glyph", "segmentation", "noise", "loss",
    "displacement", "sic", "supplied", "gap", "unclear",
)  # fmt: skip
CERTAINTY = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the apparatus, as its line shows it."""

    place: str
    id: str
    kind: str
    cert: str
    lemma: str
    source: str
    siglum: str
    why: str


@dataclass(slots=True)
class PageEntries:
    """The entries of one page of the typescript; ``shown`` counts what is marked in the text."""

    label: str
    entries: list[Entry] = field(default_factory=list)
    shown: int = 0

    @property
    def anchor(self) -> str:
        """The fragment of the page in its chapter."""
        return Place(self.label).anchor


@dataclass(frozen=True, slots=True)
class PartEntries:
    """The entries of one part; ``most`` is the highest number on any of its pages."""

    docname: str
    title: str
    pages: list[PageEntries]
    most: int


@dataclass(frozen=True, slots=True)
class Filter:
    """A checkbox: its value, its words, how many entries it governs, whether it begins checked."""

    value: str
    label: str
    count: int
    checked: bool


def apparatus_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """What Sphinx's ``html-collect-pages`` asks for; nothing where there is no entry."""
    domain = domain_of(app.env)
    parts: list[PartEntries] = []
    found: list[Emendation] = []
    for text in domain.edition.texts.values():
        for part in text.parts:
            entries = domain.of(part.doc).emendations
            found += entries
            if entries:
                pages = _pages(text, domain.of(part.doc).pages, entries)
                parts.append(PartEntries(part.doc, part.title, pages, max(p.shown for p in pages)))
    if found:
        yield PAGE, {
            "title": labels.esc(title()), "parts": parts, "total": len(found), "body": "",
            "summary": labels.count(len(found), _("entry"), _("entries")),
            "kinds": _filters(found), "certainties": _certainties(found),
        }, "apparatus.html"  # fmt: skip


def title() -> str:
    return _("Apparatus")


def _pages(text: Text, order: Sequence[str], entries: Sequence[Emendation]) -> list[PageEntries]:
    pages: dict[str, PageEntries] = {label: PageEntries(label) for label in order}
    for e in sorted(entries, key=lambda e: e.line):
        page = pages.setdefault(e.page, PageEntries(e.page))
        siglum = "T" if e.kind == "sic" else text.siglum
        page.entries.append(
            Entry(str(Place(e.page, e.line)), e.xml_id, e.type, e.cert, e.lemma, e.source, siglum, e.why)
        )
        page.shown += e.type not in UNMARKED
    return list(pages.values())


def _filters(found: Sequence[Emendation]) -> list[Filter]:
    counts = Counter(e.type for e in found)
    names = {e.type: labels.kind(e, _("the OCR text")) for e in found}
    return [Filter(k, names[k], counts[k], k not in UNMARKED) for k in KINDS if k in counts]


def _certainties(found: Sequence[Emendation]) -> list[Filter]:
    counts = Counter(e.cert for e in found)
    names = {e.cert: labels.certainty(e) for e in found}
    return [Filter(c, names[c], counts[c], True) for c in CERTAINTY if c in counts]
