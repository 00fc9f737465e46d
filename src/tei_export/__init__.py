"""A Sphinx extension for critical digital editions: MyST sources → HTML, EPUB, PDF, TEI and data.

The public names are those of ``__all__``: :func:`setup` for Sphinx, ``main`` for the command, and
the rows and their values for ``edition_roles`` and ``edition_blocks`` in an edition's conf.py. All
modules of the package are private and may change in any version, except
``python -m tei_export.proof.regenerate`` and ``tei_export.service.application``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tei_export.version import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tei_export.cli import main
    from tei_export.model.blocks import Block, Holds, Within
    from tei_export.model.role_values import Value, ValueType
    from tei_export.model.vocabulary import Family, Reads, Role

__all__ = [
    "Block",
    "Family",
    "Holds",
    "Reads",
    "Role",
    "Value",
    "ValueType",
    "Within",
    "__version__",
    "main",
    "setup",
]

#: Public names that are loaded when they are asked for: the command must start fast, and the proof
#: must load nothing of the program.
_LATE = {
    "Block": "tei_export.model.blocks",
    "Holds": "tei_export.model.blocks",
    "Within": "tei_export.model.blocks",
    "Family": "tei_export.model.vocabulary",
    "ValueType": "tei_export.model.role_values",
    "Reads": "tei_export.model.vocabulary",
    "Value": "tei_export.model.role_values",
    "Role": "tei_export.model.vocabulary",
    "main": "tei_export.cli",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _LATE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_LATE[name]), name)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx; each piece is documented where it is defined."""
    from tei_export import extension

    extension.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
