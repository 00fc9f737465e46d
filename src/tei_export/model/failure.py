"""How a build ends that must not go on: every problem shown, no traceback, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.problems import Problem


class EditionProblems(SystemExit):
    """Ends the program with exit code 1 and its text on the standard error.

    Not a ``SphinxError``: for those ``sphinx-build`` prints a traceback and a report of the
    machine around the message, which helps nobody who has to correct a reading.
    """


def fail(problems: Sequence[Problem]) -> EditionProblems:
    """The exception that ends a build; every problem on lines of its own."""
    shown = [p.report for p in problems]
    word = "problem" if len(shown) == 1 else "problems"
    head = f"The edition has problems: {len(shown)} {word}; nothing was written."
    return EditionProblems("\n".join([head, *shown]))
