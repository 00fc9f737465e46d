"""Load a module that Sphinx imports in every run, and hardly any run uses, when it is used."""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec

#: What Sphinx takes from a package (``from sphinx.util import requests``): its HTTP client with all of ``requests``,
#: and the doctests of the standard library. Together they took a twentieth of ``check`` (measured).
MODULES = (("sphinx.util", "requests"), ("sphinx.ext", "doctest"))


def load_later() -> None:
    """Put modules that load themselves at the first use in the place of those not loaded yet."""
    for package, name in MODULES:
        full = f"{package}.{name}"
        spec = find_spec(full)
        if full in sys.modules or spec is None or spec.loader is None:
            continue
        spec.loader = LazyLoader(spec.loader)
        module = module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
        setattr(sys.modules[package], name, module)


def load_now() -> None:
    """Load them: before Python 3.12, two threads that use such a module at the same time may break it."""
    for package, name in MODULES:
        getattr(sys.modules.get(f"{package}.{name}"), "__doc__", None)
