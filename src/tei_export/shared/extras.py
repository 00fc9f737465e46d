"""The heavy packages that only some outputs need: the extras of ``pyproject.toml``.

They are imported where they are used; a missing one is reported before anything is built.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: extra → its packages, as they are imported (and, in ``pyproject.toml``, installed).
EXTRAS = {
    "pdf": ("typst", "pikepdf"),
    "data": ("rdflib",),
    "deposit": ("bagit", "rocrate", "datacite"),
    "collate": ("collatex", "Levenshtein"),
    "serve": ("watchfiles",),
    "corpus": ("distributed",),
}
#: target → the extra that it needs; Typst also draws the cover of the EPUB
NEEDS = {
    "pdf": "pdf",
    "epub": "pdf",
    "data": "data",
    "deposit": "deposit",
    "serve": "serve",
    "corpus": "corpus",
    "collate": "collate",
}
#: Commands that build nothing, or several outputs.
_COMMANDS = {"serve", "corpus", "collate"}


class MissingPackagesError(SphinxError):
    """Raised if packages that an output needs are missing."""

    category = "tei-export"


def _missing(name: str) -> bool:
    try:
        return find_spec(name) is None
    except (ImportError, ValueError):
        return True


def require(targets: Iterable[str]) -> None:
    """Make sure that the packages for ``targets`` are installed.

    :raises MissingPackagesError: some are not; it names them and says how to install them
    """
    lacking = {
        target: packages
        for target in targets
        if (packages := [name for name in EXTRAS.get(NEEDS.get(target, ""), ()) if _missing(name)])
    }
    if lacking:
        extras = sorted({NEEDS[target] for target in lacking})
        packages = list(dict.fromkeys(name for names in lacking.values() for name in names))
        word = "package" if len(packages) == 1 else "packages"
        what = ", ".join(lacking)
        building = "" if what in _COMMANDS else "building "
        raise MissingPackagesError(
            f"{building}{what} needs the {word} {', '.join(packages)}: "
            f'pip install "tei-export[{",".join(extras)}]"'
        )
