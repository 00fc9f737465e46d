"""How a build ends that must not go on: every problem shown, no traceback, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.problems import Problem


class EditionProblems(SphinxError):
    """Sphinx shows its category and text, and exits with an error."""

    category = "The edition has problems"


def fail(problems: Sequence[Problem]) -> EditionProblems:
    """The exception that ends a build; every problem on lines of its own."""
    shown = [f"{p.file}:{p.line}: [{p.code}] {p}" for p in problems]
    word = "problem" if len(shown) == 1 else "problems"
    return EditionProblems("\n".join([f"{len(shown)} {word}; nothing was written.", *shown]))
