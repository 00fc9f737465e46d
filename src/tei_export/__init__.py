"""A Sphinx extension for critical digital editions: MyST sources → HTML, PDF and TEI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tei_export.version import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["__version__", "setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx; each piece is documented where it is defined."""
    from tei_export import extension

    extension.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
