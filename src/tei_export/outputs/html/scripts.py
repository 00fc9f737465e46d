"""Publish the scripts of the theme without what only their authors read: comments, types, indents.

The sources (``theme/static/*.js``) are written for that: a comment has lines of its own or is a JSDoc comment, no
string contains ``/**``, and no text goes over the end of a line.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.shared.atomic import write_whole

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_STATIC = Path(__file__).parent / "theme" / "static"
_DOC = re.compile(r"/\*\*.*?\*/ ?", re.DOTALL)


def lean(code: str) -> str:
    """Return a script without comments, types and indents."""
    lines = (line.strip() for line in _DOC.sub("", code).split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def write_scripts(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: make the scripts of the site lean."""
    if exception is not None or app.builder.format != "html":
        return
    for source in sorted(_STATIC.glob("*.js")):
        published = Path(app.outdir) / "_static" / source.name
        if published.is_file():
            write_whole(published, lean(source.read_text(encoding="utf-8")).encode())
