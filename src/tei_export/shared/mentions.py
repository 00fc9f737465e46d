"""Collect the register entries that the texts mention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.vocabulary import MENTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tei_export.source.facts import EditionDomain, Mention


def mentioned(domain: EditionDomain) -> dict[str, set[str]]:
    """Return the keys of the mentioned entries, by register; registers without mentions are omitted."""
    return mentioned_by(domain.mentions())


def mentioned_by(mentions: Iterable[Mention]) -> dict[str, set[str]]:
    """Return the keys of the entries that ``mentions`` name, as :func:`mentioned` does."""
    keys_by_register: dict[str, set[str]] = {row.register: set() for row in MENTIONS}
    for mention in mentions:
        if mention.key:
            keys_by_register[mention.register].add(mention.key)
    return {name: keys for name, keys in keys_by_register.items() if keys}
