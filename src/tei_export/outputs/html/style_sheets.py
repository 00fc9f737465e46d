"""Join the theme's style sheets: one for readers, several for their authors.

The sheets are joined, in the order of ``theme.toml``, into ``_static/edition.css``: a phone on a
slow line waits once, not eleven times. Sheets that ``conf.py`` adds keep their own links.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.shared import web_fonts
from tei_export.shared.atomic import write_whole
from tei_export.shared.typefaces import typefaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition
    from tei_export.shared.typefaces import Typefaces

SHEET = "edition.css"
_STATIC = Path(__file__).parent / "theme" / "static"


def names(app: Sphinx) -> tuple[str, ...]:
    """Return the theme's style sheets, without that of the fonts; none if another theme is active."""
    theme = getattr(app.builder, "theme", None)
    return tuple(n for n in theme.stylesheets if (_STATIC / n).is_file()) if theme else ()


@cache
def joined(sheets: tuple[str, ...]) -> str:
    """Return the sheets joined; their relative addresses stay valid beside the originals."""
    own = ((_STATIC / name).read_text(encoding="utf-8") for name in sheets)
    return "\n".join((web_fonts.sheet(), *own)) if sheets else ""


def sheet(app: Sphinx) -> str:
    """Return the joined sheet with the edition's fonts, which supply the letters that the bundled
    typeface lacks."""
    faces = _faces(app)
    rules = "".join(face.rule("fonts") for face in faces.faces)
    return rules + joined(names(app)).replace(
        '--serif: "Libertinus Serif"', f"--serif: {faces.stack()}", 1
    )


def _faces(app: Sphinx) -> Typefaces:
    """Return the typefaces of the edition of ``app``."""
    edition: Edition = app.edition  # type: ignore[attr-defined]
    return typefaces(edition)


def check_fonts(app: Sphinx) -> None:
    """Handle Sphinx's ``builder-inited``: stop the build if a font of the record cannot be used."""
    if app.builder.format == "html" and names(app):
        _faces(app)


def address(app: Sphinx) -> str:
    """Return the path of the joined sheet; its digest makes browsers load a new version."""
    sign = hashlib.sha256(sheet(app).encode()).hexdigest()[:8]
    return f"_static/{SHEET}?v={sign}"


def others(app: Sphinx, linked: Sequence[Any]) -> list[Any]:
    """Return the sheets of a page (Sphinx's ``css_files``) outside the joined one."""
    known = {web_fonts.SHEET, *names(app), "pygments.css"}
    return [
        sheet
        for sheet in linked
        if str(getattr(sheet, "filename", sheet)).rpartition("/")[2] not in known
    ]


def write_sheet(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: write the joined sheet and the fonts."""
    if exception is None and app.builder.format == "html" and names(app):
        static = Path(app.outdir) / "_static"
        write_whole(static / SHEET, sheet(app).encode())
        write_whole(static / web_fonts.SHEET, web_fonts.sheet().encode())
        for path, data in web_fonts.font_files().items():
            write_whole(static / path, data)
        for face in _faces(app).faces:
            write_whole(static / "fonts" / face.file, face.data)
