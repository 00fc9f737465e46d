"""The apparatus at the end of a chapter, in the classical form ``17.12 lemma] reading O``.

Entries are sorted by page and line; small ones (:func:`tei_export.model.apparatus.is_small`) form a
folded group at the end of each page. The scripts show the same entries as popovers, so every entry
is self-contained.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.model.apparatus import EDITORS
from tei_export.model.places import Place
from tei_export.shared.apparatus import Apparatus, nothing, of_part, rule
from tei_export.shared.labels import _, count, doubts, esc, isolated, original, way, witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tei_export.model.apparatus import Emendation, Reading
    from tei_export.model.edition import Text
    from tei_export.source.facts import Facts


@dataclass(frozen=True, slots=True)
class Languages:
    """The attributes ``lang`` and ``dir`` of the text, of the interface inside it, and of the edition's
    own words, where these differ."""

    text: str = ""
    interface: str = ""
    edition: str = ""


def apparatus(facts: Facts, text: Text, languages: Languages) -> str:
    """The section, or nothing for a part without entries."""
    part_apparatus = of_part(facts)
    if not len(part_apparatus):
        return ""
    doubtful = dict(doubts(text, facts.pages))
    pages = "".join(
        _page(page, entries, doubtful.get(page, []), languages)
        for page, entries in _by_page(part_apparatus, facts, doubtful)
    )
    lead = _(
        "Every place where this edition reads something else than {} ({}), its only witness"
    ).format(witness(text), text.siglum)
    typed = (
        _(", or than the text {} as restored from it (T)").format(original(text).of)
        if text.witness.pages
        else ""
    )
    total = count(len(part_apparatus), _("entry"), _("entries"))
    judged = _("Where an entry names nobody, the editors judged.")
    small = ""
    if part_apparatus.folded:
        total += ", " + _("of them {}").format(terms.counted("glyph", len(part_apparatus.folded)))
        small = f" {esc(rule(text))}."
    return (
        '<section class="apparatus" id="apparatus" aria-labelledby="apparatus-head" '
        f'data-witness="{esc(witness(text))} ({esc(text.siglum)})" data-who="{esc(terms.who(EDITORS))}"{languages.interface}>'
        f'<h2 id="apparatus-head">{_("Apparatus")}</h2>'
        f'<p class="lead">{esc(lead)}{typed}: {total}.{small} {esc(judged)}</p>{pages}</section>\n'
    )


def _by_page(
    entries: Apparatus, facts: Facts, doubtful: Mapping[str, list[str]]
) -> Iterator[tuple[str, Apparatus]]:
    """Yield the entries of every page with entries or doubts, in order."""
    by_page = dict(entries.pages())
    for page in facts.pages or by_page:
        if page in by_page or page in doubtful:
            yield page, by_page.get(page, Apparatus(()))


def _page(page: str, entries: Apparatus, doubts: Sequence[str], languages: Languages) -> str:
    folded = ""
    if entries.folded:
        label = terms.counted("glyph", len(entries.folded))
        folded = f"<details><summary>{label}</summary>{_list(entries.folded, languages)}</details>"
    label = _("Page {}").format(page)
    head = f'<h3><a href="#{esc(Place(page).anchor)}">{esc(label)}</a></h3>\n' if page else ""
    doubtful = (
        f'<p class="doubts">{esc(_("Open doubts"))}: <i{languages.edition}>{esc("; ".join(doubts))}</i></p>'
        if doubts
        else ""
    )
    return f"{head}{doubtful}{_list(entries.shown, languages)}{folded}\n"


def _list(entries: Iterable[Emendation], languages: Languages) -> str:
    items = "\n".join(_entry(e, languages) for e in entries)
    return f"<ul>{items}</ul>" if items else ""


def _entry(entry: Emendation, languages: Languages) -> str:
    """Return one entry.

    The popover relies on its elements: ``b`` for the lemma, ``span`` for each reading with its
    sigla in ``i``, ``small`` for kind, certainty, responsibility (class ``who``, where it is not the
    editors') and reason.
    """
    own = languages.text
    why = f": <i{languages.edition}>{esc(entry.why)}</i>" if entry.why else ""
    who = f', <i class="who">{esc(terms.who(entry.resp))}</i>' if entry.resp != EDITORS else ""
    readings = "; ".join(
        f"{_reading(entry, r, own)} <i>{esc(r.siglum)}</i>" for r in entry.readings
    )
    lemma = (
        f"<b{own or isolated(entry.lemma, entry.lang, way())}>{esc(entry.lemma)}</b>"
        if entry.lemma.strip() else f"<b><em>{_('nothing')}</em></b>"
    )  # fmt: skip
    return (
        f'<li id="entry-{esc(entry.xml_id)}"><a href="#{esc(entry.xml_id)}">{esc(entry.place)}</a> '
        f"{lemma}] {readings} <small>(<i>{esc(terms.one_of(entry.type))}</i>; "
        f"<i>{esc(terms.certainty(entry.cert))}</i>{who}{why})</small></li>"
    )


def _reading(entry: Emendation, reading: Reading, own: str) -> str:
    said = nothing(entry, reading)
    return (
        f"<span><em>{esc(said)}</em></span>"
        if said
        else f"<span{own or isolated(reading.text, entry.lang, way())}>{esc(reading.text)}</span>"
    )
