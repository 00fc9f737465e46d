"""Roles inside a reading of a witness: checked against record and registers, and as nodes for the writers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.marked_readings import LOST, ReadingMark, changed, marks_in, read
from tei_export.model.readings import collapse_space
from tei_export.model.role_values import ValueType
from tei_export.model.vocabulary import Family, Reads
from tei_export.source.mentions import resolve_mention
from tei_export.source.nodes import mark
from tei_export.source.translations import wrong_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tei_export.model.edition import Edition, Text
    from tei_export.model.marked_readings import Pieces

#: The reasons why a witness lacks words that a reading supplies or leaves open (``@reason`` in
#: TEI).
ILLEGIBLE = "illegible"


def nodes_of(pieces: Pieces) -> list[nodes.Node]:
    """Return the nodes of roles as they would be in the text, but without place and entry."""
    return [nodes.Text(one) if isinstance(one, str) else node_of(one) for one in pieces]


def node_of(one: ReadingMark) -> mark:
    """Return the node of a role inside a reading."""
    row = one.row
    node = mark("", kind=one.kind)
    node.extend(nodes_of(one.content))
    if row.family is Family.MENTION:
        node.attributes.update(key=one.key, named=one.named, xml_ref=row.id_prefix + one.key)
        return node
    node.attributes.update(
        source=one.source, cert=one.cert, resp=one.resp, why="", values=dict(one.values)
    )
    if row.read_by("O") is Reads.NOTHING:
        node["reason"] = ILLEGIBLE
    if row.read_by("E") is Reads.SIGN:
        node["quantity"], node["unit"] = one.extent
        node += nodes.Text(LOST)
    if language := row.lang or node["values"].get("xml:lang"):
        node["lang"] = language
    return node


def checked(
    pieces: Pieces, edition: Edition, text: Text, report: Callable[[str, str], None]
) -> Pieces:
    """Return the pieces with their register entries; report wrong names, hands, initials and languages."""

    def settle(one: ReadingMark) -> ReadingMark:
        node = node_of(one)
        for name, hand in one.values:
            if name == "hand" and hand not in text.hands:
                known = ", ".join(f"@{key}" for key in text.hands) or "none"
                report("role-hand", f"@{hand}; declared are: {known}")
        told = {v.name for v in one.row.values if v.form in (ValueType.WORD, ValueType.HAND)}
        one = replace(
            one,
            said=tuple(
                (name, _named(text, name, value)) for name, value in one.values if name in told
            ),
        )
        if wrong := wrong_language(node):
            report("role-language", wrong)
        tag = node.get("lang")
        if tag and tag not in (edition.record.get("languages") or {}):
            report(
                "language-undescribed", f"{tag}, in {collapse_space(read(one.content, 'E'))[:40]!r}"
            )
        if one.row.family is not Family.MENTION:
            return one
        resolve_mention(node, edition, lambda code, detail, _line, _node: report(code, detail), 0)
        return replace(one, key=node["key"], named=node["named"])

    return changed(pieces, settle)


def _named(text: Text, name: str, value: str) -> str:
    return str(text.hands[value]["name"]) if name == "hand" and value in text.hands else value


def judges(pieces: Pieces) -> Iterable[str]:
    """Return who judged the roles of a reading."""
    return (one.resp for one in marks_in(pieces))


def of_the_editors(pieces: Pieces) -> bool:
    """Return whether a reading has words, or the sign of a loss, that the file of the witness lacks."""
    return read(pieces, "T") != read(pieces, "O")
