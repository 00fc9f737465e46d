"""Register entries → ``standOff`` (ND, SA#SASOstdf): the entries that a text mentions, the relations that it states."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.quoted import Match
from tei_export.model.readings import collapse_space
from tei_export.model.registers import AUTHORITIES
from tei_export.model.vocabulary import BY_REGISTER
from tei_export.shared.quotations import quoted_in
from tei_export.shared.relations import place_of
from tei_export.tei.elements import TEI, XML, element, sub
from tei_export.tei.tags import tags_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from docutils import nodes

    from tei_export.model.edition import Edition, Text
    from tei_export.model.quoted import Comparison
    from tei_export.model.registers import RegisterEntry, Registers
    from tei_export.model.relations import Relation
    from tei_export.shared.quotations import Sources

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
_YEARS = re.compile(r"(\d{4})?–(\d{4})?")
_ISSUED_IN = {"chapter", "article", "speech"}


def stand_off(registers: Registers, mentioned: Mapping[str, Iterable[str]]) -> etree._Element:
    """Return the ``standOff`` element with the entries in ``mentioned`` (register → keys).

    Lists and entries follow the order of the register files; entries that these entries point to
    are included.
    """
    root = element("standOff")
    chosen = registers.closure(mentioned)
    for name, (list_name, write) in _LISTS.items():
        keys = [k for k in registers[name].entries if k in chosen[name]]
        if not keys:
            continue
        holder = sub(root, list_name)
        for key in keys:
            write(holder, registers[name].entries[key], registers)
    return root


def add_relations(entries: etree._Element, relations: Iterable[etree._Element]) -> None:
    """Add ``relation`` elements to a ``standOff``, in a list of their own after the entries."""
    holder = None
    for relation in relations:
        holder = sub(entries, "listRelation") if holder is None else holder
        holder.append(relation)


def comparisons(
    sources: Sources, document: nodes.document
) -> Iterator[tuple[str, str, Comparison]]:
    """Yield key of the work, id and comparison of every quotation of a part that is compared with its source."""
    for quote, key, _label in quoted_in(document):
        compared = sources.compared(key, quote)
        if compared.match is not Match.UNCOMPARED:
            yield key, quote["xml_id"], compared


def add_comparisons(
    entries: etree._Element, compared: Iterable[tuple[str, str, Comparison]]
) -> None:
    """Add the results of comparing quotations to their works: a ``note`` whose ``@target`` is the ``cit``.

    Works without a text in the edition have no such note.
    """
    works = {work.get(_ID): work for work in entries.iter(_T + "biblStruct")}
    for key, xml_id, found in compared:
        work = works[BY_REGISTER["works"].id_prefix + key]
        note = element("note", target=f"#{xml_id}")
        said = "; ".join(
            f"quotation: {d.quotation or 'nothing'}, source: {d.source or 'nothing'}"
            for d in found.deviations
        )
        sub(note, "p", found.match.value + (f": {said}" if said else ""))
        related = work.find(_T + "relatedItem")
        if related is None:
            work.append(note)
        else:
            related.addprevious(note)


def relations_of(edition: Edition, text: Text) -> list[Relation]:
    """Return the relations that ``text`` states."""
    return [r for r in edition.relations if place_of(edition, r).text.id == text.id]


def relation_elements(edition: Edition, text: Text, body: str) -> Iterator[etree._Element]:
    """Return the relations that ``text`` states as ``relation`` (ND, "Personal Relationships").

    ``@source`` points to the line of ``body``, the serialised ``text``, that states it, and to the work from which the words
    are quoted; ``@corresp`` to its source; ``desc`` contains the words.
    """
    ids: dict[tuple[str, int], str] = {}
    for relation in relations_of(edition, text):
        ids = ids or _lines(body)
        first = place_of(edition, relation).first
        quoted = f" #{relation.quoted_from.xml_id}" if relation.quoted_from else ""
        start, slash, end = relation.when.partition("/")
        found = element(
            "relation",
            xml_id=relation.id,
            name=relation.kind,
            active=f"#{relation.active.xml_id}",
            passive=f"#{relation.passive.xml_id}",
            source=f"#{ids[first.page, first.line]}{quoted}",
            corresp=f"#{relation.work.xml_id}" if relation.work else "",
            when="" if slash else start,
            from_=start if slash else "",
            to=end if _DATE.fullmatch(end) else "",
        )
        sub(found, "desc", collapse_space(relation.words))
        yield found


def _lines(body: str) -> dict[tuple[str, int], str]:
    """Return where each line of a page begins: the id of its ``lb``, otherwise of the nearest line or page before it."""
    found: dict[tuple[str, int], str] = {}
    tags = list(tags_of(body, "lb", "pb", "note"))
    pages = {said["xml:id"]: said["n"] for tag, said in tags if tag == "pb" and "n" in said}
    page = turned = last = ""
    for tag, said in tags:
        if (
            tag == "/note"
        ):  # a note that continues on the next page ends before the page break of the text
            page = turned
        elif tag != "note":
            last = said.get("xml:id") or last
            if tag == "pb":
                turned = said.get("n") or turned
                page = said.get("n") or pages.get(said.get("corresp", "")[1:], page)
            elif "n" in said:
                found.setdefault((page, int(said["n"])), last)
    return found


def _names(parent: etree._Element, local: str, entry: RegisterEntry) -> None:
    sub(parent, local, entry.name, type="preferred")
    for language, name in (entry.data.get("names") or {}).items():
        sub(parent, local, str(name), xml_lang=language)


def _idnos(parent: etree._Element, entry: RegisterEntry) -> None:
    for authority, value in entry.ids.items():
        sub(parent, "idno", value, type=AUTHORITIES[authority].name)


def _notes(parent: etree._Element, entry: RegisterEntry) -> None:
    for text in (entry.text("gloss"), entry.text("note")):
        if text:
            sub(sub(parent, "note"), "p", text)


def _person(holder: etree._Element, entry: RegisterEntry, _: Registers) -> None:
    person = sub(holder, "person", xml_id=entry.xml_id)
    _names(person, "persName", entry)
    dates = entry.text("dates")
    years = _YEARS.fullmatch(dates)
    if years:
        for local, year in (("birth", years[1]), ("death", years[2])):
            if year:
                sub(person, local, when=year)
    elif dates:
        sub(person, "floruit", dates)
    _idnos(person, entry)
    _notes(person, entry)


def _place(holder: etree._Element, entry: RegisterEntry, _: Registers) -> None:
    place = sub(holder, "place", xml_id=entry.xml_id)
    _names(place, "placeName", entry)
    coordinates = entry.data.get("coordinates")
    if coordinates:
        sub(sub(place, "location"), "geo", " ".join(str(c) for c in coordinates))
    _idnos(place, entry)
    _notes(place, entry)


def _org(holder: etree._Element, entry: RegisterEntry, _: Registers) -> None:
    org = sub(holder, "org", xml_id=entry.xml_id)
    _names(org, "orgName", entry)
    _idnos(org, entry)
    _notes(org, entry)


def _event(holder: etree._Element, entry: RegisterEntry, registers: Registers) -> None:
    start, _, end = entry.text("date").partition("/")
    exact = start if _DATE.fullmatch(start) else ""
    event = sub(
        holder,
        "event",
        xml_id=entry.xml_id,
        when="" if end else exact,
        from_=exact if end else "",
        to=end if _DATE.fullmatch(end) else "",
        where=_where(entry, registers),
    )
    sub(event, "label", entry.name)
    _idnos(event, entry)
    _notes(event, entry)


def _where(entry: RegisterEntry, registers: Registers) -> str:
    place = registers["places"].entries.get(entry.text("place"))
    return f"#{place.xml_id}" if place else ""


def _work(holder: etree._Element, entry: RegisterEntry, registers: Registers) -> None:
    """Write a work: a ``monogr``, or a title in ``analytic`` if another work contains it."""
    struct = sub(holder, "biblStruct", xml_id=entry.xml_id, type=entry.text("type"))
    host = registers["works"].entries.get(entry.text("contained_in"))
    inside = bool(host) or entry.text("type") in _ISSUED_IN
    titled = sub(struct, "analytic") if inside else sub(struct, "monogr")
    _responsible(titled, entry, registers)
    sub(titled, "title", entry.name, level="a" if inside else "m")
    if not inside and entry.text("title_original"):
        sub(titled, "title", entry.text("title_original"), level="m", type="original")
    monogr = titled
    if inside:
        monogr = sub(struct, "monogr")
        sub(
            monogr, "title", host.name if host else entry.text("publisher") or entry.name, level="m"
        )
    _idnos(monogr, entry)
    if entry.text("edition"):
        sub(monogr, "edition", entry.text("edition"))
    _imprint(monogr, entry, host)
    if entry.text("extent"):
        sub(monogr, "extent", entry.text("extent"))
    if entry.text("series"):
        sub(sub(struct, "series"), "title", entry.text("series"), level="s")
    _notes(struct, entry)
    if host:
        sub(struct, "relatedItem", type="host", target=f"#{host.xml_id}")


def _imprint(monogr: etree._Element, entry: RegisterEntry, host: RegisterEntry | None) -> None:
    """Write place, publisher and date of the entry or its containing work, otherwise "n.d."."""
    imprint = sub(monogr, "imprint")
    for field, local in (("place", "pubPlace"), ("publisher", "publisher"), ("year", "date")):
        value = entry.text(field) or (host.text(field) if host else "")
        if value:
            sub(
                imprint,
                local,
                value,
                when=value if local == "date" and _DATE.fullmatch(value) else "",
            )
    if not len(imprint):
        sub(imprint, "date", "n.d.")


def _responsible(parent: etree._Element, entry: RegisterEntry, registers: Registers) -> None:
    """Write authors and editors; link the author's name if the entry has exactly one author."""
    authors = entry.data.get("authors") or []
    if entry.text("author"):
        ref = ""
        if len(authors) == 1:
            for name in ("persons", "organisations"):
                person = registers[name].entries.get(authors[0])
                ref = f"#{person.xml_id}" if person else ref
        sub(parent, "author", entry.text("author"), ref=ref)
    for role in ("editor", "translator"):
        if entry.text(role):
            sub(parent, "editor", entry.text(role), role=role)


_LISTS: dict[str, tuple[str, Callable[[etree._Element, RegisterEntry, Registers], None]]] = {
    "persons": ("listPerson", _person),
    "places": ("listPlace", _place),
    "organisations": ("listOrg", _org),
    "events": ("listEvent", _event),
    "works": ("listBibl", _work),
}
