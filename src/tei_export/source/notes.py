"""Notes of a part: their series and labels, and the reference that ends a quotation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME
from tei_export.source.nodes import (
    every_block,
    mark,
    notelabel,
    noteref,
    put_in_place,
    reading,
    textnote,
)
from tei_export.source.positions import enclosing, is_point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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


#: A placeholder for a reference while its block is read; no source contains it
#: (:mod:`tei_export.model.deceptive_letters`).
_HERE = "\ufdd0"
#: prefix of the label of a note without a sign (``margin-1``) → its place in the source
_MARGIN = re.compile(r"(margin|left|right)-")


def note_place(label: str) -> str:
    """Return the place of a note in the source, for ``note/@place``: ``bottom``, ``margin``,
    ``left`` or ``right``."""
    match = _MARGIN.match(label)
    return match[1] if match else "bottom"


def printed_label(label: str) -> str:
    """Return the printed label of a note, without the prefix of its series.

    A suffix after a slash distinguishes notes with the same number: ``*/17``. A marginal note has no label.
    """
    if note_place(label) != "bottom":
        return ""
    return label.removeprefix("ed-").partition("/")[0]


def note_key(label: str) -> str:
    """Return the form of a label in ids: ``5`` → ``005``, ``*/17`` → ``x2a-17``."""
    if note_place(label) != "bottom":
        return label
    printed, _, apart = label.removeprefix("ed-").partition("/")
    if printed.isdecimal():
        key = f"{int(printed):03d}"
    else:
        key = "".join(
            c if c.isascii() and (c.isalnum() or c == "-") else f"x{ord(c):x}" for c in printed
        )
    return f"{key}-{apart}" if apart else key


def irregular_numbers(labels: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield position and remark wherever the numbers of notes skip, go back or repeat.

    Signs and letters have no order. A series that restarts at 1 counts by page.


    :param labels: the printed labels, in the order of their references
    """
    last = 0
    for at, label in enumerate(labels):
        if not label.isdecimal():
            continue
        number = int(label)
        if number not in (last + 1, 1):
            yield at, f"{number} after {last}" if last else f"{number} is the first"
        elif number == last:
            yield at, f"{number} again"
        last = number


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
    paragraph = next(iter(every_block(target, nodes.paragraph)), None)
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


def words_around(ref: nodes.Node) -> tuple[str, str]:
    """Return the edited text of a block before and after a note reference in it."""
    block = enclosing(ref, nodes.paragraph, nodes.title) or ref.parent
    at = next(n for n, one in enumerate(block.findall(noteref)) if one is ref)
    copy = block.deepcopy()
    put_in_place(list(copy.findall(noteref))[at], [nodes.Text(_HERE)])
    before, _, after = reading(copy).partition(_HERE)
    return before, after


def citing_reference(quotation: nodes.Element) -> nodes.Node | None:
    """Return the note reference (or its apparatus mark) at the end of a quotation."""
    paragraph = next(reversed(every_block(quotation, nodes.paragraph)), None)
    last = paragraph.children[-1] if paragraph is not None and paragraph.children else None
    if isinstance(last, noteref):
        return last if last["series"] == "authorial" and last["label"] else None
    if isinstance(last, mark) and BY_NAME[last["kind"]].misreading:
        only = last.children[0] if len(last.children) == 1 else None
        return last if isinstance(only, noteref) else None
    return None
