"""The project itself: its layout, pins, licences, fonts and set-up."""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import tei_export
from mini import ROOT
from tools import missing

FONTS = ROOT / "src/tei_export/shared/web_fonts/fonts"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
LOCKS = ("build", "test")
#: Programs of others, in environments of their own.
OUTSIDE = ("dapytains", "tg-model", "corpus")
NODE = ROOT / "tests/outside/node"

_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?P<condition> ;.*)?", re.MULTILINE)


def _pins(lock: str) -> dict[str, Version]:
    """Name -> version of ``requirements/<lock>.txt``; of several, the one for this Python and system."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    pins: dict[str, Version] = {}
    for found in _PIN.finditer(text):
        condition = (found["condition"] or "").removeprefix(" ;").rstrip("\\ ")
        here = not condition or Marker(condition).evaluate()
        if here or canonicalize_name(found["name"]) not in pins:
            pins[canonicalize_name(found["name"])] = Version(found["version"])
    return pins


def _ranges(lock: str) -> list[Requirement]:
    """The ranges of pyproject.toml that ``requirements/<lock>.txt`` has to satisfy."""
    ranges = [PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["backend"]]
    if lock == "test":
        ranges += EXTRAS.values()
    return [
        r
        for r in map(Requirement, chain.from_iterable(ranges))
        if r.name != PROJECT["project"]["name"]
    ]


def test_the_tests_need_every_extra() -> None:
    asked = [r for r in map(Requirement, EXTRAS["test"]) if r.name == PROJECT["project"]["name"]]
    assert {extra for r in asked for extra in r.extras} == EXTRAS.keys() - {"test", "docs", "all"}


def _files_of_the_repository() -> list[Path]:
    """Tracked files, and those that are new and not ignored."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        missing("this is no git clone, or git is not here")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


# --- Packages ------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_pins_satisfy_the_ranges_of_pyproject(lock: str) -> None:
    pins = _pins(lock)
    wrong = [
        f"{wanted} (pinned: {pins.get(canonicalize_name(wanted.name))})"
        for wanted in _ranges(lock)
        if (pin := pins.get(canonicalize_name(wanted.name))) is None or pin not in wanted.specifier
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_range_has_a_lower_end(lock: str) -> None:
    for wanted in _ranges(lock):
        assert ">=" in {spec.operator for spec in wanted.specifier}, str(wanted)


def test_an_upper_end_has_its_reason() -> None:
    """Others install the package beside theirs: a bound without a reason keeps both from being new."""
    whole = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = [
        line
        for line in whole.partition("dependencies = [")[2].partition("\ntest = [")[0].splitlines()
        if re.search(r'"[\w-]+[^"]*<', line)
    ]
    assert lines, "nothing is bounded, and this test says nothing"
    assert [line for line in lines if not line.partition("#")[2].strip()] == []


@pytest.mark.parametrize("lock", [*LOCKS, *OUTSIDE, "no-deps"])
def test_every_pin_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"^(?=\w)", text, flags=re.MULTILINE) if "==" in entry]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", OUTSIDE)
def test_an_outside_program_is_locked_at_the_version_asked_for(lock: str) -> None:
    asked = (ROOT / "requirements" / f"{lock}.in").read_text(encoding="utf-8")
    wanted = {canonicalize_name(m["name"]): Version(m["version"]) for m in _PIN.finditer(asked)}
    assert wanted
    assert wanted.items() <= _pins(lock).items()


def test_every_node_package_is_locked_by_checksum_and_without_an_address() -> None:
    wanted = json.loads((NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((NODE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert packages.pop("")["dependencies"] == wanted
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, entry in packages.items() if not entry.get("integrity")] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_both_locks_pin_the_same_versions() -> None:
    build, test = _pins("build"), _pins("test")
    assert build.items() <= test.items()


def test_the_installed_packages_are_the_pinned_ones() -> None:
    different = {}
    for name, pin in _pins("test").items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # pinned for another system or Python
        if Version(installed) != pin:
            different[name] = (installed, str(pin))
    assert different == {}


def test_every_library_imported_is_a_declared_dependency() -> None:
    lines = [
        *PROJECT["project"]["dependencies"],
        *chain.from_iterable(v for k, v in EXTRAS.items() if k != "test"),
    ]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    owners = importlib.metadata.packages_distributions()
    undeclared: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for module in _imported(path) - sys.stdlib_module_names - {"tei_export"}:
            names = {canonicalize_name(name) for name in owners.get(module, [module])}
            if not names & declared:
                undeclared.add(f"{path.relative_to(ROOT)}: {module}")
    assert undeclared == set()


def _imported(path: Path) -> set[str]:
    """The top-level names of all modules that ``path`` imports."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return {name.partition(".")[0] for name in names}


def test_there_is_one_version() -> None:
    version = tei_export.__version__
    assert importlib.metadata.version("tei-export") == version
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    literal = re.compile(rf"[\"']{re.escape(version)}[\"']")
    places = [
        str(path.relative_to(ROOT))
        for path in [ROOT / "pyproject.toml", *(ROOT / "src").rglob("*.py")]
        if literal.search(path.read_text(encoding="utf-8"))
    ]
    assert places == ["src/tei_export/version.py"]


# --- Layout --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "LICENSES.md",
        "Makefile",
        ".ci/run",
        "tools/setup",
        "docs/markup.md",
        "schema/edition.odd",
        "schema/edition.rng",
        "src/tei_export/__init__.py",
        "benchmarks/run.py",
    ],
)
def test_layout(name: str) -> None:
    assert (ROOT / name).exists()


def test_no_file_names_a_machine_or_a_registry() -> None:
    # Put together here, so that this file does not match itself.
    folders = "|".join(("work", "farm", "tmp", "root", "home", "Users"))
    hosts = "|".join(
        (
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npmjs",
            "registry" + r"\.yarnpkg",
            "deb" + r"\.debian",
            "archive" + r"\.ubuntu",
            "static\\.crates" + r"\.io",
            "proxy" + r"\.golang",
            "(extra-)?index" + "-url",
        )
    )
    forbidden = re.compile(rf"(?<![\w.:/<\]\-])/({folders})/[\w.]|({hosts})")
    found = []
    for path in _files_of_the_repository():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a font, a picture
        name = path.relative_to(ROOT)
        found += [f"{name}:{n}: {x}" for n, x in enumerate(lines, 1) if forbidden.search(x)]
    assert found == []


# --- Licences, fonts -------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "MIT",
        "https://creativecommons.org/licenses/by/4.0/",
        "http://rightsstatements.org/vocab/CNE/1.0/",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "SIL Open Font License",
    ],
)
def test_licences_are_named(words: str) -> None:
    assert words in (ROOT / "LICENSES.md").read_text(encoding="utf-8")


def test_every_font_file_is_recorded_with_its_checksum() -> None:
    record = (FONTS / "README.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| `([^`]+\.woff2)` \|[^|]+\| `([0-9a-f]{64})` \|$", re.MULTILINE)
    recorded = dict(row.findall(record))
    present = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.woff2")
    }
    assert present
    assert recorded == present
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("style", ["400-normal", "400-italic", "700-normal"])
def test_the_fonts_have_the_letters(style: str) -> None:
    have: set[int] = set()
    for path in FONTS.glob(f"*-{style}.woff2"):
        with TTFont(path) as font:
            have |= set(font.getBestCmap())
    russian = {chr(code) for code in range(0x410, 0x450)} | set("ЁёѢѣѲѳѴѵІіЪъ№")
    latin = set("äöüßéèêëçñøåšžčćłż ÄÖÜÉŠŽČ")
    marks = set("«»„“”‘’‚—–…¬§†°×½")
    assert sorted(c for c in russian | latin | marks if ord(c) not in have) == []


def test_the_fonts_have_figures_and_small_capitals() -> None:
    for path in FONTS.glob("*-latin-4*.woff2"):
        with TTFont(path) as font:
            features = {row.FeatureTag for row in font["GSUB"].table.FeatureList.FeatureRecord}
        assert {"onum", "lnum", "tnum", "smcp", "c2sc", "liga"} <= features
        assert path.stat().st_size < 40_000, "a reader waits for it"


def test_xml_is_read_by_one_parser() -> None:
    """A parser of its own is one that may resolve entities. The proof shares no code with the rest, and
    an import has the parser of HTML, which knows no declared entities."""
    called = re.compile(r"etree\.(?:XMLParser|HTMLParser|parse|XML|iterparse)\(")
    own = {
        path.relative_to(ROOT / "src" / "tei_export").as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if called.search(path.read_text(encoding="utf-8"))
    }
    assert own == {"schema/safe_xml.py", "proof/regenerate.py", "importing/hocr.py"}
