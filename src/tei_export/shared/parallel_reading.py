"""Read the documents of an edition in several processes, as Sphinx can."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def read_in_parallel(app: Sphinx, processes: int) -> None:
    """Let ``app`` read its documents in so many processes, if all extensions allow it.

    Problems and warnings then come in any order, and an error is one of Sphinx about a process.
    """
    if processes < 2 or not all(e.parallel_read_safe for e in app.extensions.values()):
        return
    app.parallel = processes
    app.connect("env-before-read-docs", _order, priority=900)


def _order(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Order the documents: Sphinx gives each process a row of them, and all rows are to take the same time."""
    size = {name: Path(env.doc2path(name)).stat().st_size for name in docnames}
    docnames[:] = [name for row in rows(size, app.parallel) for name in row]


def rows(size: dict[str, int], number: int) -> Sequence[list[str]]:
    """Divide what has a ``size`` into rows of the same length and about the same size.

    The smallest ones, which are left over where the length does not divide the whole, come last.
    """
    ordered = sorted(size, key=lambda name: (-size[name], name))
    length = len(ordered) // number
    found: list[list[str]] = [[] for _ in range(number)]
    for name in ordered[: length * number]:
        free = [row for row in found if len(row) < length]
        min(free, key=lambda row: sum(size[held] for held in row)).append(name)
    return [*found, ordered[length * number :]]
