"""How long the edition takes, as ratios to Sphinx's bare read of the same sources, in one run.

    make bench

Every measurement is a process of its own (so peak memory is its own), on a copy of the
edition in a temporary folder; nothing is written elsewhere. The best of ``--repeat`` runs
counts. Targets stand beside the figures; nothing is asserted: a clock is no test.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tei_export.session import TARGETS

ROOT = Path(__file__).resolve().parent.parent
#: One Sphinx builder in a process of its own: prints seconds and peak memory (MiB).
_CHILD = """
import json, resource, sys, time
from sphinx.application import Sphinx
root, out, cache, builder = sys.argv[1:]
start = time.perf_counter()
app = Sphinx(root + "/edition", root, out, cache, builder, status=None, warningiserror=True)
app.build()
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
peak = peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
print(json.dumps([time.perf_counter() - start, peak, app.statuscode]))
"""


def run(root: Path, builder: str, *, cold: bool) -> tuple[float, float, int]:
    """Build once; returns seconds, peak memory in MiB (of the process, or of the largest that it
    began, if that is more) and the size of what was written in KiB.

    :param cold: without anything read or written before.
    """
    out, cache = root / "build" / builder, root / "build" / "doctrees"
    if cold:
        shutil.rmtree(root / "build", ignore_errors=True)
    command = [sys.executable, "-c", _CHILD, str(root), str(out), str(cache), builder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{builder} failed:\n{done.stderr}")
    seconds, peak, status = json.loads(done.stdout.splitlines()[-1])
    if status:
        sys.exit(f"{builder} gave warnings")
    return seconds, peak, sum(p.stat().st_size for p in out.rglob("*") if p.is_file()) // 1024


def best(root: Path, builder: str, repeat: int) -> tuple[float, float, int]:
    """The quickest of several cold builds, the highest memory, the size."""
    seconds, peaks, sizes = zip(*(run(root, builder, cold=True) for _ in range(repeat)), strict=True)
    return min(seconds), max(peaks), max(sizes)


def all_cold(root: Path) -> float:
    """``tei-export build all`` from nothing, in seconds."""
    shutil.rmtree(root / "build", ignore_errors=True)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "tei_export.cli", "build", "all", "--root", str(root)],
        check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - start


def resolved(root: Path, repeat: int) -> float:
    """``tei-export resolve 17.12`` in all forms, which are built, in seconds."""
    found = []
    for _ in range(repeat):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "tei_export.cli", "resolve", "17.12", "--root", str(root)],
            check=True, capture_output=True,
        )  # fmt: skip
        found.append(time.perf_counter() - start)
    return min(found)


def after_a_change(root: Path) -> float:
    """HTML and TEI again after a change in one chapter (the sources keep agreeing with O)."""
    chapter = max((root / "edition" / "thesis").glob("chapter-*.md"), key=lambda p: p.stat().st_size)
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\n% a comment\n", encoding="utf-8")
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "tei_export.cli", "build", "tei", "html", "--root", str(root)],
        check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for entry in ("edition", "schema"):
            shutil.copytree(ROOT / entry, root / entry)
        shutil.copy(ROOT / "conf.py", root)
        bare, bare_peak, _size = best(root, "dummy", repeat)
        print(f"{'what':34}{'seconds':>9}{'× bare':>9}{'MiB':>7}{'KiB':>8}   target")
        print(f"{'Sphinx, bare read (dummy)':34}{bare:9.2f}{1:9.2f}{bare_peak:7.0f}")
        for builder, title, target in (
            ("tei", "TEI, proof and validation", "1.5 ×"),
            ("data", "registers as data", ""),
            ("dts", "static DTS", ""),
            ("pdf", "PDF, both texts", "10 s, 1,024 MiB, 5,120 KiB"),
            ("epub", "EPUB", "5 s, 1,024 MiB, 3,072 KiB"),
            ("html", "HTML", ""),
        ):
            seconds, peak, size = best(root, builder, repeat)
            print(f"{title:34}{seconds:9.2f}{seconds / bare:9.2f}{peak:7.0f}{size:8}   {target}", flush=True)
        cold = all_cold(root)
        row(f"all outputs, cold ({len(TARGETS)})", cold, bare, "20 s")
        row("resolve 17.12 in all five forms", resolved(root, repeat), bare, "")
        row("TEI and HTML after one change", min(after_a_change(root) for _ in range(repeat)), bare, "3 s")


def row(title: str, seconds: float, bare: float, target: str) -> None:
    print(f"{title:34}{seconds:9.2f}{seconds / bare:9.2f}{'':15}   {target}", flush=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
