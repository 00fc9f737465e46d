"""Report letters of the texts that no typeface of PDF and EPUB has, before anything is built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.problems import EditionError
from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.shared.typefaces import one_problem_per_letter, typefaces
from tei_export.source.facts import domain_of
from tei_export.source.kept_findings import KeptFindings
from tei_export.source.nodes import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition
    from tei_export.model.problems import Problem


def problems(app: Sphinx) -> list[Problem]:
    """Return ``font-file``, or ``typeface-letter`` for each letter of T and E that no typeface has.

    The letters of a witness are exempt: EPUB and PDF warn of them.
    """
    edition: Edition = app.edition  # type: ignore[attr-defined]
    try:
        faces = typefaces(edition)
    except EditionError as error:
        return list(error.problems)
    found: list[tuple[str, str, int]] = []
    for doc, letters in _kept(app.env).of(_parts(edition), _letters).items():
        missing = set(faces.lacking(letters))
        if missing:
            path = Path(app.env.doc2path(doc))
            found += _places(missing, path.read_text(encoding="utf-8"), f"{doc}.md")
    return one_problem_per_letter(found)


def find_in_time(env: BuildEnvironment) -> None:
    """Look for the letters while the documents are read."""
    _kept(env).find_in_time(_parts(domain_of(env).edition), _letters)


def _kept(env: BuildEnvironment) -> KeptFindings[str]:
    return KeptFindings(env, "letters")


def _parts(edition: Edition) -> list[str]:
    return [part.doc for text in edition.texts.values() for part in text.parts]


def _letters(_docname: str, tree: nodes.document) -> str:
    """Return every letter that a part shows, once."""
    return "".join(dict.fromkeys("".join(_texts(tree))))


def _texts(tree: nodes.document) -> Iterator[str]:
    """Yield the text of a part, and the reading of T where it differs from E."""
    yield tree.astext()
    for node in tree.findall(mark):
        if BY_NAME[node["kind"]].read_by("T") in (Reads.SOURCE, Reads.BOTH):
            yield node.get("source", "")


def _places(missing: set[str], source: str, file: str) -> Iterator[tuple[str, str, int]]:
    seen: set[str] = set()
    for number, line in enumerate(source.splitlines(), 1):
        for letter in (c for c in dict.fromkeys(line) if c in missing):
            seen.add(letter)
            yield letter, file, number
    for letter in sorted(missing - seen):  # written as a character reference
        yield letter, file, 0
