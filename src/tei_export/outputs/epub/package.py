"""Write the container: navigation, package document, zip.

Sources: EPUB 3.3 (W3C), EPUB Accessibility 1.1. The bytes depend only on the contents: entries are
sorted, and every time stamp is the day of the edition.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup

from tei_export.model.languages import direction
from tei_export.outputs.epub.front_matter import accessibility_summary
from tei_export.outputs.epub.xhtml import XhtmlDocument, link, semantic
from tei_export.shared.archive import packed
from tei_export.shared.elements import EMPTY, NEWLINE, element, empty, join, on_line
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tei_export.model.metadata import Metadata
    from tei_export.shared.volumes import Volume

NAV, PACKAGE = "nav.xhtml", "package.opf"
_ROOT = "EPUB"
_TYPES = {
    "css": "text/css", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf", "txt": "text/plain",
    "xhtml": "application/xhtml+xml",
}  # fmt: skip
_DECLARATION = Markup('<?xml version="1.0" encoding="UTF-8"?>\n')
_ROOT_FILE = {
    "full-path": f"{_ROOT}/{PACKAGE}",
    "media-type": "application/oebps-package+xml",
}
_CONTAINER = _DECLARATION + on_line(
    element(
        "container",
        NEWLINE,
        on_line(element("rootfiles", empty("rootfile", **_ROOT_FILE))),
        version="1.0",
        xmlns="urn:oasis:names:tc:opendocument:xmlns:container",
    )
)
_FEATURES = (
    "alternativeText", "ARIA", "displayTransformability", "index", "pageBreakMarkers", "pageNavigation",
    "readingOrder", "structuralNavigation", "tableOfContents", "unlocked",
)  # fmt: skip
#: Features of a book with original pages only.
_PAGED = {"pageBreakMarkers", "pageNavigation"}
#: Files with a role of their own in the manifest.
_PROPERTIES = {NAV: "nav", "cover.png": "cover-image"}
#: The conformance claim, which requires a certifier's name.
CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """An entry of the table of contents. ``detail`` (its original pages) is shown beside it."""

    title: str
    path: str
    fragment: str = ""
    detail: str = ""
    inner: list[ContentsEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EpubPackage:
    """The content of the file.

    ``spine``: the documents in reading order; ``pages``: label, path and fragment of every original
    page; ``source``: the source that these pages belong to.
    """

    meta: Metadata
    spine: Sequence[XhtmlDocument]
    contents: Sequence[ContentsEntry]
    pages: Sequence[tuple[str, str, str]]
    landmarks: Sequence[tuple[str, str, str]]
    source: str
    files: Mapping[str, bytes]
    nav_at: int
    volume: Volume

    @property
    def _formulas(self) -> frozenset[str]:
        """The documents with formulas, which the package must name (EPUB 3.3, D.6.3.3)."""
        return frozenset(d.path for d in self.spine if "<math " in d.body)

    def write(self) -> bytes:
        """Return the EPUB file."""
        entries = {f"{_ROOT}/{name}": data for name, data in self._files().items()}
        entries["META-INF/container.xml"] = _CONTAINER.encode()
        return packed(entries, self.meta.date, "application/epub+zip")

    def _files(self) -> dict[str, bytes]:
        files = {d.path: d.render(self.meta.language) for d in [*self.spine, self._nav()]}
        return {
            **files,
            **self.files,
            PACKAGE: self._package(sorted({*files, *self.files})).encode(),
        }

    # navigation

    def _nav(self) -> XhtmlDocument:
        head = on_line(element("h1", _("Contents"), id="head"))
        toc = {**semantic("toc"), "id": "toc", "aria-labelledby": "head"}
        body = on_line(element("nav", NEWLINE, head, _points(self.contents), **toc))
        if self.pages:
            items = join(
                on_line(element("li", element("a", label, href=link(NAV, path, fragment))))
                for label, path, fragment in self.pages
            )
            head = on_line(element("h2", _("Pages of the original"), id="pages-head"))
            own = {**semantic("page-list"), "id": "pages", "aria-labelledby": "pages-head"}
            body += on_line(element("nav", NEWLINE, head, _list(items), **own))
        marks = join(
            on_line(
                element("li", element("a", title, **{"epub:type": kind, "href": link(NAV, path)}))
            )
            for kind, path, title in self.landmarks
        )
        own = {"epub:type": "landmarks", "aria-label": _("Landmarks"), "hidden": "hidden"}
        body += on_line(element("nav", NEWLINE, _list(marks), **own))
        return XhtmlDocument(
            NAV, _("Contents"), body, "", "frontmatter", name="contents", spoken=True
        )

    # package document

    def identifier(self) -> str:
        """Return the identifier of the book: the edition's, or a name made from it for one of
        several volumes."""
        whole, volume = self._edition_identifier(), self.volume
        return _urn(f"{whole}\n{volume.number}/{volume.count}") if volume.name else whole

    def _edition_identifier(self) -> str:
        """Return the DOI, or a name made from title and version."""
        if self.meta.identifier:
            return f"https://doi.org/{self.meta.identifier}"
        return _urn(f"{self.meta.full_title}\n{self.meta.version}")

    def _package(self, names: Sequence[str]) -> str:
        ids = {name: f"f{n:03d}" for n, name in enumerate(names, 1)}
        formulas = self._formulas
        items = join(
            on_line(
                empty(
                    "item",
                    id=ids[name],
                    href=link(PACKAGE, name),
                    media_type=_TYPES[name.rpartition(".")[2].lower()],
                    properties=_PROPERTIES.get(name) or ("mathml" if name in formulas else None),
                )
            )
            for name in names
        )
        paths = [d.path for d in self.spine]
        paths.insert(self.nav_at, NAV)
        spine = join(on_line(empty("itemref", idref=ids[path])) for path in paths)
        lang = self.meta.language
        turns = "rtl" if direction(lang) == "rtl" else None
        dublin_core = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}
        content = (
            on_line(element("metadata", NEWLINE, *self._metadata(), **dublin_core)),
            on_line(element("manifest", NEWLINE, items)),
            on_line(element("spine", NEWLINE, spine, page_progression_direction=turns)),
        )
        package = {
            "xmlns": "http://www.idpf.org/2007/opf",
            "version": "3.0",
            "unique-identifier": "id",
            "xml:lang": lang,
            "dir": direction(lang),
        }
        return _DECLARATION + on_line(element("package", NEWLINE, *content, **package))

    def _metadata(self) -> Iterator[Markup]:
        meta = self.meta
        yield on_line(element("dc:identifier", self.identifier(), id="id"))
        title = f"{meta.title}. {self.volume.name}" if self.volume.name else meta.title
        yield on_line(element("dc:title", title, id="title"))
        yield _meta("title-type", "main", refines="title")
        if meta.subtitle:
            yield on_line(element("dc:title", meta.subtitle, id="subtitle"))
            yield _meta("title-type", "subtitle", refines="subtitle")
        for n, name in enumerate(meta.creators, 1):
            yield on_line(element("dc:creator", name, id=f"creator{n}"))
            yield _meta("role", "edt", refines=f"creator{n}", scheme="marc:relators")
        for name, text in (
            ("language", meta.language),
            ("publisher", meta.publisher),
            ("date", meta.date),
            ("description", f"{meta.description} {meta.caveat}".strip()),
            ("source", self.source),
            *(("subject", term) for term in meta.keywords),
            *(("rights", f"{right.statement} {right.name}: {right.uri}") for right in meta.rights),
        ):
            if text:
                yield on_line(element(f"dc:{name}", text))
        yield _meta("dcterms:modified", f"{meta.date}T00:00:00Z")
        yield _meta("schema:version", meta.version)
        if self.volume.name:
            yield from self._set()
        yield from self._accessibility()

    def _set(self) -> Iterator[Markup]:
        """Yield the set of volumes that the book belongs to (EPUB 3.3, ``belongs-to-collection``)."""
        yield _meta("belongs-to-collection", self.meta.title, own="set")
        yield _meta("collection-type", "set", refines="set")
        yield _meta("group-position", str(self.volume.number), refines="set")
        yield _meta("dcterms:identifier", self._edition_identifier(), refines="set")

    def _accessibility(self) -> Iterator[Markup]:
        """Yield schema.org's terms; conformance only if somebody certified it."""
        yield _meta("schema:accessMode", "textual")
        yield _meta("schema:accessModeSufficient", "textual")
        for feature in _FEATURES:
            if self.pages or feature not in _PAGED:
                yield _meta("schema:accessibilityFeature", feature)
        if self._formulas:
            yield _meta("schema:accessibilityFeature", "MathML")
        yield _meta("schema:accessibilityHazard", "none")
        yield _meta("schema:accessibilitySummary", accessibility_summary(self.meta))
        if self.pages:
            yield _meta("pageBreakSource", self.source)
        if self.meta.certified_by:
            yield _meta("dcterms:conformsTo", CONFORMANCE, own="conformance")
            yield _meta("a11y:certifiedBy", self.meta.certified_by, refines="conformance")


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _meta(name: str, text: str, refines: str = "", scheme: str = "", own: str = "") -> Markup:
    about = f"#{refines}" if refines else None
    return on_line(element("meta", text, property=name, id=own, refines=about, scheme=scheme))


def _list(items: Markup) -> Markup:
    return on_line(element("ol", NEWLINE, items))


def _points(points: Sequence[ContentsEntry]) -> Markup:
    items = EMPTY
    for point in points:
        address = link(NAV, point.path, point.fragment)
        title = element("a", point.title, href=address, data_pages=point.detail)
        items += on_line(element("li", title, _points(point.inner)))
    return NEWLINE + _list(items) if items else EMPTY
