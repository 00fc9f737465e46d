"""The front matter: cover, title page, about this book, and a title page for each text.

All content comes from the record and the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.model.readings import collapse_space
from tei_export.outputs.epub.xhtml import XhtmlDocument, paragraphs, tagged, text_lang_attrs
from tei_export.shared.elements import EMPTY, NEWLINE, element, empty, esc, join, on_line
from tei_export.shared.imprint import citation, version
from tei_export.shared.labels import _, count, doubts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from tei_export.model.edition import Text
    from tei_export.model.metadata import Metadata
    from tei_export.source.facts import Facts

COVER, TITLE, ABOUT = "cover.xhtml", "title.xhtml", "about.xhtml"
COVER_IMAGE = "cover.png"


def text_path(text: Text) -> str:
    """Return the path of a text's title page."""
    return f"texts/{text.id}.xhtml"


@dataclass(frozen=True, slots=True)
class EpubFrontMatter:
    """The front matter of the book. ``facts``: of every part, by text."""

    meta: Metadata
    texts: Sequence[Text]
    facts: Mapping[str, Sequence[Facts]]
    fonts: Sequence[tuple[str, str]] = ()
    """family and licence of the fonts that the record names"""
    volume: str = ""
    """the name of the volume; empty if the book is the only one"""
    volumes: Sequence[tuple[str, Sequence[str]]] = ()
    """the names of all volumes, and the content of each"""

    def documents(self) -> Iterator[XhtmlDocument]:
        """Return cover, title page and about (the contents come between the last two)."""
        shown = f"{self.meta.full_title}. {self.volume}" if self.volume else self.meta.full_title
        alt = _("Cover: {}").format(shown)
        given = {"src": COVER_IMAGE, "alt": alt, "role": "doc-cover", "epub:type": "cover"}
        cover = on_line(element("h1", on_line(empty("img", **given)), id="head", class_="cover"))
        yield XhtmlDocument(COVER, _("Cover"), cover, matter="frontmatter", label="head")
        yield XhtmlDocument(
            TITLE,
            self.meta.title,
            self._title(),
            "titlepage",
            "frontmatter",
            "head",
            name="titlepage",
        )
        yield XhtmlDocument(
            ABOUT,
            _("About this book"),
            self._about(),
            "",
            "frontmatter",
            "head",
            name="page",
            spoken=True,
        )

    def _title(self) -> Markup:
        return join(
            (
                on_line(element("h1", tagged(self.meta.title), id="head")),
                on_line(element("p", tagged(self.meta.subtitle), class_="subtitle")),
                self._which_volume(),
                on_line(empty("hr")),
                on_line(element("p", self.meta.publisher, class_="editors")),
                on_line(element("p", version(self.meta), class_="version")),
            )
        )

    def _which_volume(self) -> Markup:
        if not self.volume:
            return EMPTY
        return on_line(element("p", self.volume, class_="volume", style="margin-top: 1em"))

    def text_title(self, text: Text) -> XhtmlDocument:
        """Return the title page of a text."""
        nature = ", ".join(s for s in (sentence(text_field(text, "kind")), _date(text)) if s)
        author = text_field(text, "author")
        described = [text_field(text, "description"), text_field(text, "witness_description")]
        body = join(
            (
                on_line(element("h1", tagged(text.title), id="head")),
                on_line(element("p", tagged(author), class_="author")) if author else EMPTY,
                on_line(element("p", tagged(nature), class_="subtitle")) if nature else EMPTY,
                on_line(empty("hr")),
                paragraphs(described),
            )
        )
        return XhtmlDocument(
            text_path(text), text.title, body, "part", label="head", name="texttitle"
        )

    # about

    def _about(self) -> Markup:
        caveat = {"class": "admonition", **text_lang_attrs(self.meta.language)}
        parts = [
            on_line(element("h1", _("About this book"), id="head")),
            self._own(paragraphs([self.meta.description])),
            on_line(element("div", element("p", tagged(self.meta.caveat)), **caveat)),
            self._section(_("The volumes"), self._volumes()) if self.volume else EMPTY,
            self._section(_("How to read it"), self._signs()),
            self._doubts(),
            self._section(_("How to cite it"), self._cite()),
            self._section(_("Accessibility"), paragraphs([accessibility_summary(self.meta)])),
            self._section(_("Rights"), self._own(self._rights())),
            self._section(_("Typeface"), paragraphs([_(
                "Libertinus Serif, embedded in this book under the SIL Open Font License 1.1; the licence is in the "
                "file fonts/OFL.txt of the package."
            ), *(f"{family}: {licence}." for family, licence in self.fonts)])),
        ]  # fmt: skip
        return join(parts)

    def _volumes(self) -> Markup:
        """Return the list of the volumes, each with its content."""
        own = text_lang_attrs(self.meta.language)
        items = EMPTY
        for name, contents in self.volumes:
            said = join((element("span", tagged(words), **own) for words in contents), "; ")
            shown = element("em", name) if name == self.volume else name
            items += on_line(element("dt", shown), element("dd", said))
        return on_line(element("dl", NEWLINE, items, class_="volumes"))

    def _doubts(self) -> Markup:
        """Return the open doubts of the ledgers, page by page; empty if there are none."""
        items = EMPTY
        own = text_lang_attrs(self.meta.language)
        for text in self.texts:
            for page, words in doubts(
                text, [page for facts in self.facts[text.id] for page in facts.pages]
            ):
                said = element("span", tagged("; ".join(words)), **own)
                items += on_line(element("dt", _("p."), " ", page), element("dd", said))
        if not items:
            return EMPTY
        listed = on_line(element("dl", NEWLINE, items, class_="doubts"))
        return self._section(_("Open doubts"), listed)

    def _own(self, content: Markup) -> Markup:
        """Mark the edition's own words within interface text."""
        marked = text_lang_attrs(self.meta.language)
        return on_line(element("div", content, **marked)) if marked else content

    def _section(self, title: str, content: Markup) -> Markup:
        return on_line(element("section", NEWLINE, on_line(element("h2", title)), content))

    def _signs(self) -> Markup:
        """Return the signs that occur in the text."""
        sigla = ", ".join(dict.fromkeys(text.siglum for text in self.texts))
        signs: list[tuple[object, str]] = list(self._notes_and_pages())
        if any(facts.emendations for all_ in self.facts.values() for facts in all_):
            sample = (element("b", _("lemma")), "] ", _("reading"), " ", element("i", "O"))
            signs += [
                (element("span", _("word"), class_="ap sic sample"),
                 _("the edition differs from its source here: the word links to the entry in the apparatus, and "
"the entry links back")),
                ("°", _("the same, where no word remains: something was omitted")),
                (element("span", _("words"), class_="ap supplied sample"),
                 _("words that the source has lost, supplied by conjecture")),
                ("[…]", _("a loss that cannot be filled; other square brackets in the text are the author’s")),
                (join(("17.12 ", *sample)),
                 _("on page 17, line 12 of the original, the edition has “lemma” where {} has “reading”. Unless "
"the apparatus says otherwise, the reading is certain and the editors judged it").format(sigla)),
                (element("i", "T"), _("the original, as restored from {}").format(sigla)),
            ]  # fmt: skip
        items = join(on_line(element("dt", sign), element("dd", said)) for sign, said in signs)
        return on_line(element("dl", NEWLINE, items, class_="signs"))

    def _notes_and_pages(self) -> Iterator[tuple[object, str]]:
        if self._number("pages"):
            yield (
                "[17]",
                _(
                    "a page of the original begins: in this book {}. Your e-reader can go to a page by its number; "
                    "numbers in italics are missing from the source"
                ).format(count(self._number("pages"), _("page"), _("pages"))),
            )
        if self._number("authorial"):
            yield (
                element("span", "1", class_="nr"),
                _("a note of the author, numbered as in the original"),
            )
        if self._number("editorial"):
            yield element("span", "a", class_="nr ed"), _("a note of the editors")

    def _number(self, of: str) -> int:
        every = [facts for all_ in self.facts.values() for facts in all_]
        return sum(len(f.pages) if of == "pages" else f.notes.get(of, 0) for f in every)

    def _cite(self) -> Markup:
        url = (
            f"https://doi.org/{self.meta.identifier}"
            if self.meta.identifier
            else self.meta.base_url
        )
        shown = [tagged(citation(self.meta))]
        if url.startswith(("http://", "https://")):
            shown += [esc(" "), element("a", url, href=url)]
        place = ""
        if self._number("pages"):
            place = _(
                "Cite places by page and line of the original (p. 17, l. 12): these numbers are the same in "
                "every form of this edition. The page numbers of your e-reader are not."
            )
        cited = on_line(element("p", *shown))
        return on_line(element("div", cited, class_="citation")) + paragraphs([place])

    def _rights(self) -> Markup:
        items = EMPTY
        for right in self.meta.rights:
            name = esc(right.name)
            if right.uri.startswith(("http://", "https://")):
                name = element("a", name, href=right.uri)
            items += on_line(element("p", tagged(right.statement), " ", name))
        return items


def accessibility_summary(meta: Metadata) -> str:
    """Return the accessibility summary, for the package and the book."""
    said = _(
        "This book is text only; its one picture, the cover, is described. Headings, notes, page breaks "
        "and languages are marked for assistive technology; every note and every entry of the apparatus "
        "links back to its place; colour carries no meaning; fonts, sizes and colours can be changed."
    )
    if meta.certified_by:
        return f"{said} " + _("It was evaluated by {}.").format(meta.certified_by)
    return f"{said} " + _(
        "Programs have checked it against EPUB Accessibility 1.1 and those rules of WCAG 2.2 level AA "
        "that programs can check. No person has certified it, and it claims no conformance."
    )


def text_field(text: Text, name: str) -> str:
    """Return a field of a text's record as one line; empty if it is missing."""
    value = text.data.get(name)
    return collapse_space(str(value)) if isinstance(value, (str, int, float)) else ""


def sentence(text: str) -> str:
    """Return ``text`` with a capital first letter."""
    return text[:1].upper() + text[1:]


def _date(text: Text) -> str:
    value = text.data.get("date")
    return collapse_space(str(value.get("text", "") if isinstance(value, Mapping) else value or ""))


def page_source(text: Text) -> str:
    """Describe the source of the page breaks in words: it has no identifier."""
    return ", ".join(s for s in (text.title, text_field(text, "kind"), _date(text)) if s)
