"""The forms of the book, and texts that are hard to set, on mini editions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pdf import Pdf, plain
from tei_export.model.problems import EditionError
from tei_export.outputs.pdf.book_forms import FORMS, BookForm, chosen_forms
from typeset import NOTES, built, paragraphs, set_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mini import Mini

MM = 72 / 25.4
#: Hyphens hang a little into the margin, so that it looks straight (points).
HANGING = 2.5


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pdf]:
    """The mini edition in every form, from one run of the command."""
    from mini import Mini

    mini = Mini(tmp_path_factory.mktemp("forms") / "mini")
    result = mini.run("build", "tei", "pdf", *(f"--pdf-form={name}" for name in FORMS))
    assert result.code == 0, result.output
    found = {name: mini.out / "pdf" / f"{form.stem('t')}.pdf" for name, form in FORMS.items()}
    assert sorted(found.values()) == sorted((mini.out / "pdf").glob("*.pdf"))
    books = {name: Pdf(path.read_bytes()) for name, path in found.items()}
    released = (mini.out / "tei" / "t.xml").read_bytes()
    for book in books.values():
        assert book.root.AF[0].EF.F.read_bytes() == released
    return books


def heads(book: Pdf) -> list[str]:
    return [
        plain(tag.text()).replace("\u00a0", "").strip()
        for tag in book.tags.walk()
        if re.fullmatch(r"H\d", tag.role)
    ]


def test_every_form_is_archival_and_accessible(forms: dict[str, Pdf]) -> None:
    for book in forms.values():
        assert "<pdfaid:part>3</pdfaid:part>" in book.xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in book.xmp
        assert all(book.fonts.values())
        assert [t.role for t in book.tags.walk()].count("Note") == 3


def test_without_apparatus(forms: dict[str, Pdf]) -> None:
    assert {"APPARATUS", "EMENDATIONS"} <= set(heads(forms["book"]))
    assert not {"APPARATUS", "EMENDATIONS"} & set(heads(forms["plain"]))
    assert {"INDEX", "STATISTICS"} <= set(heads(forms["plain"]))
    text = [p for p in paragraphs(forms["book"]) if "isolation" in p]
    assert text
    assert [p for p in paragraphs(forms["plain"]) if "isolation" in p] == text


@pytest.mark.poppler
def test_as_typed(forms: dict[str, Pdf], require: Callable[[str], str], tmp_path: Path) -> None:
    """The slips are there, the lines are those of the typescript, every fifth has its number."""
    book = forms["typed"]
    said = book.tags.text()
    assert "had adament" in said
    assert "adament] adamant E; adaraent O" in plain(said)
    (first,) = [
        page for page in book.pages(require("pdftotext"), tmp_path, "-layout") if "isola-" in page
    ]
    lines = [" ".join(line.split()) for line in first.splitlines()]
    assert "Perhaps Trotsky's isola-" in lines
    assert [line for line in lines if line.endswith("tion was a mistake. Stalin had adament")]
    assert [line for line in lines if line.startswith("5 ")]


def test_large_print(forms: dict[str, Pdf]) -> None:
    (page, *_) = forms["large"].file.pages
    assert [round(float(n) / MM) for n in page.mediabox] == [0, 0, 210, 297]
    assert min(sizes(forms["large"], "mistake")) >= 18
    assert min(sizes(forms["large"], "London")) >= 14  # in a note


def sizes(book: Pdf, word: str) -> list[float]:
    """The sizes of type, as set by the operator Tf, in which ``word`` occurs."""
    import pikepdf

    from pdf import _decoded, _to_unicode

    found = []
    for page in book.file.pages:
        size, table = 0.0, {}
        for step in pikepdf.parse_content_stream(page):
            operands, operator = step.operands, step.operator
            if str(operator) == "Tf":
                size, table = float(operands[1]), _to_unicode(page.resources.Font[str(operands[0])])
            elif str(operator) in {"TJ", "Tj"}:
                shown = operands[0] if str(operator) == "TJ" else [operands[0]]
                text = "".join(
                    _decoded(bytes(s), table) for s in shown if isinstance(s, pikepdf.String)
                )
                if word in text:
                    found.append(size)
    assert found, word
    return found


def test_for_the_printer(forms: dict[str, Pdf]) -> None:
    book, press = forms["book"].file, forms["press"].file
    assert len(press.pages) % 4 == 0
    assert 0 <= len(press.pages) - len(book.pages) < 4
    for page in press.pages:
        trim, bleed, sheet = (
            [float(n) / MM for n in box] for box in (page.trimbox, page.bleedbox, page.mediabox)
        )
        assert [round(n, 1) for n in (trim[2] - trim[0], trim[3] - trim[1])] == [162.0, 234.0]
        assert [round(a - b, 1) for a, b in zip(bleed, trim, strict=True)] == [-3.0, -3.0, 3.0, 3.0]
        assert [round(a - b, 1) for a, b in zip(sheet, trim, strict=True)] == [-9.0, -9.0, 9.0, 9.0]


def test_conf_py_chooses_and_changes_forms(mini: Mini) -> None:
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('pdf_forms = ["plain"]\npdf_form_options = {"plain": {"trim": [148, 210]}}\n')
    result = mini.build("pdf")
    assert result.code == 0, result.output
    (found,) = (result.out / "pdf").glob("*.pdf")
    assert found.name == "t.plain.pdf"
    book = Pdf(found.read_bytes())
    page = book.file.pages[0]
    assert [round(float(n) / MM) for n in page.mediabox] == [0, 0, 148, 210]
    assert mini.run("build", "pdf", "--pdf-form", "book").code == 0
    assert [path.name for path in (result.out / "pdf").glob("*.pdf")] == ["t.pdf"]


@pytest.mark.parametrize(
    ("names", "options", "said"),
    [
        (["pocket"], {}, "'pocket' is none of book, plain"),
        (["book"], {"pocket": {}}, "'pocket' is none of"),
        (["book"], {"book": {"colour": "red"}}, "'colour' is none of"),
        (["book"], {"book": {"trim": [148]}}, "trim cannot be [148]"),
        (["book"], {"book": {"trim": ["148", 210]}}, "trim cannot be"),
        (["book"], {"book": {"columns": 0}}, "columns cannot be 0"),
        (["book"], {"book": {"apparatus": 1}}, "apparatus cannot be 1"),
        (["book"], {"book": {"text": "T"}}, "text cannot be 'T'"),
        (["book"], {"book": {"bleed": -1}}, "bleed cannot be -1"),
        (["book"], {"book": [1]}, "the options are a mapping"),
    ],
)
def test_a_form_that_is_none_is_a_problem(
    names: list[str], options: dict[str, dict[str, object]], said: str
) -> None:
    with pytest.raises(EditionError) as caught:
        chosen_forms(names, options)
    assert [p.code for p in caught.value.problems] == ["pdf-form"]
    assert said in str(caught.value.problems[0])


def test_the_command_says_so_too(mini: Mini) -> None:
    result = mini.run("build", "pdf", "--pdf-form", "pocket")
    assert result.code == 1
    assert "[pdf-form] unknown form of the book: 'pocket'" in result.output
    assert not (result.out / "pdf").exists()


def test_options_change_only_their_form() -> None:
    found = chosen_forms(
        ["book", "press", "book"], {"press": {"gutter": 8, "margin": [20, 20, 20, 20]}}
    )
    assert found == [
        FORMS["book"],
        BookForm("press", apparatus="", gutter=8, bleed=9, sheet=4, margin=(20, 20, 20, 20)),
    ]


# --- Hard texts ----------------------------------------------------------------------------------


def outside(book: Pdf, require: Callable[[str], str], tmp_path: Path) -> Iterator[str]:
    """Words of which any part stands outside the text column."""
    for number, page in enumerate(book.words(require("pdftotext"), tmp_path), 1):
        left, right = (22, 127) if number % 2 else (29, 134)
        for word in page:
            if (word.left < left * MM - 1 or word.right > right * MM + HANGING) and len(
                word.text
            ) > 3:
                yield word.text


@pytest.mark.poppler
@pytest.mark.parametrize("form", ["book", "large"])
def test_a_russian_word_wider_than_the_page_is_divided(
    mini: Mini, form: str, require: Callable[[str], str], tmp_path: Path
) -> None:
    word = "превысокомногорассмотрительствующий" * 5
    unknown = "щ" * 150
    lines = [f"Before it {word} and after it.", f"And {unknown} again.", f"Quoted {unknown} here."]
    marked = [re.sub("[а-я]+", r"{ru}`\g<0>`", line) for line in lines]
    set_text(mini, f"{marked[0]}\n{marked[1]}\n\n> {marked[2]}", lines)
    result = mini.run("build", "pdf", "--pdf-form", form)
    assert result.code == 0, result.output
    book = Pdf((result.out / "pdf" / f"{FORMS[form].stem('t')}.pdf").read_bytes())
    said = paragraphs(book)
    assert f"{lines[0]} {lines[1]}" in said
    assert lines[2] in said
    for page in book.words(require("pdftotext"), tmp_path):
        for w in page:
            assert w.right <= float(book.file.pages[0].mediabox[2]) - 20 * MM
    if form == "book":
        assert list(outside(book, require, tmp_path)) == []


def test_an_unclosed_quotation_stays_as_it_is(mini: Mini) -> None:
    lines = ['He said: "It is not closed', "and (neither is this [or this."]
    set_text(mini, "\n".join(lines) + '\n\nThe next "is.', [*lines, 'The next "is.'])
    said = paragraphs(built(mini))
    assert " ".join(lines) in said
    assert 'The next "is.' in said


def test_every_missing_letter_is_one_problem(mini: Mini) -> None:
    lines = ["First 漢 and 字", "then plain", "and 語 again, 漢漢."]
    set_text(mini, "\n".join(lines), lines)
    result = mini.build("pdf")
    assert result.code == 1
    assert result.problems == ["t/one.md:5: [typeface-letter]"] * 2 + [
        "t/one.md:7: [typeface-letter]"
    ]
    assert all(letter in result.output for letter in "漢字語")
    assert "(U+6F22 CJK UNIFIED IDEOGRAPH-6F22), on 2 lines\n" in result.output


@pytest.mark.poppler
def test_a_note_longer_than_a_page_loses_nothing(
    mini: Mini, require: Callable[[str], str], tmp_path: Path
) -> None:
    lines = [f"word{n} of a note that goes on and on over more than one page" for n in range(150)]
    set_text(
        mini,
        "A word.[^1]\n\n[^1]: " + "\n    ".join(lines),
        ["A word.1", f"1{lines[0]}", *lines[1:]],
    )
    pages = built(mini).pages(require("pdftotext"), tmp_path, "-raw")
    holding = [page for page in pages if re.search(r"\bword\d+ of", page)]
    assert len(holding) > 2
    read = plain(re.sub("\u00ad\\s+", "", " ".join(holding)))
    assert [n for n in range(150) if f"word{n} of" not in read] == []


def test_a_preface_is_a_page_of_the_edition(mini: Mini) -> None:
    mini.write(
        "about.md",
        "---\norphan: true\n---\n# About\n\nFirst *words* and `fi*x` of 1974.\n\n## Kept\n\n- one\n- two\n\n"
        "> quoted\n\n| kind | means | since |\n|---|---|---|\n| shape | a *sign* | 1974 |\n\n```{statistics} kinds\n```\n\n## Rights\n\nNot here.\n",
    )
    mini.replace(
        "edition.yaml",
        "    siglum: O\n",
        "    siglum: O\n    preface: {page: about, without: [rights]}\n",
    )
    book = built(mini)
    assert "EDITORS’ PREFACE" in heads(book)
    assert "Kept" in heads(book)
    said = book.tags.text(NOTES)
    assert "First words and fi*x of 1974." in plain(said)
    assert "shape: a sign; since 1974" in plain(said)
    assert "Not here." not in said
    assert "The numbers are in the statistics, page" in plain(said)


def test_a_preface_that_is_not_there_is_a_problem(mini: Mini) -> None:
    mini.replace("edition.yaml", "    siglum: O\n", "    siglum: O\n    preface: nowhere\n")
    result = mini.build("pdf")
    assert result.code == 1
    assert "[record-field]" in result.output
    assert "there is no page 'nowhere'" in result.output


def test_an_index_entry_has_runs_and_notes() -> None:
    from tei_export.outputs.pdf.back_matter import _runs

    pages = [
        (p, f"p{p}.1") for p in ("ix", "x", "xi", "1", "2", "4", "5", "6", "8\u00a0n.\u00a02", "9")
    ]
    assert ["–".join(p for p, _place in run) for run in _runs(pages)] == [
        "ix–xi",
        "1",
        "2",
        "4–6",
        "8\u00a0n.\u00a02",
        "9",
    ]
