"""Report letters that no typeface of the book has: a reading system would draw boxes.

In the readings of a witness they only cause a warning: such readings may be OCR noise, and the
reading system falls back to its own fonts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.outputs.epub.xhtml import OPS
from tei_export.schema import safe_xml
from tei_export.shared.elements import element
from tei_export.shared.typefaces import one_problem_per_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tei_export.model.problems import Problem
    from tei_export.outputs.epub.xhtml import XhtmlDocument
    from tei_export.shared.typefaces import Typefaces

#: The folder with the readings of the witness.
WITNESS = "apparatus/"


def missing_letters(
    documents: Sequence[XhtmlDocument], sources: Iterable[Path], folder: Path, faces: Typefaces
) -> list[Problem]:
    """Return a problem for every letter in the ``documents`` that no typeface has, at its first
    place in the ``sources``; if no line has it, at the document."""
    wanted = {
        c: d.path
        for d in documents
        if not d.path.startswith(WITNESS)
        for c in faces.lacking(text_of(d))
    }
    return one_problem_per_letter(_places(wanted, sources if wanted else (), folder))


def _places(
    wanted: dict[str, str], sources: Iterable[Path], folder: Path
) -> Iterator[tuple[str, str, int]]:
    """Yield every place of the letters, as (letter, file, line)."""
    found: set[str] = set()
    for path in sources:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for letter in line:
                if letter in wanted:
                    found.add(letter)
                    yield letter, path.relative_to(folder).as_posix(), number
    for letter, document in wanted.items():
        if letter not in found:
            yield letter, document, 0


def text_of(document: XhtmlDocument) -> str:
    """Return the whole visible text of a document."""
    body = safe_xml.fromstring(element("b", document.body, **{"xmlns:epub": OPS}))
    return document.title + "".join(str(piece) for piece in body.itertext())
