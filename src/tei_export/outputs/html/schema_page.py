"""The page that documents the TEI schema, from the ODD beside it.

Here are only facts; ``theme/schema.html`` writes them, escaped.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from lxml import etree

from tei_export.schema import odd_doc
from tei_export.shared import labels
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx.application import Sphinx

PAGE = "schema"


def odd_of(app: Sphinx) -> Path | None:
    """The ODD of the edition's schema folder, if there is one."""
    path = domain_of(app.env).schema / "edition.odd"
    return path if path.is_file() else None


def documentation(app: Sphinx) -> odd_doc.Schema | None:
    """What the ODD says; nothing where there is none that can be read."""
    path = odd_of(app)
    try:
        return odd_doc.read(path) if path else None
    except etree.XMLSyntaxError:
        return None  # the schema's own tests say so; pages need not


def schema_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """What Sphinx's ``html-collect-pages`` asks for."""
    schema = documentation(app)
    if schema is None or not schema.elements:
        return
    letters = [
        (letter, list(group)) for letter, group in groupby(schema.elements, key=lambda e: e.name[0].upper())
    ]
    context = {
        "title": labels.esc(_("Schema of the TEI")),
        "schema": schema,
        "summary": schema.lead[0] if schema.lead else "",
        "letters": letters,
        "names": {e.name for e in schema.elements},
        "body": "",
    }
    yield PAGE, context, "schema.html"
