"""The editors' notes of a book as one document: place, the words that a note follows, the note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.outputs.epub.writer import part_path
from tei_export.outputs.epub.xhtml import XhtmlDocument, language, link, tagged, text_lang_attrs
from tei_export.shared.commentary import title
from tei_export.shared.elements import EMPTY, NEWLINE, Attributes, element, join, on_line
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from tei_export.outputs.epub.writer import EpubPartWriter
    from tei_export.shared.commentary import EditorsNote

PATH = "commentary.xhtml"


def commentary(parts: Sequence[tuple[EpubPartWriter, Sequence[EditorsNote]]]) -> XhtmlDocument:
    """Return the document.

    :param parts: the writer of each part, for this document, and the notes of the part
    :raises EditionError: a block that the book cannot represent
    """
    lead = _(
        "The editors’ notes on the text and its subject: page and line, the words before the note, and "
        "after the bracket the note."
    )
    body = on_line(element("h1", title(), id="head")) + on_line(element("p", lead, class_="lead"))
    for writer, notes in parts:
        own: Attributes = text_lang_attrs(writer.text.language)
        body += on_line(
            element("h2", element("span", writer.part.title, **own) if own else writer.part.title)
        )
        for note in notes:
            body += on_line(_note(writer, note, own))
    return XhtmlDocument(
        PATH, title(), body, "", "backmatter", "head", name="commentary", spoken=True
    )


def _note(writer: EpubPartWriter, note: EditorsNote, own: Attributes) -> Markup:
    """Return a note; its place links to the sign in the text."""
    where = note.where or note.label
    place = element(
        "a",
        where,
        class_="loc",
        href=link(PATH, part_path(writer.part.doc), note.reference),
        aria_label=_("{}, back to the text").format(where),
    )
    lang = language(note.lang, writer.way) if note.lang else own
    words = element("i", tagged(note.words, note.lang), class_="lemma", **lang)
    first, *rest = note.content.children
    begins = isinstance(first, nodes.paragraph)
    said = writer.inline.block(first.children) if begins else EMPTY
    said = element("span", said, **own) if own else said
    head = on_line(element("p", place, " ", words, "] ", said))
    below = join(writer.block(child) for child in (rest if begins else note.content.children))
    return element("div", NEWLINE, head, below, class_="comment", id=note.xml_id)
