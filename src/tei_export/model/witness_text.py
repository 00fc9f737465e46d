"""The text of one witness according to the sources: follow the witness through the events of a
part.

:func:`witness_text` gives the words, :mod:`tei_export.model.word_differences` compares them with the witness's file.
Standard library only. Source: TEI P5 TC#TCAPLK.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Event(NamedTuple):
    """What the source states about the witnesses, in reading order.

    ``kind``: ``text`` (of all witnesses), ``app`` and ``/app`` (an entry, with the lemma in
    between), ``begin`` and ``end`` (a passage ``name`` with readings), ``moved`` (the end of a
    passage that ``sigla`` have elsewhere), ``here`` (where ``sigla`` have it), ``off`` and ``on``
    (``sigla`` break off, and resume).
    """

    kind: str
    line: int
    text: str = ""
    sigla: tuple[str, ...] = ()
    readings: tuple[tuple[tuple[str, ...], str], ...] = ()


def reading_of(readings: Iterable[tuple[tuple[str, ...], str]], siglum: str) -> str | None:
    """Return the reading that names ``siglum``; None if the witness has the lemma."""
    return next((text for sigla, text in readings if siglum in sigla), None)


@dataclass(slots=True)
class Follower:
    """Follows one witness through events; ``ends``: the end of each passage, by its name.

    ``into``: the open passages that the witness has elsewhere, the innermost last.
    """

    siglum: str
    ends: Mapping[str, Event]
    out: list[tuple[int, str]] = field(default_factory=list)
    hidden: int = 0
    lost: bool = False
    passages: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    holes: list[tuple[int, str]] = field(default_factory=list)
    into: list[tuple[str, list[tuple[int, str]]]] = field(default_factory=list)

    @property
    def reads(self) -> bool:
        """Whether the witness has the text at this point of the source."""
        return not self.hidden and not self.lost

    def put(self, line: int, text: str) -> None:
        """Add text, if the witness has the text at this point."""
        if self.reads:
            (self.into[-1][1] if self.into else self.out).append((line, text))

    def take(self, event: Event) -> None:
        """Process one event."""
        mine = self.siglum in event.sigla
        if event.kind == "text":
            self.put(event.line, event.text)
        elif event.kind == "app":
            own = reading_of(event.readings, self.siglum)
            if own is not None:
                self.put(event.line, own)
                self.hidden += 1
        elif event.kind == "/app":
            self.hidden -= reading_of(event.readings, self.siglum) is not None
        elif event.kind == "begin":
            self._begin(event)
        elif event.kind in ("end", "moved"):
            self._end(event)
        elif event.kind == "here" and mine:
            self.holes.append((len(self.out), event.text))
        elif event.kind in ("off", "on") and mine:
            self.lost = event.kind == "off"

    def _begin(self, event: Event) -> None:
        end = self.ends.get(event.text)
        if end is None:
            return
        if end.kind == "moved" and self.siglum in end.sigla:
            self.into.append((event.text, []))
        elif reading_of(end.readings, self.siglum) is not None:
            self.hidden += 1

    def _end(self, event: Event) -> None:
        if event.kind == "moved":
            if self.into and self.into[-1][0] == event.text:
                name, passage = self.into.pop()
                self.passages[name] = passage
            return
        own = reading_of(event.readings, self.siglum)
        if own is not None:
            self.hidden -= 1
            self.put(event.line, own)


def follow(events: Sequence[Event], siglum: str) -> Follower:
    """Return a follower of a witness, before the first event of a part."""
    ends = {e.text: e for e in events if e.kind in ("end", "moved")}
    marks = [e.kind for e in events if e.kind in ("off", "on") and siglum in e.sigla]
    return Follower(siglum, ends, lost=marks[:1] == ["on"])


def witness_text(events: Sequence[Event], siglum: str) -> list[tuple[int, str]]:
    """Return the text of a witness according to the source: (source line, text) in the witness's
    order.

    :param events: of one part; a lacuna ends with it
    """
    follower = follow(events, siglum)
    for event in events:
        follower.take(event)
    for at, name in reversed(follower.holes):
        passage = follower.passages.get(name, [])
        line = passage[0][0] if passage else 0
        follower.out[at:at] = [(line, " "), *passage, (line, " ")]
    return follower.out
