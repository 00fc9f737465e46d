"""Lines of verse and stanzas as readers cite them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tei_export.model.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verse(NamedTuple):
    """A numbered line of verse, or a stanza.

    ``number`` is how readers cite it in its part: ``5``, ``1.2.56``. ``places`` are the first and the
    last line of the original that it stands in: pairs of page and line.
    """

    number: str
    xml_id: str
    places: tuple[tuple[str, int], ...]


def numbered_lines(
    verses: Iterable[Verse], stanzas: Iterable[Verse]
) -> dict[str, tuple[Place, Place]]:
    """Return the numbered lines and stanzas (``st2``) of a part with their first and last line of the original."""
    counted = [(verse.number, verse) for verse in verses]
    for stanza in stanzas:
        before, dot, last = stanza.number.rpartition(".")
        counted.append((f"{before}{dot}st{last}", stanza))
    return {
        number: (Place(*verse.places[0]), Place(*verse.places[-1]))
        for number, verse in counted
        if verse.places
    }
