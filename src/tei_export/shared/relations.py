"""Find where the texts state the relations of the register, and check place and words."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from tei_export.model.places import Place
from tei_export.model.problems import EditionError, Problem
from tei_export.model.readings import collapse_space
from tei_export.proof.resolve.passage import OrderedLines, passage
from tei_export.proof.resolve.sources import of_sources
from tei_export.source.facts import domain_of
from tei_export.source.kept_findings import KeptFindings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.relations import Relation
    from tei_export.proof.resolve.passage import CitedPassage
    from tei_export.source.facts import EditionDomain, Facts


@dataclass(frozen=True, slots=True)
class StatedRelation:
    """A relation and its statement: the passage, and the part that contains its first line."""

    relation: Relation
    passage: CitedPassage
    part: Part

    @property
    def place(self) -> str:
        """``17.12``, ``17.12-14``, ``17.30-18.2``."""
        first, last = self.passage.first, self.passage.last
        if first == last:
            return str(first)
        return f"{first}-{last.line if first.page == last.page else last}"


def stated_relations(domain: EditionDomain) -> list[StatedRelation]:
    """Return every relation with its place, in the order of the register; call :func:`problems` first."""
    parts: dict[tuple[str, Place], Part] = {}
    for text, part, facts in domain.parts():
        for place in _lines(facts):
            parts.setdefault((text.id, place), part)
    found = []
    for relation in domain.edition.relations:
        wanted = place_of(domain.edition, relation)
        found.append(StatedRelation(relation, wanted, parts[wanted.text.id, wanted.first]))
    return found


def _lines(facts: Facts) -> Iterator[Place]:
    for page, number in facts.lines.items():
        first = facts.before(page) + 1
        yield from (Place(page, line) for line in range(first, first + number))


def problems(env: BuildEnvironment) -> Iterator[Problem]:
    """Yield ``relation-place`` for a line that does not exist, ``relation-words`` for other words there."""
    domain = domain_of(env)
    wanted: list[tuple[Text, Relation, CitedPassage]] = []
    for relation in domain.edition.relations:
        try:
            found = place_of(domain.edition, relation)
        except EditionError as error:
            yield from (
                Problem("relation-place", relation.file, relation.lines["place"], p.detail)
                for p in error.problems
            )
        else:
            wanted.append((found.text, relation, found))
    order = {text: number for number, text in enumerate(domain.edition.texts)}
    wanted.sort(key=lambda item: order[item[0].id])
    for name, group in groupby(wanted, key=lambda item: item[0].id):
        text = domain.edition.texts[name]
        words = _words(env, text)
        there = _Lines(words, OrderedLines(text, words), {p: n for n, p in enumerate(words)})
        for _same, relation, found in group:
            yield from _differs(relation, found, there)


def place_of(edition: Edition, relation: Relation) -> CitedPassage:
    """Return the lines that state ``relation``.

    :raises EditionError: ``relation-place`` or ``place-unknown``
    """
    try:
        found = passage(edition, relation.place)
    except ValueError:
        found = None
    if found is None or not (found.first.line and found.last.line):
        raise EditionError(
            Problem(
                "relation-place",
                relation.file,
                relation.lines["place"],
                f"{relation.place} names no line",
            )
        )
    return found


def _words(env: BuildEnvironment, text: Text) -> dict[Place, str]:
    """Return the words of every line of a text, in the order of reading."""
    found: dict[Place, str] = {}
    for lines in _kept(env).of([part.doc for part in text.parts], _lines_of).values():
        for page, line, words in lines:
            place = Place(page, line)
            found[place] = found.get(place, "") + words
    return found


def find_in_time(env: BuildEnvironment) -> None:
    """Read the words of the lines, if relations name any, while the documents are read."""
    edition = domain_of(env).edition
    wanted: set[str] = set()
    for relation in edition.relations:
        with suppress(EditionError):  # problems() reports it
            wanted.update(part.doc for part in place_of(edition, relation).text.parts)
    if wanted:
        _kept(env).find_in_time(wanted, _lines_of)


def _kept(env: BuildEnvironment) -> KeptFindings[list[tuple[str, int, str]]]:
    return KeptFindings(env, "lines")


def _lines_of(docname: str, document: nodes.document) -> list[tuple[str, int, str]]:
    """Return page, line and words of every line of a document."""
    found = of_sources([(f"{docname}.md", document)]).words
    return [(place.page, place.line, words) for place, words in found.items()]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The words of each line of a text; its lines in the order of the witness, and in reading order."""

    words: dict[Place, str]
    ordered: OrderedLines
    number: dict[Place, int]


def _differs(relation: Relation, wanted: CitedPassage, lines: _Lines) -> Iterator[Problem]:
    missing = [
        str(place)
        for place in dict.fromkeys((wanted.first, wanted.last))
        if place not in lines.words
    ]
    if missing:
        detail = f"{relation.place}: the text has no line {' and no line '.join(missing)}"
        yield Problem("relation-place", relation.file, relation.lines["place"], detail)
        return
    # in reading order, not page order: text above the notes of a page continues after them
    there = sorted(lines.ordered.within(wanted), key=lines.number.__getitem__)
    said = "".join(lines.words[place] for place in there)
    if collapse_space(relation.words) not in collapse_space(said):
        detail = f"{collapse_space(relation.words)!r} at {relation.place}, where the text has {collapse_space(said)[:200]!r}"
        yield Problem("relation-words", relation.file, relation.lines["words"], detail)
