"""Letters that the book's typeface lacks: a reading system without them would draw boxes.

Only the readings of the witness in the apparatus are left out: they are the dirt of a machine,
and their letters are the reading system's own if the typeface has them not.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tei_export.model.problems import Problem, letter_names
from tei_export.schema import safe_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tei_export.outputs.epub.xhtml import Document

#: Where the readings of the witness stand.
WITNESS = "apparatus/"


@cache
def covered() -> frozenset[str]:
    """The letters that the embedded files have."""
    lines = files("tei_export.outputs.epub").joinpath("letters.txt").read_text(encoding="utf-8").splitlines()
    ends = [line.split("-") for line in lines if line and not line.startswith("#")]
    return frozenset(chr(code) for first, last in ends for code in range(int(first, 16), int(last, 16) + 1))


def lacking(text: str) -> list[str]:
    """The letters of ``text`` that the typeface has not, each once; spaces are none."""
    return [c for c in dict.fromkeys(text) if c not in covered() and unicodedata.category(c)[0] not in "ZC"]


def missing_letters(documents: Iterable[Document], sources: Iterable[Path], folder: Path) -> Iterator[Problem]:
    """A problem for every line of the ``sources`` with letters that the typeface lacks and that
    came into the ``documents``; where no line has one of them, for the document itself."""
    wanted = {c: d.path for d in documents if not d.path.startswith(WITNESS) for c in lacking(_text(d))}
    found: set[str] = set()
    for path in sources if wanted else ():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            letters = [c for c in dict.fromkeys(line) if c in wanted]
            found.update(letters)
            if letters:
                yield Problem("typeface-letter", path.relative_to(folder).as_posix(), number, letter_names(letters))
    for letter, document in wanted.items():
        if letter not in found:
            yield Problem("typeface-letter", document, 0, letter_names([letter]))


def _text(document: Document) -> str:
    body = safe_xml.fromstring(f'<b xmlns:epub="urn:epub">{document.body}</b>')
    return document.title + "".join(str(piece) for piece in body.itertext())
