"""Check a finished part, so that every output can be written from it.

The schema has the same requirements for the TEI; these checks report the line of the source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.fields import nearest
from tei_export.model.languages import MISREAD_CYRILLIC
from tei_export.model.places import NAMED_PAGE
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.source.nodes import (
    bibentry,
    edblock,
    edrow,
    every,
    every_block,
    mark,
    point,
    reading,
    textnote,
)
from tei_export.source.notes import citing_reference, inside_note
from tei_export.source.positions import enclosing, has_text, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Edition, Text
    from tei_export.source.problems import At

#: Code, detail and line of a problem, and the wrong text on the line.
Found = tuple[str, str, int, "At"]
_SIC = re.compile(r"\bsic\b", re.IGNORECASE)
_ONLY_SIC = re.compile(r"[\[(]\s*sic\s*!?\s*[\])]", re.IGNORECASE)
_NUMBER = re.compile(r"[1-9][0-9]*")
#: The roles that their words may contradict.
_BY_WORDS = frozenset({"authorsic", "insertion", "cited"})


def part_problems(document: nodes.document, edition: Edition, text: Text) -> Iterator[Found]:
    """Yield the problems of a part with numbered lines and resolved names."""
    yield from _textless(document)
    yield from _bare_milestones(document)
    yield from _quotations(document)
    yield from _editors_numbers(document)
    for node in every(document, mark):
        for code, detail in (*_language(node, edition), *_kind(node), *_reason(node, text)):
            yield code, detail, node.get("srcline") or line_of(node), node


#: TEI elements of milestones that may stand between blocks (``div`` in schema/edition.odd).
_BETWEEN_BLOCKS = frozenset({"pb", "anchor", "app"})


def reason_problems(entries: Iterable[Emendation], text: Text) -> Iterator[Found]:
    """Report uncertain readings without a reason, and reasons without a kind, if ``text`` declares
    kinds of reasons."""
    kinds = text.reason_kinds
    for entry in entries if kinds else ():
        if entry.cert == "high":
            continue
        said = entry.why or f"{collapse_space(entry.lemma) or '(nothing)'} at {entry.place}"
        if not entry.why.strip():
            yield "reason-missing", said[:60], entry.srcline, None
        elif entry.reason_kind not in kinds:
            yield (
                "reason-kind",
                f"{said[:60]}{nearest(entry.reason_kind, kinds)}",
                entry.srcline,
                None,
            )


def _textless(document: nodes.document) -> Iterator[Found]:
    """Report quotations and entries that contain no text of T."""
    for node in every_block(document, nodes.Element):
        if not isinstance(node, (nodes.block_quote, bibentry, edblock)):
            continue
        if inside_note(node) == "editorial":
            continue  # the table has no lines of the original
        if not has_text(node):
            yield (
                "block-empty",
                "a quotation"
                if isinstance(node, nodes.block_quote)
                else f"{{{node['kind']}}}"
                if isinstance(node, edblock)
                else "an entry",
                line_of(node),
                None,
            )


def _bare_milestones(document: nodes.document) -> Iterator[Found]:
    """Report paragraphs and lines of verse with a milestone and no text.

    Between blocks TEI has only pages, gaps and milestones about witnesses; others are in a line.
    """
    for node in every_block(document, nodes.paragraph):
        if inside_note(node) == "editorial" or isinstance(node, edrow) or has_text(node):
            continue
        bare = (p for p in every(node, point) if BY_NAME[p["kind"]].tei not in _BETWEEN_BLOCKS)
        if (first := next(bare, None)) is not None:
            said = f"{{{first['kind']}}} alone"
            yield "block-empty", said, first.get("srcline") or line_of(node), first


def _quotations(document: nodes.document) -> Iterator[Found]:
    """Report block quotations in another language without the author's translation or note."""
    for node in every_block(document, nodes.block_quote):
        if node.get("lang") and not node.get("translated") and citing_reference(node) is None:
            yield "quotation-alone", collapse_space(reading(node))[:40], line_of(node), None


def _editors_numbers(document: nodes.document) -> Iterator[Found]:
    """Check that the editors' notes are numbered 1 … n; a removed note leaves a gap."""
    notes = {n["label"]: n for n in every_block(document, textnote) if n["series"] == "editorial"}
    numbers = sorted(int(label) for label in notes if _NUMBER.fullmatch(label))
    for due, number in enumerate(numbers, 1):
        if number != due:
            yield (
                "note-order",
                f"[^ed-{number}] instead of [^ed-{due}]",
                line_of(notes[str(number)]),
                f"[^ed-{number}]:",
            )
            return


def _language(node: mark, edition: Edition) -> Iterator[tuple[str, str]]:
    """Check that the record describes the languages that occur."""
    tag = MISREAD_CYRILLIC if node.get("app") == "script" else node.get("lang")
    if tag and tag not in (edition.record.get("languages") or {}):
        yield "language-undescribed", f"{tag}, in {collapse_space(reading(node))[:40]!r}"


def _kind(node: mark) -> Iterator[tuple[str, str]]:
    """Report roles that contradict their words."""
    if node["kind"] not in _BY_WORDS:
        return
    words = collapse_space(reading(node, "T"))
    if node["kind"] == "authorsic" and not _SIC.search(words):
        yield "role-kind", f"{{authorsic}}`{words}` does not contain sic"
    elif node["kind"] == "insertion" and _ONLY_SIC.fullmatch(words):
        yield "role-kind", f"{{insertion}}`{words}` should be {{authorsic}}"
    elif node["kind"] == "cited" and node.get("work") == "":
        yield "cited-work", words


def _reason(node: mark, text: Text) -> Iterator[tuple[str, str]]:
    """Check that reasons name pages of the text, and that losses on lost pages count pages."""
    pages, why = text.witness.pages, node.get("why")
    for match in NAMED_PAGE.finditer(why) if pages and why else ():
        if match[1] not in pages:
            yield "reason-page", match[0]
    lost = BY_NAME[node["kind"]].read_by("E") is Reads.SIGN and node.get("reason") == "missing-page"
    if lost and node["unit"] != "page" and enclosing(node, bibentry) is None:
        yield (
            "gap-extent",
            f"{node['quantity']} {node['unit']}: give the extent of a lost page in pages",
        )
