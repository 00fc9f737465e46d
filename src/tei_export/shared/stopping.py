"""Handle Ctrl-C, SIGTERM and SIGHUP alike, at any moment of a run.

This module is imported before anything slow, so it imports almost nothing itself.
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: The exit code after Ctrl-C.
CTRL_C = 128 + signal.SIGINT
#: The signal received, once there is one.
_arrived: list[int] = []
#: How many blocks hold a signal back, and whether one is being held back.
_holds, _pending = 0, False


class Stopped(KeyboardInterrupt):
    """Raised when a signal ends the run."""


def check() -> None:
    """Raise :class:`Stopped` if a signal has arrived.

    The first exception may be lost: Python drops exceptions raised during garbage collection.

    :raises Stopped: a signal has arrived
    """
    if _arrived:
        raise Stopped


def code() -> int:
    """Return the exit code after a signal, as in shells (Ctrl-C: 130); 0 if none has arrived."""
    return 128 + _arrived[0] if _arrived else 0


@contextmanager
def held() -> Iterator[None]:
    """Hold a signal back until the block is done, for work that must not stop halfway.

    Blocking the signals would not do where other threads run: the system gives a signal to any of them.

    :raises Stopped: at the end of the block, if a signal has arrived meanwhile
    """
    global _holds
    _holds += 1
    try:
        yield
    finally:
        _holds -= 1
    if not _holds:
        _raise_pending()


@contextmanager
def let_through() -> Iterator[None]:
    """Inside a block of :func:`held`, let a signal through, for the moments in which the run only waits.

    :raises Stopped: a signal has arrived
    """
    global _holds
    before = _holds
    try:
        _holds = 0
        _raise_pending()
        yield
    finally:
        _holds = before


def _raise_pending() -> None:
    global _pending
    if _pending:
        _pending = False
        raise Stopped


def _stop(number: int, _frame: FrameType | None) -> None:
    global _pending
    if _arrived:  # a second signal must not interrupt the cleanup
        return
    _arrived.append(number)
    if _holds:
        _pending = True
    else:
        raise Stopped


def listen() -> Callable[[], None]:
    """Turn the signals into :class:`Stopped`; return a function that restores the old handlers.

    Signals that the caller ignores (``nohup``) stay ignored.
    """
    global _pending
    _arrived.clear()
    _pending = False
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    before: dict[int, Any] = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _stop)
    hook, sys.unraisablehook = sys.unraisablehook, _unraisable

    def undo() -> None:
        sys.unraisablehook = hook
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)

    return undo


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    """Suppress Python's traceback for a dropped :class:`Stopped`: :func:`check` raises it again."""
    if not isinstance(lost.exc_value, Stopped):
        sys.__unraisablehook__(lost)
