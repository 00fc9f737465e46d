"""The page that documents the schema says what the ODD says, all of it, and nothing unescaped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import etree, html

import web
from mini import ROOT, Mini
from tei_export.schema.odd_doc import TEI, read

ODD = ROOT / "schema" / "edition.odd"
ESCAPED = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><p>&lt;script&gt;1&lt;/script&gt;</p></body></text><schemaSpec>
<elementSpec ident="p" module="core" mode="change"><gloss>&lt;img src="x"&gt;</gloss><desc>&amp;amp;</desc>
<content><sequence minOccurs="0"><elementRef key="a" maxOccurs="unbounded"/><alternate><textNode/><empty/></alternate></sequence></content>
<attList><attDef ident="n" usage="opt"><datatype><dataRef name="token" restriction="&lt;b&gt;"/></datatype></attDef></attList>
</elementSpec></schemaSpec></TEI>"""


@pytest.fixture(scope="module")
def page(small: Path) -> html.HtmlElement:
    return web.parse(small / "schema.html")


def test_every_element_attribute_and_value_is_on_the_page(page: html.HtmlElement) -> None:
    specs = etree.parse(str(ODD)).getroot().findall(f".//{TEI}elementSpec")
    assert len(specs) > 50
    for spec in specs:
        (section,) = page.xpath(f"//section[@id='tei-{spec.get('ident')}']")
        shown = " ".join(section.text_content().split())
        for text in spec.findall(f"{TEI}gloss") + spec.findall(f"{TEI}desc"):
            assert " ".join(text.text.split()) in shown, spec.get("ident")
        for att in spec.iter(f"{TEI}attDef"):
            assert (f"@{att.get('ident')}" in shown) is (att.get("mode") != "delete"), spec.get(
                "ident"
            )
        for value in spec.iter(f"{TEI}valItem"):
            assert value.get("ident") in shown, spec.get("ident")
        assert section.xpath("string(.//pre)").startswith(f"<{spec.get('ident')}")


def test_attributes_of_classes_stand_with_their_elements(page: html.HtmlElement) -> None:
    (section,) = page.xpath("//section[@id='tei-lem']")
    assert {dt.text_content().split()[0] for dt in section.iter("dt")} >= {"@resp", "@cert"}


def test_a_content_model_is_read_like_compact_syntax(tmp_path: Path) -> None:
    path = tmp_path / "small.odd"
    path.write_text(ESCAPED, encoding="utf-8")
    (element,) = read(path).elements
    assert element.content == "(a+, (text | empty))?"


def test_what_an_odd_says_is_text(mini: Mini) -> None:
    schema = mini.root / "own"
    shutil.copytree(ROOT / "schema", schema)
    (schema / "edition.odd").write_text(ESCAPED, encoding="utf-8")
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("edition_schema = 'own'\n")
    assert mini.build("html").code == 0
    page = html.fromstring((mini.out / "html/schema.html").read_bytes())
    main = page.get_element_by_id("content")
    assert main.findall(".//script") == []
    assert main.findall(".//img") == []
    assert main.xpath("string(.//h2/span)") == '<img src="x">'


def test_an_edition_without_an_odd_has_no_such_page(mini: Mini) -> None:
    shutil.copytree(ROOT / "schema", mini.root / "own", ignore=shutil.ignore_patterns("*.odd"))
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("edition_schema = 'own'\n")
    assert mini.build("html").code == 0
    assert not (mini.out / "html/schema.html").exists()
    assert "schema.html" not in (mini.out / "html/index.html").read_text(encoding="utf-8")
