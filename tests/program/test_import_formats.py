"""Files of OCR programs and plain text are read for what they say: the formats' traps, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tei_export.importing import formats, hyphens, page_numbers, safe_xml
from tei_export.importing.compose import compose
from tei_export.importing.scanned_pages import ScanBlock, ScanLine, ScanPage
from tei_export.model.problems import EditionError

if TYPE_CHECKING:
    from pathlib import Path

ALTO = "http://www.loc.gov/standards/alto/ns-v{}#"
PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/{}"


def alto(lines: str, space: str = ALTO.format(3)) -> str:
    attribute = f' xmlns="{space}"' if space else ""
    return (
        f'<alto{attribute}><Layout><Page ID="p" PHYSICAL_IMG_NR="1"><PrintSpace><TextBlock ID="b">{lines}'
        "</TextBlock></PrintSpace></Page></Layout></alto>"
    )


def page(body: str, version: str = "2019-07-15", prefix: str = "") -> str:
    tag = f"{prefix}:" if prefix else ""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    inner = body.replace("<", f"<{tag}").replace(f"<{tag}/", f"</{tag}") if prefix else body
    return (
        f'<{tag}PcGts {declared}="{PAGE.format(version)}"><{tag}Page imageFilename="scan_7.png">{inner}'
        f"</{tag}Page></{tag}PcGts>"
    )


def region(key: str, *lines: str, kind: str = "paragraph") -> str:
    inside = "".join(
        f'<TextLine id="{key}l{n}"><TextEquiv><Unicode>{line}</Unicode></TextEquiv></TextLine>'
        for n, line in enumerate(lines)
    )
    return f'<TextRegion id="{key}" type="{kind}">{inside}</TextRegion>'


def read(tmp_path: Path, content: str | bytes, name: str = "f.xml") -> tuple[str, list[ScanPage]]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    kind, pages, _ = formats.read_all([path])
    return kind, pages


def texts(pages: list[ScanPage]) -> list[list[str]]:
    return [[line.text for line in found.lines] for found in pages]


def problem(tmp_path: Path, content: str | bytes, name: str = "f.xml") -> tuple[str, int, str]:
    with pytest.raises(EditionError) as error:
        read(tmp_path, content, name)
    found = error.value.problems[0]
    assert found.file.endswith(name)
    return found.code, found.line, found.detail


# --- ALTO ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", ['CONTENT="-"', 'CONTENT="&#173;"', 'CONTENT=""', "", 'CONTENT="¬"', 'CONTENT="⸗"']
)
def test_alto_hyphen_once(tmp_path: Path, content: str) -> None:
    """The hyphen of ``HYP`` is written once, and the whole word of ``SUBS_CONTENT`` never."""
    lines = (
        '<TextLine><String CONTENT="the"/><SP/><String CONTENT="Balti" SUBS_TYPE="HypPart1" SUBS_CONTENT="Baltimore"/>'
        f"<HYP {content}/></TextLine>"
        '<TextLine><String CONTENT="more" SUBS_TYPE="HypPart2" SUBS_CONTENT="Baltimore"/><SP/><String CONTENT="Sun"/></TextLine>'
    )
    _, pages = read(tmp_path, alto(lines))
    found = compose(pages)
    sign = "⸗" if "⸗" in content else "-"
    assert found.witness == f"the Balti{sign}\nmore Sun\n"
    assert found.source.split("\n") == [f"{{pb}}`1`the Balti{sign}¬", "more Sun", ""]


def test_alto_hyphen_in_string_and_element(tmp_path: Path) -> None:
    lines = '<TextLine><String CONTENT="Balti-"/><HYP CONTENT="-"/></TextLine><TextLine><String CONTENT="more"/></TextLine>'
    _, pages = read(tmp_path, alto(lines))
    assert texts(pages) == [["Balti-", "more"]]


@pytest.mark.parametrize(
    "space", [ALTO.format(2), ALTO.format(3), ALTO.format(4), "http://schema.ccs-gmbh.com/ALTO", ""]
)
def test_alto_namespaces(tmp_path: Path, space: str) -> None:
    kind, pages = read(
        tmp_path,
        alto(
            '<TextLine><String CONTENT="a" WC="0.5" HPOS="1" VPOS="2" WIDTH="3" HEIGHT="4"/></TextLine>',
            space,
        ),
    )
    assert kind == formats.ALTO
    word = pages[0].lines[0].words[0]
    assert (word.confidence, word.box) == (0.5, (1, 2, 3, 4))


def test_alto_order_and_margins(tmp_path: Path) -> None:
    """``IDNEXT`` counts; what is in the margins stands around the print space, not before it."""

    def block(key: str, following: str = "") -> str:
        attribute = f' IDNEXT="{following}"' if following else ""
        return f'<TextBlock ID="{key}"{attribute}><TextLine><String CONTENT="{key}"/></TextLine></TextBlock>'

    xml = (
        "<alto><Layout><Page><TopMargin>"
        + block("top")
        + "</TopMargin><BottomMargin>"
        + block("foot")
        + "</BottomMargin><PrintSpace>"
        + block("a", "c")
        + block("b")
        + block("c", "b")
        + "</PrintSpace></Page></Layout></alto>"
    )
    _, pages = read(tmp_path, xml)
    assert texts(pages) == [["top", "a", "c", "b", "foot"]]
    assert [b.kind for b in pages[0].blocks] == ["header", *["paragraph"] * 3, "footer"]


def test_alto_reading_order_and_tags(tmp_path: Path) -> None:
    xml = (
        '<alto><Tags><LayoutTag ID="t1" LABEL="MainZone"/><LayoutTag ID="t2" LABEL="NumberingZone"/></Tags><Layout>'
        '<ReadingOrder><OrderedGroup ID="g"><ElementRef ID="e1" REF="b2"/><ElementRef ID="e2" REF="b1"/></OrderedGroup></ReadingOrder>'
        '<Page><PrintSpace><TextBlock ID="b1" TAGREFS="t1"><TextLine><String CONTENT="text"/></TextLine></TextBlock>'
        '<TextBlock ID="b2" TAGREFS="t2"><TextLine><String CONTENT="12"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>'
    )
    _, pages = read(tmp_path, xml)
    assert [(b.kind, b.lines[0].text) for b in pages[0].blocks] == [
        ("page-number", "12"),
        ("paragraph", "text"),
    ]


def test_alto_words_without_spaces(tmp_path: Path) -> None:
    _, pages = read(
        tmp_path, alto('<TextLine><String CONTENT="two"/><String CONTENT="words"/></TextLine>')
    )
    assert texts(pages) == [["two words"]]


# --- PAGE ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "version", ["2013-07-15", "2016-07-15", "2017-07-15", "2018-07-15", "2019-07-15"]
)
@pytest.mark.parametrize("prefix", ["", "pc"])
def test_page_namespaces(tmp_path: Path, version: str, prefix: str) -> None:
    kind, pages = read(tmp_path, page(region("r", "one line"), version, prefix))
    assert (kind, texts(pages), pages[0].image) == (formats.PAGE, [["one line"]], "scan_7.png")


def test_page_reading_order_nested(tmp_path: Path) -> None:
    """Ordered groups go by index, unordered ones as they stand, at every depth."""
    order = (
        '<ReadingOrder><OrderedGroup id="o"><UnorderedGroupIndexed id="u" index="1"><RegionRef regionRef="c"/>'
        '<OrderedGroup id="i"><RegionRefIndexed index="1" regionRef="a"/><RegionRefIndexed index="0" regionRef="d"/>'
        '</OrderedGroup></UnorderedGroupIndexed><RegionRefIndexed index="0" regionRef="b"/></OrderedGroup></ReadingOrder>'
    )
    _, pages = read(tmp_path, page(order + "".join(region(key, key) for key in "abcd")))
    assert texts(pages) == [["b", "c", "d", "a"]]


def test_page_region_without_order_stays(tmp_path: Path) -> None:
    order = (
        '<ReadingOrder><OrderedGroup id="o"><RegionRefIndexed index="0" regionRef="b"/>'
        '<RegionRefIndexed index="1" regionRef="a"/><RegionRefIndexed index="2" regionRef="gone"/></OrderedGroup></ReadingOrder>'
    )
    _, pages = read(tmp_path, page(order + region("a", "a") + region("x", "x") + region("b", "b")))
    assert texts(pages) == [["b", "a", "x"]]
    assert any("gone" in said for said in pages[0].said)
    assert any("does not name x" in said for said in pages[0].said)


def test_page_text_of_lowest_index(tmp_path: Path) -> None:
    line = (
        '<TextLine><TextEquiv index="1"><Unicode>second</Unicode></TextEquiv>'
        '<TextEquiv index="0" conf="0.9"><Unicode>first</Unicode></TextEquiv></TextLine>'
    )
    _, pages = read(tmp_path, page(f'<TextRegion id="r">{line}</TextRegion>'))
    assert texts(pages) == [["first"]]


def test_page_lines_without_words_and_words_without_line(tmp_path: Path) -> None:
    words = "".join(
        f'<Word><Coords points="1,2 4,2 4,6 1,6"/><TextEquiv conf="0.5"><Unicode>{w}</Unicode></TextEquiv></Word>'
        for w in ("of", "words")
    )
    glyphs = "<Word><Glyph><TextEquiv><Unicode>g</Unicode></TextEquiv></Glyph><Glyph><TextEquiv><Unicode>o</Unicode></TextEquiv></Glyph></Word>"
    body = (
        f'<TextRegion id="r"><TextLine>{words}</TextLine><TextLine>{glyphs}</TextLine><TextLine id="empty"/>'
        "<TextLine><TextEquiv><Unicode>a line</Unicode></TextEquiv></TextLine></TextRegion>"
        '<TextRegion id="s"><TextEquiv><Unicode>of the\nregion</Unicode></TextEquiv></TextRegion>'
    )
    _, pages = read(tmp_path, page(body))
    assert texts(pages) == [["of words", "go", "", "a line", "of the", "region"]]
    assert pages[0].lines[0].words[0].box == (1, 2, 3, 4)
    assert pages[0].said[-1] == "1 of 6 lines have no text"
    assert compose(pages).witness == "of words\ngo\na line\nof the\nregion\n"


def test_page_custom_types_and_line_order(tmp_path: Path) -> None:
    lines = "".join(
        f'<TextLine custom="readingOrder {{index:{n};}}"><TextEquiv><Unicode>{n}</Unicode></TextEquiv></TextLine>'
        for n in (1, 0)
    )
    _, pages = read(
        tmp_path,
        page(f'<TextRegion id="r" custom="structure {{type:marginalia;}}">{lines}</TextRegion>'),
    )
    assert (pages[0].blocks[0].kind, texts(pages)) == ("marginalia", [["0", "1"]])


# --- hOCR and text -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<?xml version="1.0"?>',
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "http://www.w3.org/x.dtd">\n',
    ],
)
def test_hocr(tmp_path: Path, head: str) -> None:
    body = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><div class="ocr_page" title=\'image "x/p_4.png"; bbox 0 0 9 9; ppageno 3\'>'
        '<span class="ocr_header">Head</span><div class="ocr_carea"><p class="ocr_par"><span class="ocr_line" title="bbox 1 2 3 5">'
        '<span class="ocrx_word" title="bbox 1 2 3 5; x_wconf 87">two</span> <span class="ocrx_word">words &amp;&nbsp;more</span></span></p>'
        '<p class="ocr_par"><span class="ocr_line">no words</span></p></div></div></body></html>'
    )
    kind, pages = read(tmp_path, head + body, "f.hocr")
    assert (kind, texts(pages)) == (formats.HOCR, [["Head", "two words & more", "no words"]])
    assert (pages[0].image, pages[0].number, [b.kind for b in pages[0].blocks]) == (
        "x/p_4.png",
        4,
        ["header", "paragraph", "paragraph"],
    )
    assert (pages[0].lines[1].words[0].confidence, pages[0].lines[1].box) == (0.87, (1, 2, 2, 3))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "utf-8-sig", "utf-16"])
def test_text(tmp_path: Path, ends: str, mark: str) -> None:
    content = ends.join(["Title", "", "a  line ", "another", "\fnext page", ""]).encode(
        mark or "utf-8"
    )
    kind, pages = read(tmp_path, content, "f.txt")
    assert (kind, [[b.lines[0].text for b in p.blocks] for p in pages]) == (
        formats.TEXT,
        [["Title", "a  line "], ["next page"]],
    )
    assert pages[1].lines[0].place == 5


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso-8859-1"]
)
def test_xml_encodings(tmp_path: Path, encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(
        encoding, encoding
    )
    xml = f'<?xml version="1.0" encoding="{declared}"?>' + alto(
        '<TextLine><String CONTENT="schön"/></TextLine>'
    )
    assert texts(read(tmp_path, xml.encode(encoding))[1]) == [["schön"]]


# --- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"%PDF-1.7", "import-format", 0),
        (b"<html><body><p>no OCR</p></body></html>", "import-format", 1),
        (b"<mets xmlns='http://www.loc.gov/METS/'/>", "import-format", 1),
        (b"<alto/>", "import-format", 1),
        (b"<alto>\n<Layout>\n<Page></Layout></alto>", "import-xml", 3),
        (
            b'<!DOCTYPE alto [\n<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<alto>&x;</alto>',
            "import-hostile",
            2,
        ),
        (
            b'<!DOCTYPE alto [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><alto c="&b;"/>',
            "import-hostile",
            1,
        ),
        (
            b'<alto xmlns:xi="http://www.w3.org/2001/XInclude">\n<xi:include href="/etc/passwd"/></alto>',
            "import-hostile",
            2,
        ),
        (b"<alto>" + b"<a>" * 200 + b"</a>" * 200 + b"</alto>", "import-size", 1),
        (b"<alto>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</alto>", "import-size", 1),
        (b"a\nb\xffc", "import-encoding", 2),
        (b'<?xml version="1.0" encoding="klingon"?><alto/>', "import-encoding", 1),
        (b'<?xml version="1.0" encoding="base64"?><alto/>', "import-encoding", 1),
        ("a\n\ufffd".encode(), "import-letter", 2),
        (b"a\n\n\x01", "import-letter", 3),
        (b"<alto>&nosuch;</alto>", "import-xml", 1),
    ],
)
def test_refused(tmp_path: Path, content: bytes, code: str, line: int) -> None:
    assert problem(tmp_path, content)[:2] == (code, line)


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_xml, "MAX_BYTES", 10)
    assert problem(tmp_path, "x" * 11)[0] == "import-size"
    assert read(tmp_path, "x" * 10)[0] == formats.TEXT


def test_mixed_formats(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "b.xml").write_text(alto(""))
    with pytest.raises(EditionError) as error:
        formats.read_all([tmp_path / "a.txt", tmp_path / "b.xml"])
    assert (error.value.problems[0].code, error.value.problems[0].file) == (
        "import-format",
        str(tmp_path / "b.xml"),
    )


def test_declaration_in_comment_is_text(tmp_path: Path) -> None:
    """Words about a DTD are no DTD."""
    xml = alto('<!-- <!ENTITY x "y"> --><TextLine><String CONTENT="a"/></TextLine>')
    assert texts(read(tmp_path, xml)[1]) == [["a"]]


# --- hyphens and numbers -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "following", "divides"),
    [
        ("Unmuͤn-", "digkeit", True),
        ("Aufklaͤ-", "rung", True),
        ("Nord-", "Amerika", False),
        ("Haupt-", "und Staatsaktion", False),
        ("1926-", "years", False),
        ("a dash -", "and more", False),
        ("word", "more", False),
        ("end-", "", False),
        ("end-", "„word", True),
    ],
)
def test_divides(line: str, following: str, divides: bool) -> None:
    assert hyphens.divides(hyphens.normalise(line), following) is divides


@pytest.mark.parametrize("sign", ["-", "\u00ad", "¬", "-\u00ad", "\u00ad-"])
def test_hyphen_signs_are_one(sign: str) -> None:
    assert hyphens.normalise(f"a  Bal{sign} ") == "a Bal-"
    assert hyphens.normalise(f"Bal\u00adti{sign}") == "Balti-"


def labels(
    *first: str, images: tuple[str, ...] = (), kind: str = "page-number"
) -> list[tuple[str, bool]]:
    pages = []
    for n, text in enumerate(first):
        blocks = [ScanBlock("paragraph", [ScanLine("words of the page"), ScanLine("and more")])]
        blocks[:0] = [ScanBlock(kind, [ScanLine(text)])] if text else []
        pages.append(ScanPage("f", blocks, image=images[n] if images else ""))
    return [(found.label, found.line is not None) for found in page_numbers.label_pages(pages)]


def test_numbers_inferred_by_images() -> None:
    """Kant: of the images 17 and 20 the second has the number 484."""
    assert labels("", "( 484 )", images=("I_0017.tif", "I_0020.tif")) == [
        ("481", False),
        ("484", True),
    ]


@pytest.mark.parametrize(
    ("first", "found"),
    [
        (("12", "", "14"), ["12", "13", "14"]),
        (("12", "73", "14"), ["12", "13", "14"]),
        (("vii", "", "1", "2"), ["vii", "viii", "1", "2"]),
        (("", "", "1"), ["i", "ii", "1"]),
        (("", "", ""), ["1", "2", "3"]),
        (("5", "5", "5"), ["5", "6", "7"]),
        (("- 7 -", "[8]", "9."), ["7", "8", "9"]),
    ],
)
def test_numbers(first: tuple[str, ...], found: list[str]) -> None:
    assert [label for label, _ in labels(*first)] == found


def test_numbers_by_place_need_another_page() -> None:
    """A number alone in a first line is a page number only where another page agrees."""
    assert labels("3", "", kind="paragraph") == [("1", False), ("2", False)]
    assert labels("3", "4", kind="paragraph") == [("3", True), ("4", True)]
    assert labels("", "( 484 )", images=("17.tif", "20.tif"), kind="paragraph") == [
        ("481", False),
        ("484", True),
    ]


def test_number_in_running_head_is_told() -> None:
    pages = [
        ScanPage(
            "f",
            [
                ScanBlock("header", [ScanLine("HISTORY 12")]),
                ScanBlock("paragraph", [ScanLine("text")]),
            ],
        )
    ]
    found = page_numbers.label_pages(pages)[0]
    assert (found.label, found.line, "HISTORY 12" in found.how) == ("12", None, True)
