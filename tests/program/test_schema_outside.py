"""The schema under TEI's and XSLT's own semantics: modules of TEI P5, rules under XPath 2 and 3."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

from schema_samples import Mutants
from tei_export.schema.validate import parse, validate_schematron

SCHEMA = Path(__file__).parents[2] / "schema"
RULES = SCHEMA / "edition.sch"
SAMPLES = sorted(
    p for p in (SCHEMA / "tests").glob("*valid/*.xml") if not p.name.startswith("E-XML")
)
TEI = "{http://www.tei-c.org/ns/1.0}"
SCH = "{http://purl.oclc.org/dsdl/schematron}"
XSL = "http://www.w3.org/1999/XSL/Transform"


def test_every_element_stands_under_its_module_of_tei_p5() -> None:
    """An element under another module is dropped by the TEI Stylesheets without a word."""
    with (SCHEMA / "tests/p5-modules.csv").open(encoding="utf-8", newline="") as file:
        module = {row["element"]: row["module"] for row in csv.DictReader(file)}
    root = parse(SCHEMA / "edition.odd").getroot()
    listed = {
        element: ref.get("key")
        for ref in root.iter(f"{TEI}moduleRef")
        for element in (ref.get("include") or "").split()
    }
    described = {spec.get("ident"): spec.get("module") for spec in root.iter(f"{TEI}elementSpec")}
    assert len(listed) > 100
    assert {name: module[name] for name in listed} == listed
    assert {name: module[name] for name in described} == described


def stylesheet(version: str) -> str:
    """The rules as XSLT: in each pattern the first rule that fits a node tests it; the output is
    a line ``id`` for every assertion that fails (ISO/IEC 19757-3, 6.5)."""
    schema = parse(RULES).getroot()
    nsmap = {ns.get("prefix"): ns.get("uri") for ns in schema.iter(f"{SCH}ns")}
    out = etree.Element(f"{{{XSL}}}stylesheet", {"version": version}, nsmap={"xsl": XSL, **nsmap})

    def add(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{XSL}}}{name}", attributes)

    add(out, "output", method="text")
    main = add(out, "template", match="/")
    for number, pattern in enumerate(schema.iter(f"{SCH}pattern")):
        mode = f"p{number}"
        add(main, "apply-templates", select="//*", mode=mode)
        add(out, "template", match="node()", mode=mode, priority="-9")
        for place, rule in enumerate(pattern.iter(f"{SCH}rule")):
            template = add(
                out,
                "template",
                match=rule.get("context", ""),
                mode=mode,
                priority=str(9999 - place),
            )
            for let in rule.iter(f"{SCH}let"):
                add(template, "variable", name=let.get("name", ""), select=let.get("value", ""))
            for test in rule.iter(f"{SCH}assert"):
                failed = add(template, "if", test=f"not({test.get('test')})")
                add(failed, "text").text = f"{test.get('id')}\n"
    return etree.tostring(out, encoding="unicode")


@pytest.fixture(scope="module")
def saxon() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@pytest.fixture(scope="module", params=["2.0", "3.0"])
def compiled(saxon: PySaxonProcessor, request: pytest.FixtureRequest) -> PyXsltExecutable:
    return saxon.new_xslt30_processor().compile_stylesheet(
        stylesheet_text=stylesheet(request.param)
    )


def codes(saxon: PySaxonProcessor, compiled: PyXsltExecutable, root: etree._Element) -> set[str]:
    node = saxon.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    return set((compiled.transform_to_string(xdm_node=node) or "").split())


def test_samples_fail_the_same_rules(saxon: PySaxonProcessor, compiled: PyXsltExecutable) -> None:
    found = set()
    for path in SAMPLES:
        tree = parse(path)
        expected = {finding.code for finding in validate_schematron(tree, RULES)}
        assert codes(saxon, compiled, tree.getroot()) == expected, path.name
        found |= expected
    assert len(found) > 30


def test_damaged_files_fail_the_same_rules(
    saxon: PySaxonProcessor, compiled: PyXsltExecutable
) -> None:
    documents = [parse(path).getroot() for path in SAMPLES if path.parent.name == "valid"]
    mutants = Mutants(documents, random.Random(7))
    failed = 0
    for number in range(300):
        root = mutants.make()
        tree = etree.ElementTree(root)
        expected = {finding.code for finding in validate_schematron(tree, RULES)}
        assert codes(saxon, compiled, root) == expected, number
        failed += bool(expected)
    assert failed > 30
