"""A RELAX NG schema that libxml2 checks in two passes, which take half of the time of one.

For every attribute, the RELAX NG of libxml2 compiles the pattern of the datatype anew (two thirds of the time of a
validation, measured); its XML Schema compiles every pattern once. So :class:`Grammar` takes the patterns out of the
RELAX NG schema and makes an XML Schema of them, which says nothing else. Both together accept what the whole schema
accepts: a pattern is taken out only where every element of that name has it for that attribute, wherever it stands.
The errors of a document that they reject are those of the whole schema.

Source: RELAX NG specification, section 4; XML Schema, part 1, sections 3.4, 3.6 and 3.10, part 2, section 4.3.4.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from tei_export.schema import safe_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_R = "{http://relaxng.org/ns/structure/1.0}"
_DEFINE, _REF, _ELEMENT, _ATTRIBUTE, _PARAM = (
    _R + name for name in ("define", "ref", "element", "attribute", "param")
)
_XSD = "http://www.w3.org/2001/XMLSchema"
_XML = "http://www.w3.org/XML/1998/namespace"
#: The constructs of a schema from which patterns are taken: the others nest, combine or generalise definitions.
_PLAIN = frozenset(
    _R + name
    for name in (
        "start", "define", "ref", "element", "attribute", "data", "param", "value", "text", "empty", "list", "group",
        "choice", "interleave", "mixed", "optional", "zeroOrMore", "oneOrMore",
    )
)  # fmt: skip
#: What its constructs may say; otherwise a name could have several meanings.
_SAID = frozenset({"name", "type"})
_NAME = re.compile(r"(?:xml:)?[\w.-]+")
#: Datatypes whose patterns can be taken out → the one in which libxml2 compares the same string: it collapses the
#: white space of a token before, but not that of an anyURI, in which it ought to (W3C, part 2, section 3.2.17).
_COMPARED = {
    "string": "string",
    "anyURI": "string",
    **dict.fromkeys(("token", "Name", "NCName", "NMTOKEN", "ID", "language"), "token"),
}
#: The second file of the XML Schema: a file declares the attributes of one namespace.
_SECOND = "xml.xsd"
_ANY = '<xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'


class Pattern(NamedTuple):
    """What an attribute must match: the datatype to compare it as (:data:`_COMPARED`), and the expression."""

    datatype: str
    expression: str


#: Every element → the attributes with a pattern → the pattern.
Patterns = dict[str, dict[str, Pattern]]


class Grammar:
    """A RELAX NG schema, compiled; ``errors``: those of the last document that it rejected.

    :raises lxml.etree.RelaxNGParseError: it is no schema
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.errors: list[etree._LogEntry] = []
        schema = safe_xml.parse(path)
        patterns = take_patterns(schema.getroot())
        self._passes: list[etree.RelaxNG | etree.XMLSchema] = [etree.RelaxNG(schema)]
        if any(patterns.values()):
            # An XML Schema follows instructions in a document (xsi:…), which the first pass rejects.
            self._passes.append(_compiled(patterns, schema.getroot().get("ns", "")))

    def validate(self, tree: etree._ElementTree) -> bool:
        """Return whether a document is valid."""
        if all(one.validate(tree) for one in self._passes):
            return True
        valid: bool = self._whole.validate(tree)
        self.errors = list(self._whole.error_log)
        return valid

    @cached_property
    def _whole(self) -> etree.RelaxNG:
        return etree.RelaxNG(safe_xml.parse(self._path))


def take_patterns(grammar: etree._Element) -> Patterns:
    """Remove the patterns that an attribute of an element matches in any case from a RELAX NG schema; return them."""
    patterns: Patterns = {element.get("name", ""): {} for element in grammar.iter(_ELEMENT)}
    declared = _declared(grammar) if _is_plain(grammar) else {}
    found = {owner: {*map(_pattern, attributes)} for owner, attributes in declared.items()}
    kept = {one for owner, several in found.items() if len(several) > 1 for one in declared[owner]}
    for (element, attribute), (pattern, *_) in found.items():
        if pattern is not None and kept.isdisjoint(declared[element, attribute]):
            patterns[element][attribute] = pattern
            for one in declared[element, attribute]:
                etree.strip_elements(one, _PARAM)
    return patterns


def _is_plain(grammar: etree._Element) -> bool:
    """Return whether a schema is one list of definitions, in which every name has one meaning."""
    inner = list(grammar.iterdescendants(f"{_R}*"))
    defined = [node.get("name") for node in inner if node.tag == _DEFINE]
    return (
        grammar.tag == f"{_R}grammar"
        and grammar.get("datatypeLibrary") == f"{_XSD}-datatypes"
        and len(defined) == len({*defined})
        and all(node.tag in _PLAIN and _SAID.issuperset(node.keys()) for node in inner)
        and all(
            _NAME.fullmatch(n.get("name", "")) for n in inner if n.tag in (_ELEMENT, _ATTRIBUTE)
        )
    )


def _declared(grammar: etree._Element) -> dict[tuple[str, str], set[etree._Element]]:
    """Return all declarations of an attribute of an element, by the names of both.

    They stand in its pattern, or in a definition to which it refers, directly or indirectly.
    """
    own: dict[etree._Element, list[etree._Element]] = defaultdict(list)
    referring: dict[str, list[etree._Element]] = defaultdict(list)
    for node in grammar.iter(_ATTRIBUTE, _REF):
        holder = next(node.iterancestors(_ELEMENT, _DEFINE), grammar)
        if node.tag == _ATTRIBUTE:
            own[holder].append(node)
        else:
            referring[node.get("name", "")].append(holder)
    declared: dict[tuple[str, str], set[etree._Element]] = defaultdict(set)
    for holder, attributes in own.items():
        for element in _elements(holder, referring, set()):
            for attribute in attributes:
                declared[element.get("name", ""), attribute.get("name", "")].add(attribute)
    return declared


def _elements(
    holder: etree._Element, referring: Mapping[str, list[etree._Element]], seen: set[etree._Element]
) -> Iterator[etree._Element]:
    """Yield the elements that have what an element or a definition holds."""
    if holder.tag == _ELEMENT:
        yield holder
    elif holder not in seen:
        seen.add(holder)
        for other in referring.get(holder.get("name", ""), ()):
            yield from _elements(other, referring, seen)


def _pattern(attribute: etree._Element) -> Pattern | None:
    """Return the pattern of an attribute; nothing, if it is declared otherwise than by a datatype with one pattern."""
    content = list(attribute.iterchildren(f"{_R}*"))
    if len(content) != 1 or content[0].get("type") not in _COMPARED:
        return None
    params = list(content[0].iterchildren(f"{_R}*"))
    if len(params) != 1 or params[0].get("name") != "pattern":
        return None
    return Pattern(_COMPARED[content[0].get("type", "")], params[0].text or "")


class _SecondFile(etree.Resolver):
    """Gives libxml2 the second file of an XML Schema."""

    def __init__(self, content: str) -> None:
        self._content = content

    def resolve(self, system_url: str, _public_id: str, context: Any) -> Any:  # type: ignore[override] # wrong stubs
        known = system_url == _SECOND
        return self.resolve_string(self._content, context) if known else None  # type: ignore[call-arg]


def _compiled(patterns: Patterns, namespace: str) -> etree.XMLSchema:
    """Return the XML Schema in which the attributes of the elements match their patterns, and all else is free."""
    types: dict[Pattern, str] = {}
    groups: dict[str, str] = {}
    elements: list[str] = []
    for element, attributes in patterns.items():
        said: list[str] = []
        for name, pattern in attributes.items():
            known = types.setdefault(pattern, f"pattern-{len(types)}")
            prefix, _, local = name.rpartition(":")
            if prefix:  # an attribute xml:…
                group = f"{local}-{known}"
                groups[group] = (
                    f'<xs:attributeGroup name="{group}">'
                    f'<xs:attribute name="{local}" form="qualified" type="xml:{known}"/></xs:attributeGroup>'
                )
                said.append(f'<xs:attributeGroup ref="xml:{group}"/>')
            else:
                said.append(f'<xs:attribute name="{name}" type="{known}"/>')
        elements.append(
            f'<xs:element name="{element}"><xs:complexType mixed="true"><xs:sequence>{_ANY}</xs:sequence>'
            f'{"".join(said)}<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>'
        )
    declared = [
        f'<xs:simpleType name="{name}"><xs:restriction base="xs:{pattern.datatype}">'
        f"<xs:pattern value={quoteattr(pattern.expression)}/></xs:restriction></xs:simpleType>"
        for pattern, name in types.items()
    ]
    parser = safe_xml.parser()
    parser.resolvers.add(_SecondFile(_schema_file(_XML, [*declared, *groups.values()])))
    imported = f'<xs:import namespace="{_XML}" schemaLocation="{_SECOND}"/>'
    first = _schema_file(namespace, [imported, *declared, *elements])
    return etree.XMLSchema(etree.fromstring(first, parser))


def _schema_file(namespace: str, content: Iterable[str]) -> str:
    """Return a file of an XML Schema, which declares what is in a namespace; empty: in none."""
    names = (
        f" xmlns={quoteattr(namespace)} targetNamespace={quoteattr(namespace)}" if namespace else ""
    )
    return f'<xs:schema xmlns:xs="{_XSD}"{names}>{"".join(content)}</xs:schema>'
