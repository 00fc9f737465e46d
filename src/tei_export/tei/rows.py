"""Find the rows of the vocabulary in TEI, and what a layer reads of an element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.tei.build import TEI

if TYPE_CHECKING:
    from lxml import etree

_T = f"{{{TEI}}}"


def _rows(element: etree._Element, family: Family) -> bool:
    return any(row.family is family and element.tag == _T + row.tei for row in BY_NAME.values())


def is_layer(element: etree._Element) -> bool:
    """Return whether ``element`` pairs a reading with its source (``app``, ``choice``)."""
    return _rows(element, Family.LAYER)


def is_read_by(element: etree._Element, layer: str) -> bool:
    """Return whether ``layer`` (E, T) reads ``element``.

    A layer reads one of the two parts of ``app`` and ``choice``, and nothing of an element whose
    text it lacks.
    """
    parent = element.getparent()
    for row in BY_NAME.values():
        if row.family is Family.LAYER and parent is not None and parent.tag == _T + row.tei:
            if row.read_by(layer) is Reads.BOTH:
                continue
            wanted = row.tei_parts[row.read_by(layer) is Reads.SOURCE]
            other = row.tei_parts[row.read_by(layer) is not Reads.SOURCE]
            if element.tag == _T + other and other != wanted:
                return False
        elif (
            row.family is Family.PHRASE
            and row.read_by(layer) is Reads.NOTHING
            and _is(element, row.tei, row.tei_attrs)
        ):
            return False
    return True


def _is(element: etree._Element, tei: str, attrs: dict[str, str]) -> bool:
    return element.tag == _T + tei and all(
        element.get(name) == value for name, value in attrs.items()
    )


def sign_of(element: etree._Element) -> str:
    """Return the sign to show for a milestone that the edition adds."""
    for row in BY_NAME.values():
        if row.family is Family.MILESTONE and row.sign and _is(element, row.tei, row.tei_attrs):
            return row.sign
    return ""
