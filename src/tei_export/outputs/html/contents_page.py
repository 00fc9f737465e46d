"""The table of contents of an edition of very many documents: ``contents.html``, ``contents-2.html`` …

The front page lists every document. Where a text has more than :data:`MOST`, it leads to these pages instead, and so
does not grow with the edition.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tei_export.outputs.html.list_division import page_names
from tei_export.shared.elements import esc
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from tei_export.outputs.html.contents import ContentsItem

PAGE = "contents"
#: The maximum number of documents of a group that the front page lists, and of those on a page.
MOST = 300

Group = tuple[str, list["ContentsItem"]]


def contents_pages(
    app: Sphinx, groups: Sequence[Group]
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages of the groups that are too long for the front page."""
    for group, listed in zip(groups, on_front_page(app, groups), strict=True):
        names = [item.name for item in listed[1]] if _is_long(app, group[1]) else []
        for number, (name, items) in enumerate(zip(names, _cut(group[1]), strict=False), 1):
            yield name, {
                "title": esc(title(items)), "group": group[0], "items": items, "body": "",
                "summary": group[0], "number": number, "pages": names if len(names) > 1 else [],
            }, "contents.html"  # fmt: skip


def on_front_page(app: Sphinx, groups: Sequence[Group]) -> list[Group]:
    """Return the groups as the front page lists them: of a long one the pages that list it."""
    long = [items for _group, items in groups if _is_long(app, items)]
    names = iter(page_names(app, PAGE, sum(len(_cut(items)) for items in long)))
    found: list[Group] = []
    for group, items in groups:
        listed = items
        if _is_long(app, items):
            listed = [
                replace(share[0], name=next(names), title=title(share), detail="", state="")
                for share in _cut(items)
            ]
        found.append((group, listed))
    return found


def title(items: Sequence[ContentsItem]) -> str:
    """Return what a page lists: its first and its last document."""
    if len(items) == 1:
        return items[0].title
    return _("{first} to {last}").format(first=items[0].title, last=items[-1].title)


def _is_long(app: Sphinx, items: Sequence[ContentsItem]) -> bool:
    # a document of that name keeps it
    return len(items) > MOST and PAGE not in app.env.found_docs


def _cut(items: list[ContentsItem]) -> list[list[ContentsItem]]:
    return [items[at : at + MOST] for at in range(0, len(items), MOST)]
