"""Map queries to files: the naming convention of the static DTS (``docs/dts.md``).

Every parameter of a query is a step of the path, ``name-value``, in a fixed order; an absent
parameter has an empty value. A URI template without conditions (RFC 6570, level 1) therefore covers
every query, a web server can map queries to files with one line, and names contain only letters,
digits, hyphens and full stops.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

#: endpoint → its parameters in path order, and the ending of its files
ENDPOINTS: dict[str, tuple[tuple[str, ...], str]] = {
    "collection": (("id", "nav"), "json"),
    "navigation": (("resource", "tree", "down", "ref"), "json"),
    "document": (("resource", "tree", "ref"), "xml"),
}
ENTRY = "index.json"
_SAFE = re.compile(r"[A-Za-z0-9._-]*")


def file_of(endpoint: str, **query: object) -> str:
    """Return the path of a query's file below the root of the service.

    ``file_of("document", resource="thesis", ref="ch-01")`` →
    ``document/resource-thesis/tree-/ref-ch-01.xml``.

    :raises ValueError: a value must not be part of a file name
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
    """Return the URI template of an endpoint, with the ``given`` parameters filled in."""
    names, ending = ENDPOINTS[endpoint]
    steps = [f"{name}-{given.get(name, f'{{{name}}}')}" for name in names]
    return f"{'/'.join([endpoint, *steps])}.{ending}"


class DtsLinks:
    """Writes addresses of the service for one of its files."""

    def __init__(self, base: str, file: str) -> None:
        """Prepare addresses for ``file``.

        :param base: the published address of the service, ending in ``/``; empty: addresses are
            relative to ``file``
        :param file: the file that will contain the addresses
        """
        self._prefix = base or "../" * (len(PurePosixPath(file).parts) - 1)
        self.here = f"{base}{file}" if base else PurePosixPath(file).name

    def to(self, path: str) -> str:
        """Return the address of a file of the service, or a URI template."""
        return self._prefix + path
