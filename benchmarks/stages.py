"""Show how the processor time of a command is spent, stage by stage.

    python benchmarks/stages.py build tei

The process receives a signal after every 2 ms of its processor time and adds the time since the last one to its
stage: the innermost of :data:`STAGES` whose function is running. Signals that arrive while a library in C works are
delivered as one, when it is done. Unlike a profiler that counts calls, this slows no part more than another. It
measures the process of the command, not its children.
"""

from __future__ import annotations

import json
import runpy
import signal
import subprocess
import sys
import time
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType, FrameType

HERE = Path(__file__).parent
INTERVAL = 0.002
#: Time outside all stages.
OTHER = "the rest"
#: (end of the file's path, function; empty: every function of it) → stage
STAGES: dict[tuple[str, str], str] = {
    ("importlib._bootstrap>", ""): "imports",
    ("sphinx/application.py", "__init__"): "start: Sphinx, extensions, the record",
    ("shared/check_builder.py", "write_documents"): "check between documents",
    ("sphinx/builders/__init__.py", "read_doc"): "Sphinx, MyST and docutils read the sources",
    ("source/roles.py", ""): "markup: roles and blocks, lines, notes, apparatus, checks",
    ("source/blocks.py", ""): "markup: roles and blocks, lines, notes, apparatus, checks",
    ("source/precheck.py", ""): "markup: roles and blocks, lines, notes, apparatus, checks",
    ("source/transforms.py", "apply"): "markup: roles and blocks, lines, notes, apparatus, checks",
    ("source/gate.py", ""): "markup: roles and blocks, lines, notes, apparatus, checks",
    ("source/trees.py", ""): "load the doctrees",
    ("tei/proved_tei.py", "text"): "write the TEI",
    ("tei/proved_tei.py", "prove"): "prove the TEI against the witness",
    ("tei/proved_tei.py", "validation_problems"): "validate the TEI and the derived files",
    ("outputs/tei/package.py", "validate"): "validate the TEI and the derived files",
    ("outputs/tei/package.py", "derive"): "derive pages, parts, reading text, plain texts",
    ("shared/atomic.py", ""): "write the files",
    ("shared/staged_files.py", ""): "write the files",
}


def stage_of(frame: FrameType | None) -> str:
    """Return the innermost stage that contains ``frame``."""
    while frame is not None:
        if stage := _stage(frame.f_code):
            return stage
        frame = frame.f_back
    return OTHER


@cache
def _stage(code: CodeType) -> str:
    for (file, function), stage in STAGES.items():
        if code.co_filename.endswith(file) and function in ("", code.co_name):
            return stage
    return ""


def watch(arguments: list[str]) -> dict[str, float]:
    """Run ``tei-export ARGUMENTS`` in this process; return the processor seconds of each stage."""
    last = time.process_time()
    spent: defaultdict[str, float] = defaultdict(float, {OTHER: last})

    def add(stage: str) -> None:
        nonlocal last
        now = time.process_time()
        spent[stage] += now - last
        last = now

    def note(_signal: int, frame: FrameType | None) -> None:
        add(stage_of(frame))

    signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    sys.argv = ["tei-export", *arguments]
    try:
        runpy.run_module("tei_export.cli", run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    add(OTHER)
    return dict(sorted(spent.items(), key=lambda item: -item[1]))


def stages(arguments: tuple[str, ...], root: Path, environment: dict[str, str]) -> dict[str, float]:
    """Return the stages of ``tei-export ARGUMENTS`` on the edition in ``root``, measured in a process of its own."""
    command = [sys.executable, str(HERE / "stages.py"), *arguments]
    told = subprocess.run(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    result: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return result


def table(found: dict[str, float]) -> str:
    """Return the stages as a Markdown table, with their shares."""
    whole = sum(found.values())
    lines = ["| stage | processor s | share |", "|---|---:|---:|"]
    ordered = sorted(found.items(), key=lambda item: -item[1])
    lines += [f"| {stage} | {spent:.2f} | {spent / whole:.0%} |" for stage, spent in ordered]
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(watch(sys.argv[1:])))
