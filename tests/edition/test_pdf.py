"""The PDF: what it is, that it has the whole text, and what happens when it cannot be made."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from docutils import nodes

from pdf import Pdf, Tag, in_pieces, plain
from tei_export.i18n.formats import letter
from tei_export.model.readings import collapse_space
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, mark, note_text, noteref, reading, textnote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Text

MM = 72 / 25.4


# --- The real edition ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def text(edition_app: Sphinx) -> Text:
    edition: Edition = edition_app.edition  # type: ignore[attr-defined]
    return edition.texts["thesis"]


@pytest.fixture(scope="module")
def book(edition_book: Pdf) -> Pdf:
    return edition_book


@pytest.fixture(scope="module")
def parts(edition_app: Sphinx, text: Text) -> list[nodes.document]:
    return [edition_app.env.get_doctree(part.doc) for part in text.parts]


@pytest.fixture(scope="module")
def facts(edition_app: Sphinx, text: Text) -> list[Any]:
    return [domain_of(edition_app.env).facts[part.doc] for part in text.parts]


def blocks(part: nodes.document) -> Iterator[str]:
    """The text of every block of the edited text, in order."""
    for node in part.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph))):
        if not any(isinstance(parent, textnote) for parent in _parents(node)) and collapse_space(
            reading(node)
        ):
            yield plain(reading(node))


def _parents(node: nodes.Node) -> Iterator[nodes.Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def notes(part: nodes.document) -> Iterator[tuple[str, str]]:
    """Mark and text of every note, in the order of the references."""
    by_id = {note["ids"][0]: note for note in part.findall(textnote)}
    for ref in part.findall(noteref):
        said = plain(note_text(by_id[ref["refid"]]))
        if ref["series"] == "authorial":
            yield ref["label"], said
        else:
            yield letter(ref["label"]), f"Editors: {said}"


def test_it_is_tagged_accessible_and_archival(book: Pdf) -> None:
    assert bool(book.root.MarkInfo.Marked)
    assert str(book.root.Lang) == "en"
    assert bool(book.root.ViewerPreferences.DisplayDocTitle)
    assert "<pdfaid:part>3</pdfaid:part>" in book.xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in book.xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in book.xmp
    assert str(book.root.OutputIntents[0].S) == "/GTS_PDFA1"


def test_links_notes_and_tables_say_what_they_are(book: Pdf) -> None:
    """ISO 14289-1, 7.18.5 (links are described and tagged), 7.9 (notes have ids), 7.5 (heads of tables)."""
    links = [note for page in book.file.pages for note in page.get("/Annots", [])]
    assert len(links) > 4000
    assert {str(note.Subtype) for note in links} == {"/Link"}
    assert all(str(note.get("/Contents", "")).strip() and "/StructParent" in note for note in links)
    tags = [
        o
        for o in book.file.objects
        if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/P" in o
    ]
    ids = [bytes(tag.ID) for tag in tags if tag.S == "/Note"]
    assert len(set(ids)) == len(ids) > 100
    heads = [tag for tag in tags if tag.S == "/TH"]
    assert heads
    assert {_scope(head) for head in heads} == {"/Column", "/Row"}


def _scope(head: pikepdf.Object) -> str:
    (scope,) = [str(a.Scope) for a in head.A if "/Scope" in a]
    return scope


def test_every_row_and_column_of_the_statistics_has_its_head(book: Pdf) -> None:
    """Else a screen reader says numbers without saying of what."""
    tables = [tag for tag in book.tags.walk() if tag.role == "Table"]
    assert len(tables) == 3
    for table in tables:
        rows = [
            [cell for cell in row.children if isinstance(cell, Tag) and cell.role in {"TH", "TD"}]
            for row in table.walk()
            if row.role == "TR"
        ]
        assert len(rows) > 2
        assert [cell.role for cell in rows[0]] == ["TH"] * len(rows[0])
        for row in rows[1:]:
            assert [cell.role for cell in row] == ["TH"] + ["TD"] * (len(rows[0]) - 1)
        assert all(cell.text().strip() for row in rows for cell in row if cell.role == "TH")
    # In the file itself: the first cell of a row is the head of the row.
    raw = [
        o for o in book.file.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TR"
    ]
    scopes = [_scope(row.K[0]) for row in raw]
    assert scopes.count("/Column") == len(tables)
    assert scopes.count("/Row") == len(raw) - len(tables)


def test_contents_and_headings_lead_to_each_other(book: Pdf, text: Text) -> None:
    """By the pages that the links lead to: from the contents to each part, and from its heading back."""
    numbers = {page.obj.objgen: number for number, page in enumerate(book.file.pages, 1)}
    leads: dict[int, set[int]] = {}
    for number, page in enumerate(book.file.pages, 1):
        for note in page.get("/Annots", []):
            if "/URI" not in note.get("/A", {}):
                at = _target(book, note)
                leads.setdefault(number, set()).add(numbers[at.objgen])
    with book.file.open_outline() as outline:
        starts = {str(item.title): numbers[_page(book, item).objgen] for item in outline.root}
    contents = starts["Contents"]
    for part in text.parts:
        assert starts[part.title] in leads[contents]
        assert contents in leads[starts[part.title]]


def _target(book: Pdf, note: Any) -> Any:
    """The page that a link leads to."""
    return _resolved(book, note.Dest if "/Dest" in note else note.A.D)


def _page(book: Pdf, item: pikepdf.OutlineItem) -> Any:
    return _resolved(book, item.destination if item.destination is not None else item.action.D)


def _resolved(book: Pdf, place: Any) -> Any:
    if not isinstance(place, pikepdf.Array):
        entry = pikepdf.NameTree(book.root.Names.Dests)[str(place)]
        place = entry.D if isinstance(entry, pikepdf.Dictionary) else entry
    return place[0]


def test_its_metadata_are_those_of_the_record(book: Pdf, text: Text, edition_app: Sphinx) -> None:
    record = edition_app.edition.record  # type: ignore[attr-defined]
    xmp = html.unescape(book.xmp)
    for said in (text.title, record["editors"], *record["keywords"]["terms"]):
        assert said in xmp
    assert collapse_space(record["caveat"]) in xmp
    assert f"<xmp:CreateDate>{record['date']}T00:00:00Z" in xmp


def test_every_font_is_embedded_and_from_the_wheel(book: Pdf) -> None:
    assert book.fonts
    assert all(book.fonts.values())
    assert {name.partition("+")[2].partition("-")[0] for name in book.fonts} == {"LibertinusSerif"}


def test_the_outline_names_every_part(book: Pdf, text: Text) -> None:
    found = [title for title in book.outline if title in {part.title for part in text.parts}]
    assert found == [part.title for part in text.parts]
    back = ["Emendations", "Index", "Statistics", "Pages of the original"]
    assert [title for title in book.outline if title in back] == back


def test_russian_is_marked_as_russian(book: Pdf, parts: list[nodes.document]) -> None:
    said = plain(book.languages["ru"]).replace(" ", "")
    for part in parts:
        for node in part.findall(mark):
            if node["kind"] == "ru":
                for word in plain(reading(node)).split():
                    assert word in said


@pytest.mark.poppler
def test_poppler_finds_every_block_and_note(
    book: Pdf, parts: list[nodes.document], require: Callable[[str], str], tmp_path: Path
) -> None:
    """On the pages a block is interrupted by notes and page turns, so it may be in pieces. Every
    fifth one: that no character is missing anywhere is tested in test_pdf_whole.py."""
    column = ["-raw", "-x", "0", "-y", str(int(20 * MM)), "-W", "2000", "-H", str(int(190 * MM))]
    read = plain(
        " ".join(_unhyphenated(p) for p in book.pages(require("pdftotext"), tmp_path, *column))
    )
    for part in parts:
        for block in list(blocks(part))[::5]:
            for stretch in _between_references(block, part):
                assert in_pieces(stretch, read) <= 4, stretch
        for number, note in list(notes(part))[::5]:
            assert in_pieces(f"{number} {note}", read) <= 3, note


def _unhyphenated(page: str) -> str:
    return re.sub("\u00ad\\s+", "", page)


def _between_references(block: str, part: nodes.document) -> list[str]:
    """A block without its note numbers is not what stands on the page: cut it there."""
    for node in part.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph))):
        if plain(reading(node)) == block:
            marked = "".join(_with_references(node))
            return [s for s in (plain(s) for s in marked.split("\0")) if s]
    return [block]


def _with_references(node: nodes.Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, noteref):
            yield "\0"
        elif isinstance(child, nodes.Text):
            yield str(child)
        elif isinstance(child, lb):
            yield child["join"]
        elif isinstance(child, nodes.Element):
            yield from _with_references(child)


@pytest.fixture(scope="module")
def words(
    book: Pdf, tmp_path_factory: pytest.TempPathFactory
) -> list[list[tuple[float, float, str]]]:
    """Page → left edge, top and text of every word."""
    from tools import require

    pages = book.words(require("pdftotext"), tmp_path_factory.mktemp("pdf"))
    return [[(w.left, w.top, w.text) for w in page] for page in pages]


@pytest.mark.poppler
def test_every_original_page_number_stands_in_the_outer_margin(
    words: list[list[tuple[float, float, str]]], facts: list[Any]
) -> None:
    found = []
    for number, page in enumerate(words, 1):
        outer = [(y, w) for x, y, w in page if (x > 129 * MM if number % 2 else x < 26 * MM)]
        found += [w for _, w in sorted(outer)]
    assert found == [page for fact in facts for page in fact.pages]
    assert found[:5] == ["vii", "viii", "ix", "x", "xi"]
    assert found[5:28] == [str(n) for n in range(1, 24)]


@pytest.mark.poppler
def test_the_running_heads_name_the_original_pages(
    words: list[list[tuple[float, float, str]]], text: Text, facts: list[Any]
) -> None:
    order = [page for fact in facts for page in fact.pages]
    ranges = 0
    for number, page in enumerate(words, 1):
        head = " ".join(w for x, y, w in page if y < 20 * MM)
        match = re.match(r"pp?\. (\w+)(?:–(\w+))? (.*)", head)
        if not match or match[3].startswith("Apparatus"):
            continue
        ranges += 1
        assert match[3] in [part.title for part in text.parts]
        first, last = order.index(match[1]), order.index(match[2] or match[1])
        turns = [w for x, y, w in page if x > 129 * MM]
        assert number % 2
        assert all(first <= order.index(turn) <= last for turn in turns)
        assert not turns or turns[-1] == order[last]
    assert ranges > 8


def test_the_apparatus_has_every_entry(
    book: Pdf, facts: list[Any], parts: list[nodes.document]
) -> None:
    """Every difference is an entry of its own, part of one (a slip that was also misread), or
    counted among those left out."""
    entries, inside = [], False
    for tag in book.tags.walk():
        if tag.role in {"H1", "H2"}:
            inside = tag.text() == "APPARATUS"
        elif inside and tag.role == "P" and "]" in tag.text():
            entries.append(plain(tag.text()))
    said = book.tags.text()
    omitted = sum(
        int(n)
        for n in re.findall(
            r"Omitted, unless there is more to say about them: (\d+) look-alike", said
        )
    )
    nested = sum(
        1
        for part in parts
        for m in part.findall(mark)
        if m.get("xml_id") and any(isinstance(p, mark) and p["kind"] == "ocr" for p in _parents(m))
    )
    emendations = [e for fact in facts for e in fact.emendations]
    assert len(entries) + omitted + nested == len(emendations)
    assert "vii.3 Trotsky] fi*otsky O" in entries
    assert "14.12 Pobedonostsev] Pobedonostev T" in entries
    assert "14.14 Pobedonostsev] Pobedonostev T; Pobedonosuev O" in entries
    assert "17.28 after Stalin] , O" in entries
    assert any(e.startswith("8.22 group. Lenin … deter] lost O (doubtful; ") for e in entries)
