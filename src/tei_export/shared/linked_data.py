"""Describe the edition and its registers as linked data in the terms of https://schema.org.

Pages carry the objects in a ``script`` element (:func:`embedded`). The data files contain the whole
graph with :data:`CONTEXT`, which readers can use without network access. An address is the
edition's permanent one; until the edition is published, it is a fragment of the file itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tei_export.model.relation_kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.metadata import Editor, Metadata
    from tei_export.model.registers import RegisterEntry, Registers
    from tei_export.shared.relations import StatedRelation

Object = dict[str, Any]

SCHEMA = "https://schema.org/"
PREFIXES = {
    "schema": SCHEMA,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_ADDRESSES = (
    "hasPart", "isBasedOn", "isPartOf", "license", "location", "mentions", "sameAs", "sdLicense", "url", "usageInfo",
)  # fmt: skip
_STATEMENT = ("subject", "predicate", "object")
#: Read without the network; ``note``: the editors' remarks on doubts and identifications;
#: ``subject``, ``predicate`` and ``object``: the content of a claim.
CONTEXT: Object = {
    "@vocab": SCHEMA,
    "note": f"{PREFIXES['skos']}editorialNote",
    **{name: {"@type": "@id"} for name in _ADDRESSES},
    **{name: {"@id": PREFIXES["rdf"] + name, "@type": "@id"} for name in _STATEMENT},
}
_TYPES = {
    "persons": "Person",
    "places": "Place",
    "organisations": "Organization",
    "events": "Event",
}
_WORKS = {"article": "Article", "book": "Book", "chapter": "Chapter", "dissertation": "Thesis"}
_YEARS = re.compile(r"(\d{4})?–(\d{4})?")
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
#: register → the properties for the years in ``dates``
_SPANS = {
    "persons": ("birthDate", "deathDate"),
    "organisations": ("foundingDate", "dissolutionDate"),
}


def embedded(data: Object) -> str:
    """Return ``data`` as content of a ``script`` element, escaped so that it cannot end it."""
    context: object = CONTEXT if "@graph" in data else SCHEMA.rstrip("/")
    whole = {"@context": context, **data}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def edition_object(meta: Metadata, edition: Edition) -> Object:
    """Return the object of the edition as a whole, with its texts."""
    thing = {
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
        thing["identifier"] = meta.doi_url
    if meta.base_url:
        thing["url"] = meta.base_url
    return {key: value for key, value in thing.items() if value}


def text_object(meta: Metadata, text: Text) -> Object:
    """Return the object of a text; it has an author only if the author is known."""
    thing: Object = {
        "@id": _id(meta, f"{text.parts[0].doc}.html", text.id),
        "@type": "CreativeWork",
        "name": text.title,
        "description": " ".join(str(text.data.get("description") or "").split()),
        "genre": str(text.data.get("kind") or ""),
        "usageInfo": meta.right("text").uri,
    }
    author = str(text.data.get("author") or "")
    if author:
        thing["author"] = {"@type": "Person", "name": author}
    dates = text.data.get("date")
    thing["temporal"] = (
        str(dates.get("text") or "") if isinstance(dates, dict) else str(dates or "")
    )
    return {key: value for key, value in thing.items() if value}


def part_object(meta: Metadata, text: Text, part: Part) -> Object:
    """Return the object of a part, for its page."""
    return {
        "@id": _id(meta, f"{part.doc}.html", part.id),
        "@type": "Chapter",
        "name": part.title,
        "isPartOf": {
            **text_object(meta, text),
            "isPartOf": {"@id": _edition_id(meta), "@type": "Book", "name": meta.title},
        },
        **_common(meta),
    }


def _maker(editor: Editor) -> Object:
    """Return an editor; a text in the record may name several."""
    found: Object = {"@type": "Person" if editor.person else "Organization", "name": editor.name}
    return found | ({"@id": editor.uri} if editor.uri else {})


def _common(meta: Metadata) -> Object:
    thing: Object = {
        "editor": [_maker(editor) for editor in meta.editors],
        "publisher": {"@type": "Organization", "name": meta.publisher},
        "version": meta.version,
        "datePublished": meta.date,
        "creativeWorkStatus": meta.status,
        "inLanguage": meta.language,
        "license": meta.right("text").uri,  # the most cautious statement
        "usageInfo": meta.right("encoding").uri,
        "conditionsOfAccess": meta.rights_line,
        "sdLicense": meta.right("metadata").uri,
    }
    return thing


def _edition_id(meta: Metadata) -> str:
    return meta.doi_url or meta.base_url or "#edition"


def _id(meta: Metadata, page: str, fragment: str) -> str:
    return meta.permalink(page, fragment) if meta.base_url else f"#{fragment}"


# --- registers ---------------------------------------------------------------------------


def graph(meta: Metadata, registers: Registers, relations: Sequence[StatedRelation] = ()) -> Object:
    """Return all registers, and the ``relations`` between their entries, as one JSON-LD document."""
    entries = [
        entry for register in registers.by_name.values() for entry in register.entries.values()
    ]
    found = entries_graph(meta, entries, registers)
    own = dict.fromkeys(it.relation.kind for it in relations if not KINDS[it.relation.kind].term)
    properties = [_property(meta, kind) for kind in own]
    return {
        "@context": CONTEXT,
        "@graph": [*found["@graph"], *properties, *(claim(meta, it) for it in relations)],
    }


def entries_graph(meta: Metadata, entries: Iterable[RegisterEntry], registers: Registers) -> Object:
    """Return some entries as a graph."""
    return {"@graph": [entry_object(meta, entry, registers) for entry in entries]}


def statements(item: Object) -> Iterator[tuple[str, bool, Any]]:
    """Yield the statements of an object: property, whether the value is an address, value.

    A value is a text, a number, or a text with its language.
    """
    for name, given in item.items():
        if name.startswith("@"):
            continue
        rule = CONTEXT.get(name, SCHEMA + name)
        predicate = rule if isinstance(rule, str) else rule.get("@id", SCHEMA + name)
        for value in given if isinstance(given, list) else [given]:
            named = isinstance(value, dict) and "@id" in value
            yield predicate, named or not isinstance(rule, str), value["@id"] if named else value


def entry_id(meta: Metadata, entry: RegisterEntry) -> str:
    """Return the address of a register entry."""
    return _id(meta, f"registers/{entry.register}.html", entry.xml_id)


def entry_object(meta: Metadata, entry: RegisterEntry, registers: Registers) -> Object:
    """Return the object of a register entry: its names, its dates, its authority records."""
    kind = _TYPES.get(entry.register) or _WORKS.get(entry.text("type"), "CreativeWork")
    thing: Object = {
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
    return {key: value for key, value in thing.items() if value not in ("", [])}


def _other_names(entry: RegisterEntry) -> Iterator[object]:
    names = (*entry.forms, *(entry.data.get("also") or ()))
    yield from dict.fromkeys(name for name in names if name != entry.name)
    for language, name in (entry.data.get("names") or {}).items():
        yield {"@value": name, "@language": language}
    if entry.text("title_original"):
        yield entry.text("title_original")


def _dates(entry: RegisterEntry) -> Object:
    if entry.register == "events":
        ends = entry.text("date").split("/")
        names = ("startDate", "endDate")
    else:
        years = _YEARS.fullmatch(entry.text("dates"))
        ends = [year or "" for year in years.groups()] if years else []
        names = _SPANS.get(entry.register, ("", ""))
    return {
        name: end for name, end in zip(names, ends, strict=False) if name and _DATE.fullmatch(end)
    }


def _place(meta: Metadata, entry: RegisterEntry, registers: Registers) -> Object:
    coordinates = entry.data.get("coordinates")
    if coordinates:
        return {"latitude": str(coordinates[0]), "longitude": str(coordinates[1])}
    if entry.register != "events":
        return {}
    keys = [entry.text("place"), *(entry.data.get("other_places") or ())]
    places = registers["places"].entries
    return {"location": [entry_id(meta, places[key]) for key in keys if key in places]}


def _work(meta: Metadata, entry: RegisterEntry, registers: Registers) -> Object:
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


# --- relations -----------------------------------------------------------------------------


def claim(meta: Metadata, stated: StatedRelation) -> Object:
    """Return a relation as a claim of the text, or of a work that it quotes, in the words of the text.

    ``subject``, ``predicate`` and ``object`` are the content of the claim, which the edition does not assert.
    """
    it, passage = stated.relation, stated.passage
    term = KINDS[it.kind].term
    ends = [
        entry_id(meta, entry)
        for entry in (reversed(it.ends()) if term.startswith("^") else it.ends())
    ]
    found: Object = {
        "@id": _id(meta, f"registers/{it.active.register}.html", it.id),
        "@type": "Claim",
        "identifier": it.id,
        "subject": ends[0],
        "predicate": SCHEMA + term.removeprefix("^") if term else _property(meta, it.kind)["@id"],
        "object": ends[1],
        "text": " ".join(it.words.split()),
        "temporal": it.when,
        "citation": f"{passage.text.title}, {stated.place}",
        "url": meta.permalink(f"{stated.part.doc}.html", passage.first.anchor)
        if meta.base_url
        else "",
        "mentions": entry_id(meta, it.work) if it.work else "",
        "isBasedOn": entry_id(meta, it.quoted_from) if it.quoted_from else "",
    }
    return {key: value for key, value in found.items() if value}


def _property(meta: Metadata, kind: str) -> Object:
    """Return the property of a kind of relation for which schema.org has none."""
    return {
        "@id": _id(meta, "files/data/registers.jsonld", f"relation-{kind}"),
        "@type": "Property",
        "name": KINDS[kind].active,
        "description": KINDS[kind].means,
    }
