"""The citation trees of a TEI file: the trees that ``refsDecl`` declares, and their units.

The expressions of ``citeStructure`` are XPath 2, which lxml does not support. This module therefore
finds the units by the rules of the encoding (``docs/encoding.md``), and takes only the names from
the header. A test compares the result with a program that evaluates the expressions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Any

from lxml import etree

from tei_export.model.blocks import numbered_elements
from tei_export.model.places import page_slug
from tei_export.schema.order_rules import UNORDERED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"


@dataclass(frozen=True, slots=True)
class CitableUnit:
    """A citable unit.

    It begins at ``start`` and ends with that element, or with ``last``, or, if ``until`` is set, before that
    one. A milestone without ``until`` extends to the end of ``inside``, or else of the text.
    """

    ref: str
    level: int
    parent: str
    type: str
    title: str
    start: etree._Element
    milestone: bool = False
    until: etree._Element | None = None
    inside: etree._Element | None = None
    last: etree._Element | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of units, and the kinds within it; ``delim`` stands before its number."""

    type: str
    delim: str
    below: tuple[Level, ...]

    @property
    def depth(self) -> int:
        """The number of levels from this one down."""
        return 1 + max((level.depth for level in self.below), default=0)


@dataclass(frozen=True, slots=True)
class CitationTree:
    """A citation tree.

    ``name`` is empty for the default tree; ``levels`` are its kinds of units, each with those in it.
    """

    name: str
    description: str
    levels: tuple[Level, ...]
    units: tuple[CitableUnit, ...]
    _at: dict[str, int] = field(init=False, compare=False, repr=False)
    _children: dict[str, list[CitableUnit]] = field(init=False, compare=False, repr=False)
    _among: dict[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        children: dict[str, list[CitableUnit]] = {}
        among = {}
        for unit in self.units:
            siblings = children.setdefault(unit.parent, [])
            among[unit.ref] = len(siblings)
            siblings.append(unit)
        object.__setattr__(self, "_among", among)
        object.__setattr__(self, "_at", {unit.ref: n for n, unit in enumerate(self.units)})
        object.__setattr__(self, "_children", children)

    @property
    def depth(self) -> int:
        """The number of levels."""
        return max(level.depth for level in self.levels)

    def below(self, unit: CitableUnit, down: int) -> list[CitableUnit]:
        """Return ``unit`` and the units below it, ``down`` levels deep (-1: all)."""
        at = self._at[unit.ref]
        units = [unit]
        for number in range(at + 1, len(self.units)):
            other = self.units[number]
            if other.level <= unit.level:
                break
            if down < 0 or other.level <= unit.level + down:
                units.append(other)
        return units

    def unit(self, ref: str) -> CitableUnit | None:
        """Return the unit that ``ref`` names."""
        at = self._at.get(ref)
        return None if at is None else self.units[at]

    def between(self, start: CitableUnit, end: CitableUnit, down: int) -> list[CitableUnit]:
        """Return the units from ``start`` to ``end`` and the units below them, ``down`` levels
        below the deeper of the two (-1: all); an empty list if ``end`` comes before ``start``."""
        first, last = self._at[start.ref], self._at[self.below(end, -1)[-1].ref]
        if self._at[end.ref] < first:
            return []
        deepest = max(start.level, end.level) + down
        return [u for u in self.units[first : last + 1] if down < 0 or u.level <= deepest]

    def beside(self, unit: CitableUnit) -> list[CitableUnit]:
        """Return all units with the parent of ``unit``, including itself."""
        return self._children[unit.parent]

    def among(self, unit: CitableUnit) -> int:
        """Return the position of ``unit`` in :meth:`beside`."""
        return self._among[unit.ref]


def trees(root: etree._Element, titles: Mapping[str, str]) -> tuple[CitationTree, ...]:
    """Return the citation trees of a text, the default one first.

    :param root: the TEI element
    :param titles: id of a part → its title in the record
    """
    citation_trees = []
    for decl in root.iter(f"{TEI}refsDecl"):
        levels = _levels(decl)
        if not levels:
            continue
        default = decl.get("default") == "true"
        name = "pages" if decl.get("n") == UNORDERED else decl.get("n", "")
        units = tuple(_FINDERS[name](root, levels[0], titles))
        tree = CitationTree("" if default else name, name, levels, units)
        citation_trees.append((not default, tree))
    return tuple(tree for _, tree in sorted(citation_trees, key=lambda item: item[0]))


def _levels(parent: etree._Element) -> tuple[Level, ...]:
    return tuple(
        Level(one.get("unit", ""), one.get("delim", ""), _levels(one))
        for one in parent.iterchildren(f"{TEI}citeStructure")
    )


def _part(part: etree._Element, level: Level, titles: Mapping[str, str]) -> CitableUnit:
    ref = part.get(ID, "")
    head = part.find(f"{TEI}head")
    title = titles.get(ref) or ("" if head is None else _words(head))
    return CitableUnit(ref, 1, "", level.type, title, part)


def _parts(root: etree._Element, level: Level, titles: Mapping[str, str]) -> Iterator[CitableUnit]:
    """Yield parts with their numbered blocks, including blocks in sections."""
    (block_level,) = level.below
    for part in root.iterfind(f"{TEI}text/*/{TEI}div"):
        unit = _part(part, level, titles)
        yield unit
        for block in part.iter(*(f"{TEI}{name}" for name in numbered_elements())):
            if block.get("n") and block.get("type") != "stanza":
                ref = f"{unit.ref}{block_level.delim}{block.get('n')}"
                yield CitableUnit(ref, 2, unit.ref, block_level.type, "", block)


def _verse(root: etree._Element, level: Level, titles: Mapping[str, str]) -> Iterator[CitableUnit]:
    """Yield the parts that have numbered lines or stanzas, with their divisions, lines or stanzas."""
    unit = _innermost(level)
    for part in root.iterfind(f"{TEI}text/*/{TEI}div"):
        if _counts(part, unit):
            above = _part(part, level, titles)
            yield above
            yield from _counted(above, level, unit)


def _paragraphs(
    root: etree._Element, level: Level, titles: Mapping[str, str]
) -> Iterator[CitableUnit]:
    """Yield the parts that have paragraphs which the source numbers, with these."""
    (below,) = level.below
    for part in root.iterfind(f"{TEI}text/*/{TEI}div"):
        found = [
            (p, seg)
            for p in part.iter(f"{TEI}p")
            for seg in p.iterfind(f"{TEI}seg[@type='number']")
        ]
        if found:
            above = _part(part, level, titles)
            yield above
            for paragraph, seg in found:
                ref = f"{above.ref}{below.delim}{seg.get('n')}"
                yield CitableUnit(ref, 2, above.ref, below.type, _words(seg), paragraph)


def _innermost(level: Level) -> str:
    """Return ``line`` or ``stanza``: the units that the tree counts."""
    while level.below:
        level = level.below[0]
    return level.type


def _counted(above: CitableUnit, level: Level, unit: str) -> Iterator[CitableUnit]:
    """Yield the numbered units of a division, kind by kind, in the order of ``citeStructure``."""
    kinds = {below.type for below in level.below} - {unit}
    for below in level.below:
        for node in _nodes(above.start, below.type, unit):
            if below.type == unit:
                between = takewhile(lambda d: d is not above.start, node.iterancestors(f"{TEI}div"))
                if any(d.get("n") and d.get("type") in kinds for d in between):
                    continue
            head = node.find(f"{TEI}head")
            title = "" if head is None else _words(head)
            ref = f"{above.ref}{below.delim}{node.get('n')}"
            found = CitableUnit(
                ref, above.level + 1, above.ref, below.type, title, node, last=_end(node)
            )
            yield found
            yield from _counted(found, below, unit)


def _nodes(division: etree._Element, kind: str, unit: str) -> Iterator[etree._Element]:
    """Yield the numbered units, or divisions of a kind, in a division."""
    if kind == unit:
        yield from _numbered(division, unit)
        return
    for inner in division.iterdescendants(f"{TEI}div"):
        if inner.get("type") == kind and inner.get("n") and _counts(inner, unit):
            yield inner


def _counts(division: etree._Element, unit: str) -> bool:
    return next(_numbered(division, unit), None) is not None


def _numbered(division: etree._Element, unit: str) -> Iterator[etree._Element]:
    local = "l" if unit == "line" else "lg"
    for node in division.iter(f"{TEI}{local}"):
        begins = node.get("part") not in ("M", "F")
        if node.get("n") and (begins if unit == "line" else node.get("type") == "stanza"):
            yield node


def _end(node: etree._Element) -> etree._Element | None:
    """Return the last part of a line that several speak; None for every other unit."""
    if node.tag != f"{TEI}l" or node.get("part") != "I":
        return None
    division = next(node.iterancestors(f"{TEI}div"))
    after = dropwhile(lambda line: line is not node, division.iter(f"{TEI}l"))
    parts = takewhile(lambda line: line is node or line.get("part") in ("M", "F"), after)
    return list(parts)[-1]


def _pages(root: etree._Element, level: Level, titles: Mapping[str, str]) -> Iterator[CitableUnit]:
    """Yield pages, each up to the next one; the last ends where the editors' notes begin."""
    text = root.find(f"{TEI}text")
    if text is None:
        return
    turns = [turn for turn in text.iter(f"{TEI}pb") if turn.get("n")]
    after = next(
        (div for div in text.iter(f"{TEI}div") if div.get("type") == "editorialNotes"), None
    )
    for turn, until in zip(turns, [*turns[1:], after], strict=True):
        label = turn.get("n", "")
        ref = page_slug(label)  # a reference is part of a file name
        yield CitableUnit(
            ref, 1, "", level.type, "" if ref == label else label, turn, milestone=True, until=until
        )


#: By the name of the tree.
_FINDERS: dict[str, Callable[[etree._Element, Level, Mapping[str, str]], Iterator[CitableUnit]]] = {
    "chapters": _parts,
    "verse": _verse,
    "stanzas": _verse,
    "paragraphs": _paragraphs,
    "pages": _pages,
}


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split())


def structure(tree: CitationTree) -> list[dict[str, Any]]:
    """Return the ``citeStructure`` of a tree in DTS form, nested."""
    return _structures(tree.levels)


def _structures(levels: tuple[Level, ...]) -> list[dict[str, Any]]:
    found = []
    for level in levels:
        described: dict[str, Any] = {"@type": "CiteStructure", "citeType": level.type}
        if level.below:
            described["citeStructure"] = _structures(level.below)
        found.append(described)
    return found
