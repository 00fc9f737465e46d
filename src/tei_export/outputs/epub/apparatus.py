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
from tei_export.shared.apparatus import empty_reading_words, folding_rule, of_part, remarks
from tei_export.shared.elements import EMPTY, Attributes, element, esc, join, on_line
from tei_export.shared.labels import _, isolated, text_direction
from tei_export.shared.reading_marks import marked, signs

if TYPE_CHECKING:
    from markupsafe import Markup

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
        """The title of the document."""
        return _("Apparatus: {}").format(self.part.title)

    def document(self) -> XhtmlDocument:
        """Return all entries, in the order of pages and lines."""
        pages = join(self._page(page, entries) for page, entries in self.found.pages())
        told = signs(self.found.entries)
        said = [
            f"{folding_rule(self.text)}." if self.found.folded else "",
            _("In readings: {}").format(told) + "." if told else "",
        ]
        lead = join(on_line(element("p", words, class_="lead")) for words in said if words)
        of = element("span", self.part.title, class_="of", **self.variant)
        head = on_line(element("h1", _("Apparatus"), " ", of, id="head"))
        name = "apparatus" if self.text.witness.pages else "apparatus unpaged"
        return XhtmlDocument(
            self.path,
            self.title,
            head + lead + pages,
            matter="backmatter",
            label="head",
            name=name,
            spoken=True,
        )

    def _page(self, page: str, apparatus: Apparatus) -> Markup:
        head = EMPTY
        if page:
            target = link(self.path, self.target, Place(page).anchor)
            head = on_line(element("h2", element("a", _("Page {}").format(page), href=target)))
        shown = join(self._entry(e) for e in apparatus.shown)
        if not apparatus.folded:
            return head + shown
        lead = terms.counted("glyph", len(apparatus.folded))
        items = join(
            (
                element("span", self._place(e), " ", self._readings(e), id=_id(e))
                for e in apparatus.folded
            ),
            "; ",
        )
        return head + shown + on_line(element("p", lead, ": ", items, ".", class_="marks"))

    def _entry(self, entry: Emendation) -> Markup:
        remarks = join((s for s in self._remarks(entry) if s), "; ")
        said = element("span", "(", remarks, ")", class_="said") if remarks else EMPTY
        given = {"class": "entry", "id": _id(entry), **semantic("footnote")}
        content = (self._place(entry), " ", self._readings(entry), " ", said)
        return on_line(element("p", *content, **given))

    def _place(self, entry: Emendation) -> Markup:
        name = _("{}, back to the text").format(entry.span)
        target = {"href": link(self.path, self.target, entry.xml_id)}
        kind = {} if entry.small else semantic("backlink")
        return element("a", entry.span, class_="loc", **target, **kind, aria_label=name)

    def _readings(self, entry: Emendation) -> Markup:
        readings = join(
            (
                join(
                    (
                        self._reading(entry, r),
                        " ",
                        element("i", r.siglum, class_="siglum"),
                        _said_of(entry, r),
                    )
                )
                for r in entry.readings
            ),
            "; ",
        )
        said, words = terms.lemma_words(entry)
        lemma = _words(words, entry.lang, self.variant) if words else EMPTY
        if said:
            lemma = join((element("em", said), " " if words else "", lemma))
        return join((element("b", lemma, class_="lemma"), "] ", readings))

    def _reading(self, entry: Emendation, reading: Reading) -> Markup:
        said = empty_reading_words(entry, reading)
        if said:
            return element("em", said)
        if reading.pieces:
            content = marked(reading.pieces, lambda text: tagged(text, entry.lang))
            return _element(content, reading.text, entry.lang, self.variant)
        return _words(reading.text, entry.lang, self.variant)

    def _remarks(self, entry: Emendation) -> list[Markup]:
        return [
            EMPTY if entry.several else esc(terms.singular(entry.type, entry.cert)),
            *map(esc, terms.value_words(entry.said)),
            esc(terms.certainty(entry.cert)) if entry.cert != "high" else EMPTY,
            esc(terms.responsible_words(entry.resp)) if entry.resp != "ed" else EMPTY,
            tagged(collapse_space(entry.why), entry.lang),
        ]


def _said_of(entry: Emendation, reading: Reading) -> str:
    """Return the remarks on one reading among several witnesses, without those that its words imply
    (*omitted*)."""
    obvious = empty_reading_words(entry, reading) or not entry.lemma.strip()
    kind = "" if obvious else terms.variant_class(reading.type)
    said = ", ".join(words for words in (kind, *remarks(reading)) if words)
    return f" ({said})" if said else ""


def _id(entry: Emendation) -> str:
    return f"entry-{entry.xml_id}"


def _words(text: str, lang: str, own: Attributes) -> Markup:
    return _element(tagged(text, lang), text, lang, own)


def _element(content: Markup, text: str, lang: str, own: Attributes) -> Markup:
    own = own or isolated(text, lang, text_direction())
    return element("span", content, **own) if own else content
