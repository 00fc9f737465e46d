"""The editors' notes of all texts in one list: the place of each, the words that it follows, the note itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.shared.labels import _, letter
from tei_export.source.nodes import lb, noteref, take_out, textnote
from tei_export.source.notes import note_of, words_around
from tei_export.source.trees import own_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Part, Text
    from tei_export.source.facts import EditionDomain

EDITORS = "editorial"
#: The maximum number of letters shown of the words before a note.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class EditorsNote:
    """A note of the editors."""

    label: str
    """its letter in the part"""
    xml_id: str
    """its id in the pages, unique in the edition"""
    reference: str
    """the id of its reference"""
    place: Place
    note: str
    """the label of the note that contains its reference"""
    words: str
    """the words before it, or after it at the beginning of a block"""
    lang: str
    """their language, if it is not the text's"""
    content: textnote
    """the note, without references to others: those to it follow in the list"""

    @property
    def where(self) -> str:
        """Its place: ``17.12``, ``17.25 n. 4``; empty in a line without a number."""
        said = str(self.place) if self.place.line or self.place.page else ""
        return f"{said} {_('n.')}\N{NO-BREAK SPACE}{self.note}".strip() if self.note else said


def title() -> str:
    """Return the title of the list."""
    return _("Editors’ notes")


def number(domain: EditionDomain) -> int:
    """Return the number of editors' notes in all texts."""
    return sum(facts.notes.get(EDITORS, 0) for _text, _part, facts in domain.parts())


def commented_parts(
    domain: EditionDomain, env: BuildEnvironment
) -> Iterator[tuple[Text, Part, list[EditorsNote]]]:
    """Yield the parts with editors' notes, in the order of the record; the notes in reading order."""
    for text, part, facts in domain.parts():
        if facts.notes.get(EDITORS) and (found := editors_notes(own_tree(env, part.doc))):
            yield text, part, found


def editors_notes(doctree: nodes.document) -> list[EditorsNote]:
    """Return the editors' notes of a part in reading order: notes to a note come at the reference
    of that note."""
    notes = {note["ids"][0]: note for note in doctree.findall(textnote) if note["ids"]}
    refs: dict[str, list[tuple[noteref, Place]]] = {}
    place = Place("")
    for node in doctree.findall():
        if isinstance(node, lb) and node["line"]:
            place = Place(node["page"], node["line"])
        elif isinstance(node, noteref) and node.get("refid") in notes:
            holder = note_of(node)
            inside = holder["ids"][0] if holder is not None else ""
            refs.setdefault(inside, []).append((node, place))
    found: dict[str, EditorsNote] = {}
    waiting = refs.pop("", [])[::-1]
    while waiting:
        ref, place = waiting.pop()
        if ref["series"] == EDITORS:
            holder = note_of(ref)
            above = found.get(holder["ids"][0]) if holder is not None else None
            number = str(holder["label"]) if holder is not None else ""
            if above is not None:  # the editors' notes have no lines of their own
                place, number = above.place, above.label
            found[ref["refid"]] = _note(ref, notes[ref["refid"]], place, number)
        waiting += refs.pop(ref["refid"], [])[::-1]
    return list(found.values())


def _note(ref: noteref, note: textnote, place: Place, number: str) -> EditorsNote:
    before, after = words_around(ref)
    content = note.deepcopy()
    for other in list(content.findall(noteref)):
        take_out(other)
    words = _tail(collapse_space(before).strip()) or _head(collapse_space(after).strip())
    return EditorsNote(
        letter(note["label"]),
        note["ids"][0],
        ref["ids"][0],
        place,
        number,
        words,
        _language(ref),
        content,
    )


def _tail(words: str) -> str:
    """Return the last words, from the beginning of a sentence or of a word."""
    if len(words) <= _SHOWN:
        return words
    return f"… {words[-_SHOWN:].partition(' ')[2]}"


def _head(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rpartition(' ')[0]} …"


def _language(ref: nodes.Node) -> str:
    """Return the language of the quotation that contains a reference."""
    node: nodes.Node | None = ref.parent
    while node is not None:
        if isinstance(node, nodes.Element) and node.get("lang"):
            return str(node["lang"])
        node = node.parent
    return ""
