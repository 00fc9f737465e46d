"""Connect the reading edition to Sphinx in projects with our theme.

With any other theme none of it runs: the pages of the texts are then plain
(:mod:`tei_export.outputs.any_builder`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tei_export.outputs.html import THEME, foreign_theme, template_cache
from tei_export.outputs.html.apparatus_lists import list_pages
from tei_export.outputs.html.apparatus_page import apparatus_page
from tei_export.outputs.html.charts.chart_pages import chart_pages
from tei_export.outputs.html.commentary_page import commentary_page
from tei_export.outputs.html.correspondence_page import letters_page
from tei_export.outputs.html.downloads import copy_files, downloads_page
from tei_export.outputs.html.json_ld import add_linked
from tei_export.outputs.html.page_list import pages_page, write_script
from tei_export.outputs.html.quotations_page import quotations_page
from tei_export.outputs.html.register_layout import entry_places
from tei_export.outputs.html.register_pages import register_pages
from tei_export.outputs.html.schema_page import schema_page
from tei_export.outputs.html.scripts import write_scripts
from tei_export.outputs.html.search import search_pages
from tei_export.outputs.html.sheets import write_sheets
from tei_export.outputs.html.site_files import not_found_page, sitemap
from tei_export.outputs.html.style_sheets import check_fonts, write_sheet
from tei_export.outputs.html.template_context import add_context, long_contents
from tei_export.outputs.html.translator import EditionTranslator
from tei_export.outputs.html.witness_texts import write_texts
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

_BUILDERS = ("html", "dirhtml")
#: Settings of Sphinx that the theme needs, unless conf.py sets them.
_DEFAULTS: dict[str, Any] = {
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_use_index": False,
    "html_domain_indices": False,
    "html_permalinks": False,
}
_PAGES = (
    register_pages, apparatus_page, quotations_page, commentary_page, schema_page, downloads_page, not_found_page, pages_page, letters_page,
    search_pages, chart_pages, list_pages, long_contents,
)  # fmt: skip


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the event handlers that find out which theme is in use."""
    app.connect("config-inited", _defaults, priority=900)  # the edition's own settings come first
    app.connect("builder-inited", _connect, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _defaults(app: Sphinx, config: Config) -> None:
    if config.html_theme != THEME:
        return
    for name, value in _DEFAULTS.items():
        if name not in config._raw_config and name not in config.overrides:
            config[name] = value


def _connect(app: Sphinx) -> None:
    """Connect the writer and the pages; with another theme, only the pages that any theme can show."""
    theme = getattr(app.builder, "theme", None)
    if app.builder.name not in _BUILDERS or theme is None or theme.name != THEME:
        if theme is not None:
            foreign_theme.connect_sheet(app)
        if app.builder.name in _BUILDERS:
            foreign_theme.connect(app)
        return
    app.builder.reads_final_tree = True  # type: ignore[attr-defined]
    app.set_translator(app.builder.name, EditionTranslator, override=True)
    # Sphinx's own search index supports neither lines nor layers.
    app.builder.search = False  # type: ignore[attr-defined]
    template_cache.share(app.builder.templates.environment)
    check_fonts(app)
    domain_of(app.env).entry_places = partial(entry_places, domain_of(app.env))
    app.connect("env-updated", _outdated)
    for pages in _PAGES:
        app.connect("html-collect-pages", pages)
    app.connect("html-page-context", add_context)
    app.connect("html-page-context", add_linked)
    for write in (
        copy_files,
        sitemap,
        write_sheet,
        write_script,
        write_scripts,
        write_sheets,
        write_texts,
    ):
        app.connect("build-finished", write)


def _outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all documents.

    Every page contains its citation, links from names and navigation, and so depends on the record
    and on all other pages.
    """
    return sorted(env.found_docs)
