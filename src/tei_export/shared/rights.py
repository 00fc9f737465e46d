"""Which rights concern a file of the outputs."""

from __future__ import annotations

from pathlib import PurePosixPath

#: Files of the data that quote the texts: their words are not the editors' to give away.
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
#: How the names of such files end, after the id of a text.
_QUOTING_ENDS = (".conllu", "-collation.json")


def quotes_texts(name: str) -> bool:
    """Return whether the file ``name`` of the data (``data/mentions.csv``) holds passages of the texts."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("data",) and (
        path.name in QUOTING or path.name.endswith(_QUOTING_ENDS) or path.parts[1:2] == ("texts",)
    )
