"""The apparatus: every place where the edited text differs from the witness.

An :class:`Emendation` is one entry: the reading of the edited text (the lemma) and the other
readings by siglum. The transform makes the entries once, in reading order
(:mod:`tei_export.source.apparatus`); all outputs render the same list. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TypeVar

from tei_export.model.marked_readings import Pieces, read
from tei_export.model.places import Place

#: Sigla of the restored original and of the edited text.
RESTORED, EDITED = "T", "E"
#: The role of entries with readings of several witnesses, and of places where witnesses break off.
VARIANT_ROLE, LACUNA_ROLE = "app", "lacuna"
#: Classes of variants in which only the spelling, the punctuation or the division of words differs.
SPELLING = frozenset({"orthographic", "punctuation", "division"})

_ClassT = TypeVar("_ClassT", bound=type)


def _quickly_stored(cls: _ClassT) -> _ClassT:
    """Let the entries of a frozen dataclass with several fields be pickled as their values: a run stores and loads
    thousands. The standard library asks for the fields of every single one, which takes twice the time (measured)."""
    values = attrgetter(*(field.name for field in fields(cls)))

    def reduce(entry: object) -> tuple[type, tuple[object, ...]]:
        return cls, values(entry)

    cls.__reduce__ = reduce  # type: ignore[assignment]
    return cls


@_quickly_stored
@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of the witnesses ``sigla``; ``text`` is empty for an omission.

    Only for variants: ``type``, the class (:data:`~tei_export.model.variants.VARIANT_CLASSES`);
    ``cert``, ``resp`` and ``why`` of this reading alone; ``place`` of a transposed passage;
    ``pieces``: the reading with its roles, for which ``text`` has signs.
    """

    sigla: tuple[str, ...]
    text: str
    type: str = ""
    cert: str = "high"
    resp: str = "ed"
    why: str = ""
    place: str = ""
    pieces: Pieces = ()

    @property
    def letters(self) -> str:
        """The letters of the files of the witnesses."""
        return read(self.pieces, "O") if self.pieces else self.text

    @property
    def final(self) -> str:
        """What the witnesses finally read."""
        return read(self.pieces, "E") if self.pieces else self.text

    @property
    def siglum(self) -> str:
        """All sigla, joined for display."""
        return " ".join(self.sigla)


@_quickly_stored
@dataclass(frozen=True, slots=True)
class Neighbours:
    """The words beside an entry whose lemma has no word of its own.

    ``prefix`` precedes the lemma without a space; ``after`` and ``before`` are the words around an
    empty lemma.
    """

    prefix: str = ""
    after: str = ""
    before: str = ""


@_quickly_stored
@dataclass(frozen=True, slots=True)
class Emendation:
    """An entry of the apparatus.

    ``kind`` is the role. ``type`` is the class of the difference: ``app/@type`` for a misreading,
    otherwise the kind. ``line`` is 0 for the page's own number and for text in no line of T.
    ``readings``: the readings that differ from ``lemma``, the witness's last. ``small``: see
    :func:`is_small`. ``within``: id of the misreading that contains this entry. ``note``: number of
    the note that the entry concerns. ``lang``: language of words in another language. ``extent``:
    number and unit of a loss. ``said``: the values of the role (place, hand). ``srcline``: line in the
    source file. ``sigla``: of a variant, the witnesses that agree with the lemma; none: it is an emendation.
    ``end``: where a passage of several lines ends.
    """

    kind: str
    type: str
    docname: str
    page: str
    line: int
    xml_id: str
    lemma: str
    readings: tuple[Reading, ...]
    cert: str
    resp: str
    why: str
    small: bool = False
    within: str = ""
    note: str = ""
    lang: str = ""
    extent: tuple[int, str] = (0, "")
    said: tuple[tuple[str, str], ...] = ()
    neighbours: Neighbours = Neighbours()
    srcline: int = 0
    sigla: tuple[str, ...] = ()
    end: Place | None = None

    @property
    def several(self) -> bool:
        """Whether the entry has the readings of several witnesses."""
        return self.kind == VARIANT_ROLE

    @property
    def only_spelling(self) -> bool:
        """Whether all its readings differ in spelling or punctuation alone."""
        return self.several and all(r.type in SPELLING for r in self.readings)

    @property
    def span(self) -> str:
        """Page and line; of a passage those of its beginning and its end: ``17.30–18.2``, ``17.3–5``."""
        if self.end is None or self.end == self.place:
            return str(self.place)
        end = str(self.end.line) if self.end.page == self.page and self.line else str(self.end)
        return f"{self.place}–{end}"

    @property
    def place(self) -> Place:
        """Page and line, as cited."""
        return Place(self.page, self.line)

    @property
    def variant(self) -> Reading:
        """The reading that the entry departs from: O's for a misreading, T's for a slip."""
        return self.readings[-1]

    @property
    def reason_kind(self) -> str:
        """The beginning of the reason up to a colon: its kind, if the text declares kinds of reasons."""
        return self.why.partition(":")[0].strip()

    @property
    def source(self) -> str:
        """The text of :attr:`own`."""
        return self.variant.text

    def text_of(self, siglum: str) -> str:
        """Return the reading of a witness, or of the edited text, at this entry."""
        return next((r.text for r in self.readings if siglum in r.sigla), self.lemma)


#: Who is responsible for a reading if the source names nobody.
EDITORS = "ed"
#: The certainty of a reading if the source does not state it.
CERTAIN = "high"


def is_small(kind: str, cert: str, resp: str, why: str) -> bool:
    """Return whether an entry is folded away; this is the only rule.

    That is an entry of class ``glyph`` (the record's table ``glyphs`` describes the difference)
    that is certain, judged by the editors and without a reason. ``kind`` is the class of the
    difference.
    """
    return kind == "glyph" and (cert, resp, why) == (CERTAIN, EDITORS, "")
