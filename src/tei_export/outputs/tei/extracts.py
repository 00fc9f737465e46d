"""Extract parts and pages of a text as separate TEI files.

A page is the text between two page beginnings, with the notes whose marks stand on it. An
element that the page cuts is closed and opened again on the next page with the same attributes;
``@part`` (I, M, F; att.fragmentable) marks such paragraphs and divisions. An extract carries the
register entries and the editors' notes that concern it and the relations that it states, so that every
pointer resolves.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tei_export.tei.elements import (
    TEI,
    XML,
    append_text,
    copy_without_content,
    element,
    finder,
    ids_in,
    sub,
)
from tei_export.tei.standoff import add_relations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from lxml import etree

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"
_pointers = finder(
    " | ".join(
        f"descendant-or-self::*/@{n}"
        for n in ("active", "corresp", "passive", "ref", "source", "target", "where")
    )
)
_leading = finder("descendant::*[@source or @corresp or @who or self::t:ref[not(@type)]]")
#: The pointers of the text that may lead out of an extract: evidence, roles, references to other places.
_LEADING = ("source", "corresp", "who", "target")
#: Elements at the end of a division, and elements allowed before its text.
_CLOSES = frozenset(_T + n for n in ("closer", "postscript", "trailer"))
_BEFORE_TEXT = frozenset(
    _T + n
    for n in (
        "head", "opener", "epigraph", "argument", "byline", "lb", "pb", "fw", "anchor", "app", "gap", "note",
    )
)  # fmt: skip
_FRAGMENTS = {_T + "p", _T + "div", _T + "lg"}


class Extractor:
    """Makes extracts of one text. ``root``: its TEI element, which stays unchanged."""

    def __init__(self, root: etree._Element) -> None:
        self.file = f"{root.get(_ID)}.xml"
        text, stand_off = root.find(_T + "text"), root.find(_T + "standOff")
        assert text is not None
        self.text = text
        self.entries: dict[str, etree._Element] = {}
        relations: list[etree._Element] = []
        for entries in stand_off if stand_off is not None else ():
            if entries.tag == _T + "listRelation":
                relations += list(entries)
            else:
                self.entries |= {entry.get(_ID, ""): entry for entry in entries}
        self.order = {name: place for place, name in enumerate(self.entries)}
        #: The pointers in the header's description of each letter, by the id of its division.
        self.letters = {
            desc.get("ref", "")[1:]: _targets(desc) for desc in root.iter(_T + "correspDesc")
        }
        self.needs = {name: _targets(entry) for name, entry in self.entries.items()}
        self.relations = _Pointing((r, r.get("source", "#").split()[0]) for r in relations)
        notes: list[etree._Element] = []
        for division in text.iterfind(f"{_T}back/{_T}div"):
            if division.get("type") == "editorialNotes":
                notes += list(division)
        self.notes = _Pointing((note, note.get("target", "")) for note in notes)

    def parts(self) -> Iterator[tuple[str, list[etree._Element]]]:
        """Yield id and content (``standOff``, ``text``) of every part."""
        for division in self._divisions():
            yield division.get(_ID, ""), self._document([copy.deepcopy(division)], "../")

    def pages(self) -> Iterator[tuple[etree._Element, list[etree._Element]]]:
        """Yield ``pb`` and content of every page, in order; nothing for a text without pages."""
        copies = [copy.deepcopy(division) for division in self._divisions()]
        for turn, divisions in _PageCutter().cut(copies):
            for division in divisions:
                _begin_text(division)
            yield turn, self._document(divisions, "../../")

    def _divisions(self) -> Iterator[etree._Element]:
        for division in self.text.iterfind(f"{_T}*/{_T}div"):
            if division.get("type") != "editorialNotes":
                yield division

    def _document(self, divisions: list[etree._Element], up: str) -> list[etree._Element]:
        """Return ``standOff`` and ``text``; ``up``: path from the extract to the text's file."""
        text = element("text", xml_lang=self.text.get(f"{{{XML}}}lang"))
        body = sub(text, "body")
        body.extend(divisions)
        ids = set(ids_in(body))
        said = self.notes.to(ids)
        if said:
            holder = sub(sub(text, "back"), "div", type="editorialNotes", xml_id="editorial-notes")
            holder.extend(copy.deepcopy(note) for note in said)
        for child in text.iter(_T + "body", _T + "back", _T + "div"):
            child.tail = child.tail or "\n"
        stated = [copy.deepcopy(relation) for relation in self.relations.to(ids)]
        named: set[str] = set()
        for picture in text.iter(_T + "graphic"):
            picture.set("url", up + picture.get("url", ""))
        _lead_out(text, ids | self.entries.keys(), up + self.file)
        for letter in ids & self.letters.keys():
            named |= self.letters[letter]
        entries = self._stand_off(text, stated, named)
        return [entries, text] if len(entries) else [text]

    def _stand_off(
        self, text: etree._Element, stated: Sequence[etree._Element], named: set[str]
    ) -> etree._Element:
        """Return the entries to which ``text``, the header (``named``) and its ``stated`` relations
        point, directly or indirectly, in order; then the relations."""
        wanted: set[str] = set()
        queue = [
            *_targets(text),
            *named,
            *(name for relation in stated for name in _targets(relation)),
        ]
        while queue:
            name = queue.pop()
            if name in self.entries and name not in wanted:
                wanted.add(name)
                queue += self.needs[name]
        stand_off = element("standOff")
        holder = None
        for name in sorted(wanted, key=self.order.__getitem__):
            entry = self.entries[name]
            kind = entry.getparent()
            assert kind is not None
            if holder is None or holder.tag != kind.tag:
                stand_off.text = "\n"
                holder = sub(stand_off, str(kind.tag).removeprefix(_T))
                holder.tail = "\n"
            holder.append(copy.deepcopy(entry))
        add_relations(stand_off, stated)
        if stated:
            stand_off[-1].tail = "\n"
        return stand_off


class _Pointing:
    """Elements by the local pointers (``#id``) that place them."""

    def __init__(self, pointing: Iterable[tuple[etree._Element, str]]) -> None:
        self._elements: list[etree._Element] = []
        self._places: dict[str, list[int]] = {}
        for place, (pointer, target) in enumerate(pointing):
            self._elements.append(pointer)
            self._places.setdefault(target[1:], []).append(place)

    def to(self, ids: AbstractSet[str]) -> list[etree._Element]:
        """Return the elements that point to one of ``ids``, in their order."""
        places = (place for name in ids & self._places.keys() for place in self._places[name])
        return [self._elements[place] for place in sorted(places)]


def _begin_text(division: etree._Element) -> None:
    """Put an empty paragraph before a closer that begins the page: TEI has no closer without text
    before it (DS#DSDTB).
    """
    for inner in division.iter(_T + "div"):
        for child in inner:
            if child.tag in _CLOSES:
                end = element("p", part="F")
                end.tail = "\n"
                child.addprevious(end)
            if child.tag in _CLOSES or child.tag not in _BEFORE_TEXT:
                break


def _lead_out(text: etree._Element, ids: set[str], file: str) -> None:
    """Redirect pointers to places outside the extract to ``file``."""
    for node in _leading(text):
        for name in _LEADING:
            if value := node.get(name):
                led = (
                    f"{file}{p}" if p[0] == "#" and p[1:] not in ids else p for p in value.split()
                )
                node.set(name, " ".join(led))


def _targets(root: etree._Element) -> set[str]:
    return {
        pointer[1:] for value in _pointers(root) for pointer in value.split() if pointer[0] == "#"
    }


class _PageCutter:
    """Cuts divisions at page breaks; their elements move to the pages."""

    def __init__(self) -> None:
        self.pages: list[tuple[etree._Element, list[etree._Element]]] = []
        self.open: list[etree._Element] = []

    def cut(
        self, divisions: Iterable[etree._Element]
    ) -> list[tuple[etree._Element, list[etree._Element]]]:
        """Return each page break with the fragments of divisions on its page."""
        for division in divisions:
            self._holding = _ancestors(division)
            self._write(division)
        return self.pages

    def _write(self, source: etree._Element) -> None:
        """Move the content of ``source`` to the end of the current page, and begin new pages on the way."""
        start = self._begin(source)
        self.open.append(start)
        append_text(start, source.text or "")
        for child in list(source):
            following = child.tail or ""
            if child.tag == _T + "pb" and child.get("n"):
                self._turn(child)
            elif child in self._holding:
                self._write(child)
            else:  # with the text after it
                self.open[-1].append(child)
                continue
            append_text(self.open[-1], following)
        self.open.pop()

    def _begin(self, source: etree._Element) -> etree._Element:
        begun = copy_without_content(source)
        self._put(begun)
        return begun

    def _put(self, node: etree._Element) -> None:
        if self.open:
            self.open[-1].append(node)
        elif self.pages:
            self.pages[-1][1].append(node)

    def _turn(self, turn: etree._Element) -> None:
        """Close all open elements, begin a page, and reopen them."""
        going_on = self.open
        cut = {old for old in reversed(going_on) if not self._dropped(old)}
        self.open = []
        self.pages.append((turn, []))
        for old in going_on:
            begun = self._begin(old)
            self.open.append(begun)
            if old in cut and begun.tag in _FRAGMENTS:
                old.set("part", "M" if old.get("part") == "F" else "I")
                begun.set("part", "F")
            elif begun.get("part") == "I" and begun.tag in _FRAGMENTS:  # nothing precedes it
                del begun.attrib["part"]
        milestone = copy.deepcopy(turn)
        milestone.tail = None
        self.open[-1].append(milestone)

    def _dropped(self, node: etree._Element) -> bool:
        """Remove ``node`` if it would be empty at the end of its page; return whether it would."""
        if len(node) or (node.text or "").strip():
            return False
        above = node.getparent()
        if above is not None:
            above.remove(node)
        elif self.pages:
            self.pages[-1][1].remove(node)
        return True


def _ancestors(root: etree._Element) -> set[etree._Element]:
    """Return the elements below ``root`` that contain a page break."""
    ancestors: set[etree._Element] = set()
    for turn in root.iter(_T + "pb"):
        if turn.get("n"):
            above = turn.getparent()
            while above is not None and above is not root and above not in ancestors:
                ancestors.add(above)
                above = above.getparent()
    return ancestors
