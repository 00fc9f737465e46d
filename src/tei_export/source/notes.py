"""Notes of a part: their series and labels, and the reference that ends a quotation."""

from __future__ import annotations

from docutils import nodes

from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME
from tei_export.source.nodes import mark, notelabel, noteref, reading, textnote
from tei_export.source.positions import enclosing, is_point


def in_leaf(node: nodes.Node) -> bool:
    """Return whether ``node`` is in a block whose lines are collected."""
    leaf = enclosing(node, nodes.paragraph, nodes.title)
    footnote = enclosing(node, nodes.footnote)
    if footnote is None:
        return leaf is not None
    return (
        leaf is not None
        and note_series((footnote["names"] or footnote["dupnames"])[0]) == "authorial"
    )


def note_series(label: str) -> str:
    """Return the series of a note by its label: ``authorial`` or ``editorial``."""
    return "editorial" if label.startswith("ed-") else "authorial"


def printed_label(label: str) -> str:
    """Return the label of a note without the prefix of its series."""
    return label.removeprefix("ed-")


def inside_note(node: nodes.Node) -> str:
    """Return the series of the note that contains ``node``, or an empty string."""
    holder = note_of(node)
    return holder["series"] if holder is not None else ""


def note_of(node: nodes.Node) -> textnote | None:
    """Return the note that contains ``node``, or None."""
    parent: nodes.Node | None = node
    while parent is not None and not isinstance(parent, textnote):
        parent = parent.parent
    return parent


def label_note(target: textnote) -> None:
    """Put the printed number at the start of a note; an ``ocr`` mark of it gives O's reading."""
    paragraph = next(iter(target.findall(nodes.paragraph)), None)
    if paragraph is None:
        return
    head = next((c for c in paragraph.children if not is_point(c)), None)
    label = notelabel()
    if (
        isinstance(head, mark)
        and BY_NAME[head["kind"]].misreading
        and collapse_space(reading(head)) == target["label"]
    ):
        at = paragraph.index(head)
        paragraph.remove(head)
        label += head
        paragraph.insert(at, label)
    else:
        label += nodes.Text(target["label"])
        paragraph.insert(0, label)


def citing_reference(quotation: nodes.Element) -> nodes.Node | None:
    """Return the note reference (or its apparatus mark) at the end of a quotation."""
    paragraph = next(reversed(list(quotation.findall(nodes.paragraph))), None)
    last = paragraph.children[-1] if paragraph is not None and paragraph.children else None
    if isinstance(last, noteref):
        return last if last["series"] == "authorial" else None
    if isinstance(last, mark) and BY_NAME[last["kind"]].misreading:
        only = last.children[0] if len(last.children) == 1 else None
        return last if isinstance(only, noteref) else None
    return None
