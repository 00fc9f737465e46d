"""Standard output and error that survive unencodable characters and closed pipes."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


class Stream:
    """Wraps ``stream``.

    Characters that its encoding lacks are written as ``\\u2026``. Once the reader closes the pipe
    (``| head``), the stream discards its output, and the run continues.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        if self._stream is not None:
            try:
                self._write(self._stream, text)
            except BrokenPipeError:
                self._close()
        return len(text)

    def flush(self) -> None:
        if self._stream is not None:
            try:
                self._stream.flush()
            except BrokenPipeError:
                self._close()

    @staticmethod
    def _write(stream: TextIO, text: str) -> None:
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def _close(self) -> None:
        """Stop writing, and send Python's buffered output to the null device."""
        assert self._stream is not None
        try:
            number = self._stream.fileno()
        except (OSError, ValueError):
            pass
        else:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, number)
            os.close(nowhere)
        self._stream = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
