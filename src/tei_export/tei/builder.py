"""Sphinx builder ``tei``: the texts, the registers and what is made from them, all validated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging
from sphinx.util.display import progress_message

from tei_export.builders import WholeBuilder
from tei_export.domain import doctrees, domain_of
from tei_export.errors import fail
from tei_export.outputs import commit_of, no_collector, write_whole
from tei_export.problems import EditionError, Problem
from tei_export.tei import regenerate
from tei_export.tei.package import Package

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

    from tei_export.edition import Edition, Text

logger = logging.getLogger(__name__)


class TeiBuilder(WholeBuilder):
    """Writes the files of :mod:`tei_export.tei.package`: all, or none."""

    name = "tei"
    format = "tei"
    epilog = "The TEI files are in %(outdir)s."
    #: What the witness proof found, for the command line.
    report = ""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        with no_collector():
            try:
                self._write_all()
            except EditionError as error:
                raise fail(error.problems) from None

    def _write_all(self) -> None:
        edition = domain_of(self.env).edition
        package = self._package(edition)
        reports: list[str] = []
        for text in edition.texts.values():
            with progress_message(f"exporting {text.id} to TEI"):
                data = self.export(edition, text)
            with progress_message(f"proving {text.id} against its witness"):
                reports.append(f"{text.id}: {self._prove(edition, text, data)}")
            with progress_message(f"deriving from {text.id}"):
                package.derive(text, data)
        with progress_message("validating"):
            package.registers()
            package.validate()
        folder = Path(self.outdir)
        for name, content in package.files.items():
            write_whole(folder / name, content)
        for text in edition.texts.values():
            _remove_others(folder / text.id, folder, package.files.keys())
        self.report = "\n".join(reports)
        logger.info("%s", self.report)

    def _package(self, edition: Edition) -> Package:
        schema = Path(self.confdir) / self.config.edition_schema
        return Package(edition, schema, commit_of(edition.root))

    def export(self, edition: Edition, text: Text) -> bytes:
        """The TEI file of a text."""
        return self._package(edition).text(text, doctrees(self.env, text))

    def released(self, edition: Edition, text: Text) -> bytes:
        """The TEI file of a text as it is published: proved and validated. For the outputs that
        carry it; :raises EditionProblems: it is not valid."""
        package = self._package(edition)
        data = package.text(text, doctrees(self.env, text))
        self._prove(edition, text, data)
        package.files[f"{text.id}.xml"] = data
        package.checksums[f"{text.id}.xml"] = text.witness.sha256
        try:
            package.validate()
        except EditionError as error:
            raise fail(error.problems) from None
        return data

    def _prove(self, edition: Edition, text: Text, data: bytes) -> regenerate.Report:
        table = text.data.get("pages")
        report = regenerate.compare(
            regenerate.parse(data),
            (edition.root / text.witness.file).read_text(encoding="utf-8"),
            regenerate.read_spans(edition.root / table if table else None),
        )
        if not report.clean:
            raise fail([Problem("tei-witness", f"{text.id}.xml", 0, str(report))])
        return report


def _remove_others(folder: Path, root: Path, names: AbstractSet[str]) -> None:
    """Remove the extracts of parts and pages that are no more."""
    for path in folder.rglob("*.xml"):
        if path.relative_to(root).as_posix() not in names:
            path.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_builder(TeiBuilder)
    app.add_config_value("edition_schema", "schema", "", [str])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
