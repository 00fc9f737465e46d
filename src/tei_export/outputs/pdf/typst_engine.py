"""Run the Typst compiler in a separate process.

Typst caches its results for the next run in the same process: half a gigabyte after a book of this
size, and more with every form. The end of the process frees that memory.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typst

from tei_export.shared.end_with_parent import end_with
from tei_export.shared.typefaces import font_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

STANDARDS = ("a-3a", "ua-1")
#: The metadata ``<places>`` where nobody asks for them.
NO_PLACES = '{"named": [], "targets": []}'


@dataclass(frozen=True, slots=True)
class TypstMessage:
    """An error or a warning of the compiler. ``diagnostic`` contains the places."""

    message: str
    hints: tuple[str, ...]
    diagnostic: str


@dataclass(frozen=True, slots=True)
class TypstResult:
    """The PDF, or the reason for its absence. ``places``: the metadata ``<places>`` as JSON."""

    data: bytes = b""
    places: str = NO_PLACES
    complaints: tuple[TypstMessage, ...] = ()


def compile_typst(
    files: Mapping[str, bytes],
    timestamp: str,
    fonts: Mapping[str, bytes],
    root: Path | None = None,
    *,
    places: bool = False,
) -> TypstResult:
    """Compile ``main.typ`` of ``files`` with the compiler's own fonts and ``fonts``; a warning is a complaint.

    :param files: content by path
    :param timestamp: the date of the document (ISO 8601)
    :param root: the folder of pictures: the compiler reads no other binary files
    :param places: whether to query the metadata ``<places>``
    """
    compiler: Any = typst
    given = dict(files)
    with font_folder(fonts) as folders:
        own = {"ignore_system_fonts": True, "font_paths": folders, "root": root}
        try:
            data, warnings = compiler.compile_with_warnings(
                given,
                pdf_standards=list(STANDARDS),
                timestamp=datetime.fromisoformat(timestamp),
                **own,
            )
            if warnings:
                return TypstResult(complaints=tuple(_complaint(warning) for warning in warnings))
            asked = (
                compiler.query(given, "<places>", field="value", one=True, **own)
                if places
                else NO_PLACES
            )
        except typst.TypstError as error:
            return TypstResult(complaints=(_complaint(error),))
    return TypstResult(data, asked)


def _complaint(error: typst.TypstError | typst.TypstWarning) -> TypstMessage:
    return TypstMessage(error.message, tuple(error.hints), error.diagnostic or "")


def compile_in_subprocess(
    files: Mapping[str, bytes],
    timestamp: str,
    fonts: Mapping[str, bytes],
    root: Path | None = None,
    *,
    places: bool = False,
) -> TypstResult:
    """Run :func:`compile_typst` in a separate process."""
    outcome = _apart(compile_typst, dict(files), timestamp, dict(fonts), root, places=places)
    if isinstance(outcome, TypstResult):
        return outcome
    return TypstResult(complaints=(TypstMessage(str(outcome), (), ""),))


def query_metadata(
    files: Mapping[str, bytes], fonts: Mapping[str, bytes], label: str, root: Path | None = None
) -> list[Any]:
    """Return the metadata ``<label>`` of ``main.typ``; empty if it cannot be compiled: the real run
    reports why."""
    compiler: Any = typst
    with font_folder(fonts) as folders:
        try:
            found = compiler.query(
                dict(files),
                f"<{label}>",
                field="value",
                one=True,
                ignore_system_fonts=True,
                font_paths=folders,
                root=root,
            )
        except typst.TypstError:
            return []
    values: list[Any] = json.loads(found)
    return values


def query_in_subprocess(
    files: Mapping[str, bytes], fonts: Mapping[str, bytes], label: str, root: Path | None = None
) -> list[Any]:
    """Run :func:`query_metadata` in a separate process."""
    outcome = _apart(query_metadata, dict(files), dict(fonts), label, root)
    return outcome if isinstance(outcome, list) else []


def _apart(function: Callable[..., object], *given: object, **named: object) -> object:
    """Run a function of this module in a separate process; return its result, or a description of
    how the process ended."""
    done = subprocess.run(
        [sys.executable, "-m", "tei_export.outputs.pdf.typst_engine"],
        input=pickle.dumps((os.getpid(), function, given, named)),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return f"the compiler ended with {done.returncode}: {''.join(last)}"
    outcome: object = pickle.loads(done.stdout)
    return outcome


def main() -> None:
    """Read a request from standard input, write its outcome to standard output."""
    parent, function, given, named = pickle.load(sys.stdin.buffer)
    end_with(parent)  # the copy of a run that makes the book is killed when the run is stopped
    outcome = function(*given, **named)
    sys.stdout.buffer.write(pickle.dumps(outcome))


if __name__ == "__main__":
    # The class must come from the importable module, not from __main__.
    from tei_export.outputs.pdf import typst_engine

    typst_engine.main()
