"""Extract the documentation of an ODD: glosses, attributes, values, rules, examples.

The input is the ODD of a schema folder (TEI Guidelines, chapter TD), in the subset that
``schema/README.md`` describes. The output is plain data, in alphabetical order; every element lists
the attributes of its classes.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.schema import safe_xml
from tei_export.schema.odd import members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEI = "{http://www.tei-c.org/ns/1.0}"
SCH = "{http://purl.oclc.org/dsdl/schematron}"
EXAMPLE = "{http://www.tei-c.org/ns/Examples}egXML"
#: (minOccurs, maxOccurs) → sign after a particle of a content model
_SIGNS = {("0", "1"): "?", ("1", "unbounded"): "+", ("0", "unbounded"): "*"}
#: TEI modules whose element references begin with these words
_NAMED = {"teidata.temporal.w3c": "date (ISO 8601)"}


@dataclass(frozen=True, slots=True)
class ListedValue:
    """A value of a closed list."""

    name: str
    desc: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute; ``datatype`` is set if it has no closed list of ``values``."""

    name: str
    desc: str
    required: bool
    datatype: str
    values: tuple[ListedValue, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A Schematron rule: its code and its requirement."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the schema. ``content`` is its content model, ``example`` TEI as text."""

    name: str
    module: str
    gloss: str
    desc: str
    content: str
    attributes: tuple[Attribute, ...]
    rules: tuple[Rule, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Schema:
    """The content of an ODD; ``lead`` contains the paragraphs of its prose."""

    version: str
    lead: tuple[str, ...]
    elements: tuple[Element, ...]


def read(path: Path) -> Schema:
    """Return the documentation in the ODD ``path``.

    :raises OSError: it cannot be read
    :raises lxml.etree.XMLSyntaxError: it is not well-formed
    """
    return _read(path.read_bytes())


@lru_cache(maxsize=4)  # the same again in every round of the live preview
def _read(data: bytes) -> Schema:
    root = etree.fromstring(data, safe_xml.parser(comments=False))
    classes = {
        c.get("ident", ""): c for c in root.iter(TEI + "classSpec") if c.get("type") != "model"
    }
    elements = [_element(spec, classes) for spec in root.iter(TEI + "elementSpec")]
    edition = root.find(f".//{TEI}editionStmt/{TEI}edition")
    return Schema(
        "" if edition is None else edition.get("n", ""),
        tuple(_plain(p) for p in root.iterfind(f"{TEI}text/{TEI}body/{TEI}p")),
        tuple(sorted(elements, key=lambda e: (e.name.casefold(), e.name))),
    )


def _element(spec: etree._Element, classes: dict[str, etree._Element]) -> Element:
    keys = [m.get("key", "") for m in spec.iterfind(f"{TEI}classes/{TEI}memberOf")]
    members = [classes[key] for key in keys if key in classes]
    owners = [spec, *members]
    content = spec.find(f"{TEI}content")
    return Element(
        name=spec.get("ident", ""),
        module=spec.get("module", ""),
        gloss=_plain(spec.find(TEI + "gloss")),
        desc=_plain(spec.find(TEI + "desc")),
        content=_model(content[0], outer=True) if content is not None and len(content) else "",
        attributes=tuple(sorted((a for o in owners for a in _attributes(o)), key=lambda a: a.name)),
        rules=tuple(r for o in owners for r in _rules(o)),
        example=_example(spec),
    )


def _attributes(owner: etree._Element) -> Iterator[Attribute]:
    for att in owner.iterfind(f"{TEI}attList/{TEI}attDef"):
        if att.get("mode") == "delete":
            continue
        values = tuple(
            ListedValue(item.get("ident", ""), _plain(item.find(TEI + "desc")))
            for item in att.iterfind(f"{TEI}valList/{TEI}valItem")
        )
        reference = att.find(f"{TEI}datatype/{TEI}dataRef")
        datatype = "" if values or reference is None else _datatype(reference)
        yield Attribute(
            att.get("ident", ""),
            _plain(att.find(TEI + "desc")),
            att.get("usage") == "req",
            datatype,
            values,
        )


def _datatype(reference: etree._Element) -> str:
    key = reference.get("key", "")
    name = _NAMED.get(key, key) or reference.get("name", "")
    pattern = reference.get("restriction")
    return f"{name}: {pattern}" if pattern else name


def _rules(owner: etree._Element) -> Iterator[Rule]:
    for spec in owner.iterfind(f".//{TEI}constraintSpec"):
        for test in spec.iter(SCH + "assert", SCH + "report"):
            yield Rule(spec.get("ident", ""), _plain(test))


def _model(node: etree._Element, *, outer: bool = False) -> str:
    """Return a content model in RELAX NG compact syntax: ``head*, (p | cit)+``."""
    kind = etree.QName(node).localname
    sign = _SIGNS.get((node.get("minOccurs", "1"), node.get("maxOccurs", "1")), "")
    if kind == "elementRef":
        return node.get("key", "") + sign
    if kind == "classRef":  # show readers the members
        shown = _members(node)
        inside_choice = etree.QName(node.getparent()).localname == "alternate"
        return shown if inside_choice and not sign else f"({shown}){sign}"
    if kind in ("textNode", "empty"):
        return "text" if kind == "textNode" else "empty"
    inner = (", " if kind == "sequence" else " | ").join(_model(child) for child in node)
    return inner if outer and not sign else f"({inner}){sign}"


def _members(reference: etree._Element) -> str:
    """Return the elements that are members of a class."""
    return " | ".join(
        members(reference, reference.getroottree().getroot().iter(TEI + "elementSpec"))
    )


def _example(spec: etree._Element) -> str:
    """Return the element's example as it would appear in a document."""
    egxml = spec.find(f"{TEI}exemplum/{EXAMPLE}")
    if egxml is None or not len(egxml):
        return ""
    example = deepcopy(egxml[0])
    example.tail = None
    for node in example.iter(etree.Element):
        node.tag = etree.QName(node).localname
    etree.cleanup_namespaces(example)
    return etree.tostring(example, encoding="unicode").strip()


def _plain(element: etree._Element | None) -> str:
    """Return the text of an element with normalised white space; empty for None."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())
