"""Measure how time, memory and bytes grow with the size of an edition.

    python benchmarks/scale.py                          # one, three and ten times the thesis
    python benchmarks/scale.py --times 1 100 --only check tei
    python benchmarks/scale.py --times 1 100 --record   # about an hour, up to 20 GB; kept beside the record of `make bench`

Each measurement runs in a process of its own on a generated edition (``generate.py``), from scratch. The last
columns compare the cost of a page with that in the smallest edition: 1.0 is linear growth.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generate import Generator
from reading import of_generated
from run import Figures, measure, progress, publish, recorded, size_table, stamp, tei_export

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Pages of the thesis.
THESIS = 160
TARGETS = ("check", "tei", "data", "dts", "json", "epub", "office", "html", "pdf")


def figures(root: Path, target: str) -> Figures:
    """Measure ``target`` from scratch."""
    shutil.rmtree(root / "build", ignore_errors=True)
    arguments = ("check",) if target == "check" else ("build", target)
    return measure(tei_export(*arguments), root)


def rows(times: list[float], targets: Sequence[str] = TARGETS) -> Iterator[dict[str, Any]]:
    """Yield the figures of each target for each size, smallest first."""
    with tempfile.TemporaryDirectory() as name:
        roots = {}
        for factor in sorted(times):
            pages = int(THESIS * factor)
            roots[pages] = Path(name) / str(pages)
            Generator(pages).write(roots[pages])
        figures(roots[min(roots)], "tei")  # compiles the modules before the first measurement
        for target in targets:
            for pages, root in roots.items():
                found = figures(root, target)
                progress(
                    f"{target} of {pages} pages: {found.processor:.1f} s of the processor, {found.memory:.0f} MiB"
                )
                read = of_generated(root) if target == "html" else {}
                yield {
                    "output": target,
                    "pages": pages,
                    "processor": round(found.processor, 2),
                    "memory": round(found.memory, 1),
                    "size": found.size,
                    **read,
                }


def others(record: dict[str, Any], found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield what earlier runs recorded apart, without the outputs that are measured anew."""
    anew = {row["output"] for row in found}
    for run in record.get("apart", []):
        if kept := [row for row in run["sizes"] if row["output"] not in anew]:
            yield {**run, "sizes": kept}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--times", nargs="*", type=float, default=[1, 3, 10])
    parser.add_argument("--only", nargs="*", choices=TARGETS, default=TARGETS)
    parser.add_argument(
        "--record", action="store_true", help="write benchmarks/record.json and docs/speed.md"
    )
    given = parser.parse_args()
    found: list[dict[str, Any]] = []
    before = recorded()
    for row in rows(given.times, given.only):
        found.append(row)
        if given.record:  # also of a run that is stopped
            publish({**before, "apart": [*others(before, found), {**stamp(), "sizes": found}]})
    print(size_table(found))


if __name__ == "__main__":
    main()
