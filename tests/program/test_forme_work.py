"""Forme work, drop capitals and signs of division: in every layer, output and direction."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from mini import Mini
from tei_export.importing import compare, hyphens
from tei_export.model.word_division import SIGNS

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Result

CHAPTER = "      - {doc: two, id: ch-02, type: chapter, n: 2, title: II. Two}\n"
#: A print of 1784 in small: every kind of forme work, three of them above a heading, words that are
#: divided over them, by other signs than the hyphen, and after a combining e.
SOURCE = """\
{pb}`iv`{header}`A Monthly iv`
{header}`Second line`
{pagenum}`[iv]`
OF PRINT
===

{initial}`E`{o}`6`very sheet has its Auf{ocr}`klaͤ <klao>`⸗¬
rung, and the last word is divi⸗¬
{sig}`H h 3` {catch}`ded`
{pb}`v`{header}``A {ocr}`Monthly <Monthlv>` v``
ded over the page-¬
turn, and this one di-¬
{footer}`Printed here`
{catch}`vided`
{pb}`vi`{pagenum}`( vi )`
vided, too.

The page ends.

{pagenum}``{sic}`vi <iv>` ``
"""
WITNESS = """\
A Monthly iv
Second line
[iv]
OF PRINT
E
very sheet has its Aufklao⸗
rung, and the last word is divi⸗
H h 3 ded
A Monthlv v
ded over the page-
turn, and this one di-
Printed here
vided
( vi )
vided, too.
The page ends.
iv
"""
PAGES = """\
page,first_line,last_line,number_seen_at_line
iv,1,8,1
v,9,13,9
vi,14,17,14
"""


def edition(folder: Path, source: str = SOURCE, witness: str = WITNESS) -> Mini:
    mini = Mini(folder)
    mini.replace("edition.yaml", CHAPTER, "")
    mini.replace("index.md", "t/two\n", "")
    mini.path("t/two.md").unlink()
    shutil.rmtree(mini.path("registers"))
    mini.write("witness/pages.csv", PAGES)
    mini.write("t/one.md", source)
    mini.witness(witness)
    return mini


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mini, Result]:
    mini = edition(tmp_path_factory.mktemp("forme") / "mini")
    checked = mini.check()
    assert checked.code == 0, checked.output
    result = mini.run("build", "all")
    assert result.code == 0, result.output
    return mini, result


def test_the_tei_has_it_in_its_place(built: tuple[Mini, Result]) -> None:
    tei = built[1].file("tei/t.xml")
    for part in (
        '<pb n="iv" xml:id="pg-f04" type="attested"/><fw type="header" place="top"><lb xml:id="o0001"/>A Monthly iv</fw>\n'
        '<fw type="header" place="top"><lb xml:id="o0002"/>Second line</fw>\n'
        '<fw type="pageNum" place="top"><lb xml:id="o0003"/>[iv]</fw>\n<head type="title"><lb n="1"',
        'divi<fw type="sig" place="bottom"><lb xml:id="o0008"/>H h 3</fw>'
        '<fw type="catch" place="bottom"><lb corresp="#o0008"/>ded</fw>'
        '<pb n="v" xml:id="pg-f05" type="attested" break="no"/>',
        '<lb n="1" xml:id="o0010" break="no" rend="double-oblique-hyphen"/>ded over',
        'this one di<fw type="footer"',
        '<pb n="vi" xml:id="pg-f06" type="attested" break="no"/>',
        'rend="hyphen"/>vided, too.',
        '<fw type="pageNum" place="bottom"><lb xml:id="o0017"/>',
    ):
        assert part in tei


def test_no_text_reads_it(built: tuple[Mini, Result]) -> None:
    """E and T have the words over it, whole."""
    for name in ("tei/t.txt", "tei/t.reading.xml"):
        text = built[1].file(name).split("<text")[-1]
        words = " ".join(re.sub(r"<pb[^>]*>|\[p[^]]*]", "", text).split())
        assert "the last word is divided over the pageturn" in words
        assert "this one divided, too" in words
        for word in ("Monthly", "H h", "Printed here", "⸗"):
            assert word not in text
    assert "Aufklaͤ⸗\nrung" in built[1].file("tei/t.typed.txt")


def test_the_pages_show_it_as_printed(built: tuple[Mini, Result]) -> None:
    """Hidden in the edited text, there for the other two."""
    page = built[1].file("html/t/one.html")
    assert '<span class="forme" title="catch-word"><span class="to" hidden>' in page
    assert 'data-h="⸗"' in page


def test_own_tei_comes_back(built: tuple[Mini, Result], tmp_path: Path) -> None:
    mini, result = built
    again = edition(tmp_path / "again")
    for name in ("t/one.md", "witness/w.txt", "witness/pages.csv"):
        again.path(name).unlink()
    brought = again.run("import", str(mini.out / "tei" / "t.xml"), "--text", "t")
    assert brought.code == 0, brought.output
    rebuilt = again.build("tei")
    assert rebuilt.code == 0, rebuilt.output
    first, second = result.file("tei/t.xml"), rebuilt.file("tei/t.xml")
    assert second[second.index("<text ") :] == first[first.index("<text ") :]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("A {catch}`{person}`Stalin``.", "role-broken"),
        ("A {catch}``{person}`Stalin` `` word.", "role-nested"),
        ("A {sic}``{catch}`word` <ward>`` word.", "role-nested"),
        ("A {catch}``{sig}`word` `` word.", "role-nested"),
        ("A {catch}`word[^1]` word.\n\n[^1]: Note.", "role-nested"),
        ("A {catch}` ` word.", "role-empty"),
        ("A {catch}`wo¬` word.", "hyphen-place"),
    ],
)
def test_what_it_may_not_hold(tmp_path: Path, source: str, problem: str) -> None:
    mini = edition(tmp_path / "mini", f"{{pb}}`iv`HEAD\n===\n\n{source}\n")
    assert f"[{problem}]" in mini.check().output


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("word", ["divi", "klaͤ", "שׁ", "é"])
def test_signs_of_division(sign: str, word: str) -> None:
    """Each sign is kept once, wherever the witness has it, and divides after a combining mark, too."""
    assert hyphens.divides(f"a {word}{sign}", "ded word")
    assert not hyphens.divides(f"a {word} {sign}", "ded word")
    assert not hyphens.divides(f"a {word}{sign}", "und so weiter")
    line = f"a {word}{sign}"
    assert compare.markup(line, line, {}, starts_line=True, divided=True) == f"{line}¬"
    assert compare.markup(line, f"a {word}", {}, starts_line=True, divided=True) == f"a {word}¬"
    other = compare.markup(line, f"a {word}™", {}, starts_line=True, divided=True)
    assert other == f"a {word}{{ocr}}` <™> #auto (the hyphen of the division)`¬"
