"""Write the data that the scripts of all pages share.

They are words, the sheet of the keys, the head of two texts side by side, and the tables of Latin
letters for Russian. Within the pages they would add kilobytes that are useless without scripts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.model.transliteration import SCHEMES
from tei_export.shared import labels
from tei_export.shared.atomic import write_whole
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCRIPT = "sheets.js"


def write_sheets(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: write the sheets as a script."""
    if exception is not None or app.builder.format != "html":
        return
    sheets = {
        name: app.builder.templates.render(
            f"{name}.html", {"_t": labels._, "schemes": SCHEMES.values()}
        ).strip()
        for name in ("keys", "panes", "latin")
    }
    schemes = {
        scheme.name: {"tag": scheme.tag, "letters": dict(scheme.letters), "final": scheme.final}
        for scheme in SCHEMES.values()
    }
    data = json.dumps({**sheets, "words": words(), "schemes": schemes}, ensure_ascii=True)
    path = Path(app.outdir) / "_static" / SCRIPT
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, f"edition.sheets = {data};\n".encode("ascii"))


def words() -> dict[str, str]:
    """Return the words that scripts may show on every page."""
    return {
        "on": _("on"),
        "off": _("off"),
        "page": _("Page {page}"),
        "at": _("Page {page}, line {line}"),
        "line": _("Line {line}"),
        "note": _("Note {number}"),
        "edition": _("This edition"),
        "kind": _("Kind"),
        "certainty": _("Certainty"),
        "who": _("Judged by"),
        "why": _("Reason"),
        "editors": _("editors"),
        "nothing": _("nothing ({where})"),
        "nearest": _("This place has no such texts; the nearest one is shown."),
        "notThere": _("not in this witness"),
        "inText": _("In the text"),
        "inApparatus": _("In the list of the apparatus"),
        "inNotes": _("In the list of notes"),
        "first": _("This is the first apparatus entry on this page."),
        "last": _("This is the last apparatus entry on this page."),
        "notLoaded": _("A file of this page could not be loaded. Try again."),
    }
