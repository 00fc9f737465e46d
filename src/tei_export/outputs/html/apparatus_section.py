"""The apparatus at a chapter's end, in the classical form ``17.12 lemma] reading O``.

Entries stand by page and line. Typewriter marks, which the text does not show, are a
folded group at the end of each page. The scripts show the same entries as popovers, so
every entry is complete in itself.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tei_export.model.places import Place
from tei_export.shared.labels import UNMARKED, _, certainty, count, esc, kind, who, witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tei_export.model.edition import Text
    from tei_export.source.facts import Emendation, Facts


def apparatus(facts: Facts, text: Text, own: str = "", ours: str = "") -> str:
    """The section, or nothing for a part without entries. ``own``, ``ours``: the attributes ``lang``
    of the text and of the interface, where these differ."""
    if not facts.emendations:
        return ""
    order = {page: i for i, page in enumerate(facts.pages)}
    entries = sorted(facts.emendations, key=lambda e: (order.get(e.page, -1), e.line))
    pages = "".join(
        _page(page, list(group), text, own) for page, group in groupby(entries, key=lambda e: e.page)
    )
    shown = sum(e.type not in UNMARKED for e in entries)
    lead = _("Every place where this edition reads something else than {} ({}), its only witness").format(
        witness(text), text.siglum
    )
    typed = _(", or than the typescript as restored from it (T)") if text.witness.pages else ""
    total = count(shown, _("reading"), _("readings"))
    if shown < len(entries):
        marks = count(len(entries) - shown, _("typewriter mark"), _("typewriter marks"))
        total = _("{} and {}").format(total, marks)
    return (
        '<section class="apparatus" id="apparatus" aria-labelledby="apparatus-head" '
        f'data-witness="{esc(witness(text))} ({esc(text.siglum)})"{ours}>'
        f'<h2 id="apparatus-head">{_("Apparatus")}</h2>'
        f'<p class="lead">{esc(lead)}{typed}. {total}.</p>{pages}</section>\n'
    )


def _page(page: str, entries: Sequence[Emendation], text: Text, own: str) -> str:
    marks = [e for e in entries if e.type in UNMARKED]
    folded = ""
    if marks:
        label = count(len(marks), _("typewriter mark"), _("typewriter marks"))
        folded = f"<details><summary>{label}</summary>{_list(marks, text, own)}</details>"
    label = _("Page {}").format(page)
    head = f'<h3><a href="#{esc(Place(page).anchor)}">{esc(label)}</a></h3>\n' if page else ""
    return f"{head}{_list([e for e in entries if e.type not in UNMARKED], text, own)}{folded}\n"


def _list(entries: Iterable[Emendation], text: Text, own: str) -> str:
    items = "\n".join(_entry(e, text, own) for e in entries)
    return f"<ul>{items}</ul>" if items else ""


def _entry(entry: Emendation, text: Text, own: str) -> str:
    """One entry. Its elements say what they hold, for the popover: lemma ``b``, reading
    ``span``, siglum ``i``; in ``small``: kind, certainty, who, why."""
    siglum = "T" if entry.kind == "sic" else text.siglum
    place = esc(Place(entry.page, entry.line))
    why = f": <i{own}>{esc(entry.why)}</i>" if entry.why else ""
    return (
        f'<li id="entry-{esc(entry.xml_id)}"><a class="loc" href="#{esc(entry.xml_id)}">{place}</a> '
        f"{_reading('b', entry.lemma, own)}] {_reading('span', entry.source, own)} "
        f"<i>{esc(siglum)}</i> <small>(<i>{esc(kind(entry, witness(text)))}</i>; "
        f"<i>{esc(certainty(entry))}</i>, <i>{esc(who(entry))}</i>{why})</small></li>"
    )


def _reading(tag: str, text: str, own: str) -> str:
    return f"<{tag}{own}>{esc(text)}</{tag}>" if text.strip() else f"<{tag}><em>{_('nothing')}</em></{tag}>"
