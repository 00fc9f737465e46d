"""Extend the schema for an edition that adds roles: declare their elements in its ODD, compile it.

If the ODD lacks an element, it is declared as a member of the class ``model.ed.phrase`` and so
allowed wherever running text is. If the ODD has it, the role's attributes are allowed as well. The
result is a folder like ``schema/``, with ``edition.odd``, ``.rng`` and ``.sch``.
"""

from __future__ import annotations

import copy
import hashlib
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.blocks import Holds
from tei_export.model.vocabulary import Family
from tei_export.schema import safe_xml
from tei_export.schema.odd import TEI, T, compile_rng, compile_schematron

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set
    from pathlib import Path

    from tei_export.model.blocks import Block
    from tei_export.model.vocabulary import Role

_PHRASE = "model.ed.phrase"
_BLOCK = "model.ed.block"
_JUDGED = "att.ed.judged"
_ID = "att.ed.id"


def extended(
    schema: Path, rows: Sequence[Role], folder: Path, blocks: Sequence[Block] = ()
) -> Path:
    """Return the folder of the schema with ``rows`` and ``blocks``; without any, ``schema`` itself.

    :param schema: the folder of the schema to extend
    :param folder: receives the new schema, under a name made from its content
    :raises OddError: the ODD cannot be compiled
    """
    if not rows and not blocks:
        return schema
    source = (schema / "edition.odd").read_bytes()
    name = hashlib.sha256(source + repr((rows, blocks)).encode()).hexdigest()[:12]
    target = folder / f"schema-{name}"
    if (target / "edition.sch").is_file():
        return target
    root = safe_xml.fromstring(source)
    spec = next(root.iter(T + "schemaSpec"))
    for row in rows:
        _add_row(spec, row)
    for block in blocks:
        _add_block(spec, block)
    target.mkdir(parents=True, exist_ok=True)
    odd = target / "edition.odd"
    odd.write_bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    (target / "edition.rng").write_bytes(compile_rng(odd))
    (target / "edition.sch").write_bytes(compile_schematron(odd))
    return target


def _add_row(spec: etree._Element, row: Role) -> None:
    attrs = dict(row.tei_attrs)
    if row.family is Family.LAYER:
        reading, source = row.tei_parts
        _element(spec, row, source, (), {}, _mixed())
        _element(spec, row, reading, (_JUDGED,), {}, _mixed())
        pair = _node("sequence")
        pair.extend([_node("elementRef", key=source), _node("elementRef", key=reading)])
        _element(
            spec,
            row,
            row.tei,
            (_PHRASE, *((_ID,) if row.apparatus else ())),
            attrs,
            pair,
            widen=True,
        )
        return
    classes = (_PHRASE, _JUDGED, _ID) if row.family is Family.STATE else (_PHRASE,)
    content = _node("empty") if row.family is Family.MILESTONE else _mixed()
    _element(spec, row, row.tei, classes, attrs, content)
    if row.family is not Family.STATE:
        _release(_spec(spec, row.tei), written={*attrs, "n"})
    if row.family is Family.MILESTONE:
        for name, values in {"n": ("",), "cert": ("medium", "low"), "resp": ("",)}.items():
            for value in values:
                _attribute(spec, row.tei, name, value)
    if row.lang:
        _attribute(spec, row.tei, "xml:lang", row.lang)


def _add_block(spec: etree._Element, row: Block) -> None:
    """Declare the elements of a block, and allow it where paragraphs stand."""
    paragraph = _spec(spec, "p")
    assert paragraph is not None
    running = copy.deepcopy(next(paragraph.iterfind(f"{T}content"))[0])
    if row.holds is Holds.TEXT:
        content = running
    else:
        inner = (row.group, row.line) if row.line else ("p", "cit", "list")
        content = _node("alternate", minOccurs="1", maxOccurs="unbounded")
        content.extend(_node("elementRef", key=name) for name in inner if name)
        content.extend(
            _node("elementRef", key=name) for name in ("lb", "pb", "fw", "anchor", "app", "gap")
        )
        if not row.line:
            content.append(_node("classRef", key=_BLOCK))
    held = _node("alternate", minOccurs="1", maxOccurs="unbounded")
    held.extend(_node("elementRef", key=name) for name in (row.line, "lb", "pb", "fw") if name)
    _element(spec, row, row.tei, (_BLOCK, _ID), row.tei_attrs, content)
    if row.group and row.group != row.tei:
        _element(spec, row, row.group, (), row.group_attrs, held)
    if row.line:
        _element(spec, row, row.line, (_ID,), {"n": "", "rend": ""}, _mixed())
    _attribute(spec, row.tei, "n", "")


def _element(
    spec: etree._Element,
    row: Role | Block,
    name: str,
    classes: Sequence[str],
    attrs: Mapping[str, str],
    content: etree._Element,
    *,
    widen: bool = False,
) -> None:
    """Declare ``name``, or add the row's attributes (with ``widen``, its content) to it."""
    element = _spec(spec, name)
    if element is None:
        element = etree.SubElement(
            spec, T + "elementSpec", ident=name, module=row.tei_module, mode="change"
        )
        etree.SubElement(element, T + "gloss").text = row.name
        etree.SubElement(element, T + "desc").text = row.gloss
        held = etree.SubElement(element, T + "classes", mode="replace")
        for key in classes:
            etree.SubElement(held, T + "memberOf", key=key)
        etree.SubElement(element, T + "content").append(content)
        etree.SubElement(element, T + "attList")
        _include(spec, row.tei_module, name)
    elif widen:
        _widen(element, content)
    for attribute, value in attrs.items():
        _attribute(spec, name, attribute, value)


def _spec(spec: etree._Element, name: str) -> etree._Element | None:
    return next((e for e in spec.iterfind(T + "elementSpec") if e.get("ident") == name), None)


def _include(spec: etree._Element, module: str, name: str) -> None:
    """Add the element to the list of its module."""
    reference = next((m for m in spec.iterfind(T + "moduleRef") if m.get("key") == module), None)
    if reference is None:
        reference = _node("moduleRef", key=module)
        spec.insert(0, reference)
    reference.set("include", " ".join(sorted({*reference.get("include", "").split(), name})))


def _widen(element: etree._Element, content: etree._Element) -> None:
    """Allow ``content`` as an alternative to the element's present content."""
    holder = next(element.iterfind(T + "content"))
    known = [etree.tostring(choice) for choice in holder.iter(T + "sequence")]
    if etree.tostring(content) in known:
        return
    either = _node("alternate")
    either.extend([holder[0], content])
    holder.append(either)


def _attribute(spec: etree._Element, element: str, name: str, value: str) -> None:
    """Allow ``value`` (empty: any) in the attribute ``name`` of ``element``.

    The element may have the attribute already, of its own or from one of its classes.
    """
    definition = _spec(spec, element)
    assert definition is not None
    holder = definition.find(T + "attList")
    if holder is None:
        holder = etree.SubElement(definition, T + "attList")
    declared = next(
        (
            attribute
            for owner in _owners(spec, definition)
            for attribute in owner.iterfind(f"{T}attList/{T}attDef")
            if attribute.get("ident") == name and attribute.get("mode") != "delete"
        ),
        None,
    )
    if declared is None:
        declared = etree.SubElement(holder, T + "attDef", ident=name, mode="add", usage="opt")
        etree.SubElement(declared, T + "desc").text = "of a role of the edition"
        etree.SubElement(etree.SubElement(declared, T + "datatype"), T + "dataRef", name="token")
        if value:
            etree.SubElement(declared, T + "valList", type="closed")
    values = declared.find(T + "valList")
    if values is not None and value and all(item.get("ident") != value for item in values):
        item = etree.SubElement(values, T + "valItem", ident=value)
        etree.SubElement(item, T + "desc").text = "of a role of the edition"


def _owners(spec: etree._Element, definition: etree._Element) -> Iterator[etree._Element]:
    """Yield an element's definition and those of its classes, from the nearest to the farthest."""
    yield definition
    for member in definition.iterfind(f"{T}classes/{T}memberOf"):
        for above in spec.iterfind(T + "classSpec"):
            if above.get("ident") == member.get("key"):
                yield from _owners(spec, above)


def _release(definition: etree._Element | None, written: Set[str]) -> None:
    """Make the attributes optional that the element must have, and the role does not write."""
    assert definition is not None
    for attribute in definition.iterfind(f"{T}attList/{T}attDef"):
        if attribute.get("usage") == "req" and attribute.get("ident") not in written:
            attribute.set("usage", "opt")


def _mixed() -> etree._Element:
    """Return the content model of running text with its inline elements."""
    alternate = _node("alternate", minOccurs="0", maxOccurs="unbounded")
    alternate.extend([_node("textNode"), _node("classRef", key=_PHRASE)])
    return alternate


def _node(name: str, **attributes: str) -> etree._Element:
    return etree.Element(f"{{{TEI}}}{name}", attributes)
