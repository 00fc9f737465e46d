"""Mentions of register entries, and entries of the author's bibliography."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, Family
from tei_export.source.nodes import bibentry, every, every_block, lb, mark, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from tei_export.model.edition import Edition


def is_mention(node: nodes.Node) -> bool:
    """Return whether ``node`` mentions a register entry."""
    return isinstance(node, mark) and BY_NAME[node["kind"]].family is Family.MENTION


def resolve_mention(
    node: mark, edition: Edition, report: Callable[[str, str, int, mark], None], line: int
) -> str:
    """Find the register entry of a mention on ``line``: by its key, or by its words; return these."""
    said = node.attributes
    row = BY_NAME[said["kind"]]
    register = edition.registers[row.register]
    words = collapse_space(reading(node))
    candidates = register.candidates(words)
    key = said["key"]
    if key and key not in register.entries:
        report("register-key", f"{key!r} in {row.register}: {words}", line, node)
    elif key and candidates and key not in candidates:
        report("register-other", f"{words!r} is {', '.join(candidates)}, not {key}", line, node)
    elif not key and len(candidates) > 1:
        report("register-ambiguous", f"{words!r} is {', '.join(candidates)}", line, node)
    elif not key and not candidates:
        report("register-name", f"{words!r} in {row.register}", line, node)
    said["key"] = key = key or (candidates[0] if len(candidates) == 1 else "")
    said["named"] = key in candidates
    said["xml_ref"] = row.id_prefix + key
    return words


def first_work(block: nodes.Element) -> str:
    """Return the key of the first work that a block names."""
    return next(str(m["key"]) for m in every(block, mark) if m["kind"] == "work")


def heads_entry(block: nodes.Element) -> bool:
    """Return whether ``block`` is the first paragraph of a bibliography entry."""
    return isinstance(block.parent, bibentry) and block.parent.children[0] is block


def entry_places(document: nodes.document) -> dict[str, str]:
    """Return the place of each work's entry in the author's bibliography."""
    places: dict[str, str] = {}
    for entry in every_block(document, bibentry):
        first = next((node for node in every(entry, lb) if node["line"]), None)
        if entry["key"] and first is not None:
            places.setdefault(entry["key"], str(Place(first["page"], first["line"])))
    return places
