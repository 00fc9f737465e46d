"""An edition in a project of others: every builder, any theme, nothing outside its parts touched."""

from __future__ import annotations

import io
import re
import runpy
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from docutils import nodes
from docutils.parsers.rst import directives, roles
from sphinx._cli.util import errors
from sphinx.errors import ConfigError, SphinxError

import guest
import same
import web
from mini import TESTS, Mini, sphinx
from tei_export.model.problems import MILD
from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.shared.plain_nodes import PlainWriter, is_own
from tei_export.source import nodes as own_nodes
from tei_export.source.build_stop import ProblemsError
from tei_export.source.nodes import mark, point, reading
from vocabulary_pages import PICTURE

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
    for catalogue in tmp_path.glob("gettext/*.pot"):
        assert "-1" not in re.findall(r"^#: .*:(\S+)$", catalogue.read_text("utf-8"), re.MULTILINE)
    written = guest.words_of(tmp_path / builder)
    app = mini.app()
    for text in app.edition.texts.values():  # type: ignore[attr-defined]
        for part in text.parts:
            found = same.of_doctree(app.env.get_doctree(part.doc), "E")
            for block in (
                *found.body,
                *(note for _label, note in found.authorial + found.editorial),
            ):
                words = re.sub(
                    r"^[0-9]+[.)] ", "", block
                )  # of a list: some builders count themselves
                assert guest.letters(words) in written, block


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


def test_a_wide_table_is_wrapped_between_words() -> None:
    """In plain text, where a column is as wide as its words, and a table as wide as a page."""
    long = "so many words that one line of plain text has no room for them, as here " * 2
    table = own_nodes.edtable()
    for head, cells in ((True, ("what", "l.")), (False, (long, "incomprehensibilities"))):
        table += own_nodes.edrow("", head=head)
        for words in cells:
            table[-1] += own_nodes.edcell("", words, head=head, align="right")
    (plain,) = PlainWriter("doc").blocks([table])
    first, second = (column["colwidth"] for column in plain.findall(nodes.colspec))
    assert len("incomprehensibilities") <= second
    assert 40 < first < len(long)
    assert [entry["classes"] for entry in plain.findall(nodes.entry)] == [["text-right"]] * 4
    assert len(list(plain.findall(nodes.thead))) == len(list(plain.findall(nodes.tbody))) == 1


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


def test_a_reference_in_latex_leads_to_the_text_of_a_note(project: Path, out: Path) -> None:
    assert guest.build(project, out, "latex", out / "latex-notes") == ""
    (file,) = (out / "latex-notes").glob("*others.tex")
    text = file.read_text(encoding="utf-8")
    asked = set(re.findall(r"\\hyperref\[\\detokenize\{(t/[^}]*)\}\]", text))
    assert "t/one:fn-01-001" in asked
    assert asked <= set(re.findall(r"\\label\{\\detokenize\{([^}]*)\}\}", text))


# --- links from other projects ---------------------------------------------------------------------


def test_another_project_links_to_page_and_line(project: Path, out: Path, tmp_path: Path) -> None:
    """By intersphinx, to every kind of place, whatever theme shows it; the other has no edition."""
    inventories = {}
    for name, theme in (("guest", "furo"), ("own", "tei_export")):
        folder = out / f"linked-{name}"
        assert guest.build(project, out, "html", folder, html_theme=theme) == ""
        inventories[name] = (f"https://example.org/{name}", str(folder / "objects.inv"))
    asked = {
        "line": "2.3", "page": "2", "note": "ch-01:2", "app": "app-0006-1", "person": "stalin",
        "place": "moscow", "org": "politburo", "event": "civil-war", "work": "prophet",
    }  # fmt: skip
    lines = [
        f"* {{external+{name}:ed:{kind}}}`{place}` {{external+{name}:ed:{kind}}}`words <{place}>`"
        for name in inventories
        for kind, place in asked.items()
    ]
    lines.append("* [by MyST](inv:guest:ed:line#1.4)")
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.md").write_text("# Other\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (other / "conf.py").write_text(
        'extensions = ["myst_parser", "sphinx.ext.intersphinx", "tei_export"]\n'
        f"intersphinx_mapping = {inventories!r}\n",
        encoding="utf-8",
    )
    assert guest.build(other, tmp_path, "html") == ""
    links = web.parse(tmp_path / "html/index.html").xpath("//a[contains(@class, 'external')]/@href")
    for name in inventories:
        found = [str(link) for link in links if f"/{name}/" in str(link)]
        assert len(found) == 2 * len(asked) + (name == "guest")
        assert found.count(f"https://example.org/{name}/t/one.html#p2.3") == 2
        assert found.count(f"https://example.org/{name}/t/one.html#fn-01-002") == 2
        assert found.count(f"https://example.org/{name}/registers/persons.html#pers-stalin") == 2
    (other / "index.md").write_text("# Other\n\n{external+guest:ed:line}`99.1`\n", encoding="utf-8")
    assert "external ed:line reference target not found: 99.1" in guest.build(
        other, tmp_path, "html"
    )


def test_a_place_that_is_not_there_is_a_warning_with_a_type(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "docs")
    page = tmp_path / "docs/guide.md"
    page.write_text("# Guide\n\n{ed:line}`99.1` and {ref}`ordinary <cards>`\n", encoding="utf-8")
    said = guest.build(tmp_path / "docs", tmp_path, "text")
    assert "guide.md:3" in said
    assert "99.1" in said
    quiet = guest.build(
        tmp_path / "docs", tmp_path / "quiet", "text", suppress_warnings=["ref.line"]
    )
    assert quiet == ""


# --- a good guest ----------------------------------------------------------------------------------


def test_without_a_record_nothing_happens(project: Path, tmp_path: Path) -> None:
    """Byte for byte: the same project with and without the extension, in its pages and catalogues."""
    for name in ("with", "without"):
        source = tmp_path / name
        source.mkdir()
        for file in ("cards.md", "sources.md", "sources.bib", "api.rst"):
            shutil.copy(project / file, source)
        (source / "index.rst").write_text(
            'Index\n=====\n\n"Quoted".\n\n.. toctree::\n\n   cards\n   sources\n   api\n',
            encoding="utf-8",
        )
        conf = (project / "conf.py").read_text(encoding="utf-8")
        wanted = conf if name == "with" else conf.replace('"tei_export", ', "")
        (source / "conf.py").write_text(wanted, encoding="utf-8")
        for builder in ("html", "gettext", "text", "epub"):
            assert guest.build(source, tmp_path / f"{name}-out", builder) == ""
    first, second = (
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.suffix in {".html", ".js", ".txt", ".css"}
        }
        for folder in (tmp_path / "with-out", tmp_path / "without-out")
    )
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.parametrize(
    "builder", ["tei", "data", "dts", "edition-json", "edition-pdf", "edition-epub"]
)
def test_without_a_record_our_builders_say_what_is_missing(builder: str, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["tei_export"]\n', encoding="utf-8")
    (tmp_path / "index.rst").write_text("Index\n=====\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"edition\.yaml"):
        guest.build(tmp_path, tmp_path / "out", builder)


def test_the_settings_of_a_project_stay_as_they_are(project: Path, tmp_path: Path) -> None:
    plain = project / "conf.py"
    with sphinx(project, project, tmp_path) as app:
        found = {name: app.config[name] for name in _SETTINGS}
        raw = runpy.run_path(str(plain))
        assert found == {
            name: raw.get(name, app.config._options[name].default) for name in _SETTINGS
        }
        assert app.env.settings.get("raw_enabled", True)
        assert not {"person", "ocr", "statistics"} & {*roles._roles, *directives._directives}


_SETTINGS = (
    "smartquotes",
    "suppress_warnings",
    "primary_domain",
    "myst_footnote_sort",
    "myst_footnote_transition",
    "html_theme",
)


def test_quotation_marks_and_messages_of_a_text_stay(project: Path, tmp_path: Path) -> None:
    """Sphinx's smart quotes and its translations are for the pages of the project alone."""
    docs = shutil.copytree(project, tmp_path / "docs")
    for name in ("t", "index"):
        folder = docs / "locale/de/LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale="de")
        catalogue.add("The last paragraph of the first chapter.", "Übersetzt.")
        catalogue.add('It has "ordinary" pages, and an edition.', "Seiten.")
        with (folder / f"{name}.mo").open("wb") as file:
            write_mo(file, catalogue)
    assert guest.build(docs, tmp_path, "html", language="de", locale_dirs=["locale"]) == ""
    part, index = (web.parse(tmp_path / f"html/{name}.html") for name in ("t/one", "index"))
    assert "The last paragraph of the first chapter." in part.text_content()
    assert "Seiten." in index.text_content()
    assert "Trotsky's" in part.text_content()
    assert "„quoted“" in web.parse(tmp_path / "html/guide.html").text_content()


def test_a_language_without_a_catalogue_is_no_problem_of_ours(
    project: Path, tmp_path: Path
) -> None:
    assert guest.build(project, tmp_path, "html", language="fr") == ""
    assert "Apparatus" in (tmp_path / "html/t/one.html").read_text(encoding="utf-8")


# --- problems --------------------------------------------------------------------------------------


def test_only_a_build_that_failed_changes_how_errors_are_shown(
    project: Path, tmp_path: Path
) -> None:
    """Sphinx prints the errors of all projects of a process with one function."""
    assert guest.build(project, tmp_path / "good", "dummy") == ""
    own = errors.handle_exception
    assert own.__module__ == errors.__name__
    docs = shutil.copytree(project, tmp_path / "docs")
    (docs / "registers/persons.yaml").write_text("nobody: nothing\n", encoding="utf-8")
    for _twice in range(2):
        with pytest.raises(ProblemsError) as found:
            guest.build(docs, tmp_path / "bad", "dummy")
    assert errors.handle_exception is not own
    assert guest.build(project, tmp_path / "good", "dummy") == ""
    assert errors.handle_exception is own  # nobody showed the error
    with pytest.raises(ProblemsError):
        guest.build(docs, tmp_path / "bad", "dummy")
    shown = io.StringIO()
    errors.handle_exception(found.value, stderr=shown, print_traceback=False)
    assert shown.getvalue().startswith("\nProblems in the edition!\n\nThe edition has ")
    assert errors.handle_exception is own


def test_problems_are_one_sphinx_error(project: Path, tmp_path: Path) -> None:
    docs = shutil.copytree(project, tmp_path / "docs")
    (docs / "t/one.md").write_text(
        (docs / "t/one.md").read_text(encoding="utf-8").replace("Perhaps", "Maybe"),
        encoding="utf-8",
    )
    with pytest.raises(SphinxError, match=r"t/one\.md:5:\d+: \[witness-differs\]") as found:
        guest.build(docs, tmp_path, "html")
    assert isinstance(found.value, ProblemsError)


def test_what_makes_no_output_wrong_is_a_warning_that_can_be_silenced(
    project: Path, tmp_path: Path
) -> None:
    docs = shutil.copytree(project, tmp_path / "docs")
    with (docs / "registers/persons.yaml").open("a", encoding="utf-8") as file:
        file.write("\nnobody:\n  name: Nobody\n")
    for file_name, old, new in (
        (
            "edition.yaml",
            "    complete: true\n",
            "    complete: true\n    reason_kinds: {by shape: so it looks}\n",
        ),
        ("t/two.md", "`1 word`", "`1 word ?`"),
    ):
        path = docs / file_name
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    quiet: list[str] = []
    for code in sorted(MILD):
        said = guest.build(docs, tmp_path, "dummy", suppress_warnings=quiet)
        told = set(re.findall(r"\[ed\.([a-z-]+)\]", said))
        assert told == {c for c in MILD if f"ed.{c}" not in quiet}, said
        quiet.append(f"ed.{code}")
    for all_of_them in (quiet, ["ed"], ["ed.*"]):
        assert guest.build(docs, tmp_path, "text", suppress_warnings=all_of_them) == ""


def test_short_names_on_request(project: Path, tmp_path: Path) -> None:
    """On one page by the directive, on all by ``primary_domain``; elsewhere they are not ours."""
    docs = shutil.copytree(project, tmp_path / "docs")
    page = docs / "guide.md"
    page.write_text("# Guide\n\n{person}`Stalin` {line}`1.4`\n", encoding="utf-8")
    assert "Unknown interpreted text role" in guest.build(docs, tmp_path / "no", "dummy")
    assert guest.build(docs, tmp_path / "all", "text", primary_domain="ed") == ""
    asked = "```{default-domain} ed\n```\n\n# Guide\n\n{person}`Stalin` {line}`1.4`\n"
    page.write_text(asked, encoding="utf-8")
    assert guest.build(docs, tmp_path / "one", "text") == ""
    assert "Stalin *1.4*" in (tmp_path / "one/text/guide.txt").read_text(encoding="utf-8")


def test_the_blocks_of_texts_are_in_parts_alone(project: Path, tmp_path: Path) -> None:
    """On pages their names are those of Sphinx, or of nobody, whatever the short names stand for."""
    docs = shutil.copytree(project, tmp_path / "docs")
    page = docs / "guide.md"
    page.write_text(
        "# Guide\n\n```{figure} x.png\nA caption\n```\n\n```{epigraph}\nA motto\n```\n",
        encoding="utf-8",
    )
    (docs / "x.png").write_bytes(PICTURE.read_bytes())
    assert guest.build(docs, tmp_path / "all", "html", primary_domain="ed") == ""
    shown = (tmp_path / "all/html/guide.html").read_text(encoding="utf-8")
    assert "<figcaption>" in shown
    assert '<blockquote class="epigraph">' in shown
    page.write_text("# Guide\n\n```{ed:verse}\nA line\n```\n", encoding="utf-8")
    assert "Unknown directive type: 'ed:verse'" in guest.build(docs, tmp_path / "verse", "dummy")


# --- neighbours ------------------------------------------------------------------------------------


def test_the_neighbours_do_their_work(project: Path, out: Path) -> None:
    assert guest.build(project, out, "html", out / "neighbours") == ""
    shown = {
        name: (out / f"neighbours/{name}.html").read_text("utf-8")
        for name in ("cards", "sources", "api")
    }
    assert "sd-card" in shown["cards"]
    assert "The TeXbook" in shown["sources"]
    assert 'href="https://example.org/render"' in shown["api"]
    assert "<p>Raw HTML of this page.</p>" in shown["api"]
    guide = (out / "neighbours/guide.html").read_text("utf-8")
    assert '<div class="own">A block of HTML.</div>' in guide
    assert "in a project of others" in guide
    assert '<a class="reference internal" href="t/one.html#p1.4"' in guide
    assert '<a class="reference internal" href="registers/persons.html#pers-stalin"' in guide


def test_autobuild_serves_the_project_and_builds_it_again(project: Path, tmp_path: Path) -> None:
    docs = shutil.copytree(project, tmp_path / "docs")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "sphinx_autobuild",
        "--port",
        str(port),
        str(docs),
        str(tmp_path / "site"),
    ]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as server,
    ):
        try:
            page = f"http://127.0.0.1:{port}/t/one.html"
            assert "Trotsky" in _served(page, "Trotsky")
            guide = docs / "guide.md"
            guide.write_text(guide.read_text("utf-8") + "\nWritten meanwhile.\n", encoding="utf-8")
            assert "Written meanwhile." in _served(
                page.replace("t/one", "guide"), "Written meanwhile."
            )
        finally:
            server.terminate()


def _served(address: str, wanted: str) -> str:
    """A page of the server, once it has ``wanted``."""
    found = ""
    for _try in range(120):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                found = answer.read().decode()
        except OSError:
            found = ""
        if wanted in found:
            break
        time.sleep(0.5)
    return found
