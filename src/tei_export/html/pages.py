"""The register pages: every entry that the texts mention, with every mention.

Here are only facts, in order; ``theme/register.html`` writes them, escaped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.citation import Place
from tei_export.domain import Citation, domain_of
from tei_export.html import words
from tei_export.html.contents import mentioned
from tei_export.html.words import _
from tei_export.registers import heading
from tei_export.vocabulary import BY_REGISTER
from tei_export.wording import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from tei_export.domain import EditionDomain, Mention
    from tei_export.edition import Edition
    from tei_export.registers import Entry

#: An entry with at most so many mentions shows them unfolded.
UNFOLDED = 6
#: How much of the sentence the facts hold on each side; where there are more than
#: ``FEW`` mentions, about a line is shown of it.
_CONTEXT = 90
_SHORT = 40
FEW = 12
#: An entry with more mentions has a page of its own; the register's page counts them.
MANY = 150
_AUTHORITIES = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{}"),
    "viaf": ("VIAF", "https://viaf.org/viaf/{}"),
    "gnd": ("GND", "https://d-nb.info/gnd/{}"),
    "lcnaf": ("LCNAF", "https://id.loc.gov/authorities/names/{}"),
    "geonames": ("GeoNames", "https://www.geonames.org/{}"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True, slots=True)
class Line:
    """A mention in its context, or a citation (``cited`` pages)."""

    place: str
    anchor: str
    text: str = ""
    before: str = ""
    after: str = ""
    note: str = ""
    cited: str = ""


@dataclass(slots=True)
class Chapter:
    """The mentions in one document."""

    docname: str
    part: str
    title: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Detail:
    """A labelled fact; ``page`` and ``id`` of the register entry it leads to, if shown."""

    label: str
    text: str
    page: str = ""
    id: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A register entry as its page shows it."""

    id: str
    letter: str
    name: str
    names: dict[str, str]
    """in other languages, by language tag"""
    dates: str
    gloss: str
    note: str
    details: list[Detail]
    links: list[tuple[str, str, str]]
    """authority, identifier, address"""
    count: int
    mentions: list[Chapter]
    citations: list[Chapter]
    folded: bool
    own: str
    """name of the page that has the mentions, where it is not the register's"""


def register_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """What Sphinx's ``html-collect-pages`` asks for; pages of entries gone are removed."""
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
    ids = {BY_REGISTER[name].id_prefix + key for name, keys in shown.items() for key in keys}
    for name, keys in shown.items():
        title = words.register(name)
        entries = [edition.registers[name].entries[key] for key in keys]
        collected = _Collected(edition, domain, name)
        listed = [collected.entry(entry, ids) for entry in sorted(entries, key=_order)]
        page = f"registers/{name}"
        yield page, _context(title, name, listed), "register.html"
        for entry in listed:
            if entry.own:
                context = _context(entry.name, name, [entry])
                yield entry.own, {**context, "trail": [(page, title)]}, "register.html"


def _context(title: str, register: str, entries: list[Shown]) -> dict[str, Any]:
    return {
        "title": words.esc(title),
        "register": register,
        "entries": entries,
        "letters": list(dict.fromkeys(e.letter for e in entries)),
        "total": sum(e.count for e in entries),
        "body": "",
    }


def _order(entry: Entry) -> tuple[str, str]:
    return sort_key(heading(entry)), entry.key


class _Collected:
    """The facts of one register, by entry."""

    def __init__(self, edition: Edition, domain: EditionDomain, name: str) -> None:
        self.edition = edition
        self.name = name
        self.mentions: dict[str, list[Mention]] = defaultdict(list)
        self.citations: dict[str, list[Citation]] = defaultdict(list)
        self.chapters = [p.doc for t in edition.texts.values() for p in t.parts]
        self.pages = {d: {p: i for i, p in enumerate(f.pages)} for d, f in domain.facts.items()}
        for mention in domain.mentions():
            if mention.register == name:
                self.mentions[mention.key].append(mention)
        if name == "works":
            for facts in domain.facts.values():
                for citation in facts.citations:
                    self.citations[citation.work].append(citation)

    def entry(self, entry: Entry, ids: set[str]) -> Shown:
        found = sorted(self.mentions[entry.key], key=self._where)
        cited = sorted(self.citations[entry.key], key=self._where)
        names = entry.data.get("names")
        return Shown(
            entry.xml_id, (sort_key(heading(entry)) or "?")[0].upper(), entry.name,
            {str(k): str(v) for k, v in names.items()} if isinstance(names, dict) else {},
            entry.text("dates") or human_date(entry.text("date")), entry.text("gloss"),
            entry.text("note"), list(_details(entry, self.edition, ids)), list(_links(entry.ids)),
            len(found), self._chapters(found), self._chapters(cited), len(found) > UNFOLDED,
            f"registers/{self.name}/{entry.key}" if len(found) > MANY else "",
        )  # fmt: skip

    def _where(self, fact: Mention | Citation) -> tuple[int, int, int]:
        chapter = self.chapters.index(fact.docname) if fact.docname in self.chapters else -1
        return chapter, self.pages[fact.docname].get(fact.page, -1), fact.line

    def _chapters(self, found: Sequence[Mention | Citation]) -> list[Chapter]:
        context = _CONTEXT if len(found) <= FEW else _SHORT
        chapters: dict[str, Chapter] = {}
        for fact in found:
            if fact.docname not in chapters:
                part = self.edition.part_of(fact.docname)
                title = part[1].title if part else fact.docname
                chapters[fact.docname] = Chapter(fact.docname, part[1].id if part else "", title)
            chapters[fact.docname].lines.append(_line(fact, context))
        return list(chapters.values())


def _line(fact: Mention | Citation, context: int) -> Line:
    place = Place(fact.page, fact.line)
    if isinstance(fact, Citation):
        return Line(str(place), place.anchor, note=fact.note, cited=fact.cited)
    return Line(
        str(place), place.anchor, fact.text,
        _cut_start(fact.before, context), _cut_end(fact.after, context), fact.note,
    )  # fmt: skip


def _cut_start(text: str, length: int) -> str:
    """Context before a mention: at most ``length`` letters, from a whole word on."""
    if len(text) < length or " " not in text[-length:]:
        return text
    return "… " + text[-length:].split(" ", 1)[1]


def _cut_end(text: str, length: int) -> str:
    if len(text) < length or " " not in text[:length]:
        return text
    return text[:length].rsplit(" ", 1)[0] + " …"


def _links(ids: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for authority, (name, address) in _AUTHORITIES.items():
        if authority in ids:
            yield name, ids[authority], address.format(ids[authority])


def human_date(text: str) -> str:
    """``1917-11-07`` → 7 November 1917, ``1919-03-18/1919-03-23`` → 18–23 March 1919,
    ``1918/1921`` → 1918–1921; other forms stay."""
    parts = text.split("/")
    if len(parts) != 2:
        return "–".join(_day(part) for part in parts)
    start, end = parts
    days = _day(start), _day(end)
    if len(start) == len(end) == 10 and start[:7] == end[:7] and days != tuple(parts):
        return f"{int(start[8:])}–{days[1]}"
    if len(start) > 4 and len(end) > 4 and start[:4] == end[:4]:
        return f"{days[0].removesuffix(start[:4])}– {days[1]}"
    return f"{days[0]} – {days[1]}" if " " in "".join(days) else "–".join(days)


def _day(text: str) -> str:
    match = _DAY.fullmatch(text)
    if match is None:
        return text
    year, month, day = match.groups()
    if month is None or not 0 < int(month) <= 12:
        return text
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}" if day else f"{_MONTHS[int(month) - 1]} {year}"


def _details(entry: Entry, edition: Edition, ids: set[str]) -> Iterator[Detail]:
    """The other facts of an entry, labelled, in reading order."""
    if entry.register == "works":
        yield from _bibliography(entry, edition, ids)
        return
    also = entry.data.get("also")
    if isinstance(also, list) and also:
        yield Detail(_("also"), "; ".join(str(a) for a in also))
    if entry.text("type") not in {"", "event"}:
        yield Detail(_("kind"), entry.text("type"))
    if entry.register == "events":
        for key in (entry.data.get("place"), *(entry.data.get("other_places") or ())):
            place = edition.registers["places"].entries.get(str(key))
            if place:
                yield _leading(_("place"), place.name, place, ids)


def _leading(label: str, text: str, entry: Entry, ids: set[str]) -> Detail:
    """A fact that leads to ``entry``, if its page shows it."""
    if entry.xml_id not in ids:
        return Detail(label, text)
    return Detail(label, text, f"registers/{entry.register}", entry.xml_id)


def _bibliography(entry: Entry, edition: Edition, ids: set[str]) -> Iterator[Detail]:
    if entry.text("author"):
        authors = (edition.registers["persons"].entries.get(k) for k in entry.data.get("authors") or [])
        author = next((a for a in authors if a), None)
        name = entry.text("author")
        yield _leading(_("author"), name, author, ids) if author else Detail(_("author"), name)
    whole = edition.registers["works"].entries.get(entry.text("contained_in"))
    if whole:
        yield _leading(_("in"), whole.name, whole, ids)
    if entry.text("title_original"):
        yield Detail(_("original title"), entry.text("title_original"), lang="ru")
    for name, label in (
        ("editor", _("editor")), ("translator", _("translator")), ("contributors", _("with")),
        ("edition", _("edition")), ("series", _("series")), ("extent", _("extent")),
    ):  # fmt: skip
        if entry.text(name):
            yield Detail(label, entry.text(name))
    imprint = ": ".join(entry.text(n) for n in ("place", "publisher") if entry.text(n))
    imprint = ", ".join(p for p in (imprint, entry.text("year")) if p)
    reprint = entry.text("reprint")
    imprint = "; ".join(p for p in (imprint, f"{_('reprint')} {reprint}" if reprint else "") if p)
    if imprint:
        yield Detail(_("published"), imprint)
