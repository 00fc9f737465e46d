"""Write the registers as an index: entries with descriptions and original pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.i18n.formats import sort_key
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.registers import heading
from tei_export.outputs.epub.writer import part_path
from tei_export.outputs.epub.xhtml import XhtmlDocument, link, tagged
from tei_export.shared.dates import human_date
from tei_export.shared.labels import _, esc, index_of
from tei_export.shared.mentions import mentioned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.model.edition import Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.source.facts import EditionDomain, Mention


@dataclass(frozen=True, slots=True)
class Locator:
    """A locator of the index: ``17``, or ``17n5`` if only the author's note 5 contains the name."""

    label: str
    name: str
    document: str
    anchor: str


class EpubIndexWriter:
    """Writes one document for every register that the texts mention."""

    def __init__(self, domain: EditionDomain, own: str = "") -> None:
        self.own = own
        self.edition = domain.edition
        self.keys = mentioned(domain)
        self.parts = {p.doc: (n, t) for n, (t, p) in enumerate(
            (t, p) for t in self.edition.texts.values() for p in t.parts
        )}  # fmt: skip
        self.mentions: dict[tuple[str, str], list[Mention]] = defaultdict(list)
        for mention in domain.mentions():
            if mention.docname in self.parts:
                self.mentions[mention.register, mention.key].append(mention)

    def documents(self) -> Iterator[XhtmlDocument]:
        """Yield the document of each register, with its entries in alphabetical order."""
        for name, keys in self.keys.items():
            entries = [self.edition.registers[name].entries[key] for key in keys]
            yield self._register(name, sorted(entries, key=lambda e: (sort_key(heading(e)), e.key)))

    def _register(self, name: str, entries: list[RegisterEntry]) -> XhtmlDocument:
        path = f"index/{name}.xhtml"
        title = index_of(name)
        lead = _("Numbers are pages of the original; 17n5 is note 5 on page 17.")
        parts, letter = [], ""
        for entry in entries:
            first = (sort_key(heading(entry)) or "?")[0].upper()
            if first != letter:
                parts.append(
                    f'{"</ul>" if letter else ""}\n<h2>{esc(first)}</h2>\n<ul class="index">\n'
                )
                letter = first
            parts.append(self._entry(path, entry))
        body = f'<h1 id="head">{esc(title)}</h1>\n<p class="lead">{esc(lead)}</p>{"".join(parts)}</ul>\n'
        return XhtmlDocument(
            path, title, body, "index", "backmatter", "head", name="register", spoken=True
        )

    def _entry(self, path: str, entry: RegisterEntry) -> str:
        found = " ".join(
            f'<a href="{link(path, at.document, at.anchor)}" aria-label="{esc(at.name)}">{esc(at.label)}</a>'
            for at in self._locators(entry)
        )
        head = f"<span{self.own}>{_head(entry)}</span>" if self.own else _head(entry)
        return f'<li id="{esc(entry.xml_id)}">{head} <span class="locators">{found}</span></li>\n'

    def _locators(self, entry: RegisterEntry) -> Iterator[Locator]:
        """Yield each page once, at its first line with the name; without pages, yield lines."""
        seen: set[tuple[str, str]] = set()
        mentions = self.mentions[entry.register, entry.key]
        in_text = {(m.docname, m.page) for m in mentions if not m.note and m.page}
        for m in mentions:
            text = self.parts[m.docname][1]
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


def _short(text: Text) -> str:
    """Return the name of a text without pages in the index."""
    return str(text.data.get("kind") or text.title)


def _head(entry: RegisterEntry) -> str:
    """Return name, dates and description; for a work, author and imprint."""
    if entry.register == "works":
        author = entry.text("author")
        title = f"“<cite>{tagged(entry.name)}</cite>”"
        if entry.text("type") == "book":
            title = f'<cite class="book">{tagged(entry.name)}</cite>'
        name = f"{tagged(author)}, {title}" if author else title
        imprint = ", ".join(s for s in (entry.text("publisher"), entry.text("year")) if s)
        return f"<b>{name}</b>" + (f" ({tagged(imprint)})" if imprint else "")
    dates = entry.text("dates") or human_date(entry.text("date"))
    said = (
        f' <span class="gloss">{tagged(collapse_space(entry.text("gloss")))}</span>'
        if entry.text("gloss")
        else ""
    )
    return f"<b>{tagged(entry.name)}</b>" + (f" ({tagged(dates)})" if dates else "") + said
