"""``tei-export collate``: compare the witnesses of a text with its base, and propose entries.

:mod:`tei_export.importing.collate_source` reads the words of the base out of the sources,
:mod:`tei_export.importing.collate_align` finds the places where witnesses differ, and the source writes an entry for
each. An alignment is only a proposal: the proof afterwards reports every word that is not recorded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.importing.collate_align import variations
from tei_export.importing.collate_source import CollatedSource, whole_words
from tei_export.importing.divided_words import join_in_base, join_in_witnesses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tei_export.importing.collate_align import Variation
    from tei_export.importing.collate_source import BaseWord
    from tei_export.model.edition import Text


@dataclass(slots=True)
class Collation:
    """The result: the new sources by file, the number of proposed entries, and of paragraphs left unchanged."""

    sources: dict[str, str]
    entries: int = 0
    judged: int = 0


def collate(text: Text, sources: Mapping[str, str], cache: Path, workers: int = 0) -> Collation:
    """Propose entries for every difference of the witnesses of ``text`` that have a file.

    :param sources: the source files in the order of the parts, by name
    :param cache: a folder for the alignments
    :param workers: processes; 0: one for each processor
    """
    plain = {name: CollatedSource(name, content, text.base) for name, content in sources.items()}
    tokens: list[BaseWord] = []
    for source in plain.values():
        tokens += whole_words(source.tokens())
    witnesses = {
        w.siglum: _signs(w.content, text.glyphs).split() for w in text.witnesses if w.proved
    }
    if text.joins_divided:
        whole = join_in_witnesses(witnesses, tokens)
        lines = {name: source.lines for name, source in plain.items()}
        tokens, witnesses = join_in_base(tokens, witnesses, lines), whole
    found = list(variations([t.text for t in tokens], witnesses, cache, workers))
    done = Collation({})
    for source in plain.values():
        own = [v for v in found if _of(v, tokens, source)]
        done.sources[source.name] = source.with_entries(own, tokens, list(witnesses))
        done.entries += source.entries
        done.judged += len(source.judged)
    return done


def _signs(content: str, glyphs: Mapping[str, str]) -> str:
    joined = re.sub(r"(?<=\w)-[ \t]*\n[ \t]*(?=\w)", "", content)
    return "".join(glyphs.get(c, c) for c in joined)


def _of(variation: Variation, tokens: Sequence[BaseWord], source: CollatedSource) -> bool:
    """Return whether a variation belongs to a file: an addition is written after the word before it."""
    at = variation.first - (variation.first == variation.last)
    return tokens[max(at, 0)].file == source.name
