"""A run that is stopped, at any moment and in any way, says so in a sentence and leaves the last good
outputs; the next one gives what a fresh one gives. Terminals, pipes, disks and folders that refuse."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forked import forked, sphinx_build
from machines import fingerprint
from mini import ROOT, Mini, command
from tei_export.cli import main
from tei_export.source import freshness

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="module")
def signals_end_a_program() -> Iterator[None]:
    """Programs started in the background of a shell ignore Ctrl-C, and so would those started here."""
    before = {n: signal.signal(n, signal.SIG_DFL) for n in (signal.SIGHUP, signal.SIGTERM)}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


#: Where a run is stopped: while documents are read, when all are read, in the first and second output,
#: while pages are written, before the outputs take their places.
MOMENTS = (
    ("sphinx.builders", "Builder.write_doctree", 2),
    ("pickle", "dump", 4),
    ("tei_export.shared.atomic", "write_whole", 1),
    ("tei_export.shared.staged_files", "StagedFiles.write", 3),
    ("sphinx.builders.html", "StandaloneHTMLBuilder.handle_page", 2),
    ("sphinx.builders.html", "StandaloneHTMLBuilder.finish", 1),
)
CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
#: All signals but SIGKILL take the same way.
CASES = [
    *((moment, name) for moment in MOMENTS for name in ("SIGKILL", "SIGTERM")),
    (MOMENTS[0], "SIGINT"),
    (MOMENTS[4], "SIGHUP"),
]


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """``tei-export ARGUMENTS`` in a process of its own."""
    options = {"env": environment(), "encoding": "utf-8", "capture_output": True, **options}
    return subprocess.run(
        [sys.executable, "-m", "tei_export.cli", *arguments], check=False, **options
    )


def environment(*paths: Path, **values: str) -> dict[str, str]:
    path = os.pathsep.join([*map(str, paths), str(ROOT / "src")])
    return {**os.environ, "PYTHONPATH": path, **values}


def stopped(
    moment: tuple[str, str, int], name: str, *arguments: str, ignored: bool = False
) -> subprocess.CompletedProcess[str]:
    """``tei-export ARGUMENTS`` that gets the signal ``name`` at ``moment``."""
    module, path, left = moment

    def work() -> int:
        nonlocal left
        owner = importlib.import_module(module)
        *parts, last = path.split(".")
        for part in parts:
            owner = getattr(owner, part)
        real = getattr(owner, last)

        def call(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), getattr(signal, name))
            return real(*args, **named)

        setattr(owner, last, call)
        if (
            real.__module__ == module and not parts
        ):  # as if it was replaced before others imported it
            for other in list(sys.modules.values()):
                if getattr(other, last, None) is real:
                    setattr(other, last, call)
        if ignored:
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        return main(arguments)

    return forked(work)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A small edition that was built, and its record changed since."""
    mini = Mini(tmp_path_factory.mktemp("stopped") / "mini")
    assert mini.run("build", "tei", "html").code == 0
    return mini


@pytest.fixture(scope="module")
def fresh(built: Mini, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a fresh build gives for :func:`built`."""
    out = tmp_path_factory.mktemp("fresh")
    assert built.run("build", "tei", "html", "--out", str(out), "--fresh").code == 0
    return fingerprint(out)


@pytest.mark.parametrize(
    ("moment", "name"), CASES, ids=lambda v: v if isinstance(v, str) else f"{v[1]}-{v[2]}"
)
def test_a_run_that_is_stopped_leaves_the_last_outputs(
    built: Mini, fresh: dict[str, str], moment: tuple[str, str, int], name: str
) -> None:
    title = built.read("edition.yaml")
    built.replace("edition.yaml", "subtitle: A mini", "subtitle: Another mini")
    try:
        done = stopped(moment, name, "build", "tei", "html", "--root", str(built.root))
    finally:
        built.write("edition.yaml", title)
    if name == "SIGKILL":
        assert done.returncode == -signal.SIGKILL
    else:
        assert done.returncode == CODES[name]
        assert done.stderr.endswith("stopped; the previous outputs are unchanged\n")
        assert "Traceback" not in done.stderr
        assert not (built.out / ".cache" / "run").exists()
    assert fingerprint(built.out) == fresh
    assert (
        built.run("build", "tei", "html").code == 0
    )  # the change is taken back: nothing of it may stay
    assert fingerprint(built.out) == fresh
    assert {path.name for path in (built.out / ".cache").iterdir()} == {"doctrees", "lock"}


@pytest.mark.parametrize("name", CODES)
def test_a_run_that_is_stopped_while_the_program_loads(tmp_path: Path, name: str) -> None:
    """A module that the program needs stops it when it is imported."""
    (tmp_path / "sphinx").mkdir()
    code = f"import os, signal\nos.kill(os.getpid(), signal.{name})\nfor _ in range(10**9): pass\n"
    (tmp_path / "sphinx" / "__init__.py").write_text(code, encoding="utf-8")
    done = run("check", env=environment(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (
        CODES[name],
        "",
        "stopped; nothing was written\n",
    )


def test_signals_that_are_to_be_ignored_are_ignored(mini: Mini) -> None:
    """As ``nohup`` wants it."""

    arguments = ["check", "--root", str(mini.root)]
    done = stopped(MOMENTS[0], "SIGHUP", *arguments, ignored=True)
    assert (done.returncode, done.stderr) == (0, "")


# --- what a refused run has read --------------------------------------------------------------


@pytest.mark.parametrize("target", ["tei", "html"])
def test_a_refused_change_that_is_taken_back_leaves_nothing(mini: Mini, target: str) -> None:
    """A register, a word with the old time of the file, a page table, a warning."""
    assert mini.build(target).code == 0
    before = fingerprint(mini.out)
    changes = (
        ("registers/persons.yaml", "forms: [Trotsky]", "forms: [Trotsky, STALIN, Stalin]"),
        ("t/one.md", "tion was a mistake", "tion was a mistoke"),
        ("witness/pages.csv", "2,14,20,14", "2,14,20,"),
        ("index.md", "# A small edition", "# A small edition\n\n### Too deep"),
        ("edition.yaml", "status: draft", "status: unknown"),
        ("index.md", "# A small edition", "# A small edition\n\n\x01"),
    )
    for name, old, new in changes:
        text, stat = mini.read(name), mini.path(name).stat()
        mini.replace(name, old, new)
        os.utime(mini.path(name), ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert mini.build(target).code == 1, name
        assert fingerprint(mini.out) == before
        mini.write(name, text)
        os.utime(mini.path(name), ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert mini.build(target).code == 0, name
        assert fingerprint(mini.out) == before, name


def test_sphinx_alone_forgets_what_a_refused_run_has_read(mini: Mini) -> None:
    arguments = ["-q", "-W", "-b", "html", "-c", str(mini.root)]
    arguments += [str(mini.root / "edition"), str(mini.root / "sphinx")]

    def sphinx() -> int:
        done = sphinx_build(*arguments)
        assert "Handler" not in done.stderr
        return done.returncode

    assert sphinx() == 0
    page = mini.root / "sphinx" / "t" / "one.html"
    before = page.read_bytes()
    for name, old, new in (
        ("t/one.md", "tion was a mistake", "tion was a mistoke"),
        ("index.md", "# A small edition", "# A small edition\n\n### Too deep"),
    ):
        text, stat = mini.read(name), mini.path(name).stat()
        mini.replace(name, old, new)
        for _ in range(2):
            assert sphinx() == 2  # of Sphinx, for what ends a build
        mini.write(name, text)
        os.utime(mini.path(name), ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert sphinx() == 0
        assert page.read_bytes() == before


def test_another_program_of_the_same_version_reads_anew(
    mini: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = mini.out / ".cache" / "doctrees" / "t"

    def times() -> set[int]:
        return {path.stat().st_mtime_ns for path in trees.iterdir()}

    assert mini.check().code == 0
    before = times()
    assert mini.check().code == 0
    assert times() == before
    monkeypatch.setattr(freshness, "program_digest", lambda: "another")
    assert mini.check().code == 0
    assert times().isdisjoint(before)


def test_the_digest_of_the_program_is_of_every_file(tmp_path: Path) -> None:
    from tei_export.model.program_digest import program_digest

    (tmp_path / "theme").mkdir()
    for name in ("a.py", "theme/a.css"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    found = {program_digest.__wrapped__(tmp_path)}
    for name in ("a.py", "theme/a.css", "theme/b.css"):
        (tmp_path / name).write_text("2", encoding="utf-8")
        found.add(program_digest.__wrapped__(tmp_path))
    assert len(found) == 4


@pytest.mark.parametrize("name", ["t/one.md", "edition.yaml", "registers/persons.yaml", "conf.py"])
def test_sources_saved_during_a_build_are_in_all_outputs_or_none(
    mini: Mini, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Saved after the TEI is made: all outputs are made once more."""
    from tei_export.outputs.tei.builder import TeiBuilder

    write_all, runs = TeiBuilder._write_all, []
    changes = {
        "t/one.md": ("{place}`Moscow`", "Moscow"),
        "edition.yaml": ("subtitle: A mini edition", "subtitle: A second edition"),
        "registers/persons.yaml": ("dates: 1879–1940", "dates: 1879–1941"),
        "conf.py": ('language = "en"', 'language = "de"'),
    }

    def save(builder: TeiBuilder) -> None:
        write_all(builder)
        runs.append(1)
        if len(runs) == 1:
            path = mini.root / "conf.py" if name == "conf.py" else mini.path(name)
            text = path.read_text(encoding="utf-8")
            assert changes[name][0] in text
            path.write_text(text.replace(*changes[name]), encoding="utf-8")

    monkeypatch.setattr(TeiBuilder, "_write_all", save)
    result = mini.run("build", "tei", "data", "epub")
    assert result.code == 0, result.output
    assert "building all outputs again" in result.output
    monkeypatch.undo()
    assert (
        mini.run("build", "tei", "data", "epub", "--fresh", "--out", str(mini.root / "fresh")).code
        == 0
    )
    assert fingerprint(mini.out) == fingerprint(mini.root / "fresh")


# --- terminals, pipes, disks, folders --------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "iso-8859-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=lambda values: next(iter(values.values())),
)
def test_any_terminal_and_any_folder(tmp_path: Path, values: dict[str, str]) -> None:
    mini = Mini(tmp_path / "ü Ω кот" / "ed ition")
    plain = Mini(tmp_path / "plain")
    assert plain.run("build", "tei", "data").code == 0
    done = run(
        "build",
        "tei",
        "data",
        "--root",
        str(mini.root),
        env=environment(**values),
        encoding="latin-1",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("tei   \\u2026 ")
    assert fingerprint(mini.out) == fingerprint(plain.out)
    mini.replace("edition.yaml", "status: draft", "status: кот")
    done = run("check", "--root", str(mini.root), env=environment(**values), encoding="latin-1")
    assert done.returncode == 1
    assert "edition.yaml:6:1: [record-field]" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["check"], ["check", "--verbose"], ["build", "tei"], ["--help"]]
)
def test_a_pipe_that_nobody_reads(mini: Mini, arguments: list[str]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    root = [] if arguments == ["--help"] else ["--root", str(mini.root)]
    done = run(*arguments, *root, capture_output=False, stdout=writes, stderr=subprocess.PIPE)
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_standard_output_at_all(mini: Mini) -> None:
    shell = f'exec "{sys.executable}" -m tei_export.cli check --root "{mini.root}" >&- 2>&-'
    assert subprocess.run(["sh", "-c", shell], env=environment(), check=False).returncode == 0


@pytest.mark.parametrize("size", [0, 500, 3000, 12_000, 40_000])
def test_a_disk_that_takes_no_more(mini: Mini, size: int) -> None:
    """No file may get larger than ``size``: a disk that is full in the middle of a file."""
    import resource

    assert mini.run("build", "tei", "html").code == 0
    before = fingerprint(mini.out)
    mini.replace("edition.yaml", "subtitle: A mini", "subtitle: Another mini")

    def work() -> int:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        return main(["build", "tei", "html", "--root", str(mini.root)])

    done = forked(work)
    assert done.returncode == 4, done.stderr
    assert str(mini.out) in done.stderr
    assert "File too large; the previous outputs are unchanged" in done.stderr
    assert "fault" not in done.stderr
    assert fingerprint(mini.out) == before
    assert not (mini.out / ".cache" / "run").exists()


@pytest.mark.parametrize("call", ["mkdir", "rename", "replace", "unlink"])
def test_a_folder_that_refuses(mini: Mini, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    assert mini.run("build", "tei").code == 0
    before = fingerprint(mini.out)
    real = getattr(Path, call)

    def refuse(self: Path, *arguments: object, **named: object) -> object:
        if self.is_relative_to(mini.out):
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *arguments, **named)

    monkeypatch.setattr(Path, call, refuse)
    result = mini.run("build", "tei")
    assert result.code == 4, result.output
    assert f"tei-export: {mini.out}" in result.output
    assert ": Permission denied; the previous outputs are unchanged" in result.output
    assert fingerprint(mini.out) == before


# --- what Sphinx would wrap ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conf", "code", "said"),
    [
        ("raise ValueError('no')", 1, "conf.py:8: ValueError: no"),
        ("x = (", 1, "conf.py:8: SyntaxError: '(' was never closed"),
        ("language = 'de-'", 1, "conf.py:8: [conf-value]"),
        ("language = 'xx'", 1, "conf.py:0: [language-unknown]"),
        ("edition_schema = 'nowhere'", 1, "conf.py:8: [file-missing]"),
        (
            "def setup(app):\n    app.connect('builder-inited', lambda app: 1 / 0)",
            3,
            "ZeroDivisionError",
        ),
    ],
)
def test_what_conf_py_gets_wrong(mini: Mini, conf: str, code: int, said: str) -> None:
    file = mini.root / "conf.py"
    assert len(file.read_text(encoding="utf-8").splitlines()) == 7
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{conf}\n")
    result = command(mini.root, "build", "tei")
    assert result.code == code
    assert said in result.output
    assert "Traceback" not in result.output
    assert "Handler" not in result.output


def test_what_any_listener_finds_wrong_is_told_as_a_problem(mini: Mini) -> None:
    """By the command and by Sphinx alone."""
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            "from tei_export.model.problems import EditionError, Problem\n"
            "def wrong(app, *_):\n    raise EditionError(Problem('record-field', 'edition.yaml', 3, 'x'))\n"
            "def setup(app):\n    app.connect('env-check-consistency', wrong)\n"
        )
    said = "edition.yaml:3: [record-field]"
    result = mini.build("data")
    assert (result.code, result.problems) == (1, [said])
    arguments = [
        "-q",
        "-b",
        "data",
        "-c",
        str(mini.root),
        str(mini.root / "edition"),
        str(mini.root / "sphinx"),
    ]
    done = sphinx_build(*arguments)
    assert done.returncode == 2  # Sphinx has no other for its errors
    assert said in done.stderr
    assert "Handler" not in done.stderr
    assert "Traceback (most recent" not in done.stderr


def test_a_text_without_parts(mini: Mini) -> None:
    record = mini.read("edition.yaml")
    mini.write("edition.yaml", record[: record.index("    parts:")] + "    parts: []\n")
    assert mini.check().problems == ["edition.yaml:49: [record-field]"]
