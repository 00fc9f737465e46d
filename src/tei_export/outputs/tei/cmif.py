"""Write ``cmif.xml``: the letters of the edition in the Correspondence Metadata Interchange Format.

Services such as correspSearch read it: senders, addressees, places and dates, with identifiers of
authority files, and the address of each letter (CMIF 1.1 of the TEI Correspondence SIG; TEI
Guidelines, HD#HD44CD).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.metadata import metadata
from tei_export.tei.elements import TEI, element, sub
from tei_export.tei.header import corresp_desc

if TYPE_CHECKING:
    from tei_export.model.edition import Edition
    from tei_export.model.registers import RegisterEntry

FILE = "cmif.xml"
#: The authority files that services know, the most common first.
_AUTHORITIES = ("gnd", "viaf", "geonames", "wikidata")
_RNG = "https://raw.githubusercontent.com/TEI-Correspondence-SIG/CMIF/master/schema/cmi-customization.rng"
_MODEL = f'href="{_RNG}" type="application/xml" schematypens="http://relaxng.org/ns/structure/1.0"'


def cmif(edition: Edition) -> bytes:
    """Return the file; empty if the edition has no letters, or no address (``base_url``)."""
    meta = metadata(edition)
    letters = [letter for text in edition.texts.values() for letter in edition.letters(text)]
    if not meta.base_url or not letters:
        return b""
    site = meta.base_url
    source = f"uuid-{uuid.uuid5(uuid.NAMESPACE_URL, site)}"
    root = element("TEI")
    head = sub(root, "teiHeader")
    desc = sub(head, "fileDesc")
    titles = sub(desc, "titleStmt")
    sub(titles, "title", meta.title)
    contact = str(edition.record.get("report_to") or "")
    for number, editor in enumerate(meta.editors):
        named = sub(titles, "editor", editor.name)
        if not number and contact.startswith("mailto:"):
            named.text = f"{editor.name} "
            sub(named, "email", contact.removeprefix("mailto:"))
    publication = sub(desc, "publicationStmt")
    sub(sub(publication, "publisher"), "ref", meta.publisher, target=site)
    sub(publication, "idno", f"{site}files/tei/{FILE}", type="url")
    sub(publication, "date", when=meta.date)
    right = meta.rights[-1]
    sub(sub(publication, "availability"), "licence", right.name, target=right.uri)
    cited = f"{meta.title}. {meta.publisher}, {meta.year}. Version {meta.version}. {site}"
    sub(sub(desc, "sourceDesc"), "bibl", cited, type="online", xml_id=source)
    profile = sub(head, "profileDesc")
    for letter in letters:
        where = f"{site}{letter.doc}.html"
        corresp_desc(profile, letter, where, _authority, key=letter.part, source=f"#{source}")
    for said in profile:
        _complete(said)
    sub(sub(sub(root, "text"), "body"), "p")
    etree.indent(root, space="  ")
    root.addprevious(etree.ProcessingInstruction("xml-model", _MODEL))
    return etree.tostring(etree.ElementTree(root), xml_declaration=True, encoding="UTF-8") + b"\n"


def _complete(desc: etree._Element) -> None:
    """Add what CMIF requires: a receipt, a name in each action, and dates that a program can read."""
    if len(desc) == 1:
        sub(desc, "correspAction", type="received")
    for action in desc:
        for date in action.findall(f"{{{TEI}}}date"):
            if not date.attrib:
                action.remove(date)
        if not len(action):
            sub(action, "persName", "unknown")


def _authority(entry: RegisterEntry) -> str:
    """Return the address of an entry in the first authority file that it names; empty without one."""
    known = dict(zip(entry.known_ids(), entry.addresses(), strict=True))
    return next((known[name] for name in _AUTHORITIES if name in known), "")
