"""The record as simple Dublin Core, in the form of OAI-PMH (``oai_dc``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.model.edition import Edition, Text
    from tei_export.model.metadata import Metadata

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC = "http://purl.org/dc/elements/1.1/"


def dublin_core(meta: Metadata, edition: Edition, text: Text | None = None) -> etree._Element:
    """Return the description of the edition, or of a text of it."""
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": _DC})
    rows = _edition(meta, edition) if text is None else _text(meta, text)
    for local, words in rows:
        if words:
            etree.SubElement(root, f"{{{_DC}}}{local}").text = " ".join(words.split())
    etree.indent(root)
    return root


def _edition(meta: Metadata, edition: Edition) -> Iterator[tuple[str, str]]:
    yield "title", meta.full_title
    yield from (("creator", name) for name in meta.creators)
    yield "publisher", meta.publisher
    yield "date", meta.date
    yield "type", "Text"
    yield "type", "Dataset"
    yield "language", meta.language
    yield "description", meta.description
    yield "description", meta.caveat
    yield "description", f"Version {meta.version}"
    yield from (("subject", term) for term in meta.keywords)
    yield from _rights(meta)
    for text in edition.texts.values():
        yield "source", str(text.data.get("witness_description") or "")
    yield "identifier", meta.doi_url
    yield "identifier", meta.base_url
    yield "relation", meta.repository_url


def _text(meta: Metadata, text: Text) -> Iterator[tuple[str, str]]:
    yield "title", text.title
    yield "creator", str(text.data.get("author") or "")
    yield from (("contributor", name) for name in meta.creators)
    yield "publisher", meta.publisher
    yield "date", meta.date
    yield "type", "Text"
    yield "format", "application/tei+xml"
    yield "language", text.language
    yield "description", meta.description_of(text)
    yield "description", meta.caveat_of(text)
    yield from _rights(meta)
    yield "source", str(text.data.get("witness_description") or "")
    yield "identifier", meta.permalink(f"files/tei/{text.id}.xml") if meta.base_url else ""
    yield "relation", meta.base_url


def _rights(meta: Metadata) -> Iterator[tuple[str, str]]:
    for right in meta.rights:
        yield "rights", f"{right.of}: {right.name}. {right.statement} {right.uri}"
