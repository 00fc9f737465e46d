"""Measure the builds of the edition as ratios to a baseline of the same run.

    make bench                        # every row, three rounds
    make bench ARGS="--rounds 5"      # more rounds
    make bench ARGS="--profile tei"   # where the time of one target goes
    make bench ARGS="--record --rounds 4 --edits 100 --times 1 3 10 --peers"    # write benchmarks/record.json and docs/speed.md

The baseline is what Sphinx and MyST-Parser need to read the same marked-up sources with every
role a plain inline (``plain_roles.py``), without any code of this package. Every measurement runs in
a process of its own on a copy of the edition, from scratch unless the row says otherwise. A round
runs every row once, so that a busy minute affects all of them; the result is the median. Nothing is
asserted, because a test must not depend on a clock.
"""

from __future__ import annotations

import argparse
import atexit
import json
import math
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
from typing import Any

from stages import stages
from stages import table as stages_table

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
RECORD = HERE / "record.json"
#: A ratio that got worse by this much against the record is printed.
WORSE = 1.1
PAGE = ROOT / "docs" / "speed.md"
BASELINE = "baseline"
_PLAIN = """
project = "baseline"
extensions = ["plain_roles"]
exclude_patterns = ["registers/README.md"]
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one process used: processor and wall seconds, peak memory in MiB, bytes written."""

    processor: float
    wall: float
    memory: float
    size: int = 0


@dataclass(frozen=True, slots=True)
class Latency:
    """Time from saving a chapter to its new page in ``serve``: median wall seconds, the wall seconds that 95 of
    100 edits stay below, and processor seconds until all pages are written."""

    median: float
    most: float
    processor: float
    edits: int


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement: ``command`` runs in a copy of the edition. With ``again`` it runs after a first build and
    a change in one chapter. ``goal`` is the ratio to reach, of processor or of wall time."""

    name: str
    title: str
    command: tuple[str, ...]
    again: bool = False
    goal: str = ""


def tei_export(*arguments: str) -> tuple[str, ...]:
    """Return a command line of the program."""
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
    """Copy the edition to ``root``, with the baseline's ``plain/conf.py`` beside it."""
    for entry in ("edition", "schema"):
        shutil.copytree(ROOT / entry, root / entry)
    shutil.copy(ROOT / "conf.py", root)
    (root / "plain").mkdir()
    (root / "plain" / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(HERE)!r})\n{_PLAIN}", encoding="utf-8"
    )


@cache
def environment() -> dict[str, str]:
    """Return the environment of a measured process: with compiled modules, as in an installed package."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    folder = tempfile.mkdtemp(prefix="bench-modules-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {**kept, "PYTHONPYCACHEPREFIX": folder}


def measure(command: tuple[str, ...], root: Path, *, refused: bool = False) -> Figures:
    """Run ``command`` in ``root`` and wait for it and its children; with ``refused`` it may fail."""
    process = subprocess.run(
        (sys.executable, "-I", "-S", str(HERE / "one_process.py"), *command),
        cwd=root,
        env=environment(),
        capture_output=True,
        check=False,
    )
    errors = process.stderr.decode(errors="replace")
    if process.returncode:
        sys.exit(f"{' '.join(command)} could not be measured:\n{errors}")
    used = json.loads(process.stdout)
    if used["code"] and not refused:
        sys.exit(f"{' '.join(command)} failed:\n{errors}")
    return Figures(used["processor"], used["wall"], used["memory"], _size(root / "build"))


def _size(folder: Path) -> int:
    """Return the bytes of the outputs, without caches."""
    files = (
        p
        for p in folder.rglob("*")
        if p.is_file() and not any(n.startswith(".") for n in p.relative_to(folder).parts)
    )
    return sum(path.stat().st_size for path in files)


def change_a_chapter(root: Path) -> None:
    """Add a comment to the longest source, which still agrees with the witness."""
    chapter = max((root / "edition").rglob("chapter-*.md"), key=lambda p: p.stat().st_size)
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\n% a comment\n", encoding="utf-8")


def latency(root: Path, edits: int) -> Latency:
    """Change the longest chapter ``edits`` times while ``serve`` runs."""
    shutil.rmtree(root / "build", ignore_errors=True)
    process = subprocess.Popen(
        tei_export("serve", "--port", "0"),
        cwd=root,
        env={**environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None

    def wait(words: str) -> None:
        for line in process.stdout or ():
            if words in line:
                return
        sys.exit("serve has ended")

    walls = []
    wait("all pages")
    before = _processor(process.pid)
    for _ in range(edits):
        start = time.perf_counter()
        change_a_chapter(root)
        wait(".html")
        walls.append(time.perf_counter() - start)
        wait("all pages")
    used = _processor(process.pid) - before
    process.terminate()
    process.communicate()
    walls.sort()
    return Latency(
        statistics.median(walls), walls[max(0, math.ceil(0.95 * edits) - 1)], used / edits, edits
    )


def _processor(pid: int) -> float:
    """Return the processor seconds of a running process (Linux; 0 elsewhere)."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.is_file():
        return 0.0
    fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def progress(words: str) -> None:
    """Print progress with the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def round_of(rows: tuple[Row, ...], folder: Path) -> dict[str, Figures]:
    """Measure every row once, each on a new copy of the edition in ``folder``.

    None is deleted before the end: where thousands of files have just been deleted, it may take the file system
    five seconds more to write as many again (measured on ext4, mounted with ``discard``).
    """
    found = {}
    for row in rows:
        root = Path(tempfile.mkdtemp(dir=folder))
        copy_edition(root)
        if row.again:
            measure(
                tei_export("build", "tei", "html") if row.name == "change" else row.command, root
            )
            change_a_chapter(root)
        found[row.name] = measure(row.command, root)
        progress(
            f"{row.name}: {found[row.name].processor:.1f} s of the processor, {found[row.name].wall:.1f} s"
        )
    return found


def medians(rounds: list[dict[str, Figures]]) -> dict[str, Figures]:
    """Return the median of every figure over the rounds."""
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
    """Return the ratio of the processor time of each row to that of the baseline."""
    return {name: figures.processor / found[BASELINE].processor for name, figures in found.items()}


def table(rows: tuple[Row, ...], found: dict[str, Figures]) -> str:
    """Return the figures as a Markdown table."""
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
    """Return the ratios that are a tenth worse than those of the committed record."""
    before = recorded().get("ratios", {})
    now = ratios(found)
    return [
        f"{name}: {before[name]:.2f} × became {now[name]:.2f} ×"
        for name in now
        if name in before and now[name] > before[name] * WORSE
    ]


#: Beginning of a goal → why it may be missed; the stages and rows of the page give the figures.
REASONS = {
    "TEI, both validations": (
        "the baseline only reads. The program also turns the markup into lines, notes and an apparatus, writes the TEI, "
        "regenerates the witness from it, validates it with RELAX NG, Schematron and the rules, and derives a TEI file and "
        "plain texts for every page and part. The table of stages below shows the cost of each step: none takes as long as "
        "the baseline, and within each the time is spread over many functions."
    ),
    "all outputs": (
        "two processors need at least half of the processor time in the row below. They are not always busy: the program "
        "first reads and proves the texts, and it writes thousands of files. The PDF takes longest of all outputs; "
        "a third of its time is the layout by Typst."
    ),
    "`check` after": (
        "starting Python and Sphinx takes a large part; then the program reads and proves the changed chapter. It does not "
        "check again what has not changed."
    ),
    "TEI against pandoc": (
        "pandoc and jing handle no markup of the vocabulary, no apparatus and no proof; merely reading the marked-up sources "
        "takes about as long as both of them together."
    ),
}


def reasons(data: dict[str, Any]) -> list[str]:
    """Return the reasons for the goals that were missed, as a list in Markdown."""
    return [
        f"- *{what}*: {reason}"
        for what, _goal, _value, met in goals(data)
        if met is False
        for begin, reason in REASONS.items()
        if what.startswith(begin)
    ]


def goals(data: dict[str, Any]) -> list[tuple[str, str, str, bool | None]]:
    """Return rows of subject, goal, result, and whether the goal is reached (None: not measured)."""
    figures, preview, sizes = data["figures"], data["preview"], data["sizes"]
    peers = {row["peer"]: row for row in data.get("peers", ())}

    def ratio(name: str, of: str) -> float | None:
        return figures[name][of] / figures[BASELINE][of] if name in figures else None

    def told(
        what: str, goal: str, value: float | None, most: float, unit: str
    ) -> tuple[str, str, str, bool | None]:
        shown = "not measured" if value is None else f"{value:.2f} {unit}"
        return what, goal, shown, None if value is None else value <= most

    jing = peers.get("pandoc -t tei, jing", {}).get("processor")
    rows = [
        told("TEI, both validations, witness proof, from scratch", "≤ 1.4 × the baseline, processor", ratio("tei", "processor"), 1.4, "×"),
        told("all outputs, from scratch", "≤ 6 × the baseline, wall", ratio("all", "wall"), 6, "×"),
        told("`check` after a change", "< 1 s", figures["check"]["wall"] if "check" in figures else None, 1, "s"),
        told("new page after a change in `serve`, 95 of 100 edits", "< 1 s", preview["most"] if preview else None, 1, "s"),
        told("TEI against pandoc -t tei + jing on the plain text", "< 2 ×, processor", figures["tei"]["processor"] / jing if jing and "tei" in figures else None, 2, "×"),
    ]  # fmt: skip
    least, largest = _ends(sizes)
    for what, name in (("time", "processor"), ("memory", "memory"), ("bytes", "size")):
        worst: tuple[float, str] | None = max(
            (
                (row[name] / least[output][name] / (row["pages"] / least[output]["pages"]), output)
                for output, row in largest.items()
                if least[output][name] and row is not least[output]
            ),
            default=None,
        )
        rows.append(told(f"a page of the largest generated edition, {what}" + (f" (the worst output: {worst[1]})" if worst else ""), "≤ 1.1 × a page of the smallest", worst[0] if worst else None, 1.1, "×"))  # fmt: skip
    pdf = largest.get("pdf")
    rows.append(
        told(
            "PDF of the largest, memory", "< 2,048 MiB", pdf["memory"] if pdf else None, 2048, "MiB"
        )
    )
    site, small = largest.get("html", {}), least.get("html", {})
    for what, name in (("first view of a page", "view"), ("first hit of a search", "hit")):
        for unit, said in (("seconds", "time"), ("kb", "bytes")):
            key = f"{name}_{unit}"
            value = (
                site[key] / small[key]
                if site is not small and small.get(key) and site.get(key)
                else None
            )
            rows.append(
                told(f"{what} of the largest, {said}", "≤ 1.2 × the smallest", value, 1.2, "×")
            )
    return rows


def _ends(
    sizes: list[dict[str, Any]],
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the rows of the smallest and of the largest edition, by output."""
    ordered = sorted(sizes, key=lambda row: row["pages"])
    return {row["output"]: row for row in reversed(ordered)}, {
        row["output"]: row for row in ordered
    }


def goals_table(data: dict[str, Any]) -> str:
    """Return the goals as a Markdown table."""
    signs = {True: "yes", False: "**no**", None: "–"}
    lines = ["| what | goal | reached | |", "|---|---|---:|---|"]
    lines += [
        f"| {what} | {goal} | {value} | {signs[met]} |" for what, goal, value, met in goals(data)
    ]
    return "\n".join(lines)


def recorded() -> dict[str, Any]:
    """Return the committed record; empty if there is none."""
    if not RECORD.is_file():
        return {}
    data: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return data


def stamp() -> dict[str, Any]:
    """Return where and when something is measured: commit, date, machine, load."""
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    return {
        "commit": commit.stdout.strip(),
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.machine()}, {processors} processors, Python {platform.python_version()}",
        "load": round(os.getloadavg()[0], 1),
    }


def record(
    found: dict[str, Figures],
    rounds: int,
    preview: Latency | None,
    sizes: list[dict[str, Any]],
    compared: list[dict[str, Any]],
    spent: dict[str, dict[str, float]],
) -> dict[str, Any]:
    """Return the record: machine, commit, figures, ratios; ``spent`` holds the stages by command.

    It keeps what ``scale.py --record`` measured separately.
    """
    return {
        **stamp(),
        **({"apart": kept} if (kept := recorded().get("apart")) else {}),
        "rounds": rounds,
        "figures": {
            name: {k: round(v, 2) for k, v in asdict(f).items()} for name, f in found.items()
        },
        "ratios": {name: round(value, 3) for name, value in ratios(found).items()},
        "preview": {k: round(v, 2) for k, v in asdict(preview).items()} if preview else {},
        "sizes": sizes,
        "peers": compared,
        "stages": {
            command: {stage: round(seconds, 3) for stage, seconds in found.items()}
            for command, found in spent.items()
        },
    }


def publish(data: dict[str, Any]) -> None:
    """Write ``record.json`` and the page of the documentation."""
    RECORD.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(data), encoding="utf-8")


def page(data: dict[str, Any]) -> str:
    """Return the page of the documentation for a record."""
    found = {name: Figures(**figures) for name, figures in data["figures"].items()}
    rows = tuple(row for row in ROWS if row.name in found)
    loaded = data["load"] > 1.5
    lines = [
        "# How fast it is",
        "",
        '<!-- Generated by `make bench ARGS="--record …"` from benchmarks/record.json. Do not edit. -->',
        "",
        "These figures are for the edition of the thesis (163 pages of typescript, and an essay), built from scratch unless a",
        "row says otherwise. The baseline is the time that Sphinx and MyST-Parser need to read the same marked-up sources with",
        "every role a plain inline, without any code of this package. Each measurement runs in a process of its own. A round",
        "runs every measurement once; the figures are medians over the rounds. Every build runs every proof and validation.",
        "",
        f"Measured on {data['date']} at commit {data['commit']} ({data['machine']}), {data['rounds']} rounds, load {data['load']}.",
    ]
    if remark := data.get("remark"):
        lines += ["", remark]
    if loaded:
        lines += [
            "",
            "The machine may have been busy with other work, or only with these measurements (`build all` and the PDF use both processors): the ratios of processor time are more reliable than the wall times.",
        ]
    lines += ["", "## Goals", "", goals_table(data)]
    if why := reasons(data):
        lines += ["", "Why a goal was missed:", "", *why]
    lines += ["", "## One edition", "", table(rows, found)]
    if preview := data["preview"]:
        lines += [
            "",
            f"**The live preview** (`tei-export serve`), {preview['edits']} edits of the longest chapter: the new page appears after "
            f"{preview['median']:.2f} s (median), and within {preview['most']:.2f} s in 95 of 100 edits. Rewriting all pages takes "
            f"{preview['processor']:.2f} s of processor time. The goal is 1 s.",
        ]
    for command, spent in data.get("stages", {}).items():
        lines += ["", f"### Where the time of `tei-export {command}` goes", "", stages_table(spent)]
    if data.get("peers"):
        from peers import table as peers_table  # which imports this module

        lines += [
            "",
            "## Beside other programs",
            "",
            "Each program does what it can with the text of the thesis (`benchmarks/peers.py`). The ratio is our time to theirs.",
            "",
            peers_table(data["peers"], data["figures"]),
        ]
    if data["sizes"]:
        lines += [
            "",
            "## Larger editions",
            "",
            "Outputs of generated editions (`benchmarks/generate.py`), built from scratch. The last columns compare the cost of a",
            "page with that in the smallest edition of the table: 1.00 is linear growth.",
            "",
            size_table(data["sizes"]),
            *_reading(data["sizes"]),
        ]
    if runs := data.get("apart"):
        lines += ["", "### Larger still", ""]
        for run in runs:
            lines += [
                f"Measured apart (`benchmarks/scale.py --record`), on {run['date']} at commit {run['commit']}, load {run['load']}:",
                "",
                size_table(run["sizes"]),
                *_reading(run["sizes"]),
                "",
                *([run["remark"], ""] if "remark" in run else []),
            ]
        lines.pop()
    return "\n".join([*lines, ""])


def _reading(sizes: list[dict[str, Any]]) -> list[str]:
    """Return the waiting times of readers, by the size of the site."""
    sites = [row for row in sizes if row.get("hit_seconds")]
    if not sites:
        return []
    return [
        "",
        "How long readers wait on a slow phone (processor four times slower, 1.6 Mbit/s, empty cache) until a chapter appears,",
        "and until the search shows its first hit.",
        "",
        "| pages | chapter, s | kB | first hit, s | kB |",
        "|---:|---:|---:|---:|---:|",
        *(
            f"| {row['pages']:,} | {row['view_seconds']:.2f} | {row['view_kb']:.0f} | {row['hit_seconds']:.2f} | {row['hit_kb']:.0f} |"
            for row in sites
        ),
    ]


def size_table(sizes: list[dict[str, Any]]) -> str:
    """Return the growth of time, memory and bytes as a Markdown table."""
    lines = [
        "| output | pages | processor s | MiB | KiB | time a page | memory a page | bytes a page |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    first: dict[str, dict[str, Any]] = {}
    for row in sizes:
        base = first.setdefault(row["output"], row)
        growth = row["pages"] / base["pages"]
        shares = (
            f"{row[name] / base[name] / growth:.2f}" if base[name] else ""
            for name in ("processor", "memory", "size")
        )
        lines.append(
            f"| {row['output']} | {row['pages']:,} | {row['processor']:.1f} | {row['memory']:.0f} | {row['size'] // 1024:,} | {' | '.join(shares)} |"
        )
    return "\n".join(lines)


def profile(target: str, root: Path) -> None:
    """Print a profile of ``tei-export build TARGET``, by module and function."""
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


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only",
        nargs="*",
        choices=[row.name for row in ROWS],
        help="only these rows, and the baseline",
    )
    parser.add_argument("--profile", metavar="TARGET", help="profile one target")
    parser.add_argument(
        "--edits", type=int, default=20, help="number of edits while `serve` runs (0: none)"
    )
    parser.add_argument(
        "--times",
        nargs="*",
        type=float,
        default=[],
        help="also measure generated editions, as multiples of the thesis",
    )
    parser.add_argument(
        "--peers", action="store_true", help="also measure other programs, if they are installed"
    )
    parser.add_argument(
        "--record", action="store_true", help="write benchmarks/record.json and docs/speed.md"
    )
    return parser.parse_args()


class Run:
    """One run, with its results so far."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.rows = tuple(r for r in ROWS if not given.only or r.name in {BASELINE, *given.only})
        self.found: dict[str, Figures] = {}
        self.preview: Latency | None = None
        self.compared: list[dict[str, Any]] = []
        self.sizes: list[dict[str, Any]] = []
        self.spent: dict[str, dict[str, float]] = {}

    def keep(self) -> dict[str, Any]:
        """Return the results so far, and record them, so that an interrupted run loses nothing."""
        data = record(
            self.found, self.given.rounds, self.preview, self.sizes, self.compared, self.spent
        )
        if self.given.record:
            publish(data)
        return data

    def edition(self, root: Path) -> None:
        """Measure the copy of the edition in ``root``."""
        measure(tei_export("build"), root)  # compiles the modules before the first measurement
        (root / "rounds").mkdir()
        rounds = []
        for number in range(1, self.given.rounds + 1):
            progress(f"round {number} of {self.given.rounds}")
            rounds.append(round_of(self.rows, root / "rounds"))
        self.found = medians(rounds)
        for line in worse(self.found):
            print(f"worse than the record: {line}")
        print(
            f"\n{table(self.rows, self.found)}\n\nmedians of {self.given.rounds} rounds; load {os.getloadavg()[0]:.1f}"
        )
        self.stages(root)
        self.keep()
        if self.given.edits:
            progress(f"serve: {self.given.edits} edits")
            self.preview = shown = latency(root, self.given.edits)
            print(
                f"serve: page after {shown.median:.2f} s (95 of 100: {shown.most:.2f} s), "
                f"all pages after {shown.processor:.2f} s of processor time; {shown.edits} edits"
            )
            self.keep()

    def stages(self, root: Path) -> None:
        """Measure the stages of the commands with the hardest goals."""
        shutil.rmtree(root / "build", ignore_errors=True)
        for command in (("build", "tei"), ("check",)):
            progress(f"stages of {' '.join(command)}")
            self.spent[" ".join(command)] = spent = stages(command, root, environment())
            print(f"\n{' '.join(command)}\n{stages_table(spent)}")
            measure(tei_export("check"), root)  # so that the next command is one after a change
            change_a_chapter(root)

    def peers(self, root: Path) -> None:
        """Measure other programs."""
        from peers import compare  # which imports this module

        for row in compare(root):
            progress(f"{row['peer']}: {row.get('missing', row.get('processor'))}")
            self.compared.append(row)
        self.keep()

    def generated(self) -> None:
        """Measure generated editions."""
        import scale  # which imports this module

        for row in scale.rows(self.given.times):
            self.sizes.append(row)
            self.keep()
        print(f"\n{size_table(self.sizes)}")


def main() -> None:
    given = arguments()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        copy_edition(root)
        if given.profile:
            profile(given.profile, root)
            return
        run = Run(given)
        run.edition(root)
        if given.peers:
            run.peers(root)
    if given.times:
        run.generated()
    print(f"\n{goals_table(run.keep())}")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
