"""Serve a built site as a web server does, with compressed text.

python benchmarks/serve.py build/html 8795
"""

from __future__ import annotations

import contextlib
import gzip
import http.server
import sys
from functools import partial
from pathlib import Path
from typing import Any


class Server(http.server.SimpleHTTPRequestHandler):
    """Files, compressed if they are text."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        text = path.suffix in {".html", ".css", ".js", ".svg"}
        data = gzip.compress(data) if text else data
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        if text:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # the browser closed the connection
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""


def server(folder: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """Return a server of ``folder`` on this machine; port 0 takes any free port."""
    handler: Any = partial(Server, directory=str(folder))
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)


if __name__ == "__main__":
    with server(Path(sys.argv[1]), int(sys.argv[2])) as serving:
        serving.serve_forever()
