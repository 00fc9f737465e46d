"""Writing outputs: whole or not at all."""

from __future__ import annotations

import gc
import os
import subprocess
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.problems import EditionError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


def write_whole(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` at once; a failed or killed build leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def day_of(said: object, file: str, line: int) -> date:
    """The day that the record ``file`` gives in ``line``; :raises EditionError: ``record-field``, it is none."""
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        raise EditionError(Problem("record-field", file, line, f"date: {said}")) from None


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


@contextmanager
def no_collector() -> Iterator[None]:
    """Work that makes very many nodes and hardly any garbage: Python's collector of cycles
    would only look through them again and again (a sixth of the time, measured)."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
