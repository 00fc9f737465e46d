"""What a file says of its own making comes into the record, and what its pages show without saying it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tei_export.importing import formats, origin, record_edits
from tei_export.importing.compose import compose
from tei_export.importing.safe_xml import parse
from tei_export.importing.scanned_pages import ScanBlock, ScanLine, ScanPage
from tei_export.importing.tei_header import of_header

if TYPE_CHECKING:
    from mini import Mini

ALTO_2 = """<alto><Description><OCRProcessing ID="o"><ocrProcessingStep>
<processingDateTime>2019-03-04T10:00:00</processingDateTime><processingSoftware><softwareCreator>A. Firm</softwareCreator>
<softwareName>Reader</softwareName><softwareVersion>9.1</softwareVersion></processingSoftware></ocrProcessingStep></OCRProcessing>
</Description><Layout><Page><PrintSpace><TextBlock language="deu">%s</TextBlock></PrintSpace></Page></Layout></alto>"""
ALTO_4 = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description>
<Processing ID="a"><processingCategory>preOperation</processingCategory><processingSoftware><softwareName>Cleaner</softwareName>
</processingSoftware></Processing><Processing ID="b"><processingCategory>contentGeneration</processingCategory><processingSoftware>
<softwareName>Reader 9.1</softwareName><softwareVersion>9.1</softwareVersion></processingSoftware></Processing></Description>
<Layout><Page LANG="de"><PrintSpace><TextBlock>%s</TextBlock></PrintSpace></Page></Layout></alto>"""
ALTO_SILENT = (
    "<alto><Layout><Page><PrintSpace><TextBlock>%s</TextBlock></PrintSpace></Page></Layout></alto>"
)
ALTO_LINE = '<TextLine><String CONTENT="a" WC="0.5"/></TextLine>'
PAGE = """<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Metadata><Creator>Transkribus</Creator>
<Created>2016-09-20T11:09:27</Created><LastChange>2018-04-25T17:44:49</LastChange>%s</Metadata><Page imageFilename="x.png">
<TextRegion id="r" primaryLanguage="German"><TextLine><TextEquiv><Unicode>a</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"""
STEP = '<MetadataItem type="processingStep" name="recognition/text-recognition" value="ocrd-reader" date="2020-01-02T03:04:05"/>'
HOCR = """<html lang="en"><head><meta name="ocr-system" content="tesseract 5.3"/></head><body><div class="ocr_page">
<p class="ocr_par" lang="deu"><span class="ocr_line">a</span></p></div></body></html>"""
#: content → what the record gets beside the name of the file
SAYS: dict[str, tuple[str, dict[str, str]]] = {
    "ALTO 2": (ALTO_2 % ALTO_LINE, {"origin": "ocr", "engine": "Reader 9.1", "engine_date": "2019-03-04", "language": "de"}),
    "ALTO 4": (ALTO_4 % ALTO_LINE, {"origin": "ocr", "engine": "Reader 9.1", "language": "de"}),
    "ALTO without a description": (ALTO_SILENT % ALTO_LINE, {}),
    "PAGE": (PAGE % "", {"language": "de"}),
    "PAGE with its steps": (PAGE % STEP, {"origin": "ocr", "engine": "ocrd-reader", "engine_date": "2020-01-02", "language": "de"}),
    "hOCR": (HOCR, {"origin": "ocr", "engine": "tesseract 5.3", "language": "de"}),
    "text": ("a\n", {}),
}  # fmt: skip


def pages_of(tmp_path: Path, content: str) -> list[ScanPage]:
    file = tmp_path / "f.xml"
    file.write_text(content, encoding="utf-8")
    return formats.read_all([file])[1]


@pytest.mark.parametrize("name", SAYS)
def test_a_file_says_who_read_it(tmp_path: Path, name: str) -> None:
    content, expected = SAYS[name]
    found = origin.of_pages(pages_of(tmp_path, content), [Path("f.xml")], ["en", "de"], "en")
    described = found.fields.pop("witness_description")
    assert found.fields == expected
    assert described.startswith("Imported from f.xml.")
    if "PAGE" in name:
        assert described.endswith(
            "Created by Transkribus, as the files say. Created 2016-09-20. Last changed 2018-04-25."
        )


def test_a_language_is_taken_only_if_the_record_declares_it(tmp_path: Path) -> None:
    pages = pages_of(tmp_path, HOCR)
    files = [Path("f.xml")]
    assert "language" not in origin.of_pages(pages, files, ["de"], "de").fields
    told = origin.of_pages(pages, files, ["en"], "en")
    assert "language" not in told.fields
    assert "add it to languages" in told.said[0]
    several = pages_of(tmp_path, HOCR.replace("</p>", '</p><p class="ocr_par" lang="lat">b</p>', 1))
    assert origin.of_pages(several, files, ["en", "de", "la"], "en").said == [
        "the files name several languages: de, la"
    ]


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("deu", "de"),
        ("ger", "de"),
        ("German", "de"),
        ("ancient greek", "grc"),
        ("grc", "grc"),
        ("de-DE", "de-DE"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("frk", ""),
        ("Fraktur", ""),
        ("deu_frak", ""),
        ("und", ""),
        ("klingonish", ""),
        ("", ""),
        ("de-", "de"),
        ("<x>", ""),
    ],
)
def test_names_of_languages(said: str, tag: str) -> None:
    assert origin.language_tag(said) == tag


def test_the_entry_of_the_record_asks_for_what_no_file_said(mini: Mini, tmp_path: Path) -> None:
    file = tmp_path / "page.xml"
    file.write_text(PAGE % STEP, encoding="utf-8")
    assert mini.run("import", str(file), "--text", "new").code == 0
    entry = mini.read("edition.yaml")
    assert "    # medium: typescript, print, manuscript, digital " in entry
    assert "# origin" not in entry
    text = yaml.safe_load(entry)["texts"]["new"]
    assert (text["origin"], text["engine"], text["engine_date"]) == (
        "ocr",
        "ocrd-reader",
        "2020-01-02",
    )


def entry_of(xml: str, *, own: bool = False) -> tuple[dict[str, Any], list[str]]:
    found = of_header(parse(xml, "f.xml"), "f.xml", own=own, languages=["en", "la"], language="en")
    return found.fields, found.said


def test_header_of_foreign_tei() -> None:
    head = (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>T</title><author>Anna\n A.</author><author>B</author>'
        "</titleStmt><sourceDesc>{}</sourceDesc></fileDesc></teiHeader><text xml:lang='la'/></TEI>"
    )
    hand = '<msDesc><physDesc><handDesc/></physDesc></msDesc><bibl><date when="1784"/></bibl>'
    assert entry_of(head.format(hand)) == (
        {
            "witness_description": "Imported from f.xml.",
            "author": "Anna A.; B",
            "medium": "manuscript",
            "date": {"from": "1784", "to": "1784"},
            "language": "la",
        },
        [],
    )
    fields, said = entry_of(head.format('<bibl><date when="1784"/><date when="1785"/></bibl>'))
    assert "date" not in fields
    assert said == ["the header has 2 dates of the source: none is taken"]


def test_the_header_of_our_own_tei_comes_back(mini: Mini) -> None:
    given = {
        "medium": "print", "origin": "ocr", "engine": "Reader 9.1", "engine_date": "2019-03-04", "kind": "letter", "extent": "2 pages",
        "date": {"from": "1784", "to": "1785-02", "text": "winter"}, "description": "A \"letter\" & more.", "author": "Anna A.",
        "witness_description": "A scan.", "siglum": "M2",
    }  # fmt: skip
    data = yaml.safe_load(mini.read("edition.yaml"))
    data["texts"]["t"] |= given
    mini.write("edition.yaml", yaml.safe_dump(data, allow_unicode=True))
    assert mini.build("tei").code == 0
    assert mini.run("import", str(mini.out / "tei" / "t.xml"), "--text", "copy").code == 0
    texts = yaml.safe_load(mini.read("edition.yaml"))["texts"]
    assert {name: texts["copy"].get(name) for name in given} == given
    assert mini.check().code == 0


# --- what pages show without saying it -------------------------------------------------------


def page(
    *blocks: str | tuple[str, tuple[int, int, int, int] | None], kinds: str = "paragraph"
) -> ScanPage:
    found = ScanPage(
        "f.xml",
        [
            ScanBlock(
                kinds,
                [
                    ScanLine(f"line {n} of the text", box=(100, 100 * n, 800, 40))
                    for n in range(1, 7)
                ],
            )
        ],
    )
    for block in blocks:
        text, box = block if isinstance(block, tuple) else (block, None)
        found.blocks.append(ScanBlock("paragraph", [ScanLine(text, box=box)]))
    return found


RIGHT, LEFT = (840, 700, 60, 40), (100, 700, 60, 40)


@pytest.mark.parametrize(
    ("pages", "source"),
    [
        ([page(("(na-", RIGHT))], "{catch}`(na-`"),
        (
            [page(("B . Mon . IV . B . 6 . H h", LEFT), ("(na-", RIGHT))],
            "{sig}`B . Mon . IV . B . 6 . H h`\n{catch}`(na-`",
        ),
        ([page(("A 2", LEFT))], "{sig}`A 2`"),
        ([page(("(na-", LEFT))], "(na-"),
        ([page("(na-")], "(na-"),
        ([page("A 2")], "A 2"),
        ([page(("dienen.", RIGHT))], "dienen."),
        ([page(("12", RIGHT))], "12"),
        ([page(("see Plate A", LEFT))], "see Plate A"),
        ([page(("(na-", RIGHT), kinds="heading")], "(na-"),
    ],
)
def test_the_foot_of_a_page(pages: list[ScanPage], source: str) -> None:
    """Form and place together decide; one of them alone is told at most."""
    assert compose(pages).source.rstrip("\n").split("\n\n")[-1] == source


def test_a_catch_word_is_known_by_the_next_page() -> None:
    first = page("Stan-")
    second = ScanPage(
        "g.xml", [ScanBlock("paragraph", [ScanLine("( 8 )"), ScanLine("Standes end.")])]
    )
    first.blocks.insert(0, ScanBlock("paragraph", [ScanLine("( 7 )")]))
    composed = compose([first, second])
    assert "{catch}`Stan-`" in composed.source
    assert any("(the next page begins so)" in said for said in composed.said)


def test_what_only_looks_so_is_told() -> None:
    assert (
        "page 1: '(na-' at its foot may be a catch-word ({catch}); it is kept as text"
        in compose([page("(na-")]).said
    )
    assert any("may be a signature mark" in said for said in compose([page("A 2")]).said)


@pytest.mark.parametrize(
    ("following", "source"),
    [
        ("ufklärung is", "{initial}`A`{o}`8`ufklärung is"),
        ("Man is", "A\n\nMan is"),
        ("1784", "A\n\n1784"),
    ],
)
def test_a_drop_capital_stands_before_a_small_letter(following: str, source: str) -> None:
    assert source in compose([page("A", following)]).source


def test_a_hyphen_apart_from_its_word_joins_nothing_and_is_told() -> None:
    lines = [ScanLine("Head"), ScanLine("des Men -"), ScanLine("ſchen")]
    composed = compose([ScanPage("f", [ScanBlock("paragraph", lines)])])
    assert "¬" not in composed.source
    assert any(
        said.startswith("line ends with a hyphen after a space: 1,") for said in composed.said
    )


def test_quoted_entry_is_yaml() -> None:
    """What a file says is data: no quotation mark or line of it changes the record."""
    said = 'x"\n  evil: yes # '
    fields = dict.fromkeys(
        (
            "folder",
            "title",
            "author",
            "kind",
            "description",
            "witness_description",
            "witness",
            "sha256",
            "engine",
        ),
        said,
    )
    found = yaml.safe_load(record_edits.entry("t", fields, [{"doc": said}]))["t"]
    assert found["engine"] == said
    assert "evil" not in found
