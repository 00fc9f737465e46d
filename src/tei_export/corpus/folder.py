"""The folder of the corpus: the files made from all editions, replaced together or not at all."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from tei_export.shared import stopping
from tei_export.shared.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class CorpusFolder:
    """``path``, as the last complete run left it.

    A run that was killed between two renames is undone: its files are not in place.

    :raises OSError: a folder cannot be renamed
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._new = path.with_name(f".{path.name}.new")
        self._old = path.with_name(f".{path.name}.old")
        #: Whether the files of this run are in place.
        self.replaced = False
        if self._old.exists() and not os.path.lexists(path):
            self._old.rename(path)

    def replace(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Let the folder have ``files`` (path and content) and nothing else; they are written as they come.

        :raises OSError: a file or folder cannot be written; the folder is unchanged
        :raises Stopped: a signal has arrived; see :attr:`replaced`
        """
        self._clear()
        try:
            for name, data in files:
                write_whole(self._new / name, data)
            with stopping.held():
                self._swap()
        finally:
            self._clear()

    def _swap(self) -> None:
        if os.path.lexists(self.path):
            self.path.rename(self._old)
        try:
            self._new.rename(self.path)
        except OSError:
            if self._old.exists():
                self._old.rename(self.path)
            raise
        self.replaced = True

    def _clear(self) -> None:
        for left in (self._new, self._old):
            shutil.rmtree(left, ignore_errors=True)
