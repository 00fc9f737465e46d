"""Measure the builds of the edition as ratios to an honest baseline, in one run.

    make bench                        # every row, three rounds
    make bench ARGS="--rounds 5"      # more rounds
    make bench ARGS="--profile tei"   # where the time of one target goes
    make bench ARGS=--record          # write benchmarks/record.json

The baseline is what Sphinx and MyST-Parser need to read the same marked-up sources with every
role a plain inline (``plain_roles.py``): none of this package runs in it. Every measurement is
a process of its own on a copy of the edition, from nothing unless the row says otherwise. A round
runs every row once, so that a busy minute falls on all; medians count. Nothing is asserted: a
clock is no test.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
RECORD = HERE / "record.json"
#: A ratio that got worse by this much against the record is printed.
WORSE = 1.1
BASELINE = "baseline"
_PLAIN = """
project = "baseline"
extensions = ["plain_roles"]
exclude_patterns = ["registers/README.md"]
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one process took: processor and wall seconds, peak memory in MiB, written bytes."""

    processor: float
    wall: float
    memory: float
    size: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement: ``command`` runs in a copy of the edition; ``again``: after a first build and
    a change in one chapter; ``goal``: the ratio aimed at, of processor or of wall time."""

    name: str
    title: str
    command: tuple[str, ...]
    again: bool = False
    goal: str = ""


def tei_export(*arguments: str) -> tuple[str, ...]:
    """The command line of the program."""
    return (sys.executable, "-m", "tei_export.cli", *arguments)


ROWS = (
    Row(BASELINE, "Sphinx and MyST read the same sources", (sys.executable, "-m", "sphinx", "-q", "-b", "dummy", "-c", "plain", "edition", "build/dummy")),
    Row("tei", "TEI, both validations, witness proof", tei_export("build", "tei"), goal="1.4 × processor"),
    Row("data", "tables and linked data", tei_export("build", "data")),
    Row("dts", "static DTS", tei_export("build", "dts")),
    Row("pdf", "PDF of every text", tei_export("build", "pdf")),
    Row("epub", "EPUB", tei_export("build", "epub")),
    Row("html", "site", tei_export("build", "html")),
    Row("all", "all outputs", tei_export("build", "all"), goal="6 × wall"),
    Row("check", "check after a change in one chapter", tei_export("check"), again=True, goal="1 s wall"),
    Row("change", "TEI and site after a change in one chapter", tei_export("build", "tei", "html"), again=True),
)  # fmt: skip


def copy_edition(root: Path) -> None:
    """A copy of the edition in ``root``, with the baseline's ``plain/conf.py`` beside it."""
    for entry in ("edition", "schema"):
        shutil.copytree(ROOT / entry, root / entry)
    shutil.copy(ROOT / "conf.py", root)
    (root / "plain").mkdir()
    (root / "plain" / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(HERE)!r})\n{_PLAIN}", encoding="utf-8"
    )


@cache
def environment() -> dict[str, str]:
    """The environment of a measured process: with compiled modules, as where it is installed."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    folder = tempfile.mkdtemp(prefix="bench-modules-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {**kept, "PYTHONPYCACHEPREFIX": folder}


def measure(command: tuple[str, ...], root: Path) -> Figures:
    """Run ``command`` in ``root`` and wait for it and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=root, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _pid, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{errors.decode(errors='replace')}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Figures(
        used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit, _size(root / "build")
    )


def _size(folder: Path) -> int:
    """The bytes of what was built, without caches."""
    files = (
        p
        for p in folder.rglob("*")
        if p.is_file() and not any(n.startswith(".") for n in p.relative_to(folder).parts)
    )
    return sum(path.stat().st_size for path in files)


def change_a_chapter(root: Path) -> None:
    """Add a comment to the longest source, so that it agrees with the witness as before."""
    chapter = max((root / "edition").rglob("chapter-*.md"), key=lambda p: p.stat().st_size)
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\n% a comment\n", encoding="utf-8")


def round_of(rows: tuple[Row, ...], root: Path) -> dict[str, Figures]:
    """Every row once."""
    found = {}
    for row in rows:
        if not row.again:
            shutil.rmtree(root / "build", ignore_errors=True)
        else:
            measure(
                tei_export("build", "tei", "html") if row.name == "change" else row.command, root
            )
            change_a_chapter(root)
        found[row.name] = measure(row.command, root)
        print(".", end="", file=sys.stderr, flush=True)
    return found


def medians(rounds: list[dict[str, Figures]]) -> dict[str, Figures]:
    """The median of every figure over the rounds."""
    return {
        name: Figures(
            statistics.median(r[name].processor for r in rounds),
            statistics.median(r[name].wall for r in rounds),
            statistics.median(r[name].memory for r in rounds),
            max(r[name].size for r in rounds),
        )
        for name in rounds[0]
    }


def ratios(found: dict[str, Figures]) -> dict[str, float]:
    """Processor time of each row to that of the baseline."""
    return {name: figures.processor / found[BASELINE].processor for name, figures in found.items()}


def table(rows: tuple[Row, ...], found: dict[str, Figures]) -> str:
    """The figures as a Markdown table."""
    base = found[BASELINE]
    lines = [
        "| what | processor s | × baseline | wall s | × baseline | MiB | KiB | goal |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        f = found[row.name]
        lines.append(
            f"| {row.title} | {f.processor:.2f} | {f.processor / base.processor:.2f} | {f.wall:.2f} | "
            f"{f.wall / base.wall:.2f} | {f.memory:.0f} | {f.size // 1024:,} | {row.goal} |"
        )
    return "\n".join(lines)


def worse(found: dict[str, Figures]) -> list[str]:
    """Ratios that got worse by a tenth against the committed record."""
    if not RECORD.is_file():
        return []
    before = json.loads(RECORD.read_text(encoding="utf-8"))["ratios"]
    now = ratios(found)
    return [
        f"{name}: {before[name]:.2f} × became {now[name]:.2f} ×"
        for name in now
        if name in before and now[name] > before[name] * WORSE
    ]


def record(found: dict[str, Figures], rounds: int) -> None:
    """Write ``record.json``: machine, commit, figures, ratios."""
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    data = {
        "commit": commit.stdout.strip(),
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}",
        "rounds": rounds,
        "figures": {
            name: {k: round(v, 2) for k, v in asdict(f).items()} for name, f in found.items()
        },
        "ratios": {name: round(value, 3) for name, value in ratios(found).items()},
    }
    RECORD.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def profile(target: str, root: Path) -> None:
    """Print where the time of ``tei-export build TARGET`` goes, by module and by function."""
    stats = root / "stats"
    command = [
        sys.executable,
        "-m",
        "cProfile",
        "-o",
        str(stats),
        "-m",
        "tei_export.cli",
        "build",
        target,
    ]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    code = f"import pstats; pstats.Stats({str(stats)!r}).sort_stats('cumulative').print_stats(60)"
    subprocess.run([sys.executable, "-c", code], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only", nargs="*", choices=[row.name for row in ROWS], help="these rows and the baseline"
    )
    parser.add_argument("--profile", metavar="TARGET", help="where the time of one target goes")
    parser.add_argument("--record", action="store_true", help="write benchmarks/record.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        copy_edition(root)
        if given.profile:
            profile(given.profile, root)
            return
        measure(tei_export("build"), root)  # modules are compiled now, and in no measurement
        rows = tuple(row for row in ROWS if not given.only or row.name in {BASELINE, *given.only})
        found = medians([round_of(rows, root) for _ in range(given.rounds)])
    print(
        f"\n{table(rows, found)}\n\nmedians of {given.rounds} rounds; load {os.getloadavg()[0]:.1f}"
    )
    for line in worse(found):
        print(f"worse than the record: {line}")
    if given.record:
        record(found, given.rounds)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
