"""The reading text: E alone, for readers who want the text without apparatus.

It is derived from the full file: ``app`` becomes ``lem``, ``choice`` becomes ``corr``; lines, the
page numbers of the typescript (``fw``) and the reasons for readings are removed. Pages, notes,
names, ``supplied``, ``unclear`` and ``gap`` remain, so that a conjecture never looks like witnessed
text.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.tei.element_roles import is_layer, is_of_witness, is_read_by, layers, told_apart
from tei_export.tei.elements import TEI, finder, ids_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_T = f"{{{TEI}}}"
_DROPPED = {_T + "lb", _T + "fw"}
#: Names, which no text has, of elements to be removed, and of those that only their content replaces.
_GONE, _OPENED = "gone", "opened"
_of_witnesses = finder("descendant::*[@edRef] | descendant::t:anchor")


def reading_text(text: etree._Element, file: str = "") -> etree._Element:
    """Return the reading text of a ``text`` element, as a new element.

    :param file: the file of the text, for references to lines, which a reading text lacks
    """
    copied = copy.deepcopy(text)
    copied.tail = None
    _choose(copied)
    _notes(copied)
    ids = set(ids_in(copied))
    for reference in copied.iter(_T + "ref"):
        target = reference.get("target", "")
        if target.startswith("#") and target[1:] not in ids:
            reference.set("target", f"{file}{target}")
    return copied


def _choose(text: etree._Element) -> None:
    """Leave of ``text`` what E reads: mark what goes, and what gives its place to its content; libxml2 does the rest."""
    gone = [element for element in _of_witnesses(text) if is_of_witness(element)]
    opened: list[etree._Element] = []
    for element in text.iter(*told_apart("E"), *layers()):
        if is_layer(element):  # replaced by the reading of E
            element.text = None
            opened.append(element)
            for part in element:
                part.tail = None
                (opened if is_read_by(part, "E") else gone).append(part)
        elif not is_read_by(element, "E") and not is_layer(element.getparent()):  # type: ignore[arg-type]
            gone.append(element)
    for elements, tag in (opened, _OPENED), (gone, _GONE):
        for element in elements:
            element.tag = tag
    etree.strip_elements(text, _GONE, *_DROPPED, with_tail=False)
    etree.strip_tags(text, _OPENED)


def _notes(text: etree._Element) -> None:
    """Remove editors' notes on elements that are gone, and their division once it is empty."""
    ids = set(ids_in(text))
    for division in list(_editorial(text)):
        for note in list(division):
            if note.get("target", "")[1:] not in ids:
                division.remove(note)
        if not len(division):
            back = division.getparent()
            assert back is not None
            back.remove(division)
            if not len(back):
                text.remove(back)


def _editorial(text: etree._Element) -> Iterator[etree._Element]:
    return (d for d in text.iterfind(f"{_T}back/{_T}div") if d.get("type") == "editorialNotes")
