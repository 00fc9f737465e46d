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


@contextmanager
def no_collector() -> Iterator[None]:
    """Switch the collector off for work that creates many nodes and hardly any garbage.

    The collector would scan the nodes again and again, which took a sixth of the time (measured).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if (
            enabled and not _ends
        ):  # it would scan everything once more, a tenth of a second (measured)
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
