"""The head of a part on its page: heading, head of a letter, facts about the text, witness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.languages import direction
from tei_export.model.readings import collapse_space
from tei_export.outputs.html.letter_head import letter_head as written_head
from tei_export.outputs.html.page_list import PAGE as PAGES
from tei_export.shared.elements import EMPTY, element, on_line
from tei_export.shared.labels import (
    _,
    count_doubts,
    head_facts,
    status,
    tag_of,
    turned,
    ui_lang_attr,
)
from tei_export.shared.letter_head import letter_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.source.facts import EditionDomain


def part_head(
    text: Text,
    part: Part,
    heading: Markup | None,
    domain: EditionDomain,
    uri: Callable[[str], str],
    entry_uri: Callable[[RegisterEntry], str],
) -> Markup:
    """Return the ``header`` of a part.

    :param heading: the content of the original's heading; None: it has none, so the record's title stands there
    :param uri: returns the address of a document or page, relative to this page
    :param entry_uri: returns the address of a register entry, likewise; empty if no page shows it
    """
    edition = domain.edition
    ours = ui_lang_attr(edition, text)
    title = element("h1", heading)
    if heading is None:
        title = element("h1", part.title, class_="supplied", **ours)
    letter = letter_head(edition, text, part.id)
    return on_line(
        element(
            "header",
            title,
            written_head(letter, entry_uri, uri, ours) if letter else EMPTY,
            element("ul", *_facts(text, part, domain, uri), class_="facts", **ours),
            _witness(edition, text),
            class_="head",
        )
    )


def _facts(
    text: Text, part: Part, domain: EditionDomain, uri: Callable[[str], str]
) -> list[Markup]:
    """Return the status of a part: pages, reading state, length, open doubts, version."""
    facts, record = domain.facts_for(part.doc), domain.edition.record
    items = [element("li", said) for said in head_facts(text, facts)]
    if doubts := count_doubts(text, facts.pages):
        items.append(element("li", element("a", doubts, href=uri(PAGES))))
    version = _("Version {} ({})").format(
        record["version"], status(str(record.get("status") or ""))
    )
    return [*items, element("li", version)]


def _witness(edition: Edition, text: Text) -> Markup:
    """Return the record's description of the witness: readers look for a facsimile here."""
    said = collapse_space(str(text.data.get("witness_description") or ""))
    tag, own = tag_of(edition), tag_of(edition, text)
    lang = {} if tag == own else {"lang": tag, **turned(tag, direction(own))}
    return element("div", said, class_="witness", **lang) if said else EMPTY
