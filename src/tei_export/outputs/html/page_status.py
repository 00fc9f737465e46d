"""The status of what is cited: a part, or a page of it. ``theme/cite.html`` and ``cite.js`` show it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tei_export.shared import labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.edition import Text


@dataclass(frozen=True, slots=True)
class PageStatus:
    """How a part and its pages were read."""

    part: str = ""
    """the status of the part; empty outside the texts"""
    usual: str = ""
    """the status of most pages"""
    others: dict[str, str] = field(default_factory=dict)
    """page → its status, where that is another"""
    doubts: dict[str, str] = field(default_factory=dict)
    """page → its open doubts, in the words of the ledger"""

    @property
    def data(self) -> dict[str, Any]:
        """The status of the pages, for ``cite.js``."""
        return {"usual": self.usual, "others": self.others, "doubts": self.doubts}


def page_status(text: Text, pages: Sequence[str]) -> PageStatus:
    """Return the status of a part with these pages."""
    said = (labels.reading_status(text, pages), labels.count_doubts(text, pages))
    gone = labels.lost(text, pages)
    states = {page: labels.reading_status(text, [page]) for page in pages if page not in gone}
    usual = Counter(states.values()).most_common(1)[0][0] if states else ""
    return PageStatus(
        "; ".join(filter(None, said)),
        usual,
        {page: state for page, state in states.items() if state != usual},
        {page: "; ".join(words) for page, words in labels.doubts(text, pages)},
    )
