"""Sphinx builder ``data``: tables, linked data and citations for other programs."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.model.metadata import metadata
from tei_export.model.places import Place
from tei_export.model.volume_files import volume_file
from tei_export.outputs.data.cff import citation_cff
from tei_export.outputs.data.oai import static_repository
from tei_export.outputs.data.readme import readme
from tei_export.outputs.data.tables import (
    CITATIONS,
    EMENDATIONS,
    MENTIONS,
    PAGES,
    QUOTATIONS,
    REGISTERS,
    RELATIONS,
    ListedEntry,
    PageState,
    QuotationRow,
    RelationRow,
    facts,
)
from tei_export.outputs.data.tokens import TOKENS, conllu, plain_text, tokens
from tei_export.outputs.data.void import description
from tei_export.outputs.data.witnesses import READINGS, reading_rows, witness_files
from tei_export.shared import citations, linked_data
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.quotations import works
from tei_export.shared.relations import stated_relations
from tei_export.shared.staged_files import StagedFiles
from tei_export.source.facts import domain_of
from tei_export.source.trees import tree_of
from tei_export.words.tokens import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from rdflib import Graph
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition
    from tei_export.model.metadata import Metadata
    from tei_export.source.facts import EditionDomain


#: The maximum number of tokens in a file: spreadsheets hold 1,048,576 rows.
MOST_TOKENS = 1_000_000


class DataBuilder(ProjectBuilder):
    """Writes the files named in ``readme.FILES`` and the tables: all or none."""

    name = "data"
    format = "data"
    epilog = "The data files are in %(outdir)s."

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        with StagedFiles(Path(self.outdir)) as files:
            for name, piece in data_pieces(self.env):
                files.append(name, piece.encode())


def data_pieces(env: BuildEnvironment) -> Iterator[tuple[str, str]]:
    """Yield the files, each in one piece or in several: its name, and the next piece of its content.

    The last file is the README, which lists the others.
    """
    domain = domain_of(env)
    made: dict[str, None] = {}
    for name, piece in (
        *_fact_files(domain.edition, domain).items(),
        *_quotations(env).items(),
    ):
        made[name] = None
        yield name, piece
    for name, piece in _word_files(env):
        made[name] = None
        yield name, piece
    yield "README.md", readme(metadata(domain.edition), made)


def _fact_files(edition: Edition, domain: EditionDomain) -> dict[str, str]:
    """Return the registers, tables, linked data and citations, by name of the file."""
    meta = metadata(edition)
    registers = edition.registers
    linked = linked_data.graph(meta, registers, stated_relations(domain))
    graph = rdf(linked)
    cited = [citations.work_item(entry, registers) for entry in registers["works"].entries.values()]
    whole = [
        citations.edition_item(meta),
        *(citations.edition_item(meta, text) for text in edition.texts.values()),
        *(
            citations.edition_item(meta, text, witness=witness)
            for text in edition.texts.values()
            for witness in text.readable
        ),
    ]
    return {
        "CITATION.cff": citation_cff(meta),
        **_tables(edition, meta, domain),
        READINGS.file: READINGS.write(reading_rows(domain)),
        **witness_files(domain),
        "registers.jsonld": _json(linked),
        "registers.ttl": graph.serialize(format="turtle"),
        "void.ttl": description(meta, graph),
        "shapes.ttl": files("tei_export.outputs.data").joinpath("shapes.ttl").read_text("utf-8"),
        "edition.jsonld": _json(
            {"@context": linked_data.CONTEXT, **linked_data.edition_object(meta, edition)}
        ),
        "beacon.txt": beacon(edition, meta, domain.counts()),
        **({"oai.xml": static_repository(meta, edition)} if meta.oai_address else {}),
        **_citations("edition", whole),
        **_citations("works", cited),
    }


def _quotations(env: BuildEnvironment) -> dict[str, str]:
    """Return the table of the quotations, by the name of its file."""
    meta = metadata(domain_of(env).edition)
    rows = (
        QuotationRow(it, work.entry, meta.permalink(f"{it.docname}.html", it.first.anchor))
        for work in works(env)
        for it in work.quotations
    )
    return {QUOTATIONS.file: QUOTATIONS.write(rows)}


def _word_files(env: BuildEnvironment) -> Iterator[tuple[str, str]]:
    """Yield the tokens of all texts, and each part as plain text, part by part.

    A file of more than :data:`MOST_TOKENS` continues in another one, which begins with a part.
    """
    stem, _, ending = TOKENS.file.rpartition(".")
    table = _Continued(stem, ending)
    yield table.file, TOKENS.write(())
    for text in domain_of(env).edition.texts.values():
        sentences = _Continued(text.id, "conllu")
        yield sentences.file, ""
        for part in text.parts:
            read = blocks(tree_of(env, part.doc), f"{part.doc}.md", text.language)
            own = tokens(text, part, read)
            if table.begins_anew(len(own)):
                yield table.file, TOKENS.write(())
            yield table.file, TOKENS.rows(own)
            sentences.begins_anew(len(own))
            yield sentences.file, conllu(own)
            yield f"texts/{text.id}/{part.id}.txt", plain_text(read)


class _Continued:
    """A file of tokens, which continues in ``tokens.2.csv`` where it would have too many."""

    def __init__(self, stem: str, ending: str) -> None:
        self._stem, self._ending = stem, ending
        self._number, self._size = 1, 0

    @property
    def file(self) -> str:
        """The name of the file that takes the next tokens."""
        return volume_file(self._stem, self._ending, self._number if self._number > 1 else 0)

    def begins_anew(self, size: int) -> bool:
        """Return whether the next ``size`` tokens begin another file."""
        full = self._size and self._size + size > MOST_TOKENS
        self._number += bool(full)
        self._size = size if full else self._size + size
        return bool(full)


def _tables(edition: Edition, meta: Metadata, domain: EditionDomain) -> dict[str, str]:
    count = domain.counts()
    tables = {}
    for name, table in REGISTERS.items():
        rows = [
            ListedEntry(
                entry,
                count[name, entry.key],
                meta.permalink(f"registers/{name}.html", entry.xml_id),
            )
            for entry in edition.registers[name].entries.values()
        ]
        tables[table.file] = table.write(rows)
    tables[RELATIONS.file] = RELATIONS.write(
        RelationRow(it, meta.permalink(f"{it.part.doc}.html", it.passage.first.anchor))
        for it in stated_relations(domain)
    )
    tables[MENTIONS.file] = MENTIONS.write(facts(edition, meta, domain.facts, lambda f: f.mentions))
    tables[PAGES.file] = PAGES.write(_page_states(domain, meta))
    tables[CITATIONS.file] = CITATIONS.write(
        facts(edition, meta, domain.facts, lambda f: f.citations)
    )
    tables[EMENDATIONS.file] = EMENDATIONS.write(
        facts(edition, meta, domain.facts, lambda f: f.emendations)
    )
    return tables


def _page_states(domain: EditionDomain, meta: Metadata) -> Iterator[PageState]:
    for text, part, part_facts in domain.parts():
        entries = Counter(e.page for e in part_facts.emendations)
        for page in part_facts.pages:
            url = meta.permalink(f"{part.doc}.html", Place(page).anchor)
            yield PageState(text, part, page, part_facts.lines.get(page, 0), entries[page], url)


def _citations(name: str, items: list[citations.Item]) -> dict[str, str]:
    return {
        f"{name}.bib": citations.bibtex(items),
        f"{name}.ris": citations.ris(items),
        f"{name}.json": citations.csl_json(items),
    }


def _json(data: linked_data.Object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def rdf(linked: linked_data.Object) -> Graph:
    """Return a graph of :mod:`tei_export.shared.linked_data`, which must not contain blank nodes: else its Turtle
    would not be sorted."""
    from rdflib import RDF, Graph, Literal, URIRef  # slow to load; other builders do not need it

    graph = Graph(bind_namespaces="none")
    for prefix, address in linked_data.PREFIXES.items():
        graph.bind(prefix, address)
    for item in linked["@graph"]:
        subject = URIRef(item["@id"])
        graph.add((subject, RDF.type, URIRef(linked_data.SCHEMA + item["@type"])))
        for predicate, is_address, value in linked_data.statements(item):
            if is_address:
                graph.add((subject, URIRef(predicate), URIRef(value)))
            elif isinstance(value, dict):
                graph.add(
                    (subject, URIRef(predicate), Literal(value["@value"], lang=value["@language"]))
                )
            else:
                graph.add((subject, URIRef(predicate), Literal(value)))
    return graph


def beacon(edition: Edition, meta: Metadata, count: Counter[tuple[str, str]]) -> str:
    """List the persons and bodies of the GND that the edition mentions, in BEACON format.

    The form is GND|number|address (https://de.wikipedia.org/wiki/Wikipedia:BEACON).
    """
    head = {
        "FORMAT": "BEACON",
        "VERSION": "0.1",
        "PREFIX": "https://d-nb.info/gnd/",
        "NAME": meta.full_title,
        "DESCRIPTION": "GND, number of mentions, register entry"
        + ("" if meta.base_url else " (relative to the site: not yet published)"),
        "INSTITUTION": meta.publisher,
        "MESSAGE": f"{meta.short_title}: register",
        "TIMESTAMP": meta.date,
        **({"FEED": meta.permalink("files/data/beacon.txt")} if meta.base_url else {}),
    }
    entries = [
        entry
        for register in edition.registers.by_name.values()
        for entry in register.entries.values()
    ]
    rows = sorted(
        f"{entry.ids['gnd']}|{count[entry.register, entry.key]}|"
        f"{meta.permalink(f'registers/{entry.register}.html', entry.xml_id)}"
        for entry in entries
        if "gnd" in entry.ids
    )
    return (
        "\n".join([*(f"#{name}: {' '.join(value.split())}" for name, value in head.items()), *rows])
        + "\n"
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(DataBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
