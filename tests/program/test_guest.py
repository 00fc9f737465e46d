"""An edition in a project of others: every builder, any theme, nothing outside its parts touched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes

import guest
import same
import web
from mini import TESTS, Mini, sphinx
from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.shared.plain_form import PlainWriter, is_own
from tei_export.source import nodes as own_nodes
from tei_export.source.nodes import mark, point, reading

if TYPE_CHECKING:
    from docutils.nodes import Node


# Our own calls must not be outdated; those of neighbours are theirs.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{kind}:{module}")
    for kind in ("DeprecationWarning", "PendingDeprecationWarning")
    for module in ("sphinxcontrib", "sphinx_book_theme")
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return guest.project(tmp_path_factory.mktemp("guest") / "docs")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guest-out")


@pytest.fixture(scope="module")
def text(project: Path, tmp_path_factory: pytest.TempPathFactory) -> same.Blocks:
    """The edited text of the edition, from its final tree."""
    found = same.Blocks()
    with sphinx(project, project, tmp_path_factory.mktemp("tree")) as app:
        app.build()
        for text in app.edition.texts.values():  # type: ignore[attr-defined]
            for part in text.parts:
                found.add(same.of_doctree(app.env.get_doctree(part.doc), "E"))
    return found


@pytest.mark.parametrize("builder", guest.WRITERS)
def test_every_builder_writes_the_edited_text_with_its_notes(
    builder: str, project: Path, out: Path, text: same.Blocks
) -> None:
    # Furo itself fails in an Apple Help book, with or without us.
    settings: Any = {"html_theme": "alabaster"} if builder == "applehelp" else {}
    warnings = guest.build(project, out, builder, **settings)
    assert not [w for w in warnings.splitlines() if not _of_neighbours(w, builder)]
    written = guest.words_of(out / builder)
    for block in text.body:
        assert guest.letters(block) in written, block
    for _label, note in text.authorial + text.editorial:
        assert guest.letters(note) in written, note
    assert "ofourown" in written  # the other pages are there, too


def _of_neighbours(warning: str, builder: str) -> bool:
    """Whether a builder of others cannot write the nodes of our neighbours, which are none of ours."""
    return builder in guest.FOREIGN and re.search(r"/(cards|sources)\.md:", warning) is not None


@pytest.mark.parametrize("builder", guest.CHECKERS)
def test_every_builder_that_checks_ends_well(builder: str, project: Path, out: Path) -> None:
    assert guest.build(project, out, builder) == ""


@pytest.mark.parametrize("builder", ["text", "latex", "xml", "singlehtml", "gettext", "markdown"])
@pytest.mark.parametrize("root", sorted(path.name for path in (TESTS / "roots").iterdir()))
def test_every_kind_of_edition_has_a_plain_form(root: str, builder: str, tmp_path: Path) -> None:
    """Of a project that is an edition, too, whose theme no other builder can use."""
    mini = Mini(tmp_path / root, TESTS / "roots" / root)
    extensions = ["tei_export", "sphinx_markdown_builder"]
    source = mini.root / "edition"
    said = guest.build(source, tmp_path, builder, conf=mini.root, extensions=extensions)
    assert said == ""
    written = guest.words_of(tmp_path / builder)
    app = mini.app()
    for text in app.edition.texts.values():  # type: ignore[attr-defined]
        for part in text.parts:
            found = same.of_doctree(app.env.get_doctree(part.doc), "E")
            for block in (
                *found.body,
                *(note for _label, note in found.authorial + found.editorial),
            ):
                assert guest.letters(block) in written, block


# --- the vocabulary --------------------------------------------------------------------------------


def _made(kind: str) -> nodes.Element:
    row = BY_NAME[kind]
    if row.family is Family.MILESTONE:
        return point("", kind=kind, value="1")
    inner = [nodes.Text("read "), nodes.Text("words")]
    return mark("", *inner, kind=kind, source="source", cert="high", key="a", xml_id="app-1")


@pytest.mark.parametrize("kind", BY_NAME)
def test_every_role_has_a_plain_form_with_the_words_of_the_edited_text(kind: str) -> None:
    node = _made(kind)
    paragraph = nodes.paragraph("", "", nodes.Text("Before"), node, nodes.Text("after"))
    (plain,) = PlainWriter("doc").blocks([paragraph])
    assert not [n for n in plain.findall() if is_own(n)]
    assert plain.astext() == "Before" + reading(node) + "after"
    if BY_NAME[kind].read_by("E") is Reads.CONTENT and BY_NAME[kind].family is not Family.MILESTONE:
        assert "read words" in plain.astext()


def _blocks() -> list[type[nodes.Element]]:
    found = [c for c in vars(own_nodes).values() if isinstance(c, type)]
    return [c for c in found if issubclass(c, nodes.Element) and is_own(c())]


@pytest.mark.parametrize("kind", [c for c in _blocks() if not issubclass(c, nodes.Inline)])
def test_every_block_of_ours_has_a_plain_form(kind: type[nodes.Element]) -> None:
    node = kind(
        "", series="authorial", label="1", refid="nr-1", ids=["fn-1"], key="a", kind="verse"
    )
    node += nodes.paragraph("", "words")
    plain = PlainWriter("doc").blocks([node])
    found: list[Node] = [n for new in plain for n in new.findall()]
    assert not [n for n in found if is_own(n)]
    assert any(n.astext() == "words" for n in found)


# --- themes ----------------------------------------------------------------------------------------

THEMES = ("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme")


@pytest.mark.parametrize("theme", THEMES)
def test_any_theme_shows_the_texts_and_registers_in_its_own_layout(
    theme: str, project: Path, out: Path, text: same.Blocks
) -> None:
    folder = out / theme
    assert guest.build(project, out, "html", folder, html_theme=theme) == ""
    ordinary, part, persons = (
        (folder / f"{name}.html").read_text(encoding="utf-8")
        for name in ("cards", "t/one", "registers/persons")
    )
    sheets = [set(re.findall(r'href="[./]*(_static/[^"?]+)', page)) for page in (ordinary, part)]
    assert sheets[1] - sheets[0] == {"_static/edition-guest.css"}, "the layout is the theme's"
    assert sheets[0] <= sheets[1]
    assert "edition-guest.css" in persons
    written = guest.words_of(folder)
    assert all(guest.letters(block) in written for block in text.body)


def test_every_place_of_the_inventory_is_there_and_every_link_leads_somewhere(
    project: Path, out: Path
) -> None:
    folder = out / "links"
    assert guest.build(project, out, "html", folder) == ""
    pages = {path.resolve(): web.parse(path) for path in web.html_files(folder)}
    ids = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    for name, uri in guest.inventory(folder, "ed:").items():
        file, _hash, anchor = uri.partition("#")
        assert anchor in ids[(folder / file).resolve()], name
    for path, page in pages.items():
        for link in map(str, page.xpath("//a[contains(@class, 'reference')]/@href")):
            name, _hash, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            if ":" not in link and target in ids and anchor:
                assert anchor in ids[target], f"{path.name}: {link}"
