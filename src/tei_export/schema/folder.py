"""Locate the schema: the edition's own, or the program's."""

from __future__ import annotations

from pathlib import Path

from tei_export.model.problems import EditionError, Problem

#: The files that validation needs; the ODD (for its documentation page) and the compact syntax are
#: optional.
NEEDED = ("edition.rng", "edition.sch")
#: The schema lies beside this module in an installed package, at the root in a checkout.
_PLACES = (Path(__file__).parent / "data", Path(__file__).parents[3] / "schema")


def bundled() -> Path:
    """Return the folder of the program's schema.

    :raises FileNotFoundError: the installation is incomplete
    """
    for place in _PLACES:
        if all((place / name).is_file() for name in NEEDED):
            return place
    raise FileNotFoundError(f"no schema in {_PLACES[0]}: install tei-export again")


def schema_folder(root: Path, given: str) -> Path:
    """Return the folder of the schema of the edition in ``root``.

    :param given: ``edition_schema`` of conf.py; empty: the folder ``schema`` beside conf.py if it
        contains a schema, otherwise the program's
    :raises EditionError: ``file-missing``, the named folder contains no schema
    """
    own = root / (given or "schema")
    lacking = [name for name in NEEDED if not (own / name).is_file()]
    if not lacking:
        return own
    if not given:
        return bundled()
    raise EditionError(
        Problem(
            "file-missing", "conf.py", _line(root), f"{lacking[0]}, in edition_schema = {given!r}"
        )
    )


def _line(root: Path) -> int:
    """Return the line of conf.py that names the schema; 0 if there is none."""
    lines = (root / "conf.py").read_text(encoding="utf-8", errors="replace").splitlines()
    named = (n for n, line in enumerate(lines, 1) if line.lstrip().startswith("edition_schema"))
    return max(named, default=0)  # the last one holds
