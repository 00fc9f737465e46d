"""``check`` after an edit says what a fresh one says, though it asks only what has changed.

What was found in a document is kept until its tree changes; references are asked again when a place they may lead
to has changed. The edits here change what is found in *another* document than the one that was saved, or in none.
"""

from __future__ import annotations

import json
import pickle
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.environment import BuildEnvironment

from mini import Mini, Result, command
from tei_export.model.opened_files import digest
from tei_export.source import kept_findings, trees

if TYPE_CHECKING:
    from pathlib import Path

    from docutils import nodes

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*MystReferenceResolver.app:PendingDeprecationWarning"
)
RELATIONS = """\
relations:
  - {active: stalin, kind: member-of, passive: politburo, place: "1.4-6", words: "friends in Moscow, and the Politburo"}
"""
ROWS = "word,language,place,why,by,date\nMoscow,en,1.5,known,ed,2026-01-31\n"
#: file, old, new, and what ``check`` finds then: the head of a problem, or words of a warning.
EDITS = (
    ("t/one.md", "view of what", "{ocr}`view view <view>` of what", "t/one.md:14: [word-doubled]"),
    ("t/one.md", "{ocr}`view view <view>` of what", "view of what", ""),
    # a quotation goes on in the next document, if that begins with a mark, too
    ("t/one.md", "The last paragraph", "{ocr}`“The <The>` last paragraph", "t/one.md:22: [marks-unbalanced]"),
    ("t/two.md", "TWO {person}", "{ocr}`“TWO <TWO>` {person}", "t/two.md:2: [marks-unbalanced]"),
    ("t/one.md", "{ocr}`“The <The>` last", "The last", "t/two.md:2: [marks-unbalanced]"),
    ("t/two.md", "{ocr}`“TWO <TWO>` {person}", "TWO {person}", ""),
    ("t/two.md", "{ru}`меньшевизм`", "{ru}``{ocr}`меньшевизм\ua66e <меньшевизм>` ``", "t/two.md:5: [typeface-letter]"),
    ("t/two.md", "{ru}``{ocr}`меньшевизм\ua66e <меньшевизм>` ``", "{ru}`меньшевизм`", ""),
    ("registers/works.yaml", "  place: London", "  extent: xii, 5 pages\n  place: London", "t/one.md:11: [page-beyond]"),
    ("registers/works.yaml", "xii, 5 pages", "xii, 543 pages", ""),
    ("t/one.md", "friends in {place}`Moscow`", "{ocr}`foes <friends>` in {place}`Moscow`", "registers/relations.yaml:2: [relation-words]"),
    ("t/one.md", "{ocr}`foes <friends>` in {place}`Moscow`", "friends in {place}`Moscow`", ""),
    ("words.csv", "Moscow,en,1.5", "Kremlin,en,1.5", "words.csv:2: [words-file]"),
    ("words.csv", "Kremlin,en,1.5", "Moscow,en,1.5", ""),
    # index.md refers to a heading of about.md
    ("about.md", "## What it is", "## What it was", "index.md:8"),
    ("about.md", "## What it was", "## What it is", ""),
)  # fmt: skip
#: An extension of the edition that takes part in resolving, and asks what nobody knows: a file.
WATCHER = """\
from pathlib import Path
from sphinx.util import logging

def look(app, tree, docname):
    if Path(app.confdir, "full-moon").is_file() and docname == "t/two":
        logging.getLogger(__name__).warning("howling", location=docname)

def setup(app):
    app.connect("doctree-resolved", look)
"""


@pytest.fixture
def edition(tmp_path: Path) -> Mini:
    """An edition with a relation, an accepted word, and a page that refers to the heading of another."""
    mini = Mini(tmp_path / "again")
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("myst_heading_anchors = 2\n")
    mini.write("registers/relations.yaml", RELATIONS)
    mini.write("words.csv", ROWS)
    mini.write("about.md", "---\norphan: true\n---\n# About\n\n## What it is\n\nAn edition.\n")
    mini.write("index.md", mini.read("index.md") + "\n[what it is](about.md#what-it-is)\n")
    return mini


def fresh(edition: Mini, folder: Path) -> Result:
    """What a check of the same sources says that knows nothing."""
    shutil.copytree(edition.root, folder, ignore=shutil.ignore_patterns("build"))
    said = command(folder, "check")
    shutil.rmtree(folder)
    return said


def test_a_check_after_an_edit_says_what_a_fresh_one_says(
    edition: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fresh one is that of a large edition: it checks every document while it is read."""
    assert edition.check().code == 0
    for file, old, new, found in EDITS:
        edition.replace(file, old, new)
        again = edition.check()
        assert again.code == bool(found), (file, new, again.output)
        assert found in again.output
        elsewhere = str(tmp_path / "fresh"), str(edition.root)
        with monkeypatch.context() as large:
            large.setattr(trees, "KEPT", 0)
            anew = fresh(edition, tmp_path / "fresh")
        assert again.output == anew.output.replace(*elsewhere)


def test_a_large_edition_is_checked_while_it_is_read(
    edition: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No check loads a tree again, only Sphinx the one with a reference; the next run knows everything."""
    loaded: list[str] = []
    get_doctree = BuildEnvironment.get_doctree

    def noted(env: BuildEnvironment, docname: str) -> nodes.document:
        loaded.append(docname)
        return get_doctree(env, docname)

    monkeypatch.setattr(BuildEnvironment, "get_doctree", noted)
    monkeypatch.setattr(trees, "KEPT", 0)
    assert edition.check().code == 0
    assert loaded == ["index"]
    assert edition.check().code == 0
    assert loaded == ["index"]


def test_only_what_has_changed_is_asked(edition: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the four: letters, lines of relations, words, references."""
    asked: list[str] = []
    tree_of = trees.tree_of
    resolve = BuildEnvironment.get_and_resolve_doctree

    def noted(env: BuildEnvironment, docname: str) -> nodes.document:
        asked.append(docname)
        return tree_of(env, docname)

    def resolved(env: BuildEnvironment, docname: str, *rest: Any, **options: Any) -> nodes.document:
        asked.append(f"{docname} is resolved")
        return resolve(env, docname, *rest, **options)

    monkeypatch.setattr(kept_findings, "tree_of", noted)
    monkeypatch.setattr(BuildEnvironment, "get_and_resolve_doctree", resolved)
    edition.check()
    assert Counter(asked) == {
        **dict.fromkeys(("t/one", "t/two"), 4),
        **dict.fromkeys(("index", "about"), 1),
        "index is resolved": 1,
    }
    asked.clear()
    edition.replace("t/two.md", "[^1]: No work", "% a comment\n\n[^1]: No work")
    edition.check()
    assert Counter(asked) == {"t/two": 4}
    asked.clear()
    edition.replace("about.md", "# About", "# About us")  # what index.md refers to may be elsewhere
    edition.check()
    assert Counter(asked) == {"about": 1, "index is resolved": 1}


def test_an_extension_that_takes_part_in_resolving_is_asked_every_time(edition: Mini) -> None:
    (edition.root / "watcher.py").write_text(WATCHER, encoding="utf-8")
    with (edition.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parent))\n"
            'extensions += ["watcher"]\n'
        )
    assert edition.check().code == 0
    (edition.root / "full-moon").touch()
    again = edition.check()
    assert again.code == 1
    assert "howling" in again.output


@pytest.mark.parametrize("damage", [b"", b"no pickle", pickle.dumps(["a list"])])
def test_damaged_findings_are_found_anew(tmp_path: Path, damage: bytes) -> None:
    mini = Mini(tmp_path)
    assert mini.check().code == 0
    folder = mini.out / ".cache" / "doctrees"
    seal = json.loads((folder / "seal.json").read_bytes())
    for file in (folder / ".findings").iterdir():
        file.write_bytes(damage)
        seal[f".findings/{file.name}"] = digest(file)
    (folder / "seal.json").write_text(json.dumps(seal), encoding="utf-8")
    mini.replace("t/one.md", "view of what", "{ocr}`view view <view>` of what")
    assert mini.check().problems == ["t/one.md:14: [word-doubled]"]
