"""Where the schema is: the edition's own, or the one that comes with the program."""

from __future__ import annotations

from pathlib import Path

from tei_export.model.problems import EditionError, Problem

#: What a validation needs; the ODD (for the page that documents it) and the compact syntax may be missing.
NEEDED = ("edition.rng", "edition.sch")
#: In an installed package the schema lies beside this module, in a checkout at its root.
_PLACES = (Path(__file__).parent / "data", Path(__file__).parents[3] / "schema")


def bundled() -> Path:
    """The folder of the program's schema; :raises FileNotFoundError: the installation is not whole."""
    for place in _PLACES:
        if all((place / name).is_file() for name in NEEDED):
            return place
    raise FileNotFoundError(f"no schema in {_PLACES[0]}: install tei-export again")


def schema_folder(root: Path, given: str) -> Path:
    """The folder of the schema of the edition in ``root``.

    :param given: ``edition_schema`` of conf.py; empty: the folder ``schema`` beside conf.py if it holds one,
        else the program's
    :raises EditionError: ``file-missing``, the folder named holds no schema
    """
    own = root / (given or "schema")
    lacking = [name for name in NEEDED if not (own / name).is_file()]
    if not lacking:
        return own
    if not given:
        return bundled()
    raise EditionError(Problem("file-missing", "conf.py", _line(root), f"{lacking[0]}, in edition_schema = {given!r}"))


def _line(root: Path) -> int:
    """The line of conf.py that names the schema; 0 where none does."""
    lines = (root / "conf.py").read_text(encoding="utf-8", errors="replace").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith("edition_schema")), 0)
