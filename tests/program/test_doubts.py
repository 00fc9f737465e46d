"""The doubts that the ledger has open are told wherever a reader looks; none is said to be closed."""

from __future__ import annotations

from mini import Mini
from tei_export.shared import labels


def test_doubts_are_separated_by_semicolons(mini: Mini) -> None:
    mini.write(
        "ledger.csv",
        "page,readings,last_read,open_doubts\n1,1,2026-01-01,a; b ;c\n2,1,2026-01-01,\n3,1,2026-01-01,\n",
    )
    mini.replace(
        "edition.yaml",
        "    pages: witness/pages.csv\n",
        "    pages: witness/pages.csv\n    ledger: ledger.csv\n",
    )
    text = mini.app().edition.texts["t"]  # type: ignore[attr-defined]
    assert labels.doubts(text, ["1", "2", "3"]) == [("1", ["a", "b", "c"])]
    assert labels.count_doubts(text, ["1"]) == "3 open doubts"
    assert labels.count_doubts(text, ["2", "3"]) == ""
