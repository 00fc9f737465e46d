"""The JSON of the real text: every page and block valid, and every line that of the TEI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from tei_export.outputs.json.builder import json_files
from tei_export.outputs.tei.plain_text import typed
from tei_text import TEI

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Json = dict[str, Any]


@pytest.fixture(scope="module")
def files(edition_app: Sphinx) -> dict[str, Json]:
    return dict(json_files(edition_app.env))


def test_every_page_and_block_is_as_described(files: dict[str, Json]) -> None:
    components = files["openapi.json"]["components"]
    for kind, folder, number in (("Page", "/pages/", 163), ("Block", "/blocks/", 350)):
        schema = {"$ref": f"#/components/schemas/{kind}", "components": components}
        validator = Draft202012Validator(schema)
        found = [data for path, data in files.items() if folder in path]
        assert len(found) >= number
        assert [data["id"] for data in found if not validator.is_valid(data)] == []


def test_every_line_is_that_of_the_tei(
    files: dict[str, Json], edition_teis: dict[str, bytes]
) -> None:
    text = etree.fromstring(edition_teis["thesis"]).find(f"{TEI}text")
    for page, rows in typed(text).pages.items():
        ours = files[f"thesis/pages/{page}.json"]
        assert (
            ours["text"]["original"].split("\n") == [r for r in rows.split("\n")[1:] if r]
            or (ours["lost"])
        ), page
