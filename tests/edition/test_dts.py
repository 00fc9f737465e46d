"""The static DTS: required fields, both citation trees whole, every passage's text, every link.

What DapyTains makes of the same texts is compared in ``test_outside.py``.
"""

from __future__ import annotations

import copy
import json
import re
import threading
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree

from tei_export.outputs.dts.paths import file_of
from tei_text import ID, TEI, by_id, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mini import Mini

WRAPPER = "{https://w3id.org/api/dts#}wrapper"
#: Tables of DTS 1.0, sections Entry, Collection and Navigation Endpoint: what is required.
LINKS = {"collection", "navigation", "document"}
TOP = {"@context", "@id", "@type", "dtsVersion"}
COLLECTION = {"@id", "@type", "title", "totalParents", "totalChildren", "collection"}
RESOURCE = {"@id", "@type", "title", "totalParents", *LINKS}
UNIT = {"identifier", "@type", "level", "parent"}
#: Every word that the context of DTS 1.0 defines and that the answers use.
KNOWN = TOP | COLLECTION | RESOURCE | UNIT | {
    "citationTrees", "citeStructure", "citeType", "description", "download", "dublinCore", "lang",
    "mediaTypes", "member", "ref", "resource", "value", "view", "first", "previous", "next", "last",
}  # fmt: skip

DESCRIPTION = [
    f"{TEI}teiHeader/{TEI}fileDesc/{TEI}{name}"
    for name in ("titleStmt", "publicationStmt", "sourceDesc")
]

Json = dict[str, Any]


@pytest.fixture(scope="module")
def answers(edition_dts: dict[str, bytes]) -> dict[str, Json]:
    """Every file of JSON."""
    return {path: json.loads(data) for path, data in edition_dts.items() if path.endswith(".json")}


@pytest.fixture(scope="module")
def passages(edition_dts: dict[str, bytes]) -> dict[str, etree._Element]:
    """Every file of XML, parsed: it is well-formed."""
    return {path: parse(data) for path, data in edition_dts.items() if path.endswith(".xml")}


@pytest.fixture(scope="module")
def roots(edition_teis: dict[str, bytes]) -> dict[str, etree._Element]:
    return {name: parse(data) for name, data in edition_teis.items()}


def members(answers: dict[str, Json], **query: object) -> list[Json]:
    return answers[file_of("navigation", **query)]["member"]


def refs(units: list[Json]) -> list[str]:
    return [unit["identifier"] for unit in units]


def pages_of(root: etree._Element) -> list[str]:
    return [turn.get("n") for turn in root.iter(f"{TEI}pb") if turn.get("n")]


def blocks_of(root: etree._Element) -> dict[str, etree._Element]:
    """Reference → element, of parts and of all that has a number in them."""
    found = {}
    for part in root.iterfind(f"{TEI}text/*/{TEI}div"):
        found[part.get(ID)] = part
        for block in part.iter(f"{TEI}p", f"{TEI}cit", f"{TEI}list", f"{TEI}bibl"):
            if block.get("n"):
                found[f"{part.get(ID)}.{block.get('n')}"] = block
    return found


def test_the_names_are_fit_for_any_server_and_archive(edition_dts: dict[str, bytes]) -> None:
    assert [path for path in edition_dts if not re.fullmatch(r"[A-Za-z0-9._/-]+", path)] == []
    assert len({path.lower() for path in edition_dts}) == len(edition_dts)


# --- Required fields ---------------------------------------------------------------------


def test_the_entry_point(answers: dict[str, Json]) -> None:
    entry = answers["index.json"]
    assert entry.keys() == TOP | LINKS
    assert entry["@type"] == "EntryPoint"
    assert entry["dtsVersion"] == "1.0"
    assert entry["@context"] == "https://dtsapi.org/context/v1.0.json"


def test_templates_and_files_say_the_same(
    answers: dict[str, Json], edition_dts: dict[str, bytes]
) -> None:
    """A template with every value of its variables gives the files there are, and no others."""
    entry = answers["index.json"]
    found = {"index.json"}
    for endpoint in LINKS:
        names = re.findall(r"{(\w+)}", entry[endpoint])
        pattern = re.escape(entry[endpoint])
        for name in names:
            pattern = pattern.replace(re.escape(f"{{{name}}}"), r"[\w.-]*")
        found |= {path for path in edition_dts if re.fullmatch(pattern, path)}
    assert found == edition_dts.keys()


def test_every_answer_has_what_the_specification_requires(answers: dict[str, Json]) -> None:
    for path, answer in answers.items():
        assert answer.keys() >= TOP, path
        if path.startswith("collection/"):
            for one in (answer, *answer["member"]):
                required = RESOURCE if one["@type"] == "Resource" else COLLECTION
                assert one.keys() >= required, path
        if path.startswith("navigation/"):
            assert answer["@type"] == "Navigation"
            resource = answer["resource"]
            assert resource.keys() >= {"@id", "@type", "citationTrees", *LINKS}, path
            for unit in (*answer.get("member", ()), *([answer["ref"]] if "ref" in answer else ())):
                assert unit.keys() >= UNIT, path
                assert unit["@type"] == "CitableUnit"


def test_every_word_is_one_of_the_context(answers: dict[str, Json]) -> None:
    def words(value: object) -> Iterator[str]:
        if isinstance(value, list):
            for item in value:
                yield from words(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield key
                if key != "dublinCore":  # terms of Dublin Core
                    yield from words(item)

    assert {word for answer in answers.values() for word in words(answer)} <= KNOWN


def test_the_default_tree_has_no_name_and_the_others_have(answers: dict[str, Json]) -> None:
    for text, names in (("thesis", [None, "pages"]), ("essay", [None])):
        trees = answers[file_of("collection", id=text)]["citationTrees"]
        assert [tree.get("identifier") for tree in trees] == names
        assert trees[0]["citeStructure"][0]["citeStructure"] == [
            {"@type": "CiteStructure", "citeType": "block"}
        ]


def test_collections_know_parents_and_children(answers: dict[str, Json]) -> None:
    root = answers[file_of("collection")]
    assert root == answers[file_of("collection", id="edition")]
    assert [m["@id"] for m in root["member"]] == ["thesis", "essay"]
    assert root["totalChildren"] == 2
    assert answers[file_of("collection", id="edition", nav="parents")]["member"] == []
    for text in ("thesis", "essay"):
        assert answers[file_of("collection", id=text)]["member"] == []
        parents = answers[file_of("collection", id=text, nav="parents")]["member"]
        assert [m["@id"] for m in parents] == ["edition"]


def test_the_metadata_are_the_record_s(answers: dict[str, Json], edition_app: Any) -> None:
    record = edition_app.edition.record
    core = answers[file_of("collection")]["dublinCore"]
    assert core["issued"] == record["date"]
    assert core["license"] == [
        record["rights"][of]["uri"] for of in ("text", "encoding", "metadata")
    ]
    thesis = answers[file_of("collection", id="thesis")]
    assert thesis["title"] == record["texts"]["thesis"]["title"]


# --- Navigation --------------------------------------------------------------------------


def test_every_page_and_every_block_is_found(
    answers: dict[str, Json], roots: dict[str, etree._Element]
) -> None:
    for text, root in roots.items():
        assert refs(members(answers, resource=text, down=-1)) == list(blocks_of(root))
    assert refs(members(answers, resource="thesis", tree="pages", down=-1)) == pages_of(
        roots["thesis"]
    )
    assert len(pages_of(roots["thesis"])) == 163


def test_trees_are_in_document_order_with_their_parents(answers: dict[str, Json]) -> None:
    units = members(answers, resource="thesis", down=-1)
    assert len(set(refs(units))) == len(units)
    part = None
    for unit in units:
        if unit["level"] == 1:
            part = unit["identifier"]
            assert unit["parent"] is None
        else:
            assert (unit["level"], unit["parent"], unit["citeType"]) == (2, part, "block")
    assert [u for u in units if u["level"] == 1] == members(answers, resource="thesis", down=1)


def test_down_and_ref(answers: dict[str, Json]) -> None:
    """The table "Usage of down, ref, start and end"."""
    everything = members(answers, resource="thesis", down=-1)
    assert members(answers, resource="thesis", down=2) == everything
    chapter = [u for u in everything if u["identifier"] == "ch-02" or u["parent"] == "ch-02"]
    assert len(chapter) > 10
    for down in (1, -1):
        assert members(answers, resource="thesis", ref="ch-02", down=down) == chapter
        assert members(answers, resource="thesis", ref="ch-02.3", down=down) == chapter[3:4]
    assert members(answers, resource="thesis", ref="ch-02.3", down=0) == chapter[1:]
    parts = members(answers, resource="thesis", down=1)
    assert members(answers, resource="thesis", ref="ch-02", down=0) == parts
    alone = answers[file_of("navigation", resource="thesis", ref="ch-02.3")]
    assert alone["ref"] == chapter[3]
    assert "member" not in alone


def test_the_neighbours_of_a_page_are_all_pages(answers: dict[str, Json]) -> None:
    """Hundred by hundred: ``view`` leads to the others (Navigation Endpoint, Pagination)."""
    every = members(answers, resource="thesis", tree="pages", down=1)
    folder = "navigation/resource-thesis/tree-pages/down-0/"
    middle = answers[file_of("navigation", resource="thesis", tree="pages", down=0, ref="77")]
    assert "77" in refs(middle["member"])
    found, here = [], middle["view"]["first"]
    while here:
        answer = answers[folder + here.rpartition("/")[2]]
        assert answer["view"]["@type"] == "Pagination"
        assert answer["view"]["first"] == middle["view"]["first"]
        assert answer["view"]["last"] == middle["view"]["last"]
        found += answer["member"]
        here = answer["view"].get("next", "")
    assert found == every


def test_every_unit_answers_every_query(
    answers: dict[str, Json], passages: dict[str, etree._Element]
) -> None:
    for text, tree in (("thesis", ""), ("thesis", "pages"), ("essay", "")):
        for ref in refs(members(answers, resource=text, tree=tree, down=-1)):
            for down in ("", 0, 1, -1):
                query = {"resource": text, "tree": tree, "ref": ref, "down": down}
                assert answers[file_of("navigation", **query)]["ref"]["identifier"] == ref
            assert file_of("document", resource=text, tree=tree, ref=ref) in passages


# --- Documents ---------------------------------------------------------------------------


def wrapped(passages: dict[str, etree._Element], **query: str) -> etree._Element:
    found = passages[file_of("document", **query)]
    assert found.tag == f"{TEI}TEI"
    return found.find(WRAPPER)


def words(element: etree._Element) -> str:
    return "".join(element.itertext())


def test_a_part_or_block_has_exactly_its_text(
    passages: dict[str, etree._Element], roots: dict[str, etree._Element]
) -> None:
    for text, root in roots.items():
        for ref, block in blocks_of(root).items():
            found = wrapped(passages, resource=text, ref=ref)
            assert words(found) == words(block), ref
            count = sum(1 for _ in block.iter())
            at = [
                e
                for e in found.iter(block.tag)
                if e.get(ID) == block.get(ID) and words(e) == words(block)
            ]
            assert sum(1 for _ in at[0].iter()) == count, ref


def test_the_pages_put_together_are_the_text(
    passages: dict[str, etree._Element], roots: dict[str, etree._Element]
) -> None:
    """From the first page turn to the editors' notes: nothing twice, nothing left out."""
    root = copy.deepcopy(roots["thesis"])
    for notes in root.findall(f".//{TEI}div[@type='editorialNotes']"):
        notes.getparent().remove(notes)
    expected: list[Any] = []
    for event, node in etree.iterwalk(root.find(f"{TEI}text"), events=("start", "end")):
        if expected or (node.tag == f"{TEI}pb" and node.get("n")):
            expected.append((node.text if event == "start" else node.tail) or "")
    found = [
        wrapped(passages, resource="thesis", tree="pages", ref=page) for page in pages_of(root)
    ]
    assert "".join(map(words, found)).rstrip() == "".join(expected).rstrip()
    for ref, page in zip(pages_of(root), found, strict=True):
        assert pages_of(page) == [ref]


def test_a_passage_stands_in_what_it_stood_in(passages: dict[str, etree._Element]) -> None:
    found = wrapped(passages, resource="thesis", ref="ch-02.3")
    names = [e.tag.removeprefix(TEI) for e in found.iter()]
    assert names[1:5] == ["text", "body", "div", names[4]]
    assert found.find(f".//{TEI}div").get(ID) == "ch-02"


def test_a_passage_brings_the_entries_it_mentions_and_no_others(
    passages: dict[str, etree._Element], roots: dict[str, etree._Element]
) -> None:
    pointer = re.compile(r"#([\w.-]+)")
    for path, passage in passages.items():
        if passage.find(WRAPPER) is None:
            continue
        entries = {e.get(ID): e for e in passage.iterfind(f"{TEI}standOff/*/*[@{ID}]")}
        stand_off = roots[passage.get(ID)].iterfind(f"{TEI}standOff/*/*[@{ID}]")
        known = {e.get(ID) for e in stand_off}

        def targets(element: etree._Element) -> set[str]:
            values = (str(v) for e in element.iter("*") for v in e.attrib.values())
            return {name for value in values for name in pointer.findall(value)}

        mentioned = targets(passage.find(WRAPPER)) & known
        assert mentioned <= entries.keys(), path
        reached = mentioned.union(*(targets(e) for e in entries.values()))
        assert entries.keys() <= reached, path


def test_a_passage_says_what_it_is_of_and_under_what_rights(
    passages: dict[str, etree._Element], roots: dict[str, etree._Element]
) -> None:
    described = {
        text: (
            [words(root.find(at)) for at in DESCRIPTION],
            {"ed", "author", "auto", "mach", "T", "O"} & by_id(root).keys(),
        )
        for text, root in roots.items()
    }
    for path, passage in passages.items():
        said, responsible = described[passage.get(ID)]
        assert [words(passage.find(at)) for at in DESCRIPTION] == said, path
        assert responsible <= by_id(passage.find(f"{TEI}teiHeader")).keys(), path


def test_the_whole_text_is_the_tei_file(
    edition_dts: dict[str, bytes], edition_teis: dict[str, bytes]
) -> None:
    url = re.compile(rb'(<schemaRef [^>]*url=")([^"]*)(")')
    for text, data in edition_teis.items():
        found = edition_dts[file_of("document", resource=text)]
        assert url.search(found)[2] == b"../../../../tei/" + url.search(data)[2]
        body = url.sub(rb"\1\3", data)
        assert url.sub(rb"\1\3", found).split(b"<TEI ", 1)[1] == body.split(b"<TEI ", 1)[1]
    pages = file_of("document", resource="thesis", tree="pages")
    assert edition_dts[pages] == edition_dts[file_of("document", resource="thesis")]


# --- Served ------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def served(edition_dts: dict[str, bytes], tmp_path: Path) -> Iterator[str]:
    """The address of the service on a server that only hands out files."""
    for path, data in edition_dts.items():
        file = tmp_path / "some" / "place" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/some/place/index.json"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Client:
    """A DTS client that knows the addresses of nothing but the entry point."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(urlsplit(address).netloc)

    def get(self, address: str, head: bool = False) -> bytes:
        self.connection.request("HEAD" if head else "GET", urlsplit(address).path)
        response = self.connection.getresponse()
        data = response.read()
        assert response.status == 200, address
        return data

    def json(self, address: str) -> Json:
        return json.loads(self.get(address))


def fill(template: str, **values: object) -> str:
    """RFC 6570, level 1: a variable without a value is empty."""
    return re.sub(r"{(\w+)}", lambda m: str(values.get(m[1], "")), template)


def test_a_client_finds_everything_from_the_entry_point(served: str) -> None:
    client = Client(served)
    entry = client.json(served)
    address = urljoin(served, fill(entry["collection"]))
    root = client.json(address)
    counted = 0
    for text in root["member"]:
        at = urljoin(address, fill(text["collection"]))
        resource = client.json(at)
        client.get(urljoin(at, resource["download"]), head=True)
        for tree in resource["citationTrees"]:
            name = tree.get("identifier", "")
            there = urljoin(at, fill(resource["navigation"], tree=name, down=-1))
            navigation = client.json(there)
            assert urljoin(there, navigation["@id"]) == there
            for unit in navigation["member"]:
                ref = unit["identifier"]
                for kind, down in product(("navigation", "document"), ("", 0)):
                    link = fill(navigation["resource"][kind], tree=name, ref=ref, down=down)
                    client.get(urljoin(there, link), head=True)
                counted += 1
    assert counted > 163 + 280


def test_the_same_sources_give_the_same_bytes(mini: Mini) -> None:
    def built() -> dict[str, bytes]:
        assert mini.run("build", "dts", "--fresh").code == 0
        folder = mini.out / "dts"
        return {
            p.relative_to(folder).as_posix(): p.read_bytes()
            for p in folder.rglob("*")
            if p.is_file()
        }

    assert built() == built()
