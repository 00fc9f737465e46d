"""One style sheet for the reader, several for who writes them.

The theme's sheets are joined, in the order of ``theme.toml``, into ``_static/edition.css``: a phone on a
slow line waits once, not eleven times. Sheets that ``conf.py`` adds keep their own links.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    """The theme's style sheets; none where another theme is in use."""
    theme = getattr(app.builder, "theme", None)
    return tuple(n for n in theme.stylesheets if (_STATIC / n).is_file()) if theme else ()


@cache
def joined(sheets: tuple[str, ...]) -> str:
    """The sheets as one; addresses in them stay right, since it lies beside them."""
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in sheets)


def sheet(app: Sphinx) -> str:
    """The joined sheet with the fonts of the edition, which are asked for what the bundled typeface has not."""
    faces = _faces(app)
    rules = "".join(face.rule("fonts") for face in faces.faces)
    return rules + joined(names(app)).replace('--serif: "Libertinus Serif"', f"--serif: {faces.stack()}", 1)


def _faces(app: Sphinx) -> Typefaces:
    """The typefaces of the edition of ``app``."""
    edition: Edition = app.edition  # type: ignore[attr-defined]
    return typefaces(edition)


def check_fonts(app: Sphinx) -> None:
    """Sphinx's ``builder-inited``; a font of the record that cannot be used ends the build."""
    if app.builder.format == "html" and names(app):
        _faces(app)


def address(app: Sphinx) -> str:
    """The joined sheet from the site's root, with a sign of its content: no browser keeps an old one."""
    sign = hashlib.sha256(sheet(app).encode()).hexdigest()[:8]
    return f"_static/{SHEET}?v={sign}"


def others(app: Sphinx, linked: Sequence[Any]) -> list[Any]:
    """The sheets of a page (Sphinx's ``css_files``) that are not in the joined one."""
    known = {*names(app), "pygments.css"}
    return [sheet for sheet in linked if str(getattr(sheet, "filename", sheet)).rpartition("/")[2] not in known]


def write_sheet(app: Sphinx, exception: Exception | None) -> None:
    """Sphinx's ``build-finished``."""
    if exception is None and app.builder.format == "html" and names(app):
        static = Path(app.outdir) / "_static"
        write_whole(static / SHEET, sheet(app).encode())
        for face in _faces(app).faces:
            write_whole(static / "fonts" / face.file, face.data)
