"""``tei-export dts-serve``: run the application on this machine."""

from __future__ import annotations

import sys
from socket import SO_REUSEADDR, SOL_SOCKET
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from tei_export.service.app import application
from tei_export.service.built_files import NothingBuiltError
from tei_export.shared import stopping
from tei_export.shared.failures import MACHINE
from tei_export.shared.loopback import LOOPBACK, REFUSED, is_own, port_error

if TYPE_CHECKING:
    from pathlib import Path


_REUSE = (SOL_SOCKET, SO_REUSEADDR, 1)


class TextServer(ThreadingMixIn, WSGIServer):
    """Answers requests from this machine that name it, each in a thread of its own."""

    daemon_threads = True
    block_on_close = False

    def server_bind(self) -> None:
        """Bind without looking up the name of this machine, which can take long."""
        self.socket.setsockopt(*_REUSE)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that have gone away."""


class _Handler(WSGIRequestHandler):
    server_version, sys_version = "tei-export", ""
    timeout = 60
    server: TextServer

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        fields = self.headers
        if is_own(
            self.server.server_port, fields.get_all("Host", []), fields.get_all("Origin", [])
        ):
            return True
        self.close_connection = True
        self.send_response(403)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(REFUSED)))
        self.end_headers()
        self.wfile.write(REFUSED)
        return False

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: a program sends many requests."""


def run(folder: Path, port: int) -> int:
    """Answer from the outputs in ``folder`` until a signal; return the exit code."""
    try:
        app = application(folder)
    except NothingBuiltError as error:
        print(f"tei-export: {error}", file=sys.stderr)
        return MACHINE
    try:
        server = TextServer((LOOPBACK, port), _Handler)
    except OSError as error:
        print(f"tei-export: {port_error(error, port)}", file=sys.stderr)
        return MACHINE
    server.set_app(app)
    with server:
        print(f"http://{LOOPBACK}:{server.server_port}/ answers programs; Ctrl-C ends", flush=True)
        try:
            server.serve_forever(0.1)
        except KeyboardInterrupt:
            print("\nstopped", flush=True)
            return stopping.code() or stopping.CTRL_C
    return 0
