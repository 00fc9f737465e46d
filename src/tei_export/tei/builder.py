"""Sphinx builder ``tei``: one validated TEI file per text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.display import progress_message

from tei_export.domain import domain_of
from tei_export.errors import fail
from tei_export.outputs import no_collector, write_whole
from tei_export.problems import Problem
from tei_export.tei import regenerate
from tei_export.tei.build import element
from tei_export.tei.header import header
from tei_export.tei.standoff import stand_off
from tei_export.tei.writer import TextWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

    from tei_export.edition import Edition, Text

logger = logging.getLogger(__name__)

_MODELS = (
    ('href="../../schema/edition.rng" type="application/xml" schematypens="http://relaxng.org/ns/structure/1.0"'),
    ('href="../../schema/edition.sch" type="application/xml" schematypens="http://purl.oclc.org/dsdl/schematron"'),
)


class TeiBuilder(Builder):
    """Writes ``<text>.xml`` for every text: exported, proved against the witness, validated."""

    name = "tei"
    format = "tei"
    epilog = "The TEI files are in %(outdir)s."
    allow_parallel = False
    #: What the witness proof found, for the command line.
    report = ""

    def get_outdated_docs(self) -> Iterator[str]:
        yield from self.env.found_docs

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return ""

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        pass

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        with no_collector():
            self._write_texts()

    def _write_texts(self) -> None:
        edition = domain_of(self.env).edition
        done: list[tuple[Path, bytes]] = []
        reports: list[str] = []
        for text in edition.texts.values():
            with progress_message(f"exporting {text.id} to TEI"):
                data = self.export(edition, text)
            with progress_message(f"proving {text.id} against its witness"):
                report = self._prove(edition, text, data)
            with progress_message(f"validating {text.id}"):
                self._validate(text, data)
            reports.append(f"{text.id}: {report}")
            done.append((Path(self.outdir) / f"{text.id}.xml", data))
        for path, data in done:
            write_whole(path, data)
        self.report = "\n".join(reports)
        logger.info("%s", self.report)

    def export(self, edition: Edition, text: Text) -> bytes:
        """The TEI file of a text."""
        parts = [(part, self.env.get_doctree(part.doc)) for part in text.parts]
        writer = TextWriter(edition, text)
        body = writer.write(parts)
        root = element("TEI", xml_id=text.id, xml_lang=edition.record.get("language", "en"))
        mentioned: dict[str, set[str]] = {}
        for name, keys in writer.mentioned.items():
            mentioned.setdefault(name, set()).update(keys)
        for child in (header(edition, text), stand_off(edition.registers, mentioned)):
            if len(child):  # a text without mentions has no standOff
                etree.indent(child, space="  ")
                root.append(child)
        root.append(body)
        for child in root:
            child.tail = "\n"
        root.text = "\n"
        tree = etree.ElementTree(root)
        for model in _MODELS:
            root.addprevious(etree.ProcessingInstruction("xml-model", model))
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8") + b"\n"

    def released(self, edition: Edition, text: Text) -> bytes:
        """The TEI file of a text as it is published: proved and validated. For the outputs that
        carry it; :raises EditionProblems: it is not valid."""
        data = self.export(edition, text)
        self._prove(edition, text, data)
        self._validate(text, data)
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

    def _validate(self, text: Text, data: bytes) -> None:
        from tei_export.tei.validate import validate_bytes

        schema = Path(self.confdir) / self.config.edition_schema
        found = validate_bytes(data, schema, text.witness.sha256)
        if found:
            raise fail([Problem("tei-invalid", f"{text.id}.xml", f.line, f"{f.code}: {f.message}") for f in found])


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_builder(TeiBuilder)
    app.add_config_value("edition_schema", "schema", "", [str])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
