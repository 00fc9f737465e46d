"""Standard output and error that no letter and no closed pipe can break."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


class Stream:
    """Stands for ``stream``. Letters that its encoding lacks are written as ``\\u2026``; once nobody
    reads it any more (``| head``) it is silent, and the run goes on."""

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
        """Write no more; what Python still holds back for the pipe goes nowhere."""
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
