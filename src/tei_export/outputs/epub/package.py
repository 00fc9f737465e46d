"""Write the container: navigation, package document, zip.

Sources: EPUB 3.3 (W3C), EPUB Accessibility 1.1. The bytes depend only on the contents: entries are
sorted, and every time stamp is the day of the edition.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.model.languages import direction
from tei_export.outputs.epub.matter import accessibility_summary
from tei_export.outputs.epub.xhtml import XhtmlDocument, link, semantic
from tei_export.shared.labels import _, esc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tei_export.model.metadata import Metadata

NAV, PACKAGE = "nav.xhtml", "package.opf"
_ROOT = "EPUB"
_TYPES = {
    "css": "text/css", "png": "image/png", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf", "txt": "text/plain",
    "xhtml": "application/xhtml+xml",
}  # fmt: skip
_CONTAINER = f"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="{_ROOT}/{PACKAGE}" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_FEATURES = (
    "alternativeText", "ARIA", "displayTransformability", "index", "pageBreakMarkers", "pageNavigation",
    "readingOrder", "structuralNavigation", "tableOfContents", "unlocked",
)  # fmt: skip
#: Features of a book with original pages only.
_PAGED = {"pageBreakMarkers", "pageNavigation"}
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

    def write(self) -> bytes:
        """Return the EPUB file."""
        entries = {f"{_ROOT}/{name}": data for name, data in self._files().items()}
        entries["META-INF/container.xml"] = _CONTAINER.encode()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(self._info("mimetype", zipfile.ZIP_STORED), b"application/epub+zip")
            for name in sorted(entries):
                archive.writestr(self._info(name), entries[name], compresslevel=9)
        return stream.getvalue()

    def _info(self, name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
        year, month, day = (int(part) for part in self.meta.date.split("-"))
        info = zipfile.ZipInfo(name, (max(year, 1980), month, day, 0, 0, 0))
        info.compress_type, info.create_system, info.external_attr = method, 3, 0o644 << 16
        return info

    def _files(self) -> dict[str, bytes]:
        files = {d.path: d.render(self.meta.language) for d in [*self.spine, self._nav()]}
        return {
            **files,
            **self.files,
            PACKAGE: self._package(sorted({*files, *self.files})).encode(),
        }

    # navigation

    def _nav(self) -> XhtmlDocument:
        body = (
            f'<nav{semantic("toc")} id="toc" aria-labelledby="head">\n<h1 id="head">{esc(_("Contents"))}</h1>\n'
            f"{_points(self.contents)}</nav>\n"
        )
        if self.pages:
            items = "".join(
                f'<li><a href="{link(NAV, path, fragment)}">{esc(label)}</a></li>\n'
                for label, path, fragment in self.pages
            )
            body += (
                f'<nav{semantic("page-list")} id="pages" aria-labelledby="pages-head">\n'
                f'<h2 id="pages-head">{esc(_("Pages of the original"))}</h2>\n<ol>\n{items}</ol>\n</nav>\n'
            )
        marks = "".join(
            f'<li><a epub:type="{kind}" href="{link(NAV, path)}">{esc(title)}</a></li>\n'
            for kind, path, title in self.landmarks
        )
        name = esc(_("Landmarks"))
        body += f'<nav epub:type="landmarks" aria-label="{name}" hidden="hidden">\n<ol>\n{marks}</ol>\n</nav>\n'
        return XhtmlDocument(
            NAV, _("Contents"), body, "", "frontmatter", name="contents", spoken=True
        )

    # package document

    def identifier(self) -> str:
        """Return the DOI, or a name made from title and version."""
        if self.meta.identifier:
            return f"https://doi.org/{self.meta.identifier}"
        name = f"{self.meta.full_title}\n{self.meta.version}"
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"

    def _package(self, names: Sequence[str]) -> str:
        ids = {name: f"f{n:03d}" for n, name in enumerate(names, 1)}
        items = "".join(
            f'<item id="{ids[name]}" href="{link(PACKAGE, name)}" '
            f'media-type="{_TYPES[name.rpartition(".")[2]]}"{self._properties(name)}/>\n'
            for name in names
        )
        paths = [d.path for d in self.spine]
        paths.insert(self.nav_at, NAV)
        turns = (
            ' page-progression-direction="rtl"' if direction(self.meta.language) == "rtl" else ""
        )
        spine = "".join(f'<itemref idref="{ids[path]}"/>\n' for path in paths)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
            f'unique-identifier="id" xml:lang="{esc(self.meta.language)}" dir="{direction(self.meta.language)}">\n'
            f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n{"".join(self._metadata())}</metadata>\n'
            f"<manifest>\n{items}</manifest>\n<spine{turns}>\n{spine}</spine>\n</package>\n"
        )

    def _properties(self, name: str) -> str:
        if name == NAV:
            return ' properties="nav"'
        return ' properties="cover-image"' if name == "cover.png" else ""

    def _metadata(self) -> Iterator[str]:
        meta = self.meta
        yield f'<dc:identifier id="id">{esc(self.identifier())}</dc:identifier>\n'
        yield f'<dc:title id="title">{esc(meta.title)}</dc:title>\n'
        yield _meta("title-type", "main", refines="title")
        if meta.subtitle:
            yield f'<dc:title id="subtitle">{esc(meta.subtitle)}</dc:title>\n'
            yield _meta("title-type", "subtitle", refines="subtitle")
        for n, name in enumerate(meta.creators, 1):
            yield f'<dc:creator id="creator{n}">{esc(name)}</dc:creator>\n'
            yield _meta("role", "edt", refines=f"creator{n}", scheme="marc:relators")
        for name, text in (
            ("language", meta.language), ("publisher", meta.publisher), ("date", meta.date),
            ("description", f"{meta.description} {meta.caveat}".strip()), ("source", self.source),
            *(("subject", term) for term in meta.keywords),
            *(("rights", f"{right.statement} {right.name}: {right.uri}") for right in meta.rights),
        ):  # fmt: skip
            if text:
                yield f"<dc:{name}>{esc(text)}</dc:{name}>\n"
        yield _meta("dcterms:modified", f"{meta.date}T00:00:00Z")
        yield _meta("schema:version", meta.version)
        yield from self._accessibility()

    def _accessibility(self) -> Iterator[str]:
        """Yield schema.org's terms; conformance only if somebody certified it."""
        yield _meta("schema:accessMode", "textual")
        yield _meta("schema:accessModeSufficient", "textual")
        for feature in _FEATURES:
            if self.pages or feature not in _PAGED:
                yield _meta("schema:accessibilityFeature", feature)
        yield _meta("schema:accessibilityHazard", "none")
        yield _meta("schema:accessibilitySummary", accessibility_summary(self.meta))
        if self.pages:
            yield _meta("pageBreakSource", self.source)
        if self.meta.certified_by:
            yield _meta("dcterms:conformsTo", CONFORMANCE, own="conformance")
            yield _meta("a11y:certifiedBy", self.meta.certified_by, refines="conformance")


def _meta(name: str, text: str, refines: str = "", scheme: str = "", own: str = "") -> str:
    more = (f' id="{own}"' if own else "") + (f' refines="#{refines}"' if refines else "")
    more += f' scheme="{scheme}"' if scheme else ""
    return f'<meta property="{name}"{more}>{esc(text)}</meta>\n'


def _points(points: Sequence[ContentsEntry]) -> str:
    items = ""
    for point in points:
        detail = f' data-pages="{esc(point.detail)}"' if point.detail else ""
        address = link(NAV, point.path, point.fragment)
        items += (
            f'<li><a href="{address}"{detail}>{esc(point.title)}</a>{_points(point.inner)}</li>\n'
        )
    return f"\n<ol>\n{items}</ol>\n" if items else ""
