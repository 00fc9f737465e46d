"""What git knows of the sources."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Clones that belong to another user are read as well: whoever builds an edition runs its ``conf.py``
#: in any case. No other program is started for it, and no file of the clone is written.
_SETTINGS = ("-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true")


def commit_of(root: Path) -> str:
    """The commit of the sources in ``root``, of twelve figures; with ``-dirty`` where files were
    changed since. Empty where the folder's files are in no git repository.

    Neither the environment nor the settings of the user or the machine count.
    """
    if not _git(root, "ls-files", "--", "."):
        return ""  # perhaps inside somebody else's repository
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")[:12]
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return f"{commit}-dirty" if commit and changed else commit


def _git(root: Path, *arguments: str) -> str:
    """What git says in ``root``; nothing if it fails or is not there."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", *_SETTINGS, "-C", str(root), *arguments], capture_output=True, encoding="utf-8",
            errors="replace", check=False, timeout=10, env={**environment, **own},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    if "dubious ownership" in done.stderr:  # git before 2.38 does not take safe.directory from us
        print(f"git: {root} belongs to another user: the outputs name no commit", file=sys.stderr)
    return done.stdout.strip() if done.returncode == 0 else ""
