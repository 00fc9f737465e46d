"""The units of the search: blocks of texts and pages, and register entries.

A unit is a list: ``[kind, label, places, text, readings, verses, paragraph]``; empty values at its end
are omitted.

* ``kind``: ``t`` text, ``n`` author's note, ``b`` bibliography, ``e`` the editors' words,
  ``r`` register entry. ``label``: the label of a note, or the name of a register entry.
* ``places``: ``13.5;4:14.1`` = the first line is 13.5, the fifth 14.1, the others are consecutive;
  or ``#id`` for a unit without lines.
* ``text``: the edited text; a new line begins after a line end, or after ``¬`` inside a word.
* ``readings``: a flat list of fours: layer (``t``, ``o``, or the ids of witnesses with spaces between
  them), start and length of the edited words in ``text``, the layer's reading with its line ends
  (empty if a witness lacks the words). For a register entry: its description.
* ``verses``: ``1.2.5;2:1.2.6`` = the first line of ``text`` is verse 1.2.5, the third begins verse
  1.2.6; the others are consecutive.
* ``paragraph``: the number that the source gives a paragraph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export.model.readings import collapse_space
from tei_export.outputs.html.search_blocks import SearchBlock
from tei_export.shared import labels
from tei_export.source.divisions import PARAGRAPH
from tei_export.source.nodes import (
    blockgroup,
    blockline,
    lb,
    mark,
    reading,
    textnote,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.model.edition import Part
    from tei_export.model.registers import RegisterEntry
    from tei_export.outputs.html.search_blocks import Trail

#: A unit, as described above.
Unit = list[Any]


def part_units(doctree: nodes.document, part: Part, trail: Trail | None = None) -> list[Unit]:
    """Return the units of a part, in order: its text, then the notes of each series."""
    body = "b" if part.type == "bibliography" else "t"
    result: list[Unit] = []
    for node in _leaves(doctree):
        holder = _note(node)
        if holder is not None and holder["series"] == "editorial":
            label = labels.letter(holder["label"])
            result.append(["e", label, f"#{holder['ids'][0]}", collapse_space(reading(node)), []])
            continue
        if trail and holder is not None:
            trail.enter(holder)
        block = SearchBlock(node, trail)
        if block.lines:
            kind, label = ("n", holder["label"]) if holder is not None else (body, "")
            unit = [kind, label, block.places(), block.text, block.readings()]
            more = [_verses(node), _paragraph(node)]
            while more and not more[-1]:
                more.pop()
            result.append([*unit, *more])
    return result


def _paragraph(block: nodes.Element) -> str:
    """Return the number that the source gives the paragraph; empty if it gives none."""
    found = next((m for m in block.findall(mark) if m["kind"] == PARAGRAPH and "own_id" in m), None)
    return "" if found is None else str(values_of(found)["n"])


def _verses(group: nodes.Element) -> str:
    """Return the numbers of verse by line of the original, with an entry wherever numbering breaks."""
    numbers = [
        line.get("verse", "")
        for line in (group.findall(blockline) if isinstance(group, blockgroup) else ())
        for begin in line.findall(lb)
        if begin["line"]
    ]
    result: list[str] = []
    due = ""
    for at, number in enumerate(numbers):
        if number != due:
            result.append(f"{at}:{number}" if at else number)
        before, dot, last = number.rpartition(".")
        due = f"{before}{dot}{int(last) + 1}" if number else ""
    return ";".join(result)


def _leaves(doctree: nodes.document) -> Iterator[nodes.Element]:
    """Yield the blocks that contain text, in order."""
    for node in doctree.findall(nodes.Element):
        if isinstance(node, blockgroup) or (
            isinstance(node, (nodes.title, nodes.paragraph))
            and not isinstance(node.parent, blockgroup)
        ):
            yield node


def _note(node: nodes.Node | None) -> textnote | None:
    while node is not None and not isinstance(node, textnote):
        node = node.parent
    return node


def page_units(doctree: nodes.document) -> list[Unit]:
    """Return the units of a page outside the texts: every block, at its section."""
    result: list[Unit] = []
    for node in _leaves(doctree):
        section: nodes.Node | None = node.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        place = f"#{section['ids'][0]}" if section is not None and section["ids"] else ""
        text = collapse_space(reading(node))
        if text:
            result.append(["e", "", place, text, []])
    return result


def entry_unit(entry: RegisterEntry) -> Unit:
    """Return the unit of a register entry: its names for searching, its description for display."""
    names = entry.data.get("names") or {}
    others = [*(entry.data.get("also") or ()), *names.values()]
    head = f"{entry.text('author')}, {entry.name}" if entry.text("author") else entry.name
    return [
        "r",
        head,
        f"#{entry.xml_id}",
        "; ".join([head, *map(str, others)]),
        entry.text("gloss"),
    ]
