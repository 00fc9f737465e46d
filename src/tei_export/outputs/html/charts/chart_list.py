"""List the charts that have something to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.shared import agreement, labels
from tei_export.shared.charts import counts, timeline
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.source.facts import EditionDomain


def listed_charts(domain: EditionDomain) -> Iterator[tuple[str, str, str]]:
    """Yield name, title and extent of every chart that has something to show."""
    spots = sum(counts.located(p.entry) for p in counts.place_counts(domain))
    events = sum(
        timeline.span(r.entry.text("date")) is not None
        for r in counts.entry_counts(domain, "events")
    )
    persons, pairs, cited = (
        len(counts.entry_counts(domain, "persons")),
        len(counts.person_pairs(domain)),
        len(counts.cited_works(domain)),
    )
    paged = counts.emended_pages(domain)
    lost = sum(len(labels.lost(c.text, c.facts.pages)) for c, _pages in paged)
    pages = (sum(len(p) for _column, p in paged) - lost) * any(
        c.facts.emendations for c, _p in paged
    )
    compared = [
        len(agreement.compared_witnesses(text)) for text in agreement.texts_with_variants(domain)
    ]
    for name, title, number, one, many in (
        ("pictures/map", _("Map of the places"), spots, _("place"), _("places")),
        ("pictures/timeline", _("Timeline of the events"), events, _("event"), _("events")),
        ("pictures/persons", _("Persons by chapter"), persons, _("person"), _("persons")),
        ("pictures/together", _("Who is mentioned with whom"), pairs, _("pair"), _("pairs")),
        ("pictures/sources", _("Sources cited by chapter"), cited, _("work"), _("works")),
        ("pictures/emendations", _("Emendations page by page"), pages, _("page"), _("pages")),
        (
            "pictures/witnesses",
            _("Agreement of the witnesses"),
            sum(compared),
            _("witness"),
            _("witnesses"),
        ),
        (
            "pictures/variants",
            _("Variants along the text"),
            sum(compared),
            _("witness"),
            _("witnesses"),
        ),
    ):
        if number:
            yield name, title, labels.count(number, one, many)
