"""Words for the pages: names, reading state, open doubts, ranges.

Every interface string of the Python side passes through ``_`` (catalogue ``tei_export``), so that a
new language needs a catalogue and no change here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.i18n.formats import _ as _
from tei_export.i18n.formats import count as count
from tei_export.i18n.formats import day, enumerated
from tei_export.i18n.formats import foreign as foreign
from tei_export.i18n.formats import language as language
from tei_export.i18n.formats import letter as letter
from tei_export.i18n.formats import number as number
from tei_export.i18n.formats import span as span
from tei_export.i18n.formats import status as status
from tei_export.i18n.formats import text_direction as text_direction
from tei_export.i18n.terms import index_of as index_of
from tei_export.i18n.terms import register as register
from tei_export.model.csv_tables import doubts as open_doubts
from tei_export.model.languages import direction, runs_otherwise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docutils import nodes

    from tei_export.model.edition import Edition, Text
    from tei_export.shared.elements import Attributes
    from tei_export.source.facts import Facts

#: The number of words that a practised reader reads in a minute.
_PER_MINUTE = 230


def text_lang_attr(edition: Edition, text: Text | None = None) -> Attributes:
    """Return ``lang`` and ``dir`` for the edition's own words (those of ``text``, if given) within the interface.

    Empty if both have the same language.
    """
    tag = foreign(tag_of(edition, text))
    return {"lang": tag, **turned(tag, text_direction())} if tag else {}


def ui_lang_attr(edition: Edition, text: Text | None = None) -> Attributes:
    """Return ``lang`` and ``dir`` for words of the interface within the edition's own text."""
    tag = tag_of(edition, text)
    return {"lang": language(), **turned(language(), direction(tag))} if foreign(tag) else {}


def tag_of(edition: Edition, text: Text | None = None) -> str:
    """Return the language tag of ``text``; without a text, that of the edition."""
    return (text.language if text else "") or str(edition.record.get("language") or "")


def turned(tag: str, outer: str) -> Attributes:
    """Return ``dir`` for text in the language ``tag`` within text that runs ``outer``; empty if both run alike."""
    return {} if direction(tag) == outer else {"dir": direction(tag)}


def isolated(words: str, tag: str, outer: str) -> Attributes:
    """Return ``dir`` for ``words`` in the language ``tag`` (empty: unknown) within text that runs ``outer``.

    Without it, letters of the other direction would change places with the text beside them.
    """
    if tag and direction(tag) != outer:
        return {"dir": direction(tag)}
    return {"dir": "auto"} if runs_otherwise(words, outer) else {}


def witness(text: Text) -> str:
    """Return the name of the witness of ``text`` for readers."""
    return terms.witness(text.origin)


def original(text: Text) -> terms.Original:
    """Return the words for the source of ``text``."""
    return terms.original(text.medium)


def originals(edition: Edition) -> terms.Original:
    """Return the words for the sources of all texts with pages (of all texts, if none has pages)."""
    texts = [text for text in edition.texts.values() if text.witness.pages] or [
        *edition.texts.values()
    ]
    media = {text.medium for text in texts}
    return terms.original(media.pop() if len(media) == 1 else "")


def text_name(text: Text) -> str:
    """Return the name of a text in a filter: its kind, or its title."""
    name = str(text.data.get("kind") or text.title)
    return name[:1].upper() + name[1:]


def index() -> str:
    """Return the title of the index of all registers."""
    return _("Index of names")


def pages(labels: Sequence[str]) -> str:
    """Format a run of pages: ``pp. vii–xi``, ``p. 3``."""
    if not labels:
        return ""
    return f"{_('p.') if len(labels) == 1 else _('pp.')} {span(labels)}"


def reading_state(text: Text, labels: Sequence[str]) -> str:
    """Return the reading state of these pages by the ledger: ``read once``.

    If the state differs between pages, describe each run of pages separately.
    """
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


def reading_detail(text: Text, labels: Sequence[str]) -> str:
    """Return against what, by whom and when these pages were read last: ``against O, last on 22 November 2026``;
    empty if the ledger records no reading."""
    gone = lost(text, labels)
    rows = [text.ledger.get(p, {}) for p in labels if p not in gone]
    rows = [row for row in rows if _number(row, "readings")]
    if not rows:
        return ""
    last = date.fromisoformat(max((row.get("last_read") or "").strip() for row in rows))
    readers = dict.fromkeys((row.get("read_by") or "").strip() for row in rows)
    named = [who for who in readers if who] + ([_("unnamed readers")] if "" in readers else [])
    said = [_("against {}").format(text.siglum), _("last on {}").format(day(last))]
    return ", ".join([*said, _("by {}").format(enumerated(named))])


def reading_status(text: Text, labels: Sequence[str]) -> str:
    """Return how often, against what, when and by whom these pages were read, or that nothing is recorded of it."""
    said = (reading_state(text, labels), reading_detail(text, labels))
    return ", ".join(filter(None, said)) or _("no proofreading is recorded")


def lost(text: Text, labels: Sequence[str]) -> list[str]:
    """Return the pages that the page table lists without a line of the witness."""
    return [p for p in labels if p in text.witness.pages and text.witness.pages[p].lost]


def doubts(text: Text, labels: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the pages of ``labels`` with doubts still open, and the doubts in the ledger's words.

    Lost pages have no doubts.
    """
    gone = lost(text, labels)
    listed = [
        (label, open_doubts(text.ledger.get(label, {}))) for label in labels if label not in gone
    ]
    return [(label, list(words)) for label, words in listed if words]


def count_doubts(text: Text, labels: Sequence[str]) -> str:
    """Return ``3 open doubts``; empty for none."""
    number = sum(len(words) for _label, words in doubts(text, labels))
    return count(number, _("open doubt"), _("open doubts")) if number else ""


def _times(number: int) -> str:
    return {0: _("not proofread yet"), 1: _("read once"), 2: _("read twice")}.get(
        number, _("read {} times").format(number)
    )


def _number(row: Mapping[str, str], column: str) -> int:
    value = (row.get(column) or "").strip()
    return int(value) if value.isdecimal() else 0


def head_facts(text: Text, facts: Facts) -> list[str]:
    """Return the facts below a chapter's title: pages, reading state, length.

    :func:`count_doubts` adds the open doubts.
    """
    words = _("about {} words").format(number(round(facts.words, -2))) if facts.words > 150 else ""
    minutes = round(facts.words / _PER_MINUTE)
    time = count(minutes, _("minute"), _("minutes")) if minutes else ""
    missing = lost(text, facts.pages)
    return [
        item
        for item in (
            pages(facts.pages),
            f"{pages(missing)} {_('lost')}" if missing else "",
            reading_state(text, facts.pages) or _("no proofreading is recorded"),
            reading_detail(text, facts.pages),
            words,
            time,
        )
        if item
    ]


def back_to_text(note: nodes.Element) -> str:
    """Return the name of the link from an author's note to its place in the text."""
    if note["label"]:
        return _("note {}, back to the text").format(note["label"])
    return _("note in the margin, back to the text")
