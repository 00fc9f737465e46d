"""Run the two test suites side by side, each in its own processes.

``make test`` (``python tools/suites.py``) runs ``tests/program`` and ``tests/edition`` at once, each in two
processes: most machines have two cores, and a test in a browser waits half of its time. Arguments go to both
suites (``-k witness``, ``--durations=20``; ``-n 0`` for one process each). If they contain paths, only the suites
that contain these run, in one process. Every line names its suite; the summaries are repeated at the
end, followed by the names of failed tests. ``--coverage`` measures how much of the program the tests run.

Temporary files are in memory if there is room; ``TMPDIR`` overrides this.

The exit code is 0 if both suites pass, even if the arguments select no test of one of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SUITES = ("program", "edition")
COVERAGE = ROOT / "build" / "coverage"
#: How a complete suite is distributed: the tests of a file share their builds, so they stay together.
SPREAD = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
#: The folder in memory on Linux, and how much of it the tests may need.
MEMORY, ROOM = Path("/dev/shm"), 6_000_000_000
#: The exit code of pytest if the arguments select no test.
NOTHING = 5


def main(arguments: list[str]) -> int:
    """Run the suites; return the exit code."""
    measured = "--coverage" in arguments
    rest = [a for a in arguments if a != "--coverage"]
    plan = chosen(rest)
    if measured:
        _prepare()
    with fast_folder() as folder, ThreadPoolExecutor(len(plan)) as pool:
        runs = pool.map(lambda name: _run(name, plan[name], measured, folder), plan)
        done = dict(zip(plan, runs, strict=True))
    print()
    for name, run in done.items():
        print(f"{name}: {run.last}")
    codes = [run.code for run in done.values()]
    if measured:
        codes.append(_reported(complete=not rest))
    for run in done.values():
        for failed in run.failed:
            print(failed)
    return result(codes)


def chosen(arguments: list[str]) -> dict[str, list[str]]:
    """Return the suites to run, each with its arguments for pytest.

    A path belongs to the suite that contains it; without paths every suite runs completely, in several processes.
    """
    paths = [
        a for a in arguments if not a.startswith("-") and (ROOT / a.partition("::")[0]).exists()
    ]
    if not paths:
        return {name: [f"tests/{name}", *SPREAD, *arguments] for name in SUITES}
    others = [a for a in arguments if a not in paths]
    found: dict[str, list[str]] = {}
    whole: set[str] = set()
    for name in SUITES:
        folder = ROOT / "tests" / name
        for path in paths:
            where = (ROOT / path.partition("::")[0]).resolve()
            if where in (folder, *folder.parents):
                found.setdefault(name, []).append(f"tests/{name}")
                whole.add(name)
            elif folder in where.parents:
                found.setdefault(name, []).append(path)
    return {
        name: [*own, *(SPREAD if name in whole else ()), *others] for name, own in found.items()
    } or {SUITES[0]: arguments}


def result(codes: list[int]) -> int:
    """Return 0 if every suite passed; a suite without selected tests passes if another had some."""
    if all(code == NOTHING for code in codes):
        return NOTHING
    return max(0 if code == NOTHING else abs(code) for code in codes)


@dataclass(slots=True)
class _Run:
    """A run of pytest: its exit code, its last line, the names of failed tests."""

    code: int = 0
    last: str = ""
    failed: list[str] = field(default_factory=list)


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


def _run(name: str, arguments: list[str], measured: bool, folder: Path | None) -> _Run:
    before = ["-m", "coverage", "run"] if measured else []
    command = [
        sys.executable,
        *before,
        "-m",
        "pytest",
        "-o",
        f"cache_dir=.pytest_cache/{name}",
        *arguments,
    ]
    environment = {**os.environ, "COVERAGE_FILE": str(COVERAGE / name), "PYTHONUNBUFFERED": "1"}
    # Tests start the program hundreds of times: it is compiled once, also where Python is told to keep nothing;
    # and in its usual place, since pip has compiled there what it installed.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if folder:
        environment["TMPDIR"] = str(folder)
    run, summary = _Run(), False
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
            run.last = line.strip() or run.last
            summary = summary or "short test summary info" in line
            if summary and line.startswith(("FAILED ", "ERROR ")):
                run.failed.append(named(line.strip()))
            print(f"{name} | {line}", end="", flush=True)
    run.code = process.returncode
    return run


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
