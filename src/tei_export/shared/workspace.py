"""Manage the output folder during a run: one run at a time, and all outputs or none.

==========================  ==========================================================
``build/<target>/``         the outputs of the last good run
``build/.cache/doctrees/``  the doctrees of that run, with the digests of its files
``build/.cache/run/``       the outputs of this run; the next run removes leftovers
``build/.cache/lock``       held by the current run
``build/.cache/journal``    names the folders being moved to their places
==========================  ==========================================================

A run works in its own folder, on a copy of the doctrees of the last good run. On success it writes
the journal, renames its folders to their places and removes the journal. If a run is killed in
between, the next run completes the moves: the journal proves that all outputs were complete. A run
that ends in any other way changes nothing.
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

from tei_export.model.opened_files import digest
from tei_export.shared import stopping
from tei_export.shared.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOCTREES = "doctrees"
_SEAL = "seal.json"
#: Sphinx's files for its own next run.
_PRIVATE = (".buildinfo", ".buildinfo.bak")


class Workspace:
    """``with Workspace(out) as work:`` waits until no other run uses ``out``.

    :param out: the folder of the outputs
    :param fresh: do not reuse the doctrees of an earlier run
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
        #: Whether the outputs of this run have been placed.
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
        """Return the folder where this run makes ``target``; it starts empty."""
        return self.run / target

    def clear(self, targets: Sequence[str]) -> None:
        """Empty the folders of ``targets``."""
        for target in targets:
            shutil.rmtree(self.folder(target), ignore_errors=True)

    def beside(self, target: str) -> Path:
        """Return a writable copy of the doctrees, for a target that is made beside others."""
        folder = self.run / f"{DOCTREES}-{target}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.doctrees, folder)
        return folder

    def check_room(self) -> None:
        """Check that the folder is still writable.

        :raises OSError: writing failed, for instance because the disk is full
        """
        write_whole(self.run / "room", bytes(1 << 16))

    def _take_over(self, before: Path) -> None:
        """Copy the doctrees of the last good run, if every file is unchanged since."""
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
        """Move ``targets`` and their doctrees to their final places: all or none.

        Signals are held back meanwhile.

        :raises OSError: moving failed, and nothing was changed
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
        """Move this run's folders ``names`` to their places.

        The result is the same from any state that a kill may leave. After an error, all moves are
        undone.
        """
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
        with suppress(OSError):  # all moves are done: the next run finds nothing to complete
            self._journal.unlink()

    def _recover(self) -> None:
        """Complete the moves of a killed run, and remove what other runs left."""
        if self._journal.exists():
            names = _names(self._journal.read_bytes())
            self._carry_out(names)
        if self.run.exists():
            shutil.rmtree(self.run)


def _names(journal: bytes) -> list[str]:
    """Return the names in the journal; none if it contains anything else."""
    try:
        listed = json.loads(journal)
    except ValueError:
        return []
    names = listed if isinstance(listed, list) else []
    return [name for name in names if isinstance(name, str) and name.isalpha()]


def _locked(path: Path, out: Path) -> int:
    """Lock the lock file and return its descriptor; print a message while another run holds it."""
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
    """Return the digests of all files in ``folder`` except the seal."""
    files = (path for path in folder.rglob("*") if path.is_file())
    digests = {path.relative_to(folder).as_posix(): digest(path) for path in files}
    digests.pop(_SEAL, None)
    return digests


def _check_removable(folder: Path) -> None:
    """Check that everything in ``folder`` can be moved and removed.

    :raises PermissionError: a folder is not writable
    """
    if not os.path.lexists(folder) or folder.is_symlink():
        return
    for path in [folder, *folder.rglob("*")]:
        if stat.S_ISDIR(path.lstat().st_mode) and not os.access(path, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


@contextmanager
def _no_signals() -> Iterator[None]:
    """Hold back signals that end a run until the block is done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stopping.SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
