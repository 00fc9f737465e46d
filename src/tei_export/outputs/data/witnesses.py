"""Tables of several witnesses: one row per reading, their agreement, and a matrix for phylogenetics (NEXUS)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tei_export.outputs.data.collation import collation
from tei_export.outputs.data.csv_cells import table
from tei_export.outputs.data.tables import CsvColumn, CsvTable
from tei_export.shared.agreement import alike, entries, reading_indices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.model.apparatus import Emendation, Reading
    from tei_export.model.edition import Text
    from tei_export.shared.agreement import States
    from tei_export.source.facts import EditionDomain

#: An entry with one of its readings.
Row = tuple["Text", "Emendation", "Reading"]

READINGS: CsvTable[Row] = CsvTable(
    "readings.csv",
    "the readings of several witnesses, in reading order: a row a reading; who is in neither list is lost at the place",
    (
        CsvColumn("text", "id of the text", lambda r: r[0].id),
        CsvColumn("xml_id", "id of the entry in the TEI", lambda r: r[1].xml_id),
        CsvColumn("page", "page, empty in a text without pages", lambda r: r[1].page),
        CsvColumn("line", "line on the page; for a passage, its first line", lambda r: str(r[1].line)),
        CsvColumn("lemma", "the reading of the edited text", lambda r: r[1].lemma),
        CsvColumn("lemma_sigla", "the witnesses that agree with it; if empty, it is an emendation", lambda r: ", ".join(r[1].sigla)),
        CsvColumn(
            "reading", "the reading; empty if omitted or transposed. ⟦deleted⟧ \\added/ ⟨supplied⟩ {surplus} doubtful(?), […] illegible, "
            "sic [corrected, expanded, regular]", lambda r: r[2].text,
        ),
        CsvColumn("final", "the final reading of the witness, without deleted words", lambda r: r[2].final),
        CsvColumn("letters", "the letters in the file of the witness, which the proof compares", lambda r: r[2].letters),
        CsvColumn("sigla", "the witnesses that have this reading", lambda r: ", ".join(r[2].sigla)),
        CsvColumn(
            "class", "`substantive`, `omission`, `addition`, `transposition`, `orthographic`, `punctuation`, `division` or `state` (the same words, changed or "
            "doubtful in the witness)",
            lambda r: r[2].type,
        ),
        CsvColumn("certainty", "`high`, `medium` or `low`", lambda r: r[2].cert),
        CsvColumn("resp", "of the entry: `ed`, the editors; `auto`, a program, not reviewed", lambda r: r[1].resp),
        CsvColumn("why", "the reason for the reading, then that for the entry", lambda r: "; ".join(x for x in (r[2].why, r[1].why) if x)),
    ),
)  # fmt: skip
#: States of a character in a matrix: the lemma is 0, the readings follow.
_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def reading_rows(domain: EditionDomain) -> Iterator[Row]:
    """Yield the rows of :data:`READINGS`."""
    for text in domain.edition.texts.values():
        for entry in entries(domain, text) if text.several else ():
            yield from ((text, entry, reading) for reading in entry.readings)


def witness_files(domain: EditionDomain) -> dict[str, str]:
    """Return the files of each text with several witnesses, by name."""
    made: dict[str, str] = {}
    for text in domain.edition.texts.values():
        if text.several:
            found = entries(domain, text)
            read = reading_indices(text, found)
            made[f"{text.id}-agreement.csv"] = agreement(read)
            made[f"{text.id}.nex"] = nexus(text, found, read)
            made[f"{text.id}-collation.json"] = collation(domain, text)
    return made


def agreement(read: States) -> str:
    """Return how often each pair of witnesses agrees, of the places where both are present: ``812/906``."""
    rows = []
    for one, own in read.items():
        pairs = (alike(own, other) for other in read.values())
        rows.append([one, *(f"{same}/{both}" for same, both in pairs)])
    return table(["siglum", *read], rows)


def nexus(text: Text, found: Sequence[Emendation], read: States) -> str:
    """Return the entries as characters of a NEXUS file (Maddison, Swofford, Maddison 1997): ``?`` where a witness is lost.

    In an entry with more readings than symbols, the excess readings count as unknown.
    """
    ids = {w.siglum: re.sub(r"\W", "_", w.id) for w in text.witnesses}
    labels = " ".join(entry.xml_id.replace("-", "_") for entry in found)
    width = max((len(ids[s]) for s in read), default=0)
    matrix = "\n".join(
        f"        {ids[s]:<{width}}  "
        + "".join("?" if n is None or n >= len(_SYMBOLS) else _SYMBOLS[n] for n in own)
        for s, own in read.items()
    )
    most = min(max((len(e.readings) for e in found), default=1) + 1, len(_SYMBOLS))
    return (
        "#NEXUS\n\n"
        f"Begin TAXA;\n    Dimensions ntax={len(read)};\n    TaxLabels {' '.join(ids[s] for s in read)};\nEnd;\n\n"
        f"Begin CHARACTERS;\n    Dimensions nchar={len(found)};\n"
        f'    Format Datatype=Standard Missing=? Symbols="{_SYMBOLS[:most]}";\n'
        f"    CharLabels {labels};\n    Matrix\n{matrix};\nEnd;\n"
    )
