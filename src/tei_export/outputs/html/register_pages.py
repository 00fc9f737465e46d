"""The register pages: every entry that the texts mention, with every mention.

This module provides data, in order; ``theme/register.html`` renders and escapes it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.i18n.formats import sort_key
from tei_export.model.places import Place, parse
from tei_export.model.registers import heading
from tei_export.model.vocabulary import BY_REGISTER
from tei_export.outputs.html.apparatus_section import PHONE_LINE
from tei_export.outputs.html.entry_details import (
    EntryDetail,
    IdentifierSource,
    details,
    links,
    relations,
    sources,
)
from tei_export.outputs.html.register_layout import (
    AROUND,
    LONG,
    RegisterLayout,
    letter_of,
    letter_page,
    registers_of,
)
from tei_export.shared import labels
from tei_export.shared.dates import human_date
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.shared.mentions import mentioned
from tei_export.shared.relations import stated_relations
from tei_export.source.facts import Citation, domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition
    from tei_export.model.registers import RegisterEntry
    from tei_export.source.facts import EditionDomain, Mention

INDEX = "registers/index"
#: Lines that the heads of an entry and the space around it take.
_HEADS = 5
#: An index with more names than this is a page for each letter.
MOST_NAMES = 2_500


@dataclass(frozen=True, slots=True)
class SentencePiece:
    """A stretch of a sentence; ``marked``: it is the mention."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class MentionLine:
    """A sentence with one or more mentions, or a citation (``cited`` pages)."""

    places: list[Place]
    pieces: list[SentencePiece] = field(default_factory=list)
    note: str = ""
    cited: str = ""
    lang: str = ""


@dataclass(slots=True)
class ChapterMentions:
    """The mentions in one document."""

    docname: str
    part: str
    title: str
    count: int
    lines: list[MentionLine]


# without repr: Sphinx writes out the values of every page for a log that nobody reads
@dataclass(frozen=True, slots=True, repr=False)
class RegisterEntryView:
    """A register entry as its page shows it."""

    id: str
    letter: str
    name: str
    names: dict[str, str]
    """names in other languages, by language tag"""
    dates: str
    gloss: str
    note: str
    details: list[EntryDetail]
    links: list[tuple[str, str, str]]
    """authority, identifier, address"""
    sources: list[IdentifierSource]
    count: int
    mentions: list[ChapterMentions]
    citations: list[ChapterMentions]
    own: str
    """name of the page with the mentions, unless it is the register's"""

    @property
    def height(self) -> int:
        """How many lines it has on a phone, at most: what its place is taken to be until it is laid out (``far.css``)."""
        said = [
            self.name,
            self.gloss,
            self.note,
            *self.names.values(),
            *(one.text for one in self.sources),
        ]
        said += [f"{d.label} {d.text} {d.stated or ''}" for d in self.details]
        said += [" ".join(link) for link in self.links]
        blocks = [*said, *(chapter.title for chapter in (*self.mentions, *self.citations))]
        if not self.own:
            blocks += [f"{_places(one)} {_words(one)}" for c in self.mentions for one in c.lines]
        blocks += [f"{_places(one)} {one.cited}" for c in self.citations for one in c.lines]
        return (
            _HEADS
            + len(self.mentions)
            + sum(1 + len(block) // PHONE_LINE for block in blocks if block)
        )


def _places(line: MentionLine) -> str:
    return ", ".join(map(str, line.places))


def _words(line: MentionLine) -> str:
    return "".join(piece.text for piece in line.pieces)


def register_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; remove pages of entries that no longer exist."""
    pages = list(_pages(app))
    names = {name for name, _context, _template in pages} | app.env.found_docs
    folder = Path(app.outdir)
    for path in sorted((folder / "registers").rglob("*.html")):
        if path.relative_to(folder).with_suffix("").as_posix() not in names:
            path.unlink()
    yield from pages


def _pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    edition = domain_of(app.env).edition
    domain = domain_of(app.env)
    shown = mentioned(domain)
    registers = registers_of(domain)
    ids = {
        entry.xml_id: registers[name].listed(entry)
        for name, keys in shown.items()
        for entry in map(edition.registers[name].entries.__getitem__, keys)
    }
    related = relations(stated_relations(domain), ids)
    states = _states(domain)
    index: list[IndexLine] = []
    for name, keys in shown.items():
        title = labels.register(name)
        entries = [edition.registers[name].entries[key] for key in keys]
        layout = registers[name]
        collected = _RegisterFacts(edition, domain, layout, related)
        listed = [collected.entry(entry, ids) for entry in sorted(entries, key=_order)]
        page = layout.page
        told = {"states": states, "state_rule": _state_rule(states), "layout": layout}
        yield from _lists(layout, title, listed, told)
        for entry, found in zip(listed, sorted(entries, key=_order), strict=True):
            leads = entry.own or layout.letter_page(entry.letter)
            index.append(
                IndexLine(heading(found), entry.letter, name, entry.count, leads, entry.id)
            )
            if entry.own:
                context = _context(entry.name, name, [entry])
                yield entry.own, {**context, **told, "trail": [(page, title)]}, "register.html"
    if index:
        index.sort(key=lambda e: (sort_key(e.name), e.register))
        yield from _indexes(index)


def _lists(
    layout: RegisterLayout, title: str, entries: list[RegisterEntryView], told: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages of a register that list its entries."""
    whole = _context(title, layout.name, entries)
    moved = {"own": f"{layout.name}/", "id": BY_REGISTER[layout.name].id_prefix}
    if not layout.by_letter:
        goes_on = moved if layout.moved and not layout.by_part else None
        yield layout.page, {**whole, **told, "moved": goes_on}, "register.html"
        return
    pages = [(letter, layout.letter_page(letter)) for letter in whole["letters"]]
    leading = {"entries": [], "number": len(entries), "letters": [], "pages": pages, "moved": moved}
    yield layout.page, {**whole, **told, **leading}, "register.html"
    for letter, page in pages:
        context = _context(
            f"{title}: {letter}", layout.name, [e for e in entries if e.letter == letter]
        )
        yield page, {**context, **told, "above": [(layout.page, title)]}, "register.html"


def _indexes(index: list[IndexLine]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the index of all registers: one page, or one for each letter."""
    title = labels.index()
    whole = {**_context(title, "", []), **_indexed(index), "number": len(index)}
    summary = labels.count(len(index), _("entry"), _("entries"))
    if len(index) <= MOST_NAMES:
        yield INDEX, {**whole, "summary": summary}, "names.html"
        return
    pages = [(letter, letter_page(INDEX, letter)) for letter in sorted(whole["letters"])]
    yield (
        INDEX,
        {**whole, "summary": summary, "index": [], "letters": [], "pages": pages},
        "names.html",
    )
    for letter, page in pages:
        lines = [line for line in index if line.letter == letter]
        context = {
            **_context(f"{title}: {letter}", "", []),
            **_indexed(lines),
            "number": len(lines),
        }
        count = labels.count(len(lines), _("entry"), _("entries"))
        yield page, {**context, "summary": count, "above": [(INDEX, title)]}, "names.html"


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of the index of all registers."""

    name: str
    letter: str
    register: str
    count: int
    page: str
    id: str


def _indexed(index: list[IndexLine]) -> dict[str, Any]:
    counts = Counter(e.register for e in index)
    kinds = [(name, labels.register(name), counts[name]) for name in BY_REGISTER if name in counts]
    return {"index": index, "letters": list(dict.fromkeys(e.letter for e in index)), "kinds": kinds}


#: The signs beside a place: its page has not been read yet; it has open doubts.
UNREAD, DOUBTED = "○", "?"


def _states(domain: EditionDomain) -> dict[tuple[str, str], str]:
    """Map document and page to the sign of its reading state, if it needs one."""
    found: dict[tuple[str, str], str] = {}
    for text, part, facts in domain.parts():
        gone = labels.lost(text, facts.pages)
        for page in (p for p in facts.pages if text.ledger and p not in gone):
            if labels.doubts(text, [page]):
                found[part.doc, page] = DOUBTED
            elif text.ledger.get(page, {}).get("readings", "").strip() in ("", "0"):
                found[part.doc, page] = UNREAD
    return found


def _state_rule(states: Mapping[tuple[str, str], str]) -> str:
    """Return the meaning of the signs that occur."""
    said = {
        UNREAD: _("{} beside a place: its page has not been proofread yet."),
        DOUBTED: _("{} beside a place: doubts are open on its page."),
    }
    return " ".join(words.format(sign) for sign, words in said.items() if sign in states.values())


def _context(title: str, register: str, entries: list[RegisterEntryView]) -> dict[str, Any]:
    total = sum(e.count for e in entries)
    return {
        "title": esc(title),
        "register": register,
        "entries": entries,
        "number": len(entries),
        "letters": list(dict.fromkeys(e.letter for e in entries)),
        "total": total,
        "summary": _summary(entries, total),
        "body": "",
    }


def _summary(entries: list[RegisterEntryView], total: int) -> str:
    """Summarise a page of these entries: the one entry's description, or their number."""
    told = (
        [entries[0].dates, entries[0].gloss.rstrip(".")]
        if len(entries) == 1
        else [labels.count(len(entries), _("entry"), _("entries"))]
    )
    return "; ".join(filter(None, [*told, labels.count(total, _("mention"), _("mentions"))]))


def _order(entry: RegisterEntry) -> tuple[str, str]:
    return sort_key(heading(entry)), entry.key


class _RegisterFacts:
    """The facts of one register, by entry."""

    def __init__(
        self,
        edition: Edition,
        domain: EditionDomain,
        layout: RegisterLayout,
        related: Mapping[str, list[EntryDetail]],
    ) -> None:
        self.edition = edition
        self.layout = layout
        self.name = name = layout.name
        self.facts = domain.facts
        self.related = related
        self.mentions: dict[str, list[Mention]] = defaultdict(list)
        self.citations: dict[str, list[Citation]] = defaultdict(list)
        for mention in domain.mentions():
            if mention.register == name:
                self.mentions[mention.key].append(mention)
        #: work → documents and places of the author's bibliography
        self.listed: dict[str, list[tuple[str, str]]] = defaultdict(list)
        if name == "works":
            for citation in domain.citations():
                self.citations[citation.work].append(citation)
            for docname, facts in domain.facts.items():
                for work, place in facts.entries.items():
                    if place:
                        self.listed[work].append((docname, place))

    def entry(self, entry: RegisterEntry, ids: Mapping[str, str]) -> RegisterEntryView:
        mentions, cited = self.mentions[entry.key], self.citations[entry.key]
        names = entry.data.get("names")
        return RegisterEntryView(
            entry.xml_id,
            letter_of(entry),
            entry.name,
            {str(k): str(v) for k, v in names.items()} if isinstance(names, dict) else {},
            entry.text("dates") or human_date(entry.text("date")),
            entry.text("gloss"),
            entry.text("note"),
            [
                *details(entry, self.edition, ids),
                *self._entries(entry),
                *self.related.get(entry.xml_id, ()),
            ],
            list(links(entry.ids)),
            list(sources(entry)),
            len(mentions),
            self._chapters(mentions),
            self._chapters(cited),
            self.layout.own(entry.key, len(mentions)),
        )

    def _chapters(self, occurrences: Sequence[Mention | Citation]) -> list[ChapterMentions]:
        chapters: dict[str, list[Mention | Citation]] = {}
        for fact in occurrences:
            chapters.setdefault(fact.docname, []).append(fact)
        return [self._chapter(docname, facts) for docname, facts in chapters.items()]

    def _chapter(self, docname: str, facts: Sequence[Mention | Citation]) -> ChapterMentions:
        part = self.edition.part_of(docname)
        cited = [
            MentionLine([Place(f.page, f.line)], note=f.note, cited=f.cited)
            for f in facts
            if isinstance(f, Citation)
        ]
        lines = cited or list(_sentences([f for f in facts if not isinstance(f, Citation)]))
        return ChapterMentions(
            docname,
            part[1].id if part else "",
            part[1].title if part else docname,
            len(facts),
            lines,
        )

    def _entries(self, entry: RegisterEntry) -> Iterator[EntryDetail]:
        """Yield the entries of the author's bibliography for a work."""
        for docname, place in self.listed[entry.key]:
            yield EntryDetail(
                _("in the author’s bibliography"), place, docname, parse(place).anchor
            )


def _sentences(mentions: Sequence[Mention]) -> Iterator[MentionLine]:
    """Yield the sentences of one document, in order, each with all its mentions."""
    group: list[Mention] = []
    for mention in mentions:
        if group and not _follows(group[-1], mention):
            yield _sentence(group)
            group = []
        group.append(mention)
    if group:
        yield _sentence(group)


def _follows(first: Mention, second: Mention) -> bool:
    """Return whether both mentions are in one sentence, in this order."""
    return (
        first.note == second.note
        and len(first.before) + len(first.text) <= len(second.before)
        and _whole(first) == _whole(second)
    )


def _whole(mention: Mention) -> str:
    return mention.before + mention.text + mention.after


def _sentence(group: Sequence[Mention]) -> MentionLine:
    text = _whole(group[0])
    first, last = _cut(text, len(group[0].before), len(text) - len(group[-1].after))
    pieces: list[SentencePiece] = []
    at = first
    for mention in group:
        start = len(mention.before)
        pieces += [SentencePiece(text[at:start]), SentencePiece(mention.text, True)]
        at = start + len(mention.text)
    pieces.append(SentencePiece(text[at:last]))
    if first:
        pieces.insert(0, SentencePiece("… "))
    if last < len(text):
        pieces.append(SentencePiece(" …"))
    places = list(dict.fromkeys(Place(m.page, m.line) for m in group))
    letters = [c for c in text if c.isalpha()]
    cyrillic = sum("\u0400" <= c <= "\u04ff" for c in letters)
    return MentionLine(
        places, pieces, group[0].note, lang="ru" if cyrillic * 2 > len(letters) else ""
    )


def _cut(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the shown range of a sentence: if it is long, the words around its mentions."""
    first, last = 0, len(text)
    if last > LONG and start > AROUND:
        first = text.find(" ", start - AROUND, start) + 1 or start
    if last > LONG and last - end > AROUND:
        space = text.rfind(" ", end, end + AROUND)
        last = space if space >= 0 else end
    return first, last
