"""The letters of an edition: the bundled typeface, the fonts of a record, letters that none of them has."""

from __future__ import annotations

import contextlib
import io
import re
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from epub import Epub
from pdf import Pdf
from tei_export.shared.font_file import FontError, letters_of
from tei_export.shared.typefaces import (
    Typefaces,
    bundled_letters,
    css_name,
    needed_subsets,
    subsets,
)
from typeset import set_text

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import web_fonts
from fontTools.subset import parse_unicodes

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from mini import Mini

STATIC = ROOT / "src/tei_export/shared/web_fonts"
ARABIC = "سلام"


def font(letters: str, family: str = "Test Naskh", fs_type: int = 0) -> bytes:
    """A font in which every letter is a square."""
    pen = TTGlyphPen(None)
    for at in ((0, 0), (0, 500), (500, 500), (500, 0)):
        pen.moveTo(at) if at == (0, 0) else pen.lineTo(at)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"u{ord(c):04X}" for c in letters)]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"u{ord(c):04X}" for c in letters})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable(
        {
            "familyName": family,
            "styleName": "Regular",
            "psName": family.replace(" ", "") + "-Regular",
        }
    )
    builder.setupOS2(fsType=fs_type)
    builder.setupPost()
    stored = io.BytesIO()
    builder.save(stored)
    return stored.getvalue()


def name_font(
    mini: Mini, data: bytes, family: str = "Test Naskh", file: str = "fonts/naskh.ttf"
) -> None:
    mini.write("fonts/naskh.ttf", data)
    record = mini.read("edition.yaml")
    said = (
        f"fonts:\n  - family: {family}\n"
        + (f"    file: {file}\n" if file else "")
        + "    licence: SIL Open Font License 1.1\n"
    )
    mini.write("edition.yaml", said + record)


def book(mini: Mini) -> Epub:
    result = mini.build("epub")
    assert result.code == 0, result.output
    return Epub((mini.out / "epub/edition.epub").read_bytes())


def embedded(epub: Epub) -> set[str]:
    """The subsets and own fonts that an EPUB carries."""
    names = {
        re.search(r"fonts/(?:libertinus-serif-)?(.+?)(-400-\w+)?\.(woff2|ttf|otf)$", name)
        for name in epub.files
    }
    return {name[1] for name in names if name}


# --- Bundled -------------------------------------------------------------------------------


def test_the_list_of_letters_and_the_style_sheet_are_those_of_the_files() -> None:
    """If not: ``python tools/web_fonts.py``."""
    letters: dict[str, dict[str, set[int]]] = {}
    for name, asked in web_fonts.RANGES.items():
        for style in web_fonts.FACES.values():
            have = set(
                TTFont(STATIC / f"fonts/libertinus-serif-{name}-{style}.woff2").getBestCmap()
            )
            letters.setdefault(name, {})[style] = have & set(parse_unicodes(asked))
    assert {name: {ord(c) for c in those} for name, those in subsets().items()} == {
        name: styles["400-normal"] for name, styles in letters.items()
    }
    assert (STATIC / "fonts.css").read_text(encoding="utf-8") == "".join(web_fonts.sheet(letters))


@pytest.mark.parametrize(
    "words",
    [
        "Μῆνιν ἄειδε θεὰ Πηληϊάδεω Ἀχιλῆος",
        "בְּרֵאשִׁית בָּרָא אֱלֹהִים",
        "beſtaͤndig Bey⸗raths uͤber oͤ",
        "Žižek ạ ẽ",
        "ѣ ѳ ѵ",
    ],
)
def test_the_bundled_typeface_has_the_letters_of(words: str) -> None:
    assert Typefaces().lacking(words) == []


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("plain words", {"latin"}),
        ("beſtaͤndig", {"latin", "latin-ext", "latin-marks"}),
        ("слово\u0301", {"cyrillic"}),
        ("ἄειδε", {"greek", "greek-ext"}),
        ("α\u0301", {"greek"}),
        ("אֱ", {"hebrew"}),
        ("⸗", {"symbols"}),
        ("漢", set()),
    ],
)
def test_only_the_subsets_of_the_letters_are_needed(words: str, wanted: set[str]) -> None:
    assert set(needed_subsets([words])) == wanted


def test_a_mark_comes_from_the_file_of_its_letter() -> None:
    for name, marks in (
        ("latin-marks", "\u0364\u0303"),
        ("greek", "\u0301\u0342"),
        ("hebrew", "\u05b0\u05bc"),
    ):
        with TTFont(STATIC / f"fonts/libertinus-serif-{name}-400-normal.woff2") as found:
            features = {row.FeatureTag for row in found["GPOS"].table.FeatureList.FeatureRecord}
            assert "mark" in features, name
            assert {ord(mark) for mark in marks} <= set(found.getBestCmap()), name


def test_the_epub_carries_only_what_its_letters_need(mini: Mini) -> None:
    plain = embedded(book(mini))
    assert {"latin", "cyrillic"} <= plain
    assert not plain & {"greek", "greek-ext", "hebrew", "latin-ext"}
    lines = ["Μῆνιν ἄειδε, beſtaͤndig", "and אֱלֹהִים and ⸗."]
    set_text(mini, "\n".join(lines), lines)
    found = book(mini)
    assert {"greek", "greek-ext", "hebrew", "latin-ext", "latin-marks", "symbols"} <= embedded(
        found
    )
    sheet = found.files["EPUB/style.css"].decode()
    assert set(re.findall(r'url\("(.+?)"\)', sheet)) == {
        n.removeprefix("EPUB/") for n in found.files if n.endswith("woff2")
    }


def test_the_pdf_has_these_letters_too(mini: Mini) -> None:
    lines = ["Μῆνιν ἄειδε, beſtaͤndig Bey⸗raths", "and אלהים."]
    set_text(mini, "\n".join(lines), lines)
    result = mini.build("pdf")
    assert result.code == 0, result.output
    found = Pdf((result.out / "pdf/t.pdf").read_bytes())
    assert {name.partition("+")[2].partition("-")[0] for name in found.fonts} == {"LibertinusSerif"}


# --- Fonts of the record -------------------------------------------------------------------


def test_a_font_of_the_record_is_in_every_book_and_on_the_site(mini: Mini) -> None:
    data = font(ARABIC)
    name_font(mini, data)
    set_text(mini, f"A word, {ARABIC}.", [f"A word, {ARABIC}."])
    result = mini.run("build", "pdf", "epub", "html")
    assert result.code == 0, result.output
    found = Pdf((result.out / "pdf/t.pdf").read_bytes())
    assert any("TestNaskh" in name or "Test" in name for name in found.fonts), found.fonts
    epub = Epub((result.out / "epub/edition.epub").read_bytes())
    assert epub.files["EPUB/fonts/edition-1-1.ttf"] == data
    assert (
        'font-family: "Libertinus Serif", "Test Naskh", serif'
        in epub.files["EPUB/style.css"].decode()
    )
    assert any(
        "Test Naskh: SIL Open Font License 1.1." in "".join(d.itertext())
        for d in epub.documents.values()
    )
    items = {
        item.get("href"): item.get("media-type")
        for item in epub.package.iter("{http://www.idpf.org/2007/opf}item")
    }
    assert items["fonts/edition-1-1.ttf"] == "font/ttf"
    assert (result.out / "html/_static/fonts/edition-1-1.ttf").read_bytes() == data
    sheet = result.file("html/_static/edition.css")
    assert 'url("fonts/edition-1-1.ttf") format("truetype")' in sheet
    assert re.search(r'--serif:\s*"Libertinus Serif", "Test Naskh", ', sheet)


def test_without_it_a_letter_is_one_problem_however_often_it_stands(mini: Mini) -> None:
    lines = [f"{ARABIC} and {ARABIC}", f"again {ARABIC}."]
    set_text(mini, "\n".join(lines), lines)
    for target in ("pdf", "epub", "check"):
        result = mini.check() if target == "check" else mini.build(target)
        assert result.code == 1
        assert result.problems == ["t/one.md:5: [typeface-letter]"] * len(set(ARABIC)), target
        assert result.output.count("), on 2 lines\n") == len(set(ARABIC)), target


WRONG = {
    "no font": (b"not a font at all", "Test Naskh", "no TrueType or OpenType font"),
    "another family": (font(ARABIC), "Amiri", "is Test Naskh"),
    "cut off": (font(ARABIC)[:300], "Test Naskh", "damaged"),
    "not to be embedded": (font(ARABIC, fs_type=2), "Test Naskh", "must not be embedded"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("target", ["pdf", "epub", "html", "check"])
def test_a_font_that_cannot_be_used(mini: Mini, case: str, target: str) -> None:
    data, family, said = WRONG[case]
    name_font(mini, data, family)
    result = mini.check() if target == "check" else mini.build(target)
    assert result.code == 1
    assert result.problems == ["edition.yaml:2: [font-file]"]
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_family_that_is_not_installed(mini: Mini) -> None:
    name_font(mini, b"", "No Such Family At All", file="")
    result = mini.build("epub")
    assert result.problems == ["edition.yaml:2: [font-file]"]
    assert "not installed" in result.output or "is installed" in result.output


def test_a_font_outside_the_edition(mini: Mini) -> None:
    name_font(mini, b"", file="../../etc/passwd")
    assert "[file-outside]" in mini.check().output or "[file-missing]" in mini.check().output


@given(st.binary(max_size=400), st.integers(0, 1500), st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_a_damaged_font_is_told_and_nothing_else(garbage: bytes, at: int, byte: int) -> None:
    good = bytearray(FONT)
    good[at % len(good)] = byte
    for data in (bytes(good), b"OTTO" + garbage, FONT[: at % len(FONT)]):
        with contextlib.suppress(FontError):
            assert all(len(c) == 1 for c in letters_of(data))


FONT = font(ARABIC + "\U00010380")


def test_letters_of_a_font() -> None:
    assert letters_of(FONT) == set(ARABIC + "\U00010380")
    for name in ("latin-400-normal", "hebrew-400-italic"):
        with TTFont(STATIC / f"fonts/libertinus-serif-{name}.woff2") as found:
            found.flavor = None
            stored = io.BytesIO()
            found.save(stored)
            assert letters_of(stored.getvalue()) == {chr(c) for c in found.getBestCmap()}
    with pytest.raises(FontError):
        letters_of(struct.pack(">4sHHHH", b"OTTO", 60000, 0, 0, 0))


def test_a_family_is_a_string_of_the_style_sheet() -> None:
    assert css_name('a"; } b') == '"a\\22 \\3b  \\7d  b"'


# --- Readings of a witness -------------------------------------------------------------------


def test_a_letter_only_in_a_reading_of_the_witness_is_a_warning(mini: Mini) -> None:
    set_text(mini, "He {ocr}`first <ﬁrst>` saw {ocr}`fish <ﬁsh>`.", ["He ﬁrst saw ﬁsh."])
    assert "ﬁ" not in bundled_letters()
    for target in ("pdf", "epub", "html"):
        result = mini.build(target)
        assert result.code == 0, result.output
        assert result.problems == []
        assert ("warning: ﬁ (U+FB01" in result.output) == (target != "html")
        assert ("in 2 places" in result.output) == (target != "html")
    said = " ".join(Pdf((mini.out / "pdf/t.pdf").read_bytes()).tags.text(frozenset()).split())
    assert "[U+FB01]rst" in said


def test_a_look_alike_that_the_typeface_has_not_is_a_warning_too(mini: Mini) -> None:
    mini.replace("edition.yaml", """{"’": "'"}""", """{"’": "'", "ﬁ": "f"}""")
    set_text(mini, "He {ocr}`f <ﬁ>`irst {ocr}`saw <sav>`.", ["He ﬁirst sav."])
    result = mini.build("pdf")
    assert result.code == 0, result.output
    assert "warning: ﬁ (U+FB01" in result.output


# --- Web pages ---------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Plain words", set()),
        ("beſtaͤndig", {"U+41-5A"}),
        ("Μῆνιν ἄειδε", {"U+1F00-1FFF", "U+300-301"}),
        ("אֱלֹהִים", {"U+34F"}),
    ],
)
def test_a_page_loads_only_the_subsets_of_its_letters(
    browser: Browser, tmp_path: Path, words: str, wanted: set[str]
) -> None:
    sheet = (STATIC / "fonts.css").as_uri()
    page = tmp_path / "page.html"
    page.write_text(
        f'<meta charset="utf-8"><link rel="stylesheet" href="{sheet}"><p style="font-family:Libertinus Serif">{words}',
        encoding="utf-8",
    )
    shown = browser.new_page()
    shown.goto(page.as_uri())
    shown.evaluate("document.fonts.ready.then(() => 0)")
    loaded = set(
        shown.evaluate(
            "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.unicodeRange.split(',')[0])"
        )
    )
    shown.close()
    others = {"U+41-5A", "U+2CD", "U+34F", "U+1F00-1FFF", "U+300-301"}
    assert loaded & others == wanted, loaded
