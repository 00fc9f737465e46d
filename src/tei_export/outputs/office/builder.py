"""Sphinx builder ``office``: each text as ODT and DOCX, for those who quote it in a word processor.

They contain the edited text and its notes, with the numbers of the original, and ``[17]`` where
page 17 of the original begins. They omit the apparatus, which other outputs present better.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.metadata import day_of, metadata
from tei_export.model.places import Place
from tei_export.model.problems import EditionError
from tei_export.model.readings import collapse_space
from tei_export.outputs.office.content import Block, Paragraph, Picture, Run, part_blocks
from tei_export.outputs.office.docx import docx
from tei_export.outputs.office.odt import odt
from tei_export.shared.imprint import citation, version
from tei_export.shared.labels import _
from tei_export.shared.pictures import read_picture
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.staged_files import StagedFiles
from tei_export.shared.volumes import volumes
from tei_export.source.build_stop import BuildStop
from tei_export.source.facts import domain_of
from tei_export.source.trees import own_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Text
    from tei_export.shared.volumes import Volume

#: ending → function that writes the file
_FORMATS = {"odt": odt, "docx": docx}


class OfficeBuilder(ProjectBuilder):
    """Writes ``TEXT.odt`` and ``TEXT.docx``; of a text in several volumes ``TEXT.1.odt``, ``TEXT.2.odt`` …"""

    name = "office"
    format = "office"
    epilog = "The files for word processors are in %(outdir)s."

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        edition = domain_of(self.env).edition
        folder = Path(self.outdir)
        try:
            with StagedFiles(folder) as files:
                files.write_all(self.files(edition))
        except EditionError as error:
            raise BuildStop(error.problems) from None
        stems = "|".join(map(re.escape, edition.texts))
        ours = re.compile(rf"({stems})(\.\d+)?\.({'|'.join(_FORMATS)})")
        for path in folder.iterdir():
            if ours.fullmatch(path.name) and path.name not in files.names:
                path.unlink()  # a volume of an earlier run

    def files(self, edition: Edition) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of the files of every text.

        :raises EditionError: ``record-field``, the edition's date is not a day
        """
        meta = metadata(edition)
        day_of(meta.date, edition.source.file, edition.source.line("date"))
        for text in edition.texts.values():
            for volume in self.volumes(text):
                blocks = self.blocks(text, volume)
                shown = [block.path for block in blocks if isinstance(block, Picture)]
                pictures = {path: read_picture(edition, path) for path in shown}
                about = {
                    "title": ", ".join(filter(None, (text.title, volume.name))),
                    "creator": str(text.data.get("author") or meta.publisher),
                    "description": citation(meta),
                    "language": text.language or meta.language,
                }
                for ending, write in _FORMATS.items():
                    yield volume.file(text.id, ending), write(blocks, about, meta.date, pictures)

    def volumes(self, text: Text) -> list[Volume]:
        """Return the volumes of a text: files that a word processor can hold."""
        domain = domain_of(self.env)
        parts = [(part, domain.facts_for(part.doc)) for part in text.parts]
        return volumes(parts, self.config.office_volume_words)

    def blocks(self, text: Text, volume: Volume) -> list[Block]:
        """Return the title page of a volume of ``text``, and its parts."""
        pages = {Place(label).anchor: label for label in text.witness.pages}
        blocks: list[Block] = list(self._title(text, volume))
        for part, _facts in volume.parts:
            doctree = own_tree(self.env, part.doc)
            section = next(iter(doctree.findall(nodes.section)))
            blocks += part_blocks(part.doc, section, pages, part.title)
        return blocks

    def _title(self, text: Text, volume: Volume) -> Iterator[Paragraph]:
        edition = domain_of(self.env).edition
        meta = metadata(edition)
        kind = collapse_space(str(text.data.get("kind") or ""))
        yield _said("title", text.title)
        author = str(text.data.get("author") or "")
        for words in (author, kind[:1].upper() + kind[1:], volume.name):
            if words:
                yield _said("subtitle", words)
        yield _said("subtitle", version(meta))
        yield _said("body", citation(meta))
        own = meta.caveat_of(text)
        if own != collapse_space(meta.caveat):
            yield _said("body", own)
        if text.witness.pages:
            yield _said("body", _("Numbers in square brackets are the pages of the original."))
        for right in meta.rights:
            yield _said("body", f"{right.statement} {right.name}: {right.uri}")


def _said(style: str, words: str) -> Paragraph:
    return Paragraph(style, (Run(collapse_space(words)),))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(OfficeBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
