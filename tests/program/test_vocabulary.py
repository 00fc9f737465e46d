"""The life of every role on one screen: ``vocabulary/<role>.md``.

A page has blocks between lines of ``~~~``: the ``source`` (without a heading of its own it gets
``HEAD`` on page 1), the ``witness``, the page table ``pages`` if there is more than page 1, the ``sigla`` of other witnesses, and
what becomes of it: ``edited`` and ``typed`` (E and T in the doctree, a line for every block and
note), ``tei`` (occurs exactly so, name spaces apart), ``html`` (lines of ``element.class | text``)
and ``typst`` (every line occurs in the source of the PDF). All pages are one edition, one text each.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from lxml import etree, html

import tei_files
from mini import ROOT, sphinx
from model import fold
from tei_export.model.blocks import BLOCKS as BLOCK_ROWS
from tei_export.model.blocks import Block
from tei_export.model.vocabulary import BY_NAME, ROLES, Reads, Role
from tei_export.outputs.dts.citation_trees import trees
from tei_export.outputs.epub.writer import EpubPartWriter
from tei_export.outputs.html import search_units
from tei_export.outputs.pdf.writer import PdfTextWriter
from tei_export.outputs.tei.plain_text import edited
from tei_export.outputs.tei.reading_text import reading_text
from tei_export.schema.validate import validate_bytes
from tei_export.source.blocks import DIRECTIVES
from tei_export.source.facts import domain_of
from tei_export.source.nodes import BLOCKS as NUMBERED
from tei_export.source.nodes import note_text, reading, textnote
from tei_export.tei.proved_tei import export
from vocabulary_pages import FOLDER, PAGES, Page, edition_of_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Browsed
    from sphinx.application import Sphinx

#: What docs/markup.md explains beside roles and directives.
TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
BLOCKS = {"line", "list", "note", "quotation", "table"}
_SPACES = re.compile(r' xmlns(?::\w+)?="[^"]*"')


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Sphinx:
    """All pages as one edition, as HTML."""
    mini = edition_of_all(tmp_path_factory.mktemp("vocabulary") / "mini")
    with sphinx(mini.root, mini.root / "edition", mini.out, "html") as app:
        app.build()
    return app


@pytest.fixture(scope="module")
def tei(app: Sphinx) -> dict[str, bytes]:
    """The TEI file of every page."""
    edition = app.edition  # type: ignore[attr-defined]
    return {name: export(app.env, edition.texts[name]) for name in PAGES}


def layer(app: Sphinx, page: Page, name: str) -> list[str]:
    """The text of every block and author's note in a layer, from the doctree."""
    tree = app.env.get_doctree(f"{page.name}/one")
    kinds = (nodes.title,) if page.headed else ()
    blocks = [
        node
        for node in tree.findall(nodes.Element)
        if isinstance(node, (*kinds, textnote)) or (node.get("n") and isinstance(node, NUMBERED))
    ]
    return [
        fold(note_text(b, name) if isinstance(b, textnote) else reading(b, name)) for b in blocks
    ]


@pytest.mark.parametrize("name", PAGES)
def test_doctree(app: Sphinx, name: str) -> None:
    page = Page.read(name)
    assert layer(app, page, "E") == page.lines("edited")
    assert layer(app, page, "T") == page.lines("typed")


@pytest.mark.parametrize("name", PAGES)
def test_tei(app: Sphinx, tei: dict[str, bytes], name: str) -> None:
    text = _SPACES.sub("", etree.tostring(etree.fromstring(tei[name]), encoding="unicode"))
    for expected in Page.read(name).blocks["tei"]:
        assert expected in text, text[text.index("<text") :]
    assert validate_bytes(tei[name], ROOT / "schema", app.edition.texts[name].witness.sha256) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES)
def test_html(app: Sphinx, name: str) -> None:
    root = html.parse(str(Path(app.outdir) / name / "one.html")).getroot()
    for line in Page.read(name).lines("html"):
        kind, _, text = line.partition("|")
        tag, *classes = kind.strip().split(".")
        found = [
            fold(node.text_content())
            for node in root.iter(tag)
            if set(classes) <= set((node.get("class") or "").split())
        ]
        assert text.strip() in found, line


@pytest.mark.parametrize("name", PAGES)
def test_typst(app: Sphinx, name: str) -> None:
    text = app.edition.texts[name]  # type: ignore[attr-defined]
    writer = PdfTextWriter(text)
    for part in text.parts:
        writer.part(
            part, app.env.get_doctree(part.doc), domain_of(app.env).facts_for(part.doc), right=True
        )
    # Where lines begin, and the space held back before, is not what a role becomes.
    source = re.sub(r"#ln\([^)]*\)", "", writer.source).replace('#" "#"', '#" ')
    for line in Page.read(name).lines("typst"):
        assert line.replace('#" "#"', '#" ') in source, source


def made(app: Sphinx, name: str, form: str) -> str:
    """The blocks of a page in a form; without a head that is not its own."""
    edition = app.edition  # type: ignore[attr-defined]
    text = edition.texts[name]
    (part,) = text.parts
    tree = app.env.get_doctree(part.doc)
    if form == "epub":
        registers = edition.registers
        written = EpubPartWriter(
            text, part, lambda kind, key: registers[BY_NAME[kind].register].entries.get(key)
        )
        body = written.document(tree).body
        return body.strip() if Page.read(name).headed else body.partition("</header>")[2].strip()
    writer = PdfTextWriter(text)
    writer.part(part, tree, domain_of(app.env).facts_for(part.doc), right=True)
    return (
        writer.source.strip()
        if Page.read(name).headed
        else writer.source.strip().partition("\n")[2]
    )


@pytest.mark.parametrize("form", ["epub", "pdf"])
@pytest.mark.parametrize("name", PAGES)
def test_golden(app: Sphinx, name: str, form: str) -> None:
    """With ``TEI_EXPORT_WRITE_GOLDEN=1`` the blocks ``epub`` and ``pdf`` are written anew: read the
    diff before you commit it."""
    path, found = FOLDER / f"{name}.md", made(app, name, form)
    if os.environ.get("TEI_EXPORT_WRITE_GOLDEN"):
        kept = re.sub(
            rf"\n?^~~~ {form}\n.*?^~~~\n", "", path.read_text(encoding="utf-8"), flags=re.M | re.S
        )
        path.write_text(f"{kept.rstrip()}\n\n~~~ {form}\n{found}\n~~~\n", encoding="utf-8")
    assert Page.read(name).one(form) == found, "TEI_EXPORT_WRITE_GOLDEN=1 writes it anew"


@pytest.mark.parametrize("name", PAGES)
def test_plain_text(tei: dict[str, bytes], name: str) -> None:
    """The same words as in the doctree, but for pages, numbers of notes and the editors' notes; ``plain``, where a page has
    it, exactly."""
    page = Page.read(name)
    text = etree.fromstring(tei[name]).find(f"{TEI}text")
    found = edited(reading_text(text))
    notes = list(text.iter(f"{TEI}note"))
    labels = "|".join(re.escape(n.get("n")) for n in notes if n.get("type") == "authorial")
    words = re.sub(rf"(?m:^\[(?:{labels})\] )|\[(?:{labels})\]|\[p\. [^]]*\]| /(?= )", "", found)
    editorial = {fold("".join(n.itertext())) for n in notes if n.get("type") == "editorial"}
    lines = page.lines("edited") if page.headed else ["HEAD", *page.lines("edited")]
    assert fold(words) == fold(" ".join(line for line in lines if line not in editorial))
    for expected in page.blocks.get("plain", ()):
        assert f"\n{expected}\n" in f"\n{found}\n", found


def test_every_row_has_its_page() -> None:
    assert set(PAGES) == {row.name for row in ROLES} | DIRECTIVES.keys() | BLOCKS


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_complete(name: str) -> None:
    page = Page.read(name)
    assert page.blocks.keys() >= {
        "source",
        "witness",
        "edited",
        "typed",
        "tei",
        "html",
        "epub",
        "pdf",
    }
    for row in ROLES:
        if row.name == name:
            assert f"# `{name}`: {row.gloss}\n" in (FOLDER / f"{name}.md").read_text(
                encoding="utf-8"
            )
            assert any(f"<{row.tei}" in text for text in page.blocks["tei"])


@pytest.mark.parametrize(
    "row",
    [*ROLES, *BLOCK_ROWS],
    ids=lambda row: row.name + ("-block" if isinstance(row, Block) else ""),
)
def test_no_row_is_lost_in_any_output(
    app: Sphinx, tei: dict[str, bytes], row: Role | Block
) -> None:
    """Its page has the element of the row in the TEI, its class on the page, its function in the book."""
    root = etree.fromstring(tei[row.name])
    found = {etree.QName(element).localname for element in root.iter(f"{TEI}*")}
    assert {row.tei, *(row.tei_parts if isinstance(row, Role) else row.elements)} - {""} <= found
    page = html.parse(str(Path(app.outdir) / row.name / "one.html")).getroot()
    classes = {c for element in page.iter() for c in (element.get("class") or "").split()}
    shown = {"o": "ob", "begin": "passage"}.get(row.name) or getattr(row, "css", "") or row.name
    assert shown in classes
    unread = isinstance(row, Role) and row.read_by("E") is Reads.NOTHING
    if row.typst and not unread:
        book = Page.read(row.name).one("pdf")
        assert re.search(rf"(?<![\w-]){re.escape(row.typst)}[\[(]", book)


def test_the_header_declares_how_numbered_paragraphs_are_cited(tei: dict[str, bytes]) -> None:
    """DTS has the same units as a program that evaluates the expressions; a unit is the whole paragraph."""
    root = etree.fromstring(tei["par"])
    declared = tei_files.cited(root, "paragraphs")
    assert list(declared) == ["ch-01", "ch-01.12", "ch-01.13"]
    (tree,) = (tree for tree in trees(root, {}) if tree.name == "paragraphs")
    assert {unit.ref: unit.start.get(ID) for unit in tree.units} == {
        ref: element.get(ID) for ref, element in declared.items()
    }
    assert "The first law" in "".join(declared["ch-01.12"].itertext())


def test_search_tells_the_number_of_the_paragraph(app: Sphinx) -> None:
    part = app.edition.texts["par"].parts[0]  # type: ignore[attr-defined]
    units = search_units.part_units(app.env.get_doctree("par/one"), part)
    assert [unit[5:] for unit in units] == [[], ["", "12"], ["", "13"]]


@pytest.mark.browser
def test_the_drawer_cites_numbered_paragraphs(
    app: Sphinx, open_in: Callable[[Path], Callable[..., Browsed]]
) -> None:
    page = open_in(Path(app.outdir))("par/one", "#ch-01-par13")
    page.evaluate("document.querySelector('details.cite').open = true")
    page.wait_for_function("document.querySelector('details.cite').dataset.place")
    cited = page.locator("section[data-style=mla] p")
    assert "(§\N{NO-BREAK SPACE}13)" in cited.inner_text()
    assert "(§\N{NO-BREAK SPACE}13)" in page.locator("[data-cite-what]").inner_text()
    assert page.locator("[data-address=local]").inner_text().endswith("#ch-01-par13")
    page.evaluate("""() => {
      const [from, to] = ["ch-01-b001", "ch-01-b002"].map((id) => document.getElementById(id));
      document.querySelector('details.cite').open = false;
      getSelection().setBaseAndExtent(from, 0, to, to.childNodes.length);
    }""")
    page.evaluate("document.querySelector('details.cite').open = true")
    page.wait_for_function("document.querySelector('details.cite').dataset.place.includes('-')")
    assert "(§§\N{NO-BREAK SPACE}12–13)" in cited.inner_text()
