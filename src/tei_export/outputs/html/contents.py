"""Navigation: the parts of the texts, other pages, the registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sphinx import addnodes

from tei_export.outputs.html import page_list
from tei_export.outputs.html.charts.chart_list import listed_charts
from tei_export.outputs.html.downloads import PAGE as DOWNLOADS
from tei_export.outputs.html.downloads import download_groups
from tei_export.outputs.html.schema_page import PAGE as SCHEMA
from tei_export.outputs.html.schema_page import odd_of
from tei_export.shared import commentary, labels, quotations
from tei_export.shared.apparatus import of_edition
from tei_export.shared.labels import _
from tei_export.shared.mentions import mentioned
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

#: The register of letters, and the list of the editors' notes.
LETTERS, COMMENTARY = "letters", "commentary"


@dataclass(frozen=True, slots=True)
class ContentsItem:
    """A page of the site.

    ``detail``: its pages in the typescript, or its entries; ``state``: the ledger's reading state;
    ``group``: its text, or a heading; ``own``: the title is the edition's, not the interface's.
    """

    name: str
    title: str
    detail: str = ""
    state: str = ""
    group: str = ""
    own: bool = False


#: The cached list of each application; the facts are final when it is first needed.
_listed: WeakKeyDictionary[Sphinx, list[ContentsItem]] = WeakKeyDictionary()


def items(app: Sphinx) -> list[ContentsItem]:
    """Return every page of the site except the front page, in order; cached for all pages."""
    if app not in _listed:
        _listed[app] = [
            *_documents(app),
            *_letters(app),
            *_pages(app),
            *_apparatus(app),
            *_quotations(app),
            *_commentary(app),
            *_registers(app),
            *_pictures(app),
            *_files(app),
        ]
    return _listed[app]


def _documents(app: Sphinx) -> Iterator[ContentsItem]:
    """Yield documents in the order of the tables of contents, with their captions."""
    edition = domain_of(app.env).edition
    domain = domain_of(app.env)
    for name, caption in _walk(app.env.tocs, app.config.root_doc, "", set()):
        text_and_part = edition.part_of(name)
        if not text_and_part:
            title = app.env.titles[name].astext() if name in app.env.titles else name
            yield ContentsItem(name, title, group=caption, own=True)
            continue
        text, part = text_and_part
        pages = domain.facts_for(name).pages
        state = labels.reading_state(text, pages)
        yield ContentsItem(
            name, part.title, labels.pages(pages), state, caption or text.title, own=True
        )


def _walk(
    tocs: dict[str, nodes.bullet_list], name: str, caption: str, seen: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield each document once, with the caption of its table of contents."""
    tables = tocs[name].findall(addnodes.toctree) if name in tocs else ()
    for table in tables:
        here = table.get("caption") or caption
        for _title, child in table["entries"]:
            if child in tocs and child not in seen:
                seen.add(child)
                yield child, here
                yield from _walk(tocs, child, here, seen)


def _letters(app: Sphinx) -> Iterator[ContentsItem]:
    """Yield the register of letters (correspondence_page.py), if there are any."""
    edition = domain_of(app.env).edition
    if number := sum(len(edition.letters(text)) for text in edition.texts.values()):
        detail = labels.count(number, _("letter sent"), _("letters sent"))
        yield ContentsItem(LETTERS, _("Correspondence"), detail, "", _("Registers"))


def _pages(app: Sphinx) -> Iterator[ContentsItem]:
    """Yield the list of the source's pages (page_list.py), if it has any."""
    if number := page_list.number(domain_of(app.env)):
        detail = labels.count(number, _("page"), _("pages"))
        yield ContentsItem(page_list.PAGE, page_list.title(), detail, "", _("Registers"))


def _apparatus(app: Sphinx) -> Iterator[ContentsItem]:
    """Yield the page of the whole apparatus (apparatus_page.py), if there is any."""
    if number := len(of_edition(domain_of(app.env))):
        detail = labels.count(number, _("entry"), _("entries"))
        yield ContentsItem("apparatus", _("Apparatus"), detail, "", _("Registers"))


def _quotations(app: Sphinx) -> Iterator[ContentsItem]:
    """Yield the page of the quotations by work (quotations_page.py), if any work is quoted in a block."""
    if number := quotations.number(app.env):
        detail = labels.count(number, _("work"), _("works"))
        yield ContentsItem(quotations.PAGE, quotations.title(), detail, "", _("Registers"))


def _commentary(app: Sphinx) -> Iterator[ContentsItem]:
    """Yield the page of the editors' notes (commentary_page.py), if there are any."""
    if number := commentary.number(domain_of(app.env)):
        detail = labels.count(number, _("note"), _("notes"))
        yield ContentsItem(COMMENTARY, commentary.title(), detail, "", _("Registers"))


def _registers(app: Sphinx) -> Iterator[ContentsItem]:
    total = sum(len(keys) for keys in mentioned(domain_of(app.env)).values())
    if total:
        yield ContentsItem(
            "registers/index",
            labels.index(),
            labels.count(total, _("entry"), _("entries")),
            "",
            _("Registers"),
        )
    for name, keys in mentioned(domain_of(app.env)).items():
        detail = labels.count(len(keys), _("entry"), _("entries"))
        yield ContentsItem(f"registers/{name}", labels.register(name), detail, "", _("Registers"))


def _pictures(app: Sphinx) -> Iterator[ContentsItem]:
    for name, title, detail in listed_charts(domain_of(app.env)):
        yield ContentsItem(name, title, detail, "", _("Charts"))


def _files(app: Sphinx) -> Iterator[ContentsItem]:
    """Yield pages for users of the edition's files."""
    if download_groups(app):
        yield ContentsItem(DOWNLOADS, _("Downloads"), "", "", _("Files"))
    if odd_of(app):
        yield ContentsItem(SCHEMA, _("Schema of the TEI"), "", "", _("Files"))
