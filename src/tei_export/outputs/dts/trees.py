"""The citation trees of a TEI file: what its ``refsDecl`` declare, and the units that there are.

The expressions of ``citeStructure`` are XPath 2, which lxml does not read. So the units are
looked for here by what the encoding says of them (``docs/encoding.md``), only the names come
from the header; a test compares with a program that does evaluate the expressions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from tei_export.model.places import plain
from tei_export.schema.rules import UNORDERED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
#: What a part is divided into, where it has a number.
_BLOCKS = tuple(f"{TEI}{name}" for name in ("p", "cit", "list", "bibl"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A citable unit: from ``start``, to the end of that element or, if ``until`` is given,
    up to the beginning of that one. A milestone without ``until`` goes on to the end of the text."""

    ref: str
    level: int
    parent: str
    type: str
    title: str
    start: etree._Element
    milestone: bool = False
    until: etree._Element | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """A citation tree. ``name`` is empty for the default one; ``types`` are the names of
    its levels, outermost first."""

    name: str
    description: str
    types: tuple[str, ...]
    units: tuple[Unit, ...]

    def below(self, unit: Unit, down: int) -> list[Unit]:
        """``unit`` and what is below it, ``down`` levels deep (-1: all)."""
        at = self.units.index(unit)
        found = [unit]
        for other in self.units[at + 1 :]:
            if other.level <= unit.level:
                break
            if down < 0 or other.level <= unit.level + down:
                found.append(other)
        return found

    def beside(self, unit: Unit) -> list[Unit]:
        """The units with the same parent, ``unit`` among them."""
        return [u for u in self.units if u.parent == unit.parent]


def trees(root: etree._Element, titles: Mapping[str, str]) -> tuple[Tree, ...]:
    """The citation trees of a text, the default one first.

    :param titles: id of a part → how the edition's record calls it
    """
    found = []
    for decl in root.iter(f"{TEI}refsDecl"):
        structure = decl.find(f"{TEI}citeStructure")
        if structure is None:
            continue
        default = decl.get("default") == "true"
        types = tuple(s.get("unit", "") for s in structure.iter(f"{TEI}citeStructure"))
        units = tuple(_FINDERS[types[0]](root, types, titles))
        name = "pages" if decl.get("n") == UNORDERED else decl.get("n", "")
        tree = Tree("" if default else name, name, types, units)
        found.append((not default, tree))
    return tuple(tree for _, tree in sorted(found, key=lambda item: item[0]))


def _parts(root: etree._Element, types: tuple[str, ...], titles: Mapping[str, str]) -> Iterator[Unit]:
    """Parts with their numbered blocks, also those in sections."""
    for part in root.iterfind(f"{TEI}text/*/{TEI}div"):
        ref = part.get(ID, "")
        head = part.find(f"{TEI}head")
        title = titles.get(ref) or ("" if head is None else _words(head))
        yield Unit(ref, 1, "", types[0], title, part)
        for block in part.iter(*_BLOCKS):
            if block.get("n"):
                yield Unit(f"{ref}.{block.get('n')}", 2, ref, types[1], "", block)


def _pages(root: etree._Element, types: tuple[str, ...], titles: Mapping[str, str]) -> Iterator[Unit]:
    """Pages, each up to the next one; the last ends where the editors' notes begin."""
    text = root.find(f"{TEI}text")
    if text is None:
        return
    turns = [turn for turn in text.iter(f"{TEI}pb") if turn.get("n")]
    after = next((div for div in text.iter(f"{TEI}div") if div.get("type") == "editorialNotes"), None)
    for turn, until in zip(turns, [*turns[1:], after], strict=True):
        label = turn.get("n", "")
        ref = plain(label)  # a reference is part of a file's name
        yield Unit(ref, 1, "", types[0], "" if ref == label else label, turn, milestone=True, until=until)


_FINDERS: dict[str, Callable[[etree._Element, tuple[str, ...], Mapping[str, str]], Iterator[Unit]]] = {
    "part": _parts,
    "page": _pages,
}


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split())


def structure(tree: Tree) -> list[dict[str, Any]]:
    """The ``citeStructure`` of a tree as DTS has it, nested."""
    found: list[dict[str, Any]] = []
    for name in reversed(tree.types):
        level: dict[str, Any] = {"@type": "CiteStructure", "citeType": name}
        found = [{**level, "citeStructure": found} if found else level]
    return found
