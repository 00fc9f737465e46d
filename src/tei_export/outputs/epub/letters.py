"""Find letters that the book's typeface lacks: a reading system without them would draw boxes.

Only the witness readings in the apparatus are exempt: they are OCR noise, and letters missing from
the embedded typeface fall back to the reading system's.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.problems import Problem, letter_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tei_export.outputs.epub.xhtml import Document

#: The folder with the readings of the witness.
WITNESS = "apparatus/"


@cache
def covered() -> frozenset[str]:
    """Return the letters that the embedded files cover."""
    lines = files("tei_export.outputs.epub").joinpath("letters.txt").read_text(encoding="utf-8").splitlines()
    ends = [line.split("-") for line in lines if line and not line.startswith("#")]
    return frozenset(chr(code) for first, last in ends for code in range(int(first, 16), int(last, 16) + 1))


def lacking(text: str) -> list[str]:
    """Return the letters of ``text`` that the typeface lacks, each once; white space is ignored."""
    return [c for c in dict.fromkeys(text) if c not in covered() and unicodedata.category(c)[0] not in "ZC"]


def missing_letters(documents: Iterable[Document], sources: Iterable[Path], folder: Path) -> Iterator[Problem]:
    """Report each line of the ``sources`` with letters in ``documents`` that the typeface lacks.

    If no line contains a letter, the problem names the document itself.
    """
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
    body = etree.fromstring(f'<b xmlns:epub="urn:epub">{document.body}</b>', etree.XMLParser(resolve_entities=False))
    return document.title + "".join(str(piece) for piece in body.itertext())
