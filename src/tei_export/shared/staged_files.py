"""Write the files of an output as they are made, and put them in their places when all of them are complete.

An output of thousands of files would otherwise have to be in memory as a whole, so that a build that fails
changes nothing.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: The folder where the files wait, in that of the output.
_WAITING = ".new"
_OPEN = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


class StagedFiles:
    """``with StagedFiles(folder) as files:`` the files replace those in ``folder`` at the end of the block.

    They replace none if the block fails. Every error names the file in its place, even where the system does not
    (a full disk).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = folder / _WAITING
        #: Paths in the folder, in the order in which they were begun.
        self.names: dict[str, None] = {}
        self._made: set[Path] = set()

    def __enter__(self) -> Self:
        if os.path.lexists(self._waiting):  # left by a killed process
            shutil.rmtree(self._waiting)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._place(self._waiting, self._folder)
        finally:
            shutil.rmtree(self._waiting, ignore_errors=True)

    def write(self, name: str, data: bytes) -> None:
        """Let ``data`` be the file ``name``.

        :raises OSError: writing failed
        """
        self._put(name, data, os.O_TRUNC)

    def append(self, name: str, data: bytes) -> None:
        """Add ``data`` to the end of the file ``name``; begin it if there is none.

        :raises OSError: writing failed
        """
        self._put(name, data, os.O_APPEND)

    def _put(self, name: str, data: bytes, how: int) -> None:
        path = self._waiting / name
        self._make(path.parent)
        try:
            handle = os.open(path, _OPEN | how, 0o644)
            try:
                written = os.write(handle, data)
                while written < len(data):  # more than the system writes at once
                    written += os.write(handle, data[written:])
                if name not in self.names:
                    os.fchmod(handle, 0o644)
            finally:
                os.close(handle)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._folder / name)) from error
        self.names[name] = None

    def read(self, name: str) -> bytes:
        """Return the content of the file ``name``.

        :raises OSError: reading failed
        """
        return (self._waiting / name).read_bytes()

    def write_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write every file: its name and its content.

        :raises OSError: writing failed
        """
        for name, data in files:
            self.write(name, data)

    def _place(self, waiting: Path, folder: Path) -> None:
        """Move what waits to ``folder``: a folder as a whole, unless there is one in its place."""
        for path in sorted(waiting.iterdir()) if self.names else ():
            target = folder / path.name
            if path.is_dir() and target.is_dir():
                self._place(path, target)
                continue
            try:
                path.replace(target)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(target)) from error

    def _make(self, folder: Path) -> None:
        if folder not in self._made:
            folder.mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
