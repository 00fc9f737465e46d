"""Collect the register entries that the texts mention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.vocabulary import MENTIONS

if TYPE_CHECKING:
    from tei_export.source.facts import EditionDomain


def mentioned(domain: EditionDomain) -> dict[str, set[str]]:
    """Return the keys of the mentioned entries, by register; registers without mentions are left out."""
    keys_by_register: dict[str, set[str]] = {row.register: set() for row in MENTIONS}
    for mention in domain.mentions():
        if mention.key:
            keys_by_register[mention.register].add(mention.key)
    return {name: keys for name, keys in keys_by_register.items() if keys}
