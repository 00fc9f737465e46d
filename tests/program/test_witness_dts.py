"""A witness as a resource of DTS: its text as TEI, its own pages, in the files and the service; and the proof of it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from mini import TESTS, Mini
from tei_export.outputs.dts.paths import file_of
from tei_export.proof import regenerate
from tei_export.schema.validate import jing
from tei_export.service.built_files import Library
from tei_export.service.dts import DtsService
from tei_export.tei.witness_text import witness_text
from tei_text import TEI, parse

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
WIT = "{https://w3id.org/api/dts#}wrapper"
#: What is hard in a witness: a passage over paragraphs, words moved into another one, a divided word, a list, a doubt,
#: a part that is lost, an omitted heading.
TALE = """{app}`The tale <B: >`
===

One {begin}`walk`two three
four.

> five six

Seven{end}`walk <B: went>` eight {begin}`stone`nine

ten{transposed}`stone <C>` ele¬
ven {app}`twelve <B: twain ?>`.{here}`stone <C>`

- thirteen {app}`fourteen <B: >`
- {app}`fifteen <C: >`
"""
END = """The end
===

{lacuna}`B`{resumes}`C`All is well.
"""
LINES = """The tale
One two three
four.
five six
Seven eight nine
ten ele
ven twelve.
- thirteen fourteen
- fifteen
The end
All is well.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("witnesses") / "mini", TESTS / "roots" / "several")
    mini.write("witness/tale.txt", LINES)
    digest = hashlib.sha256(LINES.encode()).hexdigest()
    record = mini.read("edition.yaml")
    mini.write(
        "edition.yaml",
        f"""{record}
  tale:
    folder: tale
    title: A tale
    kind: tale
    description: A tale.
    base: A
    witnesses:
      A: {{name: The first, file: witness/tale.txt, sha256: {digest}, medium: transcription}}
      B: {{name: The second, date: about 1400}}
      C: {{name: The third}}
    complete: true
    parts:
      - {{doc: tale, id: tale-1, type: essay, title: The tale, first_line: 1}}
      - {{doc: end, id: end, type: essay, title: The end, first_line: 10}}
""",
    )
    mini.write("tale/tale.md", TALE)
    mini.write("tale/end.md", END)
    mini.replace("index.md", "fable/fox", "fable/fox\ntale/tale\ntale/end")
    result = mini.run("build", "tei", "dts")
    assert (result.code, result.problems) == (0, []), result.output
    return mini


@pytest.fixture(scope="module")
def service(built: Mini) -> DtsService:
    return DtsService(Library(built.out), "http://127.0.0.1/dts/")


def _json(built: Mini, endpoint: str, **query: object) -> Json:
    found: Json = json.loads((built.out / "dts" / file_of(endpoint, **query)).read_bytes())
    return found


def _whole(built: Mini, resource: str) -> etree._Element:
    return parse((built.out / "dts" / file_of("document", resource=resource)).read_bytes())


def _blocks(root: etree._Element) -> list[str]:
    kinds = [f"{TEI}{name}" for name in ("head", "p", "item")]
    return [
        " ".join("".join(node.itertext()).split())
        for node in root.iter(*kinds)
        if node.getparent().tag != f"{TEI}figure"
        and next(node.iterancestors(f"{TEI}text"), None) is not None
    ]


def test_the_witnesses_of_a_text_are_a_collection(built: Mini) -> None:
    """DTS 1.0, Collection Endpoint: *Child collection representing a single work*."""
    root = _json(built, "collection")
    members = [(m["@id"], m["@type"]) for m in root["member"]]
    assert members == [
        ("fable", "Resource"),
        ("fable.witnesses", "Collection"),
        ("tale", "Resource"),
        ("tale.witnesses", "Collection"),
    ]
    assert root["totalChildren"] == 4
    gathered = _json(built, "collection", id="fable.witnesses")
    assert [m["@id"] for m in gathered["member"]] == ["fable.A", "fable.B2", "fable.C", "fable.D"]
    b = gathered["member"][1]
    assert b["title"] == "The fox and the grapes. The text of B² (Manuscript B in its second hand)"
    assert b["dublinCore"]["isVersionOf"] == ["fable"]
    assert b["mediaTypes"] == ["application/tei+xml"]
    dated = _json(built, "collection", id="tale.B")
    assert (dated["dublinCore"]["date"], dated["title"]) == (
        "about 1400",
        "A tale. The text of B (The second, about 1400)",
    )
    (witness,) = _whole(built, "tale.B").iter(f"{TEI}witness")
    assert "".join(witness.itertext()).strip() == "The second, about 1400"
    for id in ("fable.B2", "fable.witnesses"):
        parents = _json(built, "collection", id=id, nav="parents")["member"]
        assert [p["@id"] for p in parents] == ["fable.witnesses" if id == "fable.B2" else "edition"]


@pytest.mark.parametrize(
    ("text", "witness", "lined"),
    [("fable", w, w == "A") for w in ("A", "B2", "C", "D")]
    + [("tale", w, w == "A") for w in "ABC"],
)
def test_the_proof_reads_the_same_from_the_witness_as_from_the_text(
    built: Mini, text: str, witness: str, lined: bool
) -> None:
    own, whole = (
        _whole(built, f"{text}.{witness}"),
        parse((built.out / "tei" / f"{text}.xml").read_bytes()),
    )
    read = [
        "".join(regenerate._OneWitness(f"#{witness}", root).read().split()) for root in (own, whole)
    ]
    assert read[0] == read[1] != ""
    assert not list(own.iter(f"{TEI}app"))
    assert bool(list(own.iter(f"{TEI}lb"))) == lined


def test_what_a_witness_reads(built: Mini) -> None:
    assert _blocks(_whole(built, "tale.A")) == [
        "The tale", "One two three four.", "five six", "Seven eight nine", "ten eleven twelve.",
        "- thirteen fourteen", "- fifteen", "The end", "All is well.",
    ]  # fmt: skip
    assert _blocks(_whole(built, "tale.B")) == [
        "One",
        "went eight nine",
        "ten eleven twain.",
        "- thirteen",
        "- fifteen",
        "The end",
        "",
    ]
    assert _blocks(_whole(built, "tale.C")) == [
        "The tale", "One two three four.", "five six", "Seven eight", "eleven twelve. nine ten",
        "- thirteen fourteen", "-", "All is well.",
    ]  # fmt: skip
    (doubt,) = _whole(built, "tale.B").iter(f"{TEI}unclear")
    assert (doubt.text, doubt.get("cert")) == ("twain", "medium")
    (lost,) = _whole(built, "tale.B").iter(f"{TEI}gap")
    assert lost.get("reason") == "lost"
    (moved,) = _whole(built, "tale.C").iter(f"{TEI}seg")
    assert moved.get("type") == "transposed"


def test_the_pages_of_a_witness_are_a_tree(built: Mini, service: DtsService) -> None:
    trees = _json(built, "collection", id="fable.B2")["citationTrees"]
    assert [tree.get("identifier", "") for tree in trees] == ["", "pages"]
    units = _json(built, "navigation", resource="fable.B2", tree="pages", down=1)["member"]
    assert [unit["identifier"] for unit in units] == ["2r"]
    file = built.out / "dts" / file_of("document", resource="fable.B2", tree="pages", ref="2r")
    words = parse(file.read_bytes()).find(WIT)
    assert "".join(words.itertext()).startswith("vineyard wall, and clusters of grapes")
    query = {"resource": "fable.B2", "tree": "pages", "ref": "2r"}
    assert service.answer("document", query).data == file.read_bytes()
    others = _json(built, "collection", id="fable.D")["citationTrees"]
    assert [tree.get("identifier", "") for tree in others] == [""]


def test_the_service_and_the_files_say_the_same(built: Mini, service: DtsService) -> None:
    for id in ("edition", "fable.witnesses", "fable.C", "tale"):
        for nav in ("children", "parents"):
            ours = json.loads(service.answer("collection", {"id": id, "nav": nav}).data)
            theirs = _json(built, "collection", id=id, nav=nav)
            keys = ("@id", "@type", "title", "totalParents", "totalChildren", "dublinCore")
            assert [ours.get(k) for k in keys] == [theirs.get(k) for k in keys]
            assert [m["@id"] for m in ours["member"]] == [m["@id"] for m in theirs["member"]]
    unit = {"resource": "fable.C", "ref": "fox.3"}
    file = built.out / "dts" / file_of("document", **unit)
    assert service.answer("document", unit).data == file.read_bytes()
    line = service.answer("document", {"resource": "fable.A", "tree": "lines", "ref": "9"}).data
    assert "So men demen worthless" in "".join(parse(line).find(WIT).itertext())


def test_every_file_of_a_witness_is_tei(built: Mini, tei_all: Path, tmp_path: Path) -> None:
    """Whole files as they are; passages are compared with them elsewhere."""
    files = sorted((built.out / "dts" / "document").glob("resource-*.*/tree-/ref-.xml"))
    assert len(files) == 7
    assert {k: v for k, v in jing(tei_all, files).items() if v} == {}


def test_a_witness_that_the_header_does_not_have(built: Mini) -> None:
    root = parse((built.out / "tei" / "fable.xml").read_bytes())
    with pytest.raises(ValueError, match="no witness X"):
        witness_text(root, "X", lined=False, title="X")
