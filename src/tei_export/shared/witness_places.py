"""Find where a witness begins, and what it has lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.model.apparatus import LACUNA_ROLE
from tei_export.model.places import Place
from tei_export.shared.labels import _
from tei_export.source.nodes import lb, point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes

    from tei_export.source.facts import Facts


def first_place(document: nodes.document, siglum: str) -> str:
    """Return where a witness begins that is lost at first; otherwise empty."""
    place = ""
    for node in document.findall():
        if isinstance(node, lb) and node["line"]:
            place = str(Place(node["page"], node["line"]))
        elif isinstance(node, point) and siglum in node.get("sigla", ()):
            if node["kind"] == "resumes":
                return place
            if node["kind"] == "lacuna":
                break
    return ""


def losses(document: nodes.document, facts: Facts, siglum: str) -> Iterator[str]:
    """Yield the losses of a witness in a part, in words: *7–10*, *from 12*, *up to 3*."""
    if first := first_place(document, siglum):
        yield _("up to {}").format(first)
    for entry in facts.emendations:
        if entry.kind == LACUNA_ROLE and any(siglum in r.sigla for r in entry.readings):
            begin = Place(entry.page, entry.line)
            yield _("{}–{}").format(begin, entry.end) if entry.end else _("from {}").format(begin)
