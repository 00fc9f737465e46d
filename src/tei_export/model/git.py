"""What git knows of the sources."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def commit_of(root: Path) -> str:
    """The commit of the sources in ``root``, of twelve figures; with ``-dirty`` where files were
    changed since. Empty where the folder's files are in no git repository."""
    if not _git(root, "ls-files", "--", "."):
        return ""  # perhaps inside somebody else's repository
    commit = _git(root, "describe", "--always", "--abbrev=12", "--exclude=*")
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return f"{commit}-dirty" if commit and changed else commit


def _git(root: Path, *arguments: str) -> str:
    """What git says in ``root``; nothing if it fails or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
