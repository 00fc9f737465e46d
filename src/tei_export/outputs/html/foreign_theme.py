"""Registers and the list of the apparatus in a project that uses another theme than ours.

The pages have the words and the markup of our templates in the layout of that theme: of each template
only the block ``body`` is rendered, and given to the theme's ``page.html`` as the body of a page. The
pages of the texts themselves are written by :mod:`tei_export.outputs.any_builder`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
from jinja2.sandbox import SandboxedEnvironment
from sphinx.util.osutil import relative_uri

from tei_export.outputs.html import template_cache
from tei_export.outputs.html.apparatus_page import apparatus_page
from tei_export.outputs.html.register_layout import entry_places
from tei_export.outputs.html.register_pages import register_pages
from tei_export.shared import labels
from tei_export.shared.atomic import write_whole
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

_SHEET = "edition-guest.css"
_TEMPLATES = Path(__file__).parent / "theme"
#: The template that ours extend here: only the body, without our frame.
_FRAME = {"layout.html": "{% block body %}{% endblock %}"}


def connect(app: Sphinx) -> None:
    """Connect the pages; names in the texts link to them."""
    domain_of(app.env).entry_places = partial(entry_places, domain_of(app.env))
    app.connect("html-collect-pages", pages)


def connect_sheet(app: Sphinx) -> None:
    """Give the pages of the edition their style sheet, and no other page."""
    app.connect("html-page-context", _add_sheet)
    app.connect("build-finished", _write_sheet)


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; a document of the project keeps its name."""
    frames = SandboxedEnvironment(
        loader=ChoiceLoader([DictLoader(_FRAME), FileSystemLoader(_TEMPLATES)])
    )
    template_cache.share(frames)
    for make in (register_pages, apparatus_page):
        for name, context, template in make(app):
            if name not in app.env.found_docs:
                shared = _context(app, name)
                body = frames.get_template(template).render({**context, **shared})
                yield name, {"title": context["title"], "body": body, "edition": True}, "page.html"


def _context(app: Sphinx, name: str) -> dict[str, Any]:
    """Return the context of our templates' bodies, besides their own data."""
    edition = domain_of(app.env).edition

    def pathto(other: str, resource: int = 0) -> str:
        if resource:
            return relative_uri(app.builder.get_target_uri(name), other)
        return app.builder.get_relative_uri(name, other)

    ed = SimpleNamespace(
        own=labels.text_lang_attr(edition),
        ours=labels.ui_lang_attr(edition),
        dir=lambda tag: labels.turned(tag, labels.text_direction()),
        turned=False,
        places=False,
    )
    return {"ed": ed, "_t": labels._, "_n": labels.number, "pathto": pathto, "pagename": name}


def _add_sheet(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    if context.get("edition") or domain_of(app.env).edition.part_of(pagename):
        app.add_css_file(_SHEET)


def _write_sheet(app: Sphinx, exception: Exception | None) -> None:
    if exception is None:
        sheet = (_TEMPLATES.parent / "guest.css").read_bytes()
        write_whole(Path(app.outdir) / "_static" / _SHEET, sheet)
