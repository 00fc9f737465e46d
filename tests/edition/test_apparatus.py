"""One apparatus: the same entries in every output, by construction, and one rule for what is folded."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tables import data_files
from tei_export.outputs.data import csv_cells
from tei_export.outputs.data.tables import EMENDATIONS
from tei_export.session import report
from tei_export.shared.apparatus import of_edition, of_parts
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from epub import Epub
    from pdf import Pdf
    from real import Site

T = "{http://www.tei-c.org/ns/1.0}"
H = "{http://www.w3.org/1999/xhtml}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
#: What records an entry in the TEI.
RECORDS = ("app", "choice", "supplied", "unclear", "gap")


@pytest.fixture(scope="module")
def ids(edition_app: Sphinx) -> Counter[tuple[str, str]]:
    """Every entry of the model, by document and id."""
    domain = domain_of(edition_app.env)
    return Counter((e.docname, e.xml_id) for e in of_edition(domain).entries)


def test_every_entry_has_an_id_of_its_own(ids: Counter[tuple[str, str]]) -> None:
    assert len(ids) > 1700
    assert set(ids.values()) == {1}


def test_the_tei_records_the_same_entries(
    edition_app: Sphinx, edition_teis: dict[str, bytes]
) -> None:
    domain = domain_of(edition_app.env)
    for key, text in domain.edition.texts.items():
        root = etree.fromstring(edition_teis[key])
        recorded = [
            e.get(XML_ID)
            for name in RECORDS
            for e in root.iterfind(f"{T}text").__next__().iter(T + name)
        ]
        entries = of_parts([domain.facts_for(part.doc) for part in text.parts]).entries
        assert Counter(recorded) == Counter(e.xml_id for e in entries)
        classes = Counter(e.get("type") for e in root.iter(T + "app"))
        assert classes == Counter(e.type for e in entries if e.kind == "ocr")


def test_the_tables_have_the_same_entries(
    edition_app: Sphinx, ids: Counter[tuple[str, str]]
) -> None:
    domain = domain_of(edition_app.env)
    table = data_files(edition_app.env)[EMENDATIONS.file]
    rows = [
        {k: csv_cells.unguarded(v) for k, v in row.items()}
        for row in csv.DictReader(io.StringIO(table))
    ]
    docs = {
        (text.id, part.id): part.doc
        for text in domain.edition.texts.values()
        for part in text.parts
    }
    assert Counter((docs[row["text"], row["part"]], row["xml_id"]) for row in rows) == ids
    assert sum(row["folded"] == "yes" for row in rows) == len(of_edition(domain).folded)


def test_the_pages_have_the_same_entries(built: Site, ids: Counter[tuple[str, str]]) -> None:
    found = Counter(
        (doc, item.get("id").removeprefix("entry-"))
        for doc in built.parts()
        for item in built.page(doc).xpath("//section[@id='apparatus']//li")
    )
    assert found == ids
    page = built.page("apparatus")
    listed = Counter(
        (doc.removesuffix(".html"), anchor)
        for doc, _hash, anchor in (
            a.partition("#") for a in page.xpath("//ul[@class='readings']/li/a/@href")
        )
    )
    assert listed == ids
    (said,) = page.xpath("//header//ul[@class='facts']/li")
    assert int(re.sub(r"\D", "", said.text_content())) == len(ids)
    governed = sum(
        int(n.text.replace(",", "")) for n in page.xpath("//input[starts-with(@id, 'k-')]/../span")
    )
    assert governed == len(ids), "every entry has its filter, and one"


def test_the_epub_has_the_same_entries(edition_epub: Epub, ids: Counter[tuple[str, str]]) -> None:
    found = Counter(
        (path.removeprefix("apparatus/").removesuffix(".xhtml"), name.removeprefix("entry-"))
        for path, names in edition_epub.ids.items()
        for name in names
        if name.startswith("entry-")
    )
    assert found == ids


def test_the_book_has_the_same_entries(edition_app: Sphinx, edition_book: Pdf) -> None:
    """Those that are printed, those within one of them, and those that are said to be left out."""
    domain = domain_of(edition_app.env)
    found = of_parts([domain.facts_for(part.doc) for part in domain.edition.texts["thesis"].parts])
    said = edition_book.tags.text()
    left_out = sum(
        int(n)
        for n in re.findall(
            r"Omitted, unless there is more to say about them: (\d+) look-alike", said
        )
    )
    printed, inside = 0, False
    for tag in edition_book.tags.walk():
        if tag.role in {"H1", "H2"}:
            inside = tag.text() == "APPARATUS"
        elif inside and tag.role == "P" and "]" in tag.text():
            printed += 1
    within = [e for e in found.entries if e.within]
    assert printed + len(within) + left_out == len(found)
    assert left_out == len(found.folded)
    assert f"The {len(found):,} recorded differences" in said


def test_check_counts_the_same_entries(edition_app: Sphinx) -> None:
    domain = domain_of(edition_app.env)
    total = 0
    for text in domain.edition.texts.values():
        said = report(edition_app, text)
        by_part = sum(int(n) for n in re.findall(r"(\d+) entries", said))
        by_class = sum(
            int(n)
            for n in re.findall(r"(\d+) [a-z]+", said.partition("by class: ")[2].partition("\n")[0])
        )
        assert by_part == by_class
        total += by_part
    assert total == len(of_edition(domain))


# --- The rule ----------------------------------------------------------------------------------


def test_what_is_folded_away_is_what_the_table_describes(edition_app: Sphinx) -> None:
    domain = domain_of(edition_app.env)
    for text, _part, facts in domain.parts():
        for entry in facts.emendations:
            described = (
                "".join(text.glyphs.get(c, c) for c in entry.source).split() == entry.lemma.split()
            )
            certain = (entry.cert, entry.resp, entry.why) == ("high", "ed", "")
            assert entry.small == (
                entry.kind == "ocr"
                and described
                and certain
                and not text.glyphs.keys().isdisjoint(entry.source)
            ), entry


def test_readers_are_told_what_is_folded_away(edition_app: Sphinx, built: Site) -> None:
    glyphs = domain_of(edition_app.env).edition.texts["thesis"].glyphs
    for page in (built.page("apparatus"), built.page("thesis/chapter-01")):
        said = page.xpath("string(//main)")
        for seen, meant in glyphs.items():
            assert f"{seen} for {meant}" in said
    assert built.page("thesis/chapter-01").xpath("//input[@name='signs']"), "and can switch it off"
    assert not built.page("essay/essay").xpath("//input[@name='signs']"), (
        "nothing is folded away there"
    )


def test_a_slip_that_was_misread_has_two_readings(edition_app: Sphinx) -> None:
    domain = domain_of(edition_app.env)
    nested = [e for e in of_edition(domain).entries if len(e.readings) > 1]
    assert nested
    for entry in nested:
        assert [r.sigla for r in entry.readings] == [("T",), ("O",)]
        parts = [
            e
            for e in of_edition(domain).entries
            if e.within == entry.xml_id and e.docname == entry.docname
        ]
        assert any(p.kind == "sic" for p in parts)
