"""The apparatus at the foot of the page, read from the pages: where each entry is, and what is beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pikepdf
import pytest

from mini import TESTS, Mini
from pdf import Pdf, plain
from typeset import FOOT, HEAD, MM, set_text, uncovered, with_foot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pdf import Word

#: Each line of the text has nine words; every third word is misread.
WORDS, LINES = 9, 400


def words_of(line: int) -> list[str]:
    return [f"k{line * WORDS + n}" for n in range(WORDS)]


def source(words: list[str], every: int) -> str:
    """The words as the source has them, every third, say, with the reading of the witness."""
    return " ".join(
        f"{{ocr}}`{word} <{word.replace('k', 'x')}>`" if n % every == 0 else word
        for n, word in enumerate(words)
    )


def witness(words: list[str], every: int) -> str:
    return " ".join(w.replace("k", "x") if n % every == 0 else w for n, w in enumerate(words))


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    """A text over many pages: entries in every line, short notes and long ones, with entries in them."""
    mini = with_foot(Mini(tmp_path_factory.mktemp("foot") / "mini"))
    text, lines, notes, note_lines = [], [], [], []
    number = 0
    for line in range(LINES):
        words = words_of(line)
        mark, printed = "", ""
        if line % 13 == 5:
            number += 1
            mark, printed = f"[^{number}]", str(number)
            length = 24 if number % 4 == 3 else 2
            body = [[f"n{number}k{k}w{w}" for w in range(7)] for k in range(length)]
            notes.append(f"[^{number}]: " + "\n    ".join(source(b, 4) for b in body))
            note_lines += [witness(b, 4) for b in body]
            note_lines[-length] = f"{number}{note_lines[-length]}"
        text.append(source(words, 3) + mark)
        lines.append(witness(words, 3) + printed)
        if line % 20 == 19:
            text.append("")
    set_text(mini, "\n".join(text) + "\n\n" + "\n\n".join(notes), [*lines, *note_lines])
    result = mini.build("pdf")
    assert result.code == 0, result.output
    return Pdf((result.out / "pdf/t.pdf").read_bytes())


@pytest.fixture(scope="module")
def pages(dense: Pdf, tmp_path_factory: pytest.TempPathFactory) -> list[list[Word]]:
    """The words between head and folio of the pages with the text."""
    from tools import require

    found = dense.words(require("pdftotext"), tmp_path_factory.mktemp("pdf"))
    kept = [[w for w in page if HEAD < w.top < FOOT] for page in found]
    return [page for page in kept if sum(bool(_text(w.text)) for w in page) > WORDS]


def _text(word: str) -> str:
    """A word of the text or of a note, without the number of a note after it."""
    found = re.fullmatch(r"(k\d{1,4}|n\d+k\d+w\d)(?:\d*)", word)
    return found[1] if found else ""


def entries(page: list[Word]) -> list[str]:
    """The lemmas of the entries on a page."""
    said = " ".join(w.text for w in page)
    return re.findall(r"(k\d+|n\d+k\d+w\d)\] ", said)


@pytest.mark.poppler
def test_every_entry_is_on_the_page_of_its_lemma(pages: list[list[Word]]) -> None:
    """Those of the first and the last line of a page, and those in notes that go on on the next, too."""
    expected = [f"k{n}" for n in range(LINES * WORDS) if n % WORDS % 3 == 0]
    found = [lemma for page in pages for lemma in entries(page)]
    assert [lemma for lemma in found if lemma.startswith("k")] == expected
    assert len(found) == len(set(found))
    notes = [lemma for lemma in found if lemma.startswith("n")]
    assert len(notes) > 100
    first = last = elsewhere = 0
    for page in pages:
        lemmas = set(entries(page))
        shown = [w.text for w in page if "]" not in w.text]
        begun = [re.sub(r"k0w0\d*$", "", w) for w in shown if re.match(r"n\d+k0w0", w)]
        for lemma in lemmas:
            # An entry in a note that goes on elsewhere can be where the note begins.
            here = any(word.startswith(lemma) for word in shown)
            assert here or re.sub(r"k\d+w\d$", "", lemma) in begun, lemma
            elsewhere += not here
        own = [_text(w.text) for w in page if _text(w.text).startswith("k")]
        first += any(word in lemmas for word in own[:4])
        last += any(word in lemmas for word in own[-4:])
    assert first == last == len(pages) > 10
    assert elsewhere < len(notes) / 2


@pytest.mark.poppler
def test_nothing_at_the_foot_covers_anything(pages: list[list[Word]]) -> None:
    """Long notes may push entries, but neither onto each other nor far below the text."""
    uncovered(pages)
    for page in pages:
        assert max(w.bottom for w in page) < 207 * MM + 12


def test_each_entry_is_a_note_with_its_place_as_label(dense: Pdf) -> None:
    """ISO 14289-1, 7.9: notes have ids of their own; the text is not interrupted by entries."""
    notes = [t for t in dense.tags.walk() if t.role == "Note" and "]" in t.text()]
    assert len(notes) > LINES * 3
    said = [plain(t.text()) for t in notes]
    assert said[0] == "1.3 k0] x0 O"
    for note in notes[::50]:
        (label,) = [t for t in note.walk() if t.role == "Lbl"]
        assert re.fullmatch(r"1\.\d+|·", plain(label.text()))
    ids = [
        bytes(o.ID)
        for o in dense.file.objects
        if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Note"
    ]
    assert len(ids) == len(set(ids)) >= len(notes)
    tree = {str(name) for name, _tag in pikepdf.NameTree(dense.root.StructTreeRoot.IDTree).items()}
    assert {name.decode() for name in ids} <= tree
    paragraph = next(t for t in dense.tags.walk() if t.role == "P" and "k1 k2" in t.text())
    assert "]" not in paragraph.text(frozenset({"Note"}))
    assert "<pdfuaid:part>1</pdfuaid:part>" in dense.xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in dense.xmp


@pytest.mark.poppler
def test_several_witnesses_are_a_series_above_the_emendations(
    require: Callable[[str], str], tmp_path: Path
) -> None:
    """A passage of several lines has both ends of its place; no apparatus follows the part."""
    mini = Mini(tmp_path / "several", TESTS / "roots" / "several")
    conf = (mini.root / "conf.py").read_text()
    (mini.root / "conf.py").write_text(
        f"{conf}\npdf_form_options = {{'book': {{'apparatus': 'end'}}}}\n"
    )
    before = mini.build("pdf")
    assert before.code == 0, before.output
    other = Pdf((before.out / "pdf/fable.pdf").read_bytes())
    (mini.root / "conf.py").write_text(
        conf
    )  # of several witnesses: at the foot, if nothing else is asked
    result = mini.build("pdf")
    assert result.code == 0, result.output
    book = Pdf((result.out / "pdf/fable.pdf").read_bytes())
    heads = [plain(t.text()) for t in book.tags.walk() if t.role == "H2"]
    assert "APPARATUS" not in heads
    notes = {plain(t.text()) for t in book.tags.walk() if t.role == "Note" and "]" in t.text()}
    entries_before = {
        plain(t.text())
        for t in other.tags.walk()
        if t.role == "P" and re.match(r"\d.*\] ", t.text())
    }
    assert {re.sub(r"^(·|note \d+|[\d.–]+) ?", "", n) for n in notes} == {
        re.sub(r"^[\d.–]+ ", "", n) for n in entries_before
    }
    assert any(re.match(r"\d+[.\d]*–\d", note) for note in notes)
    # Whose lemma is no word names the one before.
    assert any(note.endswith("after turned] lost up to 10 D") for note in notes)
    assert any(note.endswith("at last] ⟦at laste⟧ D") for note in notes)


def test_the_same_sources_give_the_same_bytes(dense: Pdf, tmp_path: Path) -> None:
    mini = with_foot(Mini(tmp_path / "mini"))
    first = (mini.build("pdf").out / "pdf/t.pdf").read_bytes()
    result = mini.run("build", "--fresh", "pdf")
    assert result.code == 0, result.output
    assert (result.out / "pdf/t.pdf").read_bytes() == first


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    """A quotation over pages, between two paragraphs of the text; every third line has an entry of five lines."""
    mini = with_foot(Mini(tmp_path_factory.mktemp("quoted") / "mini"))
    text, lines = [], []
    for line in range(90):
        before, word, after = (words := words_of(line))[:4], words[4], words[5:]
        other = " ".join(f"x{line}y{n}" for n in range(60)) if line % 3 == 2 else word
        read = word if other == word else f"{{ocr}}`{word} <{other}>`"
        mark = "> " if 7 < line < 84 else ""
        text.append(mark + " ".join((*before, read, *after)))
        lines.append(" ".join((*before, other, *after)))
        if line in (7, 83):
            text.append("")
    set_text(mini, "\n".join(text), lines)
    result = mini.build("pdf")
    assert result.code == 0, result.output
    return Pdf((result.out / "pdf/t.pdf").read_bytes())


@pytest.mark.poppler
def test_an_entry_in_a_long_quotation_is_on_the_page_of_its_lemma(
    quoted: Pdf, require: Callable[[str], str], tmp_path: Path
) -> None:
    """Lines of the quotation are indented; it is one block quotation for those to whom it is read."""
    found = quoted.words(require("pdftotext"), tmp_path)
    pages = [
        page for page in ([w for w in p if HEAD < w.top < FOOT] for p in found) if entries(page)
    ]
    assert len(pages) == 6
    assert [lemma for page in pages for lemma in entries(page)] == [
        f"k{line * WORDS + 4}" for line in range(2, 90, 3)
    ]
    for page in pages:
        assert set(entries(page)) <= {_text(w.text) for w in page if "]" not in w.text}
    uncovered(pages)
    middle = [w.left for w in pages[2] if _text(w.text) and "]" not in w.text]
    foot = [w.left for w in pages[2] if re.fullmatch(r"x\d+y\d+", w.text)]
    assert min(middle) > min(foot) + 4 * MM
    (quote,) = [t for t in quoted.tags.walk() if t.role == "BlockQuote"]
    assert len([t for t in quote.walk() if t.role == "P"]) == 1
