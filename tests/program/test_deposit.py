"""The deposit: whole, checked by the tools of others, the same bytes every time, one record behind it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bagit
import bibtexparser
import pikepdf
import pytest
import rispy
import yaml
from datacite import schema45
from lxml import etree
from rocrate.rocrate import ROCrate

from mini import ROOT, Mini, command
from tei_export.model import edition as edition_module
from tei_export.model.metadata import Metadata, metadata
from tei_export.model.problems import EditionError
from tei_export.outputs.deposit import checks, package, ro_crate
from tei_export.session import TARGETS
from tei_export.shared.rights import quotes_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

from machines import contents, finished, started

NAME = "small-1-2-3"
PUBLISHED = "base_url: https://example.org/e/\nidentifier: 10.5281/zenodo.7"
NS = {
    "t": "http://www.tei-c.org/ns/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "d": "http://datacite.org/schema/kernel-4",
    "opf": "http://www.idpf.org/2007/opf",
}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mini, Mini]:
    """The same small edition, deposited in two places under two environments."""
    minis = (
        Mini(tmp_path_factory.mktemp("here") / "m"),
        Mini(tmp_path_factory.mktemp("there") / "a b" / "other"),
    )
    for mini in minis:
        mini.replace("edition.yaml", 'base_url: ""', PUBLISHED)
        (mini.root / "CHANGELOG.md").write_text(
            "# Changes\n\n## [1.2.3] - 2026-01-31\n", encoding="utf-8"
        )
    for process in [started(mini.root, number, "deposit") for number, mini in enumerate(minis)]:
        finished(process)
    return minis


@pytest.fixture(scope="module")
def bag(twice: tuple[Mini, Mini]) -> Path:
    return twice[0].out / "deposit" / NAME


@pytest.fixture(scope="module")
def record(twice: tuple[Mini, Mini]) -> Metadata:
    return metadata(edition_module.load(twice[0].root / "edition"))


# --- repeatable ------------------------------------------------------------------------------


def test_two_deposits_are_the_same_bytes(twice: tuple[Mini, Mini]) -> None:
    here, there = (contents(mini.out / "deposit" / NAME) for mini in twice)
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name]] == []


@pytest.mark.parametrize("target", [target for target in TARGETS if target != "html"])
def test_two_builds_are_the_same_bytes(twice: tuple[Mini, Mini], target: str) -> None:
    here, there = (contents(mini.out / target) for mini in twice)
    assert here
    assert here == there


def test_nothing_tells_where_and_by_whom_it_was_made(twice: tuple[Mini, Mini], bag: Path) -> None:
    files = contents(bag)
    with zipfile.ZipFile(bag / "data" / "html" / "site.zip") as archive:
        files |= {name: archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 31, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
    del files["data/source/conf.py"]  # in it the test itself wrote where the schema is
    marks = [str(twice[0].root), str(ROOT), str(Path.home()) + "/", sys.prefix]
    assert [
        (name, mark) for name, data in files.items() for mark in marks if mark.encode() in data
    ] == []


# --- what is in it ---------------------------------------------------------------------------


def test_the_bag_is_valid(bag: Path, tmp_path: Path) -> None:
    found = bagit.Bag(str(bag))
    found.validate()
    assert sorted(found.algorithms) == ["sha256", "sha512"]
    copy = tmp_path / "copy"
    shutil.copytree(bag, copy)
    (copy / "data" / "CITATION.cff").write_text("changed", encoding="utf-8")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(copy)).validate()


def test_everything_an_archive_wants_is_there(twice: tuple[Mini, Mini], bag: Path) -> None:
    payload = bag / "data"
    wanted = [
        "tei/t.xml", "tei/schema/edition.odd", "tei/schema/edition.rng", "tei/schema/edition.sch", "pdf/t.pdf",
        "html/site.zip", "data/persons.csv", "data/registers.ttl", "source/witness/w.txt", "source/witness/pages.csv",
        "source/README.md", "source/edition.yaml", "source/conf.py", "source/t/one.md", "source/registers/persons.yaml", "metadata/datacite.json", "metadata/datacite.xml", "metadata/dublin-core.xml",
        "README.md", "LICENSES.md", "CHANGELOG.md", "CITATION.cff", "ro-crate-metadata.json",
    ]  # fmt: skip
    assert [name for name in wanted if not (payload / name).is_file()] == []
    if "epub" in TARGETS:
        assert list(payload.glob("epub/*.epub"))
    for name in ("tei", "pdf", "data"):
        for path, data in contents(twice[0].out / name).items():
            assert (payload / name / path).read_bytes() == data
    with zipfile.ZipFile(payload / "html" / "site.zip") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == set(contents(twice[0].out / "html"))
    assert [path for path in contents(payload) if not checks.acceptable_path(path)] == []


def test_the_crate_describes_every_file(bag: Path) -> None:
    payload = bag / "data"
    crate = ROCrate(payload)
    described = {entity.id for entity in crate.get_entities() if entity.type == "File"}
    assert described | {"ro-crate-metadata.json"} == set(contents(payload))
    for entity in crate.get_entities():
        if entity.type == "File":
            assert entity["description"], entity.id
            assert entity["license"], entity.id
            assert entity["encodingFormat"] != "application/octet-stream", entity.id
    said = {e.id: e["description"] for e in crate.get_entities() if e.type == "File"}
    of_data = [name for name in said if name.startswith("data/") and name != "data/README.md"]
    assert {said[name] for name in of_data}.isdisjoint({package.CONTENTS["data/"]})
    assert said["data/persons.csv"] != said["data/registers.ttl"] != said["data/t.conllu"]


def test_tables_that_quote_the_texts_have_their_rights(bag: Path) -> None:
    folder = bag / "data" / "data"
    for path in folder.glob("*.csv"):
        columns = set(path.read_text(encoding="utf-8").split("\n", 1)[0].strip().split(","))
        quoting = bool(columns & {"words", "before", "after", "lemma", "reading", "word"})
        assert quotes_texts(f"data/{path.name}") == quoting, path.name
    for path in [*folder.glob("*.conllu"), *folder.glob("texts/*/*")]:
        assert ro_crate.rights_of(f"data/{path.relative_to(folder).as_posix()}") == (
            "text",
            "encoding",
        )


def test_formats_and_sizes_are_those_of_the_files(bag: Path) -> None:
    payload = bag / "data"
    graph = {
        item["@id"]: item
        for item in json.loads((payload / "ro-crate-metadata.json").read_bytes())["@graph"]
    }
    formats = set(json.loads((payload / "metadata" / "datacite.json").read_bytes())["formats"])
    assert {
        "application/epub+zip",
        "application/tei+xml",
        "application/pdf",
        "text/html",
    } <= formats
    for name in contents(payload):
        if name != "ro-crate-metadata.json":
            assert graph[name]["contentSize"] == str((payload / name).stat().st_size), name
    assert {"@id": graph["source/t/one.md"]["license"][0]["@id"]} == graph["source/witness/w.txt"][
        "license"
    ][0]


def test_nobody_claims_the_text(bag: Path, record: Metadata) -> None:
    right = record.right("text")
    note = (bag / "data" / "source" / "README.md").read_text(encoding="utf-8")
    assert right.uri in note
    assert right.statement in note
    assert "The editors hold no right in these texts" in note
    assert (
        hashlib.sha256((bag / "data" / "source" / "witness" / "w.txt").read_bytes()).hexdigest()
        in note
    )
    graph = {
        item["@id"]: item
        for item in json.loads((bag / "data" / "ro-crate-metadata.json").read_bytes())["@graph"]
    }
    assert graph["source/witness/w.txt"]["license"] == [{"@id": right.uri}]
    assert {"@id": right.uri} in graph["tei/t.xml"]["license"]
    assert graph["data/persons.csv"]["license"] == [{"@id": record.right("encoding").uri}]


def test_datacite_is_valid(bag: Path) -> None:
    data = json.loads((bag / "data" / "metadata" / "datacite.json").read_bytes())
    assert [error.message for error in schema45.validator.iter_errors(data)] == []
    del data["titles"]
    assert not schema45.validate(data)  # it can fail


def test_the_readme_names_what_is_there(bag: Path) -> None:
    text = (bag / "data" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    assert [name for name in named if not (bag / "data" / name).exists()] == []
    top = {path.name for path in (bag / "data").iterdir()} - {"ro-crate-metadata.json"}
    assert top == {name.split("/")[0] for name in named}


# --- one record ------------------------------------------------------------------------------
# A reader gives of one form: title, creators, date, version, rights (addresses), identifier;
# only what that form has a place for.

Said = dict[str, Any]


def _tei(payload: Path) -> Said:
    root = etree.parse(payload / "tei" / "t.xml").getroot()

    def one(path: str) -> str:
        return str(root.xpath(f"string(//t:teiHeader{path})", namespaces=NS))

    assert (
        one("//t:titleStmt/t:title[@type='main']") == "A typescript"
    )  # the text's; its subtitle is the edition's
    said: Said = {
        "subtitle": one("//t:titleStmt/t:title[@type='sub']"),
        "creators": [one("//t:titleStmt/t:editor")],
        "date": one("//t:editionStmt/t:edition/t:date/@when"),
        "version": one("//t:editionStmt/t:edition/@n"),
        "rights": root.xpath("//t:publicationStmt//t:licence/@target", namespaces=NS),
    }
    if one("//t:publicationStmt/t:idno[@type='DOI']"):
        said["identifier"] = one("//t:publicationStmt/t:idno[@type='DOI']")
    return said


def _crate(payload: Path) -> Said:
    root = ROCrate(payload).root_dataset
    return {
        "title": root["name"],
        "subtitle": root["alternativeHeadline"],
        "creators": [one["name"] for one in root["creator"]],
        "date": root["datePublished"],
        "version": root["version"],
        "rights": [one.id for one in root["license"]],
        "identifier": root["identifier"].removeprefix("https://doi.org/"),
    }


def _datacite_json(payload: Path) -> Said:
    data = json.loads((payload / "metadata" / "datacite.json").read_bytes())
    return {
        "title": data["titles"][0]["title"],
        "subtitle": data["titles"][1]["title"],
        "creators": [one["name"] for one in data["creators"]],
        "date": data["dates"][0]["date"],
        "version": data["version"],
        "rights": [one["rightsUri"] for one in data["rightsList"]],
        "identifier": data["doi"],
    }


def _datacite_xml(payload: Path) -> Said:
    root = etree.parse(payload / "metadata" / "datacite.xml")

    def every(path: str) -> list[str]:
        return [str(found) for found in root.xpath(path, namespaces=NS)]

    return {
        "title": every("//d:title[not(@titleType)]/text()")[0],
        "subtitle": every("//d:title[@titleType]/text()")[0],
        "creators": every("//d:creatorName/text()"),
        "date": every("//d:date/text()")[0],
        "version": every("//d:version/text()")[0],
        "rights": every("//d:rights/@rightsURI"),
        "identifier": every("//d:identifier/text()")[0],
    }


def _dublin_core(payload: Path) -> Said:
    root = etree.parse(payload / "metadata" / "dublin-core.xml")

    def every(name: str) -> list[str]:
        return [element.text for element in root.iterfind(f".//dc:{name}", NS)]

    return {
        "full": every("title")[0],
        "creators": every("creator"),
        "date": every("date")[0],
        "version": next(
            text for text in every("description") if text.startswith("Version ")
        ).removeprefix("Version "),
        "rights": [text.split()[-1] for text in every("rights")],
        "identifier": every("identifier")[0].removeprefix("https://doi.org/"),
    }


def _cff(payload: Path) -> Said:
    data = yaml.safe_load((payload / "CITATION.cff").read_bytes())
    return {
        "full": data["title"],
        "creators": [one["name"] for one in data["authors"]],
        "date": data["date-released"],
        "version": data["version"],
        "rights": re.findall("<([^>]+)>", data["abstract"]),
        "identifier": data["doi"],
    }


def _bibtex(payload: Path) -> Said:
    parser = bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)
    entry = bibtexparser.loads(
        (payload / "data" / "edition.bib").read_text(encoding="utf-8"), parser
    ).entries[0]
    return {
        "full": entry["title"].strip("{}"),
        "creators": [entry["editor"].strip("{}")],
        "date": entry["date"],
        "version": entry["edition"].removeprefix("Version "),
        "identifier": entry["doi"],
    }


def _ris(payload: Path) -> Said:
    entry = rispy.loads((payload / "data" / "edition.ris").read_text(encoding="utf-8"))[0]
    return {
        "full": entry["title"],
        "creators": entry["tertiary_authors"],
        "date": entry["date"].replace("/", "-"),
        "version": entry["edition"].removeprefix("Version "),
        "identifier": entry["doi"],
    }


def _csl(payload: Path) -> Said:
    item = json.loads((payload / "data" / "edition.json").read_bytes())[0]
    return {
        "full": item["title"],
        "creators": [one["literal"] for one in item["editor"]],
        "date": "-".join(f"{part:02}" for part in item["issued"]["date-parts"][0]),
        "version": item["edition"].removeprefix("Version "),
        "identifier": item["DOI"],
    }


def _jsonld(payload: Path) -> Said:
    data = json.loads((payload / "data" / "edition.jsonld").read_bytes())
    return {
        "title": data["name"],
        "subtitle": data["alternativeHeadline"],
        "creators": [one["name"] for one in data["editor"]],
        "date": data["datePublished"],
        "version": data["version"],
        "rights": [data["license"], data["usageInfo"], data["sdLicense"]],
        "identifier": data["identifier"].removeprefix("https://doi.org/"),
    }


def _bag_info(payload: Path) -> Said:
    info: Mapping[str, Any] = bagit.Bag(str(payload.parent)).info
    return {
        "full": info["Title"],
        "creators": [info["Creator"]],
        "date": info["Bagging-Date"],
        "version": info["Version"],
        "rights": [text.split("<")[1].rstrip(">") for text in info["Rights"]],
        "identifier": info["External-Identifier"],
    }


def _pdf(payload: Path) -> Said:
    with pikepdf.open(payload / "pdf" / "t.pdf") as pdf, pdf.open_metadata() as xmp:
        info = pdf.docinfo
        assert str(info["/Title"]) == xmp["dc:title"] == "A typescript"
        assert xmp["dc:creator"] == [str(info["/Author"])]
        assert str(info["/CreationDate"])[2:10] == xmp["xmp:CreateDate"][:10].replace("-", "")
        return {"creators": [str(info["/Author"])], "date": xmp["xmp:CreateDate"][:10]}


def _epub(payload: Path) -> Said:
    with zipfile.ZipFile(next(iter(sorted(payload.glob("epub/*.epub"))))) as book:
        container = etree.fromstring(book.read("META-INF/container.xml"))
        root = etree.fromstring(book.read(container.xpath("string(//@full-path)")))

    def every(path: str) -> list[str]:
        return [str(found) for found in root.xpath(path, namespaces=NS)]

    assert set(every("//dc:language/text()")) == {"en"}
    return {
        "title": every("//dc:title/text()")[0],
        "subtitle": every("//dc:title/text()")[1],
        "creators": every("//dc:creator/text()"),
        "date": every("//dc:date/text()")[0],
        "version": every("//opf:meta[@property='schema:version']/text()")[0],
        "rights": [re.findall(r"https?:\S+", text)[-1] for text in every("//dc:rights/text()")],
        "identifier": every("//dc:identifier[@id=/opf:package/@unique-identifier]/text()")[
            0
        ].removeprefix("https://doi.org/"),
    }


FORMS: dict[str, Callable[[Path], Said]] = {
    "TEI header": _tei, "RO-Crate": _crate, "DataCite JSON": _datacite_json, "DataCite XML": _datacite_xml,
    "Dublin Core": _dublin_core, "CITATION.cff": _cff, "BibTeX": _bibtex, "RIS": _ris, "CSL-JSON": _csl,
    "JSON-LD": _jsonld, "bag-info": _bag_info, "PDF": _pdf, **({"EPUB": _epub} if "epub" in TARGETS else {}),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_what_the_record_says(bag: Path, record: Metadata, form: str) -> None:
    truth: Said = {
        "title": record.title, "subtitle": record.subtitle, "full": record.full_title,
        "creators": list(record.creators), "date": record.date, "version": record.version,
        "rights": [right.uri for right in record.rights], "identifier": record.identifier,
    }  # fmt: skip
    said = FORMS[form](bag / "data")
    assert said == {name: truth[name] for name in said}


# --- what forbids it -----------------------------------------------------------------------------


def test_a_deposit_is_never_overwritten(
    twice: tuple[Mini, Mini], bag: Path, tmp_path: Path
) -> None:
    before = contents(bag)
    result = command(twice[0].root, "deposit")
    assert result.code == 1
    assert result.problems == ["edition.yaml:4: [deposit-exists]"]
    assert contents(bag) == before
    edition = edition_module.load(twice[0].root / "edition")
    project = package.DepositSource(twice[0].root, twice[0].out, ROOT / "schema")
    with pytest.raises(
        EditionError, match="deposit-exists"
    ):  # one that came while the outputs were built
        package.deposit(edition, project, bag)
    assert contents(bag) == before
    assert sorted(path.name for path in bag.parent.iterdir()) == [NAME]


def test_a_deposit_that_fails_leaves_nothing(
    twice: tuple[Mini, Mini], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    edition = edition_module.load(twice[0].root / "edition")
    project = package.DepositSource(twice[0].root, twice[0].out, ROOT / "schema")
    monkeypatch.setattr(bagit, "make_bag", full)
    with pytest.raises(OSError, match="disk full"):
        package.deposit(edition, project, tmp_path / "new" / NAME)
    assert list((tmp_path / "new").iterdir()) == []
    monkeypatch.undo()
    build = tmp_path / "build"
    shutil.copytree(twice[0].out / "data", build / "data")
    (build / "data" / "Persönen 1.csv").touch()
    with pytest.raises(EditionError, match="deposit-name"):
        package.deposit(
            edition,
            package.DepositSource(project.root, build, project.schema),
            tmp_path / "new" / NAME,
        )
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("a-b.xml", True),
        ("pages/pg-001.xml", True),
        ("t.reading.xml", True),
        ("README.md", True),
        ("edition.css", True),
        ("A.xml", False),
        ("a b.xml", False),
        ("ä.xml", False),
        ("a_b.xml", False),
        (".hidden", False),
        ("a/../b", False),
        ("a//b", False),
        ("-a", False),
        ("readme\n", False),
        ("con:1", False),
    ],
)
def test_names_of_files(name: str, good: bool) -> None:
    assert checks.acceptable_path(name) is good


def test_the_table_of_pages_in_the_bag_is_the_editions(twice: tuple[Mini, Mini], bag: Path) -> None:
    read = list(
        csv.reader(
            io.StringIO(
                (bag / "data" / "source" / "witness" / "pages.csv").read_text(encoding="utf-8")
            )
        )
    )
    assert read == list(csv.reader(io.StringIO(twice[0].read("witness/pages.csv"))))
