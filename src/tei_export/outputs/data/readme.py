"""Write the ``README.md`` of the data, which describes every file and column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tei_export.outputs.data.tables import (
    CITATIONS,
    EMENDATIONS,
    MENTIONS,
    PAGES,
    QUOTATIONS,
    REGISTERS,
    RELATIONS,
    SEPARATOR,
    CsvTable,
)
from tei_export.outputs.data.tokens import TOKENS
from tei_export.outputs.data.witnesses import READINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.model.metadata import Metadata

TABLES: tuple[CsvTable[Any], ...] = (
    *REGISTERS.values(),
    RELATIONS,
    MENTIONS,
    CITATIONS,
    QUOTATIONS,
    EMENDATIONS,
    READINGS,
    PAGES,
    TOKENS,
)
#: Files other than tables; TEXT and PART stand for the id of a text and of its part, N for a number from 2.
FILES = {
    "TEXT-agreement.csv": "of a text with several witnesses: how often each two agree, among the places where neither is lost",
    "TEXT.nex": "its readings as characters of a NEXUS matrix: 0 is the lemma, 1 the first reading …; ? means that the witness is lost",
    "TEXT-collation.json": "every place with the words of every witness, in the form of CollateX's JSON: `witnesses`, and `table` with one row for each place and one cell for each witness",
    "registers.jsonld": "all registers, and the relations between their entries, as JSON-LD, in the terms of https://schema.org",
    "registers.ttl": "the same as RDF/Turtle",
    "void.ttl": "what this graph is, and how many entities of each kind it has: VoID",
    "shapes.ttl": "what its statements look like: SHACL",
    "edition.jsonld": "the edition itself as JSON-LD",
    "edition.bib": "how to cite the edition and its texts: BibTeX",
    "edition.ris": "the same: RIS",
    "edition.json": "the same: CSL-JSON",
    "works.bib": "every work of the register of works: BibTeX",
    "works.ris": "the same: RIS",
    "works.json": "the same: CSL-JSON",
    "CITATION.cff": "how to cite the edition: Citation File Format 1.2.0",
    "tokens.N.csv": "how `tokens.csv` continues, which has at most a million rows, about as many as spreadsheets hold",
    "TEXT.conllu": "the tokens of the text with the id TEXT in CoNLL-U, by sentences",
    "TEXT.N.conllu": "how `TEXT.conllu` continues, which has at most a million tokens",
    "texts/TEXT/PART.txt": "the running text of each part, for counting words: one paragraph per line, without notes and page numbers",
    "oai.xml": "the metadata of edition and texts for harvesters: a static repository of OAI-PMH",
    "beacon.txt": "GND BEACON: identifier, number of mentions, address of the register entry",
}


def readme(meta: Metadata, names: Iterable[str]) -> str:
    """Return the README as Markdown; ``names`` are the files that it accompanies."""
    here = {described_as(name) for name in names}
    return "\n".join(_lines(meta, here)) + "\n"


def described_as(name: str) -> str:
    """Return the name under which the README describes a file: ``TEXT.conllu`` for ``thesis.conllu``.

    :raises LookupError: the README does not describe the file
    """
    for known in (*(table.file for table in TABLES), *sorted(FILES, key=lambda n: ".N." not in n)):
        pattern = re.escape(known).replace("TEXT", "[^/]+").replace("PART", "[^/]+")
        pattern = pattern.replace(r"\.N\.", r"\.\d+\.")
        if re.fullmatch(pattern, name):
            return known
    raise LookupError(name)


def gloss_of(name: str) -> str:
    """Return the description of the file ``name``; empty if the README does not list it."""
    try:
        return _glosses()[described_as(name)]
    except LookupError:
        return ""


def _glosses() -> dict[str, str]:
    return {**{table.file: table.gloss for table in TABLES}, **FILES}


def _lines(meta: Metadata, here: set[str]) -> Iterator[str]:
    yield f"# Data of “{meta.full_title}”"
    yield f"\nVersion {meta.version} ({meta.status}), {meta.date}. {meta.publisher}.\n\n{meta.caveat}\n\n## Rights\n"
    for right in meta.rights:
        yield f"- {right.of}: {right.name} <{right.uri}>. {right.statement}"
    yield "\n## Files\n\n| file | what |\n|---|---|"
    for name, gloss in _glosses().items():
        if name in here:
            yield f"| `{name}` | {gloss} |"
    yield (
        "\nSigla: a witness has the siglum that the record gives it; T is the original as restored from the witness, E the edited text."
        "\n\n## Tables\n\nUTF-8, separated by commas; the first row holds the names of the columns. "
        f"`{SEPARATOR}` separates the items of a list in one cell. A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, "
        "a tab or a carriage return), or that begins with an apostrophe, has one more apostrophe in front: "
        "remove one apostrophe from the front of every cell that begins with one to get the original value."
    )
    yield from columns()


def columns() -> Iterator[str]:
    """Yield the description of every table and its columns."""
    for table in TABLES:
        yield f"\n### {table.file}\n\n| column | what |\n|---|---|"
        yield from (f"| `{column.name}` | {column.gloss} |" for column in table.columns)
