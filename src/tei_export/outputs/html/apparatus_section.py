"""The apparatus at the end of a chapter, in the classical form ``17.12 lemma] reading O``.

Entries are sorted by page and line; small ones (:func:`tei_export.model.apparatus.is_small`) form a
folded group at the end of each page. The scripts show the same entries as popovers, so every entry
is self-contained.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.i18n.formats import enumerated
from tei_export.model.apparatus import CERTAIN, EDITORS
from tei_export.model.places import Place
from tei_export.shared.apparatus import Apparatus, nothing, of_part, remarks, rule
from tei_export.shared.elements import EMPTY, Attributes, element, join, on_line
from tei_export.shared.labels import _, count, doubts, isolated, original, way, witness

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


def apparatus(facts: Facts, text: Text, languages: Languages) -> Markup:
    """The section, or nothing for a part without entries."""
    part_apparatus = of_part(facts)
    if not len(part_apparatus):
        return EMPTY
    doubtful = dict(doubts(text, facts.pages))
    pages = join(
        _page(page, entries, doubtful.get(page, []), languages)
        for page, entries in _by_page(part_apparatus, facts, doubtful)
    )
    return on_line(
        element(
            "section", element("h2", _("Apparatus"), id="apparatus-head"),
            element("p", _lead(part_apparatus, text), class_="lead"), pages,
            class_="apparatus", id="apparatus", aria_labelledby="apparatus-head",
            data_witness=f"{witness(text)} ({text.siglum})", data_who=terms.who(EDITORS),
            data_cert=terms.certainty(CERTAIN), **languages.interface,
        )
    )  # fmt: skip


def _lead(entries: Apparatus, text: Text) -> str:
    """What the entries are, how many there are, and what they leave out."""
    said = _(
        "Every place where this edition reads something else than {} ({}), its only witness"
    ).format(witness(text), text.siglum)
    if text.several:
        said = _several(text)
    elif text.witness.pages:
        said += _(", or than the text {} as restored from it (T)").format(original(text).of)
    said += f": {count(len(entries), _('entry'), _('entries'))}"
    if entries.folded:
        said += ", " + _("of them {}").format(terms.counted("glyph", len(entries.folded)))
        said += f". {rule(text)}"
    return f"{said}. " + _(
        "Where an entry says no more, the reading is certain, and the editors judged."
    )


def _several(text: Text) -> str:
    """Name the witnesses and say that who is not named agrees."""
    named = enumerated([w.shown for w in text.witnesses])
    return _(
        "Every place where a witness reads something else than this edition. The witnesses are {}. Who is not named agrees"
    ).format(named)


def _by_page(
    entries: Apparatus, facts: Facts, doubtful: Mapping[str, list[str]]
) -> Iterator[tuple[str, Apparatus]]:
    """Yield the entries of every page with entries or doubts, in order."""
    by_page = dict(entries.pages())
    for page in facts.pages or by_page:
        if page in by_page or page in doubtful:
            yield page, by_page.get(page, Apparatus(()))


def _page(page: str, entries: Apparatus, doubts: Sequence[str], languages: Languages) -> Markup:
    head = doubtful = folded = EMPTY
    if page:
        link = element("a", _("Page {}").format(page), href=f"#{Place(page).anchor}")
        head = on_line(element("h3", link))
    if doubts:
        words = element("i", "; ".join(doubts), **languages.edition)
        doubtful = element("p", _("Open doubts"), ": ", words, class_="doubts")
    if entries.folded:
        label = element("summary", terms.counted("glyph", len(entries.folded)))
        folded = element("details", label, _list(entries.folded, languages))
    return on_line(head, doubtful, _list(entries.shown, languages), folded)


def _list(entries: Iterable[Emendation], languages: Languages) -> Markup:
    items = join((_entry(e, languages) for e in entries), "\n")
    return element("ul", items) if items else EMPTY


def _entry(entry: Emendation, languages: Languages) -> Markup:
    """Return one entry.

    The popover relies on its elements: ``b`` for the lemma, ``span`` for each reading with its
    sigla in ``i``, ``small`` for kind, certainty (class ``cert``, where it is not certain), responsibility
    (class ``who``, where it is not the editors') and reason.
    """
    place = element("a", entry.span, href=f"#{entry.xml_id}")
    lemma = element("b", element("em", _("nothing")))
    if entry.lemma.strip():
        lemma = element("b", entry.lemma, **_language(entry, entry.lemma, languages))
    readings = join(
        (
            join((_reading(entry, r, languages), " ", element("i", r.siglum), _remarks(r)))
            for r in entry.readings
        ),
        "; ",
    )
    kind = [terms.one_of(entry.type), *terms.particulars(entry.said)]
    said: list[object] = [join((element("i", words) for words in kind), ", ")]
    if entry.cert != CERTAIN:
        said += ["; ", element("i", terms.certainty(entry.cert), class_="cert")]
    if entry.resp != EDITORS:
        said += [", ", element("i", terms.who(entry.resp), class_="who")]
    if entry.why:
        said += [": ", element("i", entry.why, **languages.edition)]
    remark = element("small", "(", *said, ")")
    content = (place, " ", lemma, "] ", _agreeing(entry), readings, " ", remark)
    kind_of = "spelling" if entry.only_spelling else None
    return element("li", *content, id=f"entry-{entry.xml_id}", class_=kind_of)


def _agreeing(entry: Emendation) -> Markup:
    """Return the witnesses that agree with the lemma, which a positive apparatus shows; of an emendation, that none does."""
    if not entry.several:
        return EMPTY
    return element("i", " ".join(entry.sigla) or _("editors"), "; ", class_="agree", hidden=True)


def _remarks(reading: Reading) -> Markup:
    """Return what is said of one reading among several witnesses."""
    said = ", ".join(
        words for words in (terms.variant_class(reading.type), *remarks(reading)) if words
    )
    return join((" ", element("small", "(", said, ")", class_="of"))) if said else EMPTY


def _reading(entry: Emendation, reading: Reading, languages: Languages) -> Markup:
    said = nothing(entry, reading)
    if said:
        return element("span", element("em", said))
    return element("span", reading.text, **_language(entry, reading.text, languages))


def _language(entry: Emendation, words: str, languages: Languages) -> Attributes:
    return languages.text or isolated(words, entry.lang, way())
