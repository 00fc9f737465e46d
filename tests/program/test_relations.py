"""Relations between register entries, in every output of a small edition."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html
from rdflib import RDF, Graph, Literal, URIRef

from mini import ROOT, Mini
from schema_samples import TEI
from tei_export.i18n import catalogue
from tei_export.model.relation_kinds import KINDS
from tei_export.schema.validate import validate_file
from tei_export.shared.linked_data import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

NS = {"t": TEI.strip("{}")}
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
#: Over a divided word and a note's mark; over a page and the notes above its end; in a note; in another text.
RELATIONS = """\
relations:
  - active: trotsky
    kind: opponent-of
    passive: stalin
    place: "1.3-4"
    words: Trotsky's isolation was a mistake. Stalin
    work: prophet
  - active: stalin
    kind: member-of
    passive: politburo
    place: "1.4-6"
    words: adamant friends in Moscow, and the Politburo knew it well.
    when: "1919/1953-03"
  - active: persons:stalin
    kind: leader-of
    passive: politburo
    place: 1.8-2.1
    words: view of what went before prevailed in 1924
    when: "1924"
    quoted_from: prophet
  - active: deutscher
    kind: author-of
    passive: prophet
    place: "1.9-10"
    words: >-
      Isaac Deutscher, The Prophet Unarmed
      (London: Oxford University Press
  - active: moscow
    kind: ally-of
    passive: civil-war
    place: u:2
    words: a second line
"""
SECOND = """\
  u:
    folder: u
    title: A second text
    siglum: P
    witness: witness/u.txt
    sha256: "{}"
    parts:
      - {{doc: u, id: u-text, type: essay, title: All of it}}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("relations") / "mini")
    mini.write("registers/relations.yaml", RELATIONS)
    text = "A first line.\nThis is a second line.\n"
    mini.write("witness/u.txt", text)
    mini.write("u/u.md", "A first line.\n===\n\nThis is a second line.\n")
    record = mini.read("edition.yaml")
    mini.write(
        "edition.yaml",
        record.rstrip("\n") + "\n" + SECOND.format(hashlib.sha256(text.encode()).hexdigest()),
    )
    mini.replace("index.md", "t/two\n", "t/two\nu/u\n")
    for target in ("tei", "html", "data"):
        result = mini.build(target)
        assert result.code == 0, result.output
    return mini


def relations(path: Path) -> dict[str, etree._Element]:
    """The relations of a TEI file by kind."""
    return {r.get("name", ""): r for r in etree.parse(path).iter(f"{TEI}relation")}


def test_the_file_of_a_text_has_the_relations_that_it_states(built: Mini) -> None:
    found = relations(built.out / "tei/t.xml")
    assert list(found) == ["opponent-of", "member-of", "leader-of", "author-of"]
    assert list(relations(built.out / "tei/u.xml")) == ["ally-of"]
    member = found["member-of"]
    assert (member.get("active"), member.get("passive")) == ("#pers-stalin", "#org-politburo")
    assert (member.get("from"), member.get("to"), member.get("when")) == ("1919", "1953-03", None)
    assert found["leader-of"].get("when") == "1924"
    assert found["opponent-of"].get("corresp") == "#bib-prophet"
    assert found["leader-of"].get("source", "").endswith(" #bib-prophet")
    assert (
        found["author-of"].findtext(f"{TEI}desc")
        == "Isaac Deutscher, The Prophet Unarmed (London: Oxford University Press"
    )


def test_a_relation_leads_to_the_line_that_states_it(built: Mini) -> None:
    root = etree.parse(built.out / "tei/t.xml")
    begins = {
        "opponent-of": "Perhaps",
        "member-of": "tion was",
        "leader-of": "Secretary",
        "author-of": "Isaac",
    }
    for relation in root.iter(f"{TEI}relation"):
        (line,) = root.xpath(
            "//t:lb[@xml:id = $id]", id=relation.get("source", "").split()[0][1:], namespaces=NS
        )
        after = "".join(
            line.xpath("following::text()[not(ancestor::t:label)]", namespaces=NS)
        ).lstrip()
        assert after.startswith(begins[relation.get("name", "")])


def test_entries_that_only_a_relation_names_come_with_it(built: Mini) -> None:
    """Nobody mentions Moscow and the Civil War in the second text."""
    root = etree.parse(built.out / "tei/u.xml")
    ids = {e.get(XML_ID) for e in root.iter() if isinstance(e.tag, str)}
    (relation,) = root.iter(f"{TEI}relation")
    assert {relation.get("active", "")[1:], relation.get("passive", "")[1:]} <= ids


def test_extracts_have_the_relations_that_they_state(built: Mini) -> None:
    pages = {n: list(relations(built.out / f"tei/t/pages/pg-00{n}.xml")) for n in (1, 2, 3)}
    assert pages == {1: ["opponent-of", "member-of", "leader-of", "author-of"], 2: [], 3: []}
    assert list(relations(built.out / "tei/t/ch-02.xml")) == []
    for path in sorted((built.out / "tei").rglob("*.xml")):
        root = etree.parse(path)
        ids = {e.get(XML_ID) for e in root.iter() if isinstance(e.tag, str)}
        for relation in root.iter(f"{TEI}relation"):
            pointers = [
                p
                for name in ("active", "passive", "source", "corresp")
                for p in relation.get(name, "").split()
            ]
            assert [p for p in pointers if p[0] == "#" and p[1:] not in ids] == [], path


def test_files_without_lines_lead_to_the_file_that_has_them(built: Mini) -> None:
    for name, texts in (("registers.xml", ["t"] * 4 + ["u"]), ("t.reading.xml", ["t"] * 4)):
        found = relations(built.out / "tei" / name).values()
        sources = [relation.get("source", "").split()[0].split("#") for relation in found]
        assert [file for file, _id in sources] == [f"{text}.xml" for text in texts]
        for file, name_ in sources:
            assert f'xml:id="{name_}"' in (built.out / "tei" / file).read_text(encoding="utf-8")


def test_every_file_is_valid(built: Mini) -> None:
    for name in ("t.xml", "u.xml", "t.reading.xml", "registers.xml"):
        assert [str(f) for f in validate_file(built.out / "tei" / name, ROOT / "schema")] == []


def test_an_entry_shows_its_relations_from_both_ends(built: Mini) -> None:
    def facts(register: str, entry: str) -> dict[str, str]:
        page = html.fromstring((built.out / f"html/registers/{register}.html").read_bytes())
        return {
            row.findtext("dt"): " ".join(row.find("dd").text_content().split())
            for row in page.xpath(f"//section[@id='{entry}']/dl/div")
        }

    stalin = facts("persons", "pers-stalin")
    assert stalin["member of"] == "Politburo, 1919 – March 1953 (1.4–6)"
    assert stalin["leader of"] == "Politburo, 1924 (1.8–2.1, quoted from The Prophet Unarmed)"
    assert stalin["opposed by"] == "Trotsky, Leon, in The Prophet Unarmed (1.3–4)"
    assert facts("persons", "pers-trotsky")["opponent of"].startswith("Stalin, Joseph")
    assert facts("organisations", "org-politburo")["members"].startswith("Stalin, Joseph")
    assert facts("works", "bib-prophet")["written by"] == "Deutscher, Isaac (1.9–10)"
    assert facts("places", "place-moscow")["allied with"] == "Russian Civil War (2)"
    assert facts("events", "event-civil-war")["allied with"] == "Moscow (2)"


def test_every_link_of_a_relation_leads_somewhere(built: Mini) -> None:
    folder = built.out / "html/registers"
    for path in sorted(folder.glob("*.html")):
        page = html.fromstring(path.read_bytes())
        for link in page.xpath(
            "//section[contains(@class, 'entry')]/dl//dd//a[not(contains(@class, 'out'))]/@href"
        ):
            file, _, name = link.partition("#")
            target = html.fromstring((folder / file).resolve().read_bytes()) if file else page
            assert target.xpath("//*[@id = $id]", id=name), (path.name, link)
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))


def test_the_table_has_every_relation(built: Mini) -> None:
    rows = list(
        csv.DictReader(io.StringIO((built.out / "data/relations.csv").read_text(encoding="utf-8")))
    )
    ids = {r.get(XML_ID) for r in relations(built.out / "tei/registers.xml").values()}
    assert {row["xml_id"] for row in rows} == ids
    assert [row["place"] for row in rows] == ["1.3-4", "1.4-6", "1.8-2.1", "1.9-10", "2"]
    assert rows[1]["url"] == "t/one.html#p1.4"
    assert (rows[2]["quoted_from"], rows[0]["work_name"]) == ("prophet", "The Prophet Unarmed")


def test_linked_data_says_what_the_text_claims(built: Mini) -> None:
    here = "https://example.org/registers.ttl"
    graph = Graph().parse(
        data=(built.out / "data/registers.ttl").read_text(encoding="utf-8"),
        format="turtle",
        publicID=here,
    )
    claims = {
        str(graph.value(c, RDF.predicate)): c
        for c in graph.subjects(RDF.type, URIRef(SCHEMA + "Claim"))
    }
    assert claims.keys() == {
        SCHEMA + "memberOf",
        SCHEMA + "author",
        *(f"{here}#relation-{kind}" for kind in ("opponent-of", "leader-of", "ally-of")),
    }
    author = claims[SCHEMA + "author"]  # read from the work
    assert graph.value(author, RDF.subject) == URIRef(f"{here}#bib-prophet")
    assert graph.value(author, RDF.object) == URIRef(f"{here}#pers-deutscher")
    member = claims[SCHEMA + "memberOf"]
    assert graph.value(member, URIRef(SCHEMA + "text")) == Literal(
        "adamant friends in Moscow, and the Politburo knew it well."
    )
    assert graph.value(member, URIRef(SCHEMA + "citation")) == Literal("A typescript, 1.4-6")
    assert (
        URIRef(f"{here}#pers-stalin"),
        URIRef(SCHEMA + "memberOf"),
        None,
    ) not in graph  # nothing is said to be so
    data = json.loads((built.out / "data/registers.jsonld").read_text(encoding="utf-8"))
    assert sum(item["@type"] == "Claim" for item in data["@graph"]) == 5


def test_an_edition_does_without_relations(mini: Mini) -> None:
    for text in (None, "", "relations: []\n"):
        if text is not None:
            mini.write("registers/relations.yaml", text)
        assert mini.build("tei").code == 0
        assert b"listRelation" not in (mini.out / "tei/t.xml").read_bytes()


def test_a_change_of_the_relations_is_checked_at_the_next_run(mini: Mini) -> None:
    mini.write("registers/relations.yaml", RELATIONS.partition("  - active: moscow")[0])
    assert mini.check().code == 0
    mini.replace("registers/relations.yaml", "isolation was", "isolation is")
    assert mini.check().problems == ["registers/relations.yaml:6: [relation-words]"]
    mini.replace("registers/relations.yaml", "isolation is", "isolation was")
    mini.replace(
        "t/one.md", "tion was a mistake. {person}", "tion {sic}`was <is>` a mistake. {person}"
    )
    mini.witness(mini.read("witness/w.txt").replace("tion was a", "tion is a"))
    assert mini.check().code == 0


def test_every_kind_reads_in_german() -> None:
    words = catalogue_of("de")
    for kind in KINDS.values():
        assert words.get(kind.active), kind.active
        assert words.get(kind.passive), kind.passive


def catalogue_of(language: str) -> dict[str, str]:
    from babel.messages.pofile import read_po

    path = ROOT / "src/tei_export/i18n/locale" / language / f"{catalogue.PLACE}.po"
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}
