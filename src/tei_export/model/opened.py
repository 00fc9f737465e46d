"""Which files something was made from, with the digest of what was read of them.

A digest is taken of the bytes that were used, not of the file later: a file saved in between
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
    """Gives a dictionary that gets every file that :func:`note` is told of: path → digest."""
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
        files[path] = hashlib.sha256(data).hexdigest()


def unchanged(files: Mapping[Path, str]) -> bool:
    """Whether every file still has the content that was recorded."""
    return all(digest(path) == found for path, found in files.items())


def digest(path: Path) -> str:
    """SHA-256 of the file; empty where there is none that can be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def together(pairs: Iterable[tuple[str, str]]) -> str:
    """One digest of names with their digests, in any order."""
    sha = hashlib.sha256()
    for name, found in sorted(pairs):
        sha.update(f"{name}\0{found}\n".encode("utf-8", "surrogateescape"))
    return sha.hexdigest()
