"""The documentation: its generated pages are current, it builds without a warning, its tutorial runs."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

import tei_export
from mini import ROOT
from tei_export.commands import parser
from tei_export.model.problems import CODES
from tools import require_package

if TYPE_CHECKING:
    from types import ModuleType

DOCS = ROOT / "docs"
#: Pages outside the site that link to files of the repository.
LINKING = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSES.md",
    "schema/README.md",
    "edition/registers/README.md",
]
#: Pages of PAGE XML for the tutorial: the lines of each page; the second shows its number.
SCAN = {
    "0017.xml": (
        ("heading", ["Was ist Aufklärung?"]),
        ("paragraph", ["Aufklarnng ist der Ausgang des", "Menschen aus seiner Unmündigkeit."]),
    ),
    "0020.xml": (
        ("page-number", ["484"]),
        ("paragraph", ["Zu dieser Aufklärung wird nichts", "erfordert als Freiheit."]),
    ),
}
CORRECTED = (
    "Was ist Aufklärung?\nAufklärung ist der Ausgang des\nMenschen aus seiner Unmündigkeit.\n"
)


GENERATED = ["problems.md", "cli.md", "record.md", "data.md", "architecture.md"]

# --- Generated pages ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """``tools/docs.py``."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import docs
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return docs


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_page_is_current(generator: ModuleType, name: str) -> None:
    assert name in generator.PAGES
    assert (DOCS / name).read_text(encoding="utf-8") == generator.PAGES[name](), (
        "run python tools/docs.py"
    )


def test_every_generated_page_is_tried(generator: ModuleType) -> None:
    assert set(generator.PAGES) == set(GENERATED)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("write {ocr}`a <b>` or {pb}", "write `` {ocr}`a <b>` `` or `{pb}`"),
        ("add [^…]: and <b> *c* a_b | #auto", r"add `[^…]:` and \<b\> \*c\* a\_b \| \#auto"),
        ("`words <key>` and {{ title }}", "`words <key>` and `{{ title }}`"),
        ("docs/markup.md says", "[markup.md](markup.md) says"),
    ],
)
def test_text_of_the_program_stays_text(generator: ModuleType, text: str, written: str) -> None:
    assert generator.markdown(text) == written


# --- The site ----------------------------------------------------------------------------

_RUN = """
import sys
from sphinx.cmd.build import main
code = main(sys.argv[1:])
own = sorted(name for name in sys.modules if name.partition(".")[0] == "tei_export")
sys.exit(code or f"the documentation loads {own}" if own else code)
"""


def build(builder: str, out: Path) -> subprocess.CompletedProcess[str]:
    """Build the site as ``make docs`` does: every warning is an error."""
    arguments = [
        "-q",
        "-W",
        "--keep-going",
        "-E",
        "-b",
        builder,
        "-d",
        str(out / "doctrees"),
        str(DOCS),
        str(out / builder),
    ]
    return subprocess.run(
        [sys.executable, "-c", _RUN, *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, str, subprocess.CompletedProcess[str]]:
    """Where the site is, as what it was built, and what was said; as HTML where its theme is installed."""
    out = tmp_path_factory.mktemp("site")
    builder = "html" if importlib.util.find_spec("furo") else "dummy"
    return out / builder, builder, build(builder, out)


def test_the_site_has_no_warning(made: tuple[Path, str, subprocess.CompletedProcess[str]]) -> None:
    """Links, headings, contents; and nothing of the program is loaded."""
    _folder, _builder, result = made
    assert (result.returncode, result.stderr) == (0, "")


@pytest.fixture(scope="module")
def site(made: tuple[Path, str, subprocess.CompletedProcess[str]]) -> Path:
    """The site as HTML."""
    require_package("furo")
    folder, builder, result = made
    assert (result.returncode, builder) == (0, "html")
    return folder


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_every_problem_has_its_meaning_and_cure_in_words(site: Path) -> None:
    """What the program prints is what a reader of the page sees, character for character."""
    page = html.parse(str(site / "problems.html")).getroot()
    for code, (title, cure) in CODES.items():
        (section,) = page.xpath(f"//section[@id='{code}']")
        words = _text(section).replace("`", "").casefold()
        for text in (title, cure):
            plain = " ".join(text.replace("`", "").replace("docs/", "").split())
            assert plain.casefold() in words, code


def test_every_option_of_every_command_is_there(site: Path) -> None:
    page = html.parse(str(site / "cli.html")).getroot()
    actions = {action.dest: action for action in parser()._actions}
    commands = actions["command"].choices
    assert isinstance(commands, dict)
    for name, command in commands.items():
        (section,) = page.xpath(f"//section[@id='tei-export-{name}']")
        words = _text(section)
        options = [
            option
            for action in command._actions
            for option in action.option_strings
            if option not in {"-h", "--help"}
        ]
        assert [option for option in options if option not in words] == [], name


def test_the_contents_name_every_page(site: Path) -> None:
    index = html.parse(str(site / "index.html")).getroot()
    linked = {href.partition("#")[0] for href in index.xpath("//main//@href | //article//@href")}
    assert {f"{page.stem}.html" for page in DOCS.glob("*.md")} - {"index.html"} <= linked


@pytest.mark.parametrize("name", LINKING)
def test_links_lead_to_files(name: str) -> None:
    page = ROOT / name
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


# --- The tutorial ------------------------------------------------------------------------


def _page_xml(name: str) -> str:
    regions = "".join(
        f'<TextRegion id="r{n}" type="{kind}">'
        + "".join(
            f'<TextLine id="r{n}l{m}"><TextEquiv><Unicode>{line}</Unicode></TextEquiv></TextLine>'
            for m, line in enumerate(lines)
        )
        + "</TextRegion>"
        for n, (kind, lines) in enumerate(SCAN[name])
    )
    return (
        '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">'
        f'<Page imageFilename="{Path(name).stem}.tif">{regions}</Page></PcGts>'
    )


def test_the_tutorial_runs(tmp_path: Path) -> None:
    """Every shell block of docs/begin.md, in order, in one shell, with a small scan beside the edition."""
    blocks = re.findall(
        r"^```sh\n(.*?)^```$",
        (DOCS / "begin.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert len(blocks) >= 5
    for folder in ("scan", "corrected"):
        (tmp_path / folder).mkdir()
    for name in SCAN:
        (tmp_path / "scan" / name).write_text(_page_xml(name), encoding="utf-8")
    (tmp_path / "corrected/0017.txt").write_text(CORRECTED, encoding="utf-8")
    command = f'tei-export() {{ "{sys.executable}" -m tei_export.cli "$@"; }}\n'
    source = str(Path(tei_export.__file__).parent.parent)
    run = subprocess.run(
        ["bash", "-eu", "-c", command + "".join(blocks)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": source},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    edition = tmp_path / "my-edition"
    assert "page 481: inferred from page 484" in run.stdout
    assert "{ocr}`Aufklärung <Aufklarnng> #auto`" in run.stdout
    assert (edition / "edition/kant/kant-01.md").is_file()
    for name in (
        "tei/kant.xml",
        "html/kant/kant-01.html",
        "pdf/kant.pdf",
        "epub/edition.epub",
        "data/pages.csv",
        "dts/index.json",
    ):
        assert (edition / "build" / name).is_file(), name


def test_the_table_of_packages_says_what_the_contracts_allow(generator: ModuleType) -> None:
    """The limits of a package, its exceptions, and what other contracts say of it."""
    assert generator.imports_of("schema") == "`model`"
    assert generator.imports_of("importing") == "`model`, `proof.regenerate`, `schema.safe_xml`"
    assert generator.imports_of("proof").endswith("`proof/regenerate.py` nothing of ours")
    assert "sphinx" in generator.imports_of("model")
    assert "`corpus`" not in generator.imports_of("serve")
