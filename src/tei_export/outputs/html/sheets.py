"""Write what the scripts of every page share: the sheet of the keys, once for the site.

It is useless without scripts; in every page it would be three kilobytes more to load.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.shared import labels
from tei_export.shared.atomic import write_whole

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCRIPT = "sheets.js"


def write_sheets(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: write the sheet as a script."""
    if exception is not None or app.builder.format != "html":
        return
    shown = app.builder.templates.render("keys.html", {"_t": labels._})
    data = json.dumps(shown.strip(), ensure_ascii=True)
    path = Path(app.outdir) / "_static" / SCRIPT
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, f"edition.sheet = {data};\n".encode("ascii"))
