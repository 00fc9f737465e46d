"""The cheap checks of a text, which need no word list: doubled words, unbalanced marks, cited
pages that a work does not have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from roman_numerals import RomanNumeral

from tei_export.model.places import Place
from tei_export.model.problems import Problem
from tei_export.model.word_forms import pattern
from tei_export.source.nodes import GAP_TEXT
from tei_export.words.tokens import BREAK

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from tei_export.model.registers import Register
    from tei_export.source.facts import Citation
    from tei_export.words.tokens import TextBlock

_DOUBLED = r"(?<![\w'’MARKS-])(LETTERS(?:['’-]LETTERS)*)\s+\1(?![\w'’MARKS-])"
#: closing mark → the marks that it may close. Which of two quotation marks opens depends on the
#: language: “so”, „so“, „so”, «so», »so«, ”so”. German and Polish use several of them.
_PAIRS = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“„", "“": "„"}
_OPENING = frozenset("([{«“„")
#: Languages in which no quotation begins with a low mark: there „ is a misreading, which closes
#: nothing.
_HIGH = frozenset({"ca", "el", "en", "es", "fr", "grc", "it", "la", "pt", "tr"})
#: Languages in which » may open and « close, and those in which one mark does both.
_TURNED = frozenset({"bs", "cs", "da", "de", "fi", "hr", "hu", "pl", "sk", "sl", "sr", "sv"})
_ALIKE = frozenset({"fi", "sv"})
#: Languages that write abbreviations with a quotation mark between letters: צה"ל.
_GERSHAYIM = frozenset({"he", "yi"})
_SIGNS = re.compile("[" + re.escape("".join(sorted({'"', *_OPENING, *_PAIRS}))) + "]")
#: Marks that the next block may close, if it begins with one, too.
QUOTATION = frozenset('"“„”«»')
#: ``a)`` and ``12)`` number items, at the beginning or after a mark; nothing opens this bracket.
_ITEM = re.compile(r"(?:\A|[.,:;]\s+)(?:[^\W\d_]|\d{1,2})\Z")
_PAGES = re.compile(r"(?:(?P<front>[ivxlc]+), )?(?P<pages>\d+) (?:pages|pp?\b)\.?")
_VOLUMES = re.compile(r"\b(\d+) vols?\b")
_WHICH = re.compile(r"vols?\. (\d+(?:(?:, | and |, and )\d+)*)")
_PAGE = r"(?:\d+|[ivxlc]+)"
_CITED = re.compile(rf"(?:(?P<volume>\d+):)?(?P<first>{_PAGE})(?:[-–](?P<last>{_PAGE}))?")


class WordFinding(NamedTuple):
    """The finding of a check; ``accepted`` is the word of a row in ``words.csv`` that accepts it."""

    problem: Problem
    accepted: str
    language: str
    place: str


def doubled(blocks: Iterable[TextBlock]) -> Iterator[WordFinding]:
    """Report (``word-doubled``) the same word twice in a row, also across a line end."""
    for block in blocks:
        for match in pattern(_DOUBLED, block.text, re.IGNORECASE).finditer(block.text):
            second = block.at(match.end() - 1)
            words = re.sub(r"\s+", " ", match[0])
            problem = Problem("word-doubled", block.file, second.line, f"{words} at {second.place}")
            yield WordFinding(problem, words, second.language, second.place)


def unbalanced(blocks: Sequence[TextBlock]) -> Iterator[WordFinding]:
    """Report (``marks-unbalanced``) brackets and double quotation marks without a partner in their block.

    A quotation of several paragraphs has an opening mark before each, and one closing mark.
    Single quotation marks are not checked: they look like apostrophes.
    """
    for block, following in pairwise([*blocks, None]):
        assert block is not None
        yield from unbalanced_in(block, following.text if following else "")


def unbalanced_in(block: TextBlock, following: str) -> Iterator[WordFinding]:
    """``marks-unbalanced`` in one block; ``following``: the text of the next, or its first letter."""
    language = block.at(0).language if block.text else ""
    for position in unpaired(block.text, following, language):
        where = block.at(position)
        sign = block.text[position]
        around = block.text[max(0, position - 20) : position + 21].replace(BREAK, GAP_TEXT).strip()
        problem = Problem(
            "marks-unbalanced", block.file, where.line, f"{sign} at {where.place}, in: {around}"
        )
        yield WordFinding(problem, sign, where.language, where.place)


@dataclass(slots=True)
class _Open:
    sign: str
    at: int


def unpaired(text: str, following: str, language: str = "en") -> Iterator[int]:
    """Yield the positions of marks without a partner.

    :param following: the text of the next block, or its first letter
    :param language: the language of the text, which determines the quotation marks
    """
    tongue = language.partition("-")[0]
    opened: list[_Open] = []
    for match in _SIGNS.finditer(text):
        at, sign = match.start(), match[0]
        if sign == '"':
            if not (tongue in _GERSHAYIM and _between_letters(text, at)):
                yield from _straight(text, at, opened)
            continue
        closes = _closes(sign, tongue)
        if any(_has(opened, mark) for mark in closes):
            yield from _close(opened, closes, at)
        elif _opens(sign, text, at, tongue):
            opened.append(_Open(sign, at))
        elif closes and not (sign == ")" and _ITEM.search(text, max(0, at - 8), at)):
            yield at
    for mark in opened:
        if mark.sign not in QUOTATION or not following.startswith(mark.sign):
            yield mark.at


def _closes(sign: str, language: str) -> str:
    """Return the marks that ``sign`` may close; empty if it only opens."""
    found = _PAIRS.get(sign, "")
    if language in _HIGH:
        found = found.replace("„", "")
    if sign == "«" and language in _TURNED:
        return "»"
    if sign in "”»" and language in _ALIKE:
        found += sign
    return found


def _opens(sign: str, text: str, at: int, language: str) -> bool:
    if sign in _OPENING:
        return sign != "„" or language not in _HIGH
    turned = (sign == "»" and language in _TURNED) or (sign == "”" and language in _ALIKE)
    return turned and _starts(text, at)


def _starts(text: str, at: int) -> bool:
    """Return whether a mark stands before a word."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    inside = before.isalnum() or before in tuple(",.;!?")
    return not inside and bool(after) and not after.isspace()


def _between_letters(text: str, at: int) -> bool:
    return text[max(0, at - 1) : at].isalpha() and text[at + 1 : at + 2].isalpha()


def _has(opened: Sequence[_Open], sign: str) -> bool:
    return any(mark.sign == sign for mark in opened)


def _close(opened: list[_Open], signs: str, at: int) -> Iterator[int]:
    """Close the nearest of ``signs``; yield the marks opened after it, which have no partner."""
    if not any(_has(opened, sign) for sign in signs):
        yield at
        return
    while (last := opened.pop()).sign not in signs:
        yield last.at


def _straight(text: str, at: int, opened: list[_Open]) -> Iterator[int]:
    """Process ``\"``: it opens after a space, closes after a letter, and alternates elsewhere."""
    inside = _has(opened, '"')
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    starts = (not before or before.isspace()) and bool(after) and not after.isspace()
    ends = bool(before) and not before.isspace() and (not after or after.isspace())
    if inside and starts:
        # the quotation before it was never closed
        yield next(mark.at for mark in reversed(opened) if mark.sign == '"')
        opened[:] = [mark for mark in opened if mark.sign != '"']
        opened.append(_Open('"', at))
    elif inside:
        yield from _close(opened, '"', at)
    elif ends:
        yield at
    else:
        opened.append(_Open('"', at))


def pages_beyond(
    citations: Iterable[Citation],
    works: Register,
    blocks: Callable[[], Iterable[TextBlock]],
    language: str,
    text: str = "",
) -> Iterator[WordFinding]:
    """Report (``page-beyond``) a cited page or volume beyond the ``extent`` of a work in the
    register.

    ``language`` and ``text``: as for :func:`tei_export.words.tokens.blocks`. ``blocks`` returns its
    result; it is called only where a page is wrong.
    """
    lines: dict[str, int] = {}
    for citation in citations:
        entry = works.entries.get(citation.work)
        wrong = beyond_extent(citation.cited, entry.text("extent")) if entry else ""
        if wrong:
            place = f"{f'{text}:' if text else ''}{Place(citation.page, citation.line)}"
            what = f"{citation.work} {citation.cited}"
            lines = lines or {s.place: s.line for b in blocks() for s in reversed(b.stretches)}
            problem = Problem(
                "page-beyond",
                f"{citation.docname}.md",
                lines.get(place, 0),
                f"{what} at {place}: {wrong}",
            )
            yield WordFinding(problem, what, language, place)


def beyond_extent(cited: str, extent: str) -> str:
    """Return the part of ``cited`` (``12``, ``xv-xvi``, ``2:180``) that is outside ``extent``;
    empty without any.

    An extent states pages (``xii, 543 pages``), a number of volumes (``13 vols.``) or particular
    volumes (``vols. 1 and 2``). Any other text sets no limit.
    """
    match = _CITED.fullmatch(cited)
    if match is None:
        return ""
    volumes = _volumes(extent)
    if volumes:
        volume = match["volume"]
        return f"the work has {extent}" if volume and int(volume) not in volumes else ""
    pages = _PAGES.search(extent)
    if pages is None:
        return ""
    roman = bool(re.match("[ivxlc]", match["first"]))
    last = (pages["front"] and _number(pages["front"])) if roman else int(pages["pages"])
    ends = [_number(end) for end in (match["first"], match["last"]) if end]
    return f"the work has {pages[0]}" if last and max(ends) > last else ""


def _volumes(extent: str) -> Container[int]:
    """Return the volumes of a work; empty if its extent states none."""
    count, which = _VOLUMES.search(extent), _WHICH.fullmatch(extent)
    if which:
        return {int(number) for number in re.findall(r"\d+", which[1])}
    return range(1, int(count[1]) + 1) if count else ()


def _number(page: str) -> int:
    """Return the value of a page number; 0 if its letters are not a Roman numeral."""
    try:
        return int(page) if page.isdigit() else int(RomanNumeral.from_string(page))
    except ValueError:
        return 0
