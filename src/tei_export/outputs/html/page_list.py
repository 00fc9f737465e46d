"""The list of a source's pages, and the table for “go to page”.

The list (``pages.html``) works without scripts. It gives for every page its lines, reading state
and apparatus entries. A long list continues on ``pages-2.html`` …, where ``continued.js`` finds the
target of an address on the first page. The table (``_static/places.js``) has the same data for
``goto.js``, because pages opened from a disk cannot fetch files.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.i18n import terms
from tei_export.i18n.formats import capital
from tei_export.model.places import Place
from tei_export.outputs.html.downloads import page_files
from tei_export.outputs.html.list_division import LARGE, divide, page_names
from tei_export.shared import labels
from tei_export.shared.apparatus import of_part
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Part, Text
    from tei_export.source.facts import EditionDomain

PAGE = "pages"
SCRIPT = "places.js"
#: Builders that write pages and scripts into one folder.
_BUILDERS = ("html", "dirhtml")
#: Bytes of the markup of a row, of its link to a file, and of the heading and table of a part.
_ROW, _LINK, _HEAD = 150, 90, 700


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page of the source.

    ``entries`` counts readings marked in the text, ``unsure`` the uncertain ones among them,
    ``marks`` those folded away. ``file``: the TEI file of the page alone, from the site's root, if
    the site offers it.
    """

    label: str
    anchor: str
    lost: bool
    lines: int
    entries: int
    unsure: int
    marks: int
    read: str
    doubts: list[str]
    file: str


@dataclass(frozen=True, slots=True)
class PartPages:
    """The pages of a part of a text."""

    number: int
    docname: str
    title: str
    rows: Sequence[PageRow]
    detail: str
    """against what, by whom and when all of them were last read; empty if that differs"""


def pages_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``; yield nothing if no text has pages."""
    domain = domain_of(app.env)
    parts = [
        PartPages(
            number,
            part.doc,
            part.title,
            _rows(domain, text, part, page_files(app, text, domain.facts_for(part.doc).pages)),
            _detail(text, part, domain),
        )
        for number, (text, part) in enumerate(_paged(domain), 1)
    ]
    pages = divided(parts)
    names = page_names(app, PAGE, len(pages))
    rows = [row for part in parts for row in part.rows]
    for number, shown in enumerate(pages, 1):
        above: dict[str, Any] = {"title": esc(title())}
        if number > 1:
            above = {"title": esc(f"{title()} ({number})"), "trail": [(PAGE, title())]}
        yield names[number - 1], {
            **above, "parts": shown, "body": "", "folded": capital(terms.plural("glyph")),
            "total": len(rows), "lost": sum(row.lost for row in rows), "files": any(row.file for row in rows),
            "summary": labels.count(len(rows), _("page"), _("pages")),
            "number": number, "pages": names if len(names) > 1 else [],
        }, "pages.html"  # fmt: skip


def divided(parts: Sequence[PartPages]) -> list[list[PartPages]]:
    """Return the parts on each page of the list; a part is divided only if it exceeds a page."""
    sizes = [[_size(part, row) for row in part.rows] for part in parts]
    return [
        [replace(parts[n], rows=parts[n].rows[begin:end]) for n, begin, end in page]
        for page in divide(sizes, _HEAD, LARGE)
    ]


def _size(part: PartPages, row: PageRow) -> int:
    """Return the approximate size of a row in bytes."""
    words = "".join((part.docname, row.label, row.anchor, row.read, *row.doubts))
    file = _LINK + len(row.file) + len(row.label) if row.file else 0
    return _ROW + len(words.encode()) + file


def title() -> str:
    """Return the title of the page."""
    return _("Pages")


def number(domain: EditionDomain) -> int:
    """Return the number of pages in the list."""
    return sum(len(domain.facts_for(part.doc).pages) for _text, part in _paged(domain))


def _paged(domain: EditionDomain) -> Iterator[tuple[Text, Part]]:
    for text in domain.edition.texts.values():
        for part in text.parts:
            if text.witness.pages and domain.facts_for(part.doc).pages:
                yield text, part


def _rows(domain: EditionDomain, text: Text, part: Part, files: Mapping[str, str]) -> list[PageRow]:
    facts = domain.facts_for(part.doc)
    entries = of_part(facts)
    entries_of_page = Counter(e.page for e in entries.shown)
    unsure = Counter(e.page for e in entries.shown if e.cert != "high")
    marks = Counter(e.page for e in entries.folded)
    lost = labels.lost(text, facts.pages)
    detailed = not _detail(text, part, domain)
    return [
        PageRow(
            page,
            Place(page).anchor,
            page in lost,
            facts.lines.get(page, 0),
            entries_of_page[page],
            unsure[page],
            marks[page],
            _state(text, page, detailed),
            [said for _page, words in labels.doubts(text, [page]) for said in words],
            files.get(page, ""),
        )
        for page in facts.pages
    ]


def _detail(text: Text, part: Part, domain: EditionDomain) -> str:
    """Return the detail of the last reading, if it is the same for every page of the part."""
    pages = domain.facts_for(part.doc).pages
    gone = labels.lost(text, pages)
    found = {labels.reading_detail(text, [page]) for page in pages if page not in gone}
    return found.pop() if len(found) == 1 else ""


def _state(text: Text, page: str, detailed: bool) -> str:
    """Return how often a page was read; also when and by whom, if that differs between pages."""
    said = (
        labels.reading_state(text, [page]),
        labels.reading_detail(text, [page]) if detailed else "",
    )
    return ", ".join(filter(None, said))


def page_table(app: Sphinx) -> dict[str, Any]:
    """Return the pages of every part with their lines, the lost pages, and all pages in words."""
    domain = domain_of(app.env)
    parts: list[dict[str, Any]] = []
    lost: list[str] = []
    runs: list[list[str]] = []
    for text in domain.edition.texts.values():
        for part in text.parts:
            facts = domain.facts_for(part.doc)
            gone = labels.lost(text, facts.pages)
            lines = {p: facts.lines.get(p, 0) for p in facts.pages if p not in gone}
            if not text.witness.pages:
                lines = {"": facts.before("") + facts.lines.get("", 0)}
            parts.append(
                {"text": text.id, "uri": app.builder.get_target_uri(part.doc), "pages": lines}
            )
            lost += gone
        runs += _runs(text) if text.witness.pages else []
    return {"parts": parts, "lost": lost, "ranges": ", ".join(labels.span(run) for run in runs)}


def _runs(text: Text) -> Iterator[list[str]]:
    """Yield the existing pages in runs without gaps, of one numbering style."""
    run: list[str] = []
    for label, page in text.witness.pages.items():
        if run and (page.lost or label.isdigit() != run[-1].isdigit()):
            yield run
            run = []
        if not page.lost:
            run.append(label)
    if run:
        yield run


def write_script(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: write the table as a script for ``goto.js``."""
    if exception is not None or app.builder.name not in _BUILDERS:
        return
    data = json.dumps(page_table(app), ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    path = Path(app.outdir) / "_static" / SCRIPT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"edition.places = {data};\n", encoding="ascii", newline="\n")
