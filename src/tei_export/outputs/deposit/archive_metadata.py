"""Write the record in archive formats: DataCite, Dublin Core, ``bag-info.txt``."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from datacite import schema45
from lxml import etree

from tei_export.shared import citations
from tei_export.shared.dublin_core import dublin_core as shared_dublin_core
from tei_export.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.edition import Edition
    from tei_export.model.metadata import Editor, Metadata


def _maker(editor: Editor) -> dict[str, Any]:
    """Return an editor, with the ORCID iD; a text in the record may name several."""
    found: dict[str, Any] = {
        "name": editor.name,
        "nameType": "Personal" if editor.person else "Organizational",
    }
    if editor.orcid:
        found["nameIdentifiers"] = [
            {
                "nameIdentifier": editor.uri,
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org/",
            }
        ]
    return found


def datacite(meta: Metadata, formats: Sequence[str]) -> dict[str, Any]:
    """Return the record as DataCite 4.5 JSON, with the DOI if there is one.

    :param formats: the media types of the files
    """
    record: dict[str, Any] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceType": "Critical digital edition", "resourceTypeGeneral": "Text"},
        "creators": [_maker(editor) for editor in meta.editors],
        "titles": [{"title": meta.title}, {"title": meta.subtitle, "titleType": "Subtitle"}],
        "publisher": {"name": meta.publisher},
        "publicationYear": meta.year,
        "dates": [{"date": meta.date, "dateType": "Issued"}],
        "contributors": [
            {**_maker(editor), "contributorType": "Editor" if editor.role == "editor" else "Other"}
            for editor in meta.editors
        ],
        "language": meta.language,
        "version": meta.version,
        "formats": list(formats),
        "subjects": [
            {
                "subject": term,
                **({"subjectScheme": meta.keyword_scheme} if meta.keyword_scheme else {}),
            }
            for term in meta.keywords
        ],
        "rightsList": [
            {
                "rights": f"{right.of}: {right.name}. {right.statement}",
                "rightsUri": right.uri,
                **(
                    {"rightsIdentifier": right.spdx, "rightsIdentifierScheme": "SPDX"}
                    if right.spdx
                    else {}
                ),
            }
            for right in meta.rights
        ],
        "descriptions": [
            {"description": meta.description, "descriptionType": "Abstract"},
            {"description": meta.caveat, "descriptionType": "Methods"},
        ],
        "relatedIdentifiers": [
            {"relatedIdentifier": address, "relatedIdentifierType": "URL", "relationType": relation}
            for address, relation in (
                (meta.base_url, "IsVariantFormOf"),
                (meta.repository_url, "IsDerivedFrom"),
            )
            if address
        ],
    }
    record["titles"] = [title for title in record["titles"] if title["title"]]
    if meta.identifier:
        prefix, _, suffix = meta.identifier.partition("/")
        record |= {"doi": meta.identifier, "prefix": prefix, "suffix": suffix}
    return {key: value for key, value in record.items() if value}


def datacite_json(meta: Metadata, formats: Sequence[str]) -> str:
    """Return the DataCite JSON file; ``formats`` as for :func:`datacite`."""
    return json.dumps(datacite(meta, formats), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def datacite_xml(meta: Metadata, formats: Sequence[str]) -> bytes:
    """Return the DataCite XML file; ``formats`` as for :func:`datacite`."""
    tree = schema45.dump_etree(datacite(meta, formats))
    etree.indent(tree)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8") + b"\n"


def dublin_core(meta: Metadata, edition: Edition) -> bytes:
    """Return the record as simple Dublin Core (``oai_dc``)."""
    root = shared_dublin_core(meta, edition)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def bag_info(meta: Metadata, name: str) -> dict[str, Any]:
    """Return the fields of ``bag-info.txt`` (BagIt 0.97, 2.2.2; RFC 8493 has the same fields).

    The date is the version's, not today's.
    """
    info = {
        "Bag-Software-Agent": f"tei-export {__version__}",
        "Bagging-Date": meta.date,
        "Source-Organization": meta.publisher,
        "External-Identifier": meta.identifier or name,
        "External-Description": f"{meta.full_title}. {meta.description} {meta.caveat}",
        "Title": meta.full_title,
        "Creator": list(meta.creators),
        "Version": meta.version,
        "Rights": [f"{right.of}: {right.name} <{right.uri}>" for right in meta.rights],
    }
    return {key: value for key, value in info.items() if value}


def licences_md(meta: Metadata) -> str:
    """Return ``LICENSES.md``, with separate sections for text, encoding and metadata."""
    lines = ["# Rights", "", "No one licence covers this deposit.", ""]
    for right in meta.rights:
        lines += [
            f"## {right.of.capitalize()}",
            "",
            f"{right.name}, <{right.uri}>",
            "",
            right.statement,
            "",
        ]
    lines += [
        "A TEI file, a PDF or a page holds the text *and* the editors' work; each part keeps the statement that it "
        "has here.",
    ]
    return "\n".join(lines) + "\n"


def witness_md(meta: Metadata, edition: Edition) -> str:
    """Return the note beside the witnesses: their description, and that no rights were cleared."""
    right = meta.right("text")
    lines = [
        "# Sources and witnesses",
        "",
        "The sources of the edition: the texts in MyST, the registers, the ledger, the record and the settings of the build.",
        "",
        "The witnesses are here for the proof of the edition only: every line of them can be regenerated from the TEI.",
        "",
        f"**Rights: {right.name}**, <{right.uri}>. {right.statement} The editors hold no right in these texts and can "
        "grant none. An archive that may not keep them leaves this folder out; the checksums below still say which files "
        "the edition was made from.",
        "",
    ]
    for text in edition.texts.values():
        described = " ".join(str(text.data.get("witness_description") or "").split())
        lines += [f"- `{text.witness.file}`: {described} SHA-256 {text.witness.sha256}."]
        if text.data.get("pages"):
            lines += [
                f"- `{text.data['pages']}`: which lines of it stand on which page; by the editors."
            ]
    return "\n".join(lines) + "\n"


def readme_md(meta: Metadata, contents: dict[str, str]) -> str:
    """Return ``README.md``.

    :param contents: folder or file → description
    """
    cited = html.unescape(
        re.sub("<[^>]*>", "", citations.render(citations.edition_item(meta), "chicago"))
    )
    lines = [
        f"# {meta.full_title}", "", f"Version {meta.version} ({meta.status}), {meta.date}. {meta.publisher}.",
        "", meta.description, "", meta.caveat, "", f"Cite as: {cited}", "", "## Rights", "",
        *(f"- {right.of}: {right.name} <{right.uri}>" for right in meta.rights),
        "", "Details: `LICENSES.md`.", "", "## What is here", "", "| path | what |", "|---|---|",
        *(f"| `{path}` | {gloss} |" for path, gloss in contents.items()), "",
        "This folder is the payload of a BagIt bag (version 0.97, the layout of RFC 8493): in the folder above it, `bagit.py --validate .` checks every "
        "file against its SHA-256 and SHA-512. `ro-crate-metadata.json` describes the files (RO-Crate 1.2).",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
