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
        _Reader(file, lines).read(document)
    return lines


class _Reader:
    """Reads the lines of one document into ``lines``."""

    def __init__(self, file: str, lines: TextByLine) -> None:
        self.file = file
        self.lines = lines
        self.pieces: list[str] = []
        """of the current line"""

    def read(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            self.pieces.append(node)
        elif isinstance(node, lb):
            here = node.attributes
            self.pieces.append(here["join"])
            if here["line"]:
                self._begin(Place(here["page"], here["line"]), node)
        elif isinstance(node, pb):
            if not node["continued"]:
                self._begin(Place(node["page"]), node)
        elif isinstance(node, mark) and (
            said := _READS.get(BY_NAME[node.attributes["kind"]].read_by("E"))
        ):
            self.pieces.append(said(node))
        elif not isinstance(node, (noteref, notelabel)):
            for child in node.children:
                self.read(child)
            if isinstance(node, (nodes.paragraph, nodes.title)):
                self._add()
                self.lines.end()

    def _begin(self, place: Place, node: nodes.Element) -> None:
        self._add()
        self.lines.begin(place, f"{self.file}:{node['srcline']}")

    def _add(self) -> None:
        self.lines.add("".join(self.pieces))
        self.pieces.clear()
