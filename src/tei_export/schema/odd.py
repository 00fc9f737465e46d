"""Compile the project's ODD into RELAX NG and Schematron.

The input is one self-contained ODD, in the subset of the ODD language that ``schema/README.md``
describes (TEI Guidelines, chapter TD). The output is ``edition.rng`` and ``edition.sch`` as bytes,
always the same for the same ODD. Only lxml is required. Anything outside the subset raises
:class:`OddError`: a schema that silently drops a rule would be worse than none.

    python -m tei_export.schema.odd schema/edition.odd schema/
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.schema import safe_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TEI = "http://www.tei-c.org/ns/1.0"
RNG = "http://relaxng.org/ns/structure/1.0"
SCH = "http://purl.oclc.org/dsdl/schematron"
DOC = "http://relaxng.org/ns/compatibility/annotations/1.0"
XSD = "http://www.w3.org/2001/XMLSchema-datatypes"
T, S = f"{{{TEI}}}", f"{{{SCH}}}"

#: (minOccurs, maxOccurs) → RELAX NG pattern around the particle; empty: none
OCCURRENCE = {
    ("1", "1"): "",
    ("0", "1"): "optional",
    ("1", "unbounded"): "oneOrMore",
    ("0", "unbounded"): "zeroOrMore",
}
#: the TEI's named datatypes that the ODD may use, as XML Schema types
NAMED_DATATYPES = {
    "teidata.temporal.w3c": (
        "date",
        "gYear",
        "gMonth",
        "gDay",
        "gYearMonth",
        "gMonthDay",
        "time",
        "dateTime",
    ),
}
SPEC_CHILDREN = {"desc", "gloss", "moduleRef", "classSpec", "elementSpec"}


class OddError(ValueError):
    """Raised for an unsupported construct in the ODD; names the element and its line."""

    def __init__(self, message: str, element: etree._Element) -> None:
        name = etree.QName(element).localname
        ident = element.get("ident") or element.get("key")
        super().__init__(
            f"line {element.sourceline}: {name}{f' {ident}' if ident else ''}: {message}"
        )
        self.line = element.sourceline


@dataclass(frozen=True, slots=True)
class Odd:
    """A parsed and checked ODD: its classes and elements by name, in document order."""

    ident: str
    version: str
    start: tuple[str, ...]
    classes: dict[str, etree._Element]
    models: dict[str, etree._Element]
    elements: dict[str, etree._Element]


def compile_rng(odd_path: Path | str) -> bytes:
    """Return the RELAX NG schema (XML syntax) of an ODD.

    :raises OddError: the ODD is outside the supported subset
    """
    odd = read_odd(odd_path)
    grammar = etree.Element(f"{{{RNG}}}grammar", nsmap={None: RNG, "a": DOC})  # type: ignore[dict-item]
    grammar.set("ns", TEI)
    grammar.set("datatypeLibrary", XSD)
    choice = _add(_add(grammar, "start"), "choice")
    for name in odd.start:
        _add(choice, "ref", name=name)
    for spec in odd.classes.values():
        _group(_add(grammar, "define", name=spec.get("ident")), spec)
    for name, spec in odd.models.items():
        _model(_add(grammar, "define", name=name), spec, odd)
    for spec in odd.elements.values():
        _element(grammar, spec, odd)
    return _serialize(grammar, odd)


def compile_schematron(odd_path: Path | str) -> bytes:
    """Return the Schematron rules (ISO, XPath 1.0) of an ODD.

    Rules with the same context become one rule. Rules whose context is a plain element name cannot
    compete for a node, so they share one pattern and the tree is walked once.

    :raises OddError: the ODD is outside the supported subset
    """
    odd = read_odd(odd_path)
    schema = etree.Element(S + "schema", nsmap={"sch": SCH})
    schema.set("queryBinding", "xslt")
    etree.SubElement(
        schema, S + "title"
    ).text = f"Rules of the schema {odd.ident}, version {odd.version}"
    etree.SubElement(schema, S + "ns", prefix="tei", uri=TEI)
    by_context: dict[str, list[tuple[str, etree._Element]]] = {}
    for code, rule in _constraints(odd):
        by_context.setdefault(rule.get("context", ""), []).append((code, rule[0]))
    simple = etree.SubElement(schema, S + "pattern", id="elements")
    for context, tests in by_context.items():
        plain = context.removeprefix("tei:") in odd.elements
        parent = (
            simple if plain else etree.SubElement(schema, S + "pattern", id=f"rule-{tests[0][0]}")
        )
        target = etree.SubElement(parent, S + "rule", context=context)
        for code, test in tests:
            name = etree.QName(test).localname
            etree.SubElement(target, S + name, id=code, test=test.get("test", "")).text = _plain(
                test
            )
    return _serialize(schema, odd)


def read_odd(odd_path: Path | str) -> Odd:
    """Read an ODD and check its frame: each name is declared once, each reference resolves.

    :raises OddError: the ODD is outside the supported subset
    """
    root = safe_xml.parse(odd_path, comments=False).getroot()
    specs = list(root.iter(T + "schemaSpec"))
    if len(specs) != 1:
        raise OddError(f"needs exactly one schemaSpec, has {len(specs)}", root)
    spec = specs[0]
    modules: dict[str, set[str]] = {}
    odd = Odd(
        spec.get("ident", ""), _version(root), tuple(spec.get("start", "").split()), {}, {}, {}
    )
    for child in spec:
        kind = _local(child)
        if kind not in SPEC_CHILDREN:
            raise OddError("not supported in schemaSpec", child)
        if kind == "moduleRef":
            modules[child.get("key", "")] = set(child.get("include", "").split())
        elif kind == "classSpec":
            _declare(odd.models if child.get("type") == "model" else odd.classes, child, mode="add")
        elif kind == "elementSpec":
            _declare(odd.elements, child, mode="change")
    _check_frame(odd, spec, modules)
    return odd


def _version(root: etree._Element) -> str:
    """Return the version in the ODD's header."""
    edition = root.find(f".//{T}editionStmt/{T}edition")
    return "" if edition is None else edition.get("n", "")


def _declare(table: dict[str, etree._Element], spec: etree._Element, mode: str) -> None:
    """Enter a classSpec or elementSpec into ``table`` under its name."""
    if spec.get("mode") != mode:
        raise OddError(f"mode must be {mode!r}", spec)
    if spec.get("ident") in table:
        raise OddError("declared twice", spec)
    if _local(spec) == "classSpec" and spec.get("type") not in ("atts", "model"):
        raise OddError("a class is of attributes (type atts) or of elements (type model)", spec)
    table[spec.get("ident", "")] = spec


def _check_frame(odd: Odd, spec: etree._Element, modules: dict[str, set[str]]) -> None:
    """Check the ODD as a whole: start, modules, membership, duplicate attributes."""
    for name in odd.start:
        if name not in odd.elements:
            raise OddError(f"start {name!r} is not declared", spec)
    if not odd.start:
        raise OddError("names no start", spec)
    for name, element in odd.elements.items():
        if name not in modules.get(element.get("module", ""), ()):
            raise OddError("not in the include list of its module", element)
        _check_attributes(element, odd)
    for module, names in modules.items():
        if missing := sorted(names - set(odd.elements)):
            raise OddError(
                f"module {module} includes elements without elementSpec: {', '.join(missing)}", spec
            )


def _check_attributes(element: etree._Element, odd: Odd) -> None:
    """Check that the project's classes replace the TEI's, and that no attribute has two sources."""
    classes = element.find(T + "classes")
    if classes is None or classes.get("mode") != "replace":
        raise OddError("needs classes with mode replace", element)
    seen: set[str] = set()
    for owner in [
        *(_class(member, odd) for member in classes if member.get("key") not in odd.models),
        element,
    ]:
        for att in _attributes(owner):
            if att.get("ident") in seen:
                raise OddError(f"attribute {att.get('ident')} is declared twice", att)
            seen.add(att.get("ident", ""))


def _class(member: etree._Element, odd: Odd) -> etree._Element:
    """Return the class that a memberOf names."""
    key = member.get("key", "")
    if _local(member) != "memberOf" or key not in odd.classes:
        raise OddError("not a class of this ODD", member)
    return odd.classes[key]


def _attributes(owner: etree._Element) -> Iterator[etree._Element]:
    """Yield the attributes that a class or element declares.

    Deletions are skipped: they concern only the TEI's own schema.
    """
    for att in owner.iterfind(f"{T}attList/*"):
        if _local(att) != "attDef":
            raise OddError("only attDef is supported in attList", att)
        if att.get("mode") not in ("add", "change", "delete"):
            raise OddError("mode must be add, change or delete", att)
        if att.get("mode") != "delete":
            yield att


def _element(grammar: etree._Element, spec: etree._Element, odd: Odd) -> None:
    """Write one definition: documentation, attributes, content."""
    name = spec.get("ident", "")
    element = _add(_add(grammar, "define", name=name), "element", name=name)
    _document(element, spec)
    for member in spec.iterfind(f"{T}classes/{T}memberOf"):
        if member.get("key") not in odd.models:
            _add(element, "ref", name=member.get("key"))
    for att in _attributes(spec):
        _attribute(element, att)
    content = spec.find(T + "content")
    if content is None or len(content) != 1:
        raise OddError("needs content with exactly one child", spec)
    _content(element, content[0], odd)


def _group(define: etree._Element, spec: etree._Element) -> None:
    """Write the attributes of a class."""
    for att in _attributes(spec):
        _attribute(define, att)
    if not len(define):
        raise OddError("a class without attributes", spec)


def _model(define: etree._Element, spec: etree._Element, odd: Odd) -> None:
    """Write a class of elements: a choice of its members, which name the class."""
    key = spec.get("ident")
    members = [
        name
        for name, element in odd.elements.items()
        if any(member.get("key") == key for member in element.iterfind(f"{T}classes/{T}memberOf"))
    ]
    if not members:
        raise OddError("a class without members", spec)
    choice = _add(define, "choice")
    for name in members:
        _add(choice, "ref", name=name)


def _content(parent: etree._Element, node: etree._Element, odd: Odd) -> None:
    """Write one content particle with its occurrence indicator."""
    kind = _local(node)
    key = (node.get("minOccurs", "1"), node.get("maxOccurs", "1"))
    if key not in OCCURRENCE:
        raise OddError(f"minOccurs {key[0]}, maxOccurs {key[1]} is not supported", node)
    if OCCURRENCE[key]:
        parent = _add(parent, OCCURRENCE[key])
    if kind in ("elementRef", "classRef"):
        _reference(parent, node, odd)
    elif kind in ("sequence", "alternate"):
        if not len(node):
            raise OddError("has no children", node)
        inner = _add(parent, "group" if kind == "sequence" else "choice")
        for child in node:
            _content(inner, child, odd)
    elif kind in ("textNode", "empty"):
        _add(parent, "text" if kind == "textNode" else "empty")
    else:
        raise OddError("not supported in content", node)


def _reference(parent: etree._Element, node: etree._Element, odd: Odd) -> None:
    """Write a reference to an element, or to any member of a class."""
    if _local(node) == "elementRef" and node.get("key") not in odd.elements:
        raise OddError("not an element of this ODD", node)
    if _local(node) == "classRef" and node.get("key") not in odd.models:
        raise OddError("not a class of elements of this ODD", node)
    if node.get("except"):
        choice = _add(parent, "choice")
        for name in members(node, odd.elements.values()):
            _add(choice, "ref", name=name)
        return
    _add(parent, "ref", name=node.get("key"))


def members(reference: etree._Element, elements: Iterable[etree._Element]) -> list[str]:
    """Return the elements that a reference to a class stands for (TEI TD#TDTAGCONT): its members, but those of ``@except``."""
    left_out = (reference.get("except") or "").split()
    return [
        name
        for spec in elements
        if (name := spec.get("ident", "")) not in left_out
        and any(
            member.get("key") == reference.get("key")
            for member in spec.iterfind(f"{T}classes/{T}memberOf")
        )
    ]


def _attribute(parent: etree._Element, att: etree._Element) -> None:
    """Write one attribute: required or optional, with a closed list or a datatype."""
    usage = att.get("usage")
    if usage not in ("req", "opt"):
        raise OddError("usage must be req or opt", att)
    if usage == "opt":
        parent = _add(parent, "optional")
    attribute = _add(parent, "attribute", name=att.get("ident"))
    _document(attribute, att)
    values = att.find(T + "valList")
    if values is not None:
        _values(attribute, values)
    else:
        _datatype(attribute, att)


def _values(attribute: etree._Element, values: etree._Element) -> None:
    """Write a closed list, each value with its explanation."""
    if values.get("type") != "closed":
        raise OddError("only closed lists are supported", values)
    choice = _add(attribute, "choice")
    for item in values:
        if _local(item) != "valItem" or item.find(T + "desc") is None:
            raise OddError("a list holds valItem elements, each with a desc", item)
        _add(choice, "value").text = item.get("ident")
        _document(choice, item)
    if not len(choice):
        raise OddError("an empty list", values)


def _datatype(attribute: etree._Element, att: etree._Element) -> None:
    """Write an XML Schema datatype, optionally with a pattern, or a named datatype of the TEI."""
    refs = att.findall(f"{T}datatype/{T}dataRef")
    holder = refs[0].getparent() if len(refs) == 1 else None
    if holder is None or set(holder.attrib):
        raise OddError("needs a closed valList or a datatype with one dataRef", att)
    ref = refs[0]
    if key := ref.get("key"):
        if key not in NAMED_DATATYPES:
            raise OddError("datatype is not supported", ref)
        choice = _add(attribute, "choice")
        for name in NAMED_DATATYPES[key]:
            _add(choice, "data", type=name)
        return
    data = _add(attribute, "data", type=ref.get("name"))
    if restriction := ref.get("restriction"):
        _add(data, "param", name="pattern").text = restriction


def _constraints(odd: Odd) -> Iterator[tuple[str, etree._Element]]:
    """Yield the (code, rule) of each constraint, in document order."""
    codes: set[str] = set()
    for spec in (*odd.classes.values(), *odd.elements.values()):
        for constraint in spec.iterfind(f".//{T}constraintSpec"):
            code = constraint.get("ident", "")
            if constraint.get("scheme") != "schematron" or code in codes:
                raise OddError("the scheme must be schematron and the code its own", constraint)
            codes.add(code)
            yield code, _rule(constraint)


#: The validator visits elements alone, which takes two thirds of the time. For a condition in the context libxslt would
#: count the siblings of every element: the square of the length of a register.
_ELEMENT_CONTEXT = re.compile(r"tei:(?:[\w.-]+|\*)")


def _rule(constraint: etree._Element) -> etree._Element:
    """Return the only rule of a constraint, which must have one assertion or report."""
    rules = constraint.findall(f"{T}constraint/*")
    if len(rules) != 1 or rules[0].tag != S + "rule" or not rules[0].get("context"):
        raise OddError("needs one sch:rule with a context", constraint)
    rule = rules[0]
    if not _ELEMENT_CONTEXT.fullmatch(rule.get("context", "")):
        raise OddError("the context must be an element of the TEI: tei:p, tei:*", constraint)
    if (
        len(rule) != 1
        or rule[0].tag not in (S + "assert", S + "report")
        or len(rule[0])
        or not _plain(rule[0])
    ):
        raise OddError("a rule holds one assert or report with a plain text", constraint)
    return rule


def _add(parent: etree._Element, tag: str, **attributes: str | None) -> etree._Element:
    """Append a RELAX NG element; drop attributes without a value."""
    return etree.SubElement(
        parent, f"{{{RNG}}}{tag}", {k: v for k, v in attributes.items() if v is not None}
    )


def _document(parent: etree._Element, spec: etree._Element) -> None:
    """Write gloss and description as documentation that XML editors display."""
    words = [_plain(x) for x in (spec.find(T + "gloss"), spec.find(T + "desc")) if x is not None]
    if words:
        etree.SubElement(parent, f"{{{DOC}}}documentation").text = ": ".join(words)


def _plain(element: etree._Element) -> str:
    """Return the text of an element with normalised white space."""
    return " ".join("".join(str(t) for t in element.itertext()).split())


def _local(node: etree._Element) -> str:
    """Return the local name of a TEI element.

    :raises OddError: the node is not a TEI element
    """
    if not isinstance(node.tag, str) or etree.QName(node).namespace != TEI:
        raise OddError("not a TEI element", node if isinstance(node.tag, str) else node.getparent())
    return etree.QName(node).localname


def _serialize(root: etree._Element, odd: Odd) -> bytes:
    """Serialise a schema: indented, with a comment on its origin."""
    etree.indent(root)
    note = f"Compiled from {odd.ident}.odd, version {odd.version}, by tei_export.schema.odd. Do not edit. CC BY 4.0."
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {note} -->\n'
    return head.encode() + etree.tostring(root, encoding="UTF-8", xml_declaration=False) + b"\n"


def main(arguments: list[str]) -> int:
    """Write ``<name>.rng`` and ``<name>.sch`` of an ODD into a folder; return the exit status."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m tei_export.schema.odd FILE.odd FOLDER\n")
        return 2
    source, folder = (Path(a) for a in arguments)
    try:
        products = {".rng": compile_rng(source), ".sch": compile_schematron(source)}
    except (OddError, etree.XMLSyntaxError, OSError) as error:
        sys.stderr.write(f"{source}: {error}\n")
        return 1
    for ending, data in products.items():
        (folder / (source.stem + ending)).write_bytes(data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
