"""Share what is made once in a run of pytest among all its processes."""

from __future__ import annotations

import fcntl
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Shared:
    """Folders made by the first process that needs them; nobody changes their content.

    :param home: a folder that all processes of the run share
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(exist_ok=True)

    def folder(self, name: str, make: Callable[[Path], None]) -> Path:
        """Return the folder ``name``, filled by ``make``; other processes wait for it."""
        folder, done = self.home / name, self.home / f"{name}.done"
        with (self.home / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of a process that failed
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    def file(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the content of the file ``name``."""
        folder = self.folder(name, lambda folder: _write(folder / "file", make()))
        return (folder / "file").read_bytes()


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
