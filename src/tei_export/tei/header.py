"""Write the ``teiHeader`` of a file from the edition's metadata (HD; SA#SACRCS; TC#TCAPLW)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tei_export.model.licences import availability
from tei_export.model.metadata import metadata
from tei_export.model.problems import EditionError, Problem
from tei_export.model.vocabulary import CALENDARS
from tei_export.tei.elements import element, sub
from tei_export.tei.encoding_desc import encoding_desc, practices_of
from tei_export.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from lxml import etree

    from tei_export.model.correspondence import Letter
    from tei_export.model.edition import Edition, Text
    from tei_export.model.metadata import Editor, Metadata
    from tei_export.model.registers import RegisterEntry
    from tei_export.model.witnesses import Witness

#: How the witness file was made (``bibl/@type``), for the values of the record; "file": not stated.
_MADE = frozenset({"ocr", "transcription", "digital"})
#: The level of a title (``title/@level``) for each kind of source; other kinds get none.
_LEVEL = {"typescript": "u", "manuscript": "u", "print": "m"}


@dataclass(frozen=True, slots=True)
class FileScope:
    """Which portion of a text a file contains: all of it, its reading text, or an extract.

    ``note``: an additional subtitle; ``source``, ``sha256``: the file that this one was made from;
    ``sampling``: the portion of the text; ``schema``: the path of the schema's folder.
    """

    reading: bool = False
    note: str = ""
    source: str = ""
    sha256: str = ""
    sampling: str = ""
    schema: str = "schema"


WHOLE = FileScope()


def header(
    edition: Edition,
    text: Text,
    languages: Iterable[str],
    form: FileScope = WHOLE,
    *,
    calendars: Collection[str] = (),
    commit: str = "",
) -> etree._Element:
    """Return the ``teiHeader`` of a file of a text.

    :param languages: tags of the languages that occur in the file
    :param calendars: names of the calendars that its dates belong to
    :param form: the portion of the text that the file contains
    :param commit: the commit of the sources, if known
    :raises EditionError: the record does not describe one of the languages
    """
    meta = metadata(edition)
    head = element("teiHeader")
    desc = sub(head, "fileDesc")
    _title_stmt(desc, meta, text, form)
    _edition_stmt(desc, meta)
    _extent(desc, text)
    _publication(desc, meta, commit, meta.rights)
    _source_desc(desc, text, form)
    encoding_desc(
        head,
        replace(meta, caveat=meta.caveat_of(text)),
        practices_of(text, reading=form.reading),
        apparatus=not form.reading,
        look_alikes=text.glyphs,
        pages=list(text.witness.pages),
        sampling=form.sampling,
        schema=f"{form.schema}/edition.rng",
        several=text.several,
    )
    _profile(head, edition, meta, text, languages, calendars)
    _revisions(head, edition, meta)
    return head


def registers_header(
    edition: Edition, languages: Iterable[str], *, commit: str = ""
) -> etree._Element:
    """Return the header of the file of all registers; parameters as for :func:`header`."""
    meta = metadata(edition)
    head = element("teiHeader")
    desc = sub(head, "fileDesc")
    titles = sub(desc, "titleStmt")
    sub(titles, "title", meta.title, type="main")
    sub(
        titles, "title", "Registers of persons, places, organisations, events and works", type="sub"
    )
    _editors(titles, meta)
    _edition_stmt(desc, meta)
    _publication(desc, meta, commit, meta.rights[1:])
    sub(
        sub(desc, "sourceDesc"),
        "p",
        "Born digital: made by the editors for the texts of this edition.",
    )
    encoding_desc(head, meta, ())
    _languages(sub(head, "profileDesc"), edition, meta, languages)
    _revisions(head, edition, meta)
    return head


def corpus_header(edition: Edition, *, commit: str = "") -> etree._Element:
    """Return the header of the edition as a ``teiCorpus`` (CC#CCAS2): what its texts share."""
    meta = metadata(edition)
    head = element("teiHeader")
    desc = sub(head, "fileDesc")
    titles = sub(desc, "titleStmt")
    sub(titles, "title", meta.title, type="main")
    sub(titles, "title", meta.subtitle, type="sub")
    for editor in meta.editors:
        sub(titles, "editor", editor.name, **_described(editor))
    _edition_stmt(desc, meta)
    _publication(desc, meta, commit, meta.rights, ids=False)
    sub(sub(desc, "sourceDesc"), "p", "The sources are described in the header of each text.")
    encoding_desc(head, meta, ())
    return head


def _title_stmt(desc: etree._Element, meta: Metadata, text: Text, form: FileScope) -> None:
    titles = sub(desc, "titleStmt")
    supplied = text.data.get("title_status") == "supplied"
    judged = {"resp": "#ed", "cert": "low"} if supplied else {}
    # no child element: programs that read headers use the title's text
    sub(titles, "title", text.title, type="main", **judged)
    for subtitle in (meta.subtitle, form.note):
        if subtitle:
            sub(titles, "title", subtitle, type="sub")
    sub(titles, "author", text.data.get("author") or "Author unknown", xml_id="author")
    _editors(titles, meta, text)


def _editors(titles: etree._Element, meta: Metadata, text: Text | None = None) -> None:
    """Write who is responsible for readings (``resp``): editors, programs, and any OCR engine."""
    for number, editor in enumerate(meta.editors):
        own = "ed" if not number else f"ed-{number + 1}"
        sub(titles, "editor", editor.name, xml_id=own, **_described(editor))
    if text is not None and text.origin == "ocr":
        date = text.data.get("engine_date")
        resp = f"optical character recognition, {date}" if date else "optical character recognition"
        _program(titles, "mach", resp, str(text.data.get("engine") or "not recorded"))
    _program(
        titles,
        "auto",
        "emendations proposed by rule or program, not reviewed",
        f"tei-export {__version__}",
    )


def _described(editor: Editor) -> dict[str, str]:
    """Return the role of a person (``role``) and the identifier (``ref``)."""
    return {
        name: said
        for name, said in (("role", editor.role), ("ref", editor.uri))
        if said and editor.person
    }


def _program(titles: etree._Element, xml_id: str, resp: str, name: str) -> None:
    statement = sub(titles, "respStmt", xml_id=xml_id)
    sub(statement, "resp", resp)
    sub(statement, "name", name, type="software")


def _edition_stmt(desc: etree._Element, meta: Metadata) -> None:
    statement = sub(
        sub(desc, "editionStmt"), "edition", f"Version {meta.version}, ", n=meta.version
    )
    sub(statement, "date", meta.date, when=meta.date)


def _extent(desc: etree._Element, text: Text) -> None:
    extent = sub(desc, "extent")
    pages = len(text.witness.pages)
    if pages:
        sub(extent, "measure", f"{pages} pages in the page table", unit="page", quantity=pages)
    lines = text.witness.number_of_lines
    sub(extent, "measure", f"{lines} lines of witness {text.siglum}", unit="line", quantity=lines)


def _publication(
    desc: etree._Element, meta: Metadata, commit: str, rights: Iterable[Any], *, ids: bool = True
) -> None:
    publication = sub(desc, "publicationStmt")
    sub(publication, "publisher", meta.publisher)
    sub(publication, "date", meta.year, when=meta.date)
    for kind, value in (("DOI", meta.identifier), ("URL", meta.base_url), ("commit", commit)):
        if value:
            sub(publication, "idno", value, type=kind)
    for right in rights:
        stated = sub(
            publication,
            "availability",
            status=availability(right.uri),
            xml_id=f"rights-{right.of}" if ids else "",
        )
        licence = sub(stated, "licence", target=right.uri)
        sub(licence, "p", f"{right.name}. {right.statement}")


def _source_desc(desc: etree._Element, text: Text, form: FileScope) -> None:
    """Write ``listWit`` (TC#TCAPLW): the source (T) and the witness of the proof.

    If this file was made from another one, name that, too.
    """
    data = text.data
    source = sub(desc, "sourceDesc")
    witnesses = sub(source, "listWit")
    if data.get("description"):
        _original(sub(witnesses, "witness", f"{data['description']} ", xml_id="T"), text)
    ordered = sorted(
        text.witnesses, key=lambda w: not w.base
    )  # the witness proved by lines comes first
    ids = {w.siglum: w.id for w in text.witnesses}
    for one in ordered:
        if one.base:
            _line_witness(witnesses, text, one, ids)
        else:
            _witness(witnesses, text, one, ids)
    if form.source:
        made = sub(source, "bibl", "Made by program from ", type="derived")
        sub(made, "title", form.source)
        if form.sha256:
            sub(made, "idno", form.sha256, type="sha256")
        _punctuate(made)


def _line_witness(
    witnesses: etree._Element, text: Text, one: Witness, ids: Mapping[str, str]
) -> None:
    said = _dated(str(text.data.get("witness_description") or ""), one)
    witness = sub(
        witnesses,
        "witness",
        f"{said} ",
        xml_id=one.id,
        **_sigla(one, ids),
    )
    bibl = sub(witness, "bibl", type=text.origin if text.origin in _MADE else "file")
    sub(bibl, "title", text.witness.file.rsplit("/", 1)[-1])
    sub(bibl, "extent", f"{sum(len(x) + 1 for x in text.witness.lines) - 1} characters")
    sub(bibl, "idno", text.witness.sha256, type="sha256")
    _punctuate(bibl)


def _witness(witnesses: etree._Element, text: Text, one: Witness, ids: Mapping[str, str]) -> None:
    """Write a witness that is proved word by word, is only cited, or stands for others (TC#TCAPLW)."""
    said = ". ".join(x.rstrip(".") for x in (_dated(one.name, one), one.description) if x)
    witness = sub(witnesses, "witness", f"{said} ", xml_id=one.id, **_sigla(one, ids))
    if one.file:
        bibl = sub(witness, "bibl", type=one.medium if one.medium in _MADE else "file")
        sub(bibl, "title", one.file.rsplit("/", 1)[-1])
        sub(bibl, "extent", f"{len(one.content)} characters")
        sub(bibl, "idno", one.sha256, type="sha256")
        _punctuate(bibl)


def _dated(said: str, one: Witness) -> str:
    """Return the words with the date of the witness, unless they contain it."""
    return said if one.date in said else ", ".join(x for x in (said.rstrip("."), one.date) if x)


def _sigla(one: Witness, ids: Mapping[str, str]) -> dict[str, str]:
    """Return the siglum if it differs from the id, and the witnesses of a group."""
    return {
        "n": one.siglum if one.siglum != one.id else "",
        "corresp": " ".join(f"#{ids[s]}" for s in (*one.group, *([one.of] if one.of else ()))),
    }


def _original(witness: etree._Element, text: Text) -> None:
    data = text.data
    bibl = sub(witness, "bibl", type="source")
    sub(bibl, "author", data.get("author") or "unknown")
    sub(bibl, "title", text.title, level=_LEVEL.get(text.medium, ""))
    if data.get("kind"):
        sub(bibl, "note", str(data["kind"]), type="kind")
    _date(bibl, data.get("date") or {})
    if data.get("extent"):
        sub(bibl, "extent", str(data["extent"]))
    _punctuate(bibl)


def _punctuate(bibl: etree._Element) -> None:
    """Put commas between the parts of a citation, so that it also reads well as plain text."""
    for piece in bibl:
        piece.tail = "." if piece is bibl[-1] else ", "


def _date(parent: etree._Element, dates: Mapping[str, Any]) -> None:
    if dates:
        sub(
            parent,
            "date",
            str(dates.get("text") or ""),
            notBefore=dates.get("from") or "",
            notAfter=dates.get("to") or "",
            cert="medium",
        )


def _profile(
    parent: etree._Element,
    edition: Edition,
    meta: Metadata,
    text: Text,
    languages: Iterable[str],
    calendars: Collection[str],
) -> None:
    desc = sub(parent, "profileDesc")
    dates: dict[str, Any] = text.data.get("date") or {}
    if dates:
        _date(sub(desc, "creation"), dates)
    sub(sub(desc, "abstract"), "p", meta.description_of(text))
    _calendars(desc, calendars)
    _languages(desc, edition, meta, languages)
    _hands(desc, text)
    genre = text.data.get("genre") or {}
    if meta.keywords or genre:
        classes = sub(desc, "textClass")
        if meta.keywords:
            holder = sub(classes, "keywords", scheme="#keywords")
            for term in meta.keywords:
                sub(holder, "term", term)
        if genre:
            sub(classes, "classCode", str(genre["code"]), scheme=genre["scheme"])
    for letter in edition.letters(text):
        corresp_desc(desc, letter, f"#{letter.part}")


def corresp_desc(
    parent: etree._Element,
    letter: Letter,
    ref: str,
    address: Callable[[RegisterEntry], str] = lambda entry: f"#{entry.xml_id}",
    **attrs: str,
) -> None:
    """Write sender, addressee, places and dates of a letter (HD#HD44CD).

    :param ref: the address of the letter
    :param address: returns ``@ref`` of a name; an empty one is omitted
    """
    desc = sub(parent, "correspDesc", ref=ref, **attrs)
    for action in letter.actions:
        said = sub(desc, "correspAction", type=action.kind)
        for agent in action.agents:
            local = "persName" if agent.register == "persons" else "orgName"
            sub(said, local, agent.name, ref=address(agent))
        if action.place is not None:
            sub(said, "placeName", action.place.name, ref=address(action.place))
        if action.date:
            start, span, end = action.date.partition("/")
            words = action.date_text or action.date
            if span:
                sub(said, "date", words, notBefore=start, notAfter="" if end == ".." else end)
            else:
                sub(said, "date", words, when=start)
        elif action.date_text:
            sub(said, "date", action.date_text)


def _calendars(desc: etree._Element, calendars: Collection[str]) -> None:
    """Write ``calendarDesc``: the calendars of the dates in the text (HD#HDCALDESC)."""
    if not calendars:
        return
    declared = sub(desc, "calendarDesc")
    for name, words in CALENDARS.items():
        if name in calendars:
            sub(sub(declared, "calendar", xml_id=f"cal-{name}"), "p", words)


def _hands(desc: etree._Element, text: Text) -> None:
    """Write ``handNotes``: the hands that the record declares (PH#PHDH)."""
    if not text.hands:
        return
    declared = sub(desc, "handNotes")
    for key, hand in text.hands.items():
        said = hand["name"] + (f": {hand['description']}" if hand.get("description") else "")
        sub(declared, "handNote", said, xml_id=f"hand-{key}", scope=hand.get("scope") or "")


def _languages(
    desc: etree._Element, edition: Edition, meta: Metadata, languages: Iterable[str]
) -> None:
    """Write ``langUsage``: the languages that occur, in the order of the record."""
    occurring = set(languages)
    unknown = sorted(occurring - meta.languages.keys())
    if unknown:
        source = edition.source
        detail = f"languages.{unknown[0]} is missing: the language occurs"
        raise EditionError(Problem("record-field", source.file, source.line("languages"), detail))
    usage = sub(desc, "langUsage")
    for ident, gloss in meta.languages.items():
        if ident in occurring:
            sub(usage, "language", gloss, ident=ident)


def _revisions(parent: etree._Element, edition: Edition, meta: Metadata) -> None:
    """Write ``revisionDesc`` from the edition's list of changes, the newest first (HD#HD6)."""
    revision = sub(parent, "revisionDesc", status=meta.status)
    for change in edition.changes:
        sub(
            revision,
            "change",
            " ".join(change.items),
            n=change.version,
            when=change.date,
            who="#ed",
            status=change.status,
        )
    if not edition.changes:
        sub(
            revision,
            "change",
            f"Version {meta.version}.",
            n=meta.version,
            when=meta.date,
            who="#ed",
            status=meta.status,
        )
