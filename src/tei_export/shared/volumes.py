"""Divide a long text into books that a compiler and a reader can hold.

The memory that setting a book takes grows with its words, and so does the file. A volume begins with a
part; a part is never divided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.i18n.formats import _
from tei_export.model.volume_files import volume_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tei_export.model.edition import Part
    from tei_export.source.facts import EditionDomain, Facts

#: About five hundred pages of a book.
MOST_WORDS = 150_000
#: An index of persons of about 300 kB: reading systems load whole documents.
MOST_WORDS_OF_EPUB = 200_000


@dataclass(frozen=True, slots=True)
class Volume:
    """Volume ``number`` of ``count``, both from 1: the parts in it, and their facts."""

    number: int
    count: int
    parts: Sequence[tuple[Part, Facts]]

    @property
    def name(self) -> str:
        """The name of the volume: ``Volume 2 of 3``; empty if it is the only one."""
        return _("Volume {} of {}").format(self.number, self.count) if self.count > 1 else ""

    def file(self, stem: str, ending: str) -> str:
        """Return a file name: ``thesis.pdf`` of the only volume, ``thesis.2.pdf`` of the second."""
        return volume_file(stem, ending, self.number if self.count > 1 else 0)


def volumes(parts: Sequence[tuple[Part, Facts]], most: int = MOST_WORDS) -> list[Volume]:
    """Divide the parts of a text, in order, into as few and as equal volumes as ``most`` allows.

    :param most: the maximum number of words in a volume; only a single part may exceed it; 0: one
        volume
    """
    sizes = [facts.words for _part, facts in parts]
    starts = _starts(sizes, most) if most else [0]
    ends = [*starts[1:], len(parts)]
    return [
        Volume(number, len(starts), parts[start:end])
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def edition_volumes(domain: EditionDomain, most: int = MOST_WORDS_OF_EPUB) -> list[Volume]:
    """Divide the parts of all texts, in the order of the record, as :func:`volumes` does."""
    texts = domain.edition.texts.values()
    parts = [(part, domain.facts_for(part.doc)) for text in texts for part in text.parts]
    return volumes(parts, most)


def _starts(sizes: Sequence[int], most: int) -> list[int]:
    """Return where volumes of at most ``most`` begin; the largest one is as small as possible."""
    fewest = _filled(sizes, most)
    low, high = max([*sizes, 1]), max([*sizes, most])
    while low < high:  # the smallest limit that needs no further volume
        middle = (low + high) // 2
        if len(_filled(sizes, middle)) > len(fewest):
            low = middle + 1
        else:
            high = middle
    return _filled(sizes, low)


def _filled(sizes: Iterable[int], most: int) -> list[int]:
    """Return where volumes begin if each takes as many parts as fit."""
    starts, words = [0], 0
    for n, size in enumerate(sizes):
        if words and words + size > most:
            starts.append(n)
            words = 0
        words += size
    return starts
