"""The rules of the TEI files that compare distant places, each with a code: the list of all of them.

The rules take a parsed document and yield findings. Schematron (``schema/edition.odd``) checks
whatever one element and its surroundings can show. Rules that need a table of the whole document
are in the modules named here, by subject, so that a text of 8,000 lines takes a fraction of a
second. ``schema/tests/invalid/<code>.xml`` is a sample that violates each rule.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.schema import apparatus_rules, language_rules, order_rules, pointer_rules
from tei_export.schema.finding import Finding, finding_at
from tei_export.schema.tei_document import ID, T, TeiDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: code → requirement
CODES: dict[str, str] = {
    **pointer_rules.CODES,
    **order_rules.CODES,
    **apparatus_rules.CODES,
    **language_rules.CODES,
    "E-TAG-COUNT": "the text has as many of each element as tagsDecl says",
    "E-CHECKSUM": "the witness has the SHA-256 of its file",
}


def check_rules(tree: etree._ElementTree, witness_sha256: str | None = None) -> list[Finding]:
    """Check one document against all rules of :data:`CODES`.

    Parsing already checks that ids are unique (E-XML).

    :param witness_sha256: digest of the witness file; without it, only the presence of a checksum
        is required. A document without a text (the registers) needs none.
    """
    document = TeiDocument(tree.getroot())
    findings: list[Finding] = []
    for rule in RULES:
        findings.extend(rule(document))
    findings.extend(_checksum(document, witness_sha256))
    return findings


def tag_counts(document: TeiDocument) -> Iterator[Finding]:
    """Compare element counts with the header's, to detect losses and duplicates (HD#HD57)."""
    declared = document.root.find(f"{T}teiHeader/{T}encodingDesc/{T}tagsDecl")
    text = document.root.find(f"{T}text")
    if declared is None or text is None:
        return
    tags = Counter([str(element.tag) for element in text.iterdescendants(f"{T}*")])
    counted = Counter({tag.removeprefix(T): number for tag, number in tags.items()})
    said = {u.get("gi", ""): int(u.get("occurs", "0")) for u in declared.iter(f"{T}tagUsage")}
    for gi in sorted(counted.keys() | said.keys()):
        if counted[gi] != said.get(gi, 0):
            yield finding_at(
                "E-TAG-COUNT",
                f"{counted[gi]} {gi} in the text, {said.get(gi, 0)} in tagsDecl",
                declared,
            )


def _checksum(document: TeiDocument, expected: str | None) -> Iterator[Finding]:
    """Check that the header gives the checksum of the witness file (the witness other than T)."""
    listed = document.root.find(f"{T}teiHeader/{T}fileDesc/{T}sourceDesc/{T}listWit")
    witnesses = (
        [] if listed is None else [w for w in listed.iter(T + "witness") if w.get(ID) != "T"]
    )
    if not witnesses:
        return  # E-HEAD-WITNESS reports this
    witness = witnesses[0]
    recorded = next(
        (i.text or "" for i in witness.iter(T + "idno") if i.get("type") == "sha256"), None
    )
    if recorded is None:
        yield finding_at(
            "E-CHECKSUM", f"witness {witness.get(ID)} has no idno of type sha256", witness
        )
    elif expected is not None and recorded != expected:
        yield finding_at(
            "E-CHECKSUM",
            f"witness {witness.get(ID)} has {recorded}, the file has {expected}",
            witness,
        )


RULES: tuple[Callable[[TeiDocument], Iterator[Finding]], ...] = (
    pointer_rules.pointers,
    pointer_rules.note_pairs,
    pointer_rules.quote_pairs,
    apparatus_rules.app_types,
    apparatus_rules.witness_once,
    apparatus_rules.witness_lost,
    apparatus_rules.reading_classes,
    order_rules.block_numbers,
    order_rules.verse_numbers,
    order_rules.line_order,
    order_rules.page_lines,
    order_rules.page_order,
    order_rules.attested_pages,
    tag_counts,
    language_rules.languages,
    language_rules.scripts,
)
