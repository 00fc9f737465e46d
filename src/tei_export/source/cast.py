"""Note the roles of a cast list and the speakers of a play as facts, and report unknown speakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.cast import Cast, CastRole, Spoken, key_of
from tei_export.model.problems import Problem
from tei_export.model.readings import collapse_space
from tei_export.source.nodes import blockline, every, mark, reading, values_of
from tei_export.source.positions import enclosing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docutils import nodes

    from tei_export.source.facts import Facts

ROLE, SPEAKER = "role", "speaker"


def take(document: nodes.document, facts: Facts) -> None:
    """Give the roles of a document their keys; note them and the speakers."""
    for node in every(document, mark):
        if node["kind"] == ROLE:
            node["values"] = {ROLE: values_of(node).get(ROLE) or key_of(reading(node))}
    facts.roles = roles_of(document)
    facts.speakers = [
        Spoken(*spoken(node), node.get("srcline", 0))
        for node in every(document, mark)
        if node["kind"] == SPEAKER and "problem" not in node
    ]


def roles_of(document: nodes.document) -> list[CastRole]:
    """Return the roles of a document."""
    found = []
    for node in every(document, mark):
        if node["kind"] == ROLE and "problem" not in node:
            item = enclosing(node, blockline) or node
            name, said = (collapse_space(reading(one)) for one in (node, item))
            found.append(
                CastRole(values_of(node).get(ROLE, ""), name, said, node.get("srcline", 0))
            )
    return found


def spoken(node: mark) -> tuple[str, tuple[str, ...]]:
    """Return the words that name a speaker, and the keys after them."""
    return collapse_space(reading(node)), tuple(values_of(node).get("who", "").split())


def problems(parts: Iterable[tuple[str, Facts]]) -> Iterator[Problem]:
    """Yield speakers whom the cast list of their text does not name, and roles that share a key.

    :param parts: the files of the parts of a text, and their facts
    """
    known = list(parts)
    found = [(file, role) for file, facts in known for role in facts.roles]
    cast = Cast.of(role for _file, role in found)
    again = {id(role) for role in cast.twice()}
    for file, role in found:
        if id(role) in again:
            yield Problem("role-twice", file, role.line, f"{role.name} <{role.key}>")
    for file, facts in known:
        for who in facts.speakers:
            if (cast.roles or who.keys) and not cast.who(who.words, who.keys):
                keys = f" <{' '.join(who.keys)}>" if who.keys else ""
                yield Problem("speaker-unknown", file, who.line, f"{who.words}{keys}")
