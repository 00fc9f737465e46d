"""Provide the templates with the edition's record, the contents, and the page's position."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from docutils import nodes

from tei_export.i18n import terms
from tei_export.model.languages import direction
from tei_export.model.metadata import metadata
from tei_export.outputs.html import page_list, style_sheets
from tei_export.outputs.html.apparatus_lists import has_link, page_of
from tei_export.outputs.html.cite import cite_drawer, coins, meta_tags, page_item
from tei_export.outputs.html.contents import ContentsItem, items
from tei_export.outputs.html.contents_page import contents_pages, on_front_page
from tei_export.outputs.html.description import page_description, page_title
from tei_export.outputs.html.downloads import take_drawer
from tei_export.outputs.html.front_page import FACTS_MARK, front_page_facts
from tei_export.outputs.html.witness_texts import other_witnesses, witness_groups
from tei_export.shared import labels
from tei_export.shared.apparatus import Apparatus
from tei_export.shared.elements import attributes
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition

#: A group of the menu with more items shows those near the page: this many before it, and after it.
_MANY, _NEAR = 60, 12
#: The contents of each application; the facts are final when they are first needed.
_listings: WeakKeyDictionary[Sphinx, Listing] = WeakKeyDictionary()


def add_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Handle Sphinx's ``html-page-context``; ``ed`` contains all our values."""
    edition = domain_of(app.env).edition
    contents = items(app)
    listed = listing(app)
    here = listed.number.get(pagename)
    text_and_part = edition.part_of(pagename)
    facts = domain_of(app.env).facts_for(pagename) if text_and_part else None
    context["ed"] = SimpleNamespace(
        record=edition.record,
        language=labels.language(),
        own=attributes(labels.text_lang_attr(edition)),
        ours=attributes(labels.ui_lang_attr(edition)),
        dir=lambda tag: attributes(labels.turned(tag, labels.text_direction())),
        way=labels.text_direction(),
        turned=labels.text_direction() == "ltr"
        and any(direction(text.language) == "rtl" for text in edition.texts.values()),
        status=labels.status(str(edition.record.get("status") or "")),
        rights=_rights(edition),
        contents=on_front_page(app, listed.groups) if pagename == app.config.root_doc else [],
        menu=menu(listed, here),
        here=contents[here] if here is not None else None,
        part=text_and_part[1] if text_and_part else None,
        text=text_and_part[0] if text_and_part else None,
        original=labels.original(text_and_part[0]) if text_and_part else labels.originals(edition),
        witness_view=terms.witness_view(text_and_part[0].origin) if text_and_part else "",
        witnesses=text_and_part[0].readable if text_and_part else (),
        listed=page_of(pagename) if has_link(context.get("body") or "") else "",
        groups=witness_groups(text_and_part[0]) if text_and_part else "[]",
        cited=other_witnesses(text_and_part[0]) if text_and_part else "[]",
        varied=bool(facts and any(e.several for e in facts.emendations)),
        paged=bool(text_and_part and text_and_part[0].witness.pages),
        emended=bool(facts and facts.emendations),
        folded=bool(facts and Apparatus(facts.emendations).folded),
        noted=bool(facts and facts.notes),
        paired=bool(doctree is not None and _paired(doctree)),
        places=page_list.PAGE in listed.number,
        before=contents[here - 1] if here else None,
        after=contents[here + 1] if here is not None and here + 1 < len(contents) else None,
    )
    context["_t"] = labels._
    context["_n"] = labels.number
    meta = metadata(edition)
    address = app.builder.get_target_uri(pagename)
    context["stylesheet"] = style_sheets.address(app)
    context["other_sheets"] = style_sheets.others(app, context.get("css_files", ()))
    context["cite"] = cite_drawer(app, pagename, meta)
    context["description"] = page_description(app, pagename, context, doctree)
    shown = page_title(app, pagename, context), context["description"]
    context["meta_tags"] = meta_tags(edition, meta, pagename, address, shown)
    context["coins"] = coins(page_item(app, pagename))
    context["canonical"] = meta.permalink(address) if meta.base_url else ""
    text, part = text_and_part or (None, None)
    context["take"] = take_drawer(app, text, part, facts.pages if facts else ())
    if pagename == app.config.root_doc:
        context["front_page_facts"] = front_page_facts(app, context["cite"], context["take"])
        context["before_facts"], _, context["after_facts"] = _opened(context.get("body", ""))


def _opened(body: str) -> tuple[str, str, str]:
    """Divide the body of the front page at the place of its facts, after its title."""
    return body.partition(FACTS_MARK) if FACTS_MARK in body else ("", "", body)


def _paired(doctree: nodes.document) -> bool:
    """Return whether the document pairs a block quotation with its translation."""
    return any(quote.get("translated") for quote in doctree.findall(nodes.block_quote))


def _grouped(contents: Sequence[ContentsItem]) -> list[tuple[str, list[ContentsItem]]]:
    groups: list[tuple[str, list[ContentsItem]]] = []
    for item in contents:
        if not groups or groups[-1][0] != item.group:
            groups.append((item.group, []))
        groups[-1][1].append(item)
    return groups


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """A group of the menu: the items that this page shows, and the total number (0: it shows all)."""

    name: str
    items: Sequence[ContentsItem]
    total: int = 0


def long_contents(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``: the contents that are too long for the front page."""
    yield from contents_pages(app, listing(app).groups)


class Listing:
    """The contents in groups, with the number of each page (of the first, if it is listed twice)."""

    def __init__(self, contents: Sequence[ContentsItem]) -> None:
        self.groups = _grouped(contents)
        self.number: dict[str, int] = {}
        for number, item in enumerate(contents):
            self.number.setdefault(item.name, number)


def listing(app: Sphinx) -> Listing:
    """Return the contents of the site; cached for all pages."""
    if app not in _listings:
        _listings[app] = Listing(items(app))
    return _listings[app]


def menu(listed: Listing, here: int | None) -> list[MenuGroup]:
    """Return the menu of the page at ``here``.

    In a group of more than :data:`_MANY` items, a page shows only its neighbours: with complete menus,
    a site would grow with the square of its pages. The front page lists all.
    """
    found = []
    before = 0  # items in earlier groups
    for name, group in listed.groups:
        at = 0 if here is None or not 0 <= here - before < len(group) else here - before
        before += len(group)
        if len(group) <= _MANY:
            found.append(MenuGroup(name, group))
            continue
        start = max(0, min(at - _NEAR, len(group) - 2 * _NEAR - 1))
        found.append(MenuGroup(name, group[start : start + 2 * _NEAR + 1], len(group)))
    return found


def _rights(edition: Edition) -> list[dict[str, str]]:
    """Return the rights for the foot of every page; empty if the record has none."""
    rights = edition.record.get("rights")
    rows = [rights.get(name) for name in ("text", "encoding")] if isinstance(rights, dict) else []
    return [
        {key: str(row.get(key, "")) for key in ("name", "uri", "statement")}
        for row in rows
        if isinstance(row, dict)
    ]
