"""Measure how time, memory and bytes grow with the size of an edition.

    python benchmarks/scale.py                          # one, three and ten times the thesis
    python benchmarks/scale.py --times 1 100 --only check tei

Every figure is that of a process of its own on a generated edition (``generate.py``), from nothing. The last
columns say how much a page costs against a page of the smallest edition: 1.0 is linear.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from generate import Generator
from run import Figures, measure, tei_export

#: Pages of the thesis.
THESIS = 160
TARGETS = ("check", "tei", "data", "dts", "html", "epub", "pdf")


def figures(root: Path, target: str) -> Figures:
    """What ``target`` takes, from nothing."""
    shutil.rmtree(root / "build", ignore_errors=True)
    arguments = ("check",) if target == "check" else ("build", target)
    return measure(tei_export(*arguments), root)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--times", nargs="*", type=float, default=[1, 3, 10])
    parser.add_argument("--only", nargs="*", choices=TARGETS, default=TARGETS)
    given = parser.parse_args()
    print(
        "| output | pages | processor s | MiB | KiB | time a page | memory a page | bytes a page |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        roots = {}
        for times in given.times:
            pages = int(THESIS * times)
            roots[pages] = Path(name) / str(pages)
            Generator(pages).write(roots[pages])
        figures(roots[min(roots)], "tei")  # modules are compiled now, and in no measurement
        for target in given.only:
            first: tuple[int, Figures] | None = None
            for pages, root in roots.items():
                found = figures(root, target)
                first = first or (pages, found)
                growth = pages / first[0]
                said = " | ".join(
                    f"{now / before / growth:.2f}" if before else ""
                    for now, before in (
                        (found.processor, first[1].processor),
                        (found.memory, first[1].memory),
                        (found.size, first[1].size),
                    )
                )
                print(
                    f"| {target} | {pages} | {found.processor:.1f} | {found.memory:.0f} | "
                    f"{found.size // 1024:,} | {said} |",
                    flush=True,
                )


if __name__ == "__main__":
    sys.exit(main())
