"""The command line, what it writes, and what it remembers from one run to the next."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sphinx.application import Sphinx

import tei_export
from forked import sphinx_build
from mini import BASE, ROOT, Mini
from tei_export import cli
from tei_export.proof import regenerate
from tei_export.shared.sphinx_run import sphinx_run
from tei_export.source.facts import domain_of
from tei_export.tei.proved_tei import TeiExporter

if TYPE_CHECKING:
    from pathlib import Path

# --- usage -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [[], ["make"], ["build", "paper"], ["build", "--nothing"], ["check", "tei"]]
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: tei-export" in capsys.readouterr().err


def test_a_folder_that_holds_no_edition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--root", str(tmp_path)]) == 2
    assert "no conf.py" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["check", "--help"]])
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    if arguments == ["--help"]:
        for words in (
            "exit codes: 0 done; 1 the edition has problems",
            "2 wrong usage",
            "3 an internal error",
            "build",
            "check",
        ):
            assert words in shown
    else:
        assert "--root" in shown


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"tei-export {tei_export.__version__}\n"


def test_check_reports_and_writes_nothing(mini: Mini) -> None:
    result = mini.check()
    assert result.code == 0
    assert result.output == (
        "t: 3 pages, 21 lines agree with the witness witness/w.txt\n"
        "  I. One: pp. 1–2, 16 lines of the witness, 9 entries, 2 notes, 0 differences\n"
        "  II. Two: pp. 3–3, 5 lines of the witness, 1 entries, 1 notes, 0 differences\n"
        "  by class: 1 gap, 1 glyph, 1 mark, 1 noise, 2 number, 1 sic, 2 substitution, 1 supplied\n"
        "  by certainty: 9 high, 1 medium, 0 low\n"
    )
    assert [path.name for path in mini.out.iterdir()] == [".cache"]


def test_build_says_what_it_does(mini: Mini) -> None:
    result = mini.run("build", "tei", "--out", str(mini.root / "elsewhere"))
    assert result.code == 0
    assert result.output.startswith("tei   … ")
    assert "21 lines regenerated from the TEI, 0 differences" in result.output
    assert (mini.root / "elsewhere" / "tei" / "t.xml").is_file()
    assert not (mini.out / "tei").exists()


def test_sphinx_alone_builds_and_refuses_as_well(mini: Mini) -> None:
    arguments = ["-q", "-b", "tei", "-c", str(mini.root)]
    arguments += [str(mini.root / "edition"), str(mini.root / "sphinx")]
    command = [sys.executable, "-m", "sphinx", *arguments]
    good = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (good.returncode, good.stderr) == (0, "")
    written = (mini.root / "sphinx" / "t.xml").read_bytes()
    assert mini.build("tei").code == 0
    assert (mini.out / "tei" / "t.xml").read_bytes() == written

    mini.replace("t/one.md", "a mistake", "a mistoke")
    bad = sphinx_build(*arguments)
    assert bad.returncode
    assert "t/one.md:6:16: [witness-differs]" in bad.stderr
    # Sphinx itself adds a report with the last frame of every error
    assert "Traceback (most recent" not in bad.stderr
    assert (mini.root / "sphinx" / "t.xml").read_bytes() == written


# --- faults of the tools -----------------------------------------------------------------


def test_an_interrupted_build(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    assert mini.build("tei").code == 0
    written = mini.out / "tei" / "t.xml"
    before = written.read_bytes()
    monkeypatch.setattr(TeiExporter, "text", interrupt)
    result = mini.build("tei")
    assert result.code == 130
    assert "the previous outputs are unchanged" in result.output
    assert written.read_bytes() == before


def test_a_fault_of_the_tools(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError("no such thing")

    monkeypatch.setattr(TeiExporter, "text", fault)
    result = mini.build("tei")
    assert result.code == 3
    assert "internal error: ZeroDivisionError: no such thing" in result.output
    assert "Traceback" not in result.output
    assert not (mini.out / "tei").exists()
    assert "Traceback" in mini.run("build", "tei", "--traceback").output


def test_tei_invalid(mini: Mini) -> None:
    schema = mini.root / "schema"
    shutil.copytree(ROOT / "schema", schema, ignore=shutil.ignore_patterns("tests", "*.odd"))
    grammar = '<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><notAllowed/></start></grammar>'
    (schema / "edition.rng").write_text(grammar, encoding="utf-8")
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('edition_schema = "schema"\n')
    result = mini.build("tei")
    assert result.code == 1
    assert {problem.partition(":")[0] for problem in result.problems} == {
        "t.xml"
    }  # nothing is derived from it
    assert "[tei-invalid] the TEI is invalid: E-RNG: " in result.output
    assert not (mini.out / "tei").exists()


def test_tei_witness(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    export = TeiExporter.text

    def forgetful(self: TeiExporter, *arguments: object) -> bytes:
        return export(self, *arguments).replace(b"a mistake", b"a mistke")  # type: ignore[arg-type]

    monkeypatch.setattr(TeiExporter, "text", forgetful)
    result = mini.build("tei")
    assert result.code == 1
    assert result.problems == ["t.xml:0: [tei-witness]"]
    assert "TEI:     tion was a mistke. Stalin had adaraent" in result.output
    assert "witness: tion was a mistake. Stalin had adaraent" in result.output
    assert not (mini.out / "tei").exists()


def test_the_second_proof_by_itself(mini: Mini, capsys: pytest.CaptureFixture[str]) -> None:
    assert mini.build("tei").code == 0
    tei, text = mini.out / "tei" / "t.xml", mini.path("witness/w.txt")
    arguments = [str(tei), str(text), str(mini.path("witness/pages.csv"))]
    assert regenerate.main(arguments) == 0
    assert regenerate.main(arguments[:2]) == 0
    assert "3 pages, 21 lines regenerated from the TEI, 0 differences" in capsys.readouterr().out
    text.write_text(
        mini.read("witness/w.txt").replace("TWO", "T0O") + "one more\n", encoding="utf-8"
    )
    assert regenerate.main(arguments[:2]) == 1
    shown = capsys.readouterr().out
    assert "p. 3, line 23\n  TEI:     TWO STALIN\n  witness: T0O STALIN" in shown
    assert "line 27 of the witness is not in the TEI" in shown
    assert regenerate.main([]) == 2


# --- from one run to the next --------------------------------------------------------------


def test_a_problem_is_reported_until_it_is_gone(mini: Mini) -> None:
    mini.replace("t/one.md", "a mistake", "a mistoke")
    for _ in range(2):
        assert mini.check().problems == ["t/one.md:6: [witness-differs]"]
        assert mini.build("tei").problems == ["t/one.md:6: [witness-differs]"]
    mini.replace("t/two.md", "Another page", "An other page")
    assert mini.check().problems == [
        "t/one.md:6: [witness-differs]",
        "t/two.md:5: [witness-differs]",
    ]
    mini.replace("t/one.md", "a mistoke", "a mistake")
    assert mini.check().problems == ["t/two.md:5: [witness-differs]"]
    mini.replace("t/two.md", "An other page", "Another page")
    assert mini.build("tei").code == 0


def test_a_warning_of_sphinx_is_repeated_until_it_is_gone(mini: Mini) -> None:
    mini.write("stray.md", "# In no table of contents\n")
    for arguments in (["check"], ["check"], ["build", "tei"], ["build", "tei"]):
        result = mini.run(*arguments)
        assert result.code == 1
        assert "stray.md: WARNING" in result.output
    mini.path("stray.md").unlink()
    assert mini.check().code == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            "registers/persons.yaml",
            "forms: [Stalin, STALIN]",
            "forms: [Stalin]",
            "t/two.md:2: [register-name]",
        ),
        (
            "registers/events.yaml",
            "forms: [Civil War]",
            "forms: [The Civil War]",
            "t/one.md:15: [register-name]",
        ),
        ("witness/pages.csv", "2,14,20,14", "2,14,20,", "t/one.md:15: [witness-left-out]"),
        ("edition.yaml", 'glyphs: {"’": "\'"}', 'glyphs: {"*": "\'"}', ""),
    ],
)
def test_every_part_follows_the_files_beside_it(
    mini: Mini, name: str, old: str, new: str, problem: str
) -> None:
    assert mini.build("tei").code == 0
    before = mini.out.joinpath("tei", "t.xml").read_bytes()
    mini.replace(name, old, new)
    result = mini.build("tei")
    after = mini.out.joinpath("tei", "t.xml").read_bytes()
    if problem:
        assert problem in result.problems
        assert after == before
    else:
        assert result.code == 0
        assert after != before
        assert "Secretary</rs>’s" in after.decode()


def test_only_a_changed_part_is_read_again(mini: Mini) -> None:
    assert mini.build("tei").code == 0
    trees = mini.out / ".cache" / "doctrees" / "t"
    before = {path.name: path.stat().st_mtime_ns for path in trees.iterdir()}
    mini.replace(
        "t/two.md",
        "No work is cited here.",
        "No {ocr}`work <work>` is cited here.".replace("<work>", "<wcrk>"),
    )
    assert mini.build("tei").problems == ["t/two.md:8: [witness-differs]"]
    assert {
        path.name: path.stat().st_mtime_ns for path in trees.iterdir()
    } == before  # nothing of it stays
    mini.witness(mini.read("witness/w.txt").replace("No work is cited", "No wcrk is cited"))
    assert mini.build("tei").code == 0
    before = {path.name: path.stat().st_mtime_ns for path in trees.iterdir()}
    mini.replace("t/two.md", "{person}`STALIN`", "STALIN")
    assert mini.build("tei").code == 0
    after = {path.name: path.stat().st_mtime_ns for path in trees.iterdir()}
    assert after["one.doctree"] == before["one.doctree"]
    assert after["two.doctree"] != before["two.doctree"]


def test_a_second_build_gives_the_same_bytes(mini: Mini) -> None:
    assert mini.build("tei").code == 0
    first = mini.out.joinpath("tei", "t.xml").read_bytes()
    assert mini.run("build", "tei", "--fresh").code == 0
    assert mini.out.joinpath("tei", "t.xml").read_bytes() == first
    other = Mini(mini.root.with_name("other"), BASE)
    assert other.build("tei").code == 0
    assert other.out.joinpath("tei", "t.xml").read_bytes() == first


def test_parts_read_in_parallel_give_the_same_facts(mini: Mini) -> None:
    for number in range(8):  # Sphinx reads few documents in one process
        mini.write(f"page-{number}.md", "---\norphan: true\n---\n# A page\n")
    facts = []
    for processes in (1, 2):
        with sphinx_run(mini.root):
            out = mini.root / f"by-{processes}"
            app = Sphinx(
                str(mini.root / "edition"),
                str(mini.root),
                str(out),
                str(out / "doctrees"),
                "dummy",
                status=None,
                warning=io.StringIO(),
                parallel=processes,
            )
            app.build()
        facts.append(domain_of(app.env).facts)
    assert facts[0].keys() == facts[1].keys()
    for docname in ("t/one", "t/two"):
        assert facts[0][docname] == facts[1][docname]


def test_what_is_gone_leaves_no_page(mini: Mini) -> None:
    mini.write("more.md", "---\norphan: true\n---\n# More\n")
    assert mini.build("html").code == 0
    page = mini.out / "html" / "more.html"
    assert page.is_file()
    mini.path("more.md").unlink()
    assert mini.build("html").code == 0
    assert not page.exists()
    assert (mini.out / "html" / "t" / "one.html").is_file()
