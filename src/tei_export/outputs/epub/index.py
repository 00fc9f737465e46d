"""Write the registers as an index: entries with descriptions and original pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from tei_export.i18n.formats import sort_key
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.registers import heading
from tei_export.outputs.epub.writer import part_path
from tei_export.outputs.epub.xhtml import XhtmlDocument, link, tagged
from tei_export.shared.dates import human_date
from tei_export.shared.elements import EMPTY, NEWLINE, Attributes, element, join, on_line
from tei_export.shared.labels import _, index_of
from tei_export.shared.mentions import mentioned_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.source.facts import Facts, Mention

    #: Entries of a register, each with its initial letter.
    Items = list[tuple[str, Markup]]


#: Bytes of a document of the index: reading systems load a document as a whole.
LARGE = 200_000


@dataclass(frozen=True, slots=True)
class Locator:
    """A locator of the index: ``17``, or ``17n5`` if only the author's note 5 contains the name."""

    label: str
    name: str
    document: str
    anchor: str


class EpubIndexWriter:
    """Writes the registers that the ``parts`` of the book mention, each as one document or, by letters, as several."""

    def __init__(
        self,
        edition: Edition,
        parts: Sequence[tuple[Part, Facts]],
        own: Attributes | None = None,
    ) -> None:
        self.own = own or {}
        self.edition = edition
        self.texts = {part.doc: text for text in edition.texts.values() for part in text.parts}
        found = [mention for _part, facts in parts for mention in facts.mentions]
        self.keys = mentioned_by(found)
        self.mentions: dict[tuple[str, str], list[Mention]] = defaultdict(list)
        for mention in found:
            self.mentions[mention.register, mention.key].append(mention)

    def documents(self) -> Iterator[XhtmlDocument]:
        """Yield the documents of each register, with its entries in alphabetical order."""
        for name, keys in self.keys.items():
            entries = [self.edition.registers[name].entries[key] for key in keys]
            entries.sort(key=lambda e: (sort_key(heading(e)), e.key))
            first = f"index/{name}.xhtml"
            items = [(_initial(entry), self._entry(first, entry)) for entry in entries]
            pieces = divided(items)
            for number, piece in enumerate(pieces, 1):
                letters = list(dict.fromkeys((piece[0][0], piece[-1][0])))
                title = index_of(name) + (f" ({'–'.join(letters)})" if len(pieces) > 1 else "")
                path = first if number == 1 else f"index/{name}-{number}.xhtml"
                yield self._document(path, title, piece)

    def _document(self, path: str, title: str, items: Items) -> XhtmlDocument:
        lead = _("Numbers are pages of the original; 17n5 is note 5 on page 17.")
        body = on_line(element("h1", title, id="head")) + element("p", lead, class_="lead")
        for letter, group in groupby(items, key=itemgetter(0)):
            entries = join(entry for _letter, entry in group)
            body += join((NEWLINE, on_line(element("h2", letter))))
            body += element("ul", NEWLINE, entries, class_="index")
        body += NEWLINE
        return XhtmlDocument(
            path, title, body, "index", "backmatter", "head", name="register", spoken=True
        )

    def _entry(self, path: str, entry: RegisterEntry) -> Markup:
        found = join(
            (
                element("a", at.label, href=link(path, at.document, at.anchor), aria_label=at.name)
                for at in self._locators(entry)
            ),
            " ",
        )
        head = element("span", _head(entry), **self.own) if self.own else _head(entry)
        locators = element("span", found, class_="locators")
        return on_line(element("li", head, " ", locators, id=entry.xml_id))

    def _locators(self, entry: RegisterEntry) -> Iterator[Locator]:
        """Yield each page once, at its first line with the name; without pages, yield lines."""
        seen: set[tuple[str, str]] = set()
        mentions = self.mentions[entry.register, entry.key]
        in_text = {(m.docname, m.page) for m in mentions if not m.note and m.page}
        for m in mentions:
            text = self.texts[m.docname]
            note = m.note if (m.docname, m.page) not in in_text else ""
            label = f"{m.page}n{note}" if note else m.page or _("l. {}").format(m.line)
            if (m.docname, label) in seen or (m.note and not note):
                continue
            name = _("page {}").format(m.page) + (f", {_('note {}').format(note)}" if note else "")
            if not m.page:
                name = f"{_short(text)}, {label}"
                label = label if any(doc == m.docname for doc, _label in seen) else name
            seen.add((m.docname, label if m.page else _("l. {}").format(m.line)))
            yield Locator(label, name, part_path(m.docname), Place(m.page, m.line).anchor)


def divided(items: Items) -> list[Items]:
    """Divide entries into pieces of about :data:`LARGE` bytes, within a letter only if it is larger."""
    pieces: list[Items] = []
    size = 0
    for _letter, group in groupby(items, key=itemgetter(0)):
        entries = list(group)
        whole = sum(_size(entry) for entry in entries)
        if not pieces or size + whole > LARGE:
            pieces.append([])
            size = 0
        for entry in entries:
            if pieces[-1] and size + _size(entry) > LARGE:
                pieces.append([])
                size = 0
            pieces[-1].append(entry)
            size += _size(entry)
    return pieces


def _size(item: tuple[str, Markup]) -> int:
    return len(item[1].encode())


def _short(text: Text) -> str:
    """Return the name of a text without pages in the index."""
    return str(text.data.get("kind") or text.title)


def _initial(entry: RegisterEntry) -> str:
    return (sort_key(heading(entry)) or "?")[0].upper()


def _head(entry: RegisterEntry) -> Markup:
    """Return name, dates and description; for a work, author and imprint."""
    if entry.register == "works":
        author = entry.text("author")
        title = join(("“", element("cite", tagged(entry.name)), "”"))
        if entry.text("type") == "book":
            title = element("cite", tagged(entry.name), class_="book")
        name = join((tagged(author), ", ", title)) if author else title
        imprint = ", ".join(s for s in (entry.text("publisher"), entry.text("year")) if s)
        return element("b", name) + _bracketed(imprint)
    dates = entry.text("dates") or human_date(entry.text("date"))
    gloss = tagged(collapse_space(entry.text("gloss")))
    said = join((" ", element("span", gloss, class_="gloss"))) if gloss else EMPTY
    return element("b", tagged(entry.name)) + _bracketed(dates) + said


def _bracketed(words: str) -> Markup:
    return join((" (", tagged(words), ")")) if words else EMPTY
