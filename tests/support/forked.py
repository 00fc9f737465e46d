"""Fork processes for what only a process shows (signals, limits, exit codes), without loading the program again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sphinx.cmd import build

if TYPE_CHECKING:
    from collections.abc import Callable


def forked(work: Callable[[], int]) -> subprocess.CompletedProcess[str]:
    """Run ``work`` in a copy of this process; return its code and output. A negative code is the signal that ended it.

    Signals have their default handlers there, whatever those of the test runner are.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    (out, to_out), (errors, to_errors) = os.pipe(), os.pipe()  # a file could be too large
    pid = os.fork()
    if pid == 0:
        _child(work, to_out, to_errors)
    os.close(to_out)
    os.close(to_errors)
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(_read, (out, errors)))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return subprocess.CompletedProcess([], code, *said)


def sphinx_build(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run ``sphinx-build ARGUMENTS``, without the command of this program."""
    return forked(lambda: build.main([str(one) for one in arguments]))


def _read(pipe: int) -> str:
    with open(pipe, encoding="utf-8") as file:
        return file.read()


def _child(work: Callable[[], int], out: int, errors: int) -> None:
    """Run ``work`` and exit; never return, because the copy must not run the end of the test runner."""
    code = 70
    try:
        os.dup2(out, 1)
        os.dup2(errors, 2)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        for number in (signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
