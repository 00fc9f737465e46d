"""Editions of other texts than the first: another siglum, pages of any name, no paper, no OCR, another language.

Nothing that is untrue of a text is said of it, and every output is built.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from mini import ROOT, Mini
from tei_export.proof import regenerate
from tei_export.schema.order_rules import UNORDERED
from tei_export.schema.validate import validate_bytes

if TYPE_CHECKING:
    from pathlib import Path

from tei_text import CLAIMS, header
from tei_text import TEI as T

XML = "{http://www.w3.org/XML/1998/namespace}"


def tei(mini: Mini) -> bytes:
    result = mini.build("tei")
    assert result.code == 0, result.output
    return (mini.out / "tei/t.xml").read_bytes()


def record(mini: Mini, *changes: tuple[str, str]) -> None:
    for old, new in changes:
        mini.replace("edition.yaml", old, new)


# ------------------------------------------------------------------------------ the siglum


@pytest.fixture(scope="module")
def sigla(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Mini, bytes]]:
    found = {}
    for siglum in ("O", "W", "Ab2"):
        mini = Mini(tmp_path_factory.mktemp(siglum) / "mini")
        record(mini, ("siglum: O", f"siglum: {siglum}"))
        found[siglum] = (mini, tei(mini))
    return found


@pytest.mark.parametrize("siglum", ["W", "Ab2"])
def test_any_siglum(sigla: dict[str, tuple[Mini, bytes]], siglum: str) -> None:
    """The TEI is the one of O but for the siglum: proved, valid, and the lines keep their addresses."""
    mini, data = sigla[siglum]
    root = etree.fromstring(data)
    assert {rdg.get("wit") for rdg in root.iter(f"{T}rdg")} - {None} == {f"#{siglum}"}
    assert [w.get(f"{XML}id") for w in root.iter(f"{T}witness")] == ["T", siglum]
    assert [lb.get(f"{XML}id") for lb in root.iter(f"{T}lb")] == [
        lb.get(f"{XML}id") for lb in etree.fromstring(sigla["O"][1]).iter(f"{T}lb")
    ]
    report = regenerate.compare(
        root,
        mini.read("witness/w.txt"),
        regenerate.read_spans(mini.path("witness/pages.csv")),
        complete=True,
    )
    assert report.clean, str(report)
    assert report.lines == sum(1 for line in mini.read("witness/w.txt").split("\n") if line.strip())
    assert b"#O" not in data
    assert " O)" not in header(data)


@pytest.mark.parametrize("siglum", ["W", "Ab2"])
def test_damage_to_another_siglum_is_caught(
    sigla: dict[str, tuple[Mini, bytes]], siglum: str
) -> None:
    mini, data = sigla[siglum]
    sha = mini.read("edition.yaml").partition("sha256: ")[2][:64]
    schema = ROOT / "schema"
    assert validate_bytes(data, schema, sha) == []
    wit, given = f'wit="#{siglum}"'.encode(), f'xml:id="{siglum}"'.encode()
    for damaged, code in (
        (data.replace(sha.encode(), b"0" * 64), "E-CHECKSUM"),
        (data.replace(wit, b'wit="#T"', 1), "E-APP-WITNESS"),
        (data.replace(wit, b'wit="#X"', 1), "E-POINTER"),
        (data.replace(given, b'xml:id="Z"', 1), "E-POINTER"),
    ):
        assert damaged != data
        assert code in {f.code for f in validate_bytes(damaged, schema, sha)}, code


def test_all_outputs_of_another_siglum(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "mini")
    record(mini, ("siglum: O", "siglum: W"))
    result = mini.build("all")
    assert result.code == 0, result.output
    assert "<i>W</i>" in (mini.out / "html/t/one.html").read_text(encoding="utf-8")


# ----------------------------------------------------------------------------------- pages

LABELS = ("12r", "[4]", "A3")


def renamed(mini: Mini, labels: tuple[str, str, str]) -> None:
    """Give the pages other names; no line holds the number of page 2 any more."""
    lines = mini.read("witness/w.txt").split("\n")
    lines[13] = ""
    mini.witness("\n".join(lines))
    table = mini.read("witness/pages.csv").replace(",14,20,14,", ",14,20,,")
    sources = {name: mini.read(name) for name in ("t/one.md", "t/two.md")}
    for old, new in zip("123", labels, strict=True):
        table = re.sub(rf"^{old},", f"{new},", table, flags=re.MULTILINE)
        sources = {
            name: text.replace(f"{{pb}}`{old}`", f"{{pb}}`{new}`") for name, text in sources.items()
        }
    mini.write("witness/pages.csv", table)
    for name, text in sources.items():
        mini.write(name, text)


def test_pages_may_have_any_name(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "mini")
    renamed(mini, LABELS)
    result = mini.build("all")
    assert result.code == 0, result.output
    root = etree.fromstring((mini.out / "tei/t.xml").read_bytes())
    assert [pb.get("n") for pb in root.iter(f"{T}pb") if pb.get("n")] == list(LABELS)
    pages = [(mini.out / f"html/t/{n}.html").read_text(encoding="utf-8") for n in ("one", "two")]
    for anchor in ("p12r", "p-x5b-4-x5d-", "pA3"):
        assert any(f'id="{anchor}"' in page for page in pages), anchor
    assert any('id="p12r.1"' in page for page in pages)
    for place in ("12r.1", "[4].1", "A3"):
        found = mini.run("resolve", place)
        assert found.code == 0, found.output


# ------------------------------------------------------------------- what the source is


SOURCES = [
    ("medium: digital", "", "digital"),
    ("medium: manuscript", "origin: transcription", "transcription"),
    ("medium: print", "", "file"),
    ("", "", "file"),
    ("medium: print", "origin: ocr", "ocr"),
]


@pytest.mark.parametrize(("medium", "origin", "made"), SOURCES)
def test_a_header_says_what_the_record_says_and_no_more(
    mini: Mini, medium: str, origin: str, made: str
) -> None:
    record(
        mini,
        ("    medium: typescript\n", f"    {medium}\n"),
        ("    origin: ocr\n", f"    {origin}\n"),
        ("title: A typescript", "title: A book"),
        ("kind: typescript", "kind: book"),
        ("A typescript of three", "A book of three"),
        ("witness_description: OCR text of it.", "witness_description: A file."),
        ("caveat: Restored from an OCR text alone.", 'caveat: ""'),
        ("ru-Latn-x-ocr: Cyrillic misread as Latin", "ru-Latn-x-ocr: Cyrillic as Latin"),
        ("A mini edition of two", "Of two"),
    )
    data = tei(mini)
    root = etree.fromstring(data)
    said = header(data)
    claims = {c.lower() for c in CLAIMS.findall(said)} - {"misread"}
    assert claims == ({"optical"} if made == "ocr" else set()), said
    assert ("misread" in said) is (medium != "medium: digital")
    assert [
        b.get("type")
        for b in root.iter(f"{T}bibl")
        if b.find(f"{T}idno[@type='sha256']") is not None
    ] == [made]
    assert (root.find(f".//{T}respStmt[@{XML}id='mach']") is not None) is (made == "ocr")
    level = {"medium: manuscript": "u", "medium: print": "m"}.get(medium)
    assert root.find(f".//{T}bibl[@type='source']/{T}title").get("level") == level


def test_the_practices_of_the_record_are_in_the_header(mini: Mini) -> None:
    words = {
        name: f"So is {name}."
        for name in (
            "correction",
            "normalization",
            "hyphenation",
            "quotation",
            "punctuation",
            "interpretation",
            "segmentation",
        )
    }
    block = "".join(f"      {name}: {said}\n" for name, said in words.items())
    record(
        mini,
        (
            "    origin: ocr\n",
            f"    origin: ocr\n    engine: Tesseract 5\n    engine_date: in 2020\n    practices:\n{block}",
        ),
    )
    root = etree.fromstring(tei(mini))
    for name, said in words.items():
        assert said in "".join(root.find(f".//{T}editorialDecl/{T}{name}").itertext())
    program = root.find(f".//{T}respStmt[@{XML}id='mach']")
    assert [e.text for e in program] == ["optical character recognition, in 2020", "Tesseract 5"]
    reading = (
        etree.parse(str(mini.out / "tei/t.reading.xml"))
        if (mini.out / "tei/t.reading.xml").is_file()
        else None
    )
    if reading is not None:
        assert words["punctuation"] not in "".join(reading.getroot().itertext())


def test_a_text_has_a_language_of_its_own(mini: Mini) -> None:
    record(
        mini,
        ("    siglum: O", "    language: la\n    siglum: O"),
        ("languages:\n", "languages:\n  la: Latin\n"),
    )
    root = etree.fromstring(tei(mini))
    assert root.get(f"{XML}lang") == "en"
    assert root.find(f"{T}text").get(f"{XML}lang") == "la"
    assert {lang.get("ident") for lang in root.iter(f"{T}language")} >= {"en", "la"}


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("https://creativecommons.org/publicdomain/mark/1.0/", "free"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "free"),
        ("https://creativecommons.org/licenses/by-sa/3.0/", "free"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "restricted"),
        ("http://rightsstatements.org/vocab/NoC-US/1.0/", "free"),
    ],
)
def test_rights_of_any_kind(mini: Mini, uri: str, status: str) -> None:
    record(mini, ("http://rightsstatements.org/vocab/CNE/1.0/", uri))
    root = etree.fromstring(tei(mini))
    rights = root.find(f".//{T}availability[@{XML}id='rights-text']")
    assert (rights.get("status"), rights.find(f"{T}licence").get("target")) == (status, uri)


# ----------------------------------------------------------------- lines beyond four figures


def test_more_than_9999_lines(mini: Mini) -> None:
    """Blank lines before the last page push it beyond: ids, order and proof go on."""
    lines = mini.read("witness/w.txt").split("\n")
    mini.witness("\n".join([*lines[:21], *[""] * 10_000, *lines[21:]]))
    mini.replace("witness/pages.csv", "3,22,26,,", "3,10022,10026,,")
    root = etree.fromstring(tei(mini))
    ids = [i for lb in root.iter(f"{T}lb") if (i := lb.get(f"{XML}id"))]
    assert ids[-1] == "o10026"
    assert "o0001" in ids


# ----------------------------------------------------------------- the proof and the pages


@pytest.fixture(scope="module")
def proof(sigla: dict[str, tuple[Mini, bytes]]) -> tuple[bytes, str, dict[str, tuple[int, int]]]:
    mini, data = sigla["O"]
    return data, mini.read("witness/w.txt"), regenerate.read_spans(mini.path("witness/pages.csv"))


def paging(
    data: bytes, witness: str, spans: dict[str, tuple[int, int]], *, complete: bool = True
) -> list[str]:
    report = regenerate.compare(regenerate.parse(data), witness, spans, complete=complete)
    assert report.clean is not bool(report.paging or report.wrong or report.missing)
    for line in report.paging:
        assert line in str(report)
    return report.paging


def test_pages_are_compared_with_the_table(
    proof: tuple[bytes, str, dict[str, tuple[int, int]]],
) -> None:
    data, witness, spans = proof
    assert paging(*proof) == []
    other = re.sub(rb'<pb n="2"', b'<pb n="7"', data)
    assert "page 7 is not in the page table" in paging(other, witness, spans)
    assert "page 2 of the page table is not in the TEI" in paging(
        other, witness, spans, complete=False
    )
    twice = re.sub(rb'<pb n="2"', b'<pb n="1"', data)
    assert "page 1 begins twice" in paging(twice, witness, spans)
    swapped = re.sub(rb'<pb n="([12])"', lambda m: b'<pb n="%d"' % (3 - int(m[1])), data)
    assert "page 1 follows page 2; the page table has it before" in paging(swapped, witness, spans)
    assert any(
        line.startswith("line 1 stands on page 2") for line in paging(swapped, witness, spans)
    )


def test_the_table_is_compared_with_the_witness(
    proof: tuple[bytes, str, dict[str, tuple[int, int]]],
) -> None:
    data, witness, spans = proof
    for page, (first, last) in spans.items():
        shorter = {**spans, page: (first, last - 1)}
        assert f"line {last} of the witness is on no page of the page table" in paging(
            data, witness, shorter
        )
    assert paging(data, witness, {**spans, "4": (0, 0)}, complete=False) == []
    assert paging(data, witness, {**spans, "4": (0, 0)}) == [
        "page 4 of the page table is not in the TEI"
    ]
    moved = {**spans, "1": (1, 10), "2": (11, 20)}
    assert paging(data, witness, moved) == [
        f"line {n} stands on page 1; the page table has it on page 2" for n in (11, 12)
    ]


def test_the_proof_as_a_command(mini: Mini, capsys: pytest.CaptureFixture[str]) -> None:
    assert mini.build("tei").code == 0
    text, witness, table = (
        str(p)
        for p in (
            mini.out / "tei/t.xml",
            mini.path("witness/w.txt"),
            mini.path("witness/pages.csv"),
        )
    )
    capsys.readouterr()
    assert regenerate.main([text, witness, table]) == 0
    assert "0 differences" in capsys.readouterr().out
    mini.write("witness/pages.csv", mini.read("witness/pages.csv") + "4,,,,\n")
    assert regenerate.main([text, witness, table]) == 1
    assert regenerate.main(["--incomplete", text, witness, table]) == 0
    assert regenerate.main([text, witness, str(mini.root / "none")]) == 2
    assert regenerate.main([witness, witness, table]) == 2
    assert regenerate.main([text]) == 2
    assert "Traceback" not in capsys.readouterr().out


def test_pages_whose_numbers_do_not_ascend(mini: Mini) -> None:
    """The order of the rows is the order of the pages; the header says that the numbers are none to count by."""
    renamed(mini, ("16", "14", "18"))
    root = etree.fromstring(tei(mini))
    assert [pb.get("n") for pb in root.iter(f"{T}pb") if pb.get("n")] == ["16", "14", "18"]
    assert UNORDERED in [r.get("n") for r in root.iter(f"{T}refsDecl")]
