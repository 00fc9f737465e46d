"""Templates compiled once for a process: the rounds of the live preview share them, and the sites of a corpus.

Sphinx makes a Jinja environment for every build, and each compiles all templates again: a third of the
time of a small site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import Environment
    from jinja2.bccache import Bucket


class _Compiled(BytecodeCache):
    """Code in the memory of the process, by name, file, and digest of the source (``bucket.checksum``)."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


#: By what the compiler bakes into the code beside the source: it also runs filters on constants.
_BY_KIND: dict[tuple[object, ...], _Compiled] = {}


def share(environment: Environment) -> None:
    """Let ``environment`` take templates that were compiled for others like it."""
    kind = (
        frozenset(environment.extensions),
        environment.autoescape,
        getattr(environment, "newstyle_gettext", None),
        frozenset(environment.filters.items()),
        frozenset(environment.tests.items()),
    )
    environment.bytecode_cache = _BY_KIND.setdefault(kind, _Compiled())
