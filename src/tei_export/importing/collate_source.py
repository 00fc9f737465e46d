"""Read the words of the base from a source file with their places, and write entries between them.

Entries that the program proposed before are removed first. Paragraphs in which a person has judged
remain unchanged.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tei_export.importing import markup
from tei_export.model.readings import RoleTextError, parse_layer, parse_phrase, parse_state
from tei_export.model.variants import parse_variants, reading_notation
from tei_export.model.vocabulary import BY_NAME, OF_WITNESSES, ROLES, Family, Reads

if TYPE_CHECKING:
    from tei_export.importing.collate_align import Variation

#: A role; an escaped character or a character reference; a note reference.
_ROLE = re.compile(r"(?<!\\)\{([a-z][a-z0-9]*)\}(`+)")
_ATOM = re.compile(r"\\[!-/:-@\[-`{-~]|&#?\w+;|\[\^[^\]\s]+\](?!:)|\S", re.DOTALL)
_NOTE = re.compile(r"\[\^([^\]\s]+)\]:[ ]?")
_STRUCTURE = re.compile(r"(?:=+|-{2,}|`{3,}.*|~{3,}.*|:{3,}.*)\s*\Z|%")
_PREFIX = re.compile(r"(?:#{2,} |> ?|- |\[\^[^\]\s]+\]:[ ]?|\s+)*")
#: The roles of entries about witnesses.
_WITNESSES = frozenset(
    {*OF_WITNESSES, *(row.name for row in ROLES if row.family is Family.VARIANTS)} - {"lb"}
)
#: The names that the program gives to its own passages.
_OWN = re.compile(r"auto-[0-9a-f]{8}(?:-\d+)?")


@dataclass(slots=True)
class BaseWord:
    """A word of the base: ``text`` as the base reads it; ``file``, ``line`` (from 0), ``start`` and ``end``: its place;
    ``block``: the number of its paragraph. A word divided at a line end continues in
    ``last_line``."""

    text: str
    file: str
    line: int
    start: int
    end: int
    block: int
    last_line: int = -1
    divided: bool = False
    whole: str = ""
    """of a word that the base divides within a line: the whole word of other witnesses"""

    def __post_init__(self) -> None:
        self.last_line = max(self.last_line, self.line)


class CollatedSource:
    """A source file, without the entries that the program proposed before."""

    def __init__(self, name: str, content: str, base: str = "") -> None:
        self.name = name
        self.base = base
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
        # a passage stays if it begins or ends in a paragraph that remains unchanged
        kept = {
            name
            for line, of in zip(self.lines, self.blocks, strict=True)
            if of in self.judged
            for name in _OWN.findall(line)
        }
        for i, of in enumerate(self.blocks):
            if of and of not in self.judged:
                self.lines[i] = _stripped(self.lines[i], kept, base)

    def tokens(self) -> Iterator[BaseWord]:
        """Yield the words of the file, in the order in which a witness has them: a note follows its paragraph."""
        for number, line in enumerate(self.lines):
            if not self.blocks[number] or _STRUCTURE.match(line):
                continue
            note = _NOTE.match(line)
            if note and not note[1].startswith("ed-"):
                yield BaseWord(note[1], self.name, number, -1, -1, self.blocks[number])
            elif note:
                continue
            prefix = _PREFIX.match(line)
            start = prefix.end() if prefix else 0
            if line[:start].strip() == "-":
                yield BaseWord("-", self.name, number, -1, -1, self.blocks[number])
            for first, last, words in _words(line, start):
                divided = line[first:last].endswith("¬")
                own = words.removesuffix("-") if divided else words
                yield BaseWord(
                    own, self.name, number, first, last, self.blocks[number], divided=divided
                )

    def with_entries(
        self, variations: Sequence[Variation], tokens: Sequence[BaseWord], sigla: Sequence[str]
    ) -> str:
        """Return the file with an entry for every variation, except in paragraphs that a person
        judged.

        :param sigla: the witnesses that were compared
        """
        edits: dict[int, list[tuple[int, int, int, str]]] = {}
        for number, variation in enumerate(variations, 1):
            held = tokens[variation.first : variation.last] or [tokens[max(variation.first - 1, 0)]]
            if any(t.start < 0 or t.block in self.judged or t.file != self.name for t in held):
                continue
            if (
                any(t.whole for t in held)
                and not variation.whole
                and variation.first < variation.last
            ):
                elsewhere = [
                    v
                    for v in variations
                    if v.whole and v.first < variation.last and v.last > variation.first
                ]
                variation = self._undivided(variation, held, sigla, elsewhere)
            self.entries += 1
            for line, edit in self._edits(variation, held, number):
                edits.setdefault(line, []).append(edit)
        lines = list(self.lines)
        for row, changes in edits.items():
            for start, end, _order, new in sorted(changes, reverse=True):
                lines[row] = lines[row][:start] + new + lines[row][end:]
        return "\n".join(lines)

    def _undivided(
        self,
        variation: Variation,
        held: Sequence[BaseWord],
        sigla: Sequence[str],
        elsewhere: Sequence[Variation],
    ) -> Variation:
        """Return a variation in which the text has the whole word and the divided one is a reading
        of the base."""
        if held[0].line != held[-1].last_line:
            return variation
        whole = " ".join(t.whole or t.text for t in held)
        named = {s for v in (variation, *elsewhere) for found, _ in v.readings for s in found}
        as_base = [self.base, *(s for s in sigla if s not in named)]
        readings = [(found, words) for found, words in variation.readings if words != whole]
        divided = " ".join(t.text for t in held)
        return replace(variation, readings=[(as_base, divided), *readings], undivided=True)

    def _lemma(self, held: Sequence[BaseWord], *, undivided: bool) -> str:
        """Return the words of the base as in the source; divided words become whole."""
        line, at, lemma = self.lines[held[0].line], held[0].start, ""
        for word in held if undivided else ():
            if word.whole:
                lemma += line[at : word.start] + word.whole
                at = word.end
        return _as_lemma(lemma + line[at : held[-1].end])

    def _edits(
        self, variation: Variation, held: Sequence[BaseWord], order: int
    ) -> Iterator[tuple[int, tuple[int, int, int, str]]]:
        """Yield the line and the change: first and last character, rank among changes at one place,
        new text."""
        first, last = held[0], held[-1]
        empty = variation.first == variation.last
        brackets = " ".join(
            reading_notation(sigla, f" {reading}" if empty else reading)
            for sigla, reading in variation.readings
        )
        if empty:
            new = markup.role("app", f" {brackets} #auto")
            yield last.last_line, (last.end, last.end, order, new)
        elif first.line == last.last_line and not variation.whole:
            lemma = self._lemma(held, undivided=variation.undivided)
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


def _restored(content: str, base: str) -> str:
    """Return the source from before the program's entry: the lemma, or the base's form of a divided word."""
    found = parse_variants(content)
    named = ((f"{sigla} ", one) for sigla, one in found.named)
    return next(
        (one.text for sigla, one in named if base and sigla.startswith(f"{base} ")), found.lemma
    )


def whole_words(tokens: Iterator[BaseWord]) -> Iterator[BaseWord]:
    """Join the two pieces of words that are divided at a line's end."""
    open_: BaseWord | None = None
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


def _stripped(line: str, kept: set[str], base: str = "") -> str:
    """Return a line without the entries that the program proposed, but for the passages ``kept``."""
    done, at = "", 0
    for start, end, name, content in _roles(line):
        own = _OWN.match(content.strip()) if name != "app" else None
        if own is not None and own[0] in kept:
            continue
        if name in ("app", "begin", "end") and _proposed(name, content):
            done += line[at:start] + (_restored(content, base) if name == "app" else "")
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
        if read:  # markup that reads nothing belongs to a word only inside it
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
    """Return what the other witnesses read at a role unless an entry says otherwise, as in
    source/variants.py."""
    row = BY_NAME.get(name)
    if row is None or row.family is Family.MENTION:
        return _of_content(content.partition(" <")[0])
    if row.family is Family.MILESTONE or row.aside or row.read_by("O") is Reads.NOTHING:
        return ""
    try:
        if row.family is Family.VARIANTS:
            return _of_content(parse_variants(content).lemma)
        if row.family is Family.LAYER:
            found = parse_layer(content, valued=bool(row.values))
            old = row.read_by("T") is Reads.SOURCE
            return found.source if old else _of_content(found.reading)
        parse = parse_state if row.family is Family.STATE else parse_phrase
        valued = row.family is Family.STATE or bool(row.values)
        return _of_content(parse(content).reading if valued else content)
    except RoleTextError:
        return ""


def _of_content(content: str) -> str:
    return " ".join(words for _, _, words in _words(content, 0))
