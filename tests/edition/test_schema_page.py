"""The page that documents the schema says what the ODD says, all of it, and nothing unescaped."""

from __future__ import annotations

import pytest
from lxml import etree, html

from mini import ROOT
from real import Site, site
from tei_export.schema.odd_doc import TEI

ODD = ROOT / "schema" / "edition.odd"


@pytest.fixture(scope="module")
def page() -> html.HtmlElement:
    built: Site = site()
    return built.page("schema")


def test_every_element_attribute_and_value_is_on_the_page(page: html.HtmlElement) -> None:
    specs = etree.parse(str(ODD)).getroot().findall(f".//{TEI}elementSpec")
    assert len(specs) > 50
    for spec in specs:
        (section,) = page.xpath(f"//section[@id='tei-{spec.get('ident')}']")
        shown = " ".join(section.text_content().split())
        for text in spec.findall(f"{TEI}gloss") + spec.findall(f"{TEI}desc"):
            assert " ".join(text.text.split()) in shown, spec.get("ident")
        for att in spec.iter(f"{TEI}attDef"):
            assert (f"@{att.get('ident')}" in shown) is (att.get("mode") != "delete"), spec.get("ident")
        for value in spec.iter(f"{TEI}valItem"):
            assert value.get("ident") in shown, spec.get("ident")
        assert section.xpath("string(.//pre)").startswith(f"<{spec.get('ident')}")


def test_attributes_of_classes_stand_with_their_elements(page: html.HtmlElement) -> None:
    (section,) = page.xpath("//section[@id='tei-lem']")
    assert {dt.text_content().split()[0] for dt in section.iter("dt")} >= {"@resp", "@cert"}
