"""Cut passages from a TEI file.

A passage contains a unit within its enclosing elements, the ``fileDesc`` of the header, and the
register entries that the unit points to. Its text equals that of the file, character by character.
If a page break cuts an element, the element appears on both pages with the same attributes.
"""

from __future__ import annotations

import copy
import re
from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.outputs.dts.citation_trees import ID, TEI
from tei_export.outputs.dts.lines import LINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.outputs.dts.citation_trees import CitableUnit

#: The namespace of ``dts:wrapper`` (DTS 1.0, Document Endpoint).
DTS = "https://w3id.org/api/dts#"
_POINTER = re.compile(r"#([\w.:-]+)")
#: The children of an element with more are kept.
_MANY = 50


class PassageCutter:
    """Cuts passages out of a TEI file, which must not change afterwards."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        text = root.find(f"{TEI}text")
        if text is None:
            raise ValueError("a TEI file without text")
        self._text = text
        self._header = _description(root)
        #: id → position, register, entry, and what the entry points to
        self._entries: dict[str, tuple[int, etree._Element, etree._Element, frozenset[str]]] = {}
        for register in root.iterfind(f"{TEI}standOff/*"):
            for entry in register:
                if name := entry.get(ID):
                    pointers = frozenset(_pointers(entry))
                    self._entries[name] = len(self._entries), register, entry, pointers
        self._kept: dict[etree._Element, tuple[list[etree._Element], list[int]]] = {}
        self._opens: dict[etree._Element, int] = {}
        self._closes: dict[etree._Element, int] = {}
        #: what opens at a position; None: something closes there
        self._at: list[etree._Element | None] = []
        for number, (event, node) in enumerate(
            etree.iterwalk(text, events=("start", "end", "comment", "pi"))
        ):
            if event != "end":
                self._opens[node] = number
            if event != "start":
                self._closes[node] = number
            self._at.append(node if event == "start" else None)

    def passage(self, unit: CitableUnit, end: CitableUnit | None = None) -> bytes:
        """Return the answer of the Document endpoint for ``unit``, or for the range up to ``end``."""
        cut = self._cut(self._text, self._opens[unit.start], self._last(end or unit))
        if unit.type == LINE and unit.milestone and end is None:
            _without_notes(cut, unit)
        _complete(cut)
        root = _shell(self._root)
        root.append(copy.deepcopy(self._header))
        entries = self._mentioned(cut)
        if len(entries):
            root.append(entries)
        wrapper = etree.SubElement(root, f"{{{DTS}}}wrapper", nsmap={"dts": DTS})
        wrapper.append(cut)
        root.text = "\n"
        for child in root:
            child.tail = "\n"
        return serialized(root)

    def _last(self, unit: CitableUnit) -> int:
        """Return the position before which ``unit`` ends."""
        if unit.until is None:
            return self._closes[
                (unit.inside if unit.inside is not None else self._text)
                if unit.milestone
                else (unit.last if unit.last is not None else unit.start)
            ]
        last = self._opens[unit.until]
        # An element that only opens there contributes nothing: pages reproduce white space, too.
        while (opening := self._at[last - 1]) is not None:
            words = opening.text or ""
            if words.strip() or (words and unit.type != LINE):
                break
            last -= 1
        return last

    def _cut(self, node: etree._Element, first: int, last: int) -> etree._Element:
        """Return a copy of ``node`` with its content between two positions.

        The text of an element follows its opening position, the tail its closing position.
        """
        shell = _shell(node)
        if first <= self._opens[node]:
            shell.text = node.text
        children, closings = self._children(node)
        for child in children[bisect_left(closings, first) :]:
            opens, closes = self._opens[child], self._closes[child]
            if opens >= last:
                break
            if (first <= opens and closes < last) or not isinstance(child.tag, str):
                piece = copy.deepcopy(child)
            else:
                piece = self._cut(child, first, last)
            piece.tail = child.tail if first <= closes < last else None
            shell.append(piece)
        return shell

    def _children(self, node: etree._Element) -> tuple[list[etree._Element], list[int]]:
        """Return the children of ``node``, and the positions where they close.

        Those of an element with many are kept: every unit of a text is in one of the parts of its body.
        """
        found = self._kept.get(node)
        if found is None:
            children = list(node)
            found = children, [self._closes[child] for child in children]
            if len(children) > _MANY:
                self._kept[node] = found
        return found

    def _mentioned(self, cut: etree._Element) -> etree._Element:
        """Return a ``standOff`` with the entries that ``cut`` points to, directly or indirectly."""
        wanted: set[str] = set()
        new = set(_pointers(cut)) & self._entries.keys()
        while new:
            wanted |= new
            new = {
                p for name in new for p in self._entries[name][3]
            } & self._entries.keys() - wanted
        stand_off = etree.Element(f"{TEI}standOff")
        lists: dict[etree._Element, etree._Element] = {}
        for _at, register, entry, _pointed in sorted(
            (self._entries[name] for name in wanted), key=itemgetter(0)
        ):
            if register not in lists:
                lists[register] = _shell(register)
                stand_off.append(lists[register])
            lists[register].append(copy.deepcopy(entry))
        return stand_off


def _without_notes(cut: etree._Element, unit: CitableUnit) -> None:
    """Remove notes with lines of their own, unless ``unit`` is one of these."""
    own = unit.inside.get(ID) if unit.inside is not None else None
    for note in [n for n in cut.iter(f"{TEI}note") if n.find(f".//{TEI}lb") is not None]:
        above = note.getparent()
        if above is None or note.get(ID) == own:
            continue
        _append(above, note.getprevious(), note.tail or "")
        note.tail = None
        above.remove(note)


def _complete(cut: etree._Element) -> None:
    """Add what TEI requires around a fragment: a body between front and back, a quotation in ``cit``."""
    if cut.find(f"{TEI}body") is None:
        body = etree.Element(f"{TEI}body")
        etree.SubElement(body, f"{TEI}p")
        front = cut.find(f"{TEI}front")
        cut.insert(0 if front is None else cut.index(front) + 1, body)
    for cit in list(cut.iter(f"{TEI}cit")):
        if cit.find(f"{TEI}quote") is None:
            cit.insert(0, etree.Element(f"{TEI}quote"))
            etree.SubElement(cit[0], f"{TEI}p")


def _append(above: etree._Element, before: etree._Element | None, words: str) -> None:
    """Put ``words`` into ``above``, behind ``before`` or at its beginning."""
    if before is None:
        above.text = (above.text or "") + words
    else:
        before.tail = (before.tail or "") + words


def _pointers(root: etree._Element) -> Iterator[str]:
    for node in root.iter(etree.Element):
        for value in node.attrib.values():
            yield from _POINTER.findall(str(value))


def _shell(element: etree._Element) -> etree._Element:
    """Return a copy of an element without its content."""
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    return etree.Element(element.tag, attributes, nsmap=element.nsmap)  # type: ignore[arg-type]


def _description(root: etree._Element) -> etree._Element:
    """Return the header with ``fileDesc`` alone: titles, witnesses, rights."""
    header = etree.Element(f"{TEI}teiHeader")
    desc = root.find(f"{TEI}teiHeader/{TEI}fileDesc")
    if desc is None:
        raise ValueError("a TEI file without fileDesc")
    header.append(copy.deepcopy(desc))
    return header


def serialized(root: etree._Element) -> bytes:
    """Return the element as a file."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
