"""Base of the builders that write whole-edition files: TEI, data, DTS, PDF and EPUB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.builders import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet


class WholeBuilder(Builder):
    """Base for Sphinx builders that write files of the whole edition.

    Every build reads all documents, and documents have no URI. Subclasses write their files in
    ``write_documents``.
    """

    allow_parallel = False

    def get_outdated_docs(self) -> Iterator[str]:
        yield from self.env.found_docs

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return ""

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        """Do nothing: single documents need no preparation."""
