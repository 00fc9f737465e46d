"""Read the layers of a TEI file without any code of the exporter.

E consists of ``lem`` and ``corr``, T of ``lem`` and ``sic``, without page numbers and notes; a note is read
separately, without its printed number.
"""

from __future__ import annotations

import re

from lxml import etree

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
#: Elements that are not part of the text of the typescript at their place.
_ASIDE = {"rdg", "fw", "note", "label", "desc", "figDesc"}
_NOT_READ = {"E": {"sic", "abbr", "orig", "del", "surplus"}, "T": {"corr", "expan", "reg"}}
GAP = "[…]"
#: Words that are true of some sources only.
CLAIMS = re.compile(
    r"typewriter|typescript|typed|typist|optical|\bOCR\b|underlin|indent|misread", re.IGNORECASE
)


def parse(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def reading(node: etree._Element, layer: str = "E") -> str:
    """Return the text of ``node`` in a layer, with collapsed white space."""
    return " ".join("".join(_pieces(node, layer)).split())


def _pieces(node: etree._Element, layer: str) -> list[str]:
    found = [node.text or ""]
    for child in node:
        name = etree.QName(child).localname if isinstance(child.tag, str) else "note"
        if name == "gap":
            found.append(GAP)
        elif name == "space":
            found.append("[ ]")
        elif not _passed_over(child, name, layer):
            found += _pieces(child, layer)
        found.append(child.tail or "")
    return found


def _passed_over(node: etree._Element, name: str, layer: str) -> bool:
    if name == "note" and node.get("type") == "annotation":
        return False
    if name in ("lem", "rdg") and node.getparent().get("type") == "variant":
        return node is not _variant(node.getparent(), layer)
    if name == "label" and node.getparent().tag == f"{TEI}list":
        return False
    if name == "ref":
        return node.get("type") == "noteAnchor"
    return name in _ASIDE or name in _NOT_READ[layer]


def _variant(app: etree._Element, layer: str) -> etree._Element | None:
    """Return the reading of a layer among those of several witnesses; T has that of the base if it departs from ``lem``."""
    listed = app.getroottree().find(f".//{TEI}listWit")
    lines = next(w for w in listed if w.get(ID) != "T")
    base = lines.get("corresp") or f"#{lines.get(ID)}"
    own = [r for r in app.iterfind(TEI + "rdg") if base in r.get("wit").split()]
    return own[0] if own and layer == "T" else app.find(TEI + "lem")


def by_id(root: etree._Element) -> dict[str, etree._Element]:
    """Return every element with an ``xml:id``."""
    return {
        node.get(ID): node for node in root.iter() if isinstance(node.tag, str) and node.get(ID)
    }


def header(data: bytes) -> str:
    """Return the words of the header."""
    return " ".join("".join(etree.fromstring(data).find(f"{TEI}teiHeader").itertext()).split())
