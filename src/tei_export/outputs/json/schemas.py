"""The description of the files: OpenAPI 3.1 with the schemas of all objects.

Every object has all properties; missing values are empty or ``null``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tei_export.model.metadata import Metadata

Json = dict[str, Any]
#: The path of the files below the address of the site.
PUBLISHED = "files/json/"


def _string(said: str) -> Json:
    return {"type": "string", "description": said}


def _integer(said: str) -> Json:
    return {"type": "integer", "description": said}


def _list(of: Json | str, said: str) -> Json:
    items = {"$ref": f"#/components/schemas/{of}"} if isinstance(of, str) else of
    return {"type": "array", "items": items, "description": said}


def _object(said: str, **properties: Json) -> Json:
    return {
        "type": "object",
        "description": said,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _layers(said: str) -> Json:
    return _object(
        said,
        edited=_string("the edited text (E)"),
        original=_string("the text of the original as restored, with its slips (T)"),
        witness=_string(
            "the witness that the edition was made from, letter by letter; empty where it has no line"
        ),
    )


_PAGES = {"type": ["string", "null"]}
_STRINGS = {"type": "string"}
SCHEMAS: dict[str, Json] = {
    "Layers": _layers("Words in every layer."),
    "Line": _object(
        "A line of the original.",
        place=_string("page and line, as cited: 17.12; without pages the line alone"),
        page=_string("the page; empty in a text without pages"),
        line=_integer("its number on the page"),
        block=_string("the block that it is in: ch-06.4; empty for headings and notes"),
        note=_string("the id of the note that it is in; empty in running text"),
        text={"$ref": "#/components/schemas/Layers"},
    ),
    "Note": _object(
        "A note, at the place of its mark.",
        id=_string("id in the TEI and in the pages"),
        label=_string("its number or sign, as the source has it"),
        series={
            "type": "string", "enum": ["authorial", "editorial"], "description": "whose note it is: the author's or the editors'",
        },
        place=_string("page and line of the mark; empty where it is in no line"),
        block=_string("the block of the mark; empty for headings and notes"),
        edited=_string("the edited text of the note"),
        original=_string("its text in the original as restored"),
    ),
    "Mention": _object(
        "A mention of a register entry.",
        register=_string("persons, places, organisations, events or works"),
        key=_string("key of the entry in that register"),
        xml_id=_string("id of the entry in the TEI"),
        name=_string("its preferred name or title"),
        words=_string("the words of the edited text"),
        place=_string("page and line"),
        note=_string("label of the author's note that it is in; empty in running text"),
    ),
    "Reading": _object(
        "A reading that differs from the lemma.",
        sigla=_list(_STRINGS, "who reads so: a witness, or T, the original as restored"),
        text=_string(
            "the reading, with signs for what happened to it in its witness; empty: nothing is there"
        ),
        final=_string("what the witness finally reads: without what is deleted in it"),
        letters=_string("what the file of the witness has"),
    ),
    "Entry": _object(
        "An entry of the apparatus.",
        id=_string("id in the TEI and in the pages"),
        place=_string("page and line; the page alone: its number"),
        kind=_string("the role: ocr (the machine misread), sic (a slip), supplied …"),
        type=_string("for ocr the class of the misreading, else the kind again"),
        lemma=_string("what the edited text reads"),
        readings=_list("Reading", "the readings that differ; the witness's last"),
        certainty={"type": "string", "enum": ["high", "medium", "low"], "description": "how certain it is"},
        resp=_string("who judged: ed, the editors; auto, a program"),
        reason=_string("the editors' reason, where they gave one"),
    ),
    "Deviation": _object(
        "Words of a quotation that differ from those of its source.",
        quotation=_string("the words of the quotation; empty: nothing is there"),
        source=_string("the words of the source; empty: nothing is there"),
    ),
    "Quotation": _object(
        "What a block quotes, and how it agrees with the text of its source.",
        work=_string("key of the work in the register; empty if its note names none"),
        cited=_string("the pages that its note cites"),
        inline={"type": "boolean", "description": "it stands in running text, between quotation marks right before the mark of its note; else it is the block"},
        place=_string("its first and last line: 17.12–15"),
        match={
            "type": "string", "enum": ["exact", "shortened", "altered", "absent", "uncompared"],
            "description": "word for word; but for words left out where dots say so; with other words; not found in the text of the source; the edition has no text of the source",
        },
        deviations=_list("Deviation", "what is altered"),
    ),
    "Block": _object(
        "A numbered block: a paragraph, a quotation, a list.",
        id=_string("its reference: ch-06.4"),
        xml_id=_string("id in the TEI and in the pages"),
        text_id=_string("the text that it is of"),
        part=_string("the part that it is of"),
        kind=_string("what it is: paragraph, block_quote, …"),
        url=_string("its address in the site; relative to the site until the edition is published"),
        text={"$ref": "#/components/schemas/Layers"},
        lines=_list("Line", "its lines, without those of notes"),
        notes=_list("Note", "the notes whose marks are in it"),
        mentions=_list("Mention", "the names in it and in its notes"),
        entries=_list("Entry", "the entries of the apparatus in it and in its notes"),
        quotes=_list("Quotation", "of a block quotation, and of a block with quotations in its running text: what they quote; else empty"),
        previous={**_PAGES, "description": "the block before it in the text"},
        next={**_PAGES, "description": "the block after it"},
    ),
    "Page": _object(
        "A page of the original.",
        id=_string("its name in addresses"),
        page=_string("the page, as printed"),
        text_id=_string("the text that it is of"),
        parts=_list(_STRINGS, "the parts that are on it"),
        lost={"type": "boolean", "description": "whether the page is lost"},
        url=_string("its address in the site; relative to the site until the edition is published"),
        text={"$ref": "#/components/schemas/Layers"},
        lines=_list("Line", "its lines, in the order of their numbers"),
        notes=_list("Note", "the notes whose marks are on it"),
        mentions=_list("Mention", "the names on it"),
        entries=_list("Entry", "the entries of the apparatus on it"),
        blocks=_list(_STRINGS, "the blocks that have a line on it"),
        previous={**_PAGES, "description": "the page before it"},
        next={**_PAGES, "description": "the page after it"},
    ),
    "Part": _object(
        "A part of a text.",
        id=_string("its id"),
        type=_string("what it is: chapter, letter …"),
        title=_string("its title"),
        blocks=_list(_STRINGS, "its blocks, in order"),
    ),
    "Text": _object(
        "A text of the edition.",
        id=_string("its id"),
        title=_string("its title"),
        language=_string("its language tag"),
        siglum=_string("the siglum of the witness in the layer witness"),
        parts=_list("Part", "its parts, in order"),
        pages=_list(_STRINGS, "its pages, in order; none in a text without pages"),
    ),
    "Rights": _object(
        "What others may do.",
        of=_string("text, encoding or metadata"),
        name=_string("the licence or statement"),
        uri=_string("its address"),
    ),
    "Edition": _object(
        "The edition.",
        title=_string("its title"),
        version=_string("its version"),
        date=_string("the day of the version"),
        caveat=_string("what the edition cannot claim"),
        rights=_list("Rights", "the rights in text, encoding and metadata"),
        texts=_list(_STRINGS, "the ids of the texts"),
    ),
}  # fmt: skip
#: path → object, description, name of the operation
_PATHS = {
    "/edition.json": ("Edition", "The edition and its texts.", "edition"),
    "/{text}/index.json": ("Text", "A text: its parts, blocks and pages.", "text"),
    "/{text}/pages/{page}.json": ("Page", "A page by layers.", "page"),
    "/{text}/blocks/{block}.json": ("Block", "A block by layers.", "block"),
}
_PARAMETERS = {
    "text": "the id of a text",
    "page": "the name of a page: 77, ix",
    "block": "the reference of a block: ch-06.4",
}


def openapi(meta: Metadata) -> Json:
    """Return the description of the files (https://spec.openapis.org/oas/v3.1.1)."""
    right = meta.right("encoding")
    base = f"{meta.base_url}{PUBLISHED}" if meta.base_url else "./"
    return {
        "openapi": "3.1.0",
        "info": {
            "title": meta.full_title,
            "version": meta.version,
            "description": meta.caveat or meta.description or meta.title,
            "license": {"name": right.name, "url": right.uri},
        },
        "servers": [{"url": base.removesuffix("/") or "."}],
        "paths": {path: _path(path, *said) for path, said in _PATHS.items()},
        "components": {"schemas": SCHEMAS},
    }


def _path(path: str, name: str, summary: str, operation: str) -> Json:
    answer = {
        "description": summary,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "parameters": [
                {
                    "name": one,
                    "in": "path",
                    "required": True,
                    "description": said,
                    "schema": _STRINGS,
                }
                for one, said in _PARAMETERS.items()
                if f"{{{one}}}" in path
            ],
            "responses": {"200": answer, "404": {"description": "There is no such file."}},
        }
    }
