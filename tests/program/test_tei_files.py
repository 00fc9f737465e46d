"""The TEI folder: every file is there, valid and whole, and says what the others say."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from mini import Mini
from tei_export.model.git import commit_of
from tei_export.schema import rules
from tei_export.schema.validate import report
from tei_files import ids, names
from tei_text import ID, TEI, parse

if TYPE_CHECKING:
    from pathlib import Path

from tei_files import divisions


def test_a_language_that_the_record_does_not_know(mini: Mini) -> None:
    mini.replace("edition.yaml", "  ru: Russian\n", "")
    result = mini.build("tei")
    assert result.problems == ["t/two.md:5: [language-undescribed]"]


# --- ids ---

CHAPTERS = 5


def five(mini: Mini) -> None:
    """Give the edition five chapters of a page each, with notes, names and readings."""
    witness: list[str] = []
    table, parts = ["page,first_line,last_line,number_seen_at_line"], ""
    for n in range(1, CHAPTERS + 1):
        first = len(witness) + 1
        witness += [
            f"CHAPTER {n}",
            "",
            f"Chapter{n} began wiht a w0rd.1",
            "",
            f"And ended number {n}.",
            "",
            f"1 A note on {n}.",
            "",
        ]
        table.append(f"{n},{first},{len(witness)},")
        parts += f"      - {{doc: c{n}, id: ch-0{n}, type: chapter, n: {n}, title: Chapter {n}}}\n"
        mini.write(
            f"t/c{n}.md",
            f"{{pb}}`{n}`{{number}}`CHAPTER {n}`\n===\n\nChapter{n} began {{sic}}`with <wiht>` a "
            f"{{ocr}}`word <w0rd> ? (cf. p. 1)`.[^1]\n\n[^1]: A note on {n}.\n\n"
            f"And ended {{supplied}}`at ? (as in Carr, page 9)` number {n}.\n",
        )
    record = mini.read("edition.yaml")
    mini.write("edition.yaml", record[: record.index("      - {doc")] + parts)
    mini.write("index.md", "# Five\n\n```{toctree}\n:glob:\n\nt/*\n```\n")
    for old in ("t/one.md", "t/two.md"):
        mini.path(old).unlink()
    for register in ("persons", "places", "organisations", "events", "works"):
        mini.write(f"registers/{register}.yaml", "")
    mini.write("witness/pages.csv", "\n".join(table) + "\n")
    mini.witness("\n".join(witness) + "\n")


def ids_by_chapter(mini: Mini) -> dict[str, list[str]]:
    result = mini.build("tei")
    assert result.code == 0, result.output
    root = parse((result.out / "tei" / "t.xml").read_bytes())
    return {d.get(ID, ""): ids(d) for d in divisions(root)}


def test_an_edit_in_one_chapter_changes_no_id_in_another(mini: Mini) -> None:
    five(mini)
    before = ids_by_chapter(mini)
    assert len(before) == CHAPTERS
    assert before["ch-05"] == [
        "ch-05",
        "pg-005",
        "o0033",
        "ch-05-b001",
        "o0035",
        "app-0035-1",
        "app-0035-2",
        "nr-05-001",
        "fn-05-001",
        "o0039",
        "ch-05-b002",
        "o0037",
        "app-0037-1",
    ]
    mini.replace("t/c1.md", "And ended", "{supplied}`A paragraph that was lost. ?`\n\nAnd ended")
    after = ids_by_chapter(mini)
    assert {c for c in before if before[c] != after[c]} == {"ch-01"}
    # in the chapter itself the numbers of later blocks change, and nothing else
    assert set(before["ch-01"]) - set(after["ch-01"]) == set()
    assert set(after["ch-01"]) - set(before["ch-01"]) == {"ch-01-b003", "app-1-3-1"}


def test_evidence_is_a_place_of_the_text(mini: Mini) -> None:
    """A reason that names a page of the text points to it; one that names no page there does not."""
    five(mini)
    mini.replace("t/c2.md", "(as in Carr, page 9)", "(as on p. 4)")
    assert mini.build("tei").code == 0
    root = parse((mini.out / "tei" / "t.xml").read_bytes())
    assert {e.get("source") for e in root.iter(TEI + "lem")} == {"#pg-001"}
    found = {
        e.getparent().get(ID): (e.get("source"), e.get("evidence"))
        for e in root.iterfind(f".//{TEI}p/{TEI}supplied")
    }
    assert found == {
        f"ch-0{n}-b002": ("#pg-004", "internal") if n == 2 else (None, None) for n in range(1, 6)
    }


# --- pointers ---

WRONG = {
    "reading founded on a person": ("<lem ", '<lem source="#ed" ', "source=#ed leads to editor"),
    "quotation from a place": ("<quote ", '<quote corresp="#pg-001" ', "corresp=#pg-001 leads to pb"),
    "note of the editors on a paragraph": ('target="#app-', 'target="#ch-01-b001" n="', "leads to p, expected anchor"),
    "reading by a witness": ('resp="#ed"', 'resp="#O"', "resp=#O leads to witness"),
    "witness that is an editor": ('wit="#O"', 'wit="#ed"', "wit=#ed leads to editor"),
    "work where a person is due": ('<persName ref="#pers-stalin"', '<persName ref="#bib-prophet"', "leads to biblStruct, expected person"),
    "note that is no note": ('target="#fn-01-001"', 'target="#pg-001"', "leads to pb, expected note"),
    "the second of two nowhere": ('wit="#O"', 'wit="https://example.org/w.xml#A #Ω"', "wit=#Ω leads nowhere"),
    "nowhere": ('target="#fn-01-001"', 'target="#fn-09-001"', "leads nowhere"),
}  # fmt: skip


@pytest.fixture(scope="module")
def base_tei(tmp_path_factory: pytest.TempPathFactory) -> str:
    mini = Mini(tmp_path_factory.mktemp("base") / "mini")
    assert mini.build("tei").code == 0
    return (mini.out / "tei" / "t.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", WRONG)
def test_a_pointer_leads_to_the_right_kind(base_tei: str, case: str) -> None:
    old, new, message = WRONG[case]
    assert old in base_tei
    at = base_tei.index(old, base_tei.index("<text"))
    spoilt = base_tei[:at] + base_tei[at:].replace(old, new, 1)
    root = etree.ElementTree(parse(spoilt.encode()))
    found = [f for f in rules.check_rules(root) if f.code.startswith("E-POINTER")]
    assert len(found) == 1, report(found)
    assert message in found[0].message


# --- the folder as a whole ---


def test_builds_in_two_folders_are_the_same(tmp_path: Path) -> None:
    minis = [Mini(tmp_path / name) for name in ("a", "elsewhere/b")]
    for mini in minis:
        assert mini.build("tei").code == 0
    first, second = (mini.out / "tei" for mini in minis)
    assert names(first) == names(second)
    assert {
        n for n in names(first) if (first / n).read_bytes() != (second / n).read_bytes()
    } == set()


def test_extracts_of_pages_that_are_gone_are_removed(mini: Mini) -> None:
    """By Sphinx alone, which writes into the folder of the last build."""
    mini.app("tei")
    folder = mini.out / ".app" / "tei"
    gone = folder / "t" / "pages" / "pg-099.xml"
    gone.write_text("<TEI/>", encoding="utf-8")
    kept = folder / "mine.xml"
    kept.write_text("<TEI/>", encoding="utf-8")
    mini.app("tei")
    assert not gone.exists()
    assert kept.exists()


def test_commit_of_the_sources(tmp_path: Path) -> None:
    """Known in a repository that has the files; marked when they were changed since."""
    folder = tmp_path / "edition"
    folder.mkdir()
    (folder / "a.md").write_text("a\n", encoding="utf-8")

    def git(*arguments: str) -> str:
        settings = [
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "commit.gpgsign=false",
        ]
        done = subprocess.run(
            ["git", "-C", str(tmp_path), *settings, *arguments],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    git("init", "-q")
    assert commit_of(folder) == ""
    git("add", ".")
    git("commit", "-qm", "a")
    head = git("rev-parse", "HEAD")
    assert commit_of(folder) == head[:12]
    (folder / "a.md").write_text("b\n", encoding="utf-8")
    assert commit_of(folder) == f"{head[:12]}-dirty"
    (tmp_path / "other").mkdir()
    assert commit_of(tmp_path / "other") == ""


def test_the_commit_is_the_same_for_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another repository in the environment, settings of the user, a clone of another owner."""
    made = {}
    for name in ("here", "there"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.md").write_text(f"{name}\n", encoding="utf-8")
        settings = [
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "commit.gpgsign=false",
        ]
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"]):
            subprocess.run(
                ["git", "-C", str(folder), *settings, *arguments], check=True, capture_output=True
            )
        made[name] = commit_of(folder)
    assert len({*made.values(), ""}) == 3
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[core]\n\tabbrev = 4\n\tautocrlf = true\n[status]\n\tshort = true\n", encoding="utf-8"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "there" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "there"))
    monkeypatch.setenv("LC_ALL", "C")
    assert commit_of(tmp_path / "here") == made["here"]
    if os.geteuid() == 0:
        for path in [tmp_path / "here", *(tmp_path / "here").rglob("*")]:
            os.chown(path, 12345, 12345)
        assert commit_of(tmp_path / "here") == made["here"]
        assert capsys.readouterr().err == ""


def test_no_commit_is_told_where_git_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As older versions of git do for a clone of another owner."""
    git = tmp_path / "git"
    git.write_text(
        '#!/bin/sh\necho "fatal: detected dubious ownership in repository" >&2\nexit 128\n',
        encoding="utf-8",
    )
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert commit_of(tmp_path) == ""
    assert (
        capsys.readouterr().err
        == f"git: {tmp_path} belongs to another user: the outputs name no commit\n"
    )
