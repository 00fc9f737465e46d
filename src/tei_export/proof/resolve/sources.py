"""Read the lines of a text from its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.proof.resolve.lines import TextByLine
from tei_export.source.nodes import GAP_TEXT, lb, mark, notelabel, noteref, pb

if TYPE_CHECKING:
    from collections.abc import Callable

#: The reading of the edited text at a mark whose words it omits.
_READS: dict[Reads, Callable[[mark], str]] = {
    Reads.SIGN: lambda node: GAP_TEXT,
    Reads.SOURCE: lambda node: str(node["source"]),
    Reads.NOTHING: lambda node: "",
}


def of_sources(documents: list[tuple[str, nodes.document]]) -> TextByLine:
    """Return the lines of the sources.

    :param documents: the file and the doctree of every part; :mod:`tei_export.source.nodes`
        describes the nodes
    """
    lines = TextByLine()
    for file, document in documents:
        _doctree(document, file, lines)
    return lines


def _doctree(node: nodes.Node, file: str, lines: TextByLine) -> None:
    if isinstance(node, nodes.Text):
        lines.add(str(node))
    elif isinstance(node, lb):
        lines.add(node["join"])
        if node["line"]:
            lines.begin(Place(node["page"], node["line"]), f"{file}:{node['srcline']}")
    elif isinstance(node, pb):
        if not node["continued"]:
            lines.begin(Place(node["page"]), f"{file}:{node['srcline']}")
    elif isinstance(node, mark) and (said := _READS.get(BY_NAME[node["kind"]].read_by("E"))):
        lines.add(said(node))
    elif not isinstance(node, (noteref, notelabel)):
        for child in node.children:
            _doctree(child, file, lines)
        if isinstance(node, (nodes.paragraph, nodes.title)):
            lines.end()
