"""The facts at the top of the front page: what a reader must know before reading the text.

They are its certainty, the number of emendations, the editors, the citation, and the files.
Everything is counted or comes from the record; the editors' own words follow below.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.model.metadata import metadata
from tei_export.shared import labels
from tei_export.shared.apparatus import of_edition
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tei_export.model.metadata import Editor, RightsStatement
    from tei_export.outputs.html.cite import CiteDrawer
    from tei_export.outputs.html.downloads import Download, TakeDrawer

#: Where the facts belong in the body of the front page: after its title and subtitle.
FACTS_MARK = "<!--front-page-facts-->"


@dataclass(frozen=True, slots=True)
class FrontPageFacts:
    """The facts at the top of the front page. ``files``: by text; ``apparatus``: whether its page exists."""

    caveat: str
    state: str
    entries: str
    kinds: str
    editors: tuple[Editor, ...]
    named: bool
    """the record names persons, instead of all editors in words"""
    citation: str
    version: str
    files: tuple[tuple[str, list[Download]], ...]
    apparatus: bool
    rights: tuple[RightsStatement, ...]
    """what all these files may be used for; empty where that differs between the texts"""


def front_page_facts(app: Sphinx, cite: CiteDrawer, take: TakeDrawer) -> FrontPageFacts:
    """Return the facts for the top of the front page."""
    domain = domain_of(app.env)
    meta = metadata(domain.edition)
    every = of_edition(domain)
    rights = {files[0].rights for _title, files in take.groups}
    return FrontPageFacts(
        caveat=meta.caveat,
        state=_state(app),
        entries=labels.count(len(every), _("emendation"), _("emendations")) if len(every) else "",
        kinds=_kinds(Counter(e.cert for e in every.entries)),
        editors=meta.editors,
        named=any(editor.person for editor in meta.editors),
        citation=cite.styles[0].html,
        version=cite.version,
        files=take.groups,
        apparatus=len(every) > 0,
        rights=rights.pop() if len(rights) == 1 else (),
    )


def _state(app: Sphinx) -> str:
    """Return the reading state of all pages of the text that the ledger knows, and their open doubts."""
    domain = domain_of(app.env)
    said = []
    for text in domain.edition.texts.values():
        pages = [p for part in text.parts for p in domain.facts_for(part.doc).pages]
        state = labels.reading_state(text, pages)
        if state:
            doubts = labels.count_doubts(text, pages)
            left = len(pages) - len(labels.lost(text, pages))
            number = labels.count(left, _("page"), _("pages"))
            said.append(", ".join(filter(None, (f"{number} {state}", doubts))))
    return "; ".join(said)


def _kinds(counts: Counter[str]) -> str:
    """Return the numbers of certain and uncertain readings."""
    return ", ".join(
        f"{labels.number(counts[cert])} {terms.certainty(cert)}"
        for cert in terms.CERTAINTY
        if counts[cert]
    )
