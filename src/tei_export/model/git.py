"""Ask git about the sources."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Also read clones that belong to another user: building an edition runs its ``conf.py`` in any
#: case. git starts no other program here and writes no file of the clone.
_SETTINGS = ("-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true")


def commit_of(root: Path) -> str:
    """Return the commit of the sources in ``root``: twelve digits, ``-dirty`` if files changed.

    Empty if the folder is not in a git repository. The environment and the settings of user and
    machine are ignored.
    """
    if not _git(root, "ls-files", "--", "."):
        return ""  # perhaps inside an unrelated repository
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")[:12]
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return f"{commit}-dirty" if commit and changed else commit


def _git(root: Path, *arguments: str) -> str:
    """Return git's output in ``root``; empty if git fails or is not installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(
            ["git", *_SETTINGS, "-C", str(root), *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=10,
            env={**environment, **own},
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    if "dubious ownership" in done.stderr:  # git before 2.38 ignores our safe.directory
        print(f"git: {root} belongs to another user: the outputs name no commit", file=sys.stderr)
    return done.stdout.strip() if done.returncode == 0 else ""
