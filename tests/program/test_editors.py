"""Editors by name, role and ORCID iD."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from lxml import etree

from tei_export.model.edition import load
from tei_export.model.metadata import metadata
from tei_export.model.record_fields import is_orcid
from tei_export.outputs.deposit.archive_metadata import datacite

if TYPE_CHECKING:
    from mini import Mini

TEXT = "editors: The editors of this edition\n"
LIST = """editors:
  - {name: Ada Lovelace, role: encoder, orcid: 0000-0002-1825-0097}
  - {name: Charles Babbage}
"""
URI = "https://orcid.org/0000-0002-1825-0097"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("0000-0002-1825-0097", True),
        ("0000-0002-1694-233X", True),
        ("0000-0002-1825-0098", False),
        ("0000-0002-1694-2330", False),
        ("0000-0002-1825-009", False),
        ("0000000218250097", False),
        ("https://orcid.org/0000-0002-1825-0097", False),
        ("", False),
    ],
)
def test_the_last_sign_of_an_orcid(text: str, good: bool) -> None:
    assert is_orcid(text) is good


def test_persons_are_named_in_every_output(mini: Mini) -> None:
    mini.replace("edition.yaml", TEXT, LIST)
    result = mini.run("build", "tei", "data", "pdf", "epub", "html")
    assert result.code == 0, result.output
    tei = etree.parse(mini.out / "tei/t.xml")
    found = tei.findall(".//{*}titleStmt/{*}editor")
    assert [(e.text, e.get("role"), e.get("ref")) for e in found] == [
        ("Ada Lovelace", "encoder", URI),
        ("Charles Babbage", "editor", None),
    ]
    assert found[0].get("{http://www.w3.org/XML/1998/namespace}id") == "ed"
    cff = yaml.safe_load(result.file("data/CITATION.cff"))
    assert cff["authors"] == [{"name": "Ada Lovelace", "orcid": URI}, {"name": "Charles Babbage"}]
    page = (mini.out / "html/t/one.html").read_text(encoding="utf-8")
    assert "Lovelace" in page
    data = [
        json.loads(s)
        for s in etree.HTML(page).xpath("//script[@type='application/ld+json']/text()")
    ]
    editors = next(one["editor"] for one in data if "editor" in one)
    assert editors == [
        {"@type": "Person", "name": "Ada Lovelace", "@id": URI},
        {"@type": "Person", "name": "Charles Babbage"},
    ]
    record = datacite(metadata(load(mini.root / "edition")), ["text/html"])
    assert record["creators"][0]["nameIdentifiers"][0]["nameIdentifier"] == URI
    assert [one["nameType"] for one in record["creators"]] == ["Personal", "Personal"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0090", "ORCID"),
        ("role: encoder", "role: boss", "one of editor"),
        ("name: Charles Babbage", "nam: Charles Babbage", "did you mean name"),
        ("name: Charles Babbage", 'name: ""', "is empty"),
    ],
)
def test_what_is_wrong_with_an_editor(mini: Mini, old: str, new: str, said: str) -> None:
    mini.replace("edition.yaml", TEXT, LIST.replace(old, new))
    result = mini.check()
    assert result.code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_text_stays_a_text(mini: Mini) -> None:
    assert [(e.name, e.person, e.uri) for e in metadata(load(mini.root / "edition")).editors] == [
        ("The editors of this edition", False, "")
    ]
