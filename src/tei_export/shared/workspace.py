"""The folder of the outputs during a run: one run at a time, and all outputs or none.

==========================  ==========================================================
``build/<target>/``         the outputs of the last good run
``build/.cache/doctrees/``  what that run has read, with the digests of its files
``build/.cache/run/``       what this run makes; the next run removes what is left of it
``build/.cache/lock``       held by the run at work
``build/.cache/journal``    names what is taking its place at this moment
==========================  ==========================================================

A run works in a folder of its own, on a copy of what the last good run has read. If it ends well, it
writes the journal and renames its folders to their places; the journal goes when all are there. A run
killed in between is completed by the next one: the journal says that all its outputs were whole. A run
that ends otherwise leaves nothing.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tei_export.model.opened import digest
from tei_export.shared import stopping
from tei_export.shared.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOCTREES = "doctrees"
_SEAL = "seal.json"
#: Files of Sphinx for its own next run.
_PRIVATE = (".buildinfo", ".buildinfo.bak")


class Workspace:
    """``with Workspace(out) as work:`` waits until no other run is at work in ``out``.

    :param fresh: use nothing that was read before
    :raises OSError: a file or folder cannot be read or written
    """

    def __init__(self, out: Path, *, fresh: bool = False) -> None:
        self.out = out
        self.fresh = fresh
        self.cache = out / ".cache"
        self.run = self.cache / "run"
        self.doctrees = self.run / DOCTREES
        self._journal = self.cache / "journal"
        self._lock: int | None = None
        #: Whether the outputs of this run are in their places.
        self.placed = False

    def __enter__(self) -> Self:
        self.cache.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.cache / "lock", self.out)
        try:
            self._recover()
            self.doctrees.mkdir(parents=True)
            if not self.fresh:
                self._take_over(self.cache / DOCTREES)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is None:
            return
        if not self._journal.exists():
            shutil.rmtree(self.run, ignore_errors=True)
        os.close(self._lock)
        self._lock = None

    def folder(self, target: str) -> Path:
        """Where this run makes ``target``: empty at first."""
        return self.run / target

    def clear(self, targets: Sequence[str]) -> None:
        """Begin the outputs anew."""
        for target in targets:
            shutil.rmtree(self.folder(target), ignore_errors=True)

    def check_room(self) -> None:
        """:raises OSError: nothing can be written any more"""
        write_whole(self.run / "room", bytes(1 << 16))

    def _take_over(self, before: Path) -> None:
        """Copy what the last good run has read, if every file is as it was left."""
        try:
            seal = json.loads((before / _SEAL).read_bytes())
            whole = seal == _digests(before)
        except (OSError, ValueError):
            whole = False
        if whole:
            for name in seal:
                (self.doctrees / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(before / name, self.doctrees / name)

    def place(self, targets: Sequence[str]) -> None:
        """Put ``targets``, and what was read for them, where the last ones are: all or none.

        Signals wait until that is done. :raises OSError: nothing was changed.
        """
        for target in targets:
            for name in _PRIVATE:
                (self.folder(target) / name).unlink(missing_ok=True)
        write_whole(self.doctrees / _SEAL, json.dumps(_digests(self.doctrees)).encode())
        names = [*targets, DOCTREES]
        for name in names:
            _check_removable(self._target(name))
        stopping.check()
        with _no_signals():
            write_whole(self._journal, json.dumps(names).encode())
            self._carry_out(names)
            self.placed = True

    def _target(self, name: str) -> Path:
        return self.cache / DOCTREES if name == DOCTREES else self.out / name

    def _carry_out(self, names: Sequence[str]) -> None:
        """Every folder of ``names`` that this run has made takes its place; in any state that a kill
        may leave, this ends the same. After an error all is as it was."""
        old = self.run / "old"
        old.mkdir(exist_ok=True)
        done: list[tuple[Path, Path]] = []
        try:
            for name in names:
                source, target = self.folder(name), self._target(name)
                if os.path.lexists(source):
                    for one, other in ((target, old / name), (source, target)):
                        if os.path.lexists(one):
                            one.rename(other)
                            done.append((one, other))
        except OSError:
            for one, other in reversed(done):
                other.rename(one)
            self._journal.unlink()
            raise
        with suppress(OSError):  # all is done: the next run finds nothing to complete
            self._journal.unlink()

    def _recover(self) -> None:
        """Complete a run that was killed while its outputs took their places; remove what others left."""
        if self._journal.exists():
            names = _names(self._journal.read_bytes())
            self._carry_out(names)
        if self.run.exists():
            shutil.rmtree(self.run)


def _names(journal: bytes) -> list[str]:
    """The names in the journal; none if anything else is in it."""
    try:
        found = json.loads(journal)
    except ValueError:
        return []
    names = found if isinstance(found, list) else []
    return [name for name in names if isinstance(name, str) and name.isalpha()]


def _locked(path: Path, out: Path) -> int:
    """The lock file, locked; says so when another run has it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another run is at work in {out}: waiting", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _digests(folder: Path) -> dict[str, str]:
    """The digests of all files in ``folder`` but the seal."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): digest(path) for path in files}
    found.pop(_SEAL, None)
    return found


def _check_removable(folder: Path) -> None:
    """:raises PermissionError: something in ``folder`` could not be moved or removed."""
    if not os.path.lexists(folder) or folder.is_symlink():
        return
    for path in [folder, *folder.rglob("*")]:
        if stat.S_ISDIR(path.lstat().st_mode) and not os.access(path, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


@contextmanager
def _no_signals() -> Iterator[None]:
    """Signals that end a run come after this."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stopping.SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
