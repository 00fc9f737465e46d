"""Publish the theme's scripts without comments, types and spaces, which only their authors need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rjsmin import jsmin

from tei_export.shared.atomic import write_whole

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_STATIC = Path(__file__).parent / "theme" / "static"


def write_scripts(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: minify the scripts of the site."""
    if exception is not None or app.builder.format != "html":
        return
    for source in sorted(_STATIC.glob("*.js")):
        published = Path(app.outdir) / "_static" / source.name
        if published.is_file():
            write_whole(published, f"{jsmin(source.read_text(encoding='utf-8'))}\n".encode())
