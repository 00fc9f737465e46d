"""The reading edition: Sphinx's ``html`` builder with our writer, pages and theme.

``translator`` renders blocks, ``inline`` and ``margin`` their content, ``apparatus_section`` the
apparatus of a chapter. ``apparatus_page``, ``register_pages``, ``page_list``, ``schema_page`` and
the ``figure…`` modules make the pages without sources. ``contents`` is the navigation, ``context``
fills the templates; ``cite``, ``description`` and ``json_ld`` provide citations and metadata;
``search`` writes the index; ``downloads``, ``sheets``, ``site`` and ``styles`` write the other files. The theme
is ``tei_export/outputs/html/theme``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.outputs.html.apparatus_page import apparatus_page
from tei_export.outputs.html.context import add_context
from tei_export.outputs.html.downloads import copy_files, downloads_page
from tei_export.outputs.html.figure_pages import picture_pages
from tei_export.outputs.html.page_list import pages_page, write_script
from tei_export.outputs.html.register_pages import register_pages
from tei_export.outputs.html.schema_page import schema_page
from tei_export.outputs.html.search import search_pages
from tei_export.outputs.html.sheets import write_sheets
from tei_export.outputs.html.site import not_found_page, sitemap
from tei_export.outputs.html.styles import check_fonts, write_sheet
from tei_export.outputs.html.translator import EditionTranslator

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

THEME = "tei_export"
_BUILDERS = ("html", "dirhtml")
#: Settings of Sphinx that the theme needs, unless conf.py sets them.
_DEFAULTS: dict[str, Any] = {
    "html_theme": THEME,
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_use_index": False,
    "html_domain_indices": False,
    "html_permalinks": False,
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the theme, the writer, the pages and their event handlers."""
    app.add_html_theme(THEME, str(Path(__file__).parent / "theme"))
    for builder in _BUILDERS:
        app.set_translator(builder, EditionTranslator, override=True)
    app.connect("config-inited", _defaults)
    app.connect("env-updated", _outdated)
    app.connect("builder-inited", _own_search)
    app.connect("builder-inited", check_fonts)
    app.connect("html-collect-pages", register_pages)
    app.connect("html-collect-pages", apparatus_page)
    app.connect("html-collect-pages", schema_page)
    app.add_config_value("edition_files", "", "", [str])
    app.add_config_value("edition_files_made", (), "", [tuple, list])
    app.connect("html-collect-pages", downloads_page)
    app.connect("html-collect-pages", not_found_page)
    app.connect("build-finished", copy_files)
    app.connect("build-finished", sitemap)
    app.connect("build-finished", write_sheet)
    app.connect("html-collect-pages", pages_page)
    app.connect("html-collect-pages", search_pages)
    app.connect("html-collect-pages", picture_pages)
    app.connect("html-page-context", add_context)
    app.connect("build-finished", write_script)
    app.connect("build-finished", write_sheets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _defaults(app: Sphinx, config: Config) -> None:
    for name, value in _DEFAULTS.items():
        if name not in config._raw_config and name not in config.overrides:
            config[name] = value


def _own_search(app: Sphinx) -> None:
    """Disable Sphinx's own search index, which supports neither lines nor layers."""
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def _outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all documents.

    Every page contains its citation, links from names and navigation, and so depends on the record
    and on all other pages.
    """
    return sorted(env.found_docs) if app.builder.format == "html" else []
