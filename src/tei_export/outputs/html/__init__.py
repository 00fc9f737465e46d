"""The reading edition: Sphinx's HTML builder with our writer, pages and theme.

* ``own_theme`` connects all of it in a project with our theme, ``foreign_theme`` part of it in others.
* Chapters: ``translator`` renders blocks, ``inline`` and ``margin`` their content, ``part_head`` the
  head (``letter_head`` that of a letter), ``apparatus_section`` the apparatus; ``apparatus_lists``
  moves a long one to a page of its own; ``witness_texts`` writes what each witness reads.
* Pages without sources: ``front_page``, ``apparatus_page``, ``quotations_page``,
  ``commentary_page``, ``page_list``, ``correspondence_page``, ``schema_page`` (``list_division``
  divides long lists); ``register_pages`` (with ``register_layout`` and ``entry_details``); the
  package ``charts``.
* Every page: ``contents`` is the navigation, ``template_context`` fills the templates,
  ``template_cache`` compiles them once; ``cite``, ``description`` and ``json_ld`` provide citations
  and metadata.
* Files: ``search`` writes the index (with ``search_units``, ``search_blocks`` and ``search_words``),
  ``downloads`` copies the other outputs; ``sheets``, ``scripts``, ``style_sheets`` and
  ``site_files`` write the rest.

The theme is the folder ``theme``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

THEME = "tei_export"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the theme, and the values by which the command names the other outputs."""
    app.add_html_theme(THEME, str(Path(__file__).parent / "theme"))
    app.add_config_value("edition_files", "", "", [str])
    app.add_config_value("edition_files_made", (), "", [tuple, list])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
