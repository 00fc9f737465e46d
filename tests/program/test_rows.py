"""Rows of the vocabulary: those that an edition adds from outside the package, and that none is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

from epub import Epub
from mini import ROOT, Mini
from pdf import Pdf
from tei_export.model.row_table import RowError
from tei_export.model.vocabulary import (
    BY_NAME,
    OF_WITNESSES,
    ROLE_TABLE,
    ROLES,
    Family,
    Reads,
    Role,
)
from tei_export.outputs.epub.inline import EpubInlineWriter as EpubInline
from tei_export.outputs.html.inline import HtmlInlineWriter as HtmlInline
from tei_export.proof.resolve.texts import edited
from tei_export.schema.validate import parse, validate_file
from tei_export.source.nodes import mark, point

if TYPE_CHECKING:
    from collections.abc import Iterator

T = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
#: The example of the documentation.
(CONF,) = re.findall(
    r"^```python\n(.*?edition_roles.*?)^```$",
    (ROOT / "docs" / "markup.md").read_text(encoding="utf-8"),
    re.M | re.S,
)


#: A role whose element has a language already, by the class of its definition.
LATIN = 'edition_roles += [Role("latin", Family.PHRASE, "foreign", "Latin", html="i", lang="la")]\n'


@pytest.fixture(autouse=True)
def _own_rows_again() -> Iterator[None]:
    yield
    ROLE_TABLE.extend(())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mini]:
    """A small edition with roles of its own, in all its forms."""
    mini = Mini(tmp_path_factory.mktemp("rows") / "mini")
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(CONF + LATIN)
    mini.replace("edition.yaml", "languages:\n", "languages:\n  la: Latin\n")
    mini.replace(
        "t/one.md",
        "The last paragraph of",
        "The {slang}`last` {struck}`long` {regular}`paragraph <paragraf>` {ornament}`1` {ornament}`2 ? #auto` {latin}`of`",
    )
    mini.witness(
        mini.read("witness/w.txt").replace("The last paragraph of", "The last long paragraf  of")
    )
    result = mini.build("all")
    assert result.code == 0, result.output
    yield mini


def page(made: Mini) -> html.HtmlElement:
    return html.parse(str(made.out / "html/t/one.html")).getroot()


def test_the_doctree_has_them(made: Mini) -> None:
    tree = made.app().env.get_doctree("t/one")
    kinds = {node["kind"] for node in tree.findall(mark)} | {
        node["kind"] for node in tree.findall(point)
    }
    assert kinds >= {"slang", "struck", "regular", "ornament"}


def test_the_web_page_has_them(made: Mini) -> None:
    root = page(made)
    assert root.xpath("string(//i[@class='slang'])") == "last"
    assert root.xpath("string(//s[@class='struck']/span[@class='to' and @hidden])") == "long"
    assert root.xpath("string(//a[@class='ap regular']/span[@class='e'])") == "paragraph"
    assert root.xpath("string(//a[@class='ap regular']/span[@class='to'])") == "paragraf"
    assert root.xpath("string(//span[@class='ornament' and @data-value='1'])") == "§"
    assert root.xpath("string(//span[@data-value='2']/@data-cert)") == "medium"
    assert root.xpath("string(//i[@class='latin' and @lang='la'])") == "of"
    (entry,) = [
        li for li in root.xpath("//section[@id='apparatus']//li") if "paragraf" in li.text_content()
    ]
    assert "paragraph] paragraf T (regularised spelling" in " ".join(entry.text_content().split())


def test_a_checkbox_hides_the_entries_of_a_class_of_the_edition(made: Mini) -> None:
    root = html.parse(str(made.out / "html/apparatus.html")).getroot()
    assert root.xpath("string(//label[input/@id='k-regular'])").split() == [
        "regularised",
        "spellings",
        "1",
    ]
    (line,) = root.xpath("//ul[@class='readings']/li[b='paragraph']")
    rules = dict(
        re.findall(
            r"#(k-\w+):not\(:checked\)\) \.readings > \.(k-\w+)", root.xpath("string(//style)")
        )
    )
    assert rules["k-regular"] in line.get("class").split()
    assert {b for b in root.xpath("//input/@id") if b.startswith("k-")} == set(rules)


def test_the_epub_has_them(made: Mini) -> None:
    book = Epub(next((made.out / "epub").glob("*.epub")).read_bytes())
    text = book.documents["text/t/one.xhtml"]
    ns = {"h": "http://www.w3.org/1999/xhtml"}
    assert text.xpath("string(//h:i[@class='slang'])", namespaces=ns) == "last"
    assert text.xpath("string(//h:a[@class='ap regular'])", namespaces=ns) == "paragraph"
    assert text.xpath("string(//h:span[@class='ornament'])", namespaces=ns) == "§"
    assert "long" not in "".join(text.itertext()), "E has not what was struck out"
    assert "paragraf" in "".join(book.documents["apparatus/t/one.xhtml"].itertext())


def test_the_book_has_them(made: Mini) -> None:
    said = " ".join(Pdf((made.out / "pdf/t.pdf").read_bytes()).tags.text().split())
    assert "The last paragraph § § of the first chapter" in said
    assert "paragraph] paragraf T" in said


def test_the_tei_has_them_and_the_schema_admits_them(made: Mini) -> None:
    file = made.out / "tei/t.xml"
    root = etree.parse(str(file)).getroot()
    assert root.findtext(f".//{T}seg[@type='slang']") == "last"
    assert root.findtext(f".//{T}del") == "long"
    assert root.findtext(f".//{T}choice/{T}orig") == "paragraf"
    reg = root.find(f".//{T}choice/{T}reg")
    assert (reg.text, reg.get("resp"), reg.get("cert")) == ("paragraph", "#ed", "high")
    first, second = root.iterfind(f".//{T}milestone[@unit='ornament']")
    assert dict(first.attrib) == {"unit": "ornament", "n": "1"}
    assert dict(second.attrib) == {"unit": "ornament", "n": "2", "cert": "medium", "resp": "#auto"}
    assert root.find(f".//{T}foreign[@{XML}lang='la']").text == "of"
    assert validate_file(file, made.out / "tei/schema") == [], "by the schema that goes with it"
    odd = (made.out / "tei/schema/edition.odd").read_text(encoding="utf-8")
    for name in ("del", "reg", "orig", "milestone"):
        assert f'ident="{name}"' in odd


def test_the_schema_refuses_what_nobody_added(made: Mini) -> None:
    data = (
        (made.out / "tei/t.xml").read_text(encoding="utf-8").replace('type="slang"', 'type="other"')
    )
    spoilt = made.out / "spoilt.xml"
    spoilt.write_text(data, encoding="utf-8")
    assert validate_file(spoilt, made.out / "tei/schema")[0].code == "E-RNG"


def test_the_plain_texts_and_the_reading_text_have_them(made: Mini) -> None:
    files = {
        p.relative_to(made.out / "tei").as_posix(): p for p in (made.out / "tei").rglob("*.txt")
    }
    texts = {name: " ".join(p.read_text(encoding="utf-8").split()) for name, p in files.items()}
    assert any("The last paragraph § § of the first" in text for text in texts.values()), (
        texts.keys()
    )
    assert any("The last long paragraf § § of the first" in text for text in texts.values())
    readings = [parse(p) for p in (made.out / "tei").rglob("*reading*.xml")]
    assert readings
    for tree in readings:
        words = " ".join("".join(tree.getroot().find(f"{T}text").itertext()).split())
        assert "The last paragraph of the first" in words


def test_the_search_and_the_tables_have_them(made: Mini) -> None:
    index = "".join(
        p.read_text(encoding="utf-8") for p in (made.out / "html/searchdata").glob("*.js")
    )
    assert "paragraf" in index
    table = (made.out / "data/emendations.csv").read_text(encoding="utf-8")
    assert "regular,regular,paragraph,paragraf,T" in table


def test_resolve_reads_the_edited_text_of_a_layer_of_the_edition(made: Mini) -> None:
    excess = Role(
        "excess",
        Family.LAYER,
        "choice",
        "words too many",
        tei_parts=("corr", "q"),
        labels=("a", "b"),
        reads=(Reads.CONTENT, Reads.SOURCE, Reads.SOURCE),
        apparatus=True,
    )
    choice = etree.fromstring(f'<choice xmlns="{T[1:-1]}"><q>the the</q><corr>the</corr></choice>')
    assert edited(choice[0]) is Reads.CONTENT
    ROLE_TABLE.extend([excess])
    assert [edited(child) for child in choice] == [Reads.NOTHING, Reads.CONTENT]


def test_another_edition_does_not_know_them(made: Mini, mini: Mini) -> None:
    mini.replace("t/one.md", "The last paragraph", "The {slang}`last` paragraph")
    assert "[role-unknown]" in mini.check().output


# --- Rows that cannot be added -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (Role("ocr", Family.PHRASE, "seg", "again"), "ocr: the role exists already"),
        (Role("No Name", Family.PHRASE, "seg", "x"), "a role's name is"),
        (Role("x", Family.MENTION, "seg", "x"), "a mention needs a register"),
        (Role("x", Family.PHRASE, "se g", "x"), "names of elements"),
        (Role("x", Family.LAYER, "choice", "x"), "names of elements"),
        (Role("x", Family.PHRASE, "seg", "x", typst="#panic()"), "Typst function"),
        (Role("x", Family.PHRASE, "seg", "x", apparatus=True), "an entry of the apparatus"),
        (
            Role(
                "x", Family.PHRASE, "seg", "x", reads=(Reads.SOURCE, Reads.CONTENT, Reads.CONTENT)
            ),
            "only a layer",
        ),
        ("x", "is not a Role"),
    ],
)
def test_a_row_that_no_output_could_render_is_refused(row: Role, message: str) -> None:
    ROLE_TABLE.extend(())
    with pytest.raises(RowError, match=message.replace("'", ".")):
        ROLE_TABLE.extend([row])
    assert set(BY_NAME) == {r.name for r in ROLES}


def test_a_wrong_row_of_conf_py_is_a_problem(mini: Mini) -> None:
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            '\nfrom tei_export.model.vocabulary import Family, Row\nedition_roles = [Row("ocr", Family.PHRASE, "seg", "x")]\n'
        )
    result = mini.check()
    assert result.code == 1
    assert "conf.py" in result.output
    assert "[role-row]" in result.output
    assert "ocr: the role exists already" in result.output


# --- No row is lost ------------------------------------------------------------------------------


def _node(row: Role) -> mark | point:
    from docutils import nodes

    if row.family is Family.MILESTONE:
        return point("", kind=row.name, value="1")
    node = mark(
        "",
        nodes.Text("words"),
        kind=row.name,
        source="woods",
        cert="medium",
        resp="ed",
        why="",
        xml_id="app-1-1",
        ids=["app-1-1"],
        place="1.1",
        key="k",
        named=True,
        quantity=1,
        unit="word",
    )
    paragraph = nodes.paragraph("", "", node)
    assert paragraph
    return node


@pytest.mark.parametrize(
    "row", [r for r in ROLES if r.name not in {"pb", "o", *OF_WITNESSES}], ids=lambda r: r.name
)  # what is said of witnesses by their sigla stands in the apparatus: test_witnesses.py
def test_no_row_is_lost_in_the_pages(row: Role) -> None:
    from docutils import nodes

    node = _node(row)
    block = nodes.paragraph("", "", node) if isinstance(node, point) else node.parent
    written = {
        "html": HtmlInline(lambda kind, key: None, lambda entry: "").block(block),
        "epub": EpubInline("text/a.xhtml", "apparatus/a.xhtml", lambda kind, key: None).block(
            block.children
        ),
    }
    for form, markup in written.items():
        found = html.fragment_fromstring(markup, create_parent="p")
        own = {tuple(sorted((e.get("class") or "").split())) for e in found.iterdescendants()}
        if (
            row.family is Family.MENTION
        ):  # a name is marked by its link, which needs an entry; a work by its element
            assert row.name != "work" or found.find(".//cite") is not None, form
            continue
        if row.aside and form == "epub":  # the edited text alone
            assert not found.text_content().strip()
            continue
        assert any((row.css or row.name) in classes for classes in own), f"{form}: {markup}"
