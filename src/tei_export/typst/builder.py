"""Sphinx builder ``pdf``: one PDF/A-3a and PDF/UA-1 file per text, by the Typst compiler.

The compiler's warnings are errors: what it says of a missing letter or a page that does
not come out would otherwise be a fault in print.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from sphinx.builders import Builder
from sphinx.util.display import progress_message

from tei_export.domain import domain_of
from tei_export.errors import fail
from tei_export.outputs import commit_of, write_whole
from tei_export.problems import EditionError, Problem
from tei_export.typst.front import Front
from tei_export.typst.literals import call, value
from tei_export.typst.words import _
from tei_export.typst.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from sphinx.application import Sphinx

    from tei_export.edition import Edition, Text

STANDARDS = ("a-3a", "ua-1")
_PAGES = ("edition.typ", "matter.typ")
_MAIN = "main.typ"
_AT = re.compile(r"┌─ (?P<file>\S+?):(?P<line>\d+):(?P<column>\d+)")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be carried by the PDF as its source."""

    name: str
    data: bytes
    media_type: str
    description: str


class PdfBuilder(Builder):
    """Writes ``<text>.pdf`` for every text of the edition."""

    name = "pdf"
    format = "pdf"
    epilog = "The PDF files are in %(outdir)s."
    allow_parallel = False

    def get_outdated_docs(self) -> Iterator[str]:
        yield from self.env.found_docs

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return ""

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        pass

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        edition = domain_of(self.env).edition
        done: list[tuple[Path, bytes]] = []
        try:
            for text in edition.texts.values():
                with progress_message(f"setting {text.id}"):
                    done.append((Path(self.outdir) / f"{text.id}.pdf", self.export(edition, text)))
        except EditionError as error:
            raise fail(error.problems) from None
        for path, data in done:
            write_whole(path, data)

    def export(self, edition: Edition, text: Text, attachments: Sequence[Attachment] = ()) -> bytes:
        """The PDF of a text; :raises EditionError: the compiler is not content."""
        facts = [domain_of(self.env).of(part.doc) for part in text.parts]
        front = Front(edition, text, facts, commit_of(edition.root))
        writer = Writer(text)
        place = ""
        for part in text.parts:
            # The body of the text begins on a right-hand page, and so does what stands before it.
            writer.part(part, self.env.get_doctree(part.doc), right=part.place != place)
            place = part.place
        head = _head(front.record(), attachments)
        source = head + writer.source + _back(writer.pages)
        above = head.count("\n")
        return compile_pdf(
            source, front.timestamp, attachments, lambda line, column: writer.where(line - above, column)
        )


def _head(record: dict[str, object], attachments: Sequence[Attachment]) -> str:
    """What stands before the text, up to the line on which it begins."""
    parts = [f'#import "{name}": *' for name in _PAGES]
    parts += [f"#let record = {value(record)}", "#show: book.with(record)"]
    parts += [
        "#" + call(
            "pdf.attach", item.name, relationship="source", mime_type=item.media_type, description=item.description
        )
        for item in attachments
    ]  # fmt: skip
    parts += [f"#{name}(record)" for name in ("half-title", "title-page", "colophon", "contents", "about")]
    return "\n".join(parts) + "\n"


def _back(pages: Sequence[str]) -> str:
    """What stands after the text."""
    if not pages:
        return ""
    lead = _("Where each page of the original begins in this book.")
    return "#" + call("concordance", _("Pages of the original"), lead, list(pages)) + "\n"


def compile_pdf(
    source: str,
    timestamp: datetime,
    attachments: Sequence[Attachment] = (),
    where: Callable[[int, int], tuple[str, int]] = lambda line, column: ("", 0),
) -> bytes:
    """Compile ``source`` with the page of our Typst files and the compiler's own fonts only.

    ``where`` gives file and line of the edition for a line and column of ``source``.

    :raises EditionError: ``pdf-warning`` for the compiler's error, or for every warning.
    """
    folder = files("tei_export.typst")
    given = {name: folder.joinpath(name).read_bytes() for name in _PAGES}
    given |= {_MAIN: source.encode(), **{item.name: item.data for item in attachments}}
    compiler: Any = typst.compile_with_warnings
    try:
        data, warnings = compiler(
            given, ignore_system_fonts=True, pdf_standards=list(STANDARDS), timestamp=timestamp
        )
    except typst.TypstError as error:
        raise EditionError(_problem(error, where)) from None
    if warnings:
        raise EditionError(*(_problem(warning, where) for warning in warnings))
    found: bytes = data
    return found


def _problem(found: Any, where: Callable[[int, int], tuple[str, int]]) -> Problem:
    """A complaint of the compiler, with the place of the edition where it can be told."""
    said = [found.message, *found.hints]
    place = _AT.search(found.diagnostic or "")
    file, line = "", 0
    if place and place["file"].endswith(_MAIN):
        file, line = where(int(place["line"]), int(place["column"]))
    if not file and place:
        said.append(f"{place['file']}, line {place['line']}")
    return Problem("pdf-warning", file or "edition.yaml", line, "; ".join(said))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_builder(PdfBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
