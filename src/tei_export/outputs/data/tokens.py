"""The words of the texts for programs that count and compare: a table, CoNLL-U, and plain text by part.

A token is a word, a number or a single mark of the edited text, or ``[…]`` for a loss. Words
divided by a line or page end are whole. Editors' notes are excluded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tei_export.model.sentences import ends
from tei_export.model.vocabulary import BY_NAME
from tei_export.model.word_forms import pattern
from tei_export.outputs.data.tables import CsvColumn, CsvTable
from tei_export.source.nodes import GAP_TEXT
from tei_export.words.tokens import BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.model.edition import Part, Text
    from tei_export.source.nodes import mark
    from tei_export.words.tokens import TextBlock

#: A word may have apostrophes and hyphens inside, ``hadn't``, ``post-Lenin``; marks stand alone.
_TOKEN = r"WORD(?:['’-]WORD)*|[^\s\w]|_"


class Token(NamedTuple):
    """A word or a mark. ``place``: page and line, ``17.12``; ``number``: its position in the line,
    from 1; ``sentence`` and ``block``: numbers in the part; ``space``: white space follows."""

    text: Text
    part: Part
    place: str
    number: int
    block: int
    sentence: int
    note: str
    words: str
    language: str
    entry: str
    emendation: str
    certainty: str
    space: bool

    @property
    def id(self) -> str:
        """The address of the token: ``thesis:17.12-3`` is the third token that begins in line 12 of page 17."""
        return f"{self.text.id}:{self.place}-{self.number}"


def tokens(text: Text, part: Part, read: Iterable[TextBlock]) -> list[Token]:
    """Return the tokens of a part, in reading order; ``read``: its blocks."""
    found: list[Token] = []
    counts: Counter[str] = Counter()
    sentence = 0
    for number, block in enumerate(read, 1):
        limits = ends(block.text)
        before = -1
        for match in pattern(_TOKEN, block.text).finditer(block.text):
            at = bisect_left(limits, match.end())
            sentence += at != before
            before = at
            stretches = block.stretches_of(*match.span())
            first = stretches[0]
            counts[first.place] += 1
            outermost = next(
                (one for stretch in stretches for one in stretch.marks if "xml_id" in one), None
            )
            following = block.text[match.end() : match.end() + 1]
            found.append(
                Token(
                    text,
                    part,
                    first.place,
                    counts[first.place],
                    number,
                    sentence,
                    block.note,
                    match[0].replace(BREAK, GAP_TEXT),
                    first.language,
                    _entry(first.mention),
                    outermost["xml_id"] if outermost is not None else "",
                    outermost["cert"] if outermost is not None else "",
                    not following or following.isspace(),
                )
            )
    return found


def _entry(mention: mark | None) -> str:
    """Return register and key of the entry to which a name refers: ``persons/stalin-joseph``."""
    return f"{BY_NAME[mention['kind']].register}/{mention['key']}" if mention is not None else ""


TOKENS: CsvTable[Token] = CsvTable(
    "tokens.csv",
    "every word and mark of the edited texts, with the author's notes",
    (
        CsvColumn("id", "text, page, line, and number of the token in the line", lambda t: t.id),
        CsvColumn("text", "id of the text", lambda t: t.text.id),
        CsvColumn("part", "id of the part", lambda t: t.part.id),
        CsvColumn("block", "heading, paragraph or item of the part, by number", lambda t: str(t.block)),
        CsvColumn("sentence", "sentence of the part, by number", lambda t: str(t.sentence)),
        CsvColumn("place", "page and line where it begins", lambda t: t.place),
        CsvColumn("note", "label of the author's note that contains it", lambda t: t.note),
        CsvColumn("word", "the word of the edited text, whole even if a line end divides it", lambda t: t.words),
        CsvColumn("language", "its language tag", lambda t: t.language),
        CsvColumn("name", "register and key of the entry, if the word is part of a name", lambda t: t.entry),
        CsvColumn(
            "emendation", "`xml_id` of the entry in `emendations.csv` with the reading of the witness",
            lambda t: t.emendation,
        ),
        CsvColumn("certainty", "certainty of that entry: high, medium or low", lambda t: t.certainty),
        CsvColumn("space", "yes: white space follows", lambda t: "yes" if t.space else ""),
    ),
)  # fmt: skip


def conllu(listed: Iterable[Token]) -> str:
    """Return tokens of one text in CoNLL-U (https://universaldependencies.org/format.html).

    Only ID, FORM and MISC are filled: the edition does not parse. MISC has the fields of the table.
    """
    lines: list[str] = []
    part = block = sentence = None
    for group in _sentences(listed):
        head = group[0]
        if head.part.id != part:
            part, block = head.part.id, None
            lines.append(f"# newdoc id = {head.text.id}-{part}")
        if head.block != block:
            block = head.block
            lines.append(f"# newpar id = {head.text.id}-{part}-b{block}")
        sentence = f"{head.text.id}-{part}-s{head.sentence}"
        words = "".join(t.words + (" " if t.space else "") for t in group).strip()
        lines += [f"# sent_id = {sentence}", f"# text = {words}"]
        lines += [_row(number, token) for number, token in enumerate(group, 1)]
        lines.append("")
    return "\n".join(lines) + "\n" if lines else ""


def _sentences(listed: Iterable[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in listed:
        if group and (token.part, token.sentence) != (group[0].part, group[0].sentence):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _row(number: int, token: Token) -> str:
    about = {
        "Place": token.place, "Note": token.note, "Lang": token.language, "Name": token.entry,
        "Emendation": token.emendation, "Certainty": token.certainty, "SpaceAfter": "" if token.space else "No",
    }  # fmt: skip
    misc = "|".join(f"{name}={value}" for name, value in about.items() if value) or "_"
    return "\t".join([str(number), token.words, *["_"] * 7, misc])


def plain_text(read: Iterable[TextBlock]) -> str:
    """Return the running text of a part for counting words: one paragraph per line, without notes
    and page numbers; ``read``: its blocks."""
    return "".join(f"{_line(block)}\n" for block in read if not block.note)


def _line(block: TextBlock) -> str:
    return " ".join(block.text.replace(BREAK, GAP_TEXT).split())
