"""Let a process end with the one that started it, whatever ends that one."""

from __future__ import annotations

import os
import signal
import sys

#: ``PR_SET_PDEATHSIG`` of ``prctl(2)``.
_PARENT_DEATH_SIGNAL = 1


def end_with(parent: int) -> None:
    """Let the system kill this process when ``parent``, its parent, ends (Linux; elsewhere nothing happens).

    A parent that is killed cannot end its children itself.
    """
    if sys.platform == "linux":
        import ctypes  # only wanted here

        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:  # it has ended already
            os._exit(1)
