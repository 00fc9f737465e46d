"""Variants at the foot of the page, by the lines of that page: every number is counted again on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from mini import TESTS, Mini
from pdf import Pdf, plain
from typeset import FOOT, HEAD, MM, uncovered, with_foot

if TYPE_CHECKING:
    from pdf import Word

LINES, WORDS = 150, 10
#: Lines in which a passage begins, and how many it has; it goes over the turn of a page.
PASSAGES, LONG = (20, 60, 100), 26
#: Lines with a variant of so many words: more than a page has.
WIDE = {35: 900, 80: 400}
NOTES = 23

_ENTRY = re.compile(
    r"(?P<place>·|note \d+|[\d.–]+)\s(?P<lemma>(?:(?:after|before) )?[a-z]+\d+(?: … [a-z]+\d+| [a-z]+\d+)*)\]"
)


@dataclass
class Printed:
    """A page: its lines of text, from above; what stands below them, in one string; the numbers in its margin."""

    number: int
    lines: list[list[str]]
    tops: list[float]
    foot: str
    margin: dict[int, float]

    def line_of(self, word: str) -> int:
        return next((n for n, line in enumerate(self.lines, 1) if word in line), 0)


def _sources() -> tuple[str, list[str]]:
    """The source and the base: words ``wN``; every fourth has a variant, every 13th line an emendation."""
    source, base, notes = [], [], []
    for line in range(LINES):
        words = [f"w{line * WORDS + n}" for n in range(WORDS)]
        written, read = [], list(words)
        for n, word in enumerate(words):
            at = line * WORDS + n
            if line % 13 == 6 and n == 5:
                written.append(f"{{app}}`{word} <A: e{at}>`")
                read[n] = f"e{at}"
            elif n == 2 and line in WIDE:
                said = " ".join(f"v{at}x{k}" for k in range(WIDE[line]))
                written.append(f"{{app}}`{word} <B: {said}>`")
            elif at % 4 == 0:
                written.append(f"{{app}}`{word} <B: b{at}>`")
            else:
                written.append(word)
        if line in PASSAGES:
            written[1] = f"{{begin}}`p{line}`{written[1]}"
        if line - LONG in PASSAGES:
            written[-2] += f"{{end}}`p{line - LONG} <C: c{line}>`"
        if line % NOTES == 9:
            number = line // NOTES + 1
            written[-1] += f"[^{number}]"
            read[-1] += str(number)
            notes.append(
                (
                    f"[^{number}]: n{number} {{app}}`m{number} <B: k{number}>`",
                    f"{number} n{number} m{number}",
                )
            )
        source.append(" ".join(written))
        base.append(" ".join(read))
        if line % 30 == 29:
            source.append("")
    return "\n".join([*source, "", *(note for note, _ in notes)]), [
        *base,
        *(read for _, read in notes),
    ]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    mini = with_foot(
        Mini(tmp_path_factory.mktemp("lines") / "several", TESTS / "roots" / "several")
    )
    source, base = _sources()
    mini.write("fable/fox.md", f"FOX\n===\n\n{source}\n")
    mini.write("registers/persons.yaml", "{}\n")
    mini.witness("\n".join(["FOX", *base]) + "\n")
    record = mini.read("edition.yaml")
    several = (
        "      B: {name: Book B, fragmentary: true}\n      C: {name: Book C, fragmentary: true}\n"
    )
    record = re.sub(r"      B².*?(?=    spelling)", several, record, flags=re.DOTALL)
    mini.write("edition.yaml", record)
    mini.write("witness/SHA256SUMS", "")
    result = mini.build("pdf")
    assert result.code == 0, result.output
    return Pdf((result.out / "pdf/fable.pdf").read_bytes())


@pytest.fixture(scope="module")
def words(book: Pdf, tmp_path_factory: pytest.TempPathFactory) -> list[list[Word]]:
    from tools import require

    return book.words(require("pdftotext"), tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module")
def pages(words: list[list[Word]]) -> list[Printed]:
    """The pages with the text: what begins with ``w`` and is no lemma stands in it."""
    found = []
    for number, page in enumerate(words, 1):
        inside = [w for w in page if HEAD < w.top < FOOT]
        text = [w for w in inside if re.match(r"w\d+(?!.*\])", w.text) and w.bottom - w.top > 10]
        if len(text) < WORDS:
            continue
        rows: dict[int, list[Word]] = {}
        for word in sorted(text, key=lambda w: (w.top, w.left)):
            row = next((top for top in rows if abs(top - word.top) < 5), round(word.top))
            rows.setdefault(row, []).append(word)
        if any(w.text == "FOX" for w in inside):
            rows[0] = []
        tops = sorted(rows)
        last = max(w.bottom for w in text)
        left, right = min(w.left for w in text), max(w.right for w in text)
        margin = {
            int(w.text): w.bottom
            for w in inside
            if w.text.isdecimal() and (w.right < left or w.left > right)
        }
        below = sorted(
            (w for w in inside if w.top > last - 3 and w not in text),
            key=lambda w: (round(w.top), w.left),
        )
        lines = [[re.sub(r"(w\d+).*", r"\1", w.text) for w in rows[top]] for top in tops]
        found.append(
            Printed(
                number,
                lines,
                [max((w.bottom for w in rows[t]), default=0) for t in tops],
                " ".join(w.text for w in below),
                margin,
            )
        )
    return found


def _entries(page: Printed) -> list[tuple[str, str]]:
    """Place and lemma of the entries of a page; the place of the one before where it is not repeated."""
    found, place = [], ""
    for match in _ENTRY.finditer(page.foot):
        place = place if match["place"] == "·" else match["place"]
        found.append((place, match["lemma"]))
    return found


@pytest.mark.poppler
def test_every_entry_has_the_line_of_its_lemma(pages: list[Printed]) -> None:
    """Also the first and the last of a page, and passages over lines and pages."""
    assert len(pages) > 8
    told: list[str] = []
    first = last = turned = within = 0
    for page in pages:
        for place, lemma in _entries(page):
            begin, *_, end = (lemma if " " in lemma else f"{lemma} {lemma}").split()
            told.append(begin)
            if place.startswith("note "):
                assert lemma == f"m{place[5:]}"
                continue
            line = page.line_of(begin)
            assert line, (page.number, place, lemma)
            first += line == 1 + (not page.lines[0])
            last += line == len(page.lines)
            if end == begin:
                assert place == str(line), (page.number, lemma)
                continue
            there = next(p for p in pages if p.line_of(end))
            until = there.line_of(end)
            if there is page:
                within += 1
                assert place == f"{line}–{until}", lemma
            else:
                turned += 1
                assert place == f"{page.number}.{line}–{there.number}.{until}", lemma
    expected = {f"w{n}" for n in range(LINES * WORDS) if n % 4 == 0}
    expected |= {f"w{line * WORDS + 2}" for line in WIDE} | {
        f"w{line * WORDS + 1}" for line in PASSAGES
    }
    expected |= {f"w{line * WORDS + 5}" for line in range(LINES) if line % 13 == 6}
    expected |= {f"m{n + 1}" for n in range(len([x for x in range(LINES) if x % NOTES == 9]))}
    assert set(told) == expected
    assert len(told) == len(set(told))
    assert first > len(pages) / 2
    assert last > len(pages) / 2
    assert turned + within == len(PASSAGES)
    assert turned


@pytest.mark.poppler
def test_every_fifth_line_has_its_number(pages: list[Printed]) -> None:
    for page in pages:
        assert sorted(page.margin) == list(range(5, len(page.lines) + 1, 5)), page.number
        for number, bottom in page.margin.items():
            assert abs(page.tops[number - 1] - bottom) < 4, (page.number, number)


@pytest.mark.poppler
def test_long_entries_go_on_and_nothing_is_covered(
    words: list[list[Word]], pages: list[Printed]
) -> None:
    uncovered([[w for w in words[page.number - 1] if HEAD < w.top < FOOT] for page in pages])
    for line, length in WIDE.items():
        at = line * WORDS + 2
        said = " ".join(w.text for page in words for w in page)
        assert len(set(re.findall(rf"v{at}x\d+", said))) == length
        on = [
            n for n, page in enumerate(words, 1) if any(w.text.startswith(f"v{at}x") for w in page)
        ]
        assert len(on) > 1
        assert on == list(range(on[0], on[-1] + 1))
        assert next(p for p in pages if p.line_of(f"w{at}")).number == on[0]
    for page in pages:
        assert max(w.bottom for w in words[page.number - 1] if w.top < FOOT) < 207 * MM + 12


@pytest.mark.poppler
def test_emendations_are_a_series_below_the_variants(pages: list[Printed]) -> None:
    seen = 0
    for page in pages:
        lemmas = [lemma for place, lemma in _entries(page) if not place.startswith("note ")]
        numbers = [int(lemma.split()[0][1:]) for lemma in lemmas]
        wide = [line * WORDS + 2 for line in WIDE]
        emended = [n for n in numbers if n // WORDS % 13 == 6 and n % WORDS == 5]
        numbers = [n for n in numbers if n not in wide]
        others = [n for n in numbers if n not in emended]
        assert others == sorted(others), page.foot
        if emended:
            seen += 1
            assert numbers[-len(emended) :] == emended
    assert seen > 5


def test_a_long_entry_is_one_note(book: Pdf) -> None:
    at = next(iter(WIDE)) * WORDS + 2
    (note,) = [t for t in book.tags.walk() if t.role == "Note" and f"v{at}x1 " in t.text()]
    assert f"v{at}x{WIDE[at // WORDS] - 1}" in plain(note.text())
    assert not any(
        f"v{at}x" in t.text(frozenset({"Note"})) for t in book.tags.walk() if t.role == "P"
    )
    assert "<pdfuaid:part>1</pdfuaid:part>" in book.xmp


def test_line_numbers_are_no_text(book: Pdf) -> None:
    """They are artifacts: a screen reader does not read them within sentences."""
    said = [plain(t.text(frozenset({"Note"}))) for t in book.tags.walk() if t.role == "P"]
    text = [p for p in said if p.startswith("w")]
    for one, other in pairwise(re.findall(r"\S+", " ".join(text))):
        assert re.match(r"w\d+", one), (one, other)
