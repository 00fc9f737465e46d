"""Build the roles from the rows of the vocabulary.

A role never reports a problem itself, because it only knows the line of the paragraph. It leaves
the problem on its node; the parser, which knows the line, reports it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst.languages import en as english
from sphinx.domains.std import StandardDomain
from sphinx.roles import generic_docroles, specific_docroles

from tei_export.model.formulas import FormulaError, read_formula
from tei_export.model.readings import (
    RoleText,
    RoleTextError,
    is_extent,
    parse_extent,
    parse_layer,
    parse_phrase,
    parse_state,
)
from tei_export.model.role_values import TailError, ValueType, read_point, read_values
from tei_export.model.variants import parse_variants
from tei_export.model.vocabulary import OF_WITNESSES, ROLES, Family, Reads, Role
from tei_export.source.nodes import CONTINUED, GAP_TEXT, add, mark, point, text_of

if TYPE_CHECKING:
    pass

_MENTION = re.compile(r"(?P<text>.*?)(?: <(?P<key>[^<>]*)>)?", re.DOTALL)
_MARKUP = frozenset("{[`\\*_&")

RoleFunction = "Callable[..., tuple[list[nodes.Node], list[nodes.system_message]]]"


def make_role(row: Role) -> Any:
    """Return the docutils role function for a row of the vocabulary."""
    build = _BUILDERS[row.family]

    def role(
        name: str, rawtext: str, text: str, lineno: int, inliner: Any, *_: object, **__: object
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node: nodes.Element
        try:
            node = build(row, text, lambda inner, parent: _parse(inner, lineno, inliner, parent))
        except RoleTextError as error:
            if row.family is Family.MILESTONE:
                node = point(text, kind=row.name, value="", cert="high")
            else:
                node = mark(
                    text, nodes.Text(text), kind=row.name, source="", key="", **_signs(RoleText(""))
                )
            detail = f": {error.detail}" if error.code in ("role-value", "role-formula") else ""
            node["problem"] = (error.code, f"{{{row.name}}}`{text}`{detail}")
        return [node], []

    return role


def _parse(text: str, lineno: int, inliner: Any, parent: nodes.Element) -> None:
    """Parse ``text`` into ``parent``; plain text, the usual case, needs no parser."""
    if not text:
        return
    if text.endswith("` "):  # the space that separates an inner role's fence from the outer one
        text = text[:-1]
    if _MARKUP.isdisjoint(text):
        add(parent, text_of(text))
        return
    children, _ = inliner.parse(text, lineno, None, parent, preserve_edge_whitespace=True)
    for child in children:
        add(parent, child)


_Parse = "Callable[[str, nodes.Element], None]"


def _layer(row: Role, text: str, parse: Any) -> nodes.Element:
    role_text = parse_layer(text, valued=bool(row.values))
    node = mark(text, kind=row.name, source=role_text.source, **_signs(role_text))
    _say(row, role_text.values, node)
    parse(role_text.reading, node)
    return node


def _say(row: Role, tail: str, node: mark) -> None:
    """Put the values of a role on its node: ``values``, and ``lang`` for its language.

    :raises RoleTextError: ``role-value``
    """
    try:
        node["values"] = read_values(tail, row.values)
    except TailError as error:
        raise RoleTextError("role-value", str(error)) from None
    language = row.lang or node["values"].get("xml:lang")
    if language:
        node["lang"] = language


def _variants(row: Role, text: str, parse: Any) -> nodes.Element:
    """Make a mark of ``lemma <sigla: reading>``; source/variants.py, which knows the record,
    resolves the sigla."""
    found = parse_variants(text)
    node = mark(text, kind=row.name, source="", named=list(found.named), **_signs(found))
    parse(found.lemma, node)
    return node


def _state(row: Role, text: str, parse: Any) -> nodes.Element:
    role_text = parse_state(text, supplied=row.conjecture)
    node = mark(text, kind=row.name, **_signs(role_text))
    if row.read_by("E") is Reads.SIGN:
        node["quantity"], node["unit"] = parse_extent(role_text.reading)
        add(node, nodes.Text(GAP_TEXT))
        return node
    if row.conjecture and is_extent(role_text.reading):
        raise RoleTextError("supplied-extent", text)
    parse(role_text.reading, node)
    return node


def _signs(role_text: Any) -> dict[str, str]:
    return {"cert": role_text.cert, "resp": role_text.resp, "why": role_text.why}


def _mention(row: Role, text: str, parse: Any) -> nodes.Element:
    match = _MENTION.fullmatch(text)
    words = match["text"] if match else text
    node = mark(text, kind=row.name, key=(match and match["key"]) or "")
    if words.startswith(CONTINUED):
        node["continues"] = True
        words = words.removeprefix(CONTINUED)
    if words.endswith(CONTINUED):
        node["continued"] = True
        words = words.removesuffix(CONTINUED)
    if not words.strip():
        raise RoleTextError("role-empty", text)
    parse(words, node)
    return node


def _formula(row: Role, text: str) -> mark:
    """Make a mark of a formula; nothing in it is Markdown."""
    text = text[:-1] if text.endswith("` ") else text  # a space separates the sign from the fence
    if not text.strip():
        raise RoleTextError("role-empty", text)
    try:
        read_formula(text)
        read_formula(text, display=True)  # its paragraph decides later
    except FormulaError as error:
        raise RoleTextError("role-formula", str(error)) from None
    return mark(text, nodes.Text(text), kind=row.name)


def _phrase(row: Role, text: str, parse: Any) -> nodes.Element:
    if row.notation:
        return _formula(row, text)
    role_text = parse_phrase(text) if row.values else RoleText(text)
    if not role_text.reading.strip():
        raise RoleTextError("role-empty", text)
    node = mark(text, kind=row.name)
    if row.values or row.apparatus:
        node.attributes.update(_signs(role_text))
    _say(row, role_text.values, node)
    parse(role_text.reading, node)
    return node


def emphasised(row: Role) -> mark:
    """Return an empty mark for Markdown's own emphasis."""
    return mark("", kind=row.name, values={})


_SIGLA = re.compile(r"(?P<name>[^\s<>]+) <(?P<sigla>[^<>:]+)>")


def _of_witnesses(row: Role, text: str) -> point:
    """Make a milestone with sigla: ``{lacuna}`B C```, ``{begin}`name```, ``{end}`name <B:
    reading>```, ``{here}`name <B>```."""
    value = text.strip()
    if not value:
        raise RoleTextError("role-empty", text)
    if row.name == "end":
        found = parse_variants(text)
        return point(
            text, kind=row.name, value=found.lemma.strip(), named=list(found.named), **_signs(found)
        )
    if row.name in ("transposed", "here"):
        match = _SIGLA.fullmatch(value)
        if match is None:
            raise RoleTextError("variant-form", text)
        return point(text, kind=row.name, value=match["name"], written=match["sigla"], cert="high")
    written = "" if row.name == "begin" else value
    return point(text, kind=row.name, value=value, written=written, cert="high")


def _milestone(row: Role, text: str, _: Any) -> nodes.Element:
    if row.name in OF_WITNESSES:
        return _of_witnesses(row, text)
    if row.name == "pb" and "<" in text:
        role_text = parse_layer(text)
        return point(
            text,
            kind=row.name,
            value=role_text.reading.strip(),
            **_signs(role_text),
            source=role_text.source,
        )
    if row.values:
        return _pointed(row, text)
    role_text = parse_state(text)
    return point(text, kind=row.name, value=role_text.reading.strip(), **_signs(role_text))


def _pointed(row: Role, text: str) -> point:
    """Make a milestone with values: ``{milestone}`bekker 1094a```, ``{space}`3 chars```, ``{hand}`@anna```."""
    try:
        if row.values[0].form is ValueType.EXTENT:
            values = row.values[0].read(text.strip())
            if not values:
                raise RoleTextError("gap-extent", text)
        else:
            values = read_point(text, row.values)
    except TailError as error:
        raise RoleTextError("role-value", str(error)) from None
    return point(text, kind=row.name, value=text.strip(), values=values, cert="high")


_BUILDERS: dict[Family, Any] = {
    Family.LAYER: _layer,
    Family.VARIANTS: _variants,
    Family.STATE: _state,
    Family.MENTION: _mention,
    Family.PHRASE: _phrase,
    Family.MILESTONE: _milestone,
}

ROLE_FUNCTIONS: dict[str, Any] = {row.name: make_role(row) for row in ROLES}


def is_sphinx_role(name: str) -> bool:
    """Return whether docutils or Sphinx has a role of this name, which pages outside the texts keep."""
    return name in _SPHINX_ROLES


_SPHINX_ROLES = frozenset().union(
    english.roles, generic_docroles, specific_docroles, StandardDomain.roles
)
