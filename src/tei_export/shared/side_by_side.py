"""Do work on another processor, in a copy of this process that has everything already read and exported.

The copy is a fork, so that nothing is read or exported twice. Elsewhere than on Linux there is none: on macOS
the system's own libraries do not survive a fork.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from types import TracebackType


def processors() -> int:
    """Return how many processors this process may use; 1 where there is no fork."""
    if sys.platform != "linux":
        return 1
    return len(os.sched_getaffinity(0))


class SideBySide:
    """``with SideBySide(work) as copy:`` begins ``work``; :meth:`SideBySide.result` waits for what it returns.

    The copy ends with the block, whatever ends it. It must leave the files of this process alone.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        fork = multiprocessing.get_context("fork")
        self._connection, theirs = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_run, args=(work, theirs), daemon=True)
        with (
            warnings.catch_warnings()
        ):  # other threads: those of a test's browser, say, none of ours
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

        :raises Exception: what it raised
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


def _run(work: Callable[[], Any], connection: Connection) -> None:
    try:
        answer: tuple[Any, Exception | None] = work(), None
    except Exception as error:
        answer = None, _sendable(error)
    except BaseException:  # a signal, which the other process gets, too
        return
    connection.send(answer)


def _sendable(error: Exception) -> Exception:
    """Return the error, or one with its words if it does not survive the way."""
    try:
        again = pickle.loads(pickle.dumps(error))
    except Exception:
        again = None
    same = type(again) is type(error) and str(again) == str(error)
    return error if same else RuntimeError(f"{type(error).__name__}: {error}")
