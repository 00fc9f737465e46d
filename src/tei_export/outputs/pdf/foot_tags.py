"""Move the tags of the apparatus at the foot of the page, so that it does not interrupt the text.

The compiler nests the content of the foot in the sentence with the last stop of the page. This
module moves the entries of a page behind the block of text with that sentence. Each becomes a note
(PDF 1.7, 14.8.4.4.1) with its place as label; footnotes that only reserved space are removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The compiler's tag of an entry: ``foot.typ`` sets only entries as quotations.
_ENTRY = "/Quote"


def put_notes_after_blocks(pdf: pikepdf.Pdf) -> None:
    """Move and name the tags of all entries at the foot of pages."""
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        return
    document = _kids(tree)[0]
    blocks: list[pikepdf.Object] = []
    entries: list[pikepdf.Object] = []
    for block in _kids(document):
        blocks.append(block)
        for paragraph in list(_series(block)) if _is_tag(block) else ():
            _take_out(paragraph)
            paragraph.P = document
            blocks.append(paragraph)
            entries += [one for one in _kids(paragraph) if _is_tag(one) and one.S == _ENTRY]
    if not entries:
        return
    document.K = pikepdf.Array(blocks)
    ids = pikepdf.NameTree(tree.IDTree)
    for number, entry in enumerate(entries, 1):
        _name(pdf, ids, entry, f"Entry {number}")
    for note in list(_empty_notes(document)):
        del ids[str(note.ID)]
        _take_out(note)


def _kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    kids = element.get("/K")
    return list(kids) if isinstance(kids, pikepdf.Array) else [] if kids is None else [kids]


def _series(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the paragraphs of entries in an element, in their order."""
    for kid in _kids(element):
        if not _is_tag(kid):
            continue
        if any(_is_tag(one) and one.get("/S") == _ENTRY for one in _kids(kid)):
            yield kid
        else:
            yield from _series(kid)


def _is_tag(thing: pikepdf.Object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and "/S" in thing


def _take_out(element: pikepdf.Object) -> None:
    """Remove an element from its parent."""
    parent = element.P
    parent.K = pikepdf.Array([kid for kid in _kids(parent) if not _same(kid, element)])


def _same(one: pikepdf.Object, other: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.is_indirect and one.objgen == other.objgen


def _name(pdf: pikepdf.Pdf, ids: pikepdf.NameTree, entry: pikepdf.Object, name: str) -> None:
    """Make an entry a note with an id, and its first link the label."""
    entry.S = pikepdf.Name.Note
    entry.ID = pikepdf.String(name)
    ids[name] = entry
    kids = _kids(entry)
    for n, kid in enumerate(kids):
        if _is_tag(kid) and kid.S == "/Link":
            label = pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.StructElem,
                    S=pikepdf.Name.Lbl,
                    P=entry,
                    K=pikepdf.Array([kid]),
                )
            )
            kid.P = label
            kids[n] = label
            break
    entry.K = pikepdf.Array(kids)


def _empty_notes(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the notes without any content."""
    for kid in _kids(element):
        if _is_tag(kid):
            if kid.S == "/Note" and not _has_content(kid):
                yield kid
            else:
                yield from _empty_notes(kid)


def _has_content(element: pikepdf.Object) -> bool:
    return any(not _is_tag(kid) or _has_content(kid) for kid in _kids(element))
