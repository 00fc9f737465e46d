"""Sphinx builder ``tei``: the texts, the registers and all derived files, validated."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging
from sphinx.util.display import progress_message

from tei_export.model.problems import EditionError
from tei_export.outputs.tei.package import TeiPackage
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.staged_files import StagedFiles
from tei_export.source.build_stop import BuildStop
from tei_export.source.garbage_collector import no_collector
from tei_export.tei.proved_tei import exporter_of, proved_tei

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx


logger = logging.getLogger(__name__)


class TeiBuilder(ProjectBuilder):
    """Writes the files of :mod:`tei_export.outputs.tei.package`: all or none."""

    name = "tei"
    format = "tei"
    epilog = "The TEI files are in %(outdir)s."
    #: The results of the witness proof, for the command line.
    report = ""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        with no_collector():
            try:
                self._write_all()
            except EditionError as error:
                raise BuildStop(error.problems) from None

    def _write_all(self) -> None:
        document = exporter_of(self.env)
        folder = Path(self.outdir)
        reports: list[str] = []
        with StagedFiles(folder) as files:
            package = TeiPackage(document, files)
            for text in document.edition.texts.values():
                with progress_message(f"exporting, proving and validating {text.id}"):
                    proved = proved_tei(self.env, text, keep_root=True)
                    reports.append(f"{text.id}: {proved.report}")
                with progress_message(f"deriving from {text.id}"):
                    package.derive(text, proved)
            with progress_message("validating what is derived"):
                package.registers()
                package.validate()
        for text in document.edition.texts.values():
            _remove_others(folder / text.id, folder, files.names.keys())
        self.report = "\n".join(reports)
        logger.info("%s", self.report)


def _remove_others(folder: Path, root: Path, names: AbstractSet[str]) -> None:
    """Remove extracts of parts and pages that no longer exist."""
    for inner, _folders, files in os.walk(folder):
        here = Path(inner)
        below = here.relative_to(root).as_posix()
        for file in files:
            if file.endswith((".xml", ".txt")) and f"{below}/{file}" not in names:
                (here / file).unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(TeiBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
