"""Run the command as on other machines and at other times, and compare what it writes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ENVIRONMENTS: tuple[dict[str, str], ...] = (
    {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "USER": "one"},
    {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "de_DE.UTF-8",
        "LANGUAGE": "de",
        "PYTHONHASHSEED": "4242",
        "USER": "two",
        "SOURCE_DATE_EPOCH": "86400",
    },
)


def started(root: Path, number: int, *arguments: str) -> subprocess.Popen[str]:
    """Run ``tei-export ARGUMENTS`` in another environment, and if ``number`` is 1 at another time."""
    run = [
        sys.executable,
        str(Path(__file__).with_name("elsewhere.py")),
        str(3 * number),
        *arguments,
    ]
    environment = {**os.environ, **ENVIRONMENTS[number]}
    return subprocess.Popen(
        [*run, "--root", str(root)],
        env=environment,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def finished(process: subprocess.Popen[str]) -> None:
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below ``folder``."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def fingerprint(out: Path) -> dict[str, str]:
    """Return every file of the outputs with its checksum."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file() and ".cache" not in path.parts
    }
