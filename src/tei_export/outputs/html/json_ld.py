"""Describe each page to programs as JSON-LD in the terms of https://schema.org.

The front page describes the edition, a part's page the part, register pages their entries.
``theme/meta.html`` renders it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tei_export.model.metadata import metadata
from tei_export.model.vocabulary import BY_REGISTER
from tei_export.shared import linked_data
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def add_linked(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Handle Sphinx's ``html-page-context``; ``jsonld`` is the content of a ``script`` element."""
    edition = domain_of(app.env).edition
    meta = metadata(edition)
    text_and_part = edition.part_of(pagename)
    if text_and_part:
        context["jsonld"] = linked_data.embedded(linked_data.part_object(meta, *text_and_part))
    elif pagename == app.config.root_doc:
        context["jsonld"] = linked_data.embedded(linked_data.edition_object(meta, edition))
    elif context.get("register") in edition.registers.by_name:
        register = edition.registers[context["register"]]
        prefix = BY_REGISTER[register.name].id_prefix
        listed = register.in_order(entry.id.removeprefix(prefix) for entry in context["entries"])
        context["jsonld"] = linked_data.embedded(
            linked_data.entries_graph(meta, listed, edition.registers)
        )
