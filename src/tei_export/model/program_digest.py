"""Identify the running program: a digest of this package's files and of the installed packages."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from tei_export.model.opened_files import combined_digest, digest

#: The folder of the running program.
PACKAGE = Path(__file__).parents[1]


@cache
def program_digest(package: Path = PACKAGE) -> str:
    """Return the digest; the version number alone would miss changes between two versions.

    Other packages count by name and version, as in the names of their folders.
    """
    own = [
        (path.relative_to(package).as_posix(), digest(path))
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    installed = [(name, "") for entry in sys.path for name in _installed(Path(entry))]
    return combined_digest([*own, *installed, ("python", sys.version)])


def _installed(folder: Path) -> list[str]:
    """Return the installed packages: ``sphinx-9.0.4.dist-info`` and the like."""
    return [path.name for path in folder.glob("*.dist-info")] if folder.is_dir() else []
