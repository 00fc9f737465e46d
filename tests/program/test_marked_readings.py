"""Roles inside the reading of a single witness: what each layer reads of them, in every output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from mini import TESTS, Mini
from tei_export.model.marked_readings import ReadingMark, marks_in
from tei_export.model.readings import RoleTextError
from tei_export.model.variants import VariantReading, class_of, parse_variants, reading_notation
from tei_export.model.vocabulary import ROLES, Family
from tei_export.outputs.html import apparatus_lists
from tei_export.proof import regenerate
from tei_export.schema.validate import validate_bytes
from tei_export.shared.reading_marks import marked
from tei_export.tei.witness_text import witness_text

if TYPE_CHECKING:
    from collections.abc import Sequence


def _read(reading: str) -> VariantReading:
    ((_sigla, found),) = parse_variants(f"lemma <B: {reading}>").named
    return found


# --- the notation ---


@pytest.mark.parametrize(
    ("reading", "letters", "final", "shown"),
    [
        ("{del}`grand` greater", "grand greater", " greater", "⟦grand⟧ greater"),
        ("{del}`grand <struck @anna>` x", "grand x", " x", "⟦grand⟧ x"),
        ("{add}`very <above>` great", "very great", "very great", "\\very/ great"),
        ("{subst}`new <old > above @anna`", "old new", "new", "⟦old⟧ \\new/"),
        ("{unclear}`great ?`", "great", "great", "great(?)"),
        ("gr{gap}`2 chars`t", "grt", "gr[…]t", "gr[…]t"),
        ("{supplied}`gre ?`at", "at", "great", "⟨gre⟩at"),
        ("{surplus}`the <repeated>` the", "the the", " the", "{the} the"),
        ("{sic}`great <graet>`", "graet", "great", "graet [great]"),
        ("{abbr}`magnus <mag.>`", "mag.", "magnus", "mag. [magnus]"),
        ("{i}`great`er", "greater", "greater", "greater"),
        ("{foreign}`magnus <la>`", "magnus", "magnus", "magnus"),
        ("{person}`Alexander <alexander>` the Great", "Alexander the Great", "Alexander the Great", "Alexander the Great"),
        ("great{del}` old ` x", "great old  x", "great x", "great ⟦old⟧  x"),
        ("{add}`` {i}`very` `` great", " very great", " very great", " \\very/ great"),
        ("{del}``{add}`very <above>` great`` x", "very great x", " x", "⟦\\very/ great⟧ x"),
        ("{unclear}``gr`e`at``", "gr`e`at", "gr`e`at", "gr`e`at(?)"),
        ("{del}`a \\< b \\{c`", "a < b {c", "", "⟦a < b {c⟧"),
        ("{ed:del}`x`", "x", "", "⟦x⟧"),
        ("\\{del}`x`", "{del}`x`", "{del}`x`", "{del}`x`"),
    ],
)  # fmt: skip
def test_what_the_layers_read(reading: str, letters: str, final: str, shown: str) -> None:
    found = _read(reading)
    assert (found.text, found.final, found.shown) == (letters, final, shown)
    if found.pieces:
        assert html.fromstring(f"<p>{marked(found.pieces)}</p>").text_content() == shown


def test_what_follows_a_role_is_told_from_what_is_in_it() -> None:
    found = _read("{supplied}`x ?? #auto (faded)` y ? #auto (a hole)")
    assert (found.text, found.final, found.cert, found.resp) == (" y", "x y", "medium", "auto")
    assert found.why == "faded; a hole"
    (one,) = marks_in(found.pieces)
    assert (one.kind, one.cert, one.resp) == ("supplied", "low", "auto")


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        ("{ocr}`grand <grond>`", "variant-markup"),
        ("{app}`grand <C: grond>`", "variant-markup"),
        ("{del}``{ocr}`a <b>` ``", "variant-markup"),
        ("{catch}`grand`", "variant-markup"),
        ("{cited}`12`", "variant-markup"),
        ("{ref}`there <12>`", "variant-markup"),
        ("{pb}`12`", "variant-markup"),
        ("{no}`such`", "variant-markup"),
        ("{del}`grand", "variant-markup"),
        ("grand ({foreign}`grand <fr>`)", "variant-markup"),
        ("{del}`grand <sideways>`", "role-value"),
        ("{foreign}`grand`", "role-value"),
        ("{sic}`grand <grand>`", "role-same"),
        ("{sic}`grand`", "role-source"),
        ("{gap}`some words`", "gap-extent"),
        ("{supplied}`grand`", "supplied-certain"),
        ("{supplied}`2 words ?`", "supplied-extent"),
        ("{unclear}` `", "role-empty"),
        ("{del}` `", "role-empty"),
        ("{person}` <x>`", "role-empty"),
        (
            "".join(f"{{i}}{'`' * n}" for n in range(40, 0, -1))
            + "x"
            + " ".join("`" * n for n in range(1, 41)),
            "markup-deep",
        ),
    ],
)
def test_what_a_reading_cannot_hold(reading: str, code: str) -> None:
    with pytest.raises(RoleTextError) as caught:
        _read(reading)
    assert caught.value.code == code


def _texts() -> st.SearchStrategy[str]:
    return st.text(st.sampled_from("ab \\<>?#(:{`é"), max_size=12)


@given(st.lists(_texts(), min_size=1, max_size=3))
def test_letters_beside_and_inside_a_role_are_read_back(texts: Sequence[str]) -> None:
    """Whatever the letters of a witness are, a backslash takes them as they are."""
    words = [re.sub(r"[`\s]+", " ", text).strip() or "x" for text in texts]
    escaped = [re.sub(r"[\\<>?#(:{]", lambda m: f"\\{m[0]}", word) for word in words]
    found = _read(" ".join(f"{word} {{del}}`{word}`" for word in escaped))
    assert found.text == " ".join(f"{word} {word}" for word in words)
    kinds = [type(one) for one in found.pieces]
    assert kinds.count(ReadingMark) == len(words)


@given(_texts())
def test_what_collate_writes_has_no_role(text: str) -> None:
    """The letters of a file are never taken for markup."""
    text = f"a{text}b"
    ((_sigla, found),) = parse_variants(f"lemma {reading_notation(['B'], text)}").named
    assert (found.text, found.pieces) == (text, ())


def test_every_row_is_allowed_or_refused_for_a_reason() -> None:
    """A row of the vocabulary that a reading may hold has signs, or typography, or is a name."""
    refused = {row.name for row in ROLES if not row.in_readings}
    assert {"ocr", "app", "cited", "ref", "number", "speaker", "stage", "initial"} <= refused
    assert {
        "del",
        "add",
        "subst",
        "supplied",
        "unclear",
        "gap",
        "sic",
        "abbr",
        "orig",
        "surplus",
    }.isdisjoint(refused)
    for row in ROLES:
        if row.family in (Family.VARIANTS, Family.MILESTONE):
            assert row.name in refused


@pytest.mark.parametrize(
    ("lemma", "reading", "kind"),
    [
        ("great", "{del}`grand` great", "state"),
        ("great", "{unclear}`great ?`", "state"),
        ("great", "{gap}`1 word`", "state"),
        ("great", "{del}`great`", "omission"),
        ("great", "{abbr}`great <grt>`", "state"),
        ("great", "gr{add}`and <above>`", "substantive"),
        ("", "{add}`very <above>`", "addition"),
        ("great", "{unclear}`Great ?`", "orthographic"),
    ],
)
def test_the_class_is_that_of_what_the_witness_finally_reads(
    lemma: str, reading: str, kind: str
) -> None:
    assert class_of(lemma, _read(reading)) == kind


# --- an edition ---


@pytest.fixture(scope="module")
def fable(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("marked") / "mini", TESTS / "roots" / "several")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apparatus_lists, "LONG", 1_000_000)
        result = mini.run("build", "tei", "html", "epub", "json")
    assert (result.code, result.problems) == (0, []), result.output
    return mini


def test_the_tei_has_the_elements_of_the_roles(fable: Mini) -> None:
    """The Guidelines allow them in rdg (TC#TCAPLL, PH#PHAD)."""
    tei = fable.out.joinpath("tei/fable.xml").read_text(encoding="utf-8")
    for there in (
        '<subst><del>spake </del><add place="above" hand="#hand-anna">wrote</add></subst></rdg>',
        '<rdg n="2" wit="#D" type="state"><unclear resp="#ed" cert="medium">wrote</unclear></rdg>',
        '<hi rend="italic">fox</hi> <del rend="struck" hand="#hand-anna">dog</del></rdg>',
        "<choice><sic>fux</sic><corr",
        '<persName ref="#pers-aesop">Esop</persName></rdg>',
        '<gap reason="illegible" unit="word" quantity="1"',
        '<supplied reason="illegible" resp="#ed" cert="medium">right</supplied></rdg>',
        '<rdg n="1" wit="#D" type="omission"><del> at laste</del></rdg>',
        "C: a hole",
    ):
        assert there in tei


def test_the_second_proof_reads_the_right_layer(fable: Mini) -> None:
    """A witness has in its file what is deleted in it, and not what is supplied: a change of either is a difference."""
    source = fable.out.joinpath("tei/fable.xml").read_bytes()
    files = {"B²": "b", "C": "c", "D": "d"}

    def clean(tei: bytes) -> list[str]:
        root = regenerate.parse(tei)
        return [
            siglum
            for siglum, name in files.items()
            if regenerate.compare_witness(root, siglum, fable.read(f"witness/{name}.txt")).clean
        ]

    assert clean(source) == ["B²", "C", "D"]
    for old, new, wrong in (
        (b"<del>spake </del>", b"<del>spoke </del>", "B\u00b2"),
        (b"<subst><del>spake </del>", b"<subst><supplied>spake </supplied>", "B\u00b2"),
        (b"<del> at laste</del>", b"", "D"),
        (b"<sic>fux</sic>", b"<sic>fox</sic>", "D"),
        (b"<abbr>\xc3\x86s.</abbr>", b"<abbr>Aes.</abbr>", "D"),
        (
            b'<unclear resp="#ed" cert="medium">wrote',
            b'<unclear resp="#ed" cert="medium">wrot',
            "D",
        ),
        (b">dog</del>", b">dogs</del>", "C"),
    ):
        assert source.count(old) == 1, old
        assert clean(source.replace(old, new)) == [s for s in files if s != wrong], old
    for old, new in (  # the editors' words
        (b'cert="medium">right</supplied>', b'cert="medium">wise</supplied>'),
        (b">fox</corr>", b">fix</corr>"),
    ):
        assert source.count(old) == 1, old
        assert clean(source.replace(old, new)) == list(files), old


def test_the_schema_knows_the_classes_of_marked_readings(fable: Mini) -> None:
    source = fable.out.joinpath("tei/fable.xml").read_bytes()
    for old, new in (
        (b'type="omission"><del>', b'type="substantive"><del>'),
        (b'type="state"><unclear', b'type="omission"><unclear'),
    ):
        assert old in source
        found = validate_bytes(source.replace(old, new), TESTS.parent / "schema")
        assert {one.code for one in found} == {"E-RDG-CLASS"}, old


def test_pages_show_what_happened_in_the_witness(fable: Mini) -> None:
    page = html.parse(fable.out / "html/fable/fox.html").getroot()
    said = {li.get("id"): " ".join(li.text_content().split()) for li in page.xpath("//li[@id]")}
    assert said["entry-app-0012-1"] == (
        "12 wrote] ⟦spake⟧ \\wrote/ B² (same words, above the line, hand: Anna); wrote(?) D (same words, probable)"
    )
    assert said["entry-app-0014-2"].endswith("at last] ⟦at laste⟧ D (omission)")
    entry = page.get_element_by_id("entry-app-0012-1")
    assert [one.tag for one in entry.xpath(".//span/*")] == ["del", "ins", "span"]
    lead = page.xpath("//section[@id='apparatus']/p[@class='lead']")[0].text_content()
    assert "⟦…⟧ deletion" in lead
    assert page.xpath("//li[@id='entry-app-0013-2']//i[@lang='la']")[0].text == "sapiens"


def test_the_e_book_has_the_same_signs(fable: Mini) -> None:
    import zipfile

    (book,) = fable.out.joinpath("epub").glob("*.epub")
    with zipfile.ZipFile(book) as file:
        (name,) = (n for n in file.namelist() if "apparatus" in n and n.endswith("fox.xhtml"))
        words = " ".join(html.fromstring(file.read(name)).text_content().split())
    assert "⟦spake⟧ \\wrote/" in words
    assert "… […] expanded abbreviation" in words
    assert "⟨right⟩" in words


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("@anna", "@otto", "role-hand"),
        ("<aesop>", "<esop>", "register-key"),
        ("{person}`Esop <aesop>`", "{person}`Hesop`", "register-name"),
        ("wrote ?`", "wrote ? #me`", "role-resp"),
        ("{foreign}`sapiens <la>`", "{ru}`sapiens`", "role-language"),
        ("<la>", "<fr>", "language-undescribed"),
        ("{del}`thee` this", "{gap}`1 word` this", "variant-base"),
    ],
)
def test_what_is_inside_a_reading_is_checked(fable: Mini, old: str, new: str, code: str) -> None:
    source = fable.read("fable/fox.md")
    assert old in source
    fable.write("fable/fox.md", source.replace(old, new, 1))
    output = fable.check().output
    fable.write("fable/fox.md", source)
    assert f"[{code}]" in output, output
    assert re.search(rf"fable/fox\.md:(?:19|20|21):\d+: \[{code}\]", output), output


def test_the_file_of_one_witness_has_what_its_hand_replaced(fable: Mini) -> None:
    """It has no app, and a loss in its reading is told."""
    assert fable.build("dts").code == 0
    root = regenerate.parse((fable.out / "tei/fable.xml").read_bytes())
    made = witness_text(root, "B2", lined=False, title="B")
    assert b"<subst><del>spake </del>" in etree.tostring(made)
    assert regenerate.compare_witness(made, "B2", fable.read("witness/b.txt")).clean
    lossy = etree.tostring(witness_text(root, "C", lined=False, title="C"))
    assert b'<gap reason="illegible" unit="word" quantity="1"' in lossy
