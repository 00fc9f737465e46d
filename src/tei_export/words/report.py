"""The reports of ``tei-export words`` and ``tei-export check`` on the words of an edition."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tei_export.model.opened_files import combined_digest
from tei_export.source.facts import domain_of
from tei_export.source.kept_findings import KeptFindings
from tei_export.source.trees import trees_of
from tei_export.words import accepted_words as accepted_module
from tei_export.words import document_findings, text_checks
from tei_export.words.document_findings import DocumentFindings
from tei_export.words.guard import Guard
from tei_export.words.tokens import blocks
from tei_export.words.word_lists import WordLists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from docutils import nodes
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
        self._rows = {row.word for row in self._accepted.rows}
        self._first = next(iter(self._edition.texts), "")

    @cached_property
    def _words(self) -> dict[str, list[Word]]:
        return {
            key: [word for block in self._blocks(text) for word in block.words()]
            for key, text in self._edition.texts.items()
        }

    def words(self) -> list[Word]:
        """Return the words of all texts."""
        return [word for words in self._words.values() for word in words]

    def _prefix(self, key: str) -> str:
        return "" if key == self._first else key

    def _blocks(self, text: Text) -> Iterator[TextBlock]:
        tree = trees_of(self._app.env)
        for part in text.parts:
            yield from self._of_tree(text, part.doc, tree(part))

    def _of_tree(self, text: Text, doc: str, tree: nodes.document) -> list[TextBlock]:
        return blocks(tree, f"{doc}.md", text.language, self._prefix(text.id))

    def find_in_time(self) -> None:
        """Check single documents while they are read."""
        for text in self._edition.texts.values():
            self._kept(text).find_in_time([part.doc for part in text.parts], self._find_in(text))

    def _documents(self, text: Text) -> list[DocumentFindings]:
        """Return the findings of the checks of single documents; only changed documents are read."""
        docnames = [part.doc for part in text.parts]
        return list(self._kept(text).of(docnames, self._find_in(text)).values())

    def _kept(self, text: Text) -> KeptFindings[DocumentFindings]:
        depends = combined_digest((word, "") for word in self._rows)
        return KeptFindings(self._app.env, f"words-{text.id}", depends)

    def _find_in(self, text: Text) -> Callable[[str, nodes.document], DocumentFindings]:
        return lambda doc, tree: document_findings.findings(
            self._of_tree(text, doc, tree), self._rows
        )

    def _findings(
        self, text: Text, documents: Sequence[DocumentFindings]
    ) -> Iterator[text_checks.WordFinding]:
        facts = domain_of(self._app.env).facts
        yield from document_findings.of_text(documents)
        cited = [c for part in text.parts for c in facts[part.doc].citations]
        yield from text_checks.pages_beyond(
            cited,
            self._edition.registers["works"],
            lambda: self._blocks(text),
            text.language,
            self._prefix(text.id),
        )

    def cheap(self, texts: Sequence[str]) -> list[Problem]:
        """Return the problems found without word lists.

        They are doubled words, unbalanced marks, pages beyond the end of a work, and rows of
        ``words.csv`` whose word no text has.
        """
        read = {key: self._documents(text) for key, text in self._edition.texts.items()}
        findings = {
            key: list(self._findings(text, read[key])) for key, text in self._edition.texts.items()
        }
        open_ones = [
            f.problem
            for key in texts
            for f in findings[key]
            if not self._accepted.has(f.accepted, f.language, f.place)
        ]
        seen = {(f.accepted, f.language, f.place) for found in findings.values() for f in found}
        seen = seen.union(*(one.accepted for documents in read.values() for one in documents))
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


def _numbers(count: Count, *, all_words: bool) -> str:
    kind = "words" if all_words else "restored words"
    names = {
        "list": "in a word list",
        "register": "in the registers",
        "witness": "undamaged elsewhere in the witness",
        "accepted": "accepted in words.csv",
        "nobody": "open",
    }
    return f"{count.words} {kind}: " + ", ".join(
        f"{count.vouched[key]} {name}" for key, name in names.items()
    )
