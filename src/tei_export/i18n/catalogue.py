"""Find the languages of the interface and give Sphinx their catalogues.

The messages in code and templates are English. ``locale/`` contains their template
(``tei_export.pot``) and a catalogue for every other language. Sphinx reads only compiled
catalogues, so the chosen one is compiled into the folder of Sphinx's cache.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sphinx.locale import translators

from tei_export.i18n import formats
from tei_export.model.problems import EditionError, Problem

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path(__file__).parent / "locale"
#: Where gettext looks for a catalogue within the folder of a language.
PLACE = Path("LC_MESSAGES") / formats.CATALOGUE


def languages(folder: Path = FOLDER) -> list[str]:
    """Return the languages of the interface, the source language first."""
    return [formats.SOURCE, *sorted(p.parent.parent.name for p in folder.glob(f"*/{PLACE}.po"))]


def chosen(language: str, folder: Path = FOLDER) -> str:
    """Return the interface language nearest to ``language``: ``de`` for ``de_AT``.

    :raises EditionError: ``language-unknown``, no catalogue matches
    """
    there = languages(folder)
    for name in (language.replace("-", "_"), re.split("[-_]", language)[0]):
        if name in there:
            return name
    raise EditionError(
        Problem("language-unknown", "conf.py", 0, f"{language!r}; there are {', '.join(there)}")
    )


def install_catalogue(app: Sphinx, folder: Path = FOLDER, *, strict: bool = True) -> None:
    """Give Sphinx the catalogue of the edition's ``language``.

    :param strict: a language without a catalogue is a problem; otherwise the words are English
    :raises EditionError: ``language-unknown``
    """
    try:
        name = chosen(app.config.language, folder)
    except EditionError:
        if strict:
            raise
        translators.pop(("general", formats.CATALOGUE), None)
        formats.use(Locale(formats.SOURCE))
        return
    # An earlier application in this process may have loaded another language.
    translators.pop(("general", formats.CATALOGUE), None)
    if name != formats.SOURCE:
        app.add_message_catalog(
            formats.CATALOGUE, compiled(name, Path(app.doctreedir) / "locale", folder)
        )
    formats.use(Locale.parse(app.config.language, sep="-" if "-" in app.config.language else "_"))


def compiled(name: str, target: Path, folder: Path = FOLDER) -> Path:
    """Compile the catalogue of language ``name`` into the folder ``target``; return ``target``."""
    path = target / name / f"{PLACE}.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_compiled((folder / name / f"{PLACE}.po").read_bytes(), name))
    return target


@lru_cache(maxsize=8)
def _compiled(source: bytes, name: str) -> bytes:
    """Return the compiled form of a catalogue; cached, because every output of a run needs it."""
    file = io.BytesIO()
    write_mo(file, read_po(io.BytesIO(source), locale=name))
    return file.getvalue()
