"""Compile templates once for a process: all rounds of the live preview, or all sites of a corpus, share them.

Sphinx makes a Jinja environment for every build, which compiles all templates again; that takes a
third of the time of a small site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from jinja2 import Environment
    from jinja2.bccache import Bucket


class _Compiled(BytecodeCache):
    """Compiled code in memory, by name, file, and digest of the source (``bucket.checksum``)."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


#: Judgements of the sandbox that depend on the type of a value alone.
_JUDGES = (SandboxedEnvironment.is_safe_attribute, ImmutableSandboxedEnvironment.is_safe_attribute)
#: The settings that the compiler builds into the code: it also runs filters on constants.
_BY_KIND: dict[tuple[object, ...], _Compiled] = {}


def share(environment: Environment) -> None:
    """Let ``environment`` reuse templates that were compiled for an equal one."""
    kind = (
        frozenset(environment.extensions),
        environment.autoescape,
        getattr(environment, "newstyle_gettext", None),
        frozenset(environment.filters.items()),
        frozenset(environment.tests.items()),
    )
    environment.bytecode_cache = _BY_KIND.setdefault(kind, _Compiled())
    if getattr(type(environment), "is_safe_attribute", None) in _JUDGES:
        _remember_attributes(environment)


def _remember_attributes(environment: Any) -> None:
    """Let the sandbox judge each attribute of a type once: it asks for nothing but the type and the name.

    Templates ask for 200,000 attributes of a hundred kinds; the judgement took a twentieth of the time of a site.
    """
    judge: Callable[[object, str, object], bool] = environment.is_safe_attribute
    judged: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(value: Any, name: str, found: Any) -> bool:
        kind = type(value), name
        if isinstance(value, type):  # here the value itself counts
            return judge(value, name, found)
        if kind not in judged:
            judged[kind] = judge(value, name, found)
        return judged[kind]

    environment.is_safe_attribute = is_safe_attribute
