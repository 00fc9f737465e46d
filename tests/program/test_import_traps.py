"""Traps of the formats beside those of ``test_import_formats``: nesting, order, boxes, several texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tei_export.importing import formats
from tei_export.importing.compose import compose
from tei_export.importing.scanned_pages import ScanBlock, ScanLine, ScanPage, kind_of

if TYPE_CHECKING:
    from pathlib import Path

PAGE = '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15"><Page imageFilename="a">{}</Page></PcGts>'
ALTO = "<alto><Layout><Page><PrintSpace>{}</PrintSpace></Page></Layout></alto>"


def read(tmp_path: Path, content: str) -> ScanPage:
    file = tmp_path / "f.xml"
    file.write_text(content, encoding="utf-8")
    (page,) = formats.read_all([file])[1]
    return page


def texts(page: ScanPage) -> list[str]:
    return [line.text for line in page.lines]


def line(text: str, attributes: str = "", inside: str = "") -> str:
    return f"<TextLine {attributes}>{inside}<TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine>"


def block(key: str, attributes: str = "") -> str:
    return f'<TextBlock ID="{key}" {attributes}><TextLine><String CONTENT="{key}"/></TextLine></TextBlock>'


def test_alto_composed_blocks_are_read_at_every_depth(tmp_path: Path) -> None:
    inner = f'<ComposedBlock ID="c2" TYPE="heading">{block("a")}</ComposedBlock>'
    page = read(
        tmp_path,
        ALTO.format(f'<ComposedBlock ID="c1">{inner}{block("b")}</ComposedBlock>{block("c")}'),
    )
    assert [(b.kind, b.lines[0].text) for b in page.blocks] == [
        ("heading", "a"),
        ("paragraph", "b"),
        ("paragraph", "c"),
    ]


def test_alto_chain_that_goes_in_a_ring_ends(tmp_path: Path) -> None:
    page = read(tmp_path, ALTO.format(block("a", 'IDNEXT="b"') + block("b", 'IDNEXT="a"')))
    assert sorted(texts(page)) == ["a", "b"]


def test_alto_reading_order_of_groups_in_groups(tmp_path: Path) -> None:
    order = (
        '<ReadingOrder><UnorderedGroup ID="u"><ElementRef ID="1" REF="c"/><OrderedGroup ID="o"><ElementRef ID="2" REF="b"/>'
        '<ElementRef ID="3" REF="a"/></OrderedGroup></UnorderedGroup></ReadingOrder>'
    )
    content = ALTO.replace("<Page>", order + "<Page>").format("".join(map(block, "abc")))
    assert texts(read(tmp_path, content)) == ["c", "b", "a"]


def test_page_without_a_reading_order_is_told(tmp_path: Path) -> None:
    regions = "".join(f'<TextRegion id="{k}">{line(k)}</TextRegion>' for k in "ba")
    page = read(tmp_path, PAGE.format(regions))
    assert texts(page) == ["b", "a"]
    assert page.said == ["no reading order: regions as in the file"]


def test_page_regions_in_regions_are_read_once(tmp_path: Path) -> None:
    """The text of the outer region repeats that of the inner ones."""
    inner = f'<TextRegion id="i" type="caption">{line("in")}</TextRegion>'
    outer = f'<TextRegion id="o">{inner}{line("out")}<TextEquiv><Unicode>in\nout</Unicode></TextEquiv></TextRegion>'
    assert sorted(texts(read(tmp_path, PAGE.format(outer)))) == ["in", "out"]


def test_page_two_texts_without_an_index(tmp_path: Path) -> None:
    two = "<TextLine><TextEquiv><Unicode>first</Unicode></TextEquiv><TextEquiv><Unicode>second</Unicode></TextEquiv></TextLine>"
    assert texts(read(tmp_path, PAGE.format(f'<TextRegion id="r">{two}</TextRegion>'))) == ["first"]


def test_page_plain_text_and_an_empty_unicode(tmp_path: Path) -> None:
    both = "<TextLine><TextEquiv><PlainText>plain</PlainText><Unicode/></TextEquiv></TextLine>"
    assert texts(read(tmp_path, PAGE.format(f'<TextRegion id="r">{both}</TextRegion>'))) == [
        "plain"
    ]


@pytest.mark.parametrize(
    ("coords", "box"),
    [
        ('<Coords points="10,20 30,20 30,60 10,60"/>', (10, 20, 20, 40)),
        ('<Coords><Point x="10" y="20"/><Point x="30" y="60"/></Coords>', (10, 20, 20, 40)),
        ('<Coords points="902,436 482,436 482,367"/>', (482, 367, 420, 69)),
        ('<Coords points=""/>', None),
        ("", None),
    ],
)
def test_page_boxes(tmp_path: Path, coords: str, box: object) -> None:
    page = read(
        tmp_path, PAGE.format(f'<TextRegion id="r">{line("a", inside=coords)}</TextRegion>')
    )
    assert page.lines[0].box == box


@pytest.mark.parametrize("sign", ["\u00ad", "-", "⸗", "¬"])
def test_hyphen_over_a_page_over_forme_work(sign: str) -> None:
    """The word goes on on the next page, whatever stands at foot and head; its sign is kept once."""
    first = ScanPage(
        "f",
        [
            ScanBlock("paragraph", [ScanLine("Head"), ScanLine(f"a divi{sign}", divided=True)]),
            ScanBlock("catch-word", [ScanLine("ded")]),
        ],
    )
    second = ScanPage(
        "g",
        [
            ScanBlock("page-number", [ScanLine("( 8 )")]),
            ScanBlock("paragraph", [ScanLine("ded word")]),
        ],
    )
    first.blocks.insert(0, ScanBlock("page-number", [ScanLine("( 7 )")]))
    source = compose([first, second]).source
    shown = sign if sign == "⸗" else "-"
    assert f"a divi{shown}¬\n{{catch}}`ded`\n{{pb}}`8`{{pagenum}}`( 8 )`\nded word" in source


def test_confidence_and_boxes_are_kept_in_a_table(tmp_path: Path) -> None:
    words = '<String CONTENT="two" WC="0.5" HPOS="1" VPOS="2" WIDTH="3" HEIGHT="4"/><SP/><String CONTENT="words"/>'
    page = read(
        tmp_path, ALTO.format(f'<TextBlock TAGREFS=""><TextLine>{words}</TextLine></TextBlock>')
    )
    assert compose([page]).words.splitlines() == [
        "line,page,kind,word,confidence,left,top,width,height",
        "1,1,paragraph,two,0.50,1,2,3,4",
        "1,1,paragraph,words,,,,,",
    ]


def test_a_line_without_words_keeps_its_box(tmp_path: Path) -> None:
    text = '<TextEquiv conf="0.25"><Unicode>two words</Unicode></TextEquiv>'
    coords = '<Coords points="1,2 4,2 4,6"/>'
    page = read(
        tmp_path,
        PAGE.format(f'<TextRegion id="r"><TextLine id="l">{coords}{text}</TextLine></TextRegion>'),
    )
    assert compose([page]).words.splitlines()[1:] == ["1,1,paragraph,two words,0.25,1,2,3,4"]


@pytest.mark.parametrize("value", ["NaN", "inf", "-1", "2", "0,5", "high", ""])
def test_confidence_that_is_none_is_left_out(tmp_path: Path, value: str) -> None:
    page = read(
        tmp_path,
        ALTO.format(
            f'<TextBlock><TextLine><String CONTENT="a" WC="{value}"/></TextLine></TextBlock>'
        ),
    )
    assert page.lines[0].words[0].confidence is None


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("RunningTitleZone", "header"),
        ("MainZone:column", "paragraph"),
        ("NumberingZone", "page-number"),
        ("QuireMarksZone", "signature-mark"),
        ("MarginTextZone", "marginalia"),
        ("DropCapitalZone", "drop-capital"),
        ("page-number", "page-number"),
        ("catch-word", "catch-word"),
        ("signature-mark", "signature-mark"),
        ("footnote-continued", "footnote"),
        ("TOC-entry", "paragraph"),
        ("header", "header"),
    ],
)
def test_labels_of_tools(label: str, kind: str) -> None:
    assert kind_of(label) == kind


def test_a_part_without_a_heading_gets_none() -> None:
    """The middle of a book begins anywhere: no line is a heading because it stands first."""
    composed = compose([ScanPage("f", [ScanBlock("paragraph", [ScanLine("goes on here")])])])
    assert composed.source == "{pb}`1`goes on here\n"
    assert "no heading was found: the part has none; === below a line makes it one" in composed.said
