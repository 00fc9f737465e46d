"""The apparatus of a chapter, on a page of its own if it is too long for the chapter's page.

The chapter and its marks link to that page, so everything works without scripts. With scripts, the
list is loaded as a script (also from ``file://``) and inserted into the chapter before any other
script looks for it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tei_export.outputs.html.apparatus_section import LONG, Languages, apparatus, list_entries
from tei_export.shared.apparatus import of_part
from tei_export.shared.atomic import write_whole
from tei_export.shared.elements import element, esc
from tei_export.shared.labels import _, count, text_lang_attr, ui_lang_attr
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Text
    from tei_export.source.facts import Facts

FOLDER = "apparatus"


def page_of(docname: str) -> str:
    """Return the name of the page with the list of a document."""
    return f"{FOLDER}/{docname}"


def languages_of(edition: Edition, text: Text) -> Languages:
    """Return the languages of the section of a text."""
    return Languages(
        text_lang_attr(edition, text), ui_lang_attr(edition, text), text_lang_attr(edition)
    )


def is_long(entries: Markup) -> bool:
    """Return whether the entries of a chapter need a page of their own."""
    return len(entries.encode()) > LONG


def link(facts: Facts, uri: str) -> Markup:
    """Return the section of a chapter that replaces its list."""
    number = count(len(of_part(facts)), _("entry"), _("entries"))
    words = _("The apparatus of this chapter: {}").format(number)
    return element("p", element("a", words, href=uri), class_="elsewhere")


def has_link(body: str) -> bool:
    """Return whether the page of a chapter has such a link. Text in pages is escaped, so only
    markup matches."""
    return '<p class="elsewhere"><a ' in body


def links_to_page(markup: str, uri: str, anchor: str = "entry-") -> Markup:
    """Redirect links to ids that begin with ``anchor`` to the page at ``uri``. Text is escaped, so
    only links match."""
    return Markup(str(markup).replace(f'href="#{anchor}', f'href="{esc(uri)}#{anchor}'))


def list_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``: yield the pages of long lists, and write their scripts."""
    domain = domain_of(app.env)
    folder = Path(app.outdir) / FOLDER
    kept: set[Path] = set()
    for text, part, facts in domain.parts():
        languages = languages_of(domain.edition, text)
        entries = list_entries(facts, text, languages)
        if not is_long(entries):
            continue
        name = page_of(part.doc)
        script = Path(app.outdir) / f"{name}.js"
        script.parent.mkdir(parents=True, exist_ok=True)
        told = json.dumps(str(entries), ensure_ascii=True)
        code = f'{{ const link = document.querySelector("#apparatus > .elsewhere"); if (link) link.outerHTML = {told}; }}\n'
        write_whole(script, code.encode("ascii"))
        kept.add(script)
        uri = app.builder.get_relative_uri(name, part.doc)
        there = links_to_page(entries, uri, "")
        title = _("Apparatus: {}").format(part.title)
        body = apparatus(facts, text, languages, there)
        yield name, {"title": esc(title), "body": body, "summary": title}, "page.html"
    for path in sorted(folder.rglob("*.js")) if folder.is_dir() else ():
        if path not in kept:
            path.unlink()
            path.with_suffix(".html").unlink(missing_ok=True)
