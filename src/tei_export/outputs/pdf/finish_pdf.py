"""Finish the compiler's PDF: named destinations, metadata, boxes, smaller size.

qpdf (pikepdf) adds what Typst cannot express (0.15 names only headings, and its metadata lack
rights). Pages, tags and attached files stay unchanged.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pikepdf

from tei_export.i18n.formats import _
from tei_export.outputs.pdf.foot_tags import put_notes_after_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from tei_export.model.metadata import Metadata

_POINTS = 72 / 25.4
#: The bleed that a printer may need (mm); anything beyond it only holds crop marks.
_BLEED = 3
#: How the addresses of links inside the book begin (``to-place`` in edition.typ).
_ADDRESS = "place:"
#: So much of what stands above a place is shown with it, in points.
_ABOVE = 10


@dataclass(frozen=True, slots=True)
class PdfDestination:
    """A place in the book: the name of its destination, its page and its position.

    Pages count from 1; positions are distances from the left and upper edge of the trimmed page, in
    points.
    """

    name: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PdfPlaces:
    """The places that ``matter.typ`` reports: ``named``, for destinations; ``targets`` of links inside the book, by id."""

    named: tuple[PdfDestination, ...] = ()
    targets: Mapping[str, PdfDestination] = field(default_factory=dict)


class UnfoundPlacesError(Exception):
    """Links lead to places ``ids`` that Typst does not report."""

    def __init__(self, ids: AbstractSet[str]) -> None:
        super().__init__(", ".join(sorted(ids)))
        self.ids = ids


def finish(
    data: bytes,
    places: PdfPlaces,
    meta: Metadata,
    *,
    bleed: float = 0,
    foot: bool = True,
) -> bytes:
    """Return ``data`` with destinations for ``places``, links to them, and the metadata that Typst lacks.

    :param bleed: the width cut off around the page, in mm
    :param foot: whether the apparatus may be at the foot of the pages
    :raises UnfoundPlacesError: a link leads to none of ``places.targets``
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = [_Sheet(page.obj, float(page.mediabox[3])) for page in pdf.pages]
        _lead(pages, places.targets, bleed)
        _name_places(pdf, pages, places.named, bleed)
        _describe(pdf, meta)
        if foot:
            put_notes_after_blocks(pdf)
        _head_rows(pdf.Root.get("/StructTreeRoot"))
        if bleed:
            _boxes(pdf, bleed)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            linearize=False,
        )
    return out.getvalue()


class _Sheet(NamedTuple):
    """A page and its height: looking them up again for each of thousands of places takes longer than all the rest."""

    page: pikepdf.Object
    height: float


def _lead(pages: Sequence[_Sheet], targets: Mapping[str, PdfDestination], bleed: float) -> None:
    """Let the links with an address of ours lead to their places (PDF 1.7, 12.5.6.5), as Typst writes it."""
    edge = bleed * _POINTS
    unfound = set()
    said: dict[int, str] = {}
    xyz = pikepdf.Name.XYZ
    for sheet in pages:
        for link in sheet.page.get("/Annots", ()):
            action = link.get("/A")
            address = str(action.get("/URI", "")) if isinstance(action, pikepdf.Dictionary) else ""
            if not address.startswith(_ADDRESS):
                continue
            to = targets.get(address.removeprefix(_ADDRESS))
            if to is None:
                unfound.add(address.removeprefix(_ADDRESS))
                continue
            there = pages[to.page - 1]
            top = there.height - edge - max(to.y - _ABOVE, 0)
            del link.A
            link.Dest = pikepdf.Array([there.page, xyz, round(to.x + edge, 4), round(top, 4), 0])
            if to.page not in said:
                said[to.page] = _("page {}").format(to.page)
            link.Contents = said[to.page]
    if unfound:
        raise UnfoundPlacesError(unfound)


def _name_places(
    pdf: pikepdf.Pdf, pages: Sequence[_Sheet], spots: Iterable[PdfDestination], bleed: float
) -> None:
    """Add named destinations (PDF 1.7, 12.3.2.3) to the existing ones."""
    root = pdf.Root
    if "/Names" not in root:
        root.Names = pdf.make_indirect(pikepdf.Dictionary())
    if "/Dests" not in root.Names:
        root.Names.Dests = pikepdf.NameTree.new(pdf).obj
    tree = pikepdf.NameTree(root.Names.Dests)
    edge = bleed * _POINTS
    xyz = pikepdf.Name.XYZ
    for spot in spots:
        page, height = pages[spot.page - 1]
        left, top = round(spot.x + edge, 1), round(height - edge - spot.y + 12, 1)
        tree[spot.name] = pikepdf.Dictionary(D=pikepdf.Array([page, xyz, left, top, None]))


def _describe(pdf: pikepdf.Pdf, meta: Metadata) -> None:
    """Add rights, publisher, version and identifier to the XMP metadata.

    Dublin Core and XMP Rights have properties for them; PDF/A predefines both schemas.
    """
    right = meta.right("text")
    encoding = meta.right("encoding")
    said: dict[str, str | list[str] | set[str]] = {
        "dc:rights": f"{right.name}. {right.statement} {encoding.statement}",
        "dc:publisher": {meta.publisher},
        "dc:source": meta.repository_url,
        "dc:identifier": f"https://doi.org/{meta.identifier}" if meta.identifier else meta.base_url,
        "xmpRights:WebStatement": right.uri,
    }
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        for name, words in said.items():
            if words:
                xmp[name] = words


def _head_rows(element: pikepdf.Object | None) -> None:
    """Tag the first cell of every table row as its header (PDF 1.7, 14.8.5.7).

    Typst 0.15 supports only column headers.
    """
    if not isinstance(element, pikepdf.Dictionary):
        return
    kids = element.get("/K")
    if (
        element.get("/S") == "/TR"
        and isinstance(kids, pikepdf.Array)
        and kids[0].get("/S") == "/TD"
    ):
        cell = kids[0]
        cell.S = pikepdf.Name.TH
        own = cell.get("/A", pikepdf.Array())
        scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
        cell.A = pikepdf.Array([*(own if isinstance(own, pikepdf.Array) else [own]), scope])
        return
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        _head_rows(kid)


def _boxes(pdf: pikepdf.Pdf, bleed: float) -> None:
    """Set the bleed box; Typst sets only the sheet and the trimmed page."""
    for page in pdf.pages:
        left, bottom, right, top = (float(n) for n in page.trimbox)
        room = min(bleed, _BLEED) * _POINTS
        page.bleedbox = pikepdf.Array(
            [round(n, 3) for n in (left - room, bottom - room, right + room, top + room)]
        )


def places_of(reported: Any) -> PdfPlaces:
    """Convert the places that ``matter.typ`` reports."""
    named = (
        PdfDestination(at["name"], at["page"], _length(at["x"]), _length(at["y"]))
        for at in reported["named"]
    )
    targets = {at[0]: PdfDestination(*at) for at in reversed(reported["targets"])}
    return PdfPlaces(tuple(named), targets)


def _length(text: str) -> float:
    return float(text.removesuffix("pt"))
