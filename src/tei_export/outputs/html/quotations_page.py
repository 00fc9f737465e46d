"""The page of the apparatus of sources (:mod:`tei_export.shared.quotations`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tei_export.model.quoted import Comparison, Match
from tei_export.outputs.html.list_division import divide, page_names
from tei_export.outputs.html.register_layout import registers_of
from tei_export.shared import labels
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.shared.quotations import PAGE, number, said_of, tally, title, works
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.shared.quotations import Quotation, QuotedWork

#: Bytes of a quotation and of a deviation without their words, and of the heading of a work.
_ROW, _DEVIATION, _HEAD = 260, 140, 260


def quotations_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; yield nothing if no work is quoted."""
    found = works(app.env)
    if not number(app.env):
        return
    registers = registers_of(domain_of(app.env))
    tallied = _tally(found)
    sizes = [[_size(one, compared=bool(tallied)) for one in work.quotations] for work in found]
    pages = divide(sizes, _HEAD)
    names = page_names(app, PAGE, len(pages))
    total = sum(len(work.quotations) for work in found)
    for at, shown in enumerate(pages, 1):
        above: dict[str, Any] = {"title": esc(title())}
        if at > 1:
            above = {"title": esc(f"{title()} ({at})"), "trail": [(PAGE, title())]}
        rows = []
        for n, begin, end in shown:
            entry = found[n].entry
            place = registers.address(entry) if entry else ("", "")
            rows.append((found[n], found[n].quotations[begin:end], *place))
        yield names[at - 1], {
            **above, "body": "", "works": rows, "total": total, "quoted": number(app.env), "said": said_of,
            "tally": tallied, "number": at, "pages": names if len(names) > 1 else [],
            "summary": labels.count(total, _("quotation"), _("quotations")),
        }, "quotations.html"  # fmt: skip


def _size(quotation: Quotation, *, compared: bool) -> int:
    """Return about how many bytes a quotation takes; where none is compared, nothing is said of that."""
    said = [f"{d.quotation}{d.source}" for d in quotation.comparison.deviations if compared]
    words = "".join((quotation.words, quotation.docname, quotation.cited, *said))
    return _ROW + _DEVIATION * len(said) + len(words.encode())


def _tally(found: list[QuotedWork]) -> list[tuple[str, int]]:
    """Return the number of quotations by degree of agreement, in words; empty if none could be compared."""
    count = tally(quotation for work in found for quotation in work.quotations)
    compared = set(count) != {Match.UNCOMPARED}
    return [(said_of(Comparison(match)), n) for match, n in count.items()] if compared else []
