"""The edition and its registers as linked data in the terms of https://schema.org.

Pages carry the objects in a ``script`` element (:func:`embedded`); the data files hold the whole
graph with :data:`CONTEXT`, which needs nothing from the network to be read. An address is the
edition's permanent one; as long as it is not published, a fragment of the file itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.metadata import Editor, Metadata
    from tei_export.model.registers import Entry, Registers

Object = dict[str, Any]

SCHEMA = "https://schema.org/"
PREFIXES = {"schema": SCHEMA, "skos": "http://www.w3.org/2004/02/skos/core#"}
_ADDRESSES = ("hasPart", "isPartOf", "license", "location", "sameAs", "sdLicense", "url", "usageInfo")
#: Read without the network; ``note`` is the editors' word on doubts and identifications.
CONTEXT: Object = {
    "@vocab": SCHEMA,
    "note": f"{PREFIXES['skos']}editorialNote",
    **{name: {"@type": "@id"} for name in _ADDRESSES},
}
_TYPES = {"persons": "Person", "places": "Place", "organisations": "Organization", "events": "Event"}
_WORKS = {"article": "Article", "book": "Book", "chapter": "Chapter", "dissertation": "Thesis"}
_YEARS = re.compile(r"(\d{4})?–(\d{4})?")
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
#: register → the properties of the years in ``dates``
_SPANS = {"persons": ("birthDate", "deathDate"), "organisations": ("foundingDate", "dissolutionDate")}


def embedded(data: Object) -> str:
    """``data`` as the content of a ``script`` element: nothing in it can end the element."""
    context: object = CONTEXT if "@graph" in data else SCHEMA.rstrip("/")
    whole = {"@context": context, **data}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def edition_object(meta: Metadata, edition: Edition) -> Object:
    """The edition as a whole, with its texts."""
    found = {
        "@id": _edition_id(meta),
        "@type": "Book",
        "name": meta.title,
        "alternativeHeadline": meta.subtitle,
        "description": meta.description,
        "disambiguatingDescription": meta.caveat,
        "keywords": list(meta.keywords),
        "hasPart": [text_object(meta, text) for text in edition.texts.values()],
        **_common(meta),
    }
    if meta.identifier:
        found["identifier"] = meta.doi_url
    if meta.base_url:
        found["url"] = meta.base_url
    return {key: value for key, value in found.items() if value}


def text_object(meta: Metadata, text: Text) -> Object:
    """A text of the edition. Its author is there only if somebody knows who it was."""
    found: Object = {
        "@id": _id(meta, f"{text.parts[0].doc}.html", text.id),
        "@type": "CreativeWork",
        "name": text.title,
        "description": " ".join(str(text.data.get("description") or "").split()),
        "genre": str(text.data.get("kind") or ""),
        "usageInfo": meta.right("text").uri,
    }
    author = str(text.data.get("author") or "")
    if author:
        found["author"] = {"@type": "Person", "name": author}
    dates = text.data.get("date")
    found["temporal"] = str(dates.get("text") or "") if isinstance(dates, dict) else str(dates or "")
    return {key: value for key, value in found.items() if value}


def part_object(meta: Metadata, text: Text, part: Part) -> Object:
    """A part of a text, for its page."""
    return {
        "@id": _id(meta, f"{part.doc}.html", part.id),
        "@type": "Chapter",
        "name": part.title,
        "isPartOf": {**text_object(meta, text), "isPartOf": {"@id": _edition_id(meta), "@type": "Book", "name": meta.title}},
        **_common(meta),
    }


def _maker(editor: Editor) -> Object:
    """An editor; a text of the record may stand for several."""
    found: Object = {"@type": "Person" if editor.person else "Organization", "name": editor.name}
    return found | ({"@id": editor.uri} if editor.uri else {})


def _common(meta: Metadata) -> Object:
    found: Object = {
        "editor": [_maker(editor) for editor in meta.editors],
        "publisher": {"@type": "Organization", "name": meta.publisher},
        "version": meta.version,
        "datePublished": meta.date,
        "creativeWorkStatus": meta.status,
        "inLanguage": meta.language,
        "license": meta.right("text").uri,  # claims least
        "usageInfo": meta.right("encoding").uri,
        "conditionsOfAccess": meta.rights_line,
        "sdLicense": meta.right("metadata").uri,
    }
    return found


def _edition_id(meta: Metadata) -> str:
    return meta.doi_url or meta.base_url or "#edition"


def _id(meta: Metadata, page: str, fragment: str) -> str:
    return meta.permalink(page, fragment) if meta.base_url else f"#{fragment}"


# --- registers ---------------------------------------------------------------------------


def graph(meta: Metadata, registers: Registers) -> Object:
    """All registers as one JSON-LD document."""
    entries = [entry for register in registers.by_name.values() for entry in register.entries.values()]
    return {"@context": CONTEXT, **listed(meta, entries, registers)}


def listed(meta: Metadata, entries: Iterable[Entry], registers: Registers) -> Object:
    """Some entries, as a graph."""
    return {"@graph": [entry_object(meta, entry, registers) for entry in entries]}


def statements(item: Object) -> Iterator[tuple[str, bool, Any]]:
    """What an object of the graph says: property, whether the value is an address, value (a text,
    a number, or a text with its language)."""
    for name, given in item.items():
        if name.startswith("@"):
            continue
        rule = CONTEXT.get(name, SCHEMA + name)
        predicate = rule if isinstance(rule, str) else SCHEMA + name
        for value in given if isinstance(given, list) else [given]:
            named = isinstance(value, dict) and "@id" in value
            yield predicate, named or not isinstance(rule, str), value["@id"] if named else value


def entry_id(meta: Metadata, entry: Entry) -> str:
    """The address of a register entry."""
    return _id(meta, f"registers/{entry.register}.html", entry.xml_id)


def entry_object(meta: Metadata, entry: Entry, registers: Registers) -> Object:
    """A register entry: its names, dates, where authorities have it."""
    kind = _TYPES.get(entry.register) or _WORKS.get(entry.text("type"), "CreativeWork")
    found: Object = {
        "@id": entry_id(meta, entry),
        "@type": kind,
        "identifier": entry.xml_id,
        "name": entry.name,
        "alternateName": list(_other_names(entry)),
        "additionalType": "" if entry.register == "works" else entry.text("type"),
        "description": entry.text("gloss"),
        "note": entry.text("note"),
        "sameAs": list(entry.addresses()),
        **_dates(entry),
        **_place(meta, entry, registers),
        **(_work(meta, entry, registers) if entry.register == "works" else {}),
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def _other_names(entry: Entry) -> Iterator[object]:
    names = (*entry.forms, *(entry.data.get("also") or ()))
    yield from dict.fromkeys(name for name in names if name != entry.name)
    for language, name in (entry.data.get("names") or {}).items():
        yield {"@value": name, "@language": language}
    if entry.text("title_original"):
        yield entry.text("title_original")


def _dates(entry: Entry) -> Object:
    if entry.register == "events":
        ends = entry.text("date").split("/")
        names = ("startDate", "endDate")
    else:
        years = _YEARS.fullmatch(entry.text("dates"))
        ends = [year or "" for year in years.groups()] if years else []
        names = _SPANS.get(entry.register, ("", ""))
    return {name: end for name, end in zip(names, ends, strict=False) if name and _DATE.fullmatch(end)}


def _place(meta: Metadata, entry: Entry, registers: Registers) -> Object:
    coordinates = entry.data.get("coordinates")
    if coordinates:
        return {"latitude": str(coordinates[0]), "longitude": str(coordinates[1])}
    if entry.register != "events":
        return {}
    keys = [entry.text("place"), *(entry.data.get("other_places") or ())]
    places = registers["places"].entries
    return {"location": [entry_id(meta, places[key]) for key in keys if key in places]}


def _work(meta: Metadata, entry: Entry, registers: Registers) -> Object:
    authors = [
        {"@id": entry_id(meta, known.entries[key])}
        for key in entry.data.get("authors") or ()
        for known in (registers["persons"], registers["organisations"])
        if key in known.entries
    ]
    edited = entry.text("author").endswith(", ed.")
    host = registers["works"].entries.get(entry.text("contained_in"))
    return {
        "contributor" if edited else "author": authors or entry.text("author"),
        "editor": entry.text("editor"),
        "translator": entry.text("translator"),
        "publisher": entry.text("publisher").replace("n.p.", ""),
        "datePublished": entry.text("year"),
        "bookEdition": entry.text("edition"),
        "isPartOf": entry_id(meta, host) if host else "",
    }
