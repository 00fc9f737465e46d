"""The reading edition: Sphinx's ``html`` builder with our writer, pages and theme.

``own_theme`` connects all of it where the project uses our theme. ``translator`` renders blocks,
``inline`` and ``margin`` their content, ``apparatus_section`` the apparatus of a chapter.
``apparatus_page``, ``quotations_page``, ``register_pages``, ``page_list``, ``letter_list``, ``schema_page`` and the ``figure…`` modules make
the pages without sources. ``contents`` is the navigation, ``context`` fills the templates, ``compiled`` keeps them; ``cite``,
``description`` and ``json_ld`` provide citations and metadata; ``search`` writes the index;
``downloads``, ``sheets``, ``site`` and ``styles`` write the other files. The theme is
``tei_export/outputs/html/theme``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

THEME = "tei_export"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the theme, and what the command line says of the other outputs."""
    app.add_html_theme(THEME, str(Path(__file__).parent / "theme"))
    app.add_config_value("edition_files", "", "", [str])
    app.add_config_value("edition_files_made", (), "", [tuple, list])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
