"""The page that documents the TEI schema, from the ODD beside it.

This module provides data; ``theme/schema.html`` renders and escapes it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from lxml import etree

from tei_export.schema import odd_doc
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx.application import Sphinx

PAGE = "schema"


def odd_of(app: Sphinx) -> Path | None:
    """Return the ODD of the edition's schema folder, or None."""
    path = domain_of(app.env).schema / "edition.odd"
    return path if path.is_file() else None


def documentation(app: Sphinx) -> odd_doc.Schema | None:
    """Return the documentation in the ODD; None if there is no readable ODD."""
    path = odd_of(app)
    try:
        return odd_doc.read(path) if path else None
    except etree.XMLSyntaxError:
        return None  # the schema's own tests report it


def schema_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``."""
    schema = documentation(app)
    if schema is None or not schema.elements:
        return
    letters = [
        (letter, list(group))
        for letter, group in groupby(schema.elements, key=lambda e: e.name[0].upper())
    ]
    context = {
        "title": esc(_("Schema of the TEI")),
        "schema": schema,
        "summary": schema.lead[0] if schema.lead else "",
        "letters": letters,
        "names": {e.name for e in schema.elements},
        "body": "",
    }
    yield PAGE, context, "schema.html"
