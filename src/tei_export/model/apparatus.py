"""The apparatus: every place where the edition reads something else than its witness.

An :class:`Emendation` is one entry: what the edited text reads (the lemma), and what others
read, by siglum. The transform makes the entries once (:mod:`tei_export.source.apparatus`), in
reading order; all outputs render the same list. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass

from tei_export.model.places import Place

#: Sigla of the restored original and of the edited text.
RESTORED, EDITED = "T", "E"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the witnesses ``sigla`` read; ``text`` is empty where they have nothing."""

    sigla: tuple[str, ...]
    text: str

    @property
    def siglum(self) -> str:
        """All sigla, as they are shown."""
        return " ".join(self.sigla)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The words beside an entry whose lemma has no word of its own. ``prefix`` stands before it
    without a space; ``after`` and ``before`` are what an empty lemma stands after or before."""

    prefix: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Emendation:
    """An entry of the apparatus.

    ``kind`` is the role, ``type`` the class of the difference: ``app/@type`` for a misreading,
    else the kind again. ``line`` 0: the page's own number, or what stands in no line of T.
    ``readings``: those that differ from ``lemma``; the witness's last.
    ``small``: see :func:`is_small`. ``within``: id of the entry of the misreading that this one
    is part of. ``note``: number of the note it is about. ``lang``: of another language's words.
    ``extent``: number and unit of a loss. ``srcline``: its line in the source file.
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
    neighbours: Neighbours = Neighbours()
    srcline: int = 0

    @property
    def place(self) -> Place:
        """Page and line, as they are cited."""
        return Place(self.page, self.line)

    @property
    def own(self) -> Reading:
        """The reading that the entry departs from: O's for a misreading, T's for a slip."""
        return self.readings[-1]

    @property
    def reason_kind(self) -> str:
        """What the reason begins with, up to a colon: where the text declares kinds of reasons, its kind."""
        return self.why.partition(":")[0].strip()

    @property
    def source(self) -> str:
        """The text of :attr:`own`."""
        return self.own.text

    def text_of(self, siglum: str) -> str:
        """What a witness, or the edited text, reads here."""
        return next((r.text for r in self.readings if siglum in r.sigla), self.lemma)


def is_small(kind: str, cert: str, resp: str, why: str) -> bool:
    """The one rule for what is folded away: a difference that the record's table ``glyphs``
    describes (class ``glyph``), certain, judged by the editors, without a reason of its own.
    ``kind`` is the class of the difference."""
    return kind == "glyph" and (cert, resp, why) == ("high", "ed", "")
