"""What the checks without word lists find in one document, in a form that can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tei_export.words import text_checks
from tei_export.words.guard import compound_parts, without_possessive

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from tei_export.words.text_checks import WordFinding
    from tei_export.words.tokens import TextBlock, Word


@dataclass(frozen=True, slots=True)
class DocumentFindings:
    """Doubled words and unbalanced marks of a document; ``accepted``: the words, with language and place, that
    rows of ``words.csv`` may accept.

    ``begins`` is the first letter of the first block, None where there is no block: a quotation may
    go on there. ``last`` are the unbalanced marks of the last block, by the first letter of what
    follows it.
    """

    begins: str | None
    doubled: Sequence[WordFinding]
    unbalanced: Sequence[WordFinding]
    last: dict[str, Sequence[WordFinding]]
    accepted: AbstractSet[tuple[str, str, str]]


def findings(blocks: Sequence[TextBlock], rows: Collection[str]) -> DocumentFindings:
    """Check the blocks of a document; ``rows``: the words of ``words.csv``."""

    @cache
    def concerned(text: str) -> bool:
        return any(form in rows for form in _forms(text))

    words = (word for block in blocks for word in block.words(concerned))
    letters = ("", *sorted(text_checks.QUOTATION))
    return DocumentFindings(
        begins=blocks[0].text[:1] if blocks else None,
        doubled=list(text_checks.doubled(blocks)),
        unbalanced=[
            found
            for block, following in pairwise(blocks)
            for found in text_checks.unbalanced_in(block, following.text)
        ],
        last={c: list(text_checks.unbalanced_in(blocks[-1], c)) for c in letters} if blocks else {},
        accepted={row for word in words for row in _rows(word) if row[0] in rows},
    )


def of_text(documents: Sequence[DocumentFindings]) -> Iterator[WordFinding]:
    """Yield what was found in the documents of a text, in their order."""
    for document in documents:
        yield from document.doubled
    begins = ""
    unbalanced: list[Iterable[WordFinding]] = []
    for document in reversed(documents):
        if document.begins is not None:
            unbalanced += [document.last.get(begins, document.last[""]), document.unbalanced]
            begins = document.begins
    for found in reversed(unbalanced):
        yield from found


def _forms(text: str) -> Iterator[str]:
    """Yield the forms of a word that a row may accept: the whole, and each part of a compound."""
    yield (whole := without_possessive(text))
    yield from compound_parts(whole)


def _rows(word: Word) -> Iterator[tuple[str, str, str]]:
    """Yield the rows that could accept ``word`` at its place."""
    for accepted in _forms(word.text):
        yield accepted, word.language, word.place
