"""Rules of every server of this program: it listens only on this machine, and answers only to its own name.

Otherwise a web page could read the edition through a domain name that resolves to this machine (DNS rebinding).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOPBACK = "127.0.0.1"
#: The answer to a request from elsewhere.
REFUSED = b"This server answers only to its own address on this machine.\n"


def allowed_hosts(port: int) -> frozenset[str]:
    """Return the valid ``Host`` fields for a server on ``port``."""
    hosts = (LOOPBACK, "localhost")
    return frozenset([f"{host}:{port}" for host in hosts] + [*hosts] * (port == 80))


def is_own(port: int, host: Sequence[str], origin: Sequence[str]) -> bool:
    """Return whether a request with these ``Host`` and ``Origin`` fields names the server on ``port`` and
    comes from its own pages or from no page."""
    own = allowed_hosts(port)
    return (
        len(host) == 1
        and host[0].lower() in own
        and all(value.lower() in {f"http://{name}" for name in own} for value in origin)
    )


def port_error(error: OSError, port: int) -> str:
    """Return the reason why the port cannot be used, and the cure."""
    reason = error.strerror or str(error)
    return f"port {port}: {reason}; choose another one with --port, or --port 0 for any"
