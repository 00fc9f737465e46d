"""The citation of a page: styles, formats, meta tags, and the text of an error report.

This module provides data; ``theme/cite.html`` and ``theme/meta.html`` render it. A place within a
page is only known once a reader selects it. Every citation is therefore also made with
:data:`SENTINEL` as its place, which ``cite.js`` replaces by page and line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from tei_export.model.metadata import Metadata, metadata
from tei_export.model.places import Place
from tei_export.outputs.html.page_status import PageStatus, page_status
from tei_export.shared import citations, labels
from tei_export.shared.elements import EMPTY, element
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from markupsafe import Markup
    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.shared.citations import Item

#: A page (or line) that no text has; citeproc-py treats it as a number.
SENTINEL = "99999"
#: Placeholders for the name and the id of the chosen witness: plain letters, which no format
#: changes.
NAME, ID = "xWitnessNamex", "xWitnessIdx"
_STYLES = {"chicago": "Chicago", "mla": "MLA", "apa": "APA"}
_FORMATS = (
    ("bibtex", "BibTeX", "bib", citations.bibtex),
    ("ris", "RIS", "ris", citations.ris),
    ("csl", "CSL-JSON", "json", citations.csl_json),
)
#: How each format writes the name of a witness.
_WRITTEN = {"bibtex": citations.in_bibtex, "ris": citations.in_ris, "csl": citations.in_json}


class _AnyWitness(NamedTuple):
    """Stands for the witness that a reader will choose."""

    id: str = ID
    label: str = NAME


@dataclass(frozen=True, slots=True)
class StyledCitation:
    """A citation in a style, as HTML; ``pinned`` contains the sentinel as its place."""

    name: str
    label: str
    html: Markup
    pinned: Markup
    versed: Markup
    """with the sentinel as the number of a line of verse; empty where no line has one"""


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """A citation in a file format; ``ending`` is the file name extension."""

    name: str
    label: str
    ending: str
    text: str
    pinned: str
    versed: str
    witnessed: dict[str, str]
    """of a witness: the page (``whole``), a place in it (``placed``), a line of verse (``verse``)"""


@dataclass(frozen=True, slots=True)
class CiteDrawer:
    """The content of the drawer *Cite* on a page."""

    id: str
    styles: tuple[StyledCitation, ...]
    formats: tuple[CitationFormat, ...]
    version: str
    caveat: str
    page: str
    """path of the page from the site's root"""
    permalink: str
    versioned: str
    """the same in this version, if the record has a permanent address for it"""
    doi: str
    report_to: str
    paged: bool
    placed: bool
    """the page belongs to a text, so places in it can be cited"""
    witnesses: dict[str, dict[str, str]]
    """the id of each readable witness → its name in each format"""
    status: PageStatus

    @property
    def versed(self) -> bool:
        """Whether lines of the page are cited by their numbers as verse."""
        return any(style.versed for style in self.styles)

    @property
    def data(self) -> str:
        """Return the data for ``cite.js``: JSON that is safe inside a script element."""
        value = {
            "sentinel": SENTINEL,
            "paged": self.paged,
            "page": self.page,
            "permalink": self.permalink,
            "versioned": self.versioned,
            "version": self.version,
            "caveat": self.caveat,
            "reportTo": self.report_to,
            "styles": {s.name: s.pinned for s in self.styles if self.placed},
            "formats": {f.name: f.pinned for f in self.formats if self.placed},
            "verseStyles": {s.name: s.versed for s in self.styles if s.versed},
            "verseFormats": {f.name: f.versed for f in self.formats if f.versed},
            "words": script_words(),
            "status": self.status.data if self.placed else None,
        }
        if self.witnesses:
            value |= {
                "witnesses": self.witnesses,
                "witnessFormats": {f.name: f.witnessed for f in self.formats},
                "witnessName": NAME,
                "witnessId": ID,
            }
        shown = json.dumps(value, ensure_ascii=False, sort_keys=True)
        return shown.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def script_words() -> dict[str, str]:
    """Return the words that ``cite.js`` shows; {} stands for a value."""
    return {
        "line": _("{}, l. {}"),
        "lines": _("{}, ll. {}–{}"),
        "span": _("{}, l. {} – {}, l. {}"),
        "doubts": _("open doubts: {}"),
        "toWhole": _("Cite the whole chapter"),
        "verse": _("Verse {}"),
        "paragraph": _("{} (§\N{NO-BREAK SPACE}{})"),
        "paragraphs": _("{} (§§\N{NO-BREAK SPACE}{}–{})"),
        "selection": _("Selected words: {}"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "witness": _("Read in the text of {}."),
        "subject": _("Error in {}, {}"),
        "report": _("Place: {}\nVersion: {}\nThe edition reads: {}\nIt should read: \nReason: \n"),
    }


def cite_drawer(app: Sphinx, pagename: str, meta: Metadata) -> CiteDrawer:
    """Return the citation of the page ``pagename``: a part of a text, or the whole edition."""
    edition = domain_of(app.env).edition
    text_and_part = edition.part_of(pagename)
    whole, pinned = _items(edition, meta, text_and_part)
    versed = _verse_item(app, meta, pagename)
    read = text_and_part[0].readable if text_and_part else ()
    of_witness = _of_witness(meta, text_and_part, versed=versed is not None)
    version = _("Version {} ({})").format(meta.version, labels.status(meta.status))
    caveat = meta.caveat_of(text_and_part[0] if text_and_part else None)
    shown = partial(_styled, version=version, caveat=caveat)
    page = app.builder.get_target_uri(pagename)
    return CiteDrawer(
        id=str(whole["id"]),
        styles=tuple(
            StyledCitation(
                name,
                label,
                shown(whole, name),
                shown(pinned, name),
                shown(versed, name) if versed else EMPTY,
            )
            for name, label in _STYLES.items()
        ),
        formats=tuple(
            CitationFormat(
                name,
                label,
                ending,
                write([whole]),
                write([pinned]),
                write([versed]) if versed else "",
                {kind: write([item]) for kind, item in of_witness.items()},
            )
            for name, label, ending, write in _FORMATS
        ),
        version=version,
        caveat=caveat,
        page=page,
        permalink=meta.permalink(page) if meta.base_url else "",
        versioned=f"{meta.version_url}{page}" if meta.base_url and meta.version_url else "",
        doi=meta.doi_url,
        report_to=meta.report_to if meta.report_to.startswith(("https:", "mailto:")) else "",
        paged=bool(text_and_part and text_and_part[0].witness.pages),
        placed=text_and_part is not None,
        status=page_status(text_and_part[0], domain_of(app.env).facts_for(pagename).pages)
        if text_and_part
        else PageStatus(),
        witnesses={w.id: {name: write(w.label) for name, write in _WRITTEN.items()} for w in read},
    )


def _styled(item: Item, style: str, *, version: str, caveat: str) -> Markup:
    """Return a citation with the caveat, and with the version if the style omits it."""
    shown = _rendered(json.dumps(item, sort_keys=True), style)
    more = caveat if f"ersion {item['version']}" in shown else f"{version}. {caveat}"
    return shown + " " + element("span", more, class_="more")


@lru_cache(maxsize=512)
def _rendered(item: str, style: str) -> Markup:
    """Render an item given as JSON; cached, because most pages cite the whole edition."""
    return citations.render(json.loads(item), style)


def _items(
    edition: Edition, meta: Metadata, text_and_part: tuple[Text, Part] | None
) -> tuple[Item, Item]:
    if text_and_part is None:
        item = citations.edition_item(meta)
        return item, item
    text, part = text_and_part
    place = _any_place(text)
    return citations.edition_item(meta, text, part), citations.edition_item(meta, text, part, place)


def _any_place(text: Text) -> Place:
    return Place(SENTINEL) if text.witness.pages else Place("", int(SENTINEL))


def _of_witness(
    meta: Metadata, text_and_part: tuple[Text, Part] | None, *, versed: bool
) -> dict[str, Item]:
    """Return the citations of a page in the text of a witness; none if no witness is readable."""
    if text_and_part is None or not text_and_part[0].readable:
        return {}
    text, part = text_and_part
    places = {"whole": None, "placed": _any_place(text)}
    if versed:
        places["verse"] = Place("", int(SENTINEL))
    return {
        kind: citations.edition_item(meta, text, part, place, _AnyWitness())
        for kind, place in places.items()
    }


def _verse_item(app: Sphinx, meta: Metadata, pagename: str) -> Item | None:
    """Return the citation of a line of verse by its number; None if the page has none."""
    domain = domain_of(app.env)
    text_and_part = domain.edition.part_of(pagename)
    if text_and_part is None or not domain.facts_for(pagename).verses:
        return None
    return citations.edition_item(meta, *text_and_part, Place("", int(SENTINEL)))


def meta_tags(
    edition: Edition, meta: Metadata, pagename: str, address: str, shown: tuple[str, str]
) -> list[tuple[str, str, str]]:
    """Return (attribute, name, content) of the ``meta`` elements of a page.

    Reference managers read ``citation_*`` (Zotero, Google Scholar), link previews read Open Graph.

    :param address: the permanent address of the page
    :param shown: title and description of the page
    """
    text_and_part = edition.part_of(pagename)
    title = text_and_part[1].title if text_and_part else meta.full_title
    tags = [
        ("name", "citation_title", title),
        *(("name", "citation_editor", name) for name in meta.creators),
        ("name", "citation_publication_date", meta.date.replace("-", "/")),
        ("name", "citation_publisher", meta.publisher),
        ("name", "citation_language", meta.language),
    ]
    if text_and_part:
        tags += [
            (
                "name",
                "citation_inbook_title",
                _container(citations.edition_item(meta, *text_and_part)),
            )
        ]
        author = str(text_and_part[0].data.get("author") or "")
        tags += [("name", "citation_author", author)] if author else []
    if meta.identifier:
        tags.append(("name", "citation_doi", meta.identifier))
    if meta.base_url:
        tags.append(("name", "citation_public_url", meta.permalink(address)))
    tags += [
        ("property", "og:type", "article" if text_and_part else "website"),
        ("property", "og:title", shown[0]),
        ("property", "og:site_name", meta.title),
        ("property", "og:description", shown[1]),
        ("property", "og:locale", meta.language),
    ]
    if meta.base_url:
        tags.append(("property", "og:url", meta.permalink(address)))
    return [(kind, name, " ".join(content.split())) for kind, name, content in tags]


def coins(item: Item) -> str:
    """Return the citation as an OpenURL context object, for the title of a COinS ``span``.

    Source: Z39.88-2004; ocoins.info.
    """
    pairs: list[tuple[str, Any]] = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
    ]
    part = item["type"] == "chapter"
    pairs += [("rft.genre", "bookitem" if part else "book")]
    pairs += (
        [("rft.atitle", item["title"]), ("rft.btitle", _container(item))]
        if part
        else [("rft.btitle", item["title"])]
    )
    pairs += [_coins_name(name) for role in ("author", "editor") for name in item.get(role, ())]
    pairs += [("rft.edition", f"Version {item['version']}"), ("rft.language", item["language"])]
    pairs += [
        ("rft.date", "-".join(f"{n:02}" for n in item["issued"]["date-parts"][0])),
        ("rft.pub", item["publisher"]),
    ]
    pairs += [("rft_id", item["URL"])] if "URL" in item else []
    return "&".join(f"{name}={quote(str(value), safe='')}" for name, value in pairs)


def _coins_name(name: dict[str, str]) -> tuple[str, str]:
    """Return a name: a person's in two parts, a body's undivided."""
    if "literal" in name:
        return "rft.aucorp", name["literal"]
    return "rft.au", f"{name.get('family', '')}, {name.get('given', '')}"


def _container(item: Item) -> str:
    """Return the container of a part: its text, in the edition."""
    outer = item.get("collection-title", "")
    return f"{item['container-title']}, in: {outer}" if outer else str(item["container-title"])


def page_item(app: Sphinx, pagename: str) -> Item:
    """Return the CSL item of a page."""
    edition = domain_of(app.env).edition
    return _items(edition, metadata(edition), edition.part_of(pagename))[0]
