"""The reading edition: Sphinx's ``html`` builder with our writer, pages and theme.

``inline`` renders text, ``translator`` blocks, ``apparatus`` the entries, ``contents``
the navigation, ``pages`` the registers, ``pictures`` the drawings, ``context`` what templates get, ``search`` what
the index gets, ``words`` what everything says. The theme is ``tei_export/theme``.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.domain import domain_of
from tei_export.html.contents import items
from tei_export.html.context import add_context
from tei_export.html.entries import apparatus_page
from tei_export.html.pages import register_pages
from tei_export.html.pictures import picture_pages
from tei_export.html.search import index_readings
from tei_export.html.translator import EditionTranslator

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

THEME = "tei_export"
_BUILDERS = ("html", "dirhtml")
#: Settings of Sphinx that the theme needs, unless conf.py says otherwise.
_DEFAULTS: dict[str, Any] = {
    "html_theme": THEME,
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_use_index": False,
    "html_domain_indices": False,
    "html_permalinks": False,
}


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_theme(THEME, str(Path(__file__).parent.parent / "theme"))
    for builder in _BUILDERS:
        app.set_translator(builder, EditionTranslator, override=True)
    app.connect("config-inited", _defaults)
    app.connect("env-updated", _outdated)
    app.connect("write-started", index_readings)
    app.connect("html-collect-pages", register_pages)
    app.connect("html-collect-pages", apparatus_page)
    app.connect("html-collect-pages", picture_pages)
    app.connect("html-page-context", add_context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _defaults(app: Sphinx, config: Config) -> None:
    for name, value in _DEFAULTS.items():
        if name not in config._raw_config and name not in config.overrides:
            config[name] = value


def _outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """All documents when the contents, which stand on every page, have changed."""
    if app.builder.format != "html":
        return []
    data = domain_of(env).data
    digest = hashlib.sha256(repr(items(app)).encode()).hexdigest()
    if data.get("contents") == digest:
        return []
    data["contents"] = digest
    return sorted(env.found_docs)
