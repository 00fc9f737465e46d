"""Print the entries of the apparatus: ``17.12 lemma] reading O``.

The lemma is the printed text: E, or T in the typed form. If the lemma contains no word (noise in
the witness, a lone full stop), the entry adds the neighbouring word, so that readers can find it.
An entry within a misreading, such as a slip or a gap, is printed as part of that misreading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.i18n.formats import _, enumerated, text_direction
from tei_export.model.apparatus import EDITED, LACUNA_ROLE, RESTORED, Reading
from tei_export.model.languages import runs_otherwise
from tei_export.model.marked_readings import plain
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.shared.apparatus import empty_reading_words, glyph_pairs, remarks
from tei_export.shared.typst_literals import TypstCode, call, string
from tei_export.source.nodes import GAP_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Text
    from tei_export.model.marked_readings import Pieces, ReadingMark
    from tei_export.shared.apparatus import Apparatus

_LONG = 6
_SPACES = re.compile(r"\s+")
#: The series at the foot of the page, from above.
SERIES = ("variants", "emendations")
#: The responsibility of an unreviewed program; its sign at the foot of the page.
UNREVIEWED, PROPOSED = "auto", "°"


@dataclass(frozen=True, slots=True)
class PrintedApparatus:
    """The printed apparatus of one part. ``layer``: of the printed text, and therefore of the
    lemma. ``coded``: writes a witness's reading in printable letters."""

    found: Apparatus
    layer: str = EDITED
    coded: Callable[[str], str] = str

    def entry(self, xml_id: str) -> Emendation | None:
        """Return the entry with an id, if it is printed separately and not within a misreading."""
        return next((e for e in self.found.entries if e.xml_id == xml_id and not e.within), None)

    def printed(self) -> list[Emendation]:
        """Return every printed entry, in reading order."""
        return [e for e in self.found.shown if not e.within]

    def emended(self) -> list[Emendation]:
        """Return the entries in which the edited text departs from the restored original."""
        return [
            e for e in self.printed() if any(_emends(one) for one in (e, *self.found.within(e)))
        ]

    def is_marked(self, entry: Emendation) -> bool:
        """Return whether the text marks an entry: conjectures, and corrected slips."""
        return (
            entry.cert != "high"
            or (_emends(entry) if entry.several else not BY_NAME[entry.kind].misreading)
            or bool(self.found.within(entry))
        )

    def code(self, entry: Emendation, *, own: bool = True) -> str:
        """Return the call that typesets an entry of a list. ``own``: the text links to this copy of it."""
        said = self._said(entry)
        shown = [said.pop(name) for name in ("place", "id", "lemma", "readings")]
        return call("entry", entry.page, *shown, **said, **({} if own else {"own": False}))

    def at_foot(
        self, entry: Emendation, place: str | None, *, again: bool = False
    ) -> dict[str, object]:
        """Return an entry for ``foot.typ``.

        :param place: the printed place; None: the line of the printed page
        :param again: the entry before it in its series has the same place
        """
        until = f"{entry.xml_id}-end" if entry.end is not None else None
        said: dict[str, object] = {
            "series": series(entry),
            "again": again and place is not None,
            "until": until,
        }
        said |= {**self._said(entry), "place": place}
        if any(one.resp == UNREVIEWED for one in (entry, *self.found.within(entry))):
            said |= {
                "remark": self._remark(entry, frozenset({UNREVIEWED})) or None,
                "mark": PROPOSED,
            }
        return said

    def in_series(self) -> Iterator[tuple[Emendation, bool]]:
        """Yield the printed entries in reading order, and whether the previous one in their series
        has the same place."""
        last: dict[int, str] = {}
        for entry in self.printed():
            number, place = series(entry), entry.span
            yield entry, last.get(number) == place
            last[number] = place

    def _said(self, entry: Emendation) -> dict[str, object]:
        """Return the printed fields of an entry, named as in the Typst functions."""
        beside = entry.neighbours
        text = collapse_space(entry.text_of(self.layer)).removesuffix(entry.note)
        lemma = _shown(_isolated(beside.prefix + _short(text)), entry.note)
        before = None
        if not entry.note and not text:
            before, words = terms.lemma_words(entry, self.layer)
            lemma = _isolated(words)
        return {
            "place": entry.span,
            "id": entry.xml_id,
            "lemma": lemma,
            "readings": [(self._reading(entry, r), _siglum(r)) for r in self._readings(entry)],
            "remark": self._remark(entry) or None,
            "before": before,
        }

    def _readings(self, entry: Emendation) -> Iterator[Reading]:
        """Yield the readings that differ from the printed lemma."""
        if collapse_space(entry.text_of(self.layer)) != collapse_space(entry.lemma):
            yield Reading((EDITED,), entry.lemma)
        yield from (r for r in entry.readings if self.layer not in r.sigla)

    def _reading(self, entry: Emendation, reading: Reading) -> object:
        """Return a reading or its substitute; if only a space differs, make the space visible."""
        said = empty_reading_words(entry, reading)
        if said:
            return _emph(said)
        prefix, text = entry.neighbours.prefix, reading.text
        if reading.pieces:
            return TypstCode(
                " + ".join([string(prefix), *self._typeset(reading.pieces, first=not prefix)])
            )
        if RESTORED in reading.sigla or EDITED in reading.sigla:
            return _isolated(collapse_space(prefix + text))
        if not prefix and not any(c.isalnum() for c in text):
            text = text.replace(" ", "␣")
        return _isolated(self.coded(collapse_space(prefix + text)))

    def _typeset(self, pieces: Pieces, *, first: bool = False) -> Iterator[str]:
        """Yield the pieces of a reading as Typst expressions: its typography, and signs for changes
        in the witness."""
        for n, one in enumerate(pieces):
            if isinstance(one, str):
                yield self._letters(one, first=first and not n)
                continue
            row = one.row
            if (
                row.typst
                and plain((one,)) == plain(one.content)
                and not row.register
                and not _lang(one)
            ):
                yield f"{row.typst}({' + '.join(self._typeset(one.content))})"
            else:
                yield self._letters(plain((one,)), first=first and not n)

    def _letters(self, words: str, *, first: bool) -> str:
        """Return letters of a reading as a string literal; the first ones include the entry's own space."""
        words = _SPACES.sub(" ", words)
        return string(_isolated(self.coded(words.lstrip() if first else words)))

    def _remark(self, entry: Emendation, without: frozenset[str] = frozenset()) -> str:
        """Return certainty (unless high), responsibility (unless the editors', or of ``without``) and reason."""
        said: list[str] = []
        for one in (entry, *self.found.within(entry)):
            said += _did(one)
            said.append(terms.certainty(one.cert) if one.cert != "high" else "")
            said.append(
                terms.responsible_words(one.resp) if one.resp not in {"ed", *without} else ""
            )
            said.append(one.why)
            if one is not entry and BY_NAME[one.kind].read_by("E") is Reads.SIGN:
                said.append(f"{GAP_TEXT} = {terms.extent(*one.extent)}")
        return "; ".join(dict.fromkeys(s for s in said if s))


def apparatus_explanation(
    text: Text,
    layer: str,
    left_out: int,
    coded: Callable[[str], str] = str,
    *,
    by_page: bool = False,
    marks: str = "",
) -> str:
    """Explain the apparatus of a text to readers.

    :param layer: the layer of the printed text
    :param left_out: the number of entries that are folded away
    :param coded: writes a witness's reading in printable letters
    :param by_page: entries cite the lines of the printed page
    :param marks: the meaning of the signs in readings
    """
    said = _(
        "The readings of this book that replace those of the witness ({}) or of the text restored from "
        "it (T), by page and line of the original."
    ).format(text.siglum)
    if layer == "T":
        said = _(
            "The readings of the witness ({}) and the corrections of the edited text (E), by page and line of the "
            "original."
        ).format(text.siglum)
    if by_page:
        said = _(
            "The readings of this book that replace those of the witness ({}) or of the text restored from "
            "it (T)."
        ).format(text.siglum)
    if text.several:
        several = _(
            "The readings of the witnesses, by page and line: {}. A witness that is not named agrees with "
            "the text."
        )
        if by_page:
            several = _(
                "The readings of the witnesses: {}. A witness that is not named agrees with the text."
            )
        said = several.format(enumerated([w.label for w in text.witnesses]))
    if by_page:
        said += " " + _(
            "Entries give the line of the page; every fifth line has its number in the margin."
        )
    if marks:
        said += " " + coded(_("In readings: {}").format(marks)) + "."
    if left_out:
        omitted = _("Omitted, unless there is more to say about them: {} ({}).")
        said += " " + omitted.format(terms.counted("glyph", left_out), coded(glyph_pairs(text)))
    return said


def _did(entry: Emendation) -> list[str]:
    """Return a change in the source, in words: ``deletion, hand: Anna``."""
    row = BY_NAME[entry.kind]
    particulars = terms.value_words(entry.said)
    return (
        [terms.singular(entry.type, entry.cert), *particulars]
        if row.values and row.revised
        else particulars
    )


def _siglum(reading: Reading) -> str:
    """Return the sigla of a reading, with the remarks on it alone."""
    said = ", ".join(remarks(reading)) if reading.type else ""
    return f"{reading.siglum} ({said})" if said else reading.siglum


def _emends(entry: Emendation) -> bool:
    """Return whether the edited text departs from the restored original."""
    if entry.kind == LACUNA_ROLE:
        return False
    if entry.several:
        return not entry.sigla
    return not BY_NAME[entry.kind].misreading


def series(entry: Emendation) -> int:
    """Return the number of the series at the foot of the page to which an entry belongs."""
    return SERIES.index(
        "variants"
        if entry.kind == LACUNA_ROLE or (entry.several and entry.sigla)
        else "emendations"
    )


def _isolated(words: str) -> str:
    """Return ``words`` between U+2068 and U+2069 if they run in another direction than the text around them."""
    return f"\u2068{words}\u2069" if runs_otherwise(words, text_direction()) else words


def _lang(one: ReadingMark) -> str:
    return one.row.lang or dict(one.values).get("xml:lang", "")


def _short(text: str) -> str:
    words = text.split()
    return text if len(words) <= _LONG else f"{' '.join(words[:2])} … {words[-1]}"


def _shown(text: str, number: str) -> object:
    """Return a lemma; an entry about a note number says so."""
    if not number:
        return text
    note = _emph(_("note {}").format(number))
    return TypstCode(f"{string(text)} + [ ] + {note.source}") if text else note


def _emph(text: str) -> TypstCode:
    return TypstCode(f"emph({string(text)})")
