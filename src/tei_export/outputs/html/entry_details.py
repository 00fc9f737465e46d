"""The facts of a register entry for readers: labelled, dated, with their sources."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.model.readings import collapse_space
from tei_export.model.registers import AUTHORITIES
from tei_export.model.relation_kinds import KINDS
from tei_export.shared.charts import counts, timeline
from tei_export.shared.dates import human_date
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tei_export.model.edition import Edition
    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.relations import StatedRelation

#: ``owner/name folder/folder/file``, as registers/README.md defines it.
_IN_REPOSITORY = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+) (?:.*/)?(?P<file>[^/]+)")


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """A labelled fact; ``page`` and ``id`` of the register entry that it links to, if shown; for a
    relation, its statement in the text."""

    label: str
    text: str
    page: str = ""
    id: str = ""
    lang: str = ""
    stated: Statement | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """The place where a text states a relation (document, fragment, ``place``), and its ``words``.
    ``id``: of the relation, once per page. ``work``: the stated source; ``quoted``: the work from
    which the words are quoted."""

    id: str
    docname: str
    anchor: str
    place: str
    words: str
    when: str
    work: EntryDetail | None
    quoted: EntryDetail | None


def links(ids: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield authority, identifier and address for each of an entry's ``ids``."""
    for key, authority in AUTHORITIES.items():
        if key in ids:
            yield authority.name, ids[key], authority.address.format(ids[key])


@dataclass(frozen=True, slots=True)
class IdentifierSource:
    """The evidence for an identifier: its short form, and the omitted rest."""

    text: str
    whole: str = ""


def sources(entry: RegisterEntry) -> Iterator[IdentifierSource]:
    """Yield the evidence of an entry; for a file in a repository, its name and location."""
    for line in entry.data.get("evidence") or ():
        match = _IN_REPOSITORY.fullmatch(str(line))
        if match:
            yield IdentifierSource(
                _("{} in the repository {}").format(match["file"], match["repository"]), str(line)
            )
        else:
            yield IdentifierSource(str(line))


def relations(
    found: Sequence[StatedRelation], ids: Mapping[str, str]
) -> dict[str, list[EntryDetail]]:
    """Return the relations of every entry by its id, in the order of the kinds; those that begin
    with it come first."""
    order = {kind: number for number, kind in enumerate(KINDS)}
    told: dict[str, list[EntryDetail]] = defaultdict(list)
    for one in sorted(found, key=lambda one: order[one.relation.kind]):
        it = one.relation
        told[it.active.xml_id].append(
            _relation(terms.relation(it.kind), it.passive, one, ids, it.id)
        )
    for one in sorted(found, key=lambda one: order[one.relation.kind]):
        it = one.relation
        label = terms.relation(it.kind, passive=True)
        told[it.passive.xml_id].append(_relation(label, it.active, one, ids, ""))
    return {name: _together(listed) for name, listed in told.items()}


def _together(listed: list[EntryDetail]) -> list[EntryDetail]:
    """Group facts with the same label: a mutual relation has the same label at both ends."""
    labels = list(dict.fromkeys(detail.label for detail in listed))
    return sorted(listed, key=lambda detail: labels.index(detail.label))


def _relation(
    label: str, other: RegisterEntry, one: StatedRelation, ids: Mapping[str, str], name: str
) -> EntryDetail:
    it, place = one.relation, one.place.replace("-", "–")
    work = _leading("", it.work.name, it.work, ids) if it.work else None
    quoted = _leading("", it.quoted_from.name, it.quoted_from, ids) if it.quoted_from else None
    said = Statement(
        name,
        one.part.doc,
        one.passage.first.anchor,
        place,
        collapse_space(it.words),
        human_date(it.when),
        work,
        quoted,
    )
    return replace(_leading(label, other.name, other, ids), stated=said)


def details(
    entry: RegisterEntry, edition: Edition, ids: Mapping[str, str]
) -> Iterator[EntryDetail]:
    """Yield the other facts of an entry, labelled, in reading order.

    :param ids: id → page of the register entries that are shown and facts may link to
    """
    if entry.register == "works":
        yield from _bibliography(entry, edition, ids)
        return
    also = entry.data.get("also")
    if isinstance(also, list) and also:
        yield EntryDetail(_("also"), "; ".join(str(a) for a in also))
    if entry.text("type") not in {"", "event"}:
        yield EntryDetail(_("kind"), entry.text("type"))
    if counts.located(entry):
        yield EntryDetail(_("picture"), _("on the map"), "pictures/map", f"on-{entry.xml_id}")
    if entry.register == "events" and timeline.span(entry.text("date")):
        yield EntryDetail(
            _("picture"), _("on the timeline"), "pictures/timeline", f"on-{entry.xml_id}"
        )
    if entry.register == "events":
        for key in (entry.data.get("place"), *(entry.data.get("other_places") or ())):
            place = edition.registers["places"].entries.get(str(key))
            if place:
                yield _leading(_("place"), place.name, place, ids)


def _leading(label: str, text: str, entry: RegisterEntry, ids: Mapping[str, str]) -> EntryDetail:
    """Return a fact that links to ``entry``, if its page shows it."""
    if entry.xml_id not in ids:
        return EntryDetail(label, text)
    return EntryDetail(label, text, ids[entry.xml_id], entry.xml_id)


def _bibliography(
    entry: RegisterEntry, edition: Edition, ids: Mapping[str, str]
) -> Iterator[EntryDetail]:
    if entry.text("author"):
        authors = (
            edition.registers["persons"].entries.get(k) for k in entry.data.get("authors") or []
        )
        author = next((a for a in authors if a), None)
        name = entry.text("author")
        yield _leading(_("author"), name, author, ids) if author else EntryDetail(_("author"), name)
    whole = edition.registers["works"].entries.get(entry.text("contained_in"))
    if whole:
        yield _leading(_("in"), whole.name, whole, ids)
    if entry.text("title_original"):
        yield EntryDetail(_("original title"), entry.text("title_original"), lang="ru")
    for name, label in (
        ("editor", _("editor")),
        ("translator", _("translator")),
        ("contributors", _("with")),
        ("edition", _("edition")),
        ("series", _("series")),
        ("extent", _("extent")),
    ):
        if entry.text(name):
            yield EntryDetail(label, entry.text(name))
    imprint = ": ".join(entry.text(n) for n in ("place", "publisher") if entry.text(n))
    imprint = ", ".join(p for p in (imprint, entry.text("year")) if p)
    reprint = entry.text("reprint")
    imprint = "; ".join(p for p in (imprint, f"{_('reprint')} {reprint}" if reprint else "") if p)
    if imprint:
        yield EntryDetail(_("published"), imprint)
