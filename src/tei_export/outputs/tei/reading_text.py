"""The reading text: E alone, for readers who want the text without apparatus.

It is derived from the full file: ``app`` becomes ``lem``, ``choice`` becomes ``corr``; lines, the
page numbers of the typescript (``fw``) and the reasons for readings are removed. Pages, notes,
names, ``supplied``, ``unclear`` and ``gap`` remain, so that a conjecture never looks like witnessed
text.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tei_export.tei.element_roles import is_layer, is_of_witness, is_read_by
from tei_export.tei.elements import TEI, append_text, copy_without_content, ids_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_T = f"{{{TEI}}}"
_DROPPED = {_T + "lb", _T + "fw"}


def reading_text(text: etree._Element, file: str = "") -> etree._Element:
    """Return the reading text of a ``text`` element, as a new element.

    :param file: the file of the text, for references to lines, which a reading text lacks
    """
    copied = copy_without_content(text)
    _content(text, copied)
    _notes(copied)
    ids = set(ids_in(copied))
    for reference in copied.iter(_T + "ref"):
        target = reference.get("target", "")
        if target.startswith("#") and target[1:] not in ids:
            reference.set("target", f"{file}{target}")
    return copied


def _content(source: etree._Element, target: etree._Element) -> None:
    """Append to ``target`` the content of ``source`` in E."""
    append_text(target, source.text or "")
    for child in source:
        if is_layer(child):  # replaced by the reading of E
            for chosen in child:
                if is_read_by(chosen, "E"):
                    _content(chosen, target)
        elif child.tag not in _DROPPED and not is_of_witness(child) and is_read_by(child, "E"):
            if len(child):
                copied = copy_without_content(child)
                _content(child, copied)
            else:
                copied = copy.copy(child)
                copied.tail = None
            target.append(copied)
        append_text(target, child.tail or "")


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
