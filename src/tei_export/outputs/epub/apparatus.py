"""The apparatus of a part as a document: ``17.12 lemma] reading O``, by page and line.

An entry states only what is unusual. The head of the document says that readings are certain and
judged by the editors unless stated otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.i18n import terms
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.outputs.epub.writer import apparatus_path, part_path
from tei_export.outputs.epub.xhtml import XhtmlDocument, link, semantic, tagged, text_lang_attrs
from tei_export.shared.apparatus import nothing, of_part, rule
from tei_export.shared.labels import _, esc, isolated, way

if TYPE_CHECKING:
    from tei_export.model.apparatus import Emendation, Reading
    from tei_export.model.edition import Part, Text
    from tei_export.shared.apparatus import Apparatus
    from tei_export.source.facts import Facts


class EpubApparatusWriter:
    """Writes the apparatus of one part."""

    def __init__(self, text: Text, part: Part, facts: Facts, lang: str = "") -> None:
        self.text, self.part = text, part
        self.found = of_part(facts)
        self.path, self.target = apparatus_path(part.doc), part_path(part.doc)
        self.variant = text_lang_attrs(lang)

    @property
    def title(self) -> str:
        return _("Apparatus: {}").format(self.part.title)

    def document(self) -> XhtmlDocument:
        """Return all entries, in the order of pages and lines."""
        pages = "".join(self._page(page, entries) for page, entries in self.found.pages())
        lead = f'<p class="lead">{esc(rule(self.text))}.</p>\n' if self.found.folded else ""
        head = f'<h1 id="head">{esc(_("Apparatus"))} <span class="of"{self.variant}>{esc(self.part.title)}</span></h1>\n'
        name = "apparatus" if self.text.witness.pages else "apparatus unpaged"
        return XhtmlDocument(
            self.path,
            self.title,
            f"{head}{lead}{pages}",
            matter="backmatter",
            label="head",
            name=name,
            spoken=True,
        )

    def _page(self, page: str, apparatus: Apparatus) -> str:
        head = ""
        if page:
            target = link(self.path, self.target, Place(page).anchor)
            head = f'<h2><a href="{target}">{esc(_("Page {}").format(page))}</a></h2>\n'
        shown = "".join(self._entry(e) for e in apparatus.shown)
        if not apparatus.folded:
            return head + shown
        lead = terms.counted("glyph", len(apparatus.folded))
        items = "; ".join(
            f"<span{self._own(e)}>{self._place(e)} {self._readings(e)}</span>"
            for e in apparatus.folded
        )
        return f'{head}{shown}<p class="marks">{esc(lead)}: {items}.</p>\n'

    def _entry(self, entry: Emendation) -> str:
        said = "; ".join(s for s in self._remarks(entry) if s)
        return (
            f'<p class="entry"{self._own(entry)}{semantic("footnote")}>{self._place(entry)} '
            f'{self._readings(entry)} <span class="said">({said})</span></p>\n'
        )

    def _own(self, entry: Emendation) -> str:
        return f' id="entry-{esc(entry.xml_id)}"'

    def _place(self, entry: Emendation) -> str:
        place = str(entry.place)
        name = _("{}, back to the text").format(place)
        attributes = "" if entry.small else semantic("backlink")
        return (
            f'<a class="loc" href="{link(self.path, self.target, entry.xml_id)}"{attributes} '
            f'aria-label="{esc(name)}">{esc(place)}</a>'
        )

    def _readings(self, entry: Emendation) -> str:
        readings = "; ".join(
            f'{self._reading(entry, r)} <i class="siglum">{esc(r.siglum)}</i>'
            for r in entry.readings
        )
        lemma = (
            _words(entry.lemma, entry.lang, self.variant)
            if entry.lemma.strip()
            else _said(_("nothing"))
        )
        return f'<b class="lemma">{lemma}</b>] {readings}'

    def _reading(self, entry: Emendation, reading: Reading) -> str:
        said = nothing(entry, reading)
        return _said(said) if said else _words(reading.text, entry.lang, self.variant)

    def _remarks(self, entry: Emendation) -> list[str]:
        return [
            esc(terms.one_of(entry.type)),
            esc(terms.certainty(entry.cert)) if entry.cert != "high" else "",
            esc(terms.who(entry.resp)) if entry.resp != "ed" else "",
            tagged(collapse_space(entry.why), entry.lang),
        ]


def _said(words: str) -> str:
    return f"<em>{esc(words)}</em>"


def _words(text: str, lang: str, own: str) -> str:
    own = own or isolated(text, lang, way())
    return f"<span{own}>{tagged(text, lang)}</span>" if own else tagged(text, lang)
