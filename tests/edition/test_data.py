"""The data files: nothing lost, nothing run, read by other programs."""

from __future__ import annotations

import dataclasses
import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from lxml import etree
from rdflib import Graph, Literal, URIRef

from mini import ROOT
from tei_export.model.metadata import metadata
from tei_export.model.relation_kinds import KINDS
from tei_export.model.safe_yaml import read_yaml
from tei_export.outputs.data.cff import citation_cff
from tei_export.outputs.data.readme import FILES, TABLES, columns, described_as
from tei_export.outputs.data.tables import (
    CITATIONS,
    EMENDATIONS,
    MENTIONS,
    REGISTERS,
)
from tei_export.outputs.html.json_ld import add_linked
from tei_export.shared import linked_data
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tei_export.source.facts import EditionDomain

from tables import data_files, rows

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


@pytest.fixture(scope="module")
def domain(edition_app: Sphinx) -> EditionDomain:
    return domain_of(edition_app.env)


@pytest.fixture(scope="module")
def files(edition_app: Sphinx) -> dict[str, str]:
    return data_files(edition_app.env)


def test_every_field_of_a_register_is_a_column(files: dict[str, str]) -> None:
    for name, table in REGISTERS.items():
        source = read_yaml(ROOT / "edition" / "registers" / f"{name}.yaml", ROOT)
        used = {field for entry in source.data.values() for field in entry} - {"title", "ids"}
        used |= {authority for entry in source.data.values() for authority in entry.get("ids", ())}
        assert used <= {column.name for column in table.columns}, name
        read = {row["key"]: row for row in rows(files[table.file])}
        assert read.keys() == source.data.keys()
        for key, entry in source.data.items():
            assert read[key]["gloss"] == entry.get("gloss", "")
            assert read[key]["forms"].split(" | ") == entry.get("forms", [""])


def test_every_fact_is_a_row(domain: EditionDomain, files: dict[str, str]) -> None:
    facts = domain.facts.values()
    assert len(rows(files[MENTIONS.file])) == sum(len(f.mentions) for f in facts)
    assert len(rows(files[CITATIONS.file])) == sum(len(f.citations) for f in facts)
    assert len(rows(files[EMENDATIONS.file])) == sum(len(f.emendations) for f in facts)
    persons = {row["key"]: int(row["mentions"]) for row in rows(files["persons.csv"])}
    mentions = [row for row in rows(files[MENTIONS.file]) if row["register"] == "persons"]
    assert sum(persons.values()) == len(mentions)


def test_the_ids_of_the_tables_are_those_of_the_tei(
    files: dict[str, str], edition_teis: dict[str, bytes]
) -> None:
    ids = {
        key: {e.get(XML_ID) for e in etree.fromstring(tei).iter()}
        for key, tei in edition_teis.items()
    }
    emendations = rows(files[EMENDATIONS.file])
    for row in [*emendations, *rows(files[MENTIONS.file]), *rows(files[CITATIONS.file])]:
        assert row["xml_id"] in ids[row["text"]], row
        assert row["part"] in ids[row["text"]]
    apps = [row for row in emendations if row["kind"] == "ocr"]
    counted = sum(tei.count(b"<app ") for tei in edition_teis.values())
    assert len({row["xml_id"] for row in apps}) == counted


def test_a_row_can_be_found_in_the_edition(files: dict[str, str]) -> None:
    row = rows(files[EMENDATIONS.file])[0]
    assert (row["lemma"], row["reading"], row["page"], row["line"]) == (
        "Trotsky",
        "fi*otsky",
        "vii",
        "3",
    )
    assert row["url"] == "thesis/preface.html#pvii.3"
    essay = [row for row in rows(files[MENTIONS.file]) if row["text"] == "essay"]
    assert essay[0]["page"] == ""
    assert re.fullmatch(r"essay/essay\.html#l\d+", essay[0]["url"])


# --- linked data -------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_the_turtle_says_what_the_registers_say(
    domain: EditionDomain, files: dict[str, str]
) -> None:
    here = "https://example.org/registers.ttl"
    graph = Graph().parse(data=files["registers.ttl"], format="turtle", publicID=here)
    assert graph.isomorphic(
        Graph().parse(data=files["registers.jsonld"], format="json-ld", publicID=here)
    )
    entries = [e for r in domain.edition.registers.by_name.values() for e in r.entries.values()]
    relations = domain.edition.relations
    own = {f"relation-{r.kind}" for r in relations if not KINDS[r.kind].term}
    ids = {e.xml_id for e in entries} | {r.id for r in relations} | own
    assert {str(s) for s in graph.subjects()} == {f"{here}#{name}" for name in ids}
    for entry in entries:
        subject = URIRef(f"{here}#{entry.xml_id}")
        assert graph.value(subject, URIRef(linked_data.SCHEMA + "name")) == Literal(entry.name)
        same = {str(o) for o in graph.objects(subject, URIRef(linked_data.SCHEMA + "sameAs"))}
        assert same == set(entry.addresses())
    assert not [
        o
        for o in graph.objects()
        if isinstance(o, URIRef) and str(o).startswith(here) and (o, None, None) not in graph
    ]


def test_a_page_of_a_part_says_what_it_belongs_to(domain: EditionDomain) -> None:
    edition = domain.edition
    text = edition.texts["thesis"]
    data: dict[str, Any] = json.loads(
        linked_data.embedded(linked_data.part_object(metadata(edition), text, text.parts[1]))
    )
    assert (data["@type"], data["name"]) == ("Chapter", "I. Introduction")
    assert data["isPartOf"]["name"] == text.title
    assert data["isPartOf"]["isPartOf"]["name"] == edition.record["title"]
    assert "author" not in data["isPartOf"]


# --- the other files -----------------------------------------------------------------------------


#: What the schema of the format (citation-file-format 1.2.0, schema.json) asks of the keys we use.
CFF = {
    "cff-version": r"1\.2\.0", "message": r".+", "type": "dataset|software", "title": ".+", "version": ".+",
    "date-released": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "abstract": "(?s).+", "license": "CC-BY-4.0|CC0-1.0",
    "license-url": "https?://.+", "doi": r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+",
    "url": "(https|http|ftp|sftp)://.+", "repository-code": "(https|http|ftp|sftp)://.+",
}  # fmt: skip


@pytest.mark.parametrize("published", [False, True])
def test_the_citation_file_is_valid(domain: EditionDomain, published: bool) -> None:
    record = metadata(domain.edition)
    if published:
        record = dataclasses.replace(
            record,
            identifier="10.5281/zenodo.7",
            base_url="https://example.org/",
            repository_url="https://example.org/r",
        )
    data = yaml.safe_load(citation_cff(record))
    assert {"authors", "cff-version", "message", "title"} <= data.keys()
    assert [set(author) for author in data.pop("authors")] == [{"name"}]
    assert all(isinstance(word, str) for word in data.pop("keywords"))
    assert [key for key, value in data.items() if not re.fullmatch(CFF[key], value)] == []
    assert published == ("doi" in data)


def test_the_beacon_has_every_gnd_number(domain: EditionDomain, files: dict[str, str]) -> None:
    lines = files["beacon.txt"].splitlines()
    head = dict(line[1:].split(": ", 1) for line in lines if line.startswith("#"))
    assert head["FORMAT"] == "BEACON"
    assert head["PREFIX"] == "https://d-nb.info/gnd/"
    found = {line.split("|")[0]: line.split("|")[1:] for line in lines if not line.startswith("#")}
    entries = [e for r in domain.edition.registers.by_name.values() for e in r.entries.values()]
    assert found.keys() == {e.ids["gnd"] for e in entries if "gnd" in e.ids}
    assert found["118642979"][1] == "registers/persons.html#pers-trotsky-leon"
    assert int(found["118642979"][0]) == sum(m.key == "trotsky-leon" for m in domain.mentions())


def test_the_readme_knows_every_file_and_column(files: dict[str, str]) -> None:
    readme = files["README.md"]
    listed = re.findall(r"^\| `([^`]+\.\w+)` \|", readme, re.MULTILINE)
    assert sorted(listed) == sorted({described_as(name) for name in files if name != "README.md"})
    assert {"TEXT.conllu", "texts/TEXT/PART.txt", "tokens.csv", "readings.csv"} <= set(listed)
    assert not {"TEXT.nex", "TEXT-agreement.csv"} & set(listed)  # no text has several witnesses
    with pytest.raises(LookupError):
        described_as("notes.csv")
    for table in TABLES:
        head = files[table.file].splitlines()[0].split(",")
        section = readme.split(f"\n### {table.file}\n")[1].split("\n### ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == head


def test_the_documentation_has_every_column(files: dict[str, str]) -> None:
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert page.endswith("\n".join(columns()) + "\n"), (
        "write the end of docs/data.md anew: data.readme.columns()"
    )
    known = {*FILES, *(described_as(name) for name in files if name != "README.md"), "README.md"}
    for name in known:
        assert f"`{name}`" in page


def test_every_page_says_what_it_is(edition_app: Sphinx) -> None:
    def said(page: str, **context: Any) -> dict[str, Any]:
        add_linked(edition_app, page, "page.html", context, None)
        return json.loads(context["jsonld"]) if "jsonld" in context else {}

    assert said("index")["version"] == metadata(edition_app.edition).version  # type: ignore[attr-defined]
    assert said("thesis/chapter-02")["name"] == "II. Revolutionary Personalities"
    shown = [SimpleNamespace(id="pers-trotsky-leon"), SimpleNamespace(id="pers-marx-karl")]
    names = [
        item["name"]
        for item in said("registers/persons", register="persons", entries=shown)["@graph"]
    ]
    assert names == ["Trotsky, Leon", "Marx, Karl"]
    assert said("about/text") == {}


def test_the_queries_of_the_page_find_something(files: dict[str, str]) -> None:
    """Every example in SPARQL in docs/data.md, those inside of Python too."""
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    graph = Graph().parse(data=files["registers.ttl"], format="turtle")
    queries = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    assert len(queries) >= 4
    queries += re.findall(r'"(SELECT .*?)"\n', page)
    assert len(queries) >= 5
    assert [query for query in queries if not list(graph.query(query))] == []
