"""The EPUB: the same text as in the doctree, its pages, notes, apparatus, index, package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from epub import DC, Epub, H
from forked import sphinx_build
from tei_export.model.readings import collapse_space
from typeset import set_text

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Mini


def built(mini: Mini) -> Epub:
    result = mini.build("epub")
    assert result.code == 0, result.output
    return Epub((mini.out / "epub" / "edition.epub").read_bytes())


def test_conformance_is_claimed_only_when_certified(mini: Mini) -> None:
    plain = built(mini)
    assert plain.meta("dcterms:conformsTo") == []
    assert "claims no conformance" in plain.meta("schema:accessibilitySummary")[0]
    mini.replace(
        "edition.yaml",
        "status: draft\n",
        "status: draft\ncertified_by: A certifier\nidentifier: 10.1234/x\n",
    )
    certified = built(mini)
    assert certified.meta("dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert certified.meta("a11y:certifiedBy") == ["A certifier"]
    assert "claims no conformance" not in certified.meta("schema:accessibilitySummary")[0]
    assert [e.text for e in certified.package.iter(f"{DC}identifier")] == [
        "https://doi.org/10.1234/x"
    ]


def test_two_builds_are_the_same(mini: Mini) -> None:
    first = built(mini).data
    assert mini.run("build", "epub", "--fresh").code == 0
    assert (mini.out / "epub/edition.epub").read_bytes() == first


# --- Input ---------------------------------------------------------------------------


def test_pages_of_the_edition_join_in_when_they_ask_to(mini: Mini) -> None:
    mini.write(
        "about.md",
        "---\nepub: true\n---\n# About\n\nSee {doc}`t/one` and {doc}`index`; *so* **it** `is`.\n\n"
        "```{statistics} kinds\n```\n\n- an item\n\n> a quotation with {ru}`да`\n\n"
        "| | a | b | c | d | e |\n|---|---|---|---|---|---|\n| one | 1 | 2 | 3 | 4 | 5 |\n",
    )
    mini.write("apart.md", "# Apart\n\nNot in the book.\n")
    mini.replace("index.md", "t/two\n", "t/two\nabout\napart\n")
    book = built(mini)
    page = book.documents["text/about.xhtml"]
    (link,) = page.iter(H + "a")
    assert book.target("text/about.xhtml", link.get("href"))[0] == "text/t/one.xhtml"
    assert "A small edition" in "".join(page.itertext()), (
        "the words of a link to what is not in the book"
    )
    assert [dt.text for dt in page.iter(H + "dt")] == ["one"], "a wide table is told"
    assert "a 1, b 2" in "".join(next(page.iter(H + "dd")).itertext())
    counted = {
        th.text: [td.text for td in th.itersiblings()]
        for th in page.iter(H + "th")
        if th.get("scope") == "row"
    }
    assert counted["corrected slips"] == ["1", "–", "–", "1"]
    assert "text/apart.xhtml" not in book.documents


def test_markup_that_the_book_has_no_form_for_is_reported(mini: Mini) -> None:
    mini.write(
        "about.md", "---\nepub: true\n---\n# About\n\n```{image} x.png\n:alt: a picture\n```\n"
    )
    mini.write("x.png", b"")
    mini.replace("index.md", "t/two\n", "t/two\nabout\n")
    result = mini.build("epub")
    assert result.code == 1
    assert [p.partition(": ")[2] for p in result.problems] == ["[markup-foreign]"]
    assert "no form in the EPUB: image" in result.output
    assert not (mini.out / "epub").exists()


def test_plain_sphinx_builds_it(mini: Mini, tmp_path: Path) -> None:
    settings = ["-q", "-W", "-b", "edition-epub", "-c", mini.root]
    done = sphinx_build(*settings, mini.root / "edition", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "edition.epub").is_file()


# --- Texts that are hard to show -----------------------------------------------------------


@pytest.mark.parametrize("target", ["epub", "pdf"])
def test_a_letter_that_the_typeface_lacks_is_the_same_problem_in_both_books(
    mini: Mini, target: str
) -> None:
    assert mini.build("epub").code == 0
    before = (mini.out / "epub/edition.epub").read_bytes()
    mini.replace("t/two.md", "Another", "\u6f22")
    witness = mini.read("witness/w.txt")
    assert witness.count("Another") == 1
    mini.witness(witness.replace("Another", "\u6f22"))
    result = mini.build(target)
    assert result.code == 1
    (place,) = result.problems
    line = next(
        n for n, said in enumerate(mini.read("t/two.md").splitlines(), 1) if "\u6f22" in said
    )
    assert place == f"t/two.md:{line}: [typeface-letter]"
    assert "U+6F22 CJK UNIFIED IDEOGRAPH-6F22" in result.output
    assert (mini.out / "epub/edition.epub").read_bytes() == before


def test_hard_texts_lose_no_word(mini: Mini) -> None:
    """A word wider than the screen, a note longer than one, quotation marks that do not close."""
    word = "превысокомногорассмотрительствующий" * 5
    note = [f"line {n} of a very long note that does not end" for n in range(120)]
    lines = [
        f"Before {word}1 and",
        'he said: "It is not closed (nor this.',
        f"1{note[0]}",
        *note[1:],
    ]
    set_text(
        mini, f"Before {{ru}}`{word}`[^1] and\n{lines[1]}\n\n[^1]: " + "\n    ".join(note), lines
    )
    result = mini.build("epub")
    assert result.code == 0, result.output
    found = Epub((result.out / "epub/edition.epub").read_bytes()).part("t/one")
    said = collapse_space("".join(found.itertext()))
    assert word in said
    assert collapse_space(lines[1]) in said
    assert " ".join(note) in said
