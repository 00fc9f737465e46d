"""Random damage to the published TEI is caught, and by which code.

Eight kinds of damage, 72 of each, done to the files of single parts (and, where a pointer may lead out of
a part, to the file of the whole text). Caught means: the schema, a Schematron rule, a rule of the
program, or the regeneration of the witness says so. ``schema/README.md`` has the table.
"""

from __future__ import annotations

import random
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from mini import ROOT
from tei_export.model.languages import script_of
from tei_export.proof import regenerate
from tei_export.schema.language_rules import own_text
from tei_export.schema.validate import validate_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEI = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
ID, LANG = XML + "id", XML + "lang"
EACH = 72
SCHEMA = ROOT / "schema"
#: In a file of one part these may lead to another part.
ABROAD = {"source", "corresp"}


@dataclass(frozen=True, slots=True)
class File:
    """A file to be damaged; ``pages`` is the page table."""

    name: str
    root: etree._Element
    pages: dict[str, tuple[int, int]]

    @property
    def whole(self) -> bool:
        return self.name == "thesis"


@pytest.fixture(scope="module")
def files(tei_folder: Path) -> list[File]:
    """The parts of the thesis, and the thesis; the last is slow to check and used sparingly."""
    spans = regenerate.read_spans(ROOT / "edition/witness/thesis-pages.csv")
    found = []
    for path in [*sorted((tei_folder / "thesis").glob("*.xml")), tei_folder / "thesis.xml"]:
        root = etree.parse(str(path)).getroot()
        found.append(File(path.stem, root, spans))
    assert len(found) == 13
    return found


@pytest.fixture(scope="module")
def witness() -> str:
    return (ROOT / "edition/witness/thesis.txt").read_text(encoding="utf-8")


def _texts(root: etree._Element) -> etree._Element:
    return next(root.iter(TEI + "text"))


def dangling_pointer(root: etree._Element, chance: random.Random, *, whole: bool) -> bool:
    """A pointer that leads nowhere."""
    places = [
        (node, key)
        for node in root.iter(f"{TEI}*")
        for key, value in node.attrib.items()
        if str(value).startswith("#") and (key in ABROAD) is whole
    ]
    node, key = chance.choice(places)
    node.set(key, "#nowhere")
    return True


def missing_resp(root: etree._Element, chance: random.Random, *, whole: bool) -> bool:
    """A judgement of nobody."""
    node = chance.choice([n for n in _texts(root).iter(f"{TEI}*") if n.get("resp")])
    del node.attrib["resp"]
    return True


def swapped_pages(root: etree._Element, chance: random.Random, *, whole: bool) -> bool:
    """Two page breaks in each other's place."""
    breaks = [n for n in root.iter(TEI + "pb") if n.get("n")]
    if len(breaks) < 2:
        return False
    one, other = chance.sample(breaks, 2)
    for key in ("n", ID):
        mine, theirs = one.get(key), other.get(key)
        one.set(key, theirs)
        other.set(key, mine)
    return True


def dropped_note(root: etree._Element, chance: random.Random, *, whole: bool) -> bool:
    """A note of the author or of the editors lost, the text around it kept."""
    note = chance.choice(list(_texts(root).iter(TEI + "note")))
    _take_out(note)
    return True


def altered_reading(root: etree._Element, chance: random.Random, *, whole: bool) -> bool:
    """A letter changed in what the witness reads, in its apparatus or in the text."""
    if chance.random() < 0.5:
        node = chance.choice([n for n in _texts(root).iter(TEI + "rdg") if (n.text or "").strip()])
        node.text = _changed(node.text, chance)
    else:
        lines = [
            n
            for n in _texts(root).iter(TEI + "lb")
            if n.get(ID) and (n.tail or "").strip() and not _in_lemma(n)
        ]
        node = chance.choice(lines)
        node.tail = _changed(node.tail, chance)
    return True


def broken_pair(root: etree._Element, chance: random.Random, *, whole: bool) -> bool:
    """A quotation and the author's translation that no longer belong together."""
    pairs = [cit for cit in _texts(root).iter(TEI + "cit") if len(cit.findall(TEI + "quote")) == 2]
    if not pairs:
        return False
    original, translation = chance.choice(pairs).findall(TEI + "quote")
    damage = chance.choice(("swap", "type", "corresp", "other"))
    if damage == "swap":
        translation.addnext(original)
    elif damage == "type":
        del translation.attrib["type"]
    elif damage == "corresp":
        del chance.choice((original, translation)).attrib["corresp"]
    else:
        original.set("corresp", f"#{original.get(ID)}")
    return True


def wrong_language(root: etree._Element, chance: random.Random, *, whole: bool) -> bool:
    """A language that nobody described, or one with other letters."""
    tagged = [n for n in _texts(root).iterdescendants(f"{TEI}*") if n.get(LANG) and _told(n)]
    if not tagged:
        return False
    node = chance.choice(tagged)
    other = "en" if script_of(node.get(LANG)) == "Cyrl" else "ru"
    node.set(LANG, chance.choice(["fr", other]))
    return True


def doubled_line(root: etree._Element, chance: random.Random, *, whole: bool) -> bool:
    """A line that stands twice, with its id or without."""
    line = chance.choice(
        [n for n in _texts(root).iter(TEI + "lb") if n.get(ID) and (n.tail or "").strip()]
    )
    twin = deepcopy(line)
    if chance.random() < 0.5:
        del twin.attrib[ID]
    line.addnext(twin)  # lxml takes the tail of ``line`` along: both have it
    line.tail = twin.tail
    return True


KINDS: tuple[Callable[..., bool], ...] = (
    dangling_pointer, missing_resp, swapped_pages, dropped_note, altered_reading, wrong_language, doubled_line, broken_pair,
)  # fmt: skip


def _told(node: etree._Element) -> bool:
    """Whether the letters of a passage say what it is written in: more of one kind than of the other."""
    own = own_text(node)
    cyrillic = sum("Ѐ" <= c <= "ԯ" for c in own)
    return cyrillic != sum(c.isascii() and c.isalpha() for c in own)


def _in_lemma(node: etree._Element) -> bool:
    return any(a.tag in (TEI + "lem", TEI + "corr", TEI + "supplied") for a in node.iterancestors())


def _changed(text: str, chance: random.Random) -> str:
    places = [i for i, c in enumerate(text) if not c.isspace()]
    at = chance.choice(places)
    return text[:at] + ("q" if text[at] != "q" else "k") + text[at + 1 :]


def _take_out(node: etree._Element) -> None:
    parent, before = node.getparent(), node.getprevious()
    assert parent is not None
    if before is None:
        parent.text = (parent.text or "") + (node.tail or "")
    else:
        before.tail = (before.tail or "") + (node.tail or "")
    parent.remove(node)


def _damaged(
    files: list[File], kind: Callable[..., bool], chance: random.Random
) -> Iterator[tuple[File, bytes]]:
    done = 0
    while done < EACH:
        whole = kind is dangling_pointer and done % 8 == 0
        file = files[-1] if whole else chance.choice(files[:-1])
        root = deepcopy(file.root)
        if kind(root, chance, whole=whole):
            done += 1
            yield file, etree.tostring(root, encoding="UTF-8")


def _caught(file: File, data: bytes, witness: str) -> str:
    """The first code that tells of the damage; nothing: it would go unseen."""
    found = validate_bytes(data, SCHEMA)
    if found:
        return found[0].code
    report = regenerate.compare(regenerate.parse(data), witness, file.pages)
    return "" if report.clean else "tei-witness"


def test_the_files_are_sound_before_they_are_damaged(files: list[File], witness: str) -> None:
    for file in files:
        assert _caught(file, etree.tostring(file.root, encoding="UTF-8"), witness) == "", file.name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_damage_is_caught(kind: Callable[..., bool], files: list[File], witness: str) -> None:
    chance = random.Random(kind.__name__)
    codes: Counter[str] = Counter()
    for file, data in _damaged(files, kind, chance):
        code = _caught(file, data, witness)
        assert code, f"{kind.__doc__} ({file.name})"
        codes[code] += 1
    assert codes.total() == EACH
    print(kind.__name__, dict(codes.most_common()))  # for the table in schema/README.md
