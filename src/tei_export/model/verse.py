"""Lines of verse, stanzas and numbered paragraphs as readers cite them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tei_export.model.places import Place, page_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Verse(NamedTuple):
    """A numbered line of verse, a stanza, or a paragraph that the source numbers.

    ``number`` is how readers cite it in its part: ``5``, ``1.2.56``. ``places`` are its first and
    last line in the original: pairs of page and line.
    """

    number: str
    xml_id: str
    places: tuple[tuple[str, int], ...]


def cited_by_number(
    verses: Iterable[Verse], stanzas: Iterable[Verse], paragraphs: Iterable[Verse]
) -> Iterator[tuple[str, Verse]]:
    """Yield everything that a part numbers, as it is cited: ``5``, ``1.2.56``, a stanza ``st2``, a
    paragraph ``par12``."""
    for verse in verses:
        yield verse.number, verse
    for stanza in stanzas:
        before, dot, last = stanza.number.rpartition(".")
        yield f"{before}{dot}st{last}", stanza
    for paragraph in paragraphs:
        yield f"par{paragraph.number}", paragraph


def numbered_lines(counted: Iterable[tuple[str, Verse]]) -> dict[str, tuple[Place, Place]]:
    """Return everything that a part numbers (:func:`cited_by_number`), with its first and last line
    in the original."""
    return {
        number: (Place(*verse.places[0]), Place(*verse.places[-1]))
        for number, verse in counted
        if verse.places
    }


def number_id(part: str, number: str) -> str:
    """Return the id of the line or stanza cited as ``number`` in a part: ``1.2.56`` → ``hamlet-1-2-l056``."""
    *path, last = number.split(".")
    match = re.fullmatch(r"(st)?([0-9]+)", last)
    if match:
        last = f"st{int(match[2]):02d}" if match[1] else f"l{int(match[2]):03d}"
    return "-".join([part, *map(safe, path), safe(last)])


def safe(number: str) -> str:
    """Return a number from the record or source in letters for an id; the program's own numbers
    stay unchanged."""
    return number if re.fullmatch(r"[A-Za-z0-9]+", number) else page_slug(number)
