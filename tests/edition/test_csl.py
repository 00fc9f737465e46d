"""Citations: items from the record and the registers, read back by other programs."""

from __future__ import annotations

import dataclasses
import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import bibtexparser
import pytest
import rispy

from mini import ROOT
from tei_export.model import edition
from tei_export.model.metadata import Metadata, metadata
from tei_export.model.places import Place, parse
from tei_export.model.registers import RegisterEntry, Registers
from tei_export.shared import citations

if TYPE_CHECKING:
    from tei_export.model.edition import Edition

HOSTILE = r'A {brace} & <b>"q"</b> \cmd 100% $x_1$ #~^ } Ж, and more'


@pytest.fixture(scope="module")
def real() -> Edition:
    return edition.load(ROOT / "edition")


@pytest.fixture(scope="module")
def published(real: Edition) -> Metadata:
    """The record as it will be when the edition is published."""
    return dataclasses.replace(
        metadata(real),
        base_url="https://example.org/e/",
        identifier="10.5281/zenodo.12",
        status="published",
    )


def works(registers: Registers) -> list[dict[str, Any]]:
    return [citations.work_item(entry, registers) for entry in registers["works"].entries.values()]


def work(registers: Registers, **data: Any) -> dict[str, Any]:
    return citations.work_item(
        RegisterEntry("works", "w", data.get("title", "W"), (), {}, data), registers
    )


def untex(text: str) -> str:
    """What TeX prints of a field."""
    for name, sign in (("backslash", "\\"), ("braceleft", "\ue000"), ("braceright", "\ue001")):
        text = text.replace(f"\\text{name}{{}}", sign)
    text = text.replace(r"\textasciitilde{}", "~").replace(r"\textasciicircum{}", "^")
    text = re.sub(r"\\([&%$#_])", r"\1", text)
    return re.sub("[{}]", "", text).replace("\ue000", "{").replace("\ue001", "}")


# --- items ---------------------------------------------------------------------------------


def test_the_edition_as_a_whole(real: Edition, published: Metadata) -> None:
    item = citations.edition_item(published)
    assert item["editor"] == [{"literal": "The editors of this edition"}]
    assert "author" not in item
    assert (item["version"], item["DOI"], item["URL"]) == (
        published.version,
        published.identifier,
        published.base_url,
    )
    assert item["note"] == published.caveat
    assert "status" not in item
    draft = citations.edition_item(metadata(real))
    assert draft["status"] == "draft"
    assert "URL" not in draft
    assert "DOI" not in draft


def test_a_place_is_cited_by_page_and_line(real: Edition, published: Metadata) -> None:
    text = real.texts["thesis"]
    item = citations.edition_item(published, text, text.parts[1], parse("17.12"))
    assert item["URL"] == "https://example.org/e/thesis/chapter-01.html#p17.12"
    assert item["page"] == "17.12"
    assert (item["title"], item["container-title"]) == (text.parts[1].title, text.title)
    assert "author" not in item  # the thesis has no known author
    assert "DOI" not in item  # it names the whole
    html = citations.render(item, "chicago")
    assert html.startswith(
        "“I. Introduction.” In <i>[The Conflict between Stalin and Trotsky, 1926–1928]</i>, "
    )
    assert "edited by the editors of this edition, 17.12. " in html
    assert "p. 17.12" in citations.render(item, "mla")
    essay = real.texts["essay"]
    line = citations.edition_item(published, essay, essay.parts[0], Place("", 12))
    assert line["URL"].endswith("/essay/essay.html#l12")
    for style in citations.STYLES:
        assert "line 12" in citations.render(line, style)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Moore, Barrington, Jr.", [{"family": "Moore", "given": "Barrington", "suffix": "Jr."}]),
        ("Wolfe, Thomas W.", [{"family": "Wolfe", "given": "Thomas W."}]),
        ("Soviet Union. Institute of Law", [{"literal": "Soviet Union. Institute of Law"}]),
        (
            "Soviet Union. Molotov, V. M.; Mikoyan, A.; and others",
            [
                {"literal": "Soviet Union"},
                {"family": "Molotov", "given": "V. M."},
                {"family": "Mikoyan", "given": "A."},
                {"literal": "others"},
            ],
        ),
    ],
)
def test_names_as_a_catalogue_has_them(
    real: Edition, author: str, names: list[dict[str, str]]
) -> None:
    assert work(real.registers, type="book", title="W", author=author)["author"] == names


def test_what_the_register_says_of_a_work(real: Edition) -> None:
    found = {item["id"]: item for item in works(real.registers)}
    assert {item["type"] for item in found.values()} == {"book", "chapter", "thesis", "document"}
    speech = found["bib-stalin-organize-mass-criticism"]
    assert (speech["type"], speech["container-title"][:20]) == ("chapter", "The Essential Stalin")
    assert speech["original-date"] == {"date-parts": [[1928, 5, 16]]}
    assert speech["issued"] == {"date-parts": [[1972]]}
    edited = found["bib-krasso-trotsky-the-great-debate-renewed"]
    assert edited["editor"] == [{"family": "Krasso", "given": "Nicolas"}]
    assert "author" not in edited
    assert found["bib-stalin-works"]["issued"] == {"date-parts": [[1952], [1955]]}
    assert found["bib-stalin-works"]["number-of-volumes"] == "13"
    assert "publisher-place" not in found["bib-souvarine-stalin"]  # n.p.
    assert work(real.registers, type="book", title="W", year="c. 1920")["issued"] == {
        "literal": "c. 1920"
    }


# --- files that other programs read ----------------------------------------------------------


def test_bibtex_is_read_back(real: Edition, published: Metadata) -> None:
    items = [citations.edition_item(published), *works(real.registers)]
    parser = bibtexparser.bparser.BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    read = {
        entry["ID"]: entry for entry in bibtexparser.loads(citations.bibtex(items), parser).entries
    }
    assert list(read) == [item["id"] for item in items]
    for item in items:
        entry = read[item["id"]]
        assert untex(entry["title"]) == item["title"]
        assert ("author" in entry, "editor" in entry) == ("author" in item, "editor" in item)
        assert untex(entry.get("booktitle", "")) == item.get("container-title", "")
    assert read["edition"]["doi"] == published.identifier
    assert read["edition"]["date"] == published.date
    assert read["bib-stalin-works"]["year"] == "1952--1955"


def test_ris_is_read_back(real: Edition, published: Metadata) -> None:
    items = [citations.edition_item(published), *works(real.registers)]
    read = rispy.loads(citations.ris(items))
    assert [entry["id"] for entry in read] == [item["id"] for item in items]
    for item, entry in zip(items, read, strict=True):
        assert entry["title"] == item["title"]
        assert len(entry.get("authors", ())) == len(item.get("author", ()))
    assert read[0]["doi"] == published.identifier
    assert published.caveat in read[0]["notes"]


def test_hostile_words_stay_words(real: Edition) -> None:
    item = work(
        real.registers,
        type="book",
        title=HOSTILE,
        author=f"{HOSTILE}; B, C\nER  - ",
        publisher="P\r\nTY  - X",
        year="1990",
    )
    parser = bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)
    entries = bibtexparser.loads(citations.bibtex([item, item | {"id": "next"}]), parser).entries
    assert [entry["ID"] for entry in entries] == ["bib-w", "next"]
    assert untex(entries[0]["title"]) == HOSTILE
    read = rispy.loads(citations.ris([item, item | {"id": "next"}]))
    assert [entry["id"] for entry in read] == ["bib-w", "next"]
    assert read[0]["title"] == HOSTILE
    assert read[0]["publisher"] == "P TY - X"
    for style in citations.STYLES:
        html = citations.render(item, style)
        assert HOSTILE.rstrip(".") in unescape(html)
        assert set(re.findall("<[^>]*>", html)) == {"<i>", "</i>"}


def test_csl_json_is_read_back(real: Edition) -> None:
    items = works(real.registers)
    assert json.loads(citations.csl_json(items)) == items


# --- as readers see it -----------------------------------------------------------------------

SEEN = {
    "bib-fifteenth-congress-stenographic-report": ("chicago", ". Vols. 1 and 2. Moscow: "),
    "bib-krasso-trotsky-the-great-debate-renewed": (
        "chicago",
        "Krasso, Nicolas, ed. <i>Trotsky: The Great",
    ),
    "bib-daniels-stalin-revolution-1965": (
        "apa",
        "Daniels, R. V. (Ed.). (1965). <i>The Stalin Revolution",
    ),
    "bib-trotsky-stalin": ("apa", "(C. Malamuth, Ed. &amp; Trans.). Grosset"),
    "bib-jubilee-manifesto": ("apa", "<i>Manifesto of the U.S.S.R.</i> (1927)."),
    "bib-trotsky-basic-writings": ("mla", "Edited by Irving Howe, Random House, 1963."),
}


@pytest.mark.parametrize("key", SEEN)
def test_styles(real: Edition, key: str) -> None:
    style, words = SEEN[key]
    item = next(item for item in works(real.registers) if item["id"] == key)
    assert words in citations.render(item, style)


@pytest.mark.parametrize("style", citations.STYLES)
def test_every_work_in_every_style(real: Edition, style: str) -> None:
    for item in works(real.registers):
        html = citations.render(item, style)
        assert unescape(re.sub("</?i>", "", html)).count(item["title"].rstrip(".?")) == 1, html
        assert not re.search("[\ue000-\uf8ff]|\\.\\.|”[.,]|  ", html), html


def test_the_edition_is_not_written_by_its_editors_twice(published: Metadata) -> None:
    html = citations.render(citations.edition_item(published), "chicago")
    assert html.startswith(
        "The editors of this edition. <i>Stalin and Trotsky, 1926–1928. A critical"
    )
    assert "(version 0.1.0). " in html
    assert "edited by" not in html.lower()
    with pytest.raises(KeyError):
        citations.render(citations.edition_item(published), "harvard")
