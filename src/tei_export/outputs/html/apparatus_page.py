"""The page of the whole apparatus: every entry of every text, by page and line.

If it would be too large, every part has pages of its own, named after the part, and this page links
to them. The old addresses (``apparatus.html#at-17``) still work here, also where the list of these pages continues on
``apparatus-2.html`` …

Filters by kind and certainty are checkboxes and CSS, so they work without scripts; ``apparatus.js`` adds
order, a box for words, the address, and export of what is shown. An entry states only what is
unusual; a letter stands for a kind of reasons that the record declares. This module provides data;
``theme/apparatus.html`` renders and escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tei_export.i18n import terms
from tei_export.model.apparatus import EDITORS
from tei_export.model.places import Place
from tei_export.outputs.html.list_division import divide, page_names
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
#: The maximum of entries, and of their bytes, on a single page; the maximum of bytes on a part's
#: page.
_MANY, _WHOLE, _LARGE = 2_500, 268_000, 200_000
#: Bytes of the markup of a bar, which leads to the entries of a page, and of the heading of a part.
_BAR, _HEAD = 85, 300


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A reading in a line: words of the text, or ``said``, a remark instead of words."""

    text: Markup
    said: str
    siglum: str
    turned: Markup
    """the attribute ``dir``, if needed"""


@dataclass(frozen=True, slots=True)
class ApparatusLine:
    """A line of the list, for one entry or for several on a page that differ only in their place:
    ``24.3, 24.9 lemma] reading O``."""

    kind: str
    cert: str
    lemma: Markup
    said: str
    """what stands before :attr:`lemma` where that is the word beside a place where the text has nothing"""
    readings: tuple[ReadingView, ...]
    who: str
    """who judged, if not the editors"""
    kind_of_reason: str
    """the letter of a kind of reasons that the record declares; :attr:`why` is the rest of the reason"""
    why: Markup
    turned: Markup
    """the attribute ``dir`` of the lemma, if needed"""

    @property
    def size(self) -> int:
        """Its approximate size in bytes, without the links to its places."""
        words = (
            self.lemma,
            self.said,
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
    """for each line, the places and identifiers of its entries"""
    shown: int = 0
    at: str = PAGE
    """their page of the site"""
    size: int = 0
    """their approximate size in bytes"""
    mark: str = ""
    """their id on that page"""

    @property
    def anchor(self) -> str:
        """The fragment of the page in its chapter."""
        return Place(self.label).anchor


# without repr: Sphinx writes out the values of every page for a log that nobody reads
@dataclass(frozen=True, slots=True, repr=False)
class PartEntries:
    """The entries of one part; ``most`` is the maximum on any of its pages."""

    docname: str
    title: str
    apparatus: Apparatus
    pages: list[PageEntries]
    most: int
    page: str
    """the page with its entries, or the first of several"""
    more: tuple[str, ...] = ()
    """the other pages with its entries"""
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
        for text, part, facts in domain.parts()
        if len(entries := of_part(facts))
    ]
    if not found:
        return
    divided = len(every) > _MANY or sum(p.size for *_rest, ps in found for p in ps) > _WHOLE
    parts, taken = [], set[tuple[str, str]]()
    for text, part, entries, pages in found:
        names = _placed(pages, f"{PAGE}-{part.id}") if divided else [PAGE]
        for page in pages:
            page.mark = f"at-{page.anchor[1:]}" if page.label else ""
            if (page.at, page.mark) in taken:  # another text has a page of that number
                page.mark = f"at-{part.id}-{page.anchor[1:]}"
            taken.add((page.at, page.mark))
        most = max(p.shown for p in pages)
        lang = labels.foreign(text.language)
        parts.append(
            PartEntries(
                part.doc, part.title, entries, pages, most, names[0], tuple(names[1:]), lang
            )
        )
    common = {
        "here": PAGE, "says": _says(), "editors": terms.responsible_words(EDITORS), "body": "",
        "reasons": [(letters[kind], kind, meaning) for kind, meaning in reasons.items()],
        "rules": [said for text in domain.edition.texts.values() if (said := folding_rule(text))] if every.folded else [],
    }  # fmt: skip
    whole = _list(title(), every, parts, entries=not divided)
    shares = _overview(parts) if divided else [parts]
    overview = page_names(app, PAGE, len(shares))
    for number, name in enumerate(overview, 1):
        more = (
            {"title": esc(f"{title()} ({number})"), "trail": [(PAGE, title())]}
            if number > 1
            else {}
        )
        yield name, {
            **common, **whole, **more, "parts": shares[number - 1], "number": number,
            "pages": overview if len(overview) > 1 else [],
        }, "apparatus.html"  # fmt: skip
    for part_entries in parts if divided else ():
        for number, here in enumerate((part_entries.page, *part_entries.more), 1):
            name = f"{title()}: {part_entries.title}" + (
                f" ({number})" if part_entries.more else ""
            )
            shown = _list(name, part_entries.apparatus, [part_entries], entries=True)
            yield here, {**common, **shown, "whole": PAGE, "here": here}, "apparatus.html"


def _overview(parts: Sequence[PartEntries]) -> list[list[PartEntries]]:
    """Return the parts on each page of the list that leads to their entries."""
    sizes = [
        [_BAR + len(f"{page.label}{page.at}") + 2 * len(page.mark) for page in part.pages]
        for part in parts
    ]
    return [
        [replace(parts[n], pages=parts[n].pages[begin:end]) for n, begin, end in page]
        for page in divide(sizes, _HEAD, _LARGE)
    ]


def _list(
    name: str, apparatus: Apparatus, parts: list[PartEntries], *, entries: bool
) -> dict[str, Any]:
    """Return the list on a page of ``apparatus``: the entries of ``parts``, or links to their pages."""
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
        "csv": _("Download this list (CSV)"),
        "print": _("Print this list"),
        "file": _("apparatus"),
    }


def _pages(
    apparatus: Apparatus,
    order: Sequence[str],
    text: Text,
    letters: Mapping[str, str],
    address: int,
) -> list[PageEntries]:
    """Return the entries by page of the original; a text without pages is divided as necessary.

    :param address: the length of the part's address
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
    """Assign the entries of each original page to a page of the site; return the names of these pages."""
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
    said, words = terms.lemma_words(e)
    letter, why = letters.get(e.reason_kind, ""), e.why
    if letter:
        why = why.partition(":")[2].strip()
    return ApparatusLine(
        _filter_of(e),
        e.cert,
        _words(words),
        said,
        readings,
        who,
        letter,
        _words(why),
        turned(words),
    )


def _words(text: str) -> Markup:
    """Escape the words of an element. Jinja would also escape quotation marks, five characters
    each, in every second entry."""
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
    """Return the kinds of reasons that occur, with their meanings."""
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
