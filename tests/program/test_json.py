"""The JSON of pages and blocks: as its OpenAPI description says, whole, and the same text as the other outputs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from mini import Mini
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("json"))
    result = mini.run("build", "tei", "json", "dts")
    assert result.code == 0, result.output
    return mini


@pytest.fixture(scope="module")
def files(built: Mini) -> dict[str, Json]:
    folder = built.out / "json"
    return {
        p.relative_to(folder).as_posix(): json.loads(p.read_bytes()) for p in folder.rglob("*.json")
    }


def schema_of(description: Json, path: str) -> tuple[str, Json] | None:
    """The path of the description that a file has, and the schema that it names."""
    for template, said in description["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), f"/{path}"):
            schema = said["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            return template, {**schema, "components": description["components"]}
    return None


def test_the_description_is_openapi(files: dict[str, Json]) -> None:
    OpenAPIV31SpecValidator(files["openapi.json"]).validate()


def test_every_file_is_as_described_and_every_path_has_files(files: dict[str, Json]) -> None:
    description = files["openapi.json"]
    used = set()
    for path, data in files.items():
        if path == "openapi.json":
            continue
        found = schema_of(description, path)
        assert found is not None, path
        used.add(found[0])
        wrong = [str(error) for error in Draft202012Validator(found[1]).iter_errors(data)]
        assert wrong == [], path
    assert used == description["paths"].keys()
    broken = {**files["t/pages/1.json"], "lines": "none"}
    _template, schema = schema_of(description, "t/pages/1.json") or ("", {})
    assert not Draft202012Validator(schema).is_valid(broken)


def test_a_client_reaches_every_file(files: dict[str, Json]) -> None:
    found = {"openapi.json", "edition.json"}
    for text in files["edition.json"]["texts"]:
        index = files[f"{text}/index.json"]
        found.add(f"{text}/index.json")
        blocks = [block for part in index["parts"] for block in part["blocks"]]
        for kind, names in (("pages", index["pages"]), ("blocks", blocks)):
            chain = []
            here = names[0]
            while here:
                chain.append(here)
                here = files[f"{text}/{kind}/{here}.json"]["next"]
            assert chain == names
            found |= {f"{text}/{kind}/{name}.json" for name in names}
    assert found == files.keys()


def test_the_layers_of_a_line(files: dict[str, Json]) -> None:
    lines = {line["place"]: line for line in files["t/pages/1.json"]["lines"]}
    assert lines["1.4"]["text"] == {
        "edited": "tion was a mistake. Stalin had adamant",
        "original": "tion was a mistake. Stalin had adament",
        "witness": "tion was a mistake. Stalin had adaraent",
    }
    assert lines["1.3"]["text"]["original"].endswith("isola-")
    assert (lines["1.4"]["block"], lines["1.1"]["block"]) == ("ch-01.1", "")
    assert lines["1.9"]["note"] == "fn-01-001"
    assert [note["place"] for note in files["t/pages/1.json"]["notes"]] == ["1.6"]


def test_a_block_over_a_turn_of_the_page(files: dict[str, Json]) -> None:
    block = files["t/blocks/ch-01.2.json"]
    assert {line["page"] for line in block["lines"]} == {"1", "2"}
    assert "went before prevailed" in block["text"]["edited"]
    assert [m["key"] for m in block["mentions"]] == ["stalin", "civil-war"]
    assert {e["id"] for e in block["entries"]} == {"app-0010-1", "app-0010-2", "app-0016-1"}
    quoting = files["t/blocks/ch-01.3.json"]
    assert (quoting["kind"], quoting["notes"][0]["label"]) == ("block_quote", "2")
    assert "prophet" in {m["key"] for m in quoting["mentions"]}


def test_the_original_is_that_of_the_tei(built: Mini, files: dict[str, Json]) -> None:
    """Line by line the text as typed, which another program makes of the TEI."""
    check_typed((built.out / "tei" / "t.typed.txt").read_text("utf-8"), files, "t")


def check_typed(typed: str, files: dict[str, Json], text: str) -> None:
    pages = dict(
        re.findall(r"^\[p\. (.+?)\]\n(.*?)(?=^\[p\. |\Z)", typed, re.MULTILINE | re.DOTALL)
    )
    assert len(pages) == len(files[f"{text}/index.json"]["pages"])
    for name in files[f"{text}/index.json"]["pages"]:
        page = files[f"{text}/pages/{name}.json"]
        assert (
            page["text"]["original"].split("\n")
            == [line for line in pages[page["page"]].split("\n") if line]
            or page["lost"]
        )


def test_units_are_those_of_dts(built: Mini, files: dict[str, Json]) -> None:
    def units(tree: str) -> list[Json]:
        path = built.out / f"dts/navigation/resource-t/tree-{tree}/down--1/ref-.json"
        found: list[Json] = json.loads(path.read_bytes())["member"]
        return found

    index = files["t/index.json"]
    assert [u["identifier"] for u in units("pages")] == index["pages"]
    blocks = [block for part in index["parts"] for block in part["blocks"]]
    assert [u["identifier"] for u in units("") if u["level"] == 2] == blocks


def test_every_entry_and_mention_is_on_its_page(built: Mini, files: dict[str, Json]) -> None:
    domain = domain_of(built.app().env)
    emendations = {e.xml_id for facts in domain.facts.values() for e in facts.emendations}
    mentions = sum(len(facts.mentions) for facts in domain.facts.values())
    pages = [data for path, data in files.items() if "/pages/" in path]
    assert {entry["id"] for page in pages for entry in page["entries"]} == emendations
    assert sum(len(page["mentions"]) for page in pages) == mentions


def test_what_no_longer_exists_has_no_file(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "e")
    once = mini.read("t/two.md")
    mini.replace("t/two.md", "{gap}`1 word`\n", "{gap}`1 word`\n\n")
    assert mini.build("json").code == 0
    path = mini.out / "json" / "t" / "blocks" / "ch-02.2.json"
    assert path.is_file()
    mini.write("t/two.md", once)
    assert mini.build("json").code == 0
    assert not path.exists()
