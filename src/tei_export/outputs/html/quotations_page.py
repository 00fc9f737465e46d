"""The page of the apparatus of sources (:mod:`tei_export.shared.quotations`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tei_export.model.quoted import Comparison, Match
from tei_export.outputs.html.register_layout import registers_of
from tei_export.shared import labels
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.shared.quotations import PAGE, number, said_of, tally, title, works
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.shared.quotations import QuotedWork


def quotations_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; yield nothing if no work is quoted in a block."""
    found = works(app.env)
    total = sum(len(work.quotations) for work in found)
    if number(app.env):
        yield (
            PAGE,
            {
                "title": esc(title()),
                "works": [
                    (
                        work,
                        *(
                            registers_of(domain_of(app.env)).address(work.entry)
                            if work.entry
                            else ("", "")
                        ),
                    )
                    for work in found
                ],
                "total": total,
                "body": "",
                "quoted": number(app.env),
                "said": said_of,
                "tally": _tally(found),
                "summary": labels.count(total, _("block quotation"), _("block quotations")),
            },
            "quotations.html",
        )


def _tally(found: list[QuotedWork]) -> list[tuple[str, int]]:
    """Return the number of quotations by degree of agreement, in words; empty if none could be compared."""
    count = tally(quotation for work in found for quotation in work.quotations)
    compared = set(count) != {Match.UNCOMPARED}
    return [(said_of(Comparison(match)), n) for match, n in count.items()] if compared else []
