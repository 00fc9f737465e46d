"""Make random editions with known layers: the model of the property tests.

Each piece of text comes with its source and with the readings of E, T and O, by the rules of
``docs/markup.md`` and without any code of the package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = (
    "the",
    "party",
    "congress",
    "of",
    "Lenin",
    "opposition",
    "Paris",
    "naïve",
    "1927",
    "II",
    "who?",
    "a",
    "café",
)
#: OCR noise with every character that Markdown, roles, XML and HTML could take for their own.
NOISE = (
    "■",
    "fi*otsky",
    "192li",
    "<b>",
    "a < b",
    "&amp;",
    "]]>",
    "_x_",
    "[1]",
    "{ocr}",
    "\\",
    "»",
    "1 ̂",
    "#",
    "|",
    "?",
    "(x)",
    "  y",
)
RUSSIAN = ("меньшевизм", "ЦК партии", "миру")
KEYS = {
    "person": "stalin",
    "place": "moscow",
    "org": "politburo",
    "event": "civil-war",
    "work": "prophet",
}
#: Names that are exactly one entry's form.
FORMS = {
    "person": "Stalin",
    "place": "Moscow",
    "org": "Politburo",
    "event": "Civil War",
    "work": "The Prophet Unarmed",
}
#: The kinds of blocks, paragraphs more often than others.
KINDS = (
    "paragraph", "paragraph", "paragraph", "paragraph", "quotation", "list", "table", "verse", "figure", "stage",
)  # fmt: skip
FORMULAS = ("a_1^2", r"\frac{a}{b}", r"\{x\}", "x < y", "*b*")
#: Values of the phrases of a source.
VALUES = {
    "u": "",
    "uu": "",
    "del": " <struck @anna>",
    "add": " <margin> ?",
    "surplus": " <repeated> ?",
    "damage": " <water>",
    "date": " <1927>",
    "num": " <-2.5>",
}


@dataclass(slots=True)
class Piece:
    """The source and layers of a piece of text on one line."""

    source: str
    e: str
    t: str
    o: str


@dataclass(slots=True)
class Line:
    """A line of the source. ``end`` is the line end in running text: a space or nothing."""

    pieces: list[Piece] = field(default_factory=list)
    sign: str = ""
    tail: str = ""
    tail_o: str = ""
    end: str = " "
    note: int = 0
    page: str = ""
    new_page: bool = False
    column: str = ""
    displaced: bool = False
    number: int = 0

    def layer(self, name: str) -> str:
        """Return the reading of a layer; the sign of a list item precedes the words of the source."""
        words = " ".join(getattr(piece, name) for piece in self.pieces)
        return words if name == "source" else self.sign + words

    @property
    def o(self) -> str:
        number = str(self.note) if self.note else ""
        return fold(self.layer("o") + number + self.tail_o)

    @property
    def source(self) -> str:
        page = f"{{pb}}`{self.page}`" if self.new_page else ""
        pin = f"{{o}}`{self.number}`" if self.displaced else ""
        note = f"[^{self.note}]" if self.note else ""
        column = f"{{cb}}`{self.column}`" if self.column else ""
        return page + column + pin + self.layer("source") + note + self.tail


@dataclass(slots=True)
class Block:
    """A block of a ``kind`` (:data:`KINDS`), or a note."""

    lines: list[Line]
    kind: str = "paragraph"
    notes: list[Block] = field(default_factory=list)
    label: int = 0
    spaced: bool = False

    def layer(self, name: str) -> str:
        """Return the block as running text."""
        text, end = "", ""
        for line in self.lines:
            words = line.layer(name)
            if not words.strip():
                continue
            text += end + words
            end = line.end
        return fold(text)


@dataclass(slots=True, repr=False)
class Model:
    """A chapter: its blocks, its source, its witness and page table."""

    blocks: list[Block]
    source: str = ""
    witness: str = ""
    pages: str = ""

    def __repr__(self) -> str:
        """Return the files, so that a failed example can be tried by hand."""
        return f"{self.source}--- witness\n{self.witness}--- pages\n{self.pages}"

    @property
    def notes(self) -> list[Block]:
        return [note for block in self.blocks for note in block.notes]


def fold(text: str) -> str:
    return " ".join(text.split())


def role(name: str, inside: str, tail: str = "") -> str:
    """Return a role around ``inside``, with more backticks than it contains."""
    fence = "`" * (max((len(run) for run in re.findall("`+", inside)), default=0) + 1)
    text = inside + tail
    return f"{{{name}}}{fence}{text}{' ' if text.endswith('`') else ''}{fence}"


_certainty = st.sampled_from(["", " ?", " ??", " ? #auto", " (why: a `reason)".replace("`", "")])


@st.composite
def words(draw: st.DrawFn) -> Piece:
    text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
    return Piece(text, text, text, text)


@st.composite
def sic(draw: st.DrawFn, inside: Piece | None = None) -> Piece:
    plain = inside or draw(words())
    slip = draw(st.sampled_from(["adament", "teh", "anticlimatic", "x-y"]))
    return Piece(role("sic", plain.source, f" <{slip}>{draw(_certainty)}"), plain.e, slip, slip)


@st.composite
def ocr(draw: st.DrawFn) -> Piece:
    inside = draw(st.one_of(words(), sic(), phrase(), written(curled=False)))
    misread = draw(st.sampled_from(NOISE))
    return Piece(
        role("ocr", inside.source, f" <{misread}>{draw(_certainty)}"), inside.e, inside.t, misread
    )


@st.composite
def noise(draw: st.DrawFn) -> Piece:
    mark = draw(st.sampled_from(NOISE))
    return Piece(role("ocr", "", f" <{mark}>"), "", "", mark)


@st.composite
def empty(draw: st.DrawFn) -> Piece:
    """Make noise, a loss, a gap, supplied words or a blank space: T and O differ in the amount of text."""
    kind = draw(st.sampled_from(["noise", "loss", "gap", "space", "supplied", "unclear"]))
    word = draw(st.sampled_from(WORDS))
    if kind == "noise":
        return draw(noise())
    if kind == "loss":
        return Piece(word + role("ocr", ",", " <>"), word + ",", word + ",", word)
    if kind == "gap":
        return Piece(role("gap", "2 words"), "[…]", "[…]", "")
    if kind == "space":
        return Piece(role("space", "2 words"), "[ ]", "[ ]", "")
    if kind == "supplied":
        return Piece(role("supplied", word, " ?"), word, word, "")
    return Piece(role("unclear", word, " ?"), word, word, word)


@st.composite
def phrase(draw: st.DrawFn) -> Piece:
    name = draw(st.sampled_from(["ru", "insertion", "authorsic"]))
    words = {
        "ru": RUSSIAN,
        "insertion": [f"[{word}]" for word in WORDS],
        "authorsic": ["[sic]", "(sic!)"],
    }
    text = draw(st.sampled_from(words[name]))
    return Piece(role(name, text), text, text, text)


@st.composite
def written(draw: st.DrawFn, *, curled: bool = True) -> Piece:
    """Make what the source itself shows: typography, deletions, additions, other spellings, values.

    If ``curled``, it may contain a glyph of the table, which no reading of a layer may.
    """
    word = draw(st.sampled_from(WORDS))
    kind = draw(st.sampled_from(sorted({"*", "**", *VALUES, "subst", "abbr", "orig"})))
    layer = kind in ("abbr", "orig", "subst")
    plain = draw(curly() if curled and not layer and draw(st.booleans()) else words())
    if kind in ("abbr", "orig"):
        return Piece(
            role(kind, plain.source, f" <{word}x>{draw(_certainty)}"),
            plain.e,
            f"{word}x",
            f"{word}x",
        )
    if kind == "subst":
        tail = draw(st.sampled_from(["", " above", " above ?"]))
        old = f"{word} z "
        return Piece(
            role(kind, plain.source, f" <{old}>{tail}"), plain.e, old + plain.t, old + plain.o
        )
    if kind in ("*", "**"):
        return Piece(f"{kind}{plain.source}{kind}", plain.e, plain.t, plain.o)
    tail = VALUES[kind] if kind in ("date", "num") or draw(st.booleans()) else ""
    e = "" if kind in ("del", "surplus") else plain.e
    return Piece(role(kind, plain.source, tail), e, plain.t, plain.o)


@st.composite
def milestone(draw: st.DrawFn) -> Piece:
    """Make a point inside a line, without text: another hand, a place in another system of reference."""
    name, value = draw(st.sampled_from([("hand", "@anna"), ("milestone", "bekker 1094a")]))
    return Piece(role(name, value), "", "", "")


@st.composite
def curly(draw: st.DrawFn) -> Piece:
    word = draw(st.sampled_from(WORDS))
    return Piece(f"“{word}’s", f"\"{word}'s", f"\"{word}'s", f"“{word}’s")


@st.composite
def name(draw: st.DrawFn, depth: int = 2) -> Piece:
    kind = draw(st.sampled_from(sorted(KEYS)))
    if draw(st.booleans()):
        form = FORMS[kind]
        return Piece(role(kind, form), form, form, form)
    inner = [
        words(),
        ocr(),
        sic(),
        curly(),
        phrase(),
        written(),
        milestone(),
        *([name(depth - 1)] if depth else []),
    ]
    pieces = draw(st.lists(st.one_of(inner), min_size=1, max_size=3))
    joined = [" ".join(getattr(p, x) for p in pieces) for x in ("source", "e", "t", "o")]
    return Piece(role(kind, joined[0], f" <{KEYS[kind]}>"), *joined[1:])


@st.composite
def formula(draw: st.DrawFn) -> Piece:
    """Make TeX, which the OCR may have misread."""
    tex = draw(st.sampled_from(FORMULAS))
    plain = Piece(role("math", tex), tex, tex, tex)
    if draw(st.booleans()):
        return plain
    return Piece(role("ocr", plain.source, " <xz>"), tex, tex, "xz")


_piece = st.one_of(
    words(), words(), ocr(), sic(), name(), empty(), phrase(), curly(), written(), milestone(), formula()
)  # fmt: skip


@st.composite
def line_pair(draw: st.DrawFn) -> list[Line]:
    """Make one line, or two that belong together: a divided word, a name, a hyphen that belongs to the word."""
    first = Line([draw(words()), *draw(st.lists(_piece, max_size=4))])
    kind = draw(st.sampled_from(["one", "one", "one", "hyphen", "lost", "own", "name"]))
    if kind == "one":
        return [first]
    second = Line([draw(words()), *draw(st.lists(_piece, max_size=2))])
    if kind == "name":
        first.pieces.append(Piece(role("person", "General…", " <stalin>"), *["General"] * 3))
        second.pieces.insert(0, Piece(role("person", "…Secretary"), *["Secretary"] * 3))
        return [first, second]
    stem, hyphen = Piece(*["isola"] * 4), "" if kind == "lost" else "-"
    second.pieces.insert(0, Piece(*["tion"] * 4))
    first.pieces.append(Piece(*["well-"] * 4) if kind == "own" else stem)
    first.end = ""
    if kind != "own":
        first.tail, first.tail_o = f"{hyphen}¬", hyphen
    return [first, second]


def _whole(line: Line) -> bool:
    """Return whether neither a word nor a name continues in the next line."""
    return line.end == " " and not line.source.endswith("<stalin>`")


@st.composite
def block(draw: st.DrawFn) -> Block:
    lines = [line for pair in draw(st.lists(line_pair(), min_size=1, max_size=3)) for line in pair]
    found = Block(lines, draw(st.sampled_from(KINDS)))
    if found.kind == "table":
        found.lines = lines = [draw(_row()) for _line in lines]
    if found.kind in ("paragraph", "quotation") and draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(1, len(lines)))
        if _whole(lines[at - 1]):  # dirt of the machine alone in a line
            lines.insert(at, Line([draw(noise())]))
    for number, line in enumerate(lines):
        if found.kind == "list" and (not number or _whole(lines[number - 1])):
            line.sign = "- "
        if draw(st.integers(0, 4)) == 0 and _whole(line) and line.layer("e").strip():
            text = [x for pair in draw(st.lists(line_pair(), min_size=1, max_size=2)) for x in pair]
            found.notes.append(Block(text, spaced=draw(st.booleans())))
            line.note = -1  # numbered by the layout
    return found


@st.composite
def _row(draw: st.DrawFn) -> Line:
    """Make a row of two cells, without further cell separators."""
    cell = st.one_of(words(), sic(), name(), phrase(), written(), formula())
    return Line([draw(cell), draw(cell)])


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Make a chapter laid out on pages: numbers, witness lines, source."""
    model = Model(draw(st.lists(block(), min_size=4, max_size=9)))
    for number, found in enumerate(model.blocks):  # of two lists with one sign Markdown makes one
        for line in found.lines if number % 2 else ():
            line.sign = line.sign.replace("-", "+")
    head = Line([Piece(*["HEAD"] * 4)])
    everything = [head, *(line for found in model.blocks for line in found.lines)]
    pages, notes_of = _pages(draw, model, everything)
    physical: list[str] = []
    table = ["page,first_line,last_line,number_seen_at_line,note"]
    for label, lines in pages.items():
        start = len(physical) + 1
        order = _displace(draw, lines)
        for line in order + [x for note in notes_of[label] for x in note.lines]:
            if not line.o:
                continue
            physical += [""] * draw(st.integers(0, 1))
            physical.append(line.o.replace(" ", draw(st.sampled_from([" ", "  ", "\t"]))))
            line.number = len(physical)
        table.append(f"{label},{start},{len(physical)},,")
    model.witness = "\n".join(physical) + "\n"
    model.pages = "\n".join(table) + "\n"
    model.source = _source(model, head)
    return model


def _pages(
    draw: st.DrawFn, model: Model, everything: list[Line]
) -> tuple[dict[str, list[Line]], dict[str, list[Block]]]:
    """Assign every line to a page, and number the notes; a note is on the page of its reference."""
    pages: dict[str, list[Line]] = {"1": []}
    notes_of: dict[str, list[Block]] = {"1": []}
    waiting = iter(model.notes)
    number = 0
    everything[0].new_page = True
    for line in everything:
        if line is not everything[0] and draw(st.integers(0, 7)) == 0 and line.layer("o").strip():
            line.new_page = True
            pages[str(len(pages) + 1)] = []
        if line is not everything[0] and line.layer("t").strip():
            line.column = draw(st.sampled_from(["", "", "", "", "a", "2"]))
        line.page = str(len(pages))
        pages[line.page].append(line)
        notes_of.setdefault(line.page, [])
        if line.note:
            number += 1
            line.note = number
            note = next(waiting)
            note.label = number
            first = note.lines[0].pieces[0]
            first.o = f"{number}{' ' if note.spaced else ''}{first.o}"
            notes_of[line.page].append(note)
    return pages, notes_of


def _displace(draw: st.DrawFn, lines: list[Line]) -> list[Line]:
    """Return the order of the lines in the witness, in which two sometimes change places."""
    order = list(lines)
    if len(order) > 3 and draw(st.booleans()):
        at = draw(st.integers(1, len(order) - 2))
        if order[at].o and order[at + 1].o:
            order[at].displaced = True
            order[at], order[at + 1] = order[at + 1], order[at]
    return order


def _source(model: Model, head: Line) -> str:
    parts = [f"{head.source}\n==="]
    for found in model.blocks:
        parts.append(_WRITTEN[found.kind](found))
        parts += [
            f"[^{note.label}]: " + "\n    ".join(line.source for line in note.lines)
            for note in found.notes
        ]
    return "\n\n".join(parts) + "\n"


def _lines(found: Block, sign: str = "") -> str:
    return "\n".join(sign + line.source for line in found.lines)


def _listed(found: Block) -> str:
    return "\n".join((line.sign or "  ") + line.source for line in found.lines)


def _table(found: Block) -> str:
    rows = []
    for line in found.lines:
        whole = line.source
        note = f"[^{line.note}]" if line.note else ""
        first = whole[: len(whole) - len(note) - len(line.pieces[1].source) - 1]
        rows.append(f"| {first} | {line.pieces[1].source}{note} |")
    return "\n".join([rows[0], "|---|:-:|", *rows[1:]])


def _verse(found: Block) -> str:
    """Mark a line that continues in the next one; a divided word already does."""
    lines = [
        line.source
        + ("" if _whole(line) or line.source.endswith("\N{NOT SIGN}") else " \N{NOT SIGN}")
        for line in found.lines
    ]
    return "\n".join(["```{verse}", *lines, "```"])


def _fenced(name: str, options: str = "") -> Callable[[Block], str]:
    return lambda found: f"```{{{name}}}\n{options}{_lines(found)}\n```"


_WRITTEN: dict[str, Callable[[Block], str]] = {
    "paragraph": _lines,
    "quotation": lambda found: _lines(found, "> "),
    "list": _listed,
    "table": _table,
    "verse": _verse,
    "figure": _fenced("figure", ":alt: What it shows\n\n"),
    "stage": _fenced("stage"),
}
