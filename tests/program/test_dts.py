"""The static DTS: required fields, both citation trees whole, every passage's text, every link.

What DapyTains makes of the same texts is compared in ``test_outside.py``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tei_export.model import edition
from tei_export.model.metadata import metadata
from tei_export.outputs.dts.citation_trees import CitableUnit, CitationTree, Level
from tei_export.outputs.dts.paths import file_of
from tei_export.outputs.dts.responses import DtsResource, DtsResponses

if TYPE_CHECKING:
    from mini import Mini


# --- Names of files ----------------------------------------------------------------------


def test_a_file_is_named_by_the_query() -> None:
    assert file_of("collection") == "collection/id-/nav-.json"
    assert (
        file_of("document", resource="t", ref="ch-01.2")
        == "document/resource-t/tree-/ref-ch-01.2.xml"
    )
    query = {"resource": "t", "tree": "pages", "down": -1}
    assert file_of("navigation", **query) == "navigation/resource-t/tree-pages/down--1/ref-.json"


@pytest.mark.parametrize("value", ["../x", "a/b", "..", "a b", "é", "%2e", "a;b", "a\n"])
def test_no_value_leaves_its_folder(value: str) -> None:
    with pytest.raises(ValueError, match="ref="):
        file_of("document", resource="t", ref=value)


def test_a_parameter_that_the_endpoint_has_not() -> None:
    with pytest.raises(ValueError, match="start"):
        file_of("navigation", resource="t", start="1")


# --- The builder -------------------------------------------------------------------------


def test_answers_to_queries_that_no_longer_exist_are_removed(mini: Mini) -> None:
    once = mini.read("t/two.md")
    mini.replace("t/two.md", "{gap}`1 word`\n", "{gap}`1 word`\n\n")
    assert mini.build("dts").code == 0
    names = [
        mini.out / "dts" / file_of("document", resource="t", ref=ref)
        for ref in ("ch-02.1", "ch-02.2")
    ]
    assert [path.is_file() for path in names] == [True, True]
    mini.write("t/two.md", once)
    assert mini.build("dts").code == 0
    assert [path.is_file() for path in names] == [True, False]


def test_addresses_are_absolute_when_the_edition_is_published(mini: Mini) -> None:
    mini.replace("edition.yaml", 'base_url: ""', "base_url: https://example.org/edition")
    assert mini.build("dts").code == 0
    base = "https://example.org/edition/files/dts/"
    assert json.loads(mini.build("dts").file("dts/index.json"))["@id"] == f"{base}index.json"
    unit = json.loads(
        (mini.out / "dts" / file_of("navigation", resource="t", ref="ch-01", down=1)).read_text(
            "utf-8"
        )
    )
    assert unit["@id"] == base + file_of("navigation", resource="t", ref="ch-01", down=1)
    assert unit["resource"]["document"].startswith(f"{base}document/resource-t/")


def test_the_service_grows_with_the_pages_and_not_with_their_square(mini: Mini) -> None:
    """Four times the pages make four times the bytes."""
    meta = metadata(edition.load(mini.root / "edition"))

    def size(pages: int) -> int:
        start = etree.Element("pb")
        units = tuple(
            CitableUnit(f"{n:04}", 1, "", "page", "", start, milestone=True) for n in range(pages)
        )
        tree = CitationTree("pages", "pages", (Level("page", "", ()),), units)
        resource = DtsResource("t", "T", "", (tree,))
        files = DtsResponses(meta, (resource,), "").files()
        return sum(len(json.dumps(answer)) for _path, answer in files)

    assert size(1600) < 4.2 * size(400)
