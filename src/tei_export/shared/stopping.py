"""Handle Ctrl-C, SIGTERM and SIGHUP alike, at any moment of a run.

This module is imported before anything slow, so it imports almost nothing itself.
"""

from __future__ import annotations

import signal
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: The exit code after Ctrl-C.
CTRL_C = 128 + signal.SIGINT
#: The signal received, once there is one.
_arrived: list[int] = []


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


def _stop(number: int, _frame: FrameType | None) -> None:
    if not _arrived:  # a second signal must not interrupt the cleanup
        _arrived.append(number)
        raise Stopped


def listen() -> Callable[[], None]:
    """Turn the signals into :class:`Stopped`; return a function that restores the old handlers.

    Signals that the caller ignores (``nohup``) stay ignored.
    """
    _arrived.clear()
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
