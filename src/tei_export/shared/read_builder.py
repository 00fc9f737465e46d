"""Sphinx builder ``edition-read``: read the texts, and write nothing.

The outputs that are made side by side all begin with what it leaves in the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.shared.project_builder import ProjectBuilder

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

NAME = "edition-read"


class ReadBuilder(ProjectBuilder):
    """Reads every text of the edition."""

    name = NAME
    format = NAME
    target = "tei"

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Do nothing."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(ReadBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
