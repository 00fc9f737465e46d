"""Suspend Python's garbage collector while many nodes are created, and at the end of the process."""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


#: Whether the process ends with the command that it runs.
_ends = False

#: How many new objects that are not freed call the collector where trees are let go (the trees of some 500 pages),
#: and how many collections call one of older objects, too.
_NOW_AND_THEN = (300_000, 1, 1)


@contextmanager
def no_collector() -> Iterator[None]:
    """Switch the collector off for work that creates many nodes and hardly any garbage.

    The collector would scan the nodes again and again, which took a sixth of the time (measured).
    """
    enabled, threshold = gc.isenabled(), gc.get_threshold()
    gc.disable()
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        # A collection now would scan everything once more, a tenth of a second (measured).
        if enabled and not _ends:
            gc.enable()
        else:
            gc.disable()


def collect_now_and_then() -> None:
    """Let the collector work after all, until the end of :func:`no_collector`: a large edition creates garbage."""
    if not gc.isenabled():
        gc.set_threshold(*_NOW_AND_THEN)
        gc.enable()


def collect_again() -> None:
    """Switch the collector on for a command that runs long."""
    gc.enable()


def end_at_once() -> None:
    """Let the process end with this command, and then give its memory back at once.

    Python would look for garbage twice more first, in all that was read, which took a tenth of a second or two
    (measured); nothing of ours waits for that.
    """
    global _ends
    _ends = True
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
