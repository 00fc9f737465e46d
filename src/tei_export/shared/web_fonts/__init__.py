"""The bundled typeface as web fonts: the site publishes all subsets, an EPUB contains those that it
needs.

``tools/web_fonts.py`` makes the fonts in ``fonts/``, the style sheet ``fonts.css`` that declares
them, and ``letters.txt``, which lists the letters of each subset.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: The name of the style sheet; the addresses in it are relative to it.
SHEET = "fonts.css"
_FACE = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)
_FILE = re.compile(r"libertinus-serif-(.+)-\d+-\w+\.woff2")


def sheet() -> str:
    """Return the style sheet, which declares every face."""
    return files(__name__).joinpath(SHEET).read_text(encoding="utf-8")


def letters() -> list[str]:
    """Return the lines of ``letters.txt``: ``subset: first-last …``."""
    return files(__name__).joinpath("letters.txt").read_text(encoding="utf-8").splitlines()


def font_files() -> dict[str, bytes]:
    """Return all files of the folder ``fonts``, the licence included, by their paths from the style sheet."""
    return {f"fonts/{f.name}": f.read_bytes() for f in files(__name__).joinpath("fonts").iterdir()}


def regular_faces(subsets: Collection[str]) -> list[str]:
    """Return the ``@font-face`` rules of the ``subsets`` in the regular weight, upright and italic."""
    return [
        face
        for face in _FACE.findall(sheet())
        if "font-weight: 400" in face and _subset(face) in subsets
    ]


def regular_files(subsets: Collection[str]) -> dict[str, bytes]:
    """Return the font files of those faces and the licence, by their paths from the style sheet."""
    folder = files(__name__).joinpath("fonts")
    fonts = [f for f in folder.iterdir() if "-400-" in f.name and _subset(f.name) in subsets]
    return {f"fonts/{f.name}": f.read_bytes() for f in (*fonts, folder.joinpath("OFL.txt"))}


def _subset(words: str) -> str:
    """Return the subset of the font file that ``words`` name; empty if they name none."""
    name = _FILE.search(words)
    return name[1] if name else ""
