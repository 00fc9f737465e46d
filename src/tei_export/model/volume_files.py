"""The names of the files of a text that may have several volumes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def volume_file(stem: str, ending: str, number: int = 0) -> str:
    """Return ``thesis.pdf`` for the only volume (``number`` 0), ``thesis.2.pdf`` for the second."""
    return f"{stem}.{number}.{ending}" if number else f"{stem}.{ending}"


def files_of(folder: Path, stem: str, ending: str) -> list[Path]:
    """Return the file of the only volume, or those of all, in their order, as they are in ``folder``."""
    whole = folder / volume_file(stem, ending)
    if whole.is_file():
        return [whole]
    name = re.compile(rf"{re.escape(stem)}\.(\d+)\.{re.escape(ending)}")
    found = ((name.fullmatch(path.name), path) for path in folder.glob(f"{stem}.*.{ending}"))
    return [path for _number, path in sorted((int(m[1]), path) for m, path in found if m)]
