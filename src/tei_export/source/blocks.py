"""Build the directives of a part of a text from the rows of the vocabulary of blocks."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from tei_export.model.blocks import BLOCKS, Block, Holds
from tei_export.source.facts import TextDirective
from tei_export.source.nodes import bibentry, blockgroup, blockline, edblock, edfigure

if TYPE_CHECKING:
    from collections.abc import Iterator

#: At the end of a source line: the line of the block continues on the next one.
CONTINUES = " ¬"
#: A source line with another speaker of the same line of verse, or with a stage direction alone.
_ANOTHER = re.compile(r"\s*(\{pb\}`[^`]*`\s*)?\{(ed:)?(speaker\}|stage\}(`+)[^`].*\4\s*$)")


class EntryDirective(TextDirective):
    """``{entry} key``: an entry of the author's bibliography, linked to its work."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        node = bibentry("", key=self.arguments[0])
        node.line = self.lineno
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class FigureDirective(TextDirective):
    """``{figure} path``: a picture of the original with its caption; without a path it is only described."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "alt": directives.unchanged,
        "ornament": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        node = edfigure(
            "",
            picture="".join(self.arguments),
            alt=self.options.get("alt", ""),
            ornament="ornament" in self.options,
        )
        node.source, node.line = self.get_source_info()[0], self.lineno
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def make_directive(row: Block) -> type[TextDirective]:
    """Return the directive for a row of the vocabulary of blocks."""

    class BlockDirective(TextDirective):
        has_content = True

        def run(self) -> list[nodes.Node]:
            if row.holds is Holds.TEXT:
                texts: list[nodes.Node] = [self._leaf(lines) for lines in self._groups()]
                return texts or [self._empty()]
            node = self._empty()
            if row.holds is Holds.LINES:
                for lines in self._groups():
                    leaves = (self._leaf(line, shared) for line, shared in _whole(lines))
                    node += blockgroup("", *leaves)
                    node.children[-1].line = lines[0][0]
            else:
                self.state.nested_parse(self.content, self.content_offset, node)
            return [node]

        def _empty(self) -> edblock:
            node = edblock("", kind=row.name)
            node.line = self.lineno
            return node

        def _groups(self) -> list[list[tuple[int, str]]]:
            """Return the lines with their numbers, by group, without comments (``%``)."""
            state: Any = self.state
            first = state._lineno + self.content_offset + 1  # as ``nested_parse`` counts
            lines = [
                (number, line)
                for number, line in enumerate(self.content, first)
                if not line.startswith("%")
            ]
            return [list(run) for full, run in groupby(lines, lambda x: bool(x[1].strip())) if full]

        def _leaf(self, lines: list[tuple[int, str]], shared: bool = False) -> blockline:
            """Return the node of one or more source lines of inline markup. ``shared``: another
            speaker continues the line of verse
            """
            number, text = lines[0]
            node = blockline("", kind=row.name, indent=len(text) - len(text.lstrip()))
            node.line = number
            if shared:
                node["shared"] = True
            state: Any = self.state
            state._renderer.line = number  # roles report problems at the line being rendered
            children, _ = state.inline_text("\n".join(line.strip() for _, line in lines), number)
            node.extend(children)
            return node

    BlockDirective.__doc__ = row.gloss
    return BlockDirective


def _whole(lines: list[tuple[int, str]]) -> Iterator[tuple[list[tuple[int, str]], bool]]:
    """Yield the source lines of each line of the block (several if it continues), and whether
    another speaker continues it."""
    whole: list[tuple[int, str]] = []
    for (number, line), (_next, after) in zip(lines, [*lines[1:], (0, "")], strict=True):
        continues = line.rstrip().endswith(CONTINUES)
        divided = line.rstrip().endswith(CONTINUES.strip())
        whole.append((number, line.rstrip().removesuffix(CONTINUES) if continues else line))
        shared = continues and (not after or bool(_ANOTHER.match(after)))
        if shared or not (continues or divided):
            yield whole, shared
            whole = []
    if whole:
        yield whole, False


#: The directives that are no rows: they have arguments.
OWN: dict[str, Any] = {"entry": EntryDirective, "figure": FigureDirective}
DIRECTIVES: dict[str, Any] = {
    **OWN,
    **{row.name: make_directive(row) for row in BLOCKS},
}
