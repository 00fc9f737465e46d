"""The apparatus of a part as a document: ``17.12 lemma] reading O``, by page and line.

What is said of an entry is what is not usual: certain readings, and the editors as those
who judged, go without saying (the head says so).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.readings import fold
from tei_export.outputs.epub.inline import is_minor
from tei_export.outputs.epub.writer import apparatus_path, part_path
from tei_export.outputs.epub.xhtml import Document, link, semantic, tagged, within
from tei_export.shared.labels import _, certainty, count, esc, kind, witness
from tei_export.source.nodes import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.edition import Part, Text
    from tei_export.source.facts import Emendation, Facts

#: The siglum of the restored original.
RESTORED = "T"


class ApparatusWriter:
    """Writes the apparatus of one part."""

    def __init__(self, text: Text, part: Part, facts: Facts, doctree: nodes.document, lang: str = "") -> None:
        self.text, self.part, self.facts = text, part, facts
        self.path, self.target = apparatus_path(part.doc), part_path(part.doc)
        self.own = within(lang)
        self.languages = {
            m["xml_id"]: _language(m) for m in doctree.findall(mark) if "xml_id" in m
        }

    @property
    def title(self) -> str:
        return _("Apparatus: {}").format(self.part.title)

    def document(self) -> Document:
        """All entries, in the order of pages and lines."""
        order = {page: n for n, page in enumerate(self.facts.pages)}
        entries = sorted(self.facts.emendations, key=lambda e: (order.get(e.page, -1), e.line))
        pages = "".join(
            self._page(page, list(group)) for page, group in groupby(entries, key=lambda e: e.page)
        )
        head = f'<h1 id="head">{esc(_("Apparatus"))} <span class="of"{self.own}>{esc(self.part.title)}</span></h1>\n'
        name = "apparatus" if self.text.witness.pages else "apparatus unpaged"
        return Document(self.path, self.title, f"{head}{pages}", matter="backmatter", label="head", name=name, spoken=True)

    def _page(self, page: str, entries: Sequence[Emendation]) -> str:
        head = ""
        if page:
            target = link(self.path, self.target, Place(page).anchor)
            head = f'<h2><a href="{target}">{esc(_("Page {}").format(page))}</a></h2>\n'
        shown = "".join(self._entry(e) for e in entries if not _minor(e))
        marks = [e for e in entries if _minor(e)]
        if not marks:
            return head + shown
        lead = count(len(marks), _("typewriter mark misread"), _("typewriter marks misread"))
        items = "; ".join(f"<span{self._own(e)}>{self._place(e)} {self._readings(e)}</span>" for e in marks)
        return f'{head}{shown}<p class="marks">{esc(lead)}: {items}.</p>\n'

    def _entry(self, entry: Emendation) -> str:
        said = "; ".join(s for s in self._said(entry) if s)
        return (
            f'<p class="entry"{self._own(entry)}{semantic("footnote")}>{self._place(entry)} '
            f'{self._readings(entry)} <span class="said">({said})</span></p>\n'
        )

    def _own(self, entry: Emendation) -> str:
        return f' id="entry-{esc(entry.xml_id)}"'

    def _place(self, entry: Emendation) -> str:
        place = str(Place(entry.page, entry.line))
        name = _("{}, back to the text").format(place)
        attributes = "" if _minor(entry) else semantic("backlink")
        return (
            f'<a class="loc" href="{link(self.path, self.target, entry.xml_id)}"{attributes} '
            f'aria-label="{esc(name)}">{esc(place)}</a>'
        )

    def _readings(self, entry: Emendation) -> str:
        siglum = RESTORED if entry.kind == "sic" else self.text.siglum
        lang = self.languages.get(entry.xml_id, "")
        return (
            f'<b class="lemma">{_reading(entry.lemma, lang, self.own)}</b>] '
            f'{_reading(entry.source, lang, self.own)} <i class="siglum">{esc(siglum)}</i>'
        )

    def _said(self, entry: Emendation) -> list[str]:
        return [
            esc(kind(entry, witness(self.text))),
            esc(certainty(entry)) if entry.cert != "high" else "",
            esc(_("by a program, not reviewed")) if entry.resp == "auto" else "",
            tagged(fold(entry.why), self.languages.get(entry.xml_id, "")),
        ]


def _minor(entry: Emendation) -> bool:
    return is_minor(entry.type, entry.cert, entry.resp, entry.why)


def _language(node: mark) -> str:
    """The language of the other script in or around a mark."""
    for found in node.findall(mark):
        if found.get("lang"):
            return str(found["lang"])
    parent = node.parent
    while parent is not None:
        if parent.get("lang"):
            return str(parent["lang"])
        parent = parent.parent
    return ""


def _reading(text: str, lang: str, own: str) -> str:
    if not text.strip():
        return f"<em>{esc(_('nothing'))}</em>"
    return f"<span{own}>{tagged(text, lang)}</span>" if own else tagged(text, lang)
