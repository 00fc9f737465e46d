"""The vocabulary of blocks: rows from outside the package, verse and its lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

import same
from epub import Epub
from mini import ROOT, TESTS, Mini
from pdf import Pdf
from tei_export.model.blocks import BLOCK_TABLE, BLOCKS, BY_BLOCK, Block, Holds
from tei_export.model.row_table import RowError
from tei_export.schema.validate import validate_file
from tei_export.source.nodes import blockline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

T = "{http://www.tei-c.org/ns/1.0}"
#: The example of the documentation.
(CONF,) = re.findall(
    r"^```python\n((?:(?!^```).)*edition_blocks.*?)^```$",
    (ROOT / "docs" / "markup.md").read_text(encoding="utf-8"),
    re.M | re.S,
)


@pytest.fixture(autouse=True)
def _own_rows_again() -> Iterator[None]:
    yield
    BLOCK_TABLE.extend(())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A small edition with blocks of its own, in all its forms."""
    mini = Mini(tmp_path_factory.mktemp("blocks") / "mini", TESTS / "roots" / "plain")
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(CONF)
    source = mini.read("note/note.md").rstrip()
    mini.write(
        "note/note.md",
        source
        + "\n\n```{inscription}\nTo the\nreaders\n```\n\n```{refrain}\nOnce {sic}`more <mroe>`\n  again\n```\n",
    )
    mini.witness(mini.read("witness/w.txt").rstrip() + "\nTo the\nreaders\nOnce mroe\nagain\n")
    result = mini.build("all")
    assert result.code == 0, result.output
    return mini


def test_an_edition_adds_blocks_in_conf_py(made: Mini) -> None:
    page = html.parse(str(made.out / "html/note/note.html")).getroot()
    (inscription,) = page.xpath("//p[@class='inscription kept']")
    assert [br.tail for br in inscription.iter("br")] == [None]
    assert " ".join(inscription.text_content().split()) == "To the readers"
    lines = page.xpath("//div[@class='refrain']/div[@class='lines']/p[@class='line']")
    assert lines[1].get("style") == "--in:2"
    root = etree.parse(str(made.out / "tei/note.xml")).getroot()
    assert "".join(root.find(f".//{T}ab[@type='inscription']").itertext()) == "To the\nreaders"
    assert len(root.findall(f".//{T}lg[@type='refrain']/{T}l")) == 2
    assert validate_file(made.out / "tei/note.xml", made.out / "tei/schema") == []
    assert validate_file(made.out / "tei/note.xml", ROOT / "schema")[0].code == "E-RNG"
    assert (made.out / "tei/note.txt").read_text(encoding="utf-8").endswith("Once more\n  again\n")
    book = Epub(next((made.out / "epub").glob("*.epub")).read_bytes())
    assert "To the <br/>" in book.files["EPUB/text/note/note.xhtml"].decode()
    said = " ".join(Pdf((made.out / "pdf/note.pdf").read_bytes()).tags.text().split())
    assert "To the readers" in said
    assert "Once moreagain" in said, "paragraphs of their own"


def test_another_edition_does_not_know_them(made: Mini, mini: Mini) -> None:
    mini.write("t/two.md", mini.read("t/two.md") + "\n```{refrain}\nOnce\n```\n")
    assert "[markup-foreign]" in mini.check().output


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (Block("verse", Holds.TEXT, "ab", "x"), "verse: the block exists already"),
        (Block("entry", Holds.TEXT, "ab", "x"), "entry: the block exists already"),
        (Block("No Name", Holds.TEXT, "ab", "x"), "a block.s name"),
        (Block("x", Holds.TEXT, "a b", "x"), "names of elements"),
        (Block("x", Holds.LINES, "lg", "x"), "the element of a line"),
        (Block("x", Holds.TEXT, "ab", "x", line="l"), "the element of a line"),
        (Block("x", Holds.TEXT, "ab", "x", group="lg"), "only a block of lines has groups"),
        (Block("x", Holds.TEXT, "ab", "x", typst="#panic()"), "Typst function"),
        ("x", "is not a Block"),
    ],
)
def test_a_row_that_no_output_could_render_is_refused(row: Block, message: str) -> None:
    BLOCK_TABLE.extend(())
    with pytest.raises(RowError, match=message):
        BLOCK_TABLE.extend([row])
    assert set(BY_BLOCK) == {r.name for r in BLOCKS}


def test_a_wrong_row_of_conf_py_is_a_problem(mini: Mini) -> None:
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            '\nfrom tei_export import Block, Holds\nedition_blocks = [Block("verse", Holds.TEXT, "ab", "x")]\n'
        )
    result = mini.check()
    assert result.code == 1
    assert "conf.py" in result.output
    assert "[block-row]" in result.output


# --- verse -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("songs") / "mini", TESTS / "roots" / "poem")
    result = mini.build("all")
    assert result.code == 0, result.output
    return mini


def test_lines_of_a_poem_are_counted_through_its_stanzas_and_notes_are_not(songs: Mini) -> None:
    tree = songs.app().env.get_doctree("songs/tyger")
    lines = [line for line in tree.findall(blockline) if "verse" in line]
    assert [line["verse"] for line in lines] == [str(n) for n in range(1, 13)]
    page = html.parse(str(songs.out / "html/songs/tyger.html")).getroot()
    assert [a.get("href") for a in page.xpath("//a[@class='verse-n']")] == [
        "#tyger-l005",
        "#tyger-l010",
    ]
    assert page.xpath("//p[@id='tyger-l010']")
    remark = songs.app().env.get_doctree("songs/remark")
    assert not [line for line in remark.findall(blockline) if "verse" in line], "prose"


def test_every_line_has_its_number_in_the_book(songs: Mini) -> None:
    book = Epub(next((songs.out / "epub").glob("*.epub")).read_bytes())
    text = book.files["EPUB/text/songs/tyger.xhtml"].decode()
    assert re.findall(r'class="verse-n" data-n="(\d+)"', text) == ["5", "10"]


def test_a_verse_line_may_take_several_lines_of_the_original(songs: Mini) -> None:
    root = etree.parse(str(songs.out / "tei/songs.xml")).getroot()
    (line,) = (e for e in root.iter(f"{T}l") if len(e.findall(f"{T}lb")) > 1)
    assert [lb.get("break") for lb in line.iter(f"{T}lb")] == [None, None, "no"]
    assert same.fold("".join(line.itertext())).endswith("even divide a word.")


def test_a_stanza_is_one_unit_of_the_search(songs: Mini) -> None:
    index = "".join(
        path.read_text(encoding="utf-8") for path in (songs.out / "html/searchdata").glob("*.js")
    )
    assert "burning bright,\\nIn the forests" in index


def test_a_page_break_within_verse_cuts_it(songs: Mini) -> None:
    page = etree.parse(str(songs.out / "tei/songs/pages/pg-002.xml")).getroot()
    assert [e.get("part") for e in page.iter(f"{T}lg")] == ["F", None]
    assert [e.get("n") for e in page.iter(f"{T}l")] == ["9", "10", "11", "12"]


def test_verse_where_no_block_may_stand_is_a_problem(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "mini", TESTS / "roots" / "poem")
    whole = mini.read("songs/remark.md")
    mini.write("songs/remark.md", whole + "\n- an item\n\n  ```{verse}\n  Once\n  ```\n")
    assert any(p.endswith("[block-place]") for p in mini.check().problems)
    mini.write("songs/remark.md", whole + "\n```{verse}\n```\n")
    assert any(p.endswith("[block-empty]") for p in mini.check().problems)
    mini.write("songs/remark.md", whole + "\n```{verse}\nOnce\n{nosuch}`again`\n```\n")
    end = whole.count("\n") + 4
    assert f"songs/remark.md:{end}: [role-unknown]" in mini.check().problems
    mini.write("songs/remark.md", whole + "\n```{verse}\nOnce\n{sic}`again`\n```\n")
    assert f"songs/remark.md:{end}: [role-source]" in mini.check().problems
