"""Outputs made side by side are those made one after another; whatever ends one of them ends the run."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from machines import fingerprint
from tei_export.outputs.pdf import typst_engine
from tei_export.shared import side_by_side
from tei_export.shared.parallel_reading import rows
from tei_export.shared.side_by_side import Handover, SideBySide, Turns
from vocabulary_pages import PICTURE

#: A package that distributed needs; it has no types.
psutil: Any = importlib.import_module("psutil")

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Mini

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="there is no fork"),
    pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app:PendingDeprecationWarning"),
]


def test_side_by_side_or_not_the_bytes_are_the_same(mini: Mini, tmp_path: Path) -> None:
    made = []
    mini.write("map.png", PICTURE.read_bytes())
    mini.replace(
        "t/two.md", "Another page", "```{figure} ../map.png\n:alt: A map\n```\n\nAnother page"
    )
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        result = mini.run("build", "all", "--jobs", jobs, "--out", str(out))
        assert result.code == 0, result.output
        assert (out / "html/_images/map.png").is_file()
        made.append(fingerprint(out))
        said = [line.split()[0] for line in result.output.splitlines() if " … " in line]
        targets = ["data", "dts", "epub", "html", "json", "office", "pdf", "tei"]
        assert sorted(said) == sorted([*targets, *(["texts"] if jobs == "2" else [])])
        assert (said.index("pdf") > said.index("epub")) is (jobs == "2")
        assert {path.name for path in (out / ".cache").iterdir()} == {"doctrees", "lock"}
    assert made[0] == made[1]


def test_a_problem_of_the_pdf_ends_the_run(mini: Mini) -> None:
    assert mini.run("build", "tei", "epub", "pdf", "--jobs", "2").code == 0
    before = fingerprint(mini.out)
    # a letter that no font has is found where the book is set, and not before
    mini.replace("edition.yaml", "caveat: Restored", "caveat: \U00012000 Restored")
    results = [mini.run("build", "tei", "data", "pdf", "--jobs", jobs) for jobs in ("1", "2")]
    assert [result.code for result in results] == [1, 1]
    assert results[0].problems == results[1].problems != []
    assert fingerprint(mini.out) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("t/one.md", "The last paragraph", "The lost paragraph"),  # a problem of a document
        (
            "index.md",
            "# A small edition",
            "# A small edition\n\n[there](about.md#nowhere)\n\n```{nothing}\n```",
        ),
        ("t/two.md", "Another page", "\\0Another page"),  # found before anything is read
    ],
)
def test_what_is_found_while_documents_are_read_is_told_alike(
    mini: Mini, file: str, old: str, new: str
) -> None:
    mini.write("about.md", "---\norphan: true\n---\n# About\n")
    mini.write(file, mini.read(file).replace(old, new.replace("\\0", "\0")))
    said = [mini.run("build", "tei", "pdf", "--jobs", jobs) for jobs in ("1", "2")]
    assert [result.code for result in said] == [1, 1]
    told = [[line for line in result.output.splitlines() if " … " not in line] for result in said]
    assert told[0] == told[1] != []
    assert not (mini.out / "tei").exists()


def test_what_is_read_at_once_is_divided_evenly() -> None:
    size = dict(zip("abcdefg", (10, 1, 9, 5, 4, 2, 3), strict=True))
    assert rows(size, 2) == [["a", "e", "g"], ["c", "d", "f"], ["b"]]
    assert rows({"a": 1}, 2) == [[], [], ["a"]]


#: An extension of the edition that finds something, or says something, while the page of a document is written.
PAGE = """\
from sphinx.util import logging
from tei_export.model.problems import EditionError, Problem

def look(app, name, template, context, tree):
    if name != "t/two":
        return
    if app.config.finds == "warning":
        logging.getLogger(__name__).warning("howling", location=name)
    elif app.config.finds == "problem":
        raise EditionError(Problem("page-none", "t/two.md", 3, "howling"))
    elif app.config.finds == "error":
        raise RuntimeError("howling")

def setup(app):
    app.add_config_value("finds", "", "")
    app.connect("html-page-context", look)
    return {"parallel_write_safe": True, "parallel_read_safe": True}
"""


@pytest.mark.parametrize(
    ("finds", "code", "said"),
    [
        ("warning", 1, "WARNING: howling"),
        ("problem", 1, "t/two.md:3: [page-none]"),
        ("error", 3, "howling"),
    ],
)
def test_what_is_found_while_pages_are_written_ends_the_run(
    mini: Mini, finds: str, code: int, said: str
) -> None:
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parent))\n"
            f'extensions += ["page_{finds}"]\nfinds = {finds!r}\n'
        )
    (mini.root / f"page_{finds}.py").write_text(PAGE, encoding="utf-8")
    result = mini.run("build", "html", "--jobs", "2")
    assert result.code == code
    assert said in result.output
    assert not (mini.out / "html").exists()
    assert mini.check().code == 0  # what was read is good


def test_what_the_copy_returns_or_raises() -> None:
    number = 20
    with SideBySide(lambda: number + 1) as copy:
        assert copy.result() == 21

    class OddError(Exception):
        def __init__(self, one: int, two: int) -> None:
            super().__init__(f"{one} and {two}")

    def fail(error: Exception) -> None:
        raise error

    for given, kind, said in (
        (OSError(28, "No space left on device", "/x"), OSError, "No space left on device: '/x'"),
        (ValueError("no"), ValueError, "no"),
        (OddError(1, 2), RuntimeError, "OddError: 1 and 2"),
    ):
        with SideBySide(partial(fail, given)) as copy, pytest.raises(kind, match=said):
            copy.result()


def test_each_of_what_processes_take_in_turn_is_for_one_of_them() -> None:
    with (
        Turns(10_000) as turns,
        SideBySide(lambda: list(turns)) as one,
        SideBySide(lambda: list(turns)) as other,
    ):
        taken = [list(turns), one.result(), other.result()]
        assert list(turns) == []
    assert sorted(n for numbers in taken for n in numbers) == list(range(10_000))
    assert all(numbers == sorted(numbers) for numbers in taken)


def test_a_copy_waits_for_what_it_is_given(tmp_path: Path) -> None:
    with Handover(tmp_path / "it") as handover, SideBySide(handover.take) as copy:
        handover.give({"words": "x" * 1_000_000})
        assert copy.result() == {"words": "x" * 1_000_000}
    assert not list(tmp_path.iterdir())
    with Handover(tmp_path / "it") as handover, SideBySide(handover.take) as copy:
        handover.__exit__()  # it failed, and gives nothing
        with pytest.raises(FileNotFoundError):
            copy.result()


def test_a_copy_that_is_killed_and_one_that_nobody_waits_for() -> None:
    with (
        SideBySide(lambda: os.kill(os.getpid(), signal.SIGKILL)) as copy,
        pytest.raises(OSError, match="ended with -9"),
    ):
        copy.result()
    start = time.monotonic()
    with SideBySide(lambda: time.sleep(60)):
        pass
    assert time.monotonic() - start < 30


def test_the_compiler_of_a_copy_ends_with_it() -> None:
    others = psutil.Process().children()  # a browser of other tests
    with SideBySide(lambda: typst_engine._apart(time.sleep, 60)):
        (copy,) = [one for one in psutil.Process().children() if one not in others]
        while not (found := copy.children()):
            time.sleep(0.01)
        (compiler,) = found
    end = time.monotonic() + 30
    while _runs(compiler):
        assert time.monotonic() < end
        time.sleep(0.02)


def _runs(process: Any) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_a_run_that_is_stopped_ends_its_copy(mini: Mini, name: str) -> None:
    """The PDF waits for ever; the signal comes then."""
    script = (
        "import sys, time\n"
        "from tei_export.outputs.pdf import builder\n"
        "def wait(self, docnames):\n"
        "    print('here', flush=True)\n"
        "    time.sleep(20)\n"
        "builder.PdfBuilder.write_documents = wait\n"
        "from tei_export.cli import main\n"
        "raise SystemExit(main(sys.argv[1:]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, "build", "all", "--jobs", "2", "--root", str(mini.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    while "here" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(getattr(signal, name))
    output: Any = process.communicate(timeout=60)[0]  # ends when the copy has ended, too
    assert process.returncode == (143 if name == "SIGTERM" else -9)
    assert "Traceback" not in output
    assert {path.name for path in mini.out.iterdir()} == {".cache"}
    assert mini.run("build", "tei").code == 0


def test_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert side_by_side.processors() >= 1
    monkeypatch.setattr(sys, "platform", "darwin")
    assert side_by_side.processors() == 1
