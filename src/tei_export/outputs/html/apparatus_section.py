"""The apparatus at the end of a chapter, in the classical form ``17.12 lemma] reading O``.

Entries are sorted by page and line; small ones (:func:`tei_export.model.apparatus.is_small`) form a
folded group at the end of each page. The scripts show the same entries as popovers, so every entry
is self-contained.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.i18n.formats import enumerated
from tei_export.model.apparatus import CERTAIN, EDITORS
from tei_export.model.places import Place
from tei_export.shared.apparatus import (
    Apparatus,
    empty_reading_words,
    folding_rule,
    of_part,
    remarks,
)
from tei_export.shared.elements import EMPTY, Attributes, element, join, on_line
from tei_export.shared.labels import _, count, doubts, isolated, original, text_direction, witness
from tei_export.shared.reading_marks import marked, signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from markupsafe import Markup

    from tei_export.model.apparatus import Emendation, Reading
    from tei_export.model.edition import Text
    from tei_export.source.facts import Facts


@dataclass(frozen=True, slots=True)
class Languages:
    """The attributes ``lang`` and ``dir`` of the text, of the interface inside it, and of the edition's
    own words, where these differ."""

    text: Attributes = field(default_factory=dict)
    interface: Attributes = field(default_factory=dict)
    edition: Attributes = field(default_factory=dict)


#: A longer list (in bytes) gets a page of its own, which the chapter links to: no page exceeds 300
#: kB.
LONG = 100_000
#: The minimum number of letters in a line of the list on a phone. From it the style sheet
#: (``far.css``) estimates the height of a list that is not laid out yet; an estimate too low would
#: make the list overlap the text below, for programs that ask for positions.
PHONE_LINE = 40


def list_entries(facts: Facts, text: Text, languages: Languages) -> Markup:
    """Return the entries of a part, page by page."""
    part_apparatus = of_part(facts)
    doubtful = dict(doubts(text, facts.pages))
    reader = _Reader(text, languages, _usual(part_apparatus, text))
    return join(
        _page(page, entries, doubtful.get(page, []), reader)
        for page, entries in _by_page(part_apparatus, facts, doubtful)
    )


def apparatus(facts: Facts, text: Text, languages: Languages, pages: Markup) -> Markup:
    """Return the section; empty for a part without entries.

    :param pages: the entries (:func:`list_entries`), or the link to their page
    """
    part_apparatus = of_part(facts)
    if not len(part_apparatus):
        return EMPTY
    usual = _usual(part_apparatus, text)
    return on_line(
        element(
            "section",
            element("h2", _("Apparatus"), id="apparatus-head"),
            element("p", _lead(part_apparatus, text, usual), class_="lead"),
            pages,
            class_="apparatus",
            id="apparatus",
            aria_labelledby="apparatus-head",
            data_witness=f"{witness(text)} ({text.siglum})",
            data_who=terms.responsible_words(usual),
            data_cert=terms.certainty(CERTAIN),
            **languages.interface,
        )
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """The context of all entries in a section. ``usual``: who judged, unless an entry states otherwise."""

    text: Text
    languages: Languages
    usual: str


def _usual(entries: Apparatus, text: Text) -> str:
    """Return who judged most entries of a text with several witnesses; stated once above the list,
    not in every entry."""
    judges = Counter(e.resp for e in entries.entries) if text.several else Counter()
    return max(judges, key=lambda who: (judges[who], who == EDITORS), default=EDITORS)


def _lead(entries: Apparatus, text: Text, usual: str) -> str:
    """Return the introduction to the entries: what they are, their number, what they omit."""
    said = _("Every place where this edition differs from {} ({}), its only witness").format(
        witness(text), text.siglum
    )
    if text.several:
        said = _several(text)
    elif text.witness.pages:
        said += _(", or from the text {} as restored from it (T)").format(original(text).of)
    said += f": {count(len(entries), _('entry'), _('entries'))}"
    if entries.folded:
        said += ", " + _("including {}").format(terms.counted("glyph", len(entries.folded)))
        said += f". {folding_rule(text)}"
    if told := signs(entries.entries):
        said += ". " + _("In readings: {}").format(told)
    if usual != EDITORS:
        said += ". " + _("Unless an entry says otherwise, it was made {}").format(
            terms.responsible_words(usual)
        )
        return f"{said}."
    return f"{said}. " + _(
        "Unless an entry says otherwise, the reading is certain and the editors judged it."
    )


def _several(text: Text) -> str:
    """Name the witnesses, and say that unnamed ones agree."""
    named = enumerated([w.label for w in text.witnesses])
    return _(
        "Every place where a witness differs from this edition. The witnesses are {}. A witness that is "
        "not named agrees"
    ).format(named)


def _by_page(
    entries: Apparatus, facts: Facts, doubtful: Mapping[str, list[str]]
) -> Iterator[tuple[str, Apparatus]]:
    """Yield the entries of every page with entries or doubts, in order."""
    by_page = dict(entries.pages())
    for page in facts.pages or by_page:
        if page in by_page or page in doubtful:
            yield page, by_page.get(page, Apparatus(()))


def _page(page: str, entries: Apparatus, doubts: Sequence[str], reader: _Reader) -> Markup:
    head = doubtful = folded = EMPTY
    if page:
        link = element("a", _("Page {}").format(page), href=f"#{Place(page).anchor}")
        head = on_line(element("h3", link))
    if doubts:
        words = element("i", "; ".join(doubts), **reader.languages.edition)
        doubtful = element("p", _("Open doubts"), ": ", words, class_="doubts")
    if entries.folded:
        label = element("summary", terms.counted("glyph", len(entries.folded)))
        folded = element("details", label, element("ul", *_items(entries.folded, reader)))
    shown = _items(entries.shown, reader)
    lines = sum(1 + len(item.striptags()) // PHONE_LINE for item in shown)
    listed = element("ul", *shown, style=f"--n:{lines}") if shown else EMPTY
    return on_line(head, doubtful, listed, folded)


def _items(entries: Iterable[Emendation], reader: _Reader) -> list[Markup]:
    return [_entry(e, reader) for e in entries]


def _entry(entry: Emendation, reader: _Reader) -> Markup:
    """Return one entry. It states only what is unusual: in a long list every word counts.

    The popover relies on its elements: ``b`` for the lemma, ``span`` for each reading with its
    sigla in ``i`` and a remark in ``small`` (class ``of``); at the end ``small`` for kind, certainty (class ``cert``),
    responsibility (class ``who``) and reason. Of several witnesses: ``class="one"``: the entry is no variant;
    ``data-lost``: the witnesses lost there; all other unnamed ones agree.
    """
    languages = reader.languages
    place = element("a", entry.span, href=f"#{entry.xml_id}")
    beside, words = terms.lemma_words(entry)
    where = element("em", beside, **languages.interface) if beside else EMPTY
    lemma = element(
        "b",
        where,
        " " if beside and words else "",
        words,
        class_=_padded(entry, words),
        **_language(entry, words, languages),
    )
    readings = join(
        (
            join((_reading(entry, r, languages), " ", element("i", r.siglum), _remarks(entry, r)))
            for r in entry.readings
        ),
        "; ",
    )
    said = list(_said(entry, reader))
    remark = join((" ", element("small", "(", *said, ")"))) if said else EMPTY
    content = (place, " ", lemma, "] ", _agreeing(entry, reader.text), readings, remark)
    several = reader.text.several
    kind_of = (
        "spelling" if entry.only_spelling else "one" if several and not entry.several else None
    )
    lost = " ".join(_lost(entry, reader.text)) if entry.several else None
    return element("li", *content, id=f"entry-{entry.xml_id}", class_=kind_of, data_lost=lost)


def _said(entry: Emendation, reader: _Reader) -> Iterator[object]:
    """Yield the remarks on an entry as a whole, with separators."""
    kind = [] if entry.several else [terms.singular(entry.type, entry.cert)]
    between = ""
    if kind := [*kind, *terms.value_words(entry.said)]:
        yield join((element("i", words) for words in kind), ", ")
        between = "; "
    if entry.cert != CERTAIN:
        yield from (between, element("i", terms.certainty(entry.cert), class_="cert"))
        between = ", "
    if entry.resp != reader.usual:
        yield from (
            between and ", ",
            element("i", terms.responsible_words(entry.resp), class_="who"),
        )
        between = ", "
    if entry.why:
        yield from (
            between and ": ",
            element("i", entry.why, class_="why", **reader.languages.edition),
        )


def _lost(entry: Emendation, text: Text) -> list[str]:
    """Return the witnesses that have neither the lemma nor a reading: they are lost there."""
    there = {*entry.sigla, *(siglum for r in entry.readings for siglum in r.sigla)}
    return [w.siglum for w in text.witnesses if w.cited and w.siglum not in there]


def _agreeing(entry: Emendation, text: Text) -> Markup:
    """Return the witnesses that agree with the lemma, or for an emendation the remark that none does.

    Empty unless the record asks for a positive apparatus; then a script adds them on request.
    """
    if not entry.several or not text.positive:
        return EMPTY
    return element("i", " ".join(entry.sigla) or _("editors"), "; ", class_="agree")


def _remarks(entry: Emendation, reading: Reading) -> Markup:
    """Return the remarks on one reading among several witnesses, without those that its words imply
    (*omitted*)."""
    obvious = empty_reading_words(entry, reading) or not entry.lemma.strip()
    kind = "" if obvious else terms.variant_class(reading.type)
    said = ", ".join(words for words in (kind, *remarks(reading)) if words)
    return join((" ", element("small", "(", said, ")", class_="of"))) if said else EMPTY


def _reading(entry: Emendation, reading: Reading, languages: Languages) -> Markup:
    said = empty_reading_words(entry, reading)
    if said:
        return element("span", element("em", said))
    words = marked(reading.pieces) if reading.pieces else reading.text
    padded = _padded(entry, reading.text)
    return element("span", words, class_=padded, **_language(entry, reading.text, languages))


def _padded(entry: Emendation, words: str) -> str | None:
    """Return the class of words with a leading space that is no difference: an addition includes
    the space before it."""
    return "padded" if entry.several and words[:1].isspace() else None


def _language(entry: Emendation, words: str, languages: Languages) -> Attributes:
    return languages.text or isolated(words, entry.lang, text_direction())
