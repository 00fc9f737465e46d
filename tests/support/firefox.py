"""Drive Firefox in tests with Marionette, its built-in protocol.

Playwright drives only its own build of Firefox, and geckodriver is in no registry that this project
uses. Both use Marionette underneath: JSON over a local socket
(https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html).
"""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools import require

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Returns the words that find in page does not find.
FIND = "getSelection().removeAllRanges(); return arguments[0].filter((words) => !window.find(words, true, false, true))"
#: Settings: no request leaves the machine; Firefox takes a free port and writes it where `_port` looks.
_PREFERENCES = {
    "marionette.port": 0,
    "app.update.disabledForTesting": True,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.newtabpage.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}
_PATIENCE = 60.0


class FirefoxError(RuntimeError):
    """The error that Firefox returned instead of a result."""


@dataclass(slots=True)
class Firefox:
    """An open Firefox with one window."""

    connection: socket.socket
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _rest: bytes = b""

    def send(self, command: str, **parameters: object) -> Any:
        """Return the value of ``command`` (a WebDriver command); :raises FirefoxError: it failed."""
        number = next(self._numbers)
        data = json.dumps([0, number, command, parameters]).encode()
        self.connection.sendall(f"{len(data)}:".encode() + data)
        _kind, answered, error, result = self._message()
        assert answered == number
        if error:
            raise FirefoxError(f"{error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def open(self, address: str, width: int = 1280, height: int = 900) -> None:
        """Open a page in a viewport of ``width`` × ``height``."""
        self.send("WebDriver:Navigate", url=address)
        frame = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]")
        self.send("WebDriver:SetWindowRect", width=width + frame[0], height=height + frame[1])

    def run(self, script: str, *arguments: object) -> Any:
        """Run the body of a function in the page; return its result."""
        return self.send("WebDriver:ExecuteScript", script=script, args=list(arguments))

    def picture(self) -> bytes:
        """Return the viewport as PNG."""
        return base64.b64decode(self.send("WebDriver:TakeScreenshot", full=False))

    def _message(self) -> Any:
        """``LENGTH:JSON``."""
        while b":" not in self._rest:
            self._receive()
        length, _, rest = self._rest.partition(b":")
        self._rest = rest
        while len(self._rest) < int(length):
            self._receive()
        message, self._rest = self._rest[: int(length)], self._rest[int(length) :]
        return json.loads(message)

    def _receive(self) -> None:
        data = self.connection.recv(1 << 16)
        if not data:
            raise FirefoxError("Firefox has closed the connection")
        self._rest += data


@contextmanager
def firefox(program: str) -> Iterator[Firefox]:
    """Run a headless Firefox with its own profile."""
    with tempfile.TemporaryDirectory(
        prefix="tei-export-firefox-", ignore_cleanup_errors=True
    ) as name:
        profile = Path(name)
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in _PREFERENCES.items())
        (profile / "user.js").write_text("".join(lines), encoding="ascii")
        with (profile / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, "--headless", "--marionette", "--no-remote", "--profile", name],
                stdout=log,
                stderr=log,
                cwd=name,
            )
            try:
                with socket.create_connection(
                    ("127.0.0.1", _port(process, profile)), _PATIENCE
                ) as connection:
                    driver = Firefox(connection)
                    driver._message()  # it greets
                    driver.send("WebDriver:NewSession", strictFileInteractability=False)
                    yield driver
                    driver.send("Marionette:Quit", flags=["eForceQuit"])
                process.wait(_PATIENCE)
            finally:
                process.kill()
                process.wait()


def _port(process: subprocess.Popen[bytes], profile: Path) -> int:
    """Return the port that Firefox chose and wrote into its profile."""
    written = profile / "MarionetteActivePort"
    while process.poll() is None:
        if written.is_file() and written.read_text(encoding="ascii").strip():
            return int(written.read_text(encoding="ascii"))
        time.sleep(0.05)
    raise FirefoxError((profile / "log").read_text(encoding="utf-8", errors="replace"))


@pytest.fixture(scope="module")
def fox() -> Iterator[Firefox]:
    """A running Firefox."""
    with firefox(require("firefox")) as running:
        yield running
