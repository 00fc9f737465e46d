"""Join the theme's style sheets: one for readers, several for their authors.

The sheets are joined, in the order of ``theme.toml``, into ``_static/edition.css``: a phone on a
slow line waits once, not eleven times. Sheets that ``conf.py`` adds keep their own links.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.shared.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

SHEET = "edition.css"
_STATIC = Path(__file__).parent / "theme" / "static"


def names(app: Sphinx) -> tuple[str, ...]:
    """Return the theme's style sheets; none if another theme is active."""
    theme = getattr(app.builder, "theme", None)
    return tuple(n for n in theme.stylesheets if (_STATIC / n).is_file()) if theme else ()


@cache
def joined(sheets: tuple[str, ...]) -> str:
    """Return the sheets joined; their relative addresses stay valid beside the originals."""
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in sheets)


def address(app: Sphinx) -> str:
    """Return the path of the joined sheet; its digest makes browsers load a new version."""
    sign = hashlib.sha256(joined(names(app)).encode()).hexdigest()[:8]
    return f"_static/{SHEET}?v={sign}"


def others(app: Sphinx, linked: Sequence[Any]) -> list[Any]:
    """Return the sheets of a page (Sphinx's ``css_files``) outside the joined one."""
    known = {*names(app), "pygments.css"}
    return [sheet for sheet in linked if str(getattr(sheet, "filename", sheet)).rpartition("/")[2] not in known]


def write_sheet(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: write the joined sheet."""
    if exception is None and app.builder.format == "html" and names(app):
        write_whole(Path(app.outdir) / "_static" / SHEET, joined(names(app)).encode())
