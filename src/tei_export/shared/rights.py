"""Determine the rights in a file of the outputs."""

from __future__ import annotations

from pathlib import PurePosixPath

#: Data files that quote the texts, whose words the editors cannot license.
QUOTING = frozenset(
    {
        "emendations.csv",
        "mentions.csv",
        "quotations.csv",
        "readings.csv",
        "relations.csv",
        "tokens.csv",
    }
)
#: The endings of such files after the id of a text.
_QUOTING_ENDS = (".conllu", "-collation.json")


def quotes_texts(name: str) -> bool:
    """Return whether the data file ``name`` (``data/mentions.csv``) contains passages of the texts."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("data",) and (
        path.name in QUOTING or path.name.endswith(_QUOTING_ENDS) or path.parts[1:2] == ("texts",)
    )
