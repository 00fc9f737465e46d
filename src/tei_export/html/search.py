"""What Sphinx's search finds in a part: whole words, as edited and as typed.

Sphinx would index the pieces of a text node by node, and a word that the typist divided,
or that a mark begins in, would be found in neither piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.utils import new_document

from tei_export.domain import domain_of
from tei_export.nodes import lb, reading

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

    from tei_export.edition import Part


def index_readings(app: Sphinx, builder: Builder) -> None:
    """Sphinx's ``write-started``: give the index the readings of a part, not its nodes."""
    index_page = getattr(builder, "index_page", None)
    if index_page is None:
        return

    def indexed(pagename: str, doctree: nodes.document, title: str) -> None:
        found = domain_of(app.env).edition.part_of(pagename)
        index_page(pagename, plain(doctree, found[1]) if found else doctree, title)

    builder.index_page = indexed  # type: ignore[attr-defined]


def plain(doctree: nodes.document, part: Part) -> nodes.document:
    """A document with the readings of every block of ``doctree``, under its part's title."""
    result = new_document("")
    section: Any = nodes.section("", nodes.title("", part.title), ids=[part.id])
    result += section
    for block in doctree.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph))):
        if not any(block.findall(lb)):
            continue
        edited, typed = reading(block, "E"), reading(block, "T")
        section += nodes.paragraph("", edited)
        if typed != edited:
            section += nodes.paragraph("", typed)
    return result
