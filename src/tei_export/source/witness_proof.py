"""Prove every witness with a file: its text according to the sources must equal the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.model.problems import Problem
from tei_export.model.witness_text import witness_text
from tei_export.model.word_differences import differences, word_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.model.edition import Text
    from tei_export.model.witnesses import Witness
    from tei_export.model.word_differences import WordDifference
    from tei_export.source.facts import EditionDomain

#: The maximum number of differences of one witness that are reported one by one.
_TOLD = 5_000


@dataclass(frozen=True, slots=True)
class WitnessProof:
    """The result for one witness: the words of its file, and where the sources differ: (file, difference)."""

    witness: Witness
    words: int
    differences: tuple[tuple[str, WordDifference], ...]


def pieces(domain: EditionDomain, text: Text, siglum: str) -> list[tuple[str, int, str]]:
    """Return the text of a witness according to the sources: (file, line, text), in its order."""
    found = []
    for part in text.parts:
        facts = domain.facts.get(part.doc)
        for line, words in witness_text(facts.events, siglum) if facts else ():
            found.append((f"{part.doc}.md", line, words))
        found.append((f"{part.doc}.md", 0, "\n"))
    return found


def prove(domain: EditionDomain, text: Text) -> list[WitnessProof]:
    """Compare every witness with a file of its own, in the order of the record."""
    proofs = []
    for witness in text.witnesses:
        if not witness.proved:
            continue
        said = pieces(domain, text, witness.siglum)
        numbered = [(n, words) for n, (_, _, words) in enumerate(said)]
        wrong = differences(numbered, witness.content, witness.rules, text.glyphs)
        if not text.complete and wrong and not wrong[-1].ours:
            wrong = wrong[:-1]  # the sources do not have the rest yet
        found = (
            tuple((said[d.line][0], d._replace(line=said[d.line][1])) for d in wrong)
            if said
            else ()
        )
        proofs.append(WitnessProof(witness, word_count(witness.content), found))
    return proofs


def problems(domain: EditionDomain, text: Text) -> Iterator[Problem]:
    """Report every word in which a witness differs from the sources."""
    for proof in prove(domain, text):
        siglum = proof.witness.siglum
        for file, found in proof.differences[:_TOLD]:
            yield Problem(
                "reading-differs",
                file,
                found.line,
                difference_words(siglum, found, proof.witness.proof),
            )
        more = len(proof.differences) - _TOLD
        if more > 0:
            yield Problem("reading-differs", text.id, 0, f"{siglum}: {more} more differences")


def difference_words(siglum: str, found: WordDifference, proof: str) -> str:
    """Return a difference in words: the siglum, the word of the witness, both readings."""
    ours = repr(found.ours) if found.ours else "nothing"
    theirs = repr(found.theirs) if found.theirs else "nothing"
    return f"{siglum}, word {found.number} ({proof}): the source has {ours} for {siglum}, the witness has {theirs}"
