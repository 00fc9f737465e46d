"""Base of the builders that write whole-edition files: TEI, data, DTS, PDF and EPUB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.builders import Builder
from sphinx.errors import ConfigError
from sphinx.util import logging

from tei_export.shared import extras

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


_LOGGER = logging.getLogger(__name__)


class ProjectBuilder(Builder):
    """Base for Sphinx builders that write files of the whole edition.

    Every build reads all documents, and documents have no URI. Subclasses write their files in
    ``write_documents``.
    """

    allow_parallel = False
    #: The builder reads the final tree itself, and needs no plain form.
    reads_final_tree = True
    #: The name of its output in the command; empty: Sphinx's ``name``.
    target = ""
    #: The report of the build, which the command prints.
    report = ""

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        self._has_edition = hasattr(app, "edition")
        super().__init__(app, env)

    def tell(self, words: str) -> None:
        """Add ``words`` to the report, once; Sphinx also prints them, and continues."""
        if words and words not in self.report:
            self.report = f"{self.report}\n{words}".strip()
            _LOGGER.info(words)

    def init(self) -> None:
        """Check that the output can be built.

        :raises MissingPackagesError: the packages that the output needs are not installed
        :raises ConfigError: the project has no edition
        """
        if not self._has_edition:
            record = self.config.edition_record
            raise ConfigError(f"the builder {self.name} needs an edition: there is no {record}")
        extras.require([self.target or self.name])

    def get_outdated_docs(self) -> Iterator[str]:
        yield from self.env.found_docs

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return ""

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        """Do nothing: single documents need no preparation."""
