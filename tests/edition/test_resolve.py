"""``tei-export resolve``: the same words at a page and line in every form, read from the files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import sources
from mini import ROOT
from tei_export.model.places import Place
from tei_export.model.problems import EditionError
from tei_export.model.readings import collapse_space
from tei_export.proof.resolve import FORMS, compare
from tei_export.proof.resolve.passage import passage

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

    from epub import Epub
    from pdf import Pdf
    from real import Site
    from tei_export.proof.resolve.lines import TextByLine


@pytest.fixture(scope="module")
def files(
    tmp_path_factory: pytest.TempPathFactory,
    built: Site,
    edition_teis: dict[str, bytes],
    edition_epub: Epub,
    edition_book: Pdf,
    edition_essay_book: Pdf,
) -> Path:
    """The outputs of the real edition, as files."""
    out = tmp_path_factory.mktemp("build")
    (out / "html").symlink_to(built.out, target_is_directory=True)
    for name in ("tei", "epub", "pdf"):
        (out / name).mkdir()
    for text, data in edition_teis.items():
        (out / f"tei/{text}.xml").write_bytes(data)
    (out / "epub/edition.epub").write_bytes(edition_epub.data)
    (out / "pdf/thesis.pdf").write_bytes(edition_book.data)
    (out / "pdf/essay.pdf").write_bytes(edition_essay_book.data)
    return out


@pytest.fixture(scope="module")
def lines(edition_app: Sphinx, files: Path) -> dict[str, dict[str, TextByLine]]:
    """Text → form → its lines."""
    outputs = compare.OutputFolder(files, "build")
    texts = edition_app.edition.texts  # type: ignore[attr-defined]
    return {
        name: {
            form: compare.sources(edition_app, text)
            if form == "sources"
            else outputs.lines(form, text)
            for form in FORMS
        }
        for name, text in texts.items()
    }


@pytest.mark.parametrize("form", FORMS[1:])
def test_every_line_has_the_same_words_in_every_form(
    lines: dict[str, dict[str, TextByLine]], form: str
) -> None:
    for text, count in (("thesis", 4500), ("essay", 50)):
        right, found = lines[text]["sources"].words, lines[text][form].words
        assert len(right) > count
        assert {place: collapse_space(words) for place, words in found.items()} == {
            place: collapse_space(words) for place, words in right.items()
        }


def test_the_words_of_the_sources_are_what_the_sources_say(
    edition_app: Sphinx, lines: dict[str, dict[str, TextByLine]]
) -> None:
    """Read a second time, from the Markdown itself, by the tests' own reader."""
    found = lines["thesis"]["sources"].words
    glyphs = str.maketrans(dict(edition_app.edition.texts["thesis"].glyphs))  # type: ignore[attr-defined]
    count = labels = 0
    for chapter in sorted((ROOT / "edition" / "thesis").glob("*.md")):
        for line in sources.chapter(chapter):
            page, _, number = line.place.partition(".")
            said = collapse_space(found[Place(page, int(number))])
            right = collapse_space(line.text.translate(glyphs))
            if said.removesuffix("-") != right.removesuffix("-"):
                # That reader takes a note's number for text where the machine misread it.
                assert re.sub(r"^\d+", "", right) == said, line.place
                labels += 1
            count += 1
    assert count > 4500
    assert labels < 100


def test_every_page_and_line_has_an_address_in_every_form(
    lines: dict[str, dict[str, TextByLine]],
) -> None:
    for text in lines.values():
        right = text["sources"].addresses.keys()
        for form, found in text.items():
            assert found.addresses.keys() == right, form
            assert all(found.addresses.values())


def test_addresses(lines: dict[str, dict[str, TextByLine]], edition_book: Pdf) -> None:
    found = {form: of.addresses[Place("17", 12)] for form, of in lines["thesis"].items()}
    page = edition_book.places["p17.12"][0]
    file, _, number = found.pop("sources").partition(":")
    assert file == "edition/thesis/chapter-02.md"
    source = (ROOT / file).read_text(encoding="utf-8").split("\n")[int(number) - 1]
    assert source == "> empiricism, the coarseness of his psychological"
    assert found == {
        "html": "build/html/thesis/chapter-02.html#p17.12",
        "tei": "build/tei/thesis.xml#o0872",
        "epub": "build/epub/edition.epub!/EPUB/text/thesis/chapter-02.xhtml#p17.12",
        "pdf": f"build/pdf/thesis.pdf#nameddest=p17.12 (page {page})",
    }


# --- What is asked for -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "text", "first", "last"),
    [
        ("17.12", "thesis", "17.12", "17.12"),
        ("p. 17", "thesis", "17", "17"),
        ("IX", "thesis", "ix", "ix"),
        ("pp. 17-18", "thesis", "17", "18"),
        ("17.12-14", "thesis", "17.12", "17.14"),
        ("17.12–18.3", "thesis", "17.12", "18.3"),
        ("x.30 - 1.2", "thesis", "x.30", "1.2"),
        ("17-18.2", "thesis", "17", "18.2"),
        ("thesis:17", "thesis", "17", "17"),
        ("essay:5", "essay", "5", "5"),
        ("essay: 5-7", "essay", "5", "7"),
    ],
)
def test_a_passage(edition_app: Sphinx, asked: str, text: str, first: str, last: str) -> None:
    found = passage(edition_app.edition, asked)  # type: ignore[attr-defined]
    assert (found.text.id, str(found.first), str(found.last)) == (text, first, last)


def test_the_text_may_be_an_option(edition_app: Sphinx) -> None:
    found = passage(edition_app.edition, "5", "essay")  # type: ignore[attr-defined]
    assert (found.text.id, found.first) == ("essay", Place("", 5))


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "x y",
        "17.12.3",
        "17-18-19",
        "17.",
        "17.0",
        "17.1-0",
        "0",
        "-",
        "essay:",
        "essay:0",
        "essay:5.2",
        "essay:ix",
        "../x",
    ],
)
def test_what_is_no_passage(edition_app: Sphinx, asked: str) -> None:
    with pytest.raises(ValueError):
        passage(edition_app.edition, asked)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("138", "page 138 is lost"),
        ("136-138.2", "page 138 is lost"),
        ("18-17.30", "the end comes before"),
        ("17.9-3", "the end"),
    ],
)
def test_places_that_there_are_not(edition_app: Sphinx, asked: str, said: str) -> None:
    with pytest.raises(EditionError, match=said) as caught:
        passage(edition_app.edition, asked)  # type: ignore[attr-defined]
    assert [p.code for p in caught.value.problems] == ["place-unknown"]


def test_a_range_is_what_its_lines_are_and_words_are_divided_by_lines_only(
    edition_app: Sphinx, lines: dict[str, dict[str, TextByLine]]
) -> None:
    wanted = passage(edition_app.edition, "17.16-17")  # type: ignore[attr-defined]
    words = lines["thesis"]["html"].words
    assert wanted.lines_in(words) == [Place("17", 16), Place("17", 17)]
    assert collapse_space("".join(words[place] for place in wanted.lines_in(words))).endswith(
        "outlook thoroughly thought-out and mentally assimilated."
    )


def test_the_whole_of_a_text_is_the_same_in_every_form(edition_app: Sphinx, files: Path) -> None:
    """One passage from the first line to the last: the lines are joined alike, too."""
    wanted = passage(edition_app.edition, "essay:1-54")  # type: ignore[attr-defined]
    found, problems = compare.resolve(edition_app, compare.OutputFolder(files, "build"), wanted)
    assert problems == []
    assert [f.form for f in found] == list(FORMS)
    assert len({f.words for f in found}) == 1
    assert len(found[0].words) > 6000
