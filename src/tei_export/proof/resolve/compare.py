"""Show the same passage in every form, and report differences."""

from __future__ import annotations

import itertools
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.problems import EditionError, Problem
from tei_export.model.volume_files import files_of
from tei_export.proof.resolve import FORMS
from tei_export.proof.resolve import passage as passages
from tei_export.proof.resolve.sources import of_sources
from tei_export.proof.resolve.texts import of_epub, of_html, of_tei

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sphinx.application import Sphinx

    from tei_export.model.edition import Text
    from tei_export.model.places import Place
    from tei_export.proof.resolve.lines import TextByLine
    from tei_export.proof.resolve.passage import CitedPassage

_FILES = {"html": "html", "tei": "tei/{}.xml", "epub": "epub/{}.epub", "pdf": "pdf/{}.pdf"}
#: Raised for files that are damaged, or that another program wrote.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, AttributeError, EOFError,
    LookupError, NotImplementedError, RecursionError, StopIteration, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PassageInForm:
    """The words of a passage in one form, and their address there."""

    form: str
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """The folder with the outputs, and its name in reports."""

    folder: Path
    shown: str

    def lines(self, form: str, text: Text) -> TextByLine:
        """Return the lines of ``text`` in ``form``.

        :raises EditionError: the file does not exist, or this edition did not write it
        """
        stem = "edition" if form == "epub" else text.id
        name = _FILES[form].format(stem)
        file, shown = self.folder / name, f"{self.shown}/{name}"
        try:
            if form == "html":
                return of_html(file, text, shown)
            if form == "tei":
                return of_tei(file, shown)
            volumes = files_of(file.parent, stem, form) or [file]
            books = [(book, f"{self.shown}/{form}/{book.name}") for book in volumes]
            if form == "epub":
                return of_epub(books, text)
            from tei_export.proof.resolve.pdf import of_pdf  # pikepdf is an extra

            return of_pdf(books)
        except OSError:
            reason = f"tei-export build {form}"
        except _unreadable(form) as error:
            reason = f"tei-export build {form} ({type(error).__name__})"
        raise EditionError(Problem("output-missing", shown, 0, reason))


def _unreadable(form: str) -> tuple[type[Exception], ...]:
    """Return the errors that mean that a file does not have its form."""
    if form != "pdf":
        return _UNREADABLE
    from pikepdf import PdfError

    return (*_UNREADABLE, PdfError)


def sources(app: Sphinx, text: Text) -> TextByLine:
    """Return the lines of a text from the doctrees that Sphinx has read."""
    folder = app.srcdir.name
    return of_sources(
        [
            (f"{folder}/{app.env.doc2path(part.doc, base=False)}", app.env.get_doctree(part.doc))
            for part in text.parts
        ]
    )


def resolve(
    app: Sphinx, outputs: OutputFolder, wanted: CitedPassage, forms: Sequence[str] = FORMS
) -> tuple[list[PassageInForm], list[Problem]]:
    """Find the passage in each of ``forms``.

    Return its words in every form, and a problem for each missing output and each form whose words
    differ from the sources.

    :raises EditionError: the text has no such line
    """
    original = sources(app, wanted.text)
    ends = {place for place in (wanted.first, wanted.last) if place.line}
    if not wanted.lines_in(original.words) or not ends <= original.words.keys():
        counts = Counter(place.page for place in original.words)
        raise passages.missing(wanted, counts, ends - original.words.keys())
    follows = dict(itertools.pairwise(original.words))
    in_forms: list[PassageInForm] = []
    problems: list[Problem] = []
    right = _found("sources", original, wanted, follows)
    for form in forms:
        try:
            lines = original if form == "sources" else outputs.lines(form, wanted.text)
        except EditionError as error:
            problems += error.problems
            continue
        in_forms.append(_found(form, lines, wanted, follows))
        problems += _line_differs(form, lines, original, wanted) or _joined_differently(
            in_forms[-1], right, wanted
        )
    return in_forms, problems


def _found(
    form: str, lines: TextByLine, wanted: CitedPassage, follows: Mapping[Place, Place]
) -> PassageInForm:
    """Return the words of ``wanted`` in one form.

    ``follows`` maps a line to the line that continues it. All other lines are joined by a space:
    the last line of a page's text may end in a word, and the page's notes follow it.
    """
    places = wanted.lines_in(lines.words)
    address = lines.addresses.get(wanted.first) or next(
        (lines.addresses[place] for place in places), ""
    )
    words = lines.words[places[0]] if places else ""
    for before, place in itertools.pairwise(places):
        words += ("" if follows.get(before) == place else " ") + lines.words[place]
    return PassageInForm(form, address, _fold(words))


def _line_differs(
    form: str, lines: TextByLine, original: TextByLine, wanted: CitedPassage
) -> list[Problem]:
    """Report the first line that differs from the sources, if any."""
    for place in wanted.lines_in({*lines.words, *original.words}):
        said, right = _shown(lines.words.get(place)), _shown(original.words.get(place))
        if said != right:
            file = _file(lines.addresses.get(place) or next(iter(lines.addresses.values()), form))
            return [
                Problem(
                    "place-differs",
                    file,
                    0,
                    f"{wanted.text.id}:{place} is {said}, in the sources {right}",
                )
            ]
    return []


def _joined_differently(
    here: PassageInForm, right: PassageInForm, wanted: CitedPassage
) -> list[Problem]:
    if here.words == right.words:
        return []
    detail = f"{wanted.text.id}:{wanted} has a space too many or too few between two lines"
    return [Problem("place-differs", _file(here.address), 0, detail)]


def _shown(words: str | None) -> str:
    return "not there" if words is None else f"“{_fold(words)}”"


def _file(address: str) -> str:
    return address.partition("#")[0].partition(",")[0]


def _fold(text: str) -> str:
    return " ".join(text.split())


def passage_table(passages: Iterable[PassageInForm]) -> str:
    """Return one row per form: form, address, words."""
    rows = list(passages)
    width = max((len(row.address) for row in rows), default=0)
    return "\n".join(f"{row.form:8} {row.address:{width}}  {row.words}" for row in rows)
