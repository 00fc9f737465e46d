"""Ctrl-C, SIGTERM and SIGHUP end a run in the same way, at any moment.

This module is loaded before anything that takes time, so it imports next to nothing.
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
#: The signal that has arrived, once one has.
_arrived: list[int] = []


class Stopped(KeyboardInterrupt):
    """A signal has arrived that ends the run."""


def check() -> None:
    """:raises Stopped: a signal has arrived, even if its exception was lost on the way (Python drops
    those that are raised while it collects garbage)."""
    if _arrived:
        raise Stopped


def code() -> int:
    """The exit code after a signal, as shells have it (Ctrl-C: 130); 0: none has arrived."""
    return 128 + _arrived[0] if _arrived else 0


def _stop(number: int, _frame: FrameType | None) -> None:
    if not _arrived:  # a second signal must not disturb the clearing up
        _arrived.append(number)
        raise Stopped


def listen() -> Callable[[], None]:
    """Turn the signals into :class:`Stopped`; gives what undoes that. Signals that the caller has
    asked to be ignored (``nohup``) stay so."""
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
    """Python prints a traceback of exceptions that it drops; :func:`check` knows of ours."""
    if not isinstance(lost.exc_value, Stopped):
        sys.__unraisablehook__(lost)
