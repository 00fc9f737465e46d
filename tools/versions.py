"""Run tests with the lowest and the highest versions of all packages (`make versions`).

The lowest versions are those in pyproject.toml, on the oldest Python that it allows; the highest are the
newest compatible ones, on the newest Python on this machine. `--python 3.12` chooses another Python for the
highest versions; repeat it to try several. `--only-highest` skips the lowest versions. `-k …` and other
arguments go to pytest.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / ".versions"
#: The tests that depend most on Sphinx, docutils and MyST.
TESTS = ("test_guest.py", "test_vocabulary.py", "test_rules.py")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", action="append", help="a Python for the highest versions")
    parser.add_argument("--only-highest", action="store_true", help="leave out the lowest versions")
    options, others = parser.parse_known_args(arguments)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = re.sub(r"[^\d.]", "", project["requires-python"])
    failed = []
    lowest = [] if options.only_highest else [("lowest-direct", oldest)]
    for name, python in (
        *lowest,
        *(("highest", one) for one in options.python or [_newest(oldest)]),
    ):
        print(f"\n{name}, Python {python}", flush=True)
        if _tried(name, python, others):
            failed.append(f"{name} (Python {python})")
    print("\nfailed: " + ", ".join(failed) if failed else "\nall versions: done")
    return bool(failed)


def _newest(oldest: str) -> str:
    """Return the newest Python that uv finds on this machine; download nothing."""
    listing = _uv("python", "list", "--only-installed", "--no-python-downloads", output=True)
    found = re.findall(r"^cpython-(3\.\d+)\.\d+-", listing, re.MULTILINE)
    return max([oldest, *found], key=lambda version: [int(part) for part in version.split(".")])


def _tried(resolution: str, python: str, arguments: list[str]) -> int:
    folder = WORK / resolution
    _uv("venv", "--quiet", "--clear", "--no-python-downloads", "--python", python, str(folder))
    inside = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    _uv(
        "pip",
        "install",
        "--quiet",
        "--python",
        str(inside),
        "--resolution",
        resolution,
        f"{ROOT}[test]",
    )
    listing = _uv("pip", "list", "--quiet", "--python", str(inside), output=True)
    print(*re.findall(r"^(?:sphinx|docutils|myst-parser) .*", listing, re.MULTILINE), sep="\n")
    tests = [str(ROOT / "tests" / "program" / name) for name in TESTS]
    command = [str(inside), "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _uv(*arguments: str, output: bool = False) -> str:
    command = [sys.executable, "-m", "uv", *arguments]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE if output else None, text=True
    )
    return done.stdout or ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
