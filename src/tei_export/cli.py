"""The command ``tei-export``: start, and orderly end after a signal.

It imports little: the program takes half a second to load, and a signal may arrive meanwhile.
"""

from __future__ import annotations

import sys

from tei_export.shared import stopping
from tei_export.shared.streams import Stream
from tei_export.source.garbage_collector import end_at_once, no_collector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    :param argv: the arguments; without them, those of the process, which ends with the command

    :raises SystemExit: wrong usage, ``--help``
    """
    undo = stopping.listen()
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream(streams[0]), Stream(streams[1])
    try:
        return _run(argv)
    finally:
        sys.stdout, sys.stderr = streams
        undo()


def _run(argv: Sequence[str] | None) -> int:
    try:
        if argv is None:
            end_at_once()
        with no_collector():  # importing creates no garbage
            from tei_export.shared.loaded_later import load_later

            load_later()
            from tei_export import commands

            code = commands.run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return stopping.code() or stopping.CTRL_C
    except OSError as error:  # standard output is a file on a full disk
        print(f"tei-export: standard output: {error.strerror}", file=sys.stderr)
        return 4
    return code


if __name__ == "__main__":
    raise SystemExit(main())
