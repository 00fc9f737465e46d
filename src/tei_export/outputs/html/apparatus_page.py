"""The page of the whole apparatus: every entry of every text, by page and line.

If that were a large page, every part has pages of its own, named after it, and this one leads to them: an edition may
have any number of texts and witnesses. Their old addresses (``apparatus.html#at-17``) are here, too.

Filters by kind and certainty are checkboxes and CSS, so they work without scripts; ``apparatus.js`` adds
order, a box for words, the address, and export of what is shown. An entry says only what is unusual, and a
kind of reasons that the record declares is a letter. This module provides data;
``theme/apparatus.html`` renders and escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tei_export.i18n import terms
from tei_export.model.apparatus import EDITORS
from tei_export.model.places import Place
from tei_export.shared import labels
from tei_export.shared.apparatus import (
    Apparatus,
    empty_reading_words,
    folding_rule,
    of_edition,
    of_part,
)
from tei_export.shared.elements import attributes, esc
from tei_export.shared.labels import _
from tei_export.shared.reading_marks import marked
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Text
    from tei_export.source.facts import EditionDomain

PAGE = "apparatus"
#: More entries than this, or more bytes of them, are no longer one page; the most bytes of a page of a part.
_MANY, _WHOLE, _LARGE = 2_500, 268_000, 200_000


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A reading in a line: words of the text, or ``said``, the remark in their place."""

    text: Markup
    said: str
    siglum: str
    turned: Markup
    """the attribute ``dir``, where it is needed"""


@dataclass(frozen=True, slots=True)
class ApparatusLine:
    """What one line of the list says, of one entry or of several on a page that differ in nothing but their
    place: ``24.3, 24.9 lemma] reading O``."""

    kind: str
    cert: str
    lemma: Markup
    readings: tuple[ReadingView, ...]
    who: str
    """who judged, if not the editors"""
    kind_of_reason: str
    """the letter of a kind of reasons that the record declares; :attr:`why` is what follows it"""
    why: Markup
    turned: Markup
    """the attribute ``dir`` of the lemma, where it is needed"""

    @property
    def size(self) -> int:
        """How many bytes of the page it takes, about, without the links to its places."""
        words = (
            self.lemma,
            self.who,
            self.why,
            *(r.text + r.said + r.siglum for r in self.readings),
        )
        return sum(len(str(w).encode()) for w in words) + 40 + 9 * len(self.readings)


@dataclass(slots=True)
class PageEntries:
    """The entries of one original page; ``shown`` counts those not folded away."""

    label: str
    lines: dict[ApparatusLine, list[tuple[str, str]]] = field(default_factory=dict)
    """for each line the places and identifiers of its entries"""
    shown: int = 0
    at: str = PAGE
    """the page of the site that has them"""
    size: int = 0
    """how many bytes of it they take, about"""
    mark: str = ""
    """their id there"""

    @property
    def anchor(self) -> str:
        """The fragment of the page in its chapter."""
        return Place(self.label).anchor


@dataclass(frozen=True, slots=True)
class PartEntries:
    """The entries of one part; ``most`` is the maximum on any of its pages."""

    docname: str
    title: str
    apparatus: Apparatus
    pages: list[PageEntries]
    most: int
    page: str
    """the page that has its entries, or the first of them"""
    more: tuple[str, ...] = ()
    """the other pages that have its entries"""
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
    every = of_edition(domain)
    reasons = _reasons(domain)
    letters = {kind: labels.letter(str(n)) for n, kind in enumerate(reasons, 1)}
    found = [
        (text, part, entries, _pages(entries, facts.pages, text, letters, len(part.doc)))
        for text, part, facts in domain.parts() if len(entries := of_part(facts))
    ]  # fmt: skip
    if not found:
        return
    divided = len(every) > _MANY or sum(p.size for *_rest, ps in found for p in ps) > _WHOLE
    parts, taken = [], set[tuple[str, str]]()
    for text, part, entries, pages in found:
        names = _placed(pages, f"{PAGE}-{part.id}") if divided else [PAGE]
        for page in pages:
            page.mark = f"at-{page.anchor[1:]}" if page.label else ""
            if (page.at, page.mark) in taken:  # a page of that number in another text
                page.mark = f"at-{part.id}-{page.anchor[1:]}"
            taken.add((page.at, page.mark))
        most = max(p.shown for p in pages)
        lang = labels.foreign(text.language)
        parts.append(PartEntries(
            part.doc, part.title, entries, pages, most, names[0], tuple(names[1:]), lang
        ))  # fmt: skip
    common = {
        "here": PAGE, "says": _says(), "editors": terms.responsible_words(EDITORS), "body": "",
        "reasons": [(letters[kind], kind, meaning) for kind, meaning in reasons.items()],
        "rules": [said for text in domain.edition.texts.values() if (said := folding_rule(text))] if every.folded else [],
    }  # fmt: skip
    yield PAGE, {**common, **_list(title(), every, parts, entries=not divided)}, "apparatus.html"
    for part_entries in parts if divided else ():
        for number, here in enumerate((part_entries.page, *part_entries.more), 1):
            name = f"{title()}: {part_entries.title}" + (
                f" ({number})" if part_entries.more else ""
            )
            shown = _list(name, part_entries.apparatus, [part_entries], entries=True)
            yield here, {**common, **shown, "whole": PAGE, "here": here}, "apparatus.html"


def _list(
    name: str, apparatus: Apparatus, parts: list[PartEntries], *, entries: bool
) -> dict[str, Any]:
    """Return what a page says of ``apparatus``: the entries of ``parts``, or where they are."""
    return {
        "title": esc(name), "parts": parts, "total": len(apparatus), "entries": entries,
        "summary": labels.count(len(apparatus), _("entry"), _("entries")), "who": _responsible(apparatus),
        "kinds": _kinds(apparatus), "certainties": _certainties(apparatus),
    }  # fmt: skip


def title() -> str:
    """Return the title of the page."""
    return _("Apparatus")


def _says() -> dict[str, str]:
    """Return the words that the script shows."""
    return {
        "shown": _("{n} of {all} entries are shown."),
        "order": _("Order"),
        "page": _("by page"),
        "kind": _("by kind"),
        "certainty": _("by certainty"),
        "who": _("by who judged"),
        "lemma": _("by lemma"),
        "words": _("Words"),
        "csv": _("Take what is shown (CSV)"),
        "print": _("Print what is shown"),
        "file": _("apparatus"),
    }


def _pages(
    apparatus: Apparatus,
    order: Sequence[str],
    text: Text,
    letters: Mapping[str, str],
    address: int,
) -> list[PageEntries]:
    """Return the entries by page of the original; what has no pages is as many as it needs.

    :param address: how long the address of the part is
    """
    pages = {label: [PageEntries(label)] for label in order}
    for label, entries in apparatus.pages():
        held = pages.setdefault(label, [PageEntries(label)])
        for entry in entries.entries:
            line = _line(entry, text, letters)
            if not label and held[-1].size > _LARGE // 2 and line not in held[-1].lines:
                held.append(PageEntries(label))
            page = held[-1]
            if line not in page.lines:
                page.size += line.size
            page.size += address + len(entry.xml_id) + 29
            page.lines.setdefault(line, []).append((str(entry.place), entry.xml_id))
        held[-1].shown += len(entries.shown)
    return [page for held in pages.values() for page in held]


def _placed(pages: Sequence[PageEntries], name: str) -> list[str]:
    """Say which page of the site has the entries of which page of the original; return their names."""
    names, size = [name], 0
    for page in pages:
        if size and size + page.size > _LARGE:
            names.append(f"{name}.{len(names) + 1}")
            size = 0
        page.at = names[-1]
        size += page.size
    return names


def _line(e: Emendation, text: Text, letters: Mapping[str, str]) -> ApparatusLine:
    def turned(words: str) -> Markup:
        return attributes(labels.isolated(words, e.lang or text.language, labels.text_direction()))

    readings = tuple(
        ReadingView(
            marked(r.pieces, _words) if r.pieces else _words(r.text),
            empty_reading_words(e, r),
            r.siglum,
            turned(r.text),
        )
        for r in e.readings
    )
    who = "" if e.resp == EDITORS else terms.responsible_words(e.resp)
    letter, why = letters.get(e.reason_kind, ""), e.why
    if letter:
        why = why.partition(":")[2].strip()
    return ApparatusLine(
        _filter_of(e), e.cert, _words(e.lemma), readings, who, letter, _words(why), turned(e.lemma)
    )


def _words(text: str) -> Markup:
    """Escape words of an element. Jinja would escape quotation marks, too: five signs for one, where every
    second entry has one."""
    return Markup(escape(text, quote=False))


def _filter_of(entry: Emendation) -> str:
    """Return the checkbox for an entry: its class, or the one for folded entries."""
    return "folded" if entry.small else entry.type


def _kinds(apparatus: Apparatus) -> list[Filter]:
    counts = Apparatus(apparatus.shown).by_class()
    kinds = [Filter(k, terms.plural(k), counts[k], True) for k in terms.in_order(counts)]
    if apparatus.folded:
        kinds.append(Filter("folded", terms.plural("glyph"), len(apparatus.folded), False))
    return kinds


def _reasons(domain: EditionDomain) -> dict[str, str]:
    """Return the kinds of reasons that occur, and what each means."""
    kinds = {e.reason_kind for _text, _part, facts in domain.parts() for e in facts.emendations}
    declared = (text.reason_kinds for text in domain.edition.texts.values())
    return {kind: said for table in declared for kind, said in table.items() if kind in kinds}


def _responsible(apparatus: Apparatus) -> list[str]:
    """Return who judged, if the editors did not judge everything."""
    found = sorted({e.resp for e in apparatus.entries})
    return [] if found in ([], [EDITORS]) else [terms.responsible_words(resp) for resp in found]


def _certainties(apparatus: Apparatus) -> list[Filter]:
    counts = apparatus.by_certainty()
    return [Filter(c, terms.certainty(c), counts[c], True) for c in terms.CERTAINTY if c in counts]
