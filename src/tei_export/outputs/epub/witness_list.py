"""The list of witnesses, for texts with several: description, extent and losses of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.i18n.formats import number
from tei_export.model.readings import collapse_space
from tei_export.outputs.epub.xhtml import XhtmlDocument, tagged, text_lang_attrs
from tei_export.shared.elements import EMPTY, NEWLINE, element, esc, join, on_line
from tei_export.shared.labels import _
from tei_export.shared.witness_places import losses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from docutils import nodes
    from markupsafe import Markup

    from tei_export.model.edition import Part, Text
    from tei_export.model.witnesses import Witness
    from tei_export.shared.elements import Attributes
    from tei_export.source.facts import Facts

PATH = "witnesses.xhtml"


def witness_list(
    texts: Sequence[tuple[Text, Sequence[Part]]],
    language: str,
    read: Callable[[Part], tuple[nodes.document, Facts]],
) -> XhtmlDocument | None:
    """Return the page of the witnesses; None if no text has several.

    :param texts: the texts of the book, each with its parts that are in the book
    :param language: of the record's words
    :param read: returns the document of a part, and its facts
    """
    several = [(text, parts) for text, parts in texts if text.several]
    if not several:
        return None
    own = text_lang_attrs(language)
    body = on_line(element("h1", _("Witnesses"), id="head"))
    body += on_line(
        element(
            "p",
            _(
                "An apparatus entry names the witnesses that differ; a witness that is not named agrees, or is "
                "lost there."
            ),
        )
    )
    for text, here in several:
        content = on_line(element("h2", tagged(text.title), **own)) if len(texts) > 1 else EMPTY
        parts = [(part, *read(part)) for part in here]
        items = EMPTY
        for witness in text.witnesses:
            items += on_line(element("dt", element("i", witness.siglum)))
            items += on_line(element("dd", join(_said(text, witness, own, parts), "; ")))
        content += on_line(element("dl", NEWLINE, items, class_="signs"))
        body += on_line(element("section", NEWLINE, content))
    return XhtmlDocument(
        PATH, _("Witnesses"), body, "", "frontmatter", "head", name="page", spoken=True
    )


def _said(
    text: Text,
    witness: Witness,
    own: Attributes,
    parts: Sequence[tuple[Part, nodes.document, Facts]],
) -> Iterator[Markup | str]:
    """Yield the description of a witness: name, date, description, kind, extent, losses."""
    yield element("span", tagged(witness.name or witness.siglum), **own)
    if witness.date:
        yield element("span", tagged(witness.date), **own)
    if witness.description:
        yield element("span", tagged(collapse_space(witness.description)), **own)
    yield from _kind(witness)
    words = len((" ".join(text.witness.lines) if witness.base else witness.content).split())
    if words:
        yield _("{} words").format(number(words))
    for part, document, facts in parts:
        lost = ", ".join(losses(document, facts, witness.siglum))
        if lost and len(text.parts) > 1:
            title = element("cite", tagged(part.title), **own)
            yield esc(_("lost in {}: {}")).format(title, lost)
        elif lost:
            yield _("lost: {}").format(lost)


def _kind(witness: Witness) -> Iterator[str]:
    """Yield the kind of a witness, unless it is obvious."""
    if witness.group:
        yield _("stands for {}").format(" ".join(witness.group))
    if witness.of:
        yield _("a text of {}").format(witness.of)
    if witness.fragmentary:
        yield _("only fragments survive")
    if witness.lost:
        yield _("lost, but known from others")
