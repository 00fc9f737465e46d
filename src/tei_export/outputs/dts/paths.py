"""Which file answers which query: the naming convention of the static DTS (``docs/dts.md``).

Every parameter of a query is a step of the path, ``name-value``, in a fixed order; one that is
absent has an empty value. So a URI template without conditions (RFC 6570, level 1) says it all,
a web server can map queries to files with one line, and the names have letters, digits, hyphens
and full stops only.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

#: endpoint → its parameters in the order of the path, and the ending of its files
ENDPOINTS: dict[str, tuple[tuple[str, ...], str]] = {
    "collection": (("id", "nav"), "json"),
    "navigation": (("resource", "tree", "down", "ref"), "json"),
    "document": (("resource", "tree", "ref"), "xml"),
}
ENTRY = "index.json"
_SAFE = re.compile(r"[A-Za-z0-9._-]*")


def file_of(endpoint: str, **query: object) -> str:
    """``file_of("document", resource="thesis", ref="ch-01")`` →
    ``document/resource-thesis/tree-/ref-ch-01.xml``, below the root of the service.

    :raises ValueError: a value that may not be part of a file name.
    """
    names, ending = ENDPOINTS[endpoint]
    steps = [endpoint]
    for name in names:
        value = str(query.pop(name, ""))
        if not _SAFE.fullmatch(value) or ".." in value:
            raise ValueError(f"{name}={value!r}")
        steps.append(f"{name}-{value}")
    if query:
        raise ValueError(f"{endpoint} has no parameter {', '.join(query)}")
    return f"{'/'.join(steps)}.{ending}"


def template(endpoint: str, **given: str) -> str:
    """The URI template of an endpoint; what is ``given`` is filled in."""
    names, ending = ENDPOINTS[endpoint]
    steps = [f"{name}-{given.get(name, f'{{{name}}}')}" for name in names]
    return f"{'/'.join([endpoint, *steps])}.{ending}"


class Links:
    """Addresses inside the service as they are written in one of its files."""

    def __init__(self, base: str, file: str) -> None:
        """:param base: where the service is published (ends in ``/``); empty: addresses are
        relative to ``file``."""
        self._prefix = base or "../" * (len(PurePosixPath(file).parts) - 1)
        self.here = f"{base}{file}" if base else PurePosixPath(file).name

    def to(self, path: str) -> str:
        """The address of a file of the service, or a URI template."""
        return self._prefix + path
