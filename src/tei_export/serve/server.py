"""Answer the browser: the published pages with a script, the script, and the stream of news.

The server listens on the loopback address only. A request must name it in ``Host`` and, if it has an
``Origin``, come from its own pages (:mod:`tei_export.shared.loopback`). Nothing can be written through it.
"""

from __future__ import annotations

import html
import http.server
import json
import mimetypes
import re
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from tei_export.shared.loopback import LOOPBACK, REFUSED, is_own

if TYPE_CHECKING:
    from tei_export.serve.published_site import PublishedSite

#: The path of this module's own files; no page of an edition can be there.
OWN = "/.serve/"
_SCRIPT = Path(__file__).parent / "static" / "serve.js"
#: Without the tables of the machine, which vary.
_TYPES = mimetypes.MimeTypes()
_TEXT = re.compile(r"text/|.*\b(?:javascript|json|xml)\b")
#: Seconds after which a silent stream sends a comment, to find out whether the page is still open.
_ALIVE = 15.0
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
_WAITING = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}}</style></head>
<body><main><h1>{title}</h1><p>{said}</p></main></body></html>
"""


class SiteServer(http.server.ThreadingHTTPServer):
    """Serves ``site`` on the loopback address.

    :raises OSError: the port is in use, or may not be used
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, site: PublishedSite, port: int) -> None:
        self.site = site
        super().__init__((LOOPBACK, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore browsers that have gone away."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "tei-export", ""
    timeout = 60
    server: SiteServer

    def do_GET(self) -> None:
        if self._refused():
            return
        address = urlsplit(self.path)
        path = unquote(address.path, errors="replace")
        if path == f"{OWN}events":
            self._events(parse_qs(address.query))
        elif path == f"{OWN}serve.js":
            self._send(_SCRIPT.read_bytes(), "text/javascript")
        else:
            self._page(path)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _refused(self) -> bool:
        """Answer and return True if the request does not come from this site or its reader."""
        host, origin = self.headers.get_all("Host", []), self.headers.get_all("Origin", [])
        if is_own(self.server.server_address[1], host, origin):
            return False
        self.close_connection = True
        self._send(REFUSED, "text/plain", HTTPStatus.FORBIDDEN)
        return True

    def _page(self, path: str) -> None:
        site = self.server.site
        version = site.version  # before the file is read, so that a later change is reported
        file = _file(site.folder, path)
        if (
            file is not None
            and not path.endswith("/")
            and file.name == "index.html"
            and not path.endswith(".html")
        ):
            self._send(b"", "text/plain", HTTPStatus.MOVED_PERMANENTLY, Location=f"{path}/")
            return
        status = HTTPStatus.OK
        try:
            data = file.read_bytes() if file else b""
        except OSError:
            file = None
        if file is None:
            status = HTTPStatus.NOT_FOUND
            if version:
                said = f"{html.escape(path)} is not a page of the edition."
                data = _WAITING.format(title="Not there", said=said).encode()
            else:
                said = "The sources are being read for the first time. This page appears by itself."
                data = _WAITING.format(title="Reading", said=said).encode()
        kind = (
            _TYPES.guess_type(file.name)[0] if file else "text/html"
        ) or "application/octet-stream"
        if kind == "text/html":
            name = file.relative_to(site.folder).as_posix() if file else _name(path)
            data = _with_script(data, name, version)
        self._send(data, kind, status)

    def _send(
        self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, **headers: str
    ) -> None:
        self.send_response(status)
        charset = "; charset=utf-8" if _TEXT.match(kind) else ""
        for name, value in {
            **_HEADERS,
            **headers,
            "Content-Type": f"{kind}{charset}",
            "Content-Length": str(len(data)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self, query: dict[str, list[str]]) -> None:
        """Send news as server-sent events (HTML Standard, 9.2) until the page or the server ends."""
        page = query.get("page", [""])[0]
        version = int(query["version"][0]) if query.get("version", [""])[0].isdecimal() else 0
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        for name, value in {**_HEADERS, "Content-Type": "text/event-stream"}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        known = -1
        site = self.server.site
        while not site.closed:
            news = site.news(page, version, known, _ALIVE)
            if news is None:
                self.wfile.write(b": alive\n\n")
            else:
                known = news.number
                said = {"reload": news.reload, "problems": [asdict(told) for told in news.problems]}
                self.wfile.write(f"data: {json.dumps(said)}\n\n".encode())
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the terminal shows the rounds."""


def _name(path: str) -> str:
    """Return the file that ``path`` requests, whether or not it exists."""
    return f"{path.strip('/')}/index.html".lstrip("/") if path.endswith("/") else path.strip("/")


def _file(folder: Path, path: str) -> Path | None:
    """Return the file of a path, never one outside ``folder``; None if there is none."""
    parts = [part for part in path.split("/") if part]
    if any(part == ".." or part.startswith(".") or "\0" in part or "\\" in part for part in parts):
        return None
    file = folder.joinpath(*parts)
    file = file / "index.html" if file.is_dir() else file
    return file if file.is_file() else None


def _with_script(data: bytes, page: str, version: int) -> bytes:
    """Add the script to a page, with the page's name and version."""
    script = (
        f'<script src="{OWN}serve.js" data-page="{html.escape(page)}" data-version="{version}" defer></script>'
    ).encode()
    head, end, rest = data.rpartition(b"</body>")
    return head + script + end + rest if end else data + script
