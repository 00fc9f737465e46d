"""Abort a build: print every problem, no traceback, write nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.problems import Problem


class EditionProblems(SystemExit):
    """Ends the program with exit code 1 and prints its text to standard error.

    It is not a ``SphinxError``: for those, ``sphinx-build`` adds a traceback and a description of
    the machine, which do not help an editor to correct a reading.
    """


def fail(problems: Sequence[Problem]) -> EditionProblems:
    """Return the exception that ends a build, with each problem on its own lines."""
    shown = [f"{p.file}:{p.line}: [{p.code}] {p}" for p in problems]
    word = "problem" if len(shown) == 1 else "problems"
    head = f"The edition has problems: {len(shown)} {word}; nothing was written."
    return EditionProblems("\n".join([head, *shown]))
