"""What is true of every edition, tried on small ones that are unlike one another.

``base`` has one of everything: a typescript read by a machine. ``folios``: a manuscript with leaves
1r, 1v …, siglum W, and no machine between. ``cyrillic``: a print whose own language is Russian.
``plain``: born digital, without pages or registers. ``poem``: verse, alone and within prose.
``hands``: a draft that two hands corrected. ``several``: a fable in five witnesses, one of them proved line by line,
three word by word. ``letters``: two letters with their parts, one without a heading. ``ledger``: accounts in tables.
``handbook``: figures, lists, cross references and what damaged its pages. ``play``: acts, scenes, speeches in verse and prose.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from docutils import nodes
from lxml import etree

import epub
import same
import tei_files
import tei_text
import web
from mini import ROOT, TESTS, Mini
from pdf import Pdf
from tei_export.proof import regenerate
from tei_export.schema.validate import validate_bytes
from tei_export.shared.letter_head import letter_head
from tei_text import CLAIMS, ID, TEI

if TYPE_CHECKING:
    from pathlib import Path

ROOTS = (
    "base",
    "folios",
    "cyrillic",
    "plain",
    "poem",
    "hands",
    "several",
    "letters",
    "ledger",
    "play",
    "handbook",
)
TARGETS = ("tei", "html", "epub", "pdf", "data", "dts")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Built:
    """A small edition with one text, all its outputs, and the trees they were made from."""

    name: str
    mini: Mini
    edition: Any
    doctrees: tuple[nodes.document, ...]
    book: epub.Epub
    pdf: Pdf

    @property
    def text(self) -> Any:
        (text,) = self.edition.texts.values()
        return text

    @property
    def tei(self) -> bytes:
        return (self.mini.out / f"tei/{self.text.id}.xml").read_bytes()

    @property
    def root(self) -> etree._Element:
        return tei_text.parse(self.tei)

    @property
    def supplied(self) -> set[str]:
        """The titles of parts that have no heading of their own, and what the record says of letters."""
        heads = (next(iter(tree.findall(nodes.title))) for tree in self.doctrees)
        titles = {
            part.title
            for part, head in zip(self.text.parts, heads, strict=True)
            if head.get("supplied")
        }
        letters = (letter_head(self.edition, self.text, part.id) for part in self.text.parts)
        return titles | {head.words for head in letters if head is not None}

    @property
    def docs(self) -> list[str]:
        return [part.doc for part in self.text.parts]

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Number and words of every line of the witness that has some."""
        witness = self.mini.read("witness/w.txt").split("\n")
        return [(number, line) for number, line in enumerate(witness, 1) if line.strip()]


@pytest.fixture(scope="module", params=ROOTS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    mini = Mini(tmp_path_factory.mktemp(request.param) / "mini", TESTS / "roots" / request.param)
    checked = mini.check()
    assert (checked.code, checked.problems) == (0, []), checked.output
    result = mini.build("all")
    assert (result.code, result.problems) == (0, []), result.output
    app = mini.app()
    edition = app.edition  # type: ignore[attr-defined]
    (text,) = edition.texts.values()
    trees = tuple(app.env.get_doctree(part.doc) for part in text.parts)
    (book,) = (mini.out / "epub").glob("*.epub")
    return Built(
        request.param,
        mini,
        edition,
        trees,
        epub.Epub(book.read_bytes()),
        Pdf((mini.out / f"pdf/{text.id}.pdf").read_bytes()),
    )


def test_the_roots_are_unlike_one_another() -> None:
    """Else to try them all says no more than to try one."""
    records = [
        (TESTS / "roots" / name / "edition/edition.yaml").read_text(encoding="utf-8")
        for name in ROOTS
    ]
    for field in (("siglum", "base"), ("title",), ("version",), ("folder",), ("kind",)):
        beginnings = tuple(f"{name}:" for name in field)
        said = [
            next((line for line in record.splitlines() if line.strip().startswith(beginnings)), "")
            for record in records
        ]
        assert len(set(said)) == len(ROOTS), field
    assert {path.name for path in (TESTS / "roots").iterdir() if path.is_dir()} == set(ROOTS)


def test_every_output_is_there(built: Built) -> None:
    for target in TARGETS:
        assert any(path.is_file() for path in (built.mini.out / target).rglob("*")), target


def test_a_second_build_is_the_same(built: Built, tmp_path: Path) -> None:
    """From a copy in another folder, byte for byte."""
    again = Mini(tmp_path / "again", TESTS / "roots" / built.name)
    assert again.build("all").code == 0
    for target in TARGETS:
        first, second = (
            {
                path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in (folder / target).rglob("*")
                if path.is_file()
            }
            for folder in (built.mini.out, again.out)
        )
        assert second == first


# --- the witness and its lines -----------------------------------------------------------------


def test_the_witness_is_regenerated(built: Built) -> None:
    spans = (
        regenerate.read_spans(built.mini.path("witness/pages.csv"))
        if built.text.witness.pages
        else {}
    )
    witness = built.mini.read("witness/w.txt")
    report = regenerate.compare(built.root, witness, spans, complete=True)
    assert report.clean, str(report)
    assert report.lines == len(built.lines)
    number, line = built.lines[1]
    letter = next(i for i, c in enumerate(line) if c.isalpha())
    lines = witness.split("\n")
    lines[number - 1] = f"{line[:letter]}§{line[letter + 1 :]}"
    assert not regenerate.compare(built.root, "\n".join(lines), spans, complete=True).clean


def test_every_line_and_page_has_its_place_in_the_pages(built: Built) -> None:
    lines = [lb.get(ID) for lb in built.root.iter(f"{TEI}lb") if lb.get(ID)]
    assert len(lines) == len(set(lines)) == len(built.lines)
    assert [turn.get("n") for turn in built.root.iter(f"{TEI}pb") if turn.get("n")] == list(
        built.text.witness.pages
    )
    by_doc = [_page(built, doc).xpath("//@id") for doc in built.docs]
    assert [len(set(ids)) for ids in by_doc] == [len(ids) for ids in by_doc]
    anchors = [i for ids in by_doc for i in ids]
    for page in built.text.witness.pages:
        (found,) = [a for a in anchors if a == f"p{page}"]
        numbered = [a for a in anchors if a.startswith(f"{found}.")]
        assert numbered == [f"{found}.{n}" for n in range(1, len(numbered) + 1)]


def test_notes_beside_the_text_stand_below_notes_before_them_on_the_page(built: Built) -> None:
    """A browser places an element by none that comes later: the two would lie on each other."""
    for doc in built.docs:
        before: list[str] = []
        for item in _page(built, doc).xpath("//section[contains(@class, 'notes')]/ol/li"):
            above = dict(one.split(":", 1) for one in item.get("style").split(";")).get("--prev")
            same = item.getparent().getparent().get("id") == "notes-numbered"
            assert above is None or above.removeprefix("--") in before
            if same and before:
                assert above == f"--{before[-1]}"
            before.append(item.get("id"))


def test_resolve_finds_every_line_alike_in_every_form(built: Built) -> None:
    if built.text.witness.pages:
        asked = [
            i[1:]
            for doc in built.docs
            for i in _page(built, doc).xpath("//main//@id")
            if i[0] == "p" and "." in i
        ]
    else:
        asked = [str(n) for n, _line in built.lines]
    assert len(asked) >= len(built.lines) // 2
    for place in (asked[0], asked[len(asked) // 2], asked[-1]):
        found = built.mini.run("resolve", place)
        assert found.code == 0, found.output
    assert built.mini.run("resolve", "999r.1").code != 0


# --- the schema ---------------------------------------------------------------------------------


def test_every_text_is_valid_and_damage_is_found(built: Built) -> None:
    schema = ROOT / "schema"
    sha = hashlib.sha256(built.mini.path("witness/w.txt").read_bytes()).hexdigest()
    assert validate_bytes(built.tei, schema, sha) == []
    assert list(tei_files.dangling(built.root)) == []
    damaged = built.tei.replace(sha.encode(), b"0" * 64)
    assert {f.code for f in validate_bytes(damaged, schema, sha)} == {"E-CHECKSUM"}
    other = built.tei.replace(f'wit="#{built.text.siglum}"'.encode(), b'wit="#Zz"')
    assert other != built.tei or not list(built.root.iter(f"{TEI}rdg"))
    if other != built.tei:
        assert "E-POINTER" in {f.code for f in validate_bytes(other, schema, sha)}


# --- one text in every output -------------------------------------------------------------------


def _page(built: Built, doc: str) -> Any:
    return web.parse(built.mini.out / f"html/{doc}.html")


def _all(parts: Any) -> same.Blocks:
    found = same.Blocks()
    for part in parts:
        found.add(part)
    return found


@pytest.mark.parametrize("layer", ["E", "T"])
def test_the_same_text_in_every_output(built: Built, layer: str) -> None:
    right = _all(same.of_doctree(tree, layer) for tree in built.doctrees)
    assert len(right.body) > 3
    forms = {
        "html": _all(same.of_html(_page(built, doc), layer) for doc in built.docs),
        "tei": same.of_tei(built.root, layer),
    }
    if layer == "E":
        files = [built.book.files[f"{epub.ROOT}text/{doc}.xhtml"] for doc in built.docs]
        forms["epub"] = _all(same.of_epub(epub.parse(file)) for file in files)
        forms["pdf"] = same.of_pdf(built.pdf, right.body[0], built.supplied)
    for form, found in forms.items():
        assert (found.body, found.authorial, found.editorial) == (
            right.body,
            right.authorial,
            right.editorial,
        ), form


def test_every_entry_of_the_apparatus_is_in_every_output(built: Built) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO((built.mini.out / "data/emendations.csv").read_text("utf-8-sig"))
        )
    )
    keys = {row["xml_id"] for row in rows}
    assert len(keys) == len(rows) > 1
    in_tei = {
        e.get(ID)
        for e in built.root.iter(
            *(
                TEI + name
                for name in (
                    "app",
                    "choice",
                    "supplied",
                    "gap",
                    "unclear",
                    "del",
                    "subst",
                    "surplus",
                )
            )
        )
    }
    assert keys == {key for key in in_tei if key}
    in_html = {
        i for doc in built.docs for i in _page(built, doc).xpath("//@id") if i.startswith("entry-")
    }
    assert {f"entry-{key}" for key in keys} <= in_html


def test_every_picture_is_in_every_output_with_what_it_shows(built: Built) -> None:
    figures = [f for tree in built.doctrees for f in tree.findall(nodes.image)]
    assert bool(figures) is (built.name == "handbook")
    for image in figures:
        alt, data = image["alt"], built.mini.path(image["uri"].lstrip("/")).read_bytes()
        page = _page(built, built.docs[0])
        (shown,) = page.xpath("//main//img[@alt=$alt]", alt=alt)
        file = built.mini.out / "html" / built.docs[0] / ".." / shown.get("src")
        assert file.resolve().read_bytes() == data
        (graphic,) = built.root.iter(f"{TEI}graphic")
        assert (built.mini.out / "tei" / graphic.get("url")).read_bytes() == data
        assert graphic.getparent().find(f"{TEI}figDesc").text == alt
        assert [name for name, held in built.book.files.items() if held == data]
        assert any(f'alt="{alt}"'.encode() in held for held in built.book.files.values())
        assert [t.role for t in built.pdf.tags.walk() if t.alt == alt] == ["Figure"]
        for ending, document in (("docx", "word/document.xml"), ("odt", "content.xml")):
            with zipfile.ZipFile(built.mini.out / f"office/{built.text.id}.{ending}") as package:
                assert data in [package.read(name) for name in package.namelist()], ending
                assert alt in package.read(document).decode(), ending


# --- pages ---------------------------------------------------------------------------------------


def test_every_link_leads_somewhere(built: Built) -> None:
    folder = built.mini.out / "html"
    pages = {path.resolve(): web.parse(path) for path in web.html_files(folder)}
    ids = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    tried = 0
    for path, page in pages.items():
        for link in map(str, page.xpath("//a/@href | //link/@href | //script/@src | //img/@src")):
            if link.startswith(("http:", "https:", "mailto:", "data:")):
                continue
            _scheme, _host, name, _query, fragment = urlsplit(link)
            target = (path.parent / unquote(name)).resolve() if name else path
            assert target.is_file(), f"{path.name}: {link}"
            if fragment and target in ids:
                assert unquote(fragment) in ids[target], f"{path.name}: {link}"
            tried += 1
    assert tried > 50


def test_every_file_of_dts_and_of_the_data_is_read(built: Built) -> None:
    for path in (built.mini.out / "dts").rglob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))
    for path in (built.mini.out / "dts").rglob("*.xml"):
        assert tei_text.parse(path.read_bytes()) is not None
    for path in (built.mini.out / "data").rglob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
        assert {len(row) for row in rows} == {len(rows[0])}, path.name


# --- nothing untrue ------------------------------------------------------------------------------


def test_the_header_says_nothing_untrue(built: Built) -> None:
    """``base`` is a typescript read by a machine, ``cyrillic`` a print read by one; the others were not."""
    said = {word.lower() for word in CLAIMS.findall(tei_text.header(built.tei))}
    untrue = {
        "base": set(),
        "cyrillic": {"typewriter", "typescript", "typed", "typist", "underlin", "indent"},
    }.get(built.name, {"typewriter", "typescript", "typed", "typist", "underlin", "optical", "ocr"})
    assert not said & untrue
    assert ("optical" in said) is (built.name in {"base", "cyrillic"})


def test_the_header_tells_the_language_of_the_text(built: Built) -> None:
    assert built.root.find(f"{TEI}text").get(LANG) == ("ru" if built.name == "cyrillic" else "en")
    assert built.root.get(LANG) == "en"


def test_english_in_a_russian_text_and_russian_in_an_english_one_are_told(tmp_path: Path) -> None:
    for name, file, old, new in (
        ("cyrillic", "pamphlet/moment.md", "давно", "long ago"),
        ("plain", "note/note.md", "The", "То"),
    ):
        mini = Mini(tmp_path / name, TESTS / "roots" / name)
        mini.write(
            file,
            mini.read(file).replace(old, new, 1)
            if old in mini.read(file)
            else f"{mini.read(file)}\n{new}\n",
        )
        assert any(problem.endswith("[letter-foreign]") for problem in mini.check().problems), name


def test_an_editors_note_is_in_the_language_of_the_editors(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "cyrillic", TESTS / "roots" / "cyrillic")
    whole = mini.read("pamphlet/moment.md")
    mini.write(
        "pamphlet/moment.md",
        whole.replace("давно.", "давно.[^ed-1]") + "\n[^ed-1]: Nobody knows where.\n",
    )
    result = mini.check()
    assert result.code == 0, result.output
    mini.write(
        "pamphlet/moment.md",
        whole.replace("давно.", "давно.[^ed-1]") + "\n[^ed-1]: Nobody знает.\n",
    )
    assert any(problem.endswith("[letter-foreign]") for problem in mini.check().problems)
