"""Declare how verse is cited, by line, stanza, and the divisions around it, and paragraphs that the source numbers (SA#SACRCS).

The tree ``verse`` has the parts in verse, their numbered divisions (acts, scenes, cantos), and the
lines numbered in each: ``hamlet.1.2.56``. If a division has both divisions and lines of its own (a
prologue before the first act), these lines are ``hamlet_3``. The tree ``stanzas`` lists stanzas in
the same way, the tree ``paragraphs`` the parts with paragraphs that the source numbers, and these by
their numbers, which are in a segment: ``ch-01.12``. Delimiters are single signs that no id contains, and no predicate has a path with a
slash: DapyTains reads no others, hence the ``!`` of XPath 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.tei.elements import TEI, sub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tei_export.tei.tags import Tags

_T = f"{{{TEI}}}"
#: The elements that the trees of verse cite.
_VERSE = frozenset({"l", "lg"})


@dataclass(slots=True)
class _Level:
    """The content of divisions of one kind: numbered units, and divisions by kind."""

    units: bool = False
    below: dict[str, _Level] = field(default_factory=dict)


def cite_verse(
    head: etree._Element, tags: Tags, read: Callable[[], Sequence[etree._Element]]
) -> list[etree._Element]:
    """Add the trees ``verse``, ``stanzas`` and ``paragraphs`` to the header of a text that has numbered ones.

    :param tags: those of the text
    :param read: returns the text, or its divisions, if they are needed
    :returns: the trees
    """
    if _VERSE.isdisjoint(tags.counted) and not tags.numbers_paragraphs():
        return []
    last = next(iter(head.findall(f".//{_T}refsDecl")[-1:]), None)
    if last is None:
        return []
    content = read()
    lines = (line for root in content for line in root.iter(f"{_T}l"))
    groups = (lg for root in content for lg in root.iter(f"{_T}lg") if lg.get("type") == "stanza")
    trees = [
        _tree("verse", "line", "l[@n][not(@part='M' or @part='F')]", lines),
        _tree("stanzas", "stanza", "lg[@type='stanza'][@n]", groups),
    ]
    if any(root.find(f".//{_T}p/{_T}seg[@type='number']") is not None for root in content):
        trees.append(_paragraphs())
    found = [tree for tree in trees if tree is not None]
    for tree in found:
        last.addnext(tree)
        tree.tail = last.tail
        last = tree
    return found


def _paragraphs() -> etree._Element:
    """Declare the paragraphs that the source numbers."""
    tree, segment = etree.Element(f"{_T}refsDecl", n="paragraphs"), "seg[@type='number']"
    part = sub(
        tree,
        "citeStructure",
        unit="part",
        match=f"/TEI/text/*/div[descendant::{segment}]",
        use="@xml:id",
    )
    sub(part, "citeData", property="http://purl.org/dc/terms/title", use="head")
    sub(
        part,
        "citeStructure",
        unit="paragraph",
        match=f".//p[{segment}]",
        use=f"{segment} ! @n",
        delim=".",
    )
    return tree


def _tree(
    name: str, unit: str, match: str, found: Iterable[etree._Element]
) -> etree._Element | None:
    top = _Level()
    for node in found:
        if node.get("n"):
            level = top
            for kind in _kinds(node):
                level = level.below.setdefault(kind, _Level())
            level.units = True
    if not (top.units or top.below):
        return None
    tree = etree.Element(f"{_T}refsDecl", n=name)
    part = sub(
        tree,
        "citeStructure",
        unit="part",
        match=f"/TEI/text/*/div[descendant::{match}]",
        use="@xml:id",
    )
    sub(part, "citeData", property="http://purl.org/dc/terms/title", use="head")
    _declare(part, top, unit, match)
    return tree


def _kinds(node: etree._Element) -> list[str]:
    """Return the kinds of the numbered divisions around a line, the outermost first."""
    divisions = list(node.iterancestors(f"{_T}div"))
    return [d.get("type", "") for d in reversed(divisions[:-1]) if d.get("n")]


def _declare(parent: etree._Element, level: _Level, unit: str, match: str) -> None:
    inner = " or ".join(f"@type='{kind}'" for kind in level.below)
    here = f"[not(ancestor::div[@n][{inner}])]" if inner else ""
    if level.units:
        sub(
            parent,
            "citeStructure",
            unit=unit,
            match=f".//{match}{here}",
            use="@n",
            delim="_" if inner else ".",
        )
    for kind, below in level.below.items():
        division = sub(
            parent,
            "citeStructure",
            unit=kind,
            match=f".//div[@type='{kind}'][@n][descendant::{match}]",
            use="@n",
            delim=".",
        )
        _declare(division, below, unit, match)
