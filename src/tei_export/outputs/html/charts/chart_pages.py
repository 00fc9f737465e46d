"""The pages of charts, without sources of their own.

:mod:`tei_export.shared.charts` counts and draws. The modules beside this one add words and links, and
list the same numbers in a table; ``theme/chart.html`` renders the page. An empty chart gets no page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.outputs.html.charts.chart_division import divided
from tei_export.outputs.html.charts.chart_list import listed_charts
from tei_export.outputs.html.charts.chart_of_events import timeline_of_events
from tei_export.outputs.html.charts.chart_of_places import map_of_places
from tei_export.outputs.html.charts.chart_parts import (
    Chart,
    ChartPage,
)
from tei_export.outputs.html.charts.charts_by_chapter import persons_by_chapter, sources_by_chapter
from tei_export.outputs.html.charts.charts_by_page import emendations_by_page, persons_together
from tei_export.outputs.html.charts.charts_of_witnesses import (
    variants_along_text,
    witness_agreement,
)
from tei_export.shared.elements import esc
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx


_CHARTS: dict[str, Callable[[ChartPage], Chart]] = {
    "pictures/map": map_of_places,
    "pictures/timeline": timeline_of_events,
    "pictures/persons": persons_by_chapter,
    "pictures/together": persons_together,
    "pictures/sources": sources_by_chapter,
    "pictures/emendations": emendations_by_page,
    "pictures/witnesses": witness_agreement,
    "pictures/variants": variants_along_text,
}


def chart_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; remove outdated charts."""
    names = [name for name, _title, _detail in listed_charts(domain_of(app.env))]
    charts = {name: divided(_CHARTS[name](ChartPage(app, name))) for name in names}
    folder = Path(app.outdir)
    kept = {part.page for parts in charts.values() for part in parts}
    for path in sorted((folder / "pictures").rglob("*.html")):
        if path.relative_to(folder).with_suffix("").as_posix() not in kept:
            path.unlink()
    for parts in charts.values():
        pages = [part.page for part in parts]
        for number, part in enumerate(parts, 1):
            chart = part.chart
            title = esc(chart.title)
            context = {"chart": chart, "summary": chart.lead, "body": "", "number": number}
            if number > 1:
                above = {"title": f"{title} ({number})", "trail": [(chart.name, chart.title)]}
            else:
                above = {"title": title}
            yield (
                part.page,
                {**context, **above, "pages": pages if len(pages) > 1 else []},
                "chart.html",
            )
