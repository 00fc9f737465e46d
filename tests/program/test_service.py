"""``dts-serve``: DTS 1.0 with ranges, lines and errors, OAI-PMH with a harvester, and nothing for strangers."""

from __future__ import annotations

import http.client
import importlib
import json
import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from lxml import etree

from forked import forked
from mini import Mini, command
from tei_export.cli import main
from tei_export.outputs.dts.citation_trees import CitableUnit, CitationTree, Level
from tei_export.schema.validate import jing
from tei_export.service import application, dts, oai
from tei_export.service.built_files import Library, NothingBuiltError
from tei_export.service.command import TextServer, _Handler
from tei_export.shared.loopback import LOOPBACK
from tei_text import TEI, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: It has no types.
sickle: Any = importlib.import_module("sickle")

WRAPPER = "{https://w3id.org/api/dts#}wrapper"
Json = dict[str, Any]
PUBLISHED = """base_url: https://example.org/small/
oai_address: https://example.org/oai"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A small edition with what harvesters need."""
    mini = Mini(tmp_path_factory.mktemp("service"))
    mini.replace(
        "edition.yaml", 'base_url: ""', f"{PUBLISHED}\nreport_to: mailto:someone@example.org"
    )
    result = mini.run("build", "dts", "data")
    assert result.code == 0, result.output
    return mini


@pytest.fixture(scope="module")
def app(built: Mini) -> Any:
    """The application, watched by the checker of the standard library for WSGI."""
    return validator(application(built.out))


def ask(
    app: Any, path: str, method: Any = "GET", **query: Any
) -> tuple[int, dict[str, str], bytes]:
    """Status, header fields and content of an answer."""
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "QUERY_STRING": urlencode({k.rstrip("_"): v for k, v in query.items()}),
    }
    setup_testing_defaults(environ)
    environ["SCRIPT_NAME"] = ""
    said: list[Any] = []
    answer = app(environ, lambda status, fields, _error=None: said.extend((status, fields)))
    data = b"".join(answer)
    answer.close()
    return int(said[0].split()[0]), dict(said[1]), data


def navigation(app: Any, **query: Any) -> Json:
    status, fields, data = ask(app, "/dts/navigation/", **query)
    assert (status, fields["Content-Type"]) == (200, "application/ld+json"), data
    found: Json = json.loads(data)
    return found


def refs(app: Any, **query: Any) -> list[str]:
    return [unit["identifier"] for unit in navigation(app, **query)["member"]]


def document(app: Any, **query: Any) -> etree._Element:
    status, fields, data = ask(app, "/dts/document/", **query)
    assert (status, fields["Content-Type"]) == (200, "application/tei+xml"), data
    assert fields["Link"].endswith('/dts/collection/?id=t>; rel="collection"')
    return parse(data)


def words(app: Any, **query: Any) -> str:
    found = document(app, **query).find(WRAPPER)
    etree.strip_elements(found, f"{TEI}fw", with_tail=False)  # they are in no line
    return " ".join("".join(found.itertext()).split())


# --- DTS ---------------------------------------------------------------------------------


def test_the_templates_lead_to_every_endpoint(app: Any) -> None:
    entry = json.loads(ask(app, "/dts/")[2])
    assert entry["navigation"] == (
        "http://127.0.0.1/dts/navigation/{?resource,ref,start,end,down,tree,page}"
    )
    root = json.loads(ask(app, "/dts/collection/")[2])
    assert [member["@id"] for member in root["member"]] == ["t"]
    text = json.loads(ask(app, "/dts/collection/", id="t")[2])
    assert (
        text["document"]
        == "http://127.0.0.1/dts/document/?resource=t{&ref,start,end,tree,mediaType}"
    )
    assert text["title"] == root["member"][0]["title"]
    parents = json.loads(ask(app, "/dts/collection/", id="t", nav="parents")[2])
    assert [member["@id"] for member in parents["member"]] == ["edition"]


def test_the_files_and_the_service_say_the_same(app: Any, built: Mini) -> None:
    """Units and passages of the static files, whose trees have no lines."""
    folder = built.out / "dts"
    for path in sorted(folder.glob("navigation/resource-t/tree-*/down--1/ref-.json")):
        tree = path.parts[-3].removeprefix("tree-")
        units = json.loads(path.read_bytes())["member"]
        query = {"resource": "t", "down": -1, "tree": tree}
        ours = navigation(app, **query)["member"]
        assert [u for u in ours if u["citeType"] != "line"] == units
        for unit in units:
            file = folder / f"document/resource-t/tree-{tree}/ref-{unit['identifier']}.xml"
            found = ask(app, "/dts/document/", resource="t", tree=tree, ref=unit["identifier"])
            assert found[2] == file.read_bytes()


def test_lines_are_below_their_pages(app: Any) -> None:
    tree = json.loads(ask(app, "/dts/collection/", id="t")[2])["citationTrees"][1]
    assert tree["citeStructure"][0]["citeStructure"] == [
        {"@type": "CiteStructure", "citeType": "line"}
    ]
    pages = refs(app, resource="t", tree="pages", down=1)
    every = navigation(app, resource="t", tree="pages", down=2)["member"]
    assert [u["identifier"] for u in every if u["level"] == 1] == pages
    lines = [u for u in every if u["level"] == 2]
    assert len({u["identifier"] for u in lines}) == len(lines) > 15
    assert all(u["parent"] == u["identifier"].rpartition(".")[0] for u in lines)
    first = pages[0]
    below = refs(app, resource="t", tree="pages", ref=first, down=1)
    assert below == [first, *(u["identifier"] for u in lines if u["parent"] == first)]


def test_a_line_has_its_words_and_no_others(app: Any, built: Mini) -> None:
    """The lines of a page together are the page, each once, those of notes too."""
    for page in refs(app, resource="t", tree="pages", down=1):
        whole = words(app, resource="t", tree="pages", ref=page).replace(" ", "")
        lines = refs(app, resource="t", tree="pages", ref=page, down=1)[1:]
        letters = [
            words(app, resource="t", tree="pages", ref=ref).replace(" ", "") for ref in lines
        ]
        assert sorted("".join(letters)) == sorted(whole), page
    assert words(app, resource="t", tree="pages", ref="1.4").startswith("tion was a mistake.")


def test_ranges_are_what_stands_between(app: Any) -> None:
    """Start and end included, over the borders of parts, in every tree."""
    everything = refs(app, resource="t", down=-1)
    for start, end in (("ch-01", "ch-02"), ("ch-01.2", "ch-02.1"), ("ch-01", "ch-01.1")):
        span = navigation(app, resource="t", start=start, end=end, down=-1)
        assert (span["start"]["identifier"], span["end"]["identifier"]) == (start, end)
        found = [unit["identifier"] for unit in span["member"]]
        at = everything.index(start)
        assert found == everything[at : at + len(found)]
        assert found[-1].startswith(end)
    assert "member" not in navigation(app, resource="t", start="ch-01", end="ch-02")
    first, second, *_ = refs(app, resource="t", tree="pages", down=1)
    both = words(app, resource="t", tree="pages", start=first, end=second)
    apart = [words(app, resource="t", tree="pages", ref=ref) for ref in (first, second)]
    assert both.replace(" ", "") == "".join(apart).replace(" ", "")
    lines = refs(app, resource="t", tree="pages", start=first, end=second, down=1)
    assert {ref.partition(".")[0] for ref in lines} == {first, second}


def test_down_and_levels_that_do_not_exist(app: Any) -> None:
    """*Handling Requests with No Matching CitableUnits*."""
    assert refs(app, resource="t", ref="ch-01.1", down=5) == ["ch-01.1"]
    assert refs(app, resource="t", ref="ch-01", down=0) == refs(app, resource="t", down=1)
    assert refs(app, resource="t", down=9) == refs(app, resource="t", down=-1)


@pytest.mark.parametrize(
    ("endpoint", "query", "status"),
    [
        ("navigation", {}, 400),
        ("navigation", {"resource": "t"}, 400),
        ("navigation", {"resource": "t", "down": 0}, 400),
        ("navigation", {"resource": "t", "start": "ch-01", "end": "ch-02", "down": 0}, 400),
        ("navigation", {"resource": "t", "start": "ch-01", "down": 1}, 400),
        ("navigation", {"resource": "t", "ref": "ch-01", "end": "ch-02"}, 400),
        ("navigation", {"resource": "t", "down": "x"}, 400),
        ("navigation", {"resource": "t", "down": "-2"}, 400),
        ("navigation", {"resource": "t", "down": 1, "page": 2}, 404),
        ("navigation", {"resource": "t", "ref": "ch-99"}, 404),
        ("navigation", {"resource": "t", "down": 1, "tree": "x"}, 404),
        ("navigation", {"resource": "../t", "down": 1}, 404),
        ("navigation", {"resource": "t", "start": "ch-02", "end": "ch-01", "down": 1}, 400),
        ("navigation", {"resource": "t", "start": "ch-02", "end": "ch-01"}, 400),
        ("navigation", {"resource": "t", "start": "ch-02", "end": "ch-99"}, 404),
        ("document", {}, 400),
        ("document", {"resource": "t", "ref": "ch-01", "start": "ch-01"}, 400),
        ("document", {"resource": "t", "end": "ch-01"}, 400),
        ("document", {"resource": "t", "start": "ch-02", "end": "ch-01"}, 400),
        ("document", {"resource": "t", "tree": "pages", "start": "2.3", "end": "2.1"}, 400),
        ("document", {"resource": "t", "ref": "<\x00>"}, 404),
        ("document", {"resource": "t", "mediaType": "text/html"}, 404),
        ("document", {"resource": "t" * 3000}, 414),
        ("collection", {"id": "x"}, 404),
        ("collection", {"nav": "up"}, 400),
        ("elsewhere", {}, 404),
    ],
)
def test_a_query_without_an_answer_is_told_why(
    app: Any, endpoint: str, query: Json, status: int
) -> None:
    found, fields, data = ask(app, f"/dts/{endpoint}/", **query)
    assert found == status
    if endpoint == "document":
        assert fields["Content-Type"] == "application/xml"
        error = parse(data)
        assert error.get("statusCode") == str(status)
        assert error[1].text
    else:
        assert fields["Content-Type"] == "application/ld+json"
        said = json.loads(data)
        assert (said["statusCode"], said["@type"]) == (status, "Status")
        assert said["description"]


def test_only_questions_are_answered(app: Any) -> None:
    status, fields, _data = ask(app, "/dts/", "POST")
    assert (status, fields["Allow"]) == (405, "GET, HEAD")
    status, fields, data = ask(app, "/dts/", "HEAD")
    assert (status, data) == (200, b"")
    assert int(fields["Content-Length"]) > 100
    assert b"OAI-PMH" in ask(app, "/")[2]
    environ = {
        "PATH_INFO": "/dts/navigation/",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "down=1&down=1&resource=t",
    }
    setup_testing_defaults(environ)
    said: list[Any] = []
    application_answer = app(environ, lambda status, fields, _error=None: said.append(status))
    assert b"given twice" in b"".join(application_answer)
    application_answer.close()
    assert said[0].startswith("400")


def test_every_passage_is_tei(app: Any, tei_all: Path, tmp_path: Path) -> None:
    """Without the wrapper: every unit, and every range of three, of every tree."""
    files = []
    for tree in ("", "pages"):
        units = refs(app, resource="t", tree=tree, down=-1)
        spans = zip(units, units[2:], strict=False)
        queries = [{"ref": ref} for ref in units] + [{"start": a, "end": b} for a, b in spans]
        for number, query in enumerate(queries):
            root = document(app, resource="t", tree=tree, **query)
            wrapper = root.find(WRAPPER)
            root.replace(wrapper, wrapper[0])
            files.append(tmp_path / f"{tree}{number}.xml")
            files[-1].write_bytes(etree.tostring(root))
    assert len(files) > 50
    found = {path.name: str(said[0]) for path, said in jing(tei_all, files).items() if said}
    assert found == {}


def test_long_answers_come_in_pages(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = refs(app, resource="t", tree="pages", down=-1)
    monkeypatch.setattr(dts, "TOGETHER", 7)
    found: list[str] = []
    answer = navigation(app, resource="t", tree="pages", down=-1)
    while True:
        found += [unit["identifier"] for unit in answer["member"]]
        view = answer["view"]
        assert view["last"].endswith(f"page={-(-len(whole) // 7)}")
        if "next" not in view:
            break
        page = view["next"].rpartition("=")[2]
        answer = navigation(app, resource="t", tree="pages", down=-1, page=page)
    assert found == whole


def test_a_new_build_is_read(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "e")
    assert mini.build("dts").code == 0
    app = validator(application(mini.out))
    assert "ch-02.2" not in refs(app, resource="t", down=-1)
    mini.replace("t/two.md", "{gap}`1 word`\n", "{gap}`1 word`\n\n")
    assert mini.build("dts").code == 0
    assert "ch-02.2" in refs(app, resource="t", down=-1)


def test_a_corpus_is_one_service(built: Mini, tmp_path: Path) -> None:
    """Ids of texts are unique with the name of their edition; harvesters get the records of all."""
    editions = tmp_path / "editions"
    editions.mkdir()
    for name in ("e00", "e01"):
        (editions / name).symlink_to(built.out)
    home = tmp_path / "corpus" / "dts" / "collection" / "id-corpus"
    home.mkdir(parents=True)
    (tmp_path / "corpus" / "dts" / "index.json").write_text("{}")
    (home / "nav-.json").write_text('{"title": "All"}')
    app = validator(application(tmp_path))
    root = json.loads(ask(app, "/dts/collection/")[2])
    assert (root["@id"], root["title"]) == ("corpus", "All")
    assert [member["@id"] for member in root["member"]] == ["e00", "e01"]
    edition = json.loads(ask(app, "/dts/collection/", id="e01")[2])
    assert [member["@id"] for member in edition["member"]] == ["e01/t"]
    assert refs(app, resource="e01/t", down=1)[:2] == ["ch-01", "ch-02"]
    records = oai.repository(Library(tmp_path))
    assert records is not None
    assert len(records.records) == 4
    assert records.identify[0].text == "All"


def test_a_folder_without_outputs_is_told(tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(NothingBuiltError, match="build them first"):
        application(tmp_path)
    result = command(tmp_path, "dts-serve")
    assert (result.code, "no texts in" in result.output) == (4, True)


def test_a_range_that_cuts_a_note(app: Any) -> None:
    """From the line of a note to a later line of the text."""
    units = navigation(app, resource="t", tree="pages", down=-1)["member"]
    root = document(app, resource="t")
    number = root.find(f".//{TEI}note//{TEI}lb").get("n")
    ref = next(u["identifier"] for u in units if u["identifier"].endswith(f".{number}"))
    found = document(app, resource="t", tree="pages", start=ref, end=units[-1]["identifier"])
    assert found.find(f".//{TEI}note//{TEI}lb").get("n") == number


# --- The server --------------------------------------------------------------------------


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    server = TextServer((LOOPBACK, 0), _Handler)
    server.set_app(application(folder))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def port(built: Mini) -> Iterator[int]:
    with serving(built.out) as found:
        yield found


def test_the_command_answers_until_a_signal(built: Mini) -> None:
    def stop() -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    def work() -> int:
        begin = TextServer.serve_forever

        def serve(server: TextServer, poll: float) -> None:
            threading.Timer(0.1, stop).start()
            begin(server, poll)

        TextServer.serve_forever = serve  # type: ignore[method-assign,assignment]
        return main(["dts-serve", "--root", str(built.root), "--port", "0"])

    done = forked(work)
    assert (done.returncode, done.stderr) == (143, "")
    head, *_, last = done.stdout.splitlines()
    assert head.endswith("/ answers programs; Ctrl-C ends")
    assert last == "stopped"


def test_a_port_in_use_is_a_message(built: Mini, port: int) -> None:
    result = command(built.root, "dts-serve", "--port", str(port))
    assert result.code == 4
    assert f"port {port}: " in result.output


@pytest.mark.parametrize(
    "fields",
    [{"Host": "evil.example"}, {"Host": ""}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
)
def test_strangers_get_nothing(port: int, fields: dict[str, str]) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    connection.putrequest("GET", "/dts/", skip_host="Host" in fields)
    for name, value in fields.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 403
    assert b"dtsVersion" not in answer.read()
    connection.close()


# --- OAI-PMH -----------------------------------------------------------------------------


def protocol(app: Any, **query: Any) -> etree._Element:
    status, fields, data = ask(app, "/oai", **query)
    assert (status, fields["Content-Type"]) == (200, "text/xml; charset=utf-8")
    return parse(data)


def test_a_harvester_gets_every_record(port: int) -> None:
    harvester = sickle.Sickle(f"http://{LOOPBACK}:{port}/oai")
    identify = harvester.Identify()
    assert identify.adminEmail == "someone@example.org"
    assert (identify.granularity, identify.protocolVersion) == ("YYYY-MM-DD", "2.0")
    assert [one.metadataPrefix for one in harvester.ListMetadataFormats()] == ["oai_dc"]
    records = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    assert [record.header.identifier for record in records] == [
        "oai:example.org:small/edition",
        "oai:example.org:small/t",
    ]
    assert records[0].metadata["title"] == ["A small edition. A mini edition of two chapters"]
    assert records[1].metadata["identifier"] == ["https://example.org/small/files/tei/t.xml"]
    headers = list(harvester.ListIdentifiers(metadataPrefix="oai_dc"))
    assert [header.identifier for header in headers] == [r.header.identifier for r in records]
    again = harvester.GetRecord(metadataPrefix="oai_dc", identifier=headers[1].identifier)
    assert again.metadata == records[1].metadata
    for missing, query in ((sickle.oaiexceptions.NoSetHierarchy, harvester.ListSets),):
        with pytest.raises(missing):
            list(query())


def test_a_long_list_comes_in_pieces(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "TOGETHER", 1)
    harvester = sickle.Sickle(f"http://{LOOPBACK}:{port}/oai")
    found = [header.identifier for header in harvester.ListIdentifiers(metadataPrefix="oai_dc")]
    assert found == ["oai:example.org:small/edition", "oai:example.org:small/t"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Sing"}, "badVerb"),
        ({"verb": "Identify", "x": 1}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "today"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2999-01-01"},
            "noRecordsMatch",
        ),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "1000-01-01"},
            "noRecordsMatch",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2002-01-01",
                "until": "2001-01-01",
            },
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "a"}, "noSetHierarchy"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "9.."}, "badResumptionToken"),
        ({"verb": "ListSets"}, "noSetHierarchy"),
        ({"verb": "GetRecord", "identifier": "x"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "\x01", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "x", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "x"}, "idDoesNotExist"),
    ],
)
def test_what_is_wrong_has_a_code(app: Any, query: Json, code: str) -> None:
    root = protocol(app, **query)
    error = root.find("{*}error")
    assert (error.get("code"), bool(error.text)) == (code, True)
    request = root.find("{*}request")
    assert request.text == "https://example.org/oai"
    assert bool(request.attrib) is (code not in ("badVerb", "badArgument"))


def test_an_edition_without_an_address_has_no_repository(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "e")
    mini.replace("edition.yaml", 'base_url: ""', PUBLISHED)
    assert "oai_address needs base_url, and report_to" in mini.check().output
    mini.replace("edition.yaml", "oai_address: https://example.org/oai", "")
    assert mini.run("build", "dts").code == 0
    status, _fields, data = ask(validator(application(mini.out)), "/oai", verb="Identify")
    assert (status, b"oai_address" in data) == (404, True)


def test_units_of_a_tree_by_hand() -> None:
    """What lies between two units, without a file."""
    node = etree.Element("p")
    units = tuple(
        CitableUnit(ref, ref.count(".") + 1, ref.rpartition(".")[0], "", "", node)
        for ref in ("a", "a.1", "a.1.x", "a.2", "b", "b.1")
    )
    levels = (Level("part", "", (Level("block", ".", (Level("line", ".", ()),)),)),)
    tree = CitationTree("", "", levels, units)

    def span(start: str, end: str, down: int) -> list[str]:
        first, last = tree.unit(start), tree.unit(end)
        assert first is not None
        assert last is not None
        return [unit.ref for unit in tree.between(first, last, down)]

    assert span("a.1", "b", 0) == ["a.1", "a.2", "b", "b.1"]
    assert span("a", "b", 0) == ["a", "b"]
    assert span("a", "a", -1) == ["a", "a.1", "a.1.x", "a.2"]
    assert span("b", "a", -1) == []
    assert tree.unit("c") is None
