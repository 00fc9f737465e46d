"""Load a module that Sphinx imports in every run, and hardly any run uses, when it is used."""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

#: Modules that are imported whole (``import ssl``, ``from sphinx.util import requests``), so that nothing of them is
#: needed yet: pictures, formulas in HTML, the stems of words, connections to the net, and the doctests of the
#: standard library. Together they took a tenth of ``check`` (measured).
MODULES = (
    "PIL.Image",
    "docutils.utils.math.math2html",
    "snowballstemmer",
    "sphinx.ext.doctest",
    "sphinx.util.requests",
    "ssl",
)
#: Those that wait.
_waiting: dict[str, ModuleType] = {}


def load_later() -> None:
    """Put modules that load themselves at the first use in the place of those not loaded yet.

    The standard library's ``LazyLoader`` waits only for ``from package import module``; ``import module`` itself
    would use it.
    """
    for name in MODULES:
        spec = None if name in sys.modules else _spec(name)
        if spec is None or spec.loader is None:
            continue
        module = _waiting[name] = sys.modules[name] = module_from_spec(spec)
        module.__getattr__ = _Loading(name)  # type: ignore[method-assign]
        package, _, last = name.rpartition(".")
        if package:
            setattr(sys.modules[package], last, module)


def load_now() -> None:
    """Load them: two threads that use such a module at the same time may break it."""
    while _waiting:  # one may load another
        _load(next(iter(_waiting)))


class _Loading:
    """Answers for a waiting module (PEP 562): loads it, and returns its attribute."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, attribute: str) -> Any:
        return getattr(_load(self.name), attribute)


def _load(name: str) -> ModuleType:
    """Load the waiting module ``name`` and return it."""
    module = _waiting.pop(name)
    del module.__getattr__
    assert module.__spec__ is not None and module.__spec__.loader is not None
    module.__spec__.loader.exec_module(module)
    return module


def _spec(name: str) -> ModuleSpec | None:
    try:
        return find_spec(name)
    except ModuleNotFoundError:  # its package is not installed
        return None
