"""Divisions of a part and their lines: what headings divide, and the numbers of verse lines.

The record says what the headings below that of a part are (``divisions``: acts, scenes, cantos).
Divisions of one kind are numbered in their order. Lines of verse are counted where the division is
verse: a poem through the whole part, a play within the scene. ``docs/markup.md`` explains this to
editors.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.blocks import BY_BLOCK
from tei_export.model.record_table import DIVISIONS, VERSE
from tei_export.source.nodes import blockline, says_nothing, textnotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.edition import Part


def number(document: nodes.document, part: Part) -> None:
    """Set ``division`` and ``n`` of every section below the part's own, and ``verse`` of lines."""
    section = next(iter(document.findall(nodes.section)), None)
    if section is not None:
        verse = part.type in VERSE
        path = [part.n] if verse and part.n else []
        _Counter(part).section(section, 0, verse=verse, path=path)


class _Counter:
    def __init__(self, part: Part) -> None:
        self.part = part
        self.lines = 0

    def section(
        self, section: nodes.section, depth: int, *, verse: bool, path: Sequence[str]
    ) -> None:
        """Number the lines of a section, and the sections in it."""
        counted: Counter[str] = Counter()
        for child in section.children:
            if isinstance(child, nodes.section):
                kind = self.part.divisions[depth] if depth < len(self.part.divisions) else "section"
                child["division"] = kind
                counted[kind] += 1
                own = DIVISIONS[kind].counts
                if own:
                    child["n"] = str(counted[kind])
                outer = self.lines
                if own:
                    self.lines = 0
                self.section(
                    child, depth + 1, verse=verse or kind in VERSE,
                    path=[*path, child["n"]] if own else path,
                )  # fmt: skip
                if own:
                    self.lines = outer
            elif verse and not isinstance(child, (nodes.block_quote, textnotes)):
                self._lines(child, path)

    def _lines(self, node: nodes.Node, path: Sequence[str]) -> None:
        for line in node.findall(blockline):
            if BY_BLOCK[line["kind"]].cited and not says_nothing(line):
                self.lines += 1
                line["verse"] = ".".join([*path, str(self.lines)])
                line["verse_n"] = self.lines
                own = "-".join([self.part.id, *path, f"l{self.lines:03d}"])
                line["xml_id"] = own
                line["ids"] = [own]
