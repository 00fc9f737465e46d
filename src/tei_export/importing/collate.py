"""``tei-export collate``: compare the witnesses of a text with its base, and propose entries.

All words of each witness are first aligned with the words of the sources by patience (words that both have once are
fixed points). Where all witnesses have the same word, the text is cut; what stands between two cuts is aligned by the
package ``collatex``, stretch by stretch, in parallel, and kept by its content. An alignment is a suggestion: the proof
that follows shows every word that is not recorded. Paragraphs in which a person has judged are left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.importing import markup
from tei_export.model.readings import RoleTextError, parse_layer
from tei_export.model.variants import parse_variants, written
from tei_export.model.word_differences import aligned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tei_export.model.edition import Text

#: A role; an escaped character or a character reference; a note reference.
_ROLE = re.compile(r"(?<!\\)\{([a-z][a-z0-9]*)\}(`+)")
_ATOM = re.compile(r"\\[!-/:-@\[-`{-~]|&#?\w+;|\[\^[^\]\s]+\](?!:)|\S", re.DOTALL)
_NOTE = re.compile(r"\[\^([^\]\s]+)\]:[ ]?")
_STRUCTURE = re.compile(r"(?:=+|-{2,}|`{3,}.*|~{3,}.*|:{3,}.*)\s*\Z|%")
_PREFIX = re.compile(r"(?:#{2,} |> ?|- |\[\^[^\]\s]+\]:[ ]?|\s+)*")
#: Roles about witnesses, and what the program calls its own passages.
_WITNESSES = frozenset({"app", "begin", "end", "lacuna", "resumes", "transposed", "here"})
_OWN = re.compile(r"auto-[0-9a-f]{8}(?:-\d+)?")
#: As many words of the base as a witness lacks without having others: it is a gap of its own, and no cut asks for it.
_LARGE = 40
#: Stretches with more words are one entry: a machine's alignment of them would take long and say little.
_LONGEST = 400
#: Where a witness shares less than this part of the words of a stretch with the base, it has rewritten it.
_SHARED, _SHORT = 0.34, 4


@dataclass(slots=True)
class Token:
    """A word of the base: ``raw`` as the source has it, ``text`` as the base reads it. ``file``, ``line`` (from 0),
    ``start``, ``end``: its place; ``block``: the number of its paragraph. A word divided at a line's end goes on in
    ``last_line``."""

    text: str
    file: str
    line: int
    start: int
    end: int
    block: int
    last_line: int = -1
    divided: bool = False

    def __post_init__(self) -> None:
        self.last_line = max(self.last_line, self.line)


@dataclass(slots=True)
class Variation:
    """A place where witnesses differ: the words ``first`` up to ``last`` of the base (none: an addition after the word
    before ``first``), and the readings, each with its witnesses. ``whole``: a passage, within which others may differ."""

    first: int
    last: int
    readings: list[tuple[list[str], str]]
    whole: bool = False


@dataclass(slots=True)
class Collation:
    """The result: the new sources by file, how many entries were proposed, and how many paragraphs were left alone."""

    sources: dict[str, str]
    entries: int = 0
    judged: int = 0
    seen: list[str] = field(default_factory=list)


def collate(text: Text, sources: Mapping[str, str], cache: Path, workers: int = 0) -> Collation:
    """Propose entries for every difference of the witnesses of ``text`` that have a file.

    :param sources: the source files in the order of the parts, by name
    :param cache: a folder for the alignments
    :param workers: processes; 0: one for each processor
    """
    plain = {name: Source(name, content) for name, content in sources.items()}
    tokens: list[Token] = []
    for source in plain.values():
        tokens += _whole(source.tokens())
    witnesses = {
        w.siglum: _signs(w.content, text.glyphs).split() for w in text.witnesses if w.proved
    }
    variations = list(_variations([t.text for t in tokens], witnesses, cache, workers))
    done = Collation({})
    for source in plain.values():
        own = [v for v in variations if _of(v, tokens, source)]
        done.sources[source.name] = source.with_entries(own, tokens)
        done.entries += source.entries
        done.judged += len(source.judged)
    return done


def _signs(content: str, glyphs: Mapping[str, str]) -> str:
    joined = re.sub(r"(?<=\w)-[ \t]*\n[ \t]*(?=\w)", "", content)
    return "".join(glyphs.get(c, c) for c in joined)


def _of(variation: Variation, tokens: Sequence[Token], source: Source) -> bool:
    """Return whether a variation is written into a file: an addition stands after the word before it."""
    at = variation.first - (variation.first == variation.last)
    return tokens[max(at, 0)].file == source.name


def _whole(tokens: Iterator[Token]) -> Iterator[Token]:
    """Join the two pieces of words that are divided at a line's end."""
    open_: Token | None = None
    for token in tokens:
        if open_ is None:
            open_ = token
        elif open_.divided and token.start >= 0:
            open_.text += token.text
            open_.end, open_.last_line, open_.divided = token.end, token.line, token.divided
        else:
            yield open_
            open_ = token
    if open_ is not None:
        yield open_


# ------------------------------------------------------------------ the sources


class Source:
    """A source file, without the entries that the program proposed before."""

    def __init__(self, name: str, content: str) -> None:
        self.name = name
        self.judged: set[int] = set()
        self.entries = 0
        self.lines = content.split("\n")
        self.blocks: list[int] = []
        block, inside = 0, False
        for line in self.lines:
            filled = bool(line.strip())
            block += filled and not inside
            inside = filled
            self.blocks.append(block if filled else 0)
        for number in range(1, block + 1):
            rows = [i for i, of in enumerate(self.blocks) if of == number]
            if any(_judged(self.lines[i]) for i in rows):
                self.judged.add(number)
        # a passage that begins or ends in a paragraph that is left alone stays
        kept = {
            name
            for line, of in zip(self.lines, self.blocks, strict=True) if of in self.judged
            for name in _OWN.findall(line)
        }  # fmt: skip
        for i, of in enumerate(self.blocks):
            if of and of not in self.judged:
                self.lines[i] = _stripped(self.lines[i], kept)

    def tokens(self) -> Iterator[Token]:
        """Yield the words of the file, in the order in which a witness has them: a note follows its paragraph."""
        for number, line in enumerate(self.lines):
            if not self.blocks[number] or _STRUCTURE.match(line):
                continue
            note = _NOTE.match(line)
            if note and not note[1].startswith("ed-"):
                yield Token(note[1], self.name, number, -1, -1, self.blocks[number])
            elif note:
                continue
            prefix = _PREFIX.match(line)
            start = prefix.end() if prefix else 0
            if line[:start].strip() == "-":
                yield Token("-", self.name, number, -1, -1, self.blocks[number])
            for first, last, words in _words(line, start):
                divided = line[first:last].endswith("¬")
                own = words.removesuffix("-") if divided else words
                yield Token(
                    own, self.name, number, first, last, self.blocks[number], divided=divided
                )

    def with_entries(self, variations: Sequence[Variation], tokens: Sequence[Token]) -> str:
        """Return the file with an entry for every variation outside the paragraphs that a person judged."""
        edits: dict[int, list[tuple[int, int, int, str]]] = {}
        for number, variation in enumerate(variations, 1):
            held = tokens[variation.first : variation.last] or [tokens[max(variation.first - 1, 0)]]
            if any(t.start < 0 or t.block in self.judged or t.file != self.name for t in held):
                continue
            self.entries += 1
            for line, edit in self._edits(variation, held, number):
                edits.setdefault(line, []).append(edit)
        lines = list(self.lines)
        for row, changes in edits.items():
            for start, end, _order, new in sorted(changes, reverse=True):
                lines[row] = lines[row][:start] + new + lines[row][end:]
        return "\n".join(lines)

    def _edits(
        self, variation: Variation, held: Sequence[Token], order: int
    ) -> Iterator[tuple[int, tuple[int, int, int, str]]]:
        """Yield the line and the change: first and last character, order at one place, and what stands there then."""
        first, last = held[0], held[-1]
        empty = variation.first == variation.last
        brackets = " ".join(
            written(sigla, f" {reading}" if empty else reading)
            for sigla, reading in variation.readings
        )
        if empty:
            new = markup.role("app", f" {brackets} #auto")
            yield last.last_line, (last.end, last.end, order, new)
        elif first.line == last.last_line and not variation.whole:
            lemma = _as_lemma(self.lines[first.line][first.start : last.end])
            new = markup.role("app", f"{lemma} {brackets} #auto")
            yield first.line, (first.start, last.end, 0, new)
        else:
            said = (
                "\n".join(t.text for t in held)
                + brackets
                + f"{self.name}:{first.line}:{first.start}"
            )
            name = f"auto-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
            yield first.line, (first.start, first.start, 0, markup.role("begin", name))
            new = markup.role("end", f"{name} {brackets} #auto")
            yield last.last_line, (last.end, last.end, 0, new)


def _as_lemma(raw: str) -> str:
    return raw.replace("\\<", "&#60;").replace("\\>", "&#62;")


def _roles(line: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield the outermost roles of a line: start, end, name, content."""
    at = 0
    while match := _ROLE.search(line, at):
        fence = match[2]
        close = re.compile(rf"(?<!`){fence}(?!`)").search(line, match.end())
        if close is None:
            return
        yield match.start(), close.end(), match[1], line[match.end() : close.start()]
        at = close.end()


def _judged(line: str) -> bool:
    """Return whether a line has an entry about witnesses that a person judged."""
    return any(
        name in _WITNESSES and not _proposed(name, content) for _, _, name, content in _roles(line)
    )


def _proposed(name: str, content: str) -> bool:
    """Return whether the program wrote a role, and nobody has changed who judged."""
    if name == "begin":
        return _OWN.fullmatch(content.strip()) is not None
    if name not in ("app", "end"):
        return False
    try:
        found = parse_variants(content)
    except RoleTextError:
        return False
    return found.resp == "auto" and (
        name == "app" or _OWN.fullmatch(found.lemma.strip()) is not None
    )


def _stripped(line: str, kept: set[str]) -> str:
    """Return a line without the entries that the program proposed, but for the passages ``kept``."""
    done, at = "", 0
    for start, end, name, content in _roles(line):
        own = _OWN.match(content.strip()) if name != "app" else None
        if own is not None and own[0] in kept:
            continue
        if name in ("app", "begin", "end") and _proposed(name, content):
            lemma = parse_variants(content).lemma if name == "app" else ""
            done += line[at:start] + lemma
            at = end
    return done + line[at:]


def _words(line: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield the words of a line from ``start``: first and last character, and what the base reads."""
    roles = {first: (last, name, content) for first, last, name, content in _roles(line)}
    at, begun, stop, word = start, -1, -1, ""
    while at < len(line):
        here = at
        if at in roles:
            at, name, content = roles[at]
            read = _read(name, content)
        elif line[at].isspace():
            if begun >= 0:
                yield begun, stop, word
            begun, word, at = -1, "", at + 1
            continue
        else:
            atom = _ATOM.match(line, at)
            raw = atom[0] if atom else line[at]
            at, read = at + len(raw), _plain(raw)
            if raw == "¬" and begun >= 0:
                stop = at
        if read:  # what reads nothing is no part of a word, but within one
            begun, stop, word = (begun if begun >= 0 else here), at, word + read
    if begun >= 0:
        yield begun, stop, word


def _plain(raw: str) -> str:
    if raw.startswith("[^"):
        return "" if raw.startswith("[^ed-") else raw[2:-1]
    if raw.startswith("\\") and len(raw) == 2:
        return raw[1]
    if raw.startswith("&#") and raw.endswith(";") and raw[2:-1].isdecimal():
        return chr(int(raw[2:-1]))
    return "" if raw == "¬" else raw


def _read(name: str, content: str) -> str:
    """Return what other witnesses read of a role, unless an entry says more: as in source/variants.py."""
    if name in (
        "supplied",
        "gap",
        "pb",
        "o",
        "lb",
        "begin",
        "end",
        "here",
        "lacuna",
        "resumes",
        "transposed",
    ):
        return ""
    try:
        if name == "app":
            return _of_content(parse_variants(content).lemma)
        if name in ("ocr", "sic"):
            found = parse_layer(content)
            return _of_content(found.reading) if name == "ocr" else found.source
    except RoleTextError:
        return ""
    return _of_content(content.partition(" <")[0])


def _of_content(content: str) -> str:
    return " ".join(words for _, _, words in _words(content, 0))


# ------------------------------------------------------------------ the alignment


def _key(word: str) -> str:
    letters = "".join(c for c in word.casefold() if c.isalnum())
    return letters or word


def _variations(
    base: Sequence[str], witnesses: Mapping[str, Sequence[str]], cache: Path, workers: int
) -> Iterator[Variation]:
    keys = [_key(word) for word in base]
    cuts = {s: _Cuts(keys, [_key(word) for word in words]) for s, words in witnesses.items()}
    shared = [
        i for i in range(len(base))
        if all(i in c.partner or c.lacks(i) for c in cuts.values()) and any(i in c.partner for c in cuts.values())
    ]  # fmt: skip
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
    """Whether a witness has other words altogether, which an alignment would only mince."""
    if not base or min(len(base), len(words)) < _SHORT:
        return False
    a, b = [_key(word) for word in base], [_key(word) for word in words]
    differing = sum(i2 - i1 for i1, i2, _, _ in aligned(a, b))
    return len(a) - differing < _SHARED * max(len(a), len(b))


def _passage(stretch: _Stretch, rewritten: Mapping[str, Sequence[str]]) -> Variation:
    readings: dict[str, list[str]] = {}
    for siglum, words in rewritten.items():
        readings.setdefault(" ".join(words), []).append(siglum)
    end = stretch.first + len(stretch.base)
    return Variation(
        stretch.first, end, [(sigla, words) for words, sigla in readings.items()], whole=True
    )


def _from_the_start(variations: Iterator[Variation], base: Sequence[str]) -> Iterator[Variation]:
    """Join what witnesses add before the first word of the text to the reading of that word."""
    found = list(variations)
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
    """Which word of a witness is which of the base (``partner``), and the large gaps of the witness."""

    def __init__(self, a: Sequence[str], b: Sequence[str]) -> None:
        self.partner: dict[int, int] = {}
        self.gaps: list[tuple[int, int, int]] = []
        """first and last word of the base, and the word of the witness that follows"""
        i = j = 0
        for i1, i2, j1, j2 in [*aligned(a, b), (len(a), len(a), len(b), len(b))]:
            self.partner.update({i + k: j + k for k in range(i1 - i)})
            if j1 == j2 and i2 - i1 >= _LARGE:
                self.gaps.append((i1, i2, j1))
            i, j = i2, j2

    def lacks(self, at: int) -> bool:
        return any(first <= at < last for first, last, _ in self.gaps)

    def settle(self, shared: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Let every gap begin and end at a cut that the other witnesses share; drop it if there is none."""
        settled = []
        for first, last, word in self.gaps:
            inside = [i for i in shared if first <= i < last]
            if inside:
                settled.append((inside[0], inside[-1] + 1, word))
                yield inside[0], inside[-1] + 1
        self.gaps = settled

    def end(self, at: int) -> int:
        """The word of the witness at a cut of the base."""
        if at in self.partner:
            return self.partner[at]
        return next(word for first, last, word in self.gaps if first <= at < last)


@dataclass(slots=True)
class _Stretch:
    """Words of the base between two cuts, and those of the witnesses that are there."""

    first: int
    base: list[str]
    others: dict[str, list[str]]


def _stretches(
    base: Sequence[str], witnesses: Mapping[str, Sequence[str]], cuts: Mapping[str, _Cuts],
    shared: Sequence[int],
) -> Iterator[_Stretch]:  # fmt: skip
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
    """Yield the variations of all stretches; those that need an alignment are made in parallel."""
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
    """Whether there is nothing to align: one word against words, words against none, or too many."""
    filled = [row for row in rows if row]
    return len(rows[0]) <= 1 or len(filled) < 2 or sum(map(len, rows)) > _LONGEST


def _digest(rows: Sequence[Sequence[str]]) -> str:
    return hashlib.sha256(json.dumps(["collatex-2.3, 2", *rows]).encode()).hexdigest()


def _table(rows: Sequence[Sequence[str]]) -> list[list[list[str]]]:
    """Return the alignment of rows as columns, each with the words of every row, by the package ``collatex``."""
    from collatex import collate as align  # heavy, and only wanted here

    named = [
        {"id": f"w{n}", "tokens": [{"t": word, "n": _key(word)} for word in row]}
        for n, row in enumerate(rows) if row
    ]  # fmt: skip
    table = align({"witnesses": named}, output="table", segmentation=False, near_match=True)
    by_row = {row.header: row.cells for row in table.rows}
    width = max(len(cells) for cells in by_row.values())
    columns: list[list[list[str]]] = [[[] for _ in rows] for _ in range(width)]
    for n in range(len(rows)):
        for at, cell in enumerate(by_row.get(f"w{n}", ())):
            columns[at][n] = [token.token_data["t"] for token in cell or ()]
    # its tables sometimes have the words of a witness in another order (issues 10 and 58 of collatex)
    ordered = all([w for column in columns for w in column[n]] == row for n, row in enumerate(rows))
    return columns if ordered else _by_pairs(rows)


def _by_pairs(rows: Sequence[Sequence[str]]) -> list[list[list[str]]]:
    """Return columns that align every row with the first alone: before each word of it, and at it."""
    base = [_key(word) for word in rows[0]]
    columns: list[list[list[str]]] = [[[] for _ in rows] for _ in range(2 * len(base) + 1)]
    for n, row in enumerate(rows):
        i = j = 0
        runs = aligned(base, [_key(word) for word in row])
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


def _merged(variations: Iterator[Variation]) -> Iterator[Variation]:
    """Join neighbours in which the same witnesses share the same readings; an addition at the very beginning is joined
    to the word after it by the caller's own words."""
    last: Variation | None = None
    for one in variations:
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
