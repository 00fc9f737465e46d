"""The metadata for harvesters: a static repository of OAI-PMH 2.0.

Source: http://www.openarchives.org/OAI/2.0/guidelines-static-repository.htm. A gateway, or the
application of ``dts-serve``, answers the six verbs from this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from tei_export.shared.dublin_core import OAI_DC, dublin_core

if TYPE_CHECKING:
    from tei_export.model.edition import Edition
    from tei_export.model.metadata import Metadata

STATIC = "http://www.openarchives.org/OAI/2.0/static-repository"
OAI = "http://www.openarchives.org/OAI/2.0/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIX = "oai_dc"
_DC_SCHEMA = f"{OAI}oai_dc.xsd"


def static_repository(meta: Metadata, edition: Edition) -> str:
    """Return the file. Every record is dated to the day of the version, so that a second build
    gives the same."""
    root = etree.Element(
        f"{{{STATIC}}}Repository",
        nsmap={None: STATIC, "oai": OAI, "xsi": _XSI},  # type: ignore[dict-item]
        attrib={f"{{{_XSI}}}schemaLocation": f"{STATIC} {STATIC}.xsd"},
    )
    _identify(root, meta)
    formats = etree.SubElement(root, f"{{{STATIC}}}ListMetadataFormats")
    one = etree.SubElement(formats, f"{{{OAI}}}metadataFormat")
    for name, words in (
        ("metadataPrefix", PREFIX),
        ("schema", _DC_SCHEMA),
        ("metadataNamespace", OAI_DC),
    ):
        etree.SubElement(one, f"{{{OAI}}}{name}").text = words
    records = etree.SubElement(root, f"{{{STATIC}}}ListRecords", metadataPrefix=PREFIX)
    for text in (None, *edition.texts.values()):
        record = etree.SubElement(records, f"{{{OAI}}}record")
        header = etree.SubElement(record, f"{{{OAI}}}header")
        identifier = item(meta, "edition" if text is None else text.id)
        etree.SubElement(header, f"{{{OAI}}}identifier").text = identifier
        etree.SubElement(header, f"{{{OAI}}}datestamp").text = meta.date
        said = dublin_core(meta, edition, text)
        said.set(f"{{{_XSI}}}schemaLocation", f"{OAI_DC} {_DC_SCHEMA}")
        etree.SubElement(record, f"{{{OAI}}}metadata").append(said)
    etree.indent(root)
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8").decode()
    return data.replace("?>", "?>\n", 1) + "\n" if "?>\n" not in data else data + "\n"


def item(meta: Metadata, name: str) -> str:
    """Return the unique identifier of an item, made of the published address and its name."""
    parts = urlsplit(meta.base_url)
    return f"oai:{parts.hostname}:{parts.path.lstrip('/')}{name}"


def _identify(root: etree._Element, meta: Metadata) -> None:
    identify = etree.SubElement(root, f"{{{STATIC}}}Identify")
    for name, words in (
        ("repositoryName", meta.full_title),
        ("baseURL", meta.oai_address),
        ("protocolVersion", "2.0"),
        ("adminEmail", meta.report_to.removeprefix("mailto:").partition("?")[0]),
        ("earliestDatestamp", meta.date),
        ("deletedRecord", "no"),
        ("granularity", "YYYY-MM-DD"),
    ):
        etree.SubElement(identify, f"{{{OAI}}}{name}").text = words
