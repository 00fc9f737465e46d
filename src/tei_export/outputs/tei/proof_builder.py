"""Sphinx builder ``edition-proof``: read the texts, prove and validate their TEI, and write nothing.

The outputs that are made side by side all begin with what it leaves in the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.problems import EditionError
from tei_export.shared.garbage_collector import no_collector
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.source.build_stop import BuildStop
from tei_export.source.facts import domain_of
from tei_export.tei.proved_tei import proved_tei

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

NAME = "edition-proof"


class ProofBuilder(ProjectBuilder):
    """Proves every text of the edition."""

    name = NAME
    format = NAME
    target = "tei"

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        with no_collector():
            try:
                for text in domain_of(self.env).edition.texts.values():
                    proved_tei(self.env, text)
            except EditionError as error:
                raise BuildStop(error.problems) from None


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(ProofBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
