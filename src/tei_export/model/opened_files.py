"""Record the files that were read, with digests of their contents.

A digest covers the bytes that were read, not the file at a later time: a file saved in between
counts as changed.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_recorded: ContextVar[dict[Path, str] | None] = ContextVar("_recorded", default=None)


@contextmanager
def recording() -> Iterator[dict[Path, str]]:
    """Provide a dictionary that collects each file passed to :func:`note`: path → digest."""
    files: dict[Path, str] = {}
    token = _recorded.set(files)
    try:
        yield files
    finally:
        _recorded.reset(token)


def note(path: Path, data: bytes) -> None:
    """Record that ``data`` was read from ``path``."""
    files = _recorded.get()
    if files is not None:
        files[path] = digest_of(data)


def unchanged(files: Mapping[Path, str]) -> bool:
    """Return whether every file still has its recorded content."""
    return all(digest(path) == recorded for path, recorded in files.items())


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def digest(path: Path) -> str:
    """Return the SHA-256 of the file; empty if it cannot be read."""
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return ""


def combined_digest(pairs: Iterable[tuple[str, str]]) -> str:
    """Combine names and their digests, in any order, into one digest."""
    sha = hashlib.sha256()
    for name, file_digest in sorted(pairs):
        sha.update(f"{name}\0{file_digest}\n".encode("utf-8", "surrogateescape"))
    return sha.hexdigest()
