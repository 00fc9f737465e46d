"""The whole book of the thesis: every character, every line's place, the index, what it carries."""

from __future__ import annotations

import html
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from docutils import nodes

from pdf import Pdf, Word, plain
from tei_export.i18n.formats import letter
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, mark, note_text, notelabel, noteref, reading, textnote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.model.edition import Text

MM = 72 / 25.4
#: The text column lies between these on every page (left- and right-hand pages differ).
COLUMN = {0: (28 * MM, 135 * MM), 1: (21 * MM, 128 * MM)}
HEAD, FOOT = 22 * MM, 209 * MM


@pytest.fixture(scope="module")
def text(edition_app: Sphinx) -> Text:
    return edition_app.edition.texts["thesis"]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def parts(edition_app: Sphinx, text: Text) -> list[nodes.document]:
    return [edition_app.env.get_doctree(part.doc) for part in text.parts]


@pytest.fixture(scope="module")
def columns(edition_book: Pdf, tmp_path_factory: pytest.TempPathFactory) -> list[list[Word]]:
    """Page → the words of the text column: no running heads, no folios, no margins."""
    from tools import require

    found = []
    for number, page in enumerate(
        edition_book.words(require("pdftotext"), tmp_path_factory.mktemp("pdf")), 1
    ):
        left, right = COLUMN[number % 2]
        found.append([w for w in page if left < w.left < right and HEAD < w.top < FOOT])
    return found


# --- Every character ----------------------------------------------------------------------


def characters(texts: list[str]) -> Counter[str]:
    return Counter("".join(plain("".join(texts)).split()))


def of_the_sources(parts: list[nodes.document]) -> Iterator[str]:
    """The edited text of headings, paragraphs and notes, with the numbers of the notes: each
    stands in the text and at the foot."""
    for part in parts:
        by_id = {note["ids"][0]: note for note in part.findall(textnote)}
        for node in part.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph))):
            if not any(isinstance(parent, textnote) for parent in _parents(node)):
                yield reading(node)
        for ref in part.findall(noteref):
            own = ref["series"] == "authorial"
            yield (ref["label"] if own else letter(ref["label"])) * 2
            yield ("" if own else "Editors:") + note_text(by_id[ref["refid"]])


def _parents(node: nodes.Node) -> Iterator[nodes.Node]:
    while node.parent is not None:
        node = node.parent
        yield node


@pytest.mark.poppler
def test_every_character_of_the_sources_stands_on_the_pages(
    columns: list[list[Word]], parts: list[nodes.document], edition_book: Pdf, text: Text
) -> None:
    """No more and no fewer of each character than the sources have, by poppler."""
    first, last = (edition_book.places[name][0] for name in (text.parts[0].id, "emendations"))
    said: list[str] = []
    apparatus = False
    for page in columns[first - 1 : last - 1]:
        words = [word.text for word in page]
        apparatus = words[:1] == ["APPARATUS"] or (apparatus and not _begins_part(page))
        said += [] if apparatus else words
    expected = characters(list(of_the_sources(parts)))
    assert expected.total() > 200_000
    assert characters(said) == expected


def _begins_part(page: list[Word]) -> bool:
    """A part begins far below the head of the page."""
    return bool(page) and min(word.top for word in page) > HEAD + 20 * MM


# --- Places ---------------------------------------------------------------------------------


def lines(part: nodes.document) -> Iterator[tuple[str, str, str]]:
    """Place and words of every line of the original and the place of the next in its block;
    but those that end or begin in a word, or hold the number of a note or a gap."""
    for node in part.findall(nodes.paragraph):
        found: list[list[Any]] = []
        for child in node.findall():
            if isinstance(child, lb) and child["line"] and not child["piece"]:
                if found and child["word_break"]:
                    found[-1][2] = True
                found.append(
                    [Place(child["page"], child["line"]).anchor, "", bool(child["word_break"])]
                )
            elif found and (isinstance(child, (noteref, notelabel)) or _is_gap(child)):
                found[-1][2] = True
            elif found and isinstance(child, nodes.Text) and not _silent(child):
                found[-1][1] += str(child)
        for (place, words, odd), following in itertools.pairwise(found):
            if collapse_space(words) and not odd:
                yield place, collapse_space(words), following[0]


def _is_gap(node: nodes.Node) -> bool:
    return isinstance(node, mark) and node["kind"] == "gap"


def _silent(node: nodes.Node) -> bool:
    return any(isinstance(p, notelabel) or _is_gap(p) for p in _parents(node))


def between(words: list[Word], start: tuple[float, float], end: tuple[float, float]) -> str:
    """The words of a page from one place up to another, as they are read."""
    return "".join(w.text for w in words if _after(w, start) and not _after(w, end))


def _after(word: Word, place: tuple[float, float]) -> bool:
    """Whether ``word`` stands behind ``place``: in its line to the right, or below."""
    left, base = place[0], place[1] + 12
    return word.top > base or (word.bottom > base - 2 and word.left > left - 2)


@pytest.mark.poppler
def test_page_and_line_lead_to_the_words(
    columns: list[list[Word]], parts: list[nodes.document], edition_book: Pdf
) -> None:
    """``p17.12`` to ``p17.13``: the words of the line, read from the page by the destinations."""
    checked = 0
    places = edition_book.places
    for part in parts:
        for place, words, follows in lines(part):
            if places[place][0] != places[follows][0]:
                continue
            at, *start = places[place]
            said = between(
                columns[at - 1], (start[0], start[1]), (places[follows][1], places[follows][2])
            )
            assert "".join(plain(said).split()) == words.replace(" ", ""), place
            checked += 1
    assert checked > 2500


def test_every_line_and_page_has_a_named_destination(
    edition_book: Pdf, edition_app: Sphinx, text: Text
) -> None:
    facts = [domain_of(edition_app.env).facts[part.doc] for part in text.parts]
    for found in facts:
        for page, number in found.lines.items():
            assert f"p{page}" in edition_book.places
            missing = [n for n in range(1, number + 1) if f"p{page}.{n}" not in edition_book.places]
            assert missing == []


def test_page_labels_are_the_folios(edition_book: Pdf) -> None:
    labels = pikepdf.NumberTree(edition_book.root.PageLabels)
    assert [int(labels[n].St) for n in range(len(edition_book.file.pages))] == list(
        range(1, len(edition_book.file.pages) + 1)
    )


# --- What it carries -------------------------------------------------------------------------


def test_it_carries_the_released_tei(edition_book: Pdf, edition_teis: dict[str, bytes]) -> None:
    (found,) = edition_book.root.AF
    assert str(found.UF) == "thesis.xml"
    assert str(found.AFRelationship) == "/Source"
    assert found.EF.F.read_bytes() == edition_teis["thesis"]


def test_rights_and_publisher_are_those_of_the_record(
    edition_book: Pdf, edition_app: Sphinx
) -> None:
    record = edition_app.edition.record  # type: ignore[attr-defined]
    with edition_book.file.open_metadata() as xmp:
        assert record["publisher"] in xmp["dc:publisher"]
        assert collapse_space(record["rights"]["text"]["statement"]) in xmp["dc:rights"]
        assert xmp["xmpRights:WebStatement"] == record["rights"]["text"]["uri"]
        assert "en" in xmp["dc:language"]


def test_it_is_small(edition_book: Pdf) -> None:
    assert len(edition_book.data) < 5 * 1024 * 1024


# --- Index, emendations, links ------------------------------------------------------------------


def index_entries(book: Pdf) -> list[str]:
    found, inside = [], False
    for tag in book.tags.walk():
        if tag.role == "H1":
            inside = tag.text().strip() == "INDEX"
        elif inside and tag.role == "P":
            found.append(plain(tag.text()).replace("\u00a0", " "))
    return found


def test_the_index_has_every_entry_that_is_mentioned(
    edition_book: Pdf, edition_app: Sphinx, text: Text
) -> None:
    domain = edition_app.env.get_domain("ed")
    mentions = [m for part in text.parts for m in domain.facts_for(part.doc).mentions]  # type: ignore[attr-defined]
    registers = edition_app.edition.registers  # type: ignore[attr-defined]
    said = index_entries(edition_book)
    for key in {(m.register, m.key) for m in mentions}:
        entry = registers[key[0]].entries[key[1]]
        pages = [m.page for m in mentions if (m.register, m.key) == key]
        fits = [s for s in said if entry.name in s and _names(s, pages[0])]
        assert fits, (entry.name, pages)


def _names(said: str, page: str) -> bool:
    return bool(re.search(rf"[ –,]{page}(?!\w)", said))


def _destination(annotation: Any) -> Any:
    at = annotation.get(
        "/Dest", annotation.A.D if "/A" in annotation and "/D" in annotation.A else None
    )
    return str(at) if isinstance(at, pikepdf.String) else at


def test_links_lead_both_ways(edition_book: Pdf) -> None:
    """From the text to apparatus and index, and from there back to the text."""
    places = edition_book.places
    text, back = places["preface"][0], places["emendations"][0]
    index = places["index"][0]
    numbers = {page.obj.objgen: number for number, page in enumerate(edition_book.file.pages, 1)}
    ways: Counter[tuple[bool, bool]] = Counter()
    for number, page in enumerate(edition_book.file.pages, 1):
        for annotation in page.get("/Annots", []):
            at = _destination(annotation)
            if isinstance(at, pikepdf.Array):
                target = numbers[at[0].objgen]
            elif isinstance(at, str):
                target = places[at][0]
            else:
                continue
            ways[number >= index, target >= index] += text <= number or target < back
    assert ways[False, True] > 1000  # names → index
    assert ways[True, False] > 1000  # index → lines
    assert ways[False, False] > 2000  # apparatus and notes


def test_the_emendations_are_what_the_editors_changed(edition_book: Pdf) -> None:
    said, inside = [], False
    for tag in edition_book.tags.walk():
        if tag.role == "H1":
            inside = tag.text().strip() == "EMENDATIONS"
        elif inside and tag.role == "P" and "]" in tag.text():
            said.append(plain(tag.text()))
    assert "14.12 Pobedonostsev] Pobedonostev T" in said
    assert not any(entry.startswith("vii.3 Trotsky]") for entry in said)
    assert 60 < len(said) < 150


def test_the_caveat_of_a_text_is_its_own(edition_app: Sphinx, edition_book: Pdf) -> None:
    from tei_export.model.metadata import caveat

    edition = edition_app.edition  # type: ignore[attr-defined]
    thesis, essay = (caveat(edition, edition.texts[name]) for name in ("thesis", "essay"))
    assert thesis == collapse_space(edition.record["caveat"])
    assert "OCR" not in essay
    assert thesis in html.unescape(edition_book.xmp)
