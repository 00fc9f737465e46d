"""Describe each page to search engines and link previews; no two descriptions are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from markupsafe import Markup

from tei_export.model.metadata import metadata
from tei_export.shared.labels import head_facts
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def page_title(app: Sphinx, pagename: str, context: dict[str, Any]) -> str:
    """Return the title of a page without markup; the edition's title for the front page."""
    if pagename == app.config.root_doc:
        return metadata(domain_of(app.env).edition).full_title
    return Markup(context.get("title") or pagename).striptags()


def page_description(
    app: Sphinx, pagename: str, context: dict[str, Any], doctree: nodes.document | None
) -> str:
    """Return the description of a page, from its content.

    ``context["summary"]`` describes a page without sources.
    """
    domain = domain_of(app.env)
    meta = metadata(domain.edition)
    text_and_part = domain.edition.part_of(pagename)
    if pagename == app.config.root_doc:
        return meta.description
    title = page_title(app, pagename, context)
    if text_and_part:
        text, part = text_and_part
        facts = "; ".join(head_facts(text, domain.facts_for(part.doc)))
        return _joined(f"{part.title}: {facts}" if facts else part.title, meta.description_of(text))
    if context.get("summary"):
        return _joined(title, context["summary"])
    first = next(iter(doctree.findall(nodes.paragraph)), None) if doctree is not None else None
    return _joined(title, first.astext() if first is not None else meta.description)


def _joined(*sentences: str) -> str:
    """Join sentences into one line, each with a full stop."""
    found = [" ".join(sentence.split()) for sentence in sentences if sentence.strip()]
    return " ".join(
        sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
        for sentence in found
    )
