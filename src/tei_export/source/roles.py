"""Build the roles from the rows of the vocabulary.

A role never reports a problem itself: it does not know its line (MyST gives the line
of the paragraph). It leaves the problem on its node; the parser, which knows, reports it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tei_export.model.readings import (
    LayerError,
    RoleText,
    is_extent,
    parse_extent,
    parse_layer,
    parse_state,
)
from tei_export.model.vocabulary import ROWS, Family, Reads, Row
from tei_export.source.nodes import GAP_TEXT, bibentry, mark, point

if TYPE_CHECKING:
    pass

_MENTION = re.compile(r"(?P<text>.*?)(?: <(?P<key>[^<>]*)>)?", re.DOTALL)
_MARKUP = frozenset("{[`\\*_&")
#: Marks a name that continues on the next line.
CONTINUED = "…"

Role = "Callable[..., tuple[list[nodes.Node], list[nodes.system_message]]]"


def make_role(row: Row) -> Any:
    """Return the docutils role function for a row of the vocabulary."""
    build = _BUILDERS[row.family]

    def role(
        name: str, rawtext: str, text: str, lineno: int, inliner: Any, *_: object, **__: object
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node: nodes.Element
        try:
            node = build(row, text, lambda inner, parent: _parse(inner, lineno, inliner, parent))
        except LayerError as error:
            if row.family is Family.MILESTONE:
                node = point(text, kind=row.name, value="", cert="high")
            else:
                node = mark(text, nodes.Text(text), kind=row.name, source="", key="", **_signs(RoleText("")))
            node["problem"] = (error.code, f"{{{row.name}}}`{text}`")
        return [node], []

    return role


def _parse(text: str, lineno: int, inliner: Any, parent: nodes.Element) -> None:
    """Parse ``text`` into ``parent``; plain text, the usual case, needs no parser."""
    if not text:
        return
    if text.endswith("` "):  # the space that separates an inner role's fence from the outer one
        text = text[:-1]
    if _MARKUP.isdisjoint(text):
        parent += nodes.Text(text)
        return
    children, _ = inliner.parse(text, lineno, None, parent, preserve_edge_whitespace=True)
    parent.extend(children)


_Parse = "Callable[[str, nodes.Element], None]"


def _layer(row: Row, text: str, parse: Any) -> nodes.Element:
    found = parse_layer(text)
    node = mark(text, kind=row.name, source=found.source, **_signs(found))
    parse(found.reading, node)
    return node


def _state(row: Row, text: str, parse: Any) -> nodes.Element:
    found = parse_state(text)
    node = mark(text, kind=row.name, **_signs(found))
    if row.read_by("E") is Reads.SIGN:
        node["quantity"], node["unit"] = parse_extent(found.reading)
        node += nodes.Text(GAP_TEXT)
        return node
    if row.conjecture and found.cert == "high":
        raise LayerError("supplied-certain", text)
    if row.name == "supplied" and is_extent(found.reading):
        raise LayerError("supplied-extent", text)
    parse(found.reading, node)
    return node


def _signs(found: Any) -> dict[str, str]:
    return {"cert": found.cert, "resp": found.resp, "why": found.why}


def _mention(row: Row, text: str, parse: Any) -> nodes.Element:
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
        raise LayerError("role-empty", text)
    parse(words, node)
    return node


def _phrase(row: Row, text: str, parse: Any) -> nodes.Element:
    if not text.strip():
        raise LayerError("role-empty", text)
    node = mark(text, kind=row.name)
    if row.lang:
        node["lang"] = row.lang
    parse(text, node)
    return node


def _milestone(row: Row, text: str, _: Any) -> nodes.Element:
    if row.name == "pb" and "<" in text:
        found = parse_layer(text)
        return point(text, kind=row.name, value=found.reading.strip(), **_signs(found), source=found.source)
    found = parse_state(text)
    return point(text, kind=row.name, value=found.reading.strip(), **_signs(found))


_BUILDERS: dict[Family, Any] = {
    Family.LAYER: _layer,
    Family.STATE: _state,
    Family.MENTION: _mention,
    Family.PHRASE: _phrase,
    Family.MILESTONE: _milestone,
}

ROLES: dict[str, Any] = {row.name: make_role(row) for row in ROWS}


class EntryDirective(SphinxDirective):
    """``{entry} key``: an entry of the author's bibliography, linked to its work."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        node = bibentry("", key=self.arguments[0])
        node.line = self.lineno
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


DIRECTIVES: dict[str, Any] = {"entry": EntryDirective}
