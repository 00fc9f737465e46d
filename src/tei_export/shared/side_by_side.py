"""Do work on another processor, in a copy of this process that has already read and exported everything.

The copy is a fork, so that nothing is read or exported twice. It exists only on Linux: on macOS the
system's own libraries do not survive a fork.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import sys
import tempfile
import warnings
from typing import TYPE_CHECKING, Any

from tei_export.shared.atomic import write_whole
from tei_export.shared.end_with_parent import end_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path
    from types import TracebackType

#: The bytes of a number in the file of :class:`Turns`.
_SIZE = 4


def processors() -> int:
    """Return the number of processors that this process may use; 1 without fork."""
    if sys.platform != "linux":
        return 1
    return len(os.sched_getaffinity(0))


class SideBySide:
    """``with SideBySide(work) as copy:`` begins ``work``; :meth:`SideBySide.result` waits for its result.

    The copy ends with the block, in any case. It must not touch the files of this process.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        fork = multiprocessing.get_context("fork")
        self._connection, theirs = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_run, args=(work, theirs, os.getpid()), daemon=True)
        with (
            warnings.catch_warnings()
        ):  # other threads are not ours: those of a test's browser, for instance
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        theirs.close()

    def __enter__(self) -> SideBySide:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()

    def result(self) -> Any:
        """Return what ``work`` returned.

        :raises Exception: the exception of ``work``
        :raises OSError: the copy was killed
        """
        try:
            outcome, error = self._connection.recv()
        except EOFError:
            self._process.join()
            said = f"the process that made it ended with {self._process.exitcode}"
            raise OSError(errno.EIO, said) from None
        if error is not None:
            raise error
        return outcome


class Handover:
    """``with Handover(path) as handover:`` this process gives its copies what they wait for, once.

    :param path: a file that does not exist yet
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        #: Its end of the pipe, closed, tells that the file is complete.
        self._told, self._tell = os.pipe()

    def __enter__(self) -> Handover:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        if self._told >= 0:
            os.close(self._told)
        self._told = -1
        self._path.unlink(missing_ok=True)

    def give(self, value: object) -> None:
        """Give ``value`` to all copies.

        :raises OSError: the file cannot be written
        """
        write_whole(self._path, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        self._end()

    def take(self) -> Any:
        """Return what the process gives; wait for it. To be called in a copy.

        :raises OSError: the process has ended and gave nothing
        """
        self._end()
        os.read(self._told, 1)
        return pickle.loads(self._path.read_bytes())

    def _end(self) -> None:
        if self._tell >= 0:
            os.close(self._tell)
        self._tell = -1


class Turns:
    """``with Turns(number) as turns:`` this process and its copies take the numbers from 0 to ``number`` - 1 in turn:
    each number is for one of them.

    They share the position in a file, which every read moves (read(2)).
    """

    def __init__(self, number: int) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by __exit__
        self._file.write(b"".join(n.to_bytes(_SIZE, "little") for n in range(number)))
        self._file.seek(0)

    def __enter__(self) -> Turns:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[int]:
        while taken := os.read(self._file.fileno(), _SIZE):
            yield int.from_bytes(taken, "little")


def _run(work: Callable[[], Any], connection: Connection, parent: int) -> None:
    end_with(parent)
    try:
        answer: tuple[Any, Exception | None] = work(), None
    except Exception as error:
        answer = None, _sendable(error)
    except BaseException:  # a signal, which the other process receives, too
        return
    connection.send(answer)


def _sendable(error: Exception) -> Exception:
    """Return the error, or one with its message if it cannot be pickled."""
    try:
        again = pickle.loads(pickle.dumps(error))
    except Exception:
        again = None
    same = type(again) is type(error) and str(again) == str(error)
    return error if same else RuntimeError(f"{type(error).__name__}: {error}")
