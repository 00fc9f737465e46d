"""Align witnesses with the words of the base, and find where they differ.

Each witness is first aligned with the base by patience (words that occur once in both are fixed
points). The text is cut wherever all witnesses share a word. The package ``collatex`` aligns the
stretches between two cuts, in parallel; results are cached by content.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.model.word_differences import differing_runs

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A witness that lacks at least this many words of the base, and has no others instead, has a gap:
#: one entry, and no cut needs the witness there.
_LARGE = 40
#: A longer stretch (in words) becomes one entry: aligning it would take long and say little.
_LONGEST = 400
#: A witness that shares a smaller part of a stretch's words with the base has rewritten the
#: stretch.
_SHARED, _SHORT = 0.34, 4


@dataclass(slots=True)
class Variation:
    """A place where witnesses differ: the words ``first`` up to ``last`` of the base (none: an
    addition before the word ``first``), and the readings, each with its witnesses. ``whole``: a
    passage within which other witnesses may differ. ``undivided``: the text has whole words that
    the base divides."""

    first: int
    last: int
    readings: list[tuple[list[str], str]]
    whole: bool = False
    undivided: bool = False


def word_key(word: str) -> str:
    """Return the letters and figures of a word: an alignment compares nothing else."""
    letters = "".join(c for c in word.casefold() if c.isalnum())
    return letters or word


def variations(
    base: Sequence[str], witnesses: Mapping[str, Sequence[str]], cache: Path, workers: int
) -> Iterator[Variation]:
    """Yield the places where witnesses differ from the base.

    :param base: the words of the base
    :param witnesses: siglum → the words of the witness
    :param cache: a folder for the alignments, by their content
    :param workers: processes; 0: one for each processor
    """
    keys = [word_key(word) for word in base]
    cuts = {s: _Cuts(keys, [word_key(word) for word in words]) for s, words in witnesses.items()}
    shared = [
        i
        for i in range(len(base))
        if all(i in c.partner or c.lacks(i) for c in cuts.values())
        and any(i in c.partner for c in cuts.values())
    ]
    for siglum, cut in cuts.items():
        for first, last in cut.settle(shared):
            yield Variation(first, last, [([siglum], "")], whole=True)
    stretches = []
    for stretch in _stretches(base, witnesses, cuts, shared):
        rewritten = {
            s: words for s, words in stretch.others.items() if _rewritten(stretch.base, words)
        }
        if rewritten:
            yield _passage(stretch, rewritten)
            kept = {s: words for s, words in stretch.others.items() if s not in rewritten}
            stretch = _Stretch(stretch.first, stretch.base, kept)
        stretches.append(stretch)
    yield from _from_the_start(_merged(_aligned_by_program(stretches, cache, workers)), base)


def _rewritten(base: Sequence[str], words: Sequence[str]) -> bool:
    """Return whether a witness has altogether different words: an alignment would only mince them."""
    if not base or min(len(base), len(words)) < _SHORT:
        return False
    a, b = [word_key(word) for word in base], [word_key(word) for word in words]
    differing = sum(i2 - i1 for i1, i2, _, _ in differing_runs(a, b))
    return len(a) - differing < _SHARED * max(len(a), len(b))


def _passage(stretch: _Stretch, rewritten: Mapping[str, Sequence[str]]) -> Variation:
    readings: dict[str, list[str]] = {}
    for siglum, words in rewritten.items():
        readings.setdefault(" ".join(words), []).append(siglum)
    end = stretch.first + len(stretch.base)
    return Variation(
        stretch.first, end, [(sigla, words) for words, sigla in readings.items()], whole=True
    )


def _from_the_start(joined: Iterator[Variation], base: Sequence[str]) -> Iterator[Variation]:
    """Join what witnesses add before the first word of the text to the reading of that word."""
    found = list(joined)
    before = [v for v in found if v.last == 0]
    rest = [v for v in found if v.last > 0]
    if before and base:
        on_first = next((v for v in rest if v.first == 0), Variation(0, 1, []))
        words = " ".join(base[: on_first.last])
        sigla = {s for v in (*before, on_first) for named, _ in v.readings for s in named}
        readings: dict[str, list[str]] = {}
        for siglum in sorted(sigla):
            own = [_of_witness(v, siglum, "") for v in before] + [
                _of_witness(on_first, siglum, words)
            ]
            readings.setdefault(" ".join(x for x in own if x), []).append(siglum)
        rest = [
            Variation(0, on_first.last, [(named, text) for text, named in readings.items()]),
            *(v for v in rest if v is not on_first),
        ]
    yield from rest


def _of_witness(variation: Variation, siglum: str, lemma: str) -> str:
    return next((text for named, text in variation.readings if siglum in named), lemma)


class _Cuts:
    """The correspondence of words: word of the base → word of a witness (``partner``), and the
    witness's large gaps."""

    def __init__(self, a: Sequence[str], b: Sequence[str]) -> None:
        self.partner: dict[int, int] = {}
        self.gaps: list[tuple[int, int, int]] = []
        """first and last word of the base, and the word of the witness that follows"""
        i = j = 0
        for i1, i2, j1, j2 in [*differing_runs(a, b), (len(a), len(a), len(b), len(b))]:
            self.partner.update({i + k: j + k for k in range(i1 - i)})
            if j1 == j2 and i2 - i1 >= _LARGE:
                self.gaps.append((i1, i2, j1))
            i, j = i2, j2

    def lacks(self, at: int) -> bool:
        return any(first <= at < last for first, last, _ in self.gaps)

    def settle(self, shared: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Shrink every gap to cuts that the other witnesses share; drop a gap without any. Yield its ends."""
        settled = []
        for first, last, word in self.gaps:
            inside = [i for i in shared if first <= i < last]
            if inside:
                settled.append((inside[0], inside[-1] + 1, word))
                yield inside[0], inside[-1] + 1
        self.gaps = settled

    def end(self, at: int) -> int:
        """Return the word of the witness at a cut of the base."""
        if at in self.partner:
            return self.partner[at]
        return next(word for first, last, word in self.gaps if first <= at < last)


@dataclass(slots=True)
class _Stretch:
    """The words of the base between two cuts, and those of the witnesses there."""

    first: int
    base: list[str]
    others: dict[str, list[str]]


def _stretches(
    base: Sequence[str],
    witnesses: Mapping[str, Sequence[str]],
    cuts: Mapping[str, _Cuts],
    shared: Sequence[int],
) -> Iterator[_Stretch]:
    at = dict.fromkeys(witnesses, 0)
    start = 0
    for i in [*shared, len(base)]:
        ended = i == len(base)
        ends = {s: len(words) if ended else cuts[s].end(i) for s, words in witnesses.items()}
        others = {
            s: list(words[at[s] : ends[s]])
            for s, words in witnesses.items()
            if not any(first < start < last for first, last, _ in cuts[s].gaps)
        }
        yield from _split(_Stretch(start, list(base[start:i]), others))
        if not ended:
            there = {s: [words[ends[s]]] for s, words in witnesses.items() if not cuts[s].lacks(i)}
            yield from _split(_Stretch(i, [base[i]], there))
        at = {s: end + (not ended and not cuts[s].lacks(i)) for s, end in ends.items()}
        start = i + 1


def _split(stretch: _Stretch) -> Iterator[_Stretch]:
    if any(words != stretch.base for words in stretch.others.values()):
        yield stretch


def _aligned_by_program(
    stretches: Sequence[_Stretch], cache: Path, workers: int
) -> Iterator[Variation]:
    """Yield the variations of all stretches; those that need an alignment are computed in parallel."""
    known: dict[str, list[list[list[str]]]] = {}
    wanted: dict[str, list[list[str]]] = {}
    for stretch in stretches:
        rows = _rows(stretch)
        if _simple(rows):
            continue
        digest = _digest(rows)
        file = cache / f"{digest}.json"
        if file.is_file():
            known[digest] = json.loads(file.read_text(encoding="utf-8"))
        else:
            wanted[digest] = rows
    if wanted:
        cache.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(workers or os.cpu_count() or 1) as pool:
            for digest, table in zip(
                wanted, pool.map(_table, wanted.values(), chunksize=8), strict=True
            ):
                known[digest] = table
                (cache / f"{digest}.json").write_text(
                    json.dumps(table, ensure_ascii=False), encoding="utf-8"
                )
    for stretch in stretches:
        yield from _of_stretch(stretch, known)


def _rows(stretch: _Stretch) -> list[list[str]]:
    """Return the base and the distinct readings of a stretch, each once."""
    distinct: dict[tuple[str, ...], None] = {tuple(stretch.base): None}
    distinct.update(dict.fromkeys(map(tuple, stretch.others.values())))
    return [list(row) for row in distinct]


def _simple(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether there is nothing to align: one word against words, words against none, or too many."""
    filled = [row for row in rows if row]
    return len(rows[0]) <= 1 or len(filled) < 2 or sum(map(len, rows)) > _LONGEST


def _digest(rows: Sequence[Sequence[str]]) -> str:
    return hashlib.sha256(json.dumps(["collatex-2.3, 2", *rows]).encode()).hexdigest()


def _table(rows: Sequence[Sequence[str]]) -> list[list[list[str]]]:
    """Return the alignment of rows as columns, each with the words of every row, by the package ``collatex``."""
    from collatex import collate as align  # heavy, and rarely needed

    named = [
        {"id": f"w{n}", "tokens": [{"t": word, "n": word_key(word)} for word in row]}
        for n, row in enumerate(rows)
        if row
    ]
    table = align({"witnesses": named}, output="table", segmentation=False, near_match=True)
    by_row = {row.header: row.cells for row in table.rows}
    width = max(len(cells) for cells in by_row.values())
    columns: list[list[list[str]]] = [[[] for _ in rows] for _ in range(width)]
    for n in range(len(rows)):
        for at, cell in enumerate(by_row.get(f"w{n}", ())):
            columns[at][n] = [token.token_data["t"] for token in cell or ()]
    # its tables sometimes change the order of a witness's words (issues 10 and 58 of collatex)
    ordered = all([w for column in columns for w in column[n]] == row for n, row in enumerate(rows))
    return columns if ordered else _by_pairs(rows)


def _by_pairs(rows: Sequence[Sequence[str]]) -> list[list[list[str]]]:
    """Return columns that align every row with the first row alone: before each of its words, and at it."""
    base = [word_key(word) for word in rows[0]]
    columns: list[list[list[str]]] = [[[] for _ in rows] for _ in range(2 * len(base) + 1)]
    for n, row in enumerate(rows):
        i = j = 0
        runs = differing_runs(base, [word_key(word) for word in row])
        for i1, i2, j1, j2 in [*runs, (len(base), len(base), len(row), len(row))]:
            for k in range(i1 - i):
                columns[2 * (i + k) + 1][n] = [row[j + k]]
            columns[2 * i1 + (i2 > i1)][n] += row[j1:j2]
            i, j = i2, j2
    return [column for column in columns if any(column)]


def _of_stretch(
    stretch: _Stretch, known: Mapping[str, list[list[list[str]]]]
) -> Iterator[Variation]:
    rows = _rows(stretch)
    columns = [rows] if _simple(rows) else known[_digest(rows)]
    at = stretch.first
    for column in columns:
        first, at = at, at + len(column[0])
        readings: dict[str, list[str]] = {}
        for siglum, words in stretch.others.items():
            own = column[rows.index(words)]
            if own != column[0]:
                readings.setdefault(" ".join(own), []).append(siglum)
        if readings:
            yield Variation(first, at, [(sigla, words) for words, sigla in readings.items()])


def _merged(single: Iterator[Variation]) -> Iterator[Variation]:
    """Join adjacent variations in which the same witnesses agree. The caller joins an addition at
    the very beginning to the word after it."""
    last: Variation | None = None
    for one in single:
        if (
            last is not None
            and last.last == one.first
            and [sigla for sigla, _ in last.readings] == [sigla for sigla, _ in one.readings]
        ):
            joined = [
                (sigla, " ".join(x for x in (words, more) if x))
                for (sigla, words), (_, more) in zip(last.readings, one.readings, strict=True)
            ]
            last = Variation(last.first, one.last, joined)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last
