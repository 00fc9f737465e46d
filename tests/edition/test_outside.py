"""Programs of others read the edition's TEI, and find in it what the edition says of itself.

Each is installed by ``make test`` (tools/setup); its scripts are in ``tests/outside``.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from mini import ROOT
from schema_samples import Mutants
from tei_export.outputs.dts.paths import file_of
from tei_export.schema.validate import jing, parse, validate_relaxng
from tei_export.source.facts import domain_of
from tei_text import ID, TEI
from tools import require

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.application import Sphinx

from tools import run

OUTSIDE = ROOT / "tests" / "outside"
WRAPPER = "{https://w3id.org/api/dts#}wrapper"
TEXTS = ("thesis", "essay")
#: text, name of the tree in its header, name in the static DTS (the default tree has none)
TREES = (("thesis", "chapters", ""), ("thesis", "pages", "pages"), ("essay", "chapters", ""))

Json = dict[str, Any]


def squeezed(text: str) -> str:
    """Without white space: programs differ in what of it they keep between elements."""
    return "".join(text.split())


# --- DapyTains: a DTS server ---------------------------------------------------------------


@pytest.fixture(scope="module")
def dapytains(edition_teis: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Json:
    """What DapyTains finds in the texts, and what its server answers."""
    program = require("dapytains")
    folder = tmp_path_factory.mktemp("dapytains")
    for name, data in edition_teis.items():
        (folder / f"{name}.xml").write_bytes(data)
    return json.loads(run(program, OUTSIDE / "dapytains_read.py", folder))


@pytest.mark.parametrize(("text", "tree", "name"), TREES)
def test_dapytains_finds_every_part_block_and_page(
    dapytains: Json, edition_dts: dict[str, bytes], text: str, tree: str, name: str
) -> None:
    found = dapytains["texts"][text]
    assert found["default"] == "chapters"
    ours = json.loads(edition_dts[file_of("navigation", resource=text, tree=name, down=-1)])[
        "member"
    ]
    for unit in ours:
        del unit["@type"]
        unit.pop("dublinCore", None)
    assert found["trees"][tree]["units"] == ours
    assert len(ours) > 20


@pytest.mark.parametrize(("text", "tree", "name"), TREES)
def test_dapytains_serves_every_passage_with_our_text(
    dapytains: Json,
    edition_app: Sphinx,
    edition_dts: dict[str, bytes],
    text: str,
    tree: str,
    name: str,
) -> None:
    pages = edition_app.edition.texts[text].witness.pages  # type: ignore[attr-defined]
    for ref, passage in dapytains["texts"][text]["trees"][tree]["passages"].items():
        ours = etree.fromstring(edition_dts[file_of("document", resource=text, tree=name, ref=ref)])
        words = "".join(ours.find(WRAPPER).itertext())
        assert squeezed(passage["text"]) == squeezed(words), ref
        lost = ours.find(f".//{TEI}gap") is not None or (ref in pages and pages[ref].lost)
        assert squeezed(words) or lost, ref


def test_dapytains_returns_the_entries_that_a_page_mentions(
    dapytains: Json,
    edition_app: Sphinx,
    edition_dts: dict[str, bytes],
    edition_teis: dict[str, bytes],
) -> None:
    edition = edition_app.edition  # type: ignore[attr-defined]
    mentioned: dict[str, set[str]] = {}
    for mention in domain_of(edition_app.env).mentions():
        if mention.page and not mention.note:  # a note may go on overleaf
            entry = edition.registers[mention.register].entries[mention.key]
            mentioned.setdefault(mention.page, set()).add(entry.xml_id)
    assert len(mentioned) > 150
    whole = etree.fromstring(edition_teis["thesis"])
    ends = {
        r.get(ID): re.findall(r"#(\S+)", " ".join(r.attrib.values()))
        for r in whole.iter(f"{TEI}relation")
    }
    assert ends
    *_, last = dapytains["texts"]["thesis"]["trees"]["pages"]["passages"]
    for page, passage in dapytains["texts"]["thesis"]["trees"]["pages"]["passages"].items():
        theirs = set(passage["entries"])
        assert mentioned.get(page, set()) <= theirs, page
        ours = etree.fromstring(
            edition_dts[file_of("document", resource="thesis", tree="pages", ref=page)]
        )
        # Ours has those, too, that an entry points to: the author of a work. To DapyTains the editors'
        # notes at the end of the file are on the last page; and it has the relations of what a page
        # mentions, with what they lead to.
        led = {key for relation in theirs & ends.keys() for key in (relation, *ends[relation])}
        assert page == last or theirs - led <= {
            e.get(ID) for e in ours.iterfind(f"{TEI}standOff/*/*")
        }, page


def test_the_server_of_dapytains_answers(dapytains: Json) -> None:
    answers = dapytains["answers"]
    assert {
        path: answer["status"] for path, answer in answers.items() if answer["status"] != 200
    } == {}
    assert json.loads(answers["/"]["body"])["dtsVersion"] == "1.0"
    assert {m["@id"] for m in json.loads(answers["/collection/"]["body"])["member"]} == set(TEXTS)
    for text, tree, _ in TREES:
        navigation = json.loads(
            answers[f"/navigation/?resource={text}&tree={tree}&down=-1"]["body"]
        )
        refs = [unit["identifier"] for unit in navigation["member"]]
        assert refs == list(dapytains["texts"][text]["trees"][tree]["passages"])
        for ref in (refs[0], refs[-1]):
            body = answers[f"/document/?resource={text}&tree={tree}&ref={ref}"]["body"]
            assert etree.fromstring(body.encode()).tag == f"{TEI}TEI"


# --- CETEIcean: TEI shown in a page ----------------------------------------------------------


@pytest.fixture(scope="module")
def ceteicean(edition_teis: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Json:
    """Name of a text → what is in the page when CETEIcean shows it."""
    node, modules = require("node"), require("node_modules")
    folder = tmp_path_factory.mktemp("ceteicean")
    files = {name: folder / f"{name}.xml" for name in edition_teis}
    for name, data in edition_teis.items():
        files[name].write_bytes(data)
    found = json.loads(run(node, OUTSIDE / "node" / "ceteicean.mjs", modules, *files.values()))
    return {name: found[str(path)] for name, path in files.items()}


@pytest.mark.parametrize("text", TEXTS)
def test_ceteicean_shows_every_element_and_keeps_every_id(
    ceteicean: Json, edition_teis: dict[str, bytes], text: str
) -> None:
    root = etree.fromstring(edition_teis[text])
    counts = Counter(
        element.tag.removeprefix(TEI) for element in root.find(f"{TEI}text").iterdescendants("*")
    )
    assert ceteicean[text]["counts"] == counts
    ids = [element.get(ID) for element in root.iter("*") if element.get(ID)]
    assert Counter(ceteicean[text]["ids"]) == Counter(ids)


# --- BaseX: an XML database ------------------------------------------------------------------


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """``ask(query, file=…)``: the lines that BaseX answers; a query is a file or a text."""
    program = require("basex")
    home = tmp_path_factory.mktemp("basex")
    java = f"-Dorg.basex.path={home}"

    def answer(query: str | Path, **variables: object) -> list[str]:
        bound = [f"-b{name}={value}" for name, value in variables.items()]
        return run(program, *bound, query, JAVA_ARGS=java, BASEX_JVM=java).splitlines()

    return answer


@pytest.mark.parametrize("text", TEXTS)
def test_basex_finds_every_mention_on_its_page_and_line(
    ask: Any, tei_folder: Path, edition_app: Sphinx, text: str
) -> None:
    edition = edition_app.edition  # type: ignore[attr-defined]
    docs = {part.doc for part in edition.texts[text].parts}
    ours = Counter(
        (edition.registers[m.register].entries[m.key].xml_id, m.page, str(m.line), m.note)
        for m in domain_of(edition_app.env).mentions()
        if m.docname in docs
    )
    lines = ask(OUTSIDE / "mentions.xq", file=tei_folder / f"{text}.xml")
    assert Counter(tuple(line.split("\t")) for line in lines) == ours
    assert sum(ours.values()) > 100


def test_basex_joins_the_texts_with_the_registers(ask: Any, tei_folder: Path) -> None:
    """Every entry mentioned is in the registers; and a person's mentions are counted."""
    query = """
        declare default element namespace "http://www.tei-c.org/ns/1.0";
        declare variable $thesis external;
        declare variable $essay external;
        declare variable $registers external;
        let $entries := doc($registers)//standOff/*/*/@xml:id/string()
        let $mentions := (doc($thesis), doc($essay))//text//@ref/substring(., 2)
        let $lost := distinct-values($mentions)[not(. = $entries)]
        return (count($entries), count($lost), count($mentions[. = "pers-trotsky-leon"]))
    """
    files = {name: tei_folder / f"{name}.xml" for name in ("thesis", "essay", "registers")}
    entries, lost, trotsky = map(int, ask(query, **files))
    registers = etree.fromstring(files["registers"].read_bytes())
    assert entries == len(registers.findall(f"{TEI}standOff/*/*"))
    assert lost == 0
    texts = [files[name].read_bytes().split(b"</standOff>")[1] for name in TEXTS]
    assert trotsky == sum(text.count(b'ref="#pers-trotsky-leon"') for text in texts) > 500


# --- tg-model: the importer of the TextGrid Repository ---------------------------------------


def test_tg_model_makes_its_metadata_from_our_header(
    edition_teis: dict[str, bytes], edition_app: Sphinx, tmp_path: Path
) -> None:
    (tmp_path / "tei").mkdir()
    for name, data in edition_teis.items():
        (tmp_path / "tei" / f"{name}.xml").write_bytes(data)
    found = json.loads(run(require("tg-model"), OUTSIDE / "tgmodel_read.py", tmp_path))
    files = {path.rsplit("/", 1)[1]: dict(elements) for path, elements in found["files"].items()}
    record = edition_app.edition.record  # type: ignore[attr-defined]
    right = record["rights"]["text"]
    for text in TEXTS:
        work, edition = files[f"{text}.work.meta"], files[f"{text}.edition.meta"]
        title = record["texts"][text]["title"]
        assert (
            work["object/generic/provided/title"]
            == edition["object/generic/provided/title"]
            == title
        )
        assert edition["object/edition/language"] == "eng"
        assert edition["object/edition/isEditionOf"] == f"{text}.work"
        # of several rights statements it takes the first: the one that claims least
        assert edition["object/edition/license"].startswith(right["name"])
        assert (
            edition["object/edition/source/bibliographicCitation/dateOfPublication"]
            == record["date"][:4]
        )
    date = record["texts"]["thesis"]["date"]
    assert (
        files["thesis.work.meta"]["object/work/dateOfCreation"]
        == f"between {date['from']} and {date['to']}"
    )
    # what it misses: the essay has no date, and nobody knows one
    missed = [
        line.rsplit("Invalid attribute ", 1)[1]
        for line in found["log"].splitlines()
        if "Invalid attribute" in line
    ]
    assert [line.split(":")[0] for line in missed] == [
        "collection.attributes.work.dateOfCreation.date"
    ]
    assert "Found 1 validation errors in document:                    essay.xml" in found["log"]


# --- jing and lxml: two validators -----------------------------------------------------------


@pytest.mark.java
def test_two_validators_agree_on_damaged_pages_of_the_edition(
    tei_folder: Path, tmp_path: Path
) -> None:
    require("java")
    pages = sorted((tei_folder / "thesis" / "pages").glob("*.xml"))[::8]
    mutants = Mutants([parse(page).getroot() for page in pages], random.Random(1926))
    files = []
    for number in range(150):
        files.append(tmp_path / f"mutant-{number:03d}.xml")
        files[-1].write_bytes(etree.tostring(mutants.make(), encoding="UTF-8"))
    schema = ROOT / "schema" / "edition.rng"
    by_jing = {path.name for path, found in jing(schema, files).items() if found}
    by_lxml = set()
    for path in files:
        try:
            if validate_relaxng(parse(path), schema):
                by_lxml.add(path.name)
        except etree.XMLSyntaxError:  # an xml:id twice: lxml says so when it reads the file
            by_lxml.add(path.name)
    assert by_jing == by_lxml
    assert 20 < len(by_lxml) < 150
