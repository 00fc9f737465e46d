"""Find the rows of the vocabulary in TEI, and what a layer reads of an element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.variants import VARIANT
from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.tei.build import TEI, XML

if TYPE_CHECKING:
    from lxml import etree

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"


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
    if parent is not None and parent.tag == _T + "app" and parent.get("type") == VARIANT:
        chosen = _of_base(parent) if layer != "E" else None
        return element is chosen if chosen is not None else element.tag == _T + "lem"
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


def _of_base(app: etree._Element) -> etree._Element | None:
    """Return the reading of the base, where it departs from the lemma: the witness that is proved by lines, or the one
    that this is a text of."""
    source = app.getroottree().find(f".//{_T}sourceDesc/{_T}listWit")
    first = next((w for w in (source if source is not None else ()) if w.get(_ID) != "T"), None)
    if first is None:
        return None
    base = first.get("corresp") or f"#{first.get(_ID)}"
    return next((r for r in app.iterfind(f"{_T}rdg") if base in (r.get("wit") or "").split()), None)


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
