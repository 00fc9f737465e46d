"""Find the rows of the vocabulary in TEI, and the reading of a layer at an element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.variants import VARIANT
from tei_export.model.vocabulary import BY_NAME, LAYERS, ROLE_TABLE, Family, Reads
from tei_export.source.nodes import GAP_TEXT
from tei_export.tei.elements import TEI, XML

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from lxml import etree

    from tei_export.model.vocabulary import Role

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"
#: The elements in an entry of the apparatus (TC#TCAPLL); a layer reads one of them.
_VARIANT_PARTS = tuple(_T + tag for tag in ("lem", "rdg", "rdgGrp", "note", "witDetail"))


class _Rows:
    """Tables made from the rows of the vocabulary, by tags.

    Every element of every text needs them a dozen times, and there are about seventy rows.
    """

    def __init__(self, rows: tuple[Role, ...]) -> None:
        self.layers = {_T + row.tei for row in rows if row.family is Family.LAYER}
        #: (tag of the parent, layer) → tags of children that the layer omits
        self.unread: dict[tuple[str, str], set[str]] = {}
        #: (tag, layer) → attributes of elements that the layer omits
        self.silent: dict[tuple[str, str], list[dict[str, str]]] = {}
        #: tag → attributes and sign of milestones and losses
        self.signs: dict[str, list[tuple[dict[str, str], str]]] = {}
        #: layer → tags of elements that the layer may omit
        self.chosen: dict[str, set[str]] = {layer: set(_VARIANT_PARTS) for layer in LAYERS}
        for row in rows:
            tag = _T + row.tei
            if row.family is Family.MILESTONE and row.sign:
                self.signs.setdefault(tag, []).append((row.tei_attrs, row.sign))
            if row.read_by("E") is Reads.SIGN:
                self.signs.setdefault(tag, []).append((row.tei_attrs, GAP_TEXT))
            for layer in LAYERS:
                reads = row.read_by(layer)
                if row.family is Family.LAYER and reads is not Reads.BOTH:
                    wanted, other = (
                        row.tei_parts[reads is Reads.SOURCE],
                        row.tei_parts[reads is not Reads.SOURCE],
                    )
                    if other != wanted:
                        self.unread.setdefault((tag, layer), set()).add(_T + other)
                        self.chosen[layer].add(_T + other)
                elif row.family is Family.PHRASE and reads is Reads.NOTHING:
                    self.silent.setdefault((tag, layer), []).append(row.tei_attrs)
                    self.chosen[layer].add(tag)


@ROLE_TABLE.made_once
def _table() -> _Rows:
    """Return the table of the current rows; editions add some."""
    return _Rows(tuple(BY_NAME.values()))


def told_apart(layer: str) -> frozenset[str]:
    """Return the tags of the elements that ``layer`` (E, T) may omit or show as a sign; all others are words."""
    table = _table()
    return frozenset(table.chosen[layer]) | table.signs.keys()


def layers() -> AbstractSet[str]:
    """Return the tags of the elements that pair a reading with its source."""
    return _table().layers


def is_layer(element: etree._Element) -> bool:
    """Return whether ``element`` pairs a reading with its source (``app``, ``choice``)."""
    return element.tag in _table().layers


def is_read_by(element: etree._Element, layer: str) -> bool:
    """Return whether ``layer`` (E, T) reads ``element``.

    A layer reads one of the two parts of ``app`` and ``choice``, and nothing of an element whose
    text it lacks.
    """
    tag = element.tag
    table = _table()
    if tag not in table.chosen[layer]:
        return True
    parent = element.getparent()
    if parent is not None:
        above = str(parent.tag)
        if above == _T + "app" and parent.get("type") == VARIANT:
            chosen = _of_base(parent) if layer != "E" else None
            return element is chosen if chosen is not None else tag == _T + "lem"
        if tag in table.unread.get((above, layer), ()):
            return False
    silent = table.silent.get((tag, layer))
    return silent is None or not any(_has(element, attrs) for attrs in silent)


def is_of_witness(element: etree._Element) -> bool:
    """Return whether ``element`` is about witnesses: their pages and lines, and beginnings of their
    passages."""
    if element.tag == _T + "anchor":
        return (element.get(_ID) or "").endswith("-from")
    return bool(element.get("edRef"))


def _of_base(app: etree._Element) -> etree._Element | None:
    """Return the reading of the base, if it differs from the lemma: of the witness proved by lines,
    or of the one that it represents."""
    source = app.getroottree().find(f".//{_T}sourceDesc/{_T}listWit")
    first = next((w for w in (source if source is not None else ()) if w.get(_ID) != "T"), None)
    if first is None:
        return None
    base = first.get("corresp") or f"#{first.get(_ID)}"
    return next((r for r in app.iterfind(f"{_T}rdg") if base in (r.get("wit") or "").split()), None)


def _has(element: etree._Element, attrs: dict[str, str]) -> bool:
    return all(element.get(name) == value for name, value in attrs.items())


def sign_of(element: etree._Element) -> str:
    """Return the sign to show for a milestone or a loss."""
    for attrs, sign in _table().signs.get(str(element.tag), ()):
        if _has(element, attrs):
            return sign
    return ""
