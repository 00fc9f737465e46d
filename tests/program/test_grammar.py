"""A schema checked in two passes accepts and rejects what the whole schema does (``schema/grammar.py``)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from schema_samples import RNG, TEI, XML_ID, Instances, Mutants
from tei_export.schema.grammar import Grammar, Pattern, take_patterns
from tei_export.schema.validate import parse
from validators import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

#: Values that one pattern or another does not allow, and white space that the datatype collapses or keeps.
VALUES = (
    "",
    "other",
    "#other",
    "o0001",
    " #ed ",
    "#ed  #O",
    "#ed\u00a0#O",
    "x_1",
    "é",
    "1",
    "page\n",
    "a/b.xml#c",
)
LIBRARY = 'datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"'


def agree(grammar: Grammar, whole: etree.RelaxNG, tree: etree._ElementTree) -> bool:
    """Whether both accept the document, after a check that they agree pass by pass."""
    accepted = whole.validate(tree)
    assert all(one.validate(tree) for one in grammar._passes) is accepted, etree.tostring(tree)
    assert grammar.validate(tree) is accepted
    if not accepted:
        assert [str(e) for e in grammar.errors] == [str(e) for e in whole.error_log]
    return accepted


@pytest.fixture(scope="module")
def anywhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schema, but a document may begin with any element."""
    schema = parse(SCHEMA / "edition.rng")
    start = schema.find(f"{RNG}start/{RNG}choice")
    start[:] = [
        etree.Element(f"{RNG}ref", name=define.get("name"))
        for define in schema.iter(f"{RNG}define")
        if define[0].tag == f"{RNG}element"
    ]
    path = tmp_path_factory.mktemp("schema") / "edition.rng"
    schema.write(path)
    return path


def test_every_pattern_is_compared(anywhere: Path) -> None:
    """Each attribute with a pattern, of each element, with values of all kinds."""
    schema = parse(anywhere).getroot()
    instances = Instances(parse(SCHEMA / "edition.rng").getroot(), random.Random(7))
    patterns = take_patterns(schema)
    assert next(schema.iter(f"{RNG}param"), None) is None
    grammar, whole = Grammar(anywhere), etree.RelaxNG(parse(anywhere))
    compared = 0
    for element, attributes in patterns.items():
        made = instances.make(element, 1)
        for attribute in attributes:
            name = attribute.replace("xml:", XML_ID[:-2])
            before = made.get(name)
            accepted = set()
            for value in VALUES:
                made.set(name, value)
                accepted.add(agree(grammar, whole, etree.ElementTree(made)))
            assert False in accepted, f"{element}/@{attribute} has any value"
            compared += 1
            made.attrib.pop(name) if before is None else made.set(name, before)
    assert compared > 100


def test_mutants_are_rejected_alike() -> None:
    whole = etree.RelaxNG(parse(SCHEMA / "edition.rng"))
    grammar = Grammar(SCHEMA / "edition.rng")
    valid = [parse(path).getroot() for path in sorted((SCHEMA / "tests/valid").glob("*.xml"))]
    mutants = Mutants(valid, random.Random(20261127))
    documents = (etree.ElementTree(mutants.make()) for _ in range(200))
    accepted = [agree(grammar, whole, document) for document in documents]
    assert {True, False} == {*accepted}


ATTRIBUTE = (
    '<attribute name="{}"><data type="{}"><param name="pattern">{}</param></data></attribute>'
)
#: content of the element ``a`` → the patterns that are taken out
TAKEN = {
    "own": (ATTRIBUTE.format("n", "token", "x+"), {"n": Pattern("token", "x+")}),
    "of xml": (ATTRIBUTE.format("xml:id", "ID", "x+"), {"xml:id": Pattern("token", "x+")}),
    "spaced": (ATTRIBUTE.format("n", "string", " x"), {"n": Pattern("string", " x")}),
    **{kind: (ATTRIBUTE.format("n", kind, " ?x( x)* ?"), {"n": Pattern("token", " ?x( x)* ?")})
       for kind in ("Name", "NCName", "NMTOKEN", "language", "token")},
    "address": (ATTRIBUTE.format("n", "anyURI", " ?x( x)* ?"), {"n": Pattern("string", " ?x( x)* ?")}),
    "number": (ATTRIBUTE.format("n", "positiveInteger", "[0-9]"), {}),
    "quoted": (ATTRIBUTE.format("n", "string", '["&lt;]+'), {"n": Pattern("string", '["<]+')}),
    "by reference": ('<optional><ref name="inner"/></optional>', {"m": Pattern("string", "y")}),
    "two patterns": (f'<choice>{ATTRIBUTE.format("n", "token", "x")}{ATTRIBUTE.format("n", "token", "y")}</choice>', {}),
    "shared with another": (f'<choice>{ATTRIBUTE.format("m", "token", "x")}<ref name="inner"/></choice>', {}),
    "pattern or value": ('<attribute name="n"><choice><data type="token"><param name="pattern">x</param></data><value>y</value></choice></attribute>', {}),
    "two facets": ('<attribute name="n"><data type="token"><param name="pattern">x*</param><param name="maxLength">2</param></data></attribute>', {}),
    "excepted": ('<attribute name="n"><data type="token"><param name="pattern">x*</param><except><value>x</value></except></data></attribute>', {}),
    "any name": ('<oneOrMore><attribute><anyName/><data type="token"><param name="pattern">x</param></data></attribute></oneOrMore>', {}),
    "other namespace": ('<attribute name="n" ns="urn:n"><data type="token"><param name="pattern">x</param></data></attribute>', {}),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN)
def test_only_patterns_in_any_case_are_taken(case: str, tmp_path: Path) -> None:
    content, taken = TAKEN[case]
    path = tmp_path / "a.rng"
    path.write_text(
        f'<grammar xmlns="{RNG[1:-1]}" ns="{TEI[1:-1]}" {LIBRARY}><start><ref name="a"/></start>'
        f'<define name="a"><element name="a"><zeroOrMore><ref name="b"/></zeroOrMore>{content}</element></define>'
        '<define name="b"><element name="b"><ref name="inner"/><zeroOrMore><ref name="a"/></zeroOrMore></element></define>'
        f'<define name="inner">{ATTRIBUTE.format("m", "anyURI", "y")}</define></grammar>',
        encoding="utf-8",
    )
    assert take_patterns(parse(path).getroot()).get("a") == taken
    grammar, whole = Grammar(path), etree.RelaxNG(parse(path))
    accepted = set()
    for value in ("x", "xx", "xxx", "y", " x", "x  x ", "x\nx", "1", '"<', ""):
        for name in ("n", "m", XML_ID, "{urn:n}n"):
            root = etree.Element(f"{TEI}a", {name: value})
            accepted.add(agree(grammar, whole, etree.ElementTree(root)))
            etree.SubElement(root, f"{TEI}b", {"m": value})
            accepted.add(agree(grammar, whole, etree.ElementTree(root)))
    assert accepted == {True, False}
