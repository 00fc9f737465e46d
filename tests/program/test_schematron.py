"""The stylesheet that looks for broken rules finds some where the ISO skeleton does (``schema/schematron.py``)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from schema_samples import TEI, Mutants
from tei_export.schema.schematron import Rules, is_plain
from tei_export.schema.validate import parse, validate_schematron
from validators import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

VALID, INVALID = (sorted((SCHEMA / f"tests/{kind}").glob("*.xml")) for kind in ("valid", "invalid"))
SCH = "http://purl.oclc.org/dsdl/schematron"


def breaks(rules: Rules, tree: etree._ElementTree) -> bool:
    """Whether a document breaks a rule, after a check that both agree."""
    assert rules._broken is not None
    broken = bool(len(rules._broken(tree).getroot()))
    rules._skeleton.validate(tree)
    reported = list(
        rules._skeleton.validation_report.getroot().iter("{*}failed-assert", "{*}successful-report")
    )
    assert broken is bool(reported)
    assert len(rules.failures(tree)) == len(reported)
    return broken


def test_samples_and_mutants_break_the_same_rules() -> None:
    rules = Rules(SCHEMA / "edition.sch")
    samples = [parse(path) for path in [*VALID, *INVALID] if not path.name.startswith("E-XML")]
    mutants = Mutants([parse(path).getroot() for path in VALID], random.Random(20261127))
    samples += [etree.ElementTree(mutants.make()) for _ in range(100)]
    found = [breaks(rules, tree) for tree in samples]
    assert 60 < sum(found) < len(found) - 60


def schema(folder: Path, rules: str) -> Path:
    path = folder / "a.sch"
    path.write_text(
        f'<sch:schema xmlns:sch="{SCH}"><sch:ns prefix="tei" uri="{TEI[1:-1]}"/>{rules}</sch:schema>',
        encoding="utf-8",
    )
    return path


def test_the_first_rule_of_a_pattern_applies(tmp_path: Path) -> None:
    first = '<sch:rule context="tei:p[@n]"><sch:assert test="@n=\'1\'">one</sch:assert></sch:rule>'
    second = (
        '<sch:rule context="tei:p"><sch:assert test="not(@n)" id="E-N">none</sch:assert></sch:rule>'
    )
    document = etree.ElementTree(etree.fromstring(f'<body xmlns="{TEI[1:-1]}"><p n="1"/></body>'))
    for rules, expected in ((first + second, False), (second + first, True)):
        path = schema(tmp_path, f"<sch:pattern>{rules}</sch:pattern>")
        assert breaks(Rules(path), document) is expected
    path = schema(
        tmp_path, f"<sch:pattern>{first}</sch:pattern><sch:pattern>{second}</sch:pattern>"
    )
    assert breaks(Rules(path), document)


def test_a_report_is_a_finding(tmp_path: Path) -> None:
    """Even where no assertion fails."""
    path = schema(
        tmp_path,
        '<sch:pattern><sch:rule context="tei:*[@n or @rend]"><sch:report id="E-N" test="@n &lt; 2">too small</sch:report>'
        "</sch:rule></sch:pattern>",
    )
    assert is_plain(parse(path).getroot())
    for number, codes in (("1", ["E-N"]), ("2", [])):
        tree = etree.ElementTree(etree.fromstring(f'<p xmlns="{TEI[1:-1]}"><hi n="{number}"/></p>'))
        assert [finding.code for finding in validate_schematron(tree, path)] == codes


RULE = '<sch:pattern><sch:rule context="tei:p"><sch:assert test="@n">n</sch:assert></sch:rule></sch:pattern>'
#: What the stylesheet does not know: (what stands in RULE, what stands there instead)
OTHERS = {
    "attribute": ('"tei:p"', '"tei:p/@n"'),
    "number": ('"tei:p"', '"tei:p[2]"'),
    "path": ('"tei:p"', '"tei:body/tei:p"'),
    "variable": ('<sch:assert test="@n">', '<sch:let name="x" value="@n"/><sch:assert test="$x">'),
    "value in words": (">n<", '>n <sch:value-of select="@n"/><'),
    "abstract rule": ('<sch:rule context="tei:p">', '<sch:rule abstract="true" id="r">'),
    "foreign element": ("<sch:assert", "<x/><sch:assert"),
    "phase": ("<sch:pattern>", '<sch:phase id="x"/><sch:pattern>'),
    "rule elsewhere": ("</sch:pattern>", '</sch:pattern><sch:rule context="tei:p"/>'),
    "no test": ('test="@n"', ""),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_other_schemas_are_left_to_the_skeleton(case: str, tmp_path: Path) -> None:
    assert is_plain(parse(schema(tmp_path, RULE)).getroot())
    assert not is_plain(parse(schema(tmp_path, RULE.replace(*OTHERS[case]))).getroot())


def test_the_skeleton_checks_what_is_left_to_it(tmp_path: Path) -> None:
    old, new = OTHERS["variable"]
    rules = Rules(schema(tmp_path, RULE.replace(old, new)))
    for said, failures in (('n="1"', 0), ("", 1)):
        tree = etree.ElementTree(etree.fromstring(f'<p xmlns="{TEI[1:-1]}" {said}/>'))
        assert len(rules.failures(tree)) == failures
