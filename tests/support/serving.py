"""Run ``tei-export serve`` in a process of its own, and see it as a browser does."""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Mini

#: The script that the server adds to every page.
SCRIPT = re.compile(rb'<script src="/\.serve/serve\.js"[^>]*></script>')
_LONG = 60


class Serving:
    """The command running on ``mini``; its temporary files go to ``folder``."""

    def __init__(self, mini: Mini, folder: Path, **options: Any) -> None:
        self.mini = mini
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tei_export.cli",
                "serve",
                "--port",
                "0",
                "--root",
                str(mini.root),
            ],
            env={**os.environ, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            **options,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        found = re.search(r":(\d+)/", self.wait("shows the edition"))
        assert found
        self.port = int(found[1])

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def wait(self, words: str) -> str:
        """Wait until the command prints a line with ``words``; return the line."""
        end = time.monotonic() + _LONG
        while time.monotonic() < end:
            try:
                line = self._lines.get(timeout=1)
            except queue.Empty:
                assert self.process.poll() is None, "".join(self.said)
                continue
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"never said: {words}\n{''.join(self.said)}")

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        """Return status and content of the response."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(
                method, path, skip_host="Host" in headers, skip_accept_encoding=True
            )
            for name, value in headers.items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def page(self, name: str) -> bytes:
        """Return a page as built."""
        status, data = self.get(f"/{name}")
        assert status == 200, name
        return SCRIPT.sub(b"", data)

    def news(self, page: str, version: int) -> dict[str, Any]:
        """Return the first event for a page of ``version``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", f"/.serve/events?page={page}&version={version}")
            answer = connection.getresponse()
            assert answer.getheader("Content-Type") == "text/event-stream"
            line = answer.fp.readline()
            said: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            return said
        finally:
            connection.close()

    def well(self, page: str) -> None:
        """Wait until ``page`` receives the event that there are no problems."""
        end = time.monotonic() + _LONG
        while self.news(page, 10**6)["problems"]:
            assert time.monotonic() < end
            time.sleep(0.3)

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal; return the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        while not self._lines.empty():
            self.said.append(self._lines.get())
        return code
