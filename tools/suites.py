"""Run the two test suites, ``tests/program`` and ``tests/edition``, in one queue.

``make test`` (``python tools/suites.py``) runs both in several processes, one more than the machine has
processors: a test in a browser waits half of its time. The longest files begin, so that all processes end at about
the same time. Arguments go to pytest (``-k witness``, ``--durations=20``, ``-n 0`` for one process). Tests that
are named by their paths run in one process, unless a path is that of a suite. The names of failed tests are the
last lines. ``--coverage`` measures how much of the program the tests run.

Temporary files are in memory if there is room; ``TMPDIR`` overrides this.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SUITES = ("tests/program", "tests/edition")
COVERAGE = ROOT / "build" / "coverage"
#: More processes than this would wait for the longest files.
_MOST = 12
PROCESSES = min((os.cpu_count() or 1) + 1, _MOST)
#: How a complete suite is distributed: the tests of a file share their builds, so they stay together.
SPREAD = ("-n", str(PROCESSES), "--dist", "loadfile", "--no-loadscope-reorder")
#: The folder in memory on Linux, and how much of it the tests may need.
MEMORY, ROOM = Path("/dev/shm"), 6_000_000_000


def main(arguments: list[str]) -> int:
    """Run the suites; return the exit code."""
    measured = "--coverage" in arguments
    rest = [a for a in arguments if a != "--coverage"]
    if measured:
        _prepare()
    with fast_folder() as folder:
        code, failed = _run(chosen(rest), measured, folder)
    if measured:
        code = code or _reported(complete=not rest)
    for name in failed:
        print(name)
    return code


def chosen(arguments: list[str]) -> list[str]:
    """Return the arguments for pytest; complete suites, and both where no path is given, in several processes."""
    given = {a: (ROOT / a.partition("::")[0]).resolve() for a in arguments if not a.startswith("-")}
    paths = {path for path in given.values() if path.exists()}
    whole = {name: {ROOT / name, *(ROOT / name).parents} for name in SUITES}
    suites = [name for name, folders in whole.items() if not paths or paths & folders]
    if not suites:
        return arguments
    folders = set().union(*whole.values())
    return [*suites, *SPREAD, *(a for a in arguments if given.get(a) not in folders)]


@contextmanager
def fast_folder(memory: Path = MEMORY, room: int = ROOM) -> Iterator[Path | None]:
    """Yield a folder in memory for the temporary files of the tests, and delete it afterwards.

    The tests write a few hundred thousand small files, which takes a fifth of their time on a disk. Yields None
    if ``memory`` is not a folder, lacks ``room``, or cannot run programs, which some tests put there.
    """
    try:
        if "TMPDIR" in os.environ or shutil.disk_usage(memory).free < room:
            raise OSError
        home = tempfile.TemporaryDirectory(
            prefix="tei-export-tests-", dir=memory, ignore_cleanup_errors=True
        )
    except OSError:
        yield None
        return
    with home:
        program = Path(home.name) / "program"
        program.write_text("#!/bin/sh\n", encoding="ascii")
        program.chmod(0o700)
        try:
            subprocess.run([program], check=True)
        except (OSError, subprocess.CalledProcessError):
            yield None
        else:
            yield Path(home.name)


def _run(arguments: list[str], measured: bool, folder: Path | None) -> tuple[int, list[str]]:
    """Run pytest; return its exit code and the names of failed tests."""
    before = ["-m", "coverage", "run"] if measured else []
    command = [sys.executable, *before, "-m", "pytest", *arguments]
    environment = {**os.environ, "COVERAGE_FILE": str(COVERAGE / "tests"), "PYTHONUNBUFFERED": "1"}
    # Tests start the program hundreds of times: it is compiled once, also where Python is told to keep nothing;
    # and in its usual place, since pip has compiled there what it installed.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if folder:
        environment["TMPDIR"] = str(folder)
    failed, summary = [], False
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            summary = summary or "short test summary info" in line
            if summary and line.startswith(("FAILED ", "ERROR ")):
                failed.append(named(line.strip()))
            print(line, end="", flush=True)
    return abs(process.returncode), failed


def named(line: str) -> str:
    """Return ``FAILED file::test[values] - what went wrong`` without what went wrong."""
    head, bracket, rest = line.partition("[")
    if not bracket or " - " in head:
        return line.partition(" - ")[0]
    values, end, _said = rest.partition("] - ")
    return f"{head}[{values}{end[:1]}"


def _prepare() -> None:
    COVERAGE.mkdir(parents=True, exist_ok=True)
    for old in COVERAGE.iterdir():
        old.unlink()


def _reported(*, complete: bool) -> int:
    """Print the coverage; the minimum applies only to a run of all tests."""
    environment = {**os.environ, "COVERAGE_FILE": str(COVERAGE / "all")}
    coverage = [sys.executable, "-m", "coverage"]
    parts = [str(path) for path in sorted(COVERAGE.iterdir())]
    # Tests of a full disk and of processes that are killed leave files that are cut short: they are left out.
    combine = [sys.executable, "-W", "ignore", "-m", "coverage", "combine", "--quiet", *parts]
    code = subprocess.run(combine, cwd=ROOT, env=environment, check=False).returncode
    floor = [] if complete else ["--fail-under=0"]
    return (
        code
        or subprocess.run(
            [*coverage, "report", *floor], cwd=ROOT, env=environment, check=False
        ).returncode
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
