"""The reports of ``tei-export words`` and ``tei-export check`` on the words of an edition."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from tei_export.source.facts import doctrees, domain_of
from tei_export.words import accepted_words as accepted_module
from tei_export.words import text_checks
from tei_export.words.guard import Guard, compound_parts, without_possessive
from tei_export.words.tokens import blocks
from tei_export.words.word_lists import WordLists

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Text
    from tei_export.model.problems import Problem
    from tei_export.words.guard import Count
    from tei_export.words.tokens import TextBlock, Word


class WordReport:
    """The words of an edition that was read, and their problems.

    :raises EditionError: ``words-file``: ``words.csv`` cannot be read
    """

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._edition: Edition = app.edition  # type: ignore[attr-defined]
        self._accepted = accepted_module.load(self._edition.root, self._edition.record["languages"])
        self._first = next(iter(self._edition.texts), "")
        self._blocks = {key: self._read(text) for key, text in self._edition.texts.items()}

    @cached_property
    def _words(self) -> dict[str, list[Word]]:
        return {key: [w for b in found for w in b.words()] for key, found in self._blocks.items()}

    def words(self) -> list[Word]:
        """Return the words of all texts."""
        return [word for words in self._words.values() for word in words]

    def _prefix(self, key: str) -> str:
        return "" if key == self._first else key

    def _read(self, text: Text) -> list[TextBlock]:
        return [
            block
            for part, tree in doctrees(self._app.env, text)
            for block in blocks(tree, f"{part.doc}.md", text.language, self._prefix(text.id))
        ]

    def _findings(self, key: str) -> Iterator[text_checks.WordFinding]:
        found, text = self._blocks[key], self._edition.texts[key]
        facts = domain_of(self._app.env).facts
        yield from text_checks.doubled(found)
        yield from text_checks.unbalanced(found)
        cited = [c for part in text.parts for c in facts[part.doc].citations]
        yield from text_checks.pages_beyond(
            cited, self._edition.registers["works"], found, text.language, self._prefix(key)
        )

    def cheap(self, texts: Sequence[str]) -> list[Problem]:
        """Return the problems found without word lists.

        They are doubled words, unbalanced marks, pages beyond the end of a work, and rows of
        ``words.csv`` whose word no text has.
        """
        findings = {key: list(self._findings(key)) for key in self._edition.texts}
        open_ones = [
            f.problem
            for key in texts
            for f in findings[key]
            if not self._accepted.has(f.accepted, f.language, f.place)
        ]
        seen = {(f.accepted, f.language, f.place) for found in findings.values() for f in found}
        rows = {row.word for row in self._accepted.rows}

        @cache
        def concerned(text: str) -> bool:
            return not rows.isdisjoint(_forms(text))

        seen |= {
            row
            for found in self._blocks.values()
            for block in found
            for word in block.words(concerned)
            for row in _rows(word)
        }
        seen |= {(word, language, accepted_module.EVERYWHERE) for word, language, _ in seen}
        return [*open_ones, *accepted_module.unused(self._accepted, seen)]

    def unknown(
        self, texts: Sequence[str], root: Path, *, all_words: bool
    ) -> tuple[list[Problem], str]:
        """Return the words that nothing confirms, and a line of numbers.

        :raises EditionError: ``word-list``, ``record-field``.
        """
        guard = Guard(
            WordLists(self._edition, root), self._edition.registers, self._accepted, self.words()
        )
        found = [p for key in texts for p in guard.problems(self._words[key], all_words=all_words)]
        return found, _numbers(guard.count, all_words=all_words)


def _forms(text: str) -> Iterator[str]:
    """Yield the forms of a word that a row may accept: the whole, and each part of a compound."""
    yield (whole := without_possessive(text))
    yield from compound_parts(whole)


def _rows(word: Word) -> Iterator[tuple[str, str, str]]:
    """Yield the rows that could accept ``word`` at its place."""
    for accepted in _forms(word.text):
        yield accepted, word.language, word.place


def _numbers(count: Count, *, all_words: bool) -> str:
    kind = "words" if all_words else "restored words"
    names = {
        "list": "in a word list", "register": "in the registers", "witness": "undamaged elsewhere in the witness",
        "accepted": "accepted in words.csv", "nobody": "open",
    }  # fmt: skip
    return f"{count.words} {kind}: " + ", ".join(
        f"{count.vouched[key]} {name}" for key, name in names.items()
    )
