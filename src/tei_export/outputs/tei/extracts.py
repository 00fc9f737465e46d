"""Extract parts and pages of a text as separate TEI files.

A page is the text between two page beginnings, with the notes whose marks stand on it. An
element that the page cuts is closed and opened again on the next page with the same attributes;
``@part`` (I, M, F; att.fragmentable) marks such paragraphs and divisions. An extract carries the
register entries and the editors' notes that concern it and the relations that it states, so that every
pointer resolves.
"""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tei_export.outputs.tei.plain_text import divisions_of
from tei_export.tei.elements import (
    TEI,
    XML,
    append_text,
    copy_without_content,
    element,
    local_name,
)
from tei_export.tei.tags import Tags, changed, xml_of

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from lxml import etree

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"
#: Tags with pointers that may lead out of an extract: evidence, roles, references to other places.
_LEADING_TAGS = rb'[^/>][^>]* (?:source|corresp|who)="|ref (?![^>]*\btype=")'
_LEADING = re.compile(rb'(?<= )(source|corresp|who|target)="([^"]+)"')
_ADDRESS = re.compile(rb'(?<= )url="')
#: Elements at the end of a division, and elements allowed before its text.
_CLOSES = frozenset(_T + n for n in ("closer", "postscript", "trailer"))
_BEFORE_TEXT = frozenset(
    _T + n
    for n in (
        "head", "opener", "epigraph", "argument", "byline", "lb", "pb", "fw", "anchor", "app", "gap", "note",
    )
)  # fmt: skip
_FRAGMENTS = {_T + "p", _T + "div", _T + "lg"}


class Extract(NamedTuple):
    """A part or a page: what follows the header (``standOff`` if it has entries, ``text``), serialised, the tags of the
    text, and its divisions."""

    content: list[bytes]
    tags: Tags
    divisions: list[etree._Element]


class Extractor:
    """Makes extracts of one text. ``root``: its TEI element."""

    def __init__(self, root: etree._Element) -> None:
        self.file = f"{root.get(_ID)}.xml"
        text, stand_off = root.find(_T + "text"), root.find(_T + "standOff")
        assert text is not None
        self.text = text
        _put_apart(text)
        self.opened = xml_of(element("text", xml_lang=text.get(f"{{{XML}}}lang"))).replace(
            b"/>", b">"
        )
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
            desc.get("ref", "")[1:]: Tags(xml_of(desc)).targets()
            for desc in root.iter(_T + "correspDesc")
        }
        self.relations = _Pointing((r, r.get("source", "#").split()[0]) for r in relations)
        notes: list[etree._Element] = []
        for division in text.iterfind(f"{_T}back/{_T}div"):
            if division.get("type") == "editorialNotes":
                notes += list(division)
        self.notes = _Pointing((note, note.get("target", "")) for note in notes)
        # many pages have the same entries
        self._entry = cache(lambda name: _Entry(xml_of(self.entries[name], with_tail=True)))

    def parts(self) -> Iterator[tuple[str, Extract]]:
        """Yield id and content of every part."""
        for division in divisions_of(self.text):
            body = b"<body>" + xml_of(division, with_tail=True) + b"</body>\n"
            yield division.get(_ID, ""), self._extract(body, "../", [division])

    def pages(self) -> Iterator[tuple[etree._Element, Extract]]:
        """Yield ``pb`` and content of every page, in order; nothing for a text without pages.

        They come last: the content of the text moves to them.
        """
        for turn, body in _PageCutter().cut(list(divisions_of(self.text))):
            for division in body:
                _begin_text(division)
            _put_apart(body)
            yield turn, self._extract(xml_of(body) + b"\n", "../../", list(body))

    def _extract(self, body: bytes, up: str, divisions: list[etree._Element]) -> Extract:
        """Return an extract with the ``body``; ``up``: path from it to the text's file."""
        ids = Tags(body).ids()
        back = b"".join(xml_of(note, with_tail=True) for note in self.notes.to(ids))
        if back:
            opened = b'<back><div type="editorialNotes" xml:id="editorial-notes">'
            back = opened + back + b"</div>\n</back>\n"
        text = self.opened + body + back + b"</text>"
        text = changed(text, b"graphic ", lambda tag: _ADDRESS.sub(b'url="' + up.encode(), tag))
        text = _lead_out(text, (ids, self.entries), up + self.file)
        tags = Tags(text)
        named = tags.targets()
        for letter in ids & self.letters.keys():
            named |= self.letters[letter]
        stated = b"".join(xml_of(r, with_tail=True) for r in self.relations.to(ids))
        entries = self._stand_off(named | Tags(stated).targets(), stated)
        return Extract([entries, text] if entries else [text], tags, divisions)

    def _stand_off(self, named: Collection[str], stated: bytes) -> bytes:
        """Return the entries to which the ``named`` ones lead, directly or indirectly, in order; then the ``stated``
        relations."""
        wanted: set[str] = set()
        queue = list(named)
        while queue:
            name = queue.pop()
            if name in self.entries and name not in wanted:
                wanted.add(name)
                queue += self._entry(name).needs
        lists: dict[bytes, list[bytes]] = {}
        for name in sorted(wanted, key=self.order.__getitem__):
            kind = self.entries[name].getparent()
            assert kind is not None
            lists.setdefault(local_name(str(kind.tag)).encode(), []).append(self._entry(name).xml)
        held = [b"<%b>%b</%b>\n" % (kind, b"".join(xml), kind) for kind, xml in lists.items()]
        held = [b"\n", *held] if held else []
        if stated:
            held.append(b"<listRelation>" + stated + b"</listRelation>\n")
        return b"<standOff>" + b"".join(held) + b"</standOff>" if held else b""


class _Entry:
    """A register entry, serialised; ``needs``: the ids of the entries that it points to."""

    __slots__ = ("needs", "xml")

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.needs = Tags(xml).targets()


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


def _put_apart(root: etree._Element) -> None:
    """Let every division end its line."""
    for division in root.iter(_T + "div"):
        division.tail = division.tail or "\n"


def _lead_out(text: bytes, inside: Sequence[Container[str]], file: str) -> bytes:
    """Redirect pointers to places outside the extract to ``file``; ``inside``: the ids that it has."""

    def led(match: re.Match[bytes]) -> bytes:
        out = (
            f"{file}{p}" if p[0] == "#" and not any(p[1:] in ids for ids in inside) else p
            for p in match[2].decode().split()
        )
        return b'%b="%b"' % (match[1], " ".join(out).encode())

    return changed(text, _LEADING_TAGS, lambda tag: _LEADING.sub(led, tag))


class _PageCutter:
    """Cuts divisions at page breaks; their elements move to the pages."""

    def __init__(self) -> None:
        self.pages: list[tuple[etree._Element, etree._Element]] = []
        self.open: list[etree._Element] = []

    def cut(
        self, divisions: Iterable[etree._Element]
    ) -> Iterator[tuple[etree._Element, etree._Element]]:
        """Yield each page break with a ``body`` of the fragments of divisions on its page, when it is complete."""
        for division in divisions:
            self._holding = _ancestors(division)
            self._write(division)
            yield from self.pages[:-1]
            del self.pages[:-1]
        yield from self.pages

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
        self.pages.append((turn, element("body")))
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
