"""Keep the facts of documents that were not read again as the bytes in which they were stored.

A run stores what was read for the next one. After a change in one document, that would pack the facts of all the
others again, which takes longer than to check the document.
"""

from __future__ import annotations

import pickle
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

FactsT = TypeVar("FactsT")


class StoredFacts(MutableMapping[str, FactsT], Generic[FactsT]):
    """The facts by document, unpacked when they are asked for.

    The facts of a document that has been read do not change; new ones replace them.
    """

    def __init__(self) -> None:
        self._facts: dict[str, FactsT | None] = {}
        """``None``: still packed"""
        self._stored: dict[str, bytes] = {}

    def __getitem__(self, docname: str) -> FactsT:
        facts = self._facts[docname]
        if facts is None:
            facts = self._facts[docname] = pickle.loads(self._stored[docname])
        return facts

    def __setitem__(self, docname: str, facts: FactsT) -> None:
        self._facts[docname] = facts
        self._stored.pop(docname, None)

    def __delitem__(self, docname: str) -> None:
        del self._facts[docname]
        self._stored.pop(docname, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __contains__(self, docname: object) -> bool:
        return docname in self._facts

    def __getstate__(self) -> dict[str, bytes]:
        return {
            docname: self._stored.get(docname) or pack(facts)
            for docname, facts in self._facts.items()
        }

    def __setstate__(self, stored: dict[str, bytes]) -> None:
        self._facts = dict.fromkeys(stored)
        self._stored = stored


def pack(facts: object) -> bytes:
    """Return the bytes in which facts are stored."""
    return pickle.dumps(facts, pickle.HIGHEST_PROTOCOL)
