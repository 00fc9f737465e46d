"""Sphinx builder ``edition-pdf``: one PDF/A-3a and PDF/UA-1 file per text, or volume of it, by the Typst compiler.

The compiler's warnings count as errors: a missing letter or an overfull page would otherwise be an
error in print.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.display import progress_message

from tei_export.i18n.formats import _, foreign, language
from tei_export.model.languages import direction
from tei_export.model.metadata import day_of, metadata
from tei_export.model.problems import EditionError, Problem
from tei_export.outputs.pdf.back_matter import BackMatter, concordance
from tei_export.outputs.pdf.book_forms import FORMS, chosen_forms
from tei_export.outputs.pdf.front_matter import FrontMatter
from tei_export.outputs.pdf.page_feet import PageFeet
from tei_export.outputs.pdf.preface import preface
from tei_export.outputs.pdf.writer import PdfTextWriter
from tei_export.shared.atomic import write_whole
from tei_export.shared.letter_head import letter_head
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.typefaces import (
    BUNDLED_ONLY,
    missing_letters_warning,
    one_problem_per_letter,
    typefaces,
)
from tei_export.shared.typst_literals import call, string, value
from tei_export.shared.volumes import volumes
from tei_export.source.build_stop import BuildStop
from tei_export.source.directives import statistics
from tei_export.source.directives.count import fill
from tei_export.source.facts import domain_of
from tei_export.source.trees import own_tree
from tei_export.tei.proved_tei import commit, proved_tei

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Text
    from tei_export.model.metadata import Metadata
    from tei_export.outputs.pdf.book_forms import BookForm
    from tei_export.outputs.pdf.typst_engine import TypstMessage
    from tei_export.shared.typefaces import Typefaces
    from tei_export.shared.volumes import Volume

_PAGES = ("edition.typ", "matter.typ", "foot.typ")
_FORM = "form.typ"
_MAIN = "main.typ"
_STOPS = "stops.typ"
_UNFOUND = "unfound.typ"
_LETTER = re.compile(
    r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed[^\n]*\n\s*┌─ (\S+?):(\d+):(\d+)'
)
_AT = re.compile(r"┌─ (?P<file>\S+?):(?P<line>\d+):(?P<column>\d+)")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the PDF carries as its source; ``read`` returns its content, when the book has been written."""

    name: str
    read: Callable[[], bytes]
    media_type: str
    description: str


class PdfBuilder(ProjectBuilder):
    """Writes a PDF for every text of the edition, form of the book and volume."""

    name = "edition-pdf"
    format = "edition-pdf"
    target = "pdf"
    epilog = "The PDF files are in %(outdir)s."

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        edition = domain_of(self.env).edition
        done: list[tuple[Path, bytes]] = []
        try:
            forms = chosen_forms(self.config.pdf_forms, self.config.pdf_form_options)
            # Otherwise the attached TEI would be invalid.
            day_of(edition.record["date"], edition.source.file, edition.source.line("date"))
            typefaces(edition)
            for text in edition.texts.values():
                sources = [self.source(edition, text)]
                for form, volume in product(forms, self.volumes(text)):
                    name = volume.file(form.stem(text.id), "pdf")
                    with progress_message(f"setting {name}"):
                        # In every volume the whole TEI would make the books grow with their number.
                        attached = sources if volume.number == 1 else ()
                        data = self.export(edition, text, form, attached, volume)
                    done.append((Path(self.outdir) / name, data))
        except EditionError as error:
            raise BuildStop(error.problems) from None
        for path, data in done:
            write_whole(path, data)
        self._remove_others({path for path, _data in done}, edition.texts)

    def _remove_others(self, written: AbstractSet[Path], texts: Iterable[str]) -> None:
        """Remove forms and volumes of an earlier run that this one does not write."""
        stems = "|".join(re.escape(form.stem(text)) for text in texts for form in FORMS.values())
        name = re.compile(rf"({stems})(\.\d+)?\.pdf")
        for path in Path(self.outdir).glob("*.pdf"):
            if name.fullmatch(path.name) and path not in written:
                path.unlink()

    def volumes(self, text: Text) -> list[Volume]:
        """Return the volumes of a text, each a book of its own."""
        domain = domain_of(self.env)
        parts = [(part, domain.facts_for(part.doc)) for part in text.parts]
        return volumes(parts, self.config.pdf_volume_words)

    def source(self, edition: Edition, text: Text) -> Attachment:
        """Return the TEI file of a text, proved and validated: the same bytes as in ``tei/``."""
        said = _("The edition as TEI P5: text, apparatus, notes and registers")
        return Attachment(
            f"{text.id}.xml", lambda: proved_tei(self.env, text).data, "application/tei+xml", said
        )

    def export(
        self,
        edition: Edition,
        text: Text,
        form: BookForm = FORMS["book"],
        attachments: Sequence[Attachment] = (),
        volume: Volume | None = None,
    ) -> bytes:
        """Return the PDF of a text.

        :param form: the form of the book
        :param attachments: files to embed
        :param volume: the volume to typeset; by default the only one
        :raises EditionError: Typst reported an error or a warning
        """
        form = form.of_text(several=text.several)
        volume = (
            volume or volumes([(p, domain_of(self.env).facts_for(p.doc)) for p in text.parts], 0)[0]
        )
        faces = typefaces(edition)
        back = BackMatter(edition, text, volume)
        writer = PdfTextWriter(text, form, back.indexed(), text.language, faces)
        place = ""
        for part, found in volume.parts:
            # Front matter and body both begin on a right-hand page.
            writer.part(
                part,
                own_tree(self.env, part.doc),
                found,
                right=part.place != place,
                letter=letter_head(edition, text, part.id),
            )
            place = part.place
        preface = self._preface(edition, text) if volume.number == 1 else ""
        front = FrontMatter(edition, text, volume, commit(self.env), form, preface, faces)
        self.tell(
            missing_letters_warning(
                list(writer.replaced), faces, "the PDF prints its number instead, as [U+FB01]"
            )
        )
        opened, closed = _in_its_language(text)
        opened += "#show: with-lines-of-page\n" if writer.by_page else ""
        head = _head(front, attachments, form) + opened
        body = head + writer.source + closed
        source = body + _back(back, writer)
        above = head.count("\n")
        return compile_pdf(
            source,
            front.timestamp,
            attachments,
            lambda line, column: writer.where(line - above, column),
            form=form,
            feet=writer.feet,
            body=body,
            meta=metadata(edition),
            faces=faces,
            root=edition.root,
        )

    def _preface(self, edition: Edition, text: Text) -> str:
        """Return the page that the record names as the text's preface, as Typst source."""
        given = text.data.get("preface")
        if not given:
            return ""
        page, without = (
            (given.get("page"), given.get("without")) if isinstance(given, dict) else (given, [])
        )
        if page not in self.env.found_docs or not isinstance(without or [], list):
            line = edition.source.line(f"texts.{text.id}.preface")
            raise EditionError(
                Problem(
                    "record-field", edition.source.file, line, f"preface: there is no page {page!r}"
                )
            )
        document = own_tree(self.env, str(page))
        domain = domain_of(self.env)
        fill(document, domain)
        statistics.fill(document, edition, domain.facts, ("reasons",))
        return preface(document, [str(name) for name in without or []])


def _head(front: FrontMatter, attachments: Sequence[Attachment], form: BookForm) -> str:
    """Return the source before the text, up to the line on which the text begins."""
    record = front.record()
    parts = [f'#import "{name}": *' for name in _PAGES]
    parts += [f"#let record = {value(record)}", "#show: book.with(record)"]
    parts += ["#show: with-foot"] if form.apparatus == "foot" else []
    parts += [
        "#"
        + call(
            "pdf.attach",
            item.name,
            relationship="source",
            mime_type=item.media_type,
            description=item.description,
        )
        for item in attachments
    ]
    parts += [f"#{name}(record)" for name in ("half-title", "title-page", "colophon", "contents")]
    if front.preface:
        parts.append(f"#preface({string(_('Editors’ preface'))})[\n{front.preface}]")
    return "\n".join([*parts, _spoken("#about(record)", str(record["language"]))]) + "\n"


def _spoken(code: str, lang: str) -> str:
    """Mark the language of interface text in a book in ``lang``, for hyphenation and speech."""
    return (
        f"#[#set text(lang: {string(language().split('-')[0])}); {code}]" if foreign(lang) else code
    )


def _in_its_language(text: Text) -> tuple[str, str]:
    """Return the source before and after the text itself: its language and direction."""
    lang = string(text.language.split("-")[0])
    return f"#[\n#set text(lang: {lang}, dir: {direction(text.language)})\n", "]\n"


def _back(back: BackMatter, writer: PdfTextWriter) -> str:
    """Return the source after the text."""
    parts = (
        back.emendations(writer.emendations), back.index(writer.places), back.statistics(),
        concordance(writer.pages, back.lang), "#places()", "#ask-feet()" if writer.foot else "", "#ask-layout(record)", "#fill-sheet()",
    )  # fmt: skip
    return "".join(f"{part}\n" for part in parts if part)


def compile_pdf(
    source: str,
    timestamp: datetime,
    attachments: Sequence[Attachment] = (),
    where: Callable[[int, int], tuple[str, int]] = lambda line, column: ("", 0),
    *,
    form: BookForm = FORMS["book"],
    feet: PageFeet | None = None,
    body: str = "",
    meta: Metadata | None = None,
    faces: Typefaces = BUNDLED_ONLY,
    root: Path | None = None,
    unfound: AbstractSet[str] = frozenset(),
) -> bytes:
    """Compile ``source`` with the page of our Typst files, the compiler's own fonts and those of ``faces``.

    :param timestamp: the date of the document
    :param attachments: files to embed
    :param where: returns file and line of the edition for a line and column of ``source``
    :param form: the form of the book
    :param root: the folder of the sources, where the compiler finds pictures
    :param feet: the content of the feet of the pages
    :param body: ``source`` without what follows the text
    :param meta: if given, the file gets destinations for its places and all metadata, and the
        compiler runs in a separate process
    :param unfound: places that links lead to and that Typst itself must look for: they are not reported
    :raises EditionError: ``typeface-letter`` for letters that the typeface lacks, ``pdf-warning``
        for any other error, and for every warning
    """
    folder = files("tei_export.outputs.pdf")
    given = {name: folder.joinpath(name).read_bytes() for name in _PAGES}
    given |= {_FORM: form.source().encode(), _MAIN: source.encode()}
    feet = feet or PageFeet()
    given[_STOPS] = feet.source().encode()
    given[_UNFOUND] = unfound_source(unfound)
    given |= {item.name: item.read() for item in attachments}
    fonts = {face.file: face.data for face in faces.faces}
    # The packages are an extra: see tei_export.shared.extras.
    from tei_export.outputs.pdf.finish_pdf import UnfoundPlacesError, finish, places_of
    from tei_export.outputs.pdf.typst_engine import (
        compile_in_subprocess,
        compile_typst,
        query_in_subprocess,
    )

    if feet.stops and not unfound:
        trial = {
            _FORM: form.source(measuring=True).encode(),
            _MAIN: f"{body}#ask-lines()\n".encode(),
        }
        feet.share(query_in_subprocess(given | trial, fonts, "lines", root))
        given[_STOPS] = feet.source().encode()
    outcome = (
        compile_typst(given, timestamp.isoformat(), fonts, root)
        if meta is None
        else compile_in_subprocess(given, timestamp.isoformat(), fonts, root, places=True)
    )
    if outcome.complaints:

        def place_in_sources(file: str, line: int, column: int) -> tuple[str, int]:
            if file.endswith(_STOPS):
                return feet.where(line)
            return where(line, column) if file.endswith(_MAIN) else ("", 0)

        raise EditionError(*_problems(outcome.complaints, place_in_sources))
    if meta is None:
        return outcome.data
    try:
        return finish(
            outcome.data,
            places_of(json.loads(outcome.places)),
            meta,
            bleed=form.bleed,
            foot=form.apparatus == "foot",
        )
    except UnfoundPlacesError as error:
        if error.ids <= unfound:
            raise
        return compile_pdf(
            source, timestamp, attachments, where, form=form, feet=feet, body=body, meta=meta,
            faces=faces, root=root, unfound=error.ids,
        )  # fmt: skip


def unfound_source(ids: AbstractSet[str]) -> bytes:
    """Return the file with the places that Typst itself must look for."""
    return f"#let unfound = {value(dict.fromkeys(sorted(ids), True))}\n".encode()


def _problems(
    complaints: Sequence[TypstMessage], where: Callable[[str, int, int], tuple[str, int]]
) -> list[Problem]:
    """Return a problem for each letter that no typeface has, and for every other complaint."""
    letters, others = [], []
    for message in complaints:
        missing = _LETTER.findall(message.diagnostic)
        for said, file, line, column in missing:
            at = where(file, int(line), int(column) + 1)
            letters += [(letter, at[0] or "edition.yaml", at[1]) for letter in said]
        if not missing:
            others.append(_problem(message, where))
    return [*one_problem_per_letter(letters), *others]


def _problem(message: TypstMessage, where: Callable[[str, int, int], tuple[str, int]]) -> Problem:
    """Convert a complaint of the compiler, with its place in the edition if known."""
    said = [message.message, *message.hints]
    place = _AT.search(message.diagnostic)
    file, line = "", 0
    if place:
        file, line = where(place["file"], int(place["line"]), int(place["column"]))
    if not file and place:
        said.append(f"{place['file']}, line {place['line']}")
    return Problem("pdf-warning", file or "edition.yaml", line, "; ".join(said))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(PdfBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
