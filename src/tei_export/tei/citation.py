"""Declare how verse is cited: by line, stanza, and the divisions around it (SA#SACRCS).

The tree ``verse`` has the parts that are verse, in them the numbered divisions (acts, scenes, cantos),
and in each the lines and stanzas that are counted there: ``hamlet.1.2.56``, ``tyger.st2``. Where a
division has both divisions and lines of its own (a prologue before the first act), these are ``.l3``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.tei.build import TEI, sub

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

_T = f"{{{TEI}}}"


@dataclass(slots=True)
class _Level:
    """What the divisions of one kind hold: counted lines and stanzas, and divisions by kind."""

    lines: bool = False
    stanzas: bool = False
    below: dict[str, _Level] = field(default_factory=dict)


def cite_verse(head: etree._Element, content: Sequence[etree._Element]) -> None:
    """Add the tree ``verse`` to the header of a text that has numbered lines of verse."""
    top = _Level()
    for text in content:
        for node in text.iter(f"{_T}l", f"{_T}lg") if text.tag == f"{_T}text" else ():
            if node.get("n") and (node.tag == f"{_T}l" or node.get("type") == "stanza"):
                level = top
                for kind in _kinds(node):
                    level = level.below.setdefault(kind, _Level())
                level.lines |= node.tag == f"{_T}l"
                level.stanzas |= node.tag == f"{_T}lg"
    last = list(head.iter(f"{_T}refsDecl"))[-1:]
    if not last or not (top.lines or top.below):
        return
    tree = sub(head, "refsDecl", n="verse")
    part = sub(
        tree, "citeStructure", unit="part",
        match="/TEI/text/*/div[.//l[@n]]", use="@xml:id",
    )  # fmt: skip
    sub(part, "citeData", property="http://purl.org/dc/terms/title", use="head")
    _declare(part, top)
    last[0].addnext(tree)
    tree.tail = last[0].tail


def _kinds(node: etree._Element) -> list[str]:
    """Return the kinds of the numbered divisions around a line, the outermost first."""
    divisions = [d for d in node.iterancestors(f"{_T}div") if d.get("n")]
    outermost = next(reversed(list(node.iterancestors(f"{_T}div"))))
    return [d.get("type", "") for d in reversed(divisions) if d is not outermost]


def _declare(parent: etree._Element, level: _Level) -> None:
    inner = " or ".join(f"@type='{kind}'" for kind in level.below)
    here = f"[not(ancestor::div[@n][{inner}])]" if inner else ""
    if level.lines:
        delim = ".l" if inner else "."
        sub(parent, "citeStructure", unit="line", match=f".//l[@n]{here}", use="@n", delim=delim)
    if level.stanzas:
        match = f".//lg[@type='stanza'][@n]{here}"
        sub(parent, "citeStructure", unit="stanza", match=match, use="@n", delim=".st")
    for kind, below in level.below.items():
        division = sub(
            parent, "citeStructure", unit=kind,
            match=f".//div[@type='{kind}'][@n][.//l[@n]]", use="@n", delim=".",
        )  # fmt: skip
        _declare(division, below)
