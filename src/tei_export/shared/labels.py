"""What the pages say in words: kinds of difference, certainty, reading state, ranges.

Every interface string of the Python side passes through ``_`` (catalogue ``tei_export``),
so that another language is a catalogue and not a change here.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tei_export.i18n.formats import _ as _
from tei_export.i18n.formats import count as count
from tei_export.i18n.formats import foreign as foreign
from tei_export.i18n.formats import language as language
from tei_export.i18n.formats import letter as letter
from tei_export.i18n.formats import number as number
from tei_export.i18n.formats import span as span
from tei_export.i18n.formats import status as status
from tei_export.model.tables import doubts as open_doubts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tei_export.model.edition import Edition, Text
    from tei_export.source.facts import Emendation, Facts

#: Typewriter marks: too many and too small to be marked in the edited text.
UNMARKED = frozenset({"glyph"})


#: Words that a practised reader reads in a minute.
_PER_MINUTE = 230


def esc(text: object) -> str:
    """``text`` for HTML content and double-quoted attributes."""
    return escape(str(text), quote=False).replace('"', "&quot;")


def own(edition: Edition) -> str:
    """The attribute ``lang`` of what is the edition's own text, inside what is the interface's;
    nothing where both are of one language."""
    tag = foreign(str(edition.record.get("language") or ""))
    return f' lang="{esc(tag)}"' if tag else ""


def ours(edition: Edition) -> str:
    """The attribute ``lang`` of the interface's words, inside the edition's own text."""
    return f' lang="{language()}"' if own(edition) else ""


def witness(text: Text) -> str:
    """What readers call the witness: a text without pages was not read by a machine."""
    return _("the OCR text") if text.witness.pages else _("the text as received")


def text_name(text: Text) -> str:
    """What a filter calls a text: its kind, or its title."""
    name = str(text.data.get("kind") or text.title)
    return name[:1].upper() + name[1:]


def kind(entry: Emendation, source: str) -> str:
    """What an apparatus entry records, in words; ``source`` is the witness's name."""
    return {
        "substitution": _("misread by the machine"),
        "segmentation": _("wrongly divided or joined by the machine"),
        "glyph": _("mark misread by the machine"),
        "number": _("figure misread by the machine"),
        "noise": _("dirt taken for text by the machine"),
        "script": _("Cyrillic taken for Latin by the machine"),
        "displacement": _("displaced in {}").format(source),
        "loss": _("lost in {}").format(source),
        "sic": _("slip of the author or typist, corrected"),
        "supplied": _("not in {}, conjectured").format(source),
        "gap": _("loss that cannot be filled"),
        "unclear": _("doubtful reading"),
    }.get(entry.type, entry.type)


def certainty(entry: Emendation) -> str:
    return {
        "high": _("certain"),
        "medium": _("probable"),
        "low": _("doubtful"),
    }.get(entry.cert, entry.cert)


def who(entry: Emendation) -> str:
    return _("by a program, not reviewed") if entry.resp == "auto" else _("the editors")


def register(name: str) -> str:
    """The title of a register's page."""
    return {
        "persons": _("Persons"),
        "places": _("Places"),
        "organisations": _("Organisations"),
        "events": _("Events"),
        "works": _("Works"),
    }.get(name, name.capitalize())


def index_of(name: str) -> str:
    """The title of a register in a book."""
    return {
        "persons": _("Index of persons"),
        "places": _("Index of places"),
        "organisations": _("Index of organisations"),
        "events": _("Index of events"),
        "works": _("Index of works"),
    }.get(name, name.capitalize())


def index() -> str:
    """The title of the index of all registers."""
    return _("Index of names")


def pages(labels: Sequence[str]) -> str:
    """``pp. vii–xi``, ``p. 3``."""
    if not labels:
        return ""
    return f"{_('p.') if len(labels) == 1 else _('pp.')} {span(labels)}"


def reading_state(text: Text, labels: Sequence[str]) -> str:
    """How often the ledger says that these pages were read: ``read once``; where that
    differs, each run of pages for itself."""
    if not text.ledger or not labels:
        return ""
    labels = [p for p in labels if p not in lost(text, labels)]
    runs: list[tuple[int, list[str]]] = []
    for label in labels:
        times = _number(text.ledger.get(label, {}), "readings")
        if runs and runs[-1][0] == times:
            runs[-1][1].append(label)
        else:
            runs.append((times, [label]))
    if len(runs) == 1:
        return _times(runs[0][0])
    return ", ".join(f"{pages(labels)} {_times(times)}" for times, labels in runs)


def lost(text: Text, labels: Sequence[str]) -> list[str]:
    """Pages that the page table lists without a line of the witness."""
    return [p for p in labels if p in text.witness.pages and text.witness.pages[p].lost]


def doubts(text: Text, labels: Sequence[str]) -> int:
    """The number of doubts that the ledger still has open on these pages."""
    return sum(len(open_doubts(text.ledger.get(label, {}))) for label in labels)


def _times(number: int) -> str:
    return {0: _("not read yet"), 1: _("read once"), 2: _("read twice")}.get(
        number, _("read {} times").format(number)
    )


def _number(row: Mapping[str, str], column: str) -> int:
    value = (row.get(column) or "").strip()
    return int(value) if value.isdecimal() else 0


def head_facts(text: Text, facts: Facts) -> list[str]:
    """What stands under a chapter's title: pages, reading state, length."""
    words = _("about {} words").format(number(round(facts.words, -2))) if facts.words > 150 else ""
    minutes = round(facts.words / _PER_MINUTE)
    time = count(minutes, _("minute"), _("minutes")) if minutes else ""
    missing = lost(text, facts.pages)
    still_open = doubts(text, facts.pages)
    return [
        item
        for item in (
            pages(facts.pages),
            f"{pages(missing)} {_('lost')}" if missing else "",
            reading_state(text, facts.pages),
            count(still_open, _("open doubt"), _("open doubts")) if still_open else "",
            words,
            time,
        )
        if item
    ]
