"""Identify the running program: a digest of this package's files and of the installed packages."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.model.opened_files import combined_digest, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The folder of the running program.
PACKAGE = Path(__file__).parents[1]


@cache
def program_digest(package: Path = PACKAGE) -> str:
    """Return the digest; the version number alone would miss changes between two versions.

    Other packages count by name and version, as in the names of their folders.
    """
    installed = [(name, "") for entry in sys.path for name in _installed(Path(entry))]
    return combined_digest([*_files(package), *installed, ("python", sys.version)])


def _files(package: Path) -> Iterator[tuple[str, str]]:
    """Yield every file with its digest; without ``Path``, whose objects would take longer than reading the files."""
    for folder, folders, names in os.walk(package):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        below = folder[len(str(package)) :]
        for name in names:
            try:
                with open(f"{folder}/{name}", "rb", buffering=0) as file:  # noqa: PTH123
                    yield f"{below}/{name}", digest_of(file.read())
            except OSError:
                yield f"{below}/{name}", ""


def _installed(folder: Path) -> list[str]:
    """Return the installed packages: ``sphinx-9.0.4.dist-info`` and the like."""
    try:
        return [name for name in os.listdir(folder) if name.endswith(".dist-info")]  # noqa: PTH208
    except OSError:
        return []
