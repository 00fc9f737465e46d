"""Sphinx builder ``dts``: the texts as files that answer the queries of DTS 1.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from sphinx.util.display import progress_message

from tei_export.model.metadata import metadata
from tei_export.outputs.dts.citation_trees import TEI, trees
from tei_export.outputs.dts.lines import without_lines
from tei_export.outputs.dts.passages import PassageCutter, serialized
from tei_export.outputs.dts.paths import ENDPOINTS, file_of
from tei_export.outputs.dts.responses import DtsResource, DtsResponses, witness_of
from tei_export.schema import safe_xml
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.staged_files import StagedFiles
from tei_export.source.facts import domain_of
from tei_export.source.garbage_collector import no_collector
from tei_export.tei.proved_tei import proved_tei
from tei_export.tei.witness_text import witness_files, witness_title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Text
    from tei_export.model.witnesses import Witness

#: The path of the service below the address of the site.
PUBLISHED = "files/dts/"
#: The path from the files of the Document endpoint to the TEI folder beside the service.
_TEI_FOLDER = "../../../../tei/"


class DtsBuilder(ProjectBuilder):
    """Writes the answers to all queries, and removes answers to queries that no longer exist."""

    name = "dts"
    format = "dts"
    epilog = "The DTS files are in %(outdir)s."

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        out = Path(self.outdir)
        with (
            no_collector(),
            progress_message("answering the queries of DTS"),
            StagedFiles(out) as files,
        ):
            files.write_all(self.answers(domain_of(self.env).edition))
        for endpoint in ENDPOINTS:
            for path in (out / endpoint).rglob("*"):
                if path.is_file() and path.relative_to(out).as_posix() not in files.names:
                    path.unlink()

    def answers(self, edition: Edition) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of every file of the service."""
        resources = []
        for text in edition.texts.values():
            root = safe_xml.fromstring(proved_tei(self.env, text).data)
            found = [(_resource(text, root), root)]
            found += [
                (_witness(text, one, own), own) for one, own in witness_files(edition, text, root)
            ]
            for resource, whole in found:
                resources.append(resource)
                yield from _documents(resource, whole)
        meta = metadata(edition)
        base = f"{meta.base_url}{PUBLISHED}" if meta.base_url else ""
        for file, answer in DtsResponses(meta, tuple(resources), base).files():
            text_ = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
            yield file, f"{text_}\n".encode()


def _resource(text: Text, root: etree._Element) -> DtsResource:
    titles = {part.id: part.title for part in text.parts}
    description = " ".join(str(text.data.get("description") or "").split())
    return DtsResource(text.id, text.title, description, without_lines(trees(root, titles)))


def _witness(text: Text, witness: Witness, root: etree._Element) -> DtsResource:
    titles = {part.id: part.title for part in text.parts}
    description = " ".join(witness.description.split())
    found = without_lines(trees(root, titles))
    name = witness_of(text.id, witness.id)
    return DtsResource(
        name, witness_title(text, witness), description, found, text.id, witness.label, witness.date
    )


def _documents(resource: DtsResource, root: etree._Element) -> Iterator[tuple[str, bytes]]:
    """Yield the whole text under the name of every tree, and every unit."""
    passages = PassageCutter(root)
    for tree in resource.trees:
        for unit in tree.units:
            file = file_of("document", resource=resource.id, tree=tree.name, ref=unit.ref)
            yield file, passages.passage(unit)
    whole = serialized(_whole(root))
    for tree in resource.trees:
        yield file_of("document", resource=resource.id, tree=tree.name), whole


def _whole(root: etree._Element) -> etree._Element:
    """Return the text as a file of the service, with the path of its schema adjusted."""
    for reference in root.iter(f"{TEI}schemaRef"):
        reference.set("url", _TEI_FOLDER + reference.get("url", ""))
    return root


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(DtsBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
