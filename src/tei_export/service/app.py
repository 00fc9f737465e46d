"""The WSGI application: addresses, methods, header fields."""

from __future__ import annotations

import html
import threading
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.util import application_uri

from tei_export.service import dts, oai
from tei_export.service.answers import Answer, RefusedError, missing, parameters
from tei_export.service.built_files import Library

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Texts for programs</title></head>
<body><main><h1>Texts for programs</h1><ul>{items}</ul></main></body></html>
"""
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def application(folder: str | Path, base: str = "") -> WSGIApplication:
    """Return the application for the outputs in ``folder`` (``build/`` of an edition or of a corpus).

    :param base: the published address of the application, ending in ``/``: pages of any site may
        then query it; empty: addresses are those of the request, and only pages of the same address
        may query it
    :raises NothingBuiltError: there are no outputs
    """
    return _Application(Library(Path(folder)), base)


class _Application:
    def __init__(self, library: Library, base: str) -> None:
        self._library = library
        self._base = base
        #: One answer at a time: the texts in memory are shared.
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(environ)
        public = {"Access-Control-Allow-Origin": "*"} if self._base else {}
        head = environ["REQUEST_METHOD"] == "HEAD"
        fields = {
            **_HEADERS,
            **public,
            **answer.fields,
            "Content-Type": answer.kind,
            "Content-Length": str(len(answer.data)),
        }
        start_response(f"{answer.status.value} {answer.status.phrase}", list(fields.items()))
        return [b"" if head else answer.data]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        base = self._base or application_uri(environ).rstrip("/") + "/"
        path = [step for step in environ.get("PATH_INFO", "").split("/") if step]
        endpoint = "/".join(path[1:]) if path[:1] == ["dts"] else ""
        try:
            if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
                raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD are answered")
            with self._lock:
                return self._found(path, endpoint, base, environ.get("QUERY_STRING", ""))
        except RefusedError as error:
            refused = dts.refusal(endpoint, error)
            if error.status == HTTPStatus.METHOD_NOT_ALLOWED:
                refused.fields["Allow"] = "GET, HEAD"
            return refused

    def _found(self, path: list[str], endpoint: str, base: str, query: str) -> Answer:
        if path[:1] == ["dts"] and endpoint in ("", *dts.ENDPOINTS):
            service = dts.DtsService(self._library, f"{base}dts/")
            return service.answer(endpoint, parameters(query))
        if path == ["oai"]:
            return oai.answer(self._library, query)
        if not path:
            items = [("dts/", "Distributed Text Services 1.0")]
            if oai.repository(self._library) is not None:
                items.append(("oai?verb=Identify", "OAI-PMH 2.0"))
            listed = "".join(
                f'<li><a href="{html.escape(base + at)}">{name}</a></li>' for at, name in items
            )
            return Answer(_PAGE.format(items=listed).encode(), "text/html; charset=utf-8")
        raise missing("there is nothing at this address")
