"""Number the divisions of a part and their lines of verse.

The record names the divisions below a part (``divisions``: acts, scenes, cantos). Divisions of one
kind are numbered in order. Lines of verse are numbered in divisions of verse: in a poem through the
whole part, in a play within the scene. So are the stanzas of a poem with several.
``docs/markup.md`` explains this to editors.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.blocks import BY_BLOCK
from tei_export.model.record_fields import DIVISIONS, VERSE
from tei_export.model.verse import Verse, cited_by_number, number_id, safe
from tei_export.source.nodes import (
    blockgroup,
    blockline,
    edblock,
    every,
    every_block,
    lb,
    mark,
    reading,
    says_nothing,
    textnotes,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.model.edition import Part
    from tei_export.source.problems import Report

#: The role of the number of a paragraph.
PARAGRAPH = "par"

#: Divisions whose blank lines separate stanzas; in a play they do not.
_STANZAIC = frozenset({"poem", "canto"})


def number(document: nodes.document, part: Part) -> None:
    """Set ``division`` and ``n`` of every section below the part's own, ``verse`` of lines and ``stanza``
    of groups of lines."""
    section = next(iter(every_block(document, nodes.section)), None)
    if section is not None:
        verse = part.type in VERSE
        path = [part.n] if verse and part.n else []
        _Counter(part).section(section, 0, kind=part.type, verse=verse, path=path)


def verses(document: nodes.document) -> Iterator[Verse]:
    """Yield the numbered lines of a part with their lines of the original. A line shared by several
    speakers is one.
    """
    waiting: Verse | None = None
    for line in (node for node in every_block(document, blockline) if "verse" in node):
        found = _found(line["verse"], line)
        if waiting is not None and line.get("part") in ("M", "F"):
            waiting = waiting._replace(places=(*waiting.places[:1], *found.places[-1:]))
            continue
        if waiting is not None:
            yield waiting
        waiting = found
    if waiting is not None:
        yield waiting


def stanzas(document: nodes.document) -> Iterator[Verse]:
    """Yield the numbered stanzas of a part with their lines of the original."""
    for group in every_block(document, blockgroup):
        if "stanza" in group:
            yield _found(group["stanza"], group)


def counted_in(document: nodes.document) -> Iterator[tuple[str, str]]:
    """Yield everything that a part numbers, as it is cited (``5``, ``st2``, ``par12``), with its id."""
    numbered = [
        Verse(values_of(m)["n"], m["own_id"], ())
        for m in every(document, mark)
        if m["kind"] == PARAGRAPH and "own_id" in m
    ]
    for number, verse in cited_by_number(verses(document), stanzas(document), numbered):
        yield number, verse.xml_id


def paragraphs(document: nodes.document, part: Part, report: Report) -> Iterator[Verse]:
    """Yield the paragraphs that the source numbers; give them their ids (``ch-01-par12``).

    :param report: receives a number without a digit (``role-value``), and a repeated one
        (``par-twice``)
    """
    seen: set[str] = set()
    for node in (m for m in every(document, mark) if m["kind"] == PARAGRAPH and "problem" not in m):
        told = re.search(r"\w*\d\w*", reading(node))
        number = values_of(node).get("n") or (told[0] if told else "")
        if not number or number in seen:
            code = "par-twice" if number else "role-value"
            report(code, f"{{par}}`{node.rawsource}`", node.get("srcline", 0), node)
            continue
        seen.add(number)
        node["values"] = {"n": number}
        node["own_id"] = number_id(part.id, f"par{number}")
        node["ids"] = [node["own_id"]]
        yield _found(number, node.parent, node["own_id"])


def _found(number: str, node: nodes.Element, xml_id: str = "") -> Verse:
    places = [(begin["page"], begin["line"]) for begin in every(node, lb) if begin["line"]]
    return Verse(number, xml_id or node["xml_id"], tuple(places[:1] + places[-1:]))


class _Counter:
    def __init__(self, part: Part) -> None:
        self.part = part
        self.lines = 0
        self.pieces = 0
        """parts of the line that several speak"""

    def section(
        self, section: nodes.section, depth: int, *, kind: str, verse: bool, path: Sequence[str]
    ) -> None:
        """Number the lines and stanzas of a section, and the sections in it."""
        if verse and kind in _STANZAIC:
            self._stanzas(section, depth, path)
        counted: Counter[str] = Counter()
        for child in section.children:
            if isinstance(child, nodes.section):
                inner = self._kind(depth)
                child["division"] = inner
                counted[inner] += 1
                own = DIVISIONS[inner].counts
                if own:
                    child["n"] = str(counted[inner])
                outer = self.lines
                if own:
                    self.lines = 0
                self.section(
                    child,
                    depth + 1,
                    kind=inner if own else "",
                    verse=verse or inner in VERSE,
                    path=[*path, child["n"]] if own else path,
                )
                if own:
                    self.lines = outer
            elif verse and _is_text(child):
                self._lines(child, path)

    def _lines(self, node: nodes.Node, path: Sequence[str]) -> None:
        for line in every_block(node, blockline):
            if _is_cited(line):
                goes_on = line.get("part") in ("M", "F")
                self.lines += not goes_on
                self.pieces = self.pieces + 1 if goes_on else 1
                piece = f"-{self.pieces}" if goes_on else ""
                line["verse"] = ".".join([*path, str(self.lines)])
                line["verse_n"] = self.lines
                _name(line, self.part, path, f"l{self.lines:03d}{piece}")

    def _stanzas(self, section: nodes.section, depth: int, path: Sequence[str]) -> None:
        """Number the stanzas of a poem, in its sections too, if it has more than one."""
        groups = [g for g in self._groups(section, depth) if any(map(_is_cited, g.children))]
        for count, group in enumerate(groups if len(groups) > 1 else (), 1):
            group["stanza"] = ".".join([*path, str(count)])
            group["stanza_n"] = count
            _name(group, self.part, path, f"st{count:02d}")

    def _groups(self, section: nodes.section, depth: int) -> Iterator[blockgroup]:
        for child in section.children:
            if isinstance(child, nodes.section):
                if not DIVISIONS[self._kind(depth)].counts:
                    yield from self._groups(child, depth + 1)
            elif _is_text(child):
                yield from every_block(child, blockgroup)

    def _kind(self, depth: int) -> str:
        """Return the kind of division that headings of a level begin."""
        kinds = self.part.divisions
        return kinds[depth] if depth < len(kinds) else "section"


def _is_text(node: nodes.Node) -> bool:
    """Return whether the lines of a block belong to the poem, not to a quotation, motto or note."""
    if isinstance(node, edblock):
        return not BY_BLOCK[node["kind"]].place
    return not isinstance(node, (nodes.block_quote, textnotes))


def _is_cited(node: nodes.Node) -> bool:
    return isinstance(node, blockline) and BY_BLOCK[node["kind"]].cited and not says_nothing(node)


def _name(node: nodes.Element, part: Part, path: Sequence[str], last: str) -> None:
    """Set the id of a line or stanza, from the part, the divisions and the number."""
    own = "-".join([part.id, *map(safe, path), last])
    node["xml_id"] = own
    node["ids"] = [own]
