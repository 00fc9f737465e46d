"""The collation of a text with several witnesses as a table, in the form of CollateX's JSON.

``{"witnesses": ["A", "B"], "table": [[[{"t": "great "}], [{"t": "grand "}]], …]}``: a row for each
place, with a cell of words for each witness. Places where all agree alternate with entries;
overlapping passages are one place. The table comes from the recorded entries, not from a
comparison. CollateX writes this form as a program and as a service (class
``VariantGraphJSONMessageBodyWriter`` of its Java source: an array for each segment, in it an array
of tokens for each witness, empty for a gap). Its Python package transposes the table: an array for
each witness, ``null`` for a gap.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tei_export.model.witness_text import follow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.model.edition import Text
    from tei_export.model.witness_text import Event
    from tei_export.source.facts import EditionDomain

_WORD = re.compile(r"\s*\S+\s*")
_OPENS, _CLOSES = frozenset({"app", "begin"}), frozenset({"/app", "end", "moved"})


def collation(domain: EditionDomain, text: Text) -> str:
    """Return the collation of all witnesses that the record names at every place, as JSON."""
    sigla = [w.siglum for w in text.witnesses if w.cited]
    rows: list[list[list[dict[str, str]]]] = []
    for part in text.parts:
        facts = domain.facts.get(part.doc)
        events = list(_by_place(facts.events)) if facts else []
        places = [_of_witness(events, siglum) for siglum in sigla]
        rows += [
            [[{"t": word} for word in _WORD.findall(own.get(place, ""))] for own in places]
            for place in sorted({event.line for event in events})
        ]
    rows = [row for row in rows if any(row)]
    return json.dumps({"witnesses": sigla, "table": rows}, ensure_ascii=False) + "\n"


def _by_place(events: Sequence[Event]) -> Iterator[Event]:
    """Yield the events with the number of their place instead of their line."""
    place, open_ = 0, 0
    for event in events:
        if event.kind in _OPENS:
            place += not open_
            open_ += 1
        yield event._replace(line=place)
        if event.kind in _CLOSES:
            open_ -= 1
            place += not open_


def _of_witness(events: Sequence[Event], siglum: str) -> dict[int, str]:
    """Return the reading of a witness at each place; a transposed passage is at the witness's own place."""
    follower = follow(events, siglum)
    for event in events:
        follower.take(event)
    for at, name in reversed(follower.holes):
        place = follower.out[at - 1][0] if at else 0
        moved = [(place, words) for _, words in follower.passages.get(name, [])]
        moved = [(place, " "), *moved, (place, " ")]
        follower.out[at:at] = moved
    found: dict[int, str] = {}
    for place, words in follower.out:
        found[place] = found.get(place, "") + words
    before = -1
    for place in sorted(found):  # a space between two entries belongs to the word before it
        if before >= 0 and found[place].isspace():
            found[before] += found.pop(place)
        else:
            before = place
    return found
