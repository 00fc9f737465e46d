"""Show the roles inside readings in HTML and EPUB, and explain their signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.model.marked_readings import LOST, marks_in, parted_pieces, signed
from tei_export.model.vocabulary import Reads
from tei_export.shared.elements import EMPTY, element, esc, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markupsafe import Markup

    from tei_export.model.apparatus import Emendation
    from tei_export.model.marked_readings import Pieces, ReadingMark, SignedPart

#: kind of a part of a role → its element
_ELEMENTS = {"struck": "del", "added": "ins"}


def marked(pieces: Pieces, words: Callable[[str], Markup] = esc) -> Markup:
    """Return a reading for an apparatus: with the signs of its roles, in the elements of their
    rows.

    :param words: returns markup for letters
    """
    return join(words(one) if isinstance(one, str) else _signed(one, words) for one in pieces)


def _signed(one: ReadingMark, words: Callable[[str], Markup]) -> Markup:
    return join(_part(one, part, words) for part in signed(one))


def _part(one: ReadingMark, part: SignedPart, words: Callable[[str], Markup]) -> Markup:
    lead, content, trail = "", part.content, ""
    if part.kind and (part.before or part.after or part.kind in _ELEMENTS):
        lead, content, trail = parted_pieces(content)
    inside = join((part.before, marked(content, words), part.after))
    if part.kind == "role":
        inside = _element(one, inside)
    elif part.kind:
        inside = element(_ELEMENTS[part.kind], inside)
    return join((lead, inside, trail))


def as_filed(pieces: Pieces) -> Markup:
    """Return the letters of a reading in the witness's file, in the elements of their roles; losses
    are marked."""
    return join(esc(one) if isinstance(one, str) else _filed(one) for one in pieces)


def _filed(one: ReadingMark) -> Markup:
    row, reads = one.row, one.row.read_by("O")
    if reads is Reads.NOTHING:
        lost = row.read_by("E") is Reads.SIGN
        return element("span", LOST, class_="told") if lost else EMPTY
    if reads is Reads.BOTH:
        return join((element("del", one.source), element("ins", as_filed(one.content))))
    return _element(one, esc(one.source) if reads is Reads.SOURCE else as_filed(one.content))


def _element(one: ReadingMark, content: Markup) -> Markup:
    row = one.row
    lang = row.lang or dict(one.values).get("xml:lang")
    return element(row.html, content, class_=row.css or row.name, lang=lang)


def signs(entries: Iterable[Emendation]) -> str:
    """Explain the signs in the readings of entries, in the order of the vocabulary; empty without signs."""
    there = {one.kind: one for e in entries for r in e.readings for one in marks_in(r.pieces)}
    shown = [("".join(part.sign for part in signed(one)), one.row) for one in there.values()]
    return ", ".join(f"{sign} {terms.mark_of(row)}" for sign, row in shown if sign != "…")
