"""The page of the editors' notes of all parts (:mod:`tei_export.shared.commentary`).

Each note has the same id as on the page of its part. Too many notes for one page continue on
``commentary-2.html`` … (:mod:`tei_export.outputs.html.list_division`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docutils.utils import new_document
from markupsafe import Markup

from tei_export.model.languages import direction
from tei_export.outputs.html.contents import COMMENTARY
from tei_export.outputs.html.list_division import divide, page_names
from tei_export.outputs.html.translator import EditionTranslator
from tei_export.shared import labels
from tei_export.shared.commentary import commented_parts, number, title
from tei_export.shared.elements import Attributes, attributes, esc
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.model.edition import Part, Text
    from tei_export.shared.commentary import EditorsNote

#: Bytes of the markup of a note, and of the heading of a part.
_NOTE, _HEAD = 180, 300


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as the page shows it: ``content`` is markup."""

    note: EditorsNote
    content: Markup
    lang: Markup
    """the attributes of the words before it, if these are not in the text's language"""


@dataclass(frozen=True, slots=True)
class PartCommentary:
    """Notes of a part; ``number`` identifies it."""

    number: int
    docname: str
    title: str
    lang: Markup
    rows: list[NoteRow]


def commentary_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; yield nothing if the editors have written no notes."""
    parts = [
        _part(app, n, text, part, notes)
        for n, (text, part, notes) in enumerate(commented_parts(domain_of(app.env), app.env), 1)
    ]
    pages = divide([[_size(row, part.docname) for row in part.rows] for part in parts], _HEAD)
    names = page_names(app, COMMENTARY, len(pages))
    total = number(domain_of(app.env))
    for at, shown in enumerate(pages, 1):
        above: dict[str, Any] = {"title": esc(title())}
        if at > 1:
            above = {"title": esc(f"{title()} ({at})"), "trail": [(COMMENTARY, title())]}
        yield names[at - 1], {
            **above, "body": "", "total": total, "number": at, "pages": names if len(names) > 1 else [],
            "parts": [(parts[group], parts[group].rows[begin:end]) for group, begin, end in shown],
            "summary": labels.count(total, _("editors’ note"), _("editors’ notes")),
        }, "commentary.html"  # fmt: skip


def _part(app: Sphinx, n: int, text: Text, part: Part, notes: list[EditorsNote]) -> PartCommentary:
    edition = domain_of(app.env).edition
    own = labels.text_lang_attr(edition, text)
    rows = [NoteRow(one, _content(app, part.doc, one), _lang(one, text)) for one in notes]
    return PartCommentary(n, part.doc, part.title, attributes(own), rows)


def _lang(note: EditorsNote, text: Text) -> Markup:
    given: Attributes = (
        {"lang": note.lang, **labels.turned(note.lang, direction(text.language))}
        if note.lang
        else {}
    )
    return attributes(given)


def _content(app: Sphinx, docname: str, note: EditorsNote) -> Markup:
    """Return the content of a note as on the page of its part, with links relative to this page."""
    builder: Any = app.builder
    builder.current_docname = COMMENTARY
    document = new_document(docname, builder.docsettings)
    document["home"] = docname
    translator = EditionTranslator(document, builder)
    for child in note.content.children:
        child.walkabout(translator)
    return Markup("".join(translator.body))


def _size(row: NoteRow, docname: str) -> int:
    """Return the approximate size of a note in bytes."""
    words = row.note.words + row.note.where + 3 * docname + 3 * row.note.xml_id
    return _NOTE + len((words + row.content).encode())
