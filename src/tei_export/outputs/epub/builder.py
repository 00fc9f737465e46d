"""Sphinx builder ``epub``: the whole edition as one EPUB 3.3 file.

It replaces Sphinx's builder, which renders the pages of the web theme, supports neither page list,
landmarks, note series nor accessibility metadata, and writes different files on every run.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.display import progress_message

from tei_export.model.failure import fail
from tei_export.model.metadata import day_of, metadata
from tei_export.model.places import Place
from tei_export.model.problems import EditionError
from tei_export.model.vocabulary import BY_NAME
from tei_export.outputs.epub.apparatus import ApparatusWriter
from tei_export.outputs.epub.cover import cover
from tei_export.outputs.epub.index import IndexWriter
from tei_export.outputs.epub.letters import missing_letters
from tei_export.outputs.epub.matter import COVER, COVER_IMAGE, TITLE, Matter, page_source
from tei_export.outputs.epub.package import NAV, Book, Point
from tei_export.outputs.epub.pages import PageWriter
from tei_export.outputs.epub.writer import PartWriter
from tei_export.outputs.epub.xhtml import STYLE, spoken, within
from tei_export.shared.atomic import write_whole
from tei_export.shared.labels import _, pages
from tei_export.shared.project_builder import WholeBuilder
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from tei_export.model.edition import Text
    from tei_export.model.registers import Entry
    from tei_export.outputs.epub.xhtml import Document

FILE = "edition.epub"
_SETTINGS = {
    "version": "version", "epub_title": "title", "epub_author": "editors", "epub_language": "language",
    "epub_publisher": "publisher", "epub_description": "description", "epub_copyright": "editors",
}  # fmt: skip
_FACE = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)


class EpubBuilder(WholeBuilder):
    """Writes ``edition.epub``."""

    name = "epub"
    format = "epub"
    epilog = "The EPUB file is in %(outdir)s."

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the name of the document; the page writer knows which ones are in the book."""
        return docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return to

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        try:
            with progress_message("packing the EPUB"):
                data = self.export()
        except EditionError as error:
            raise fail(error.problems) from None
        write_whole(Path(self.outdir) / FILE, data)

    def export(self) -> bytes:
        """Return the EPUB file.

        :raises EditionError: the book cannot represent some content
        """
        return Assembly(self).book().write()


class Assembly:
    """Assembles the documents of the book, in reading order."""

    def __init__(self, builder: EpubBuilder) -> None:
        self.builder, self.env = builder, builder.env
        self.domain = domain_of(builder.env)
        self.edition = self.domain.edition
        self.meta = metadata(self.edition)
        self.spine: list[Document] = []
        self.contents: list[Point] = []
        self.pages: list[tuple[str, str, str]] = []
        self.landmarks: list[tuple[str, str, str]] = []

    def book(self) -> Book:
        """Return the complete book.

        :raises EditionError: ``record-field``, the edition's date is not a day
        """
        day_of(self.meta.date, self.edition.source.file, self.edition.source.line("date"))
        texts = list(self.edition.texts.values())
        facts = {t.id: [self.domain.of(p.doc) for p in t.parts] for t in texts}
        matter = Matter(self.meta, texts, facts)
        self._front(matter)
        nav_at = 2
        for text in texts:
            self._text(matter, text)
        self._apparatus(texts)
        self._index()
        self._check_letters()
        source = "; ".join(page_source(t) for t in texts if t.witness.pages)
        given = {
            STYLE: _style(), COVER_IMAGE: cover(_cover_record(matter)), **_fonts(),
        }  # fmt: skip
        return Book(self.meta, self.spine, self.contents, self.pages, self.landmarks, source, given, nav_at)

    def _check_letters(self) -> None:
        """Check that the embedded typeface has all letters.

        :raises EditionError: ``typeface-letter``, with every missing letter
        """
        folder = Path(self.env.srcdir)
        texts = [p.doc for t in self.edition.texts.values() for p in t.parts]
        names = dict.fromkeys([*texts, *sorted(name for name in self.env.found_docs if self._wanted(name))])
        sources = [*(Path(self.env.doc2path(name)) for name in names), *sorted(folder.rglob("*.yaml"))]
        problems = list(missing_letters(self.spine, sources, folder))
        if problems:
            raise EditionError(*problems)

    def _add(self, document: Document, landmark: str = "") -> str:
        self.spine.append(document)
        if landmark:
            self.landmarks.append((landmark, document.path, document.title))
        return document.path

    def _front(self, matter: Matter) -> None:
        marks = {COVER: "cover", TITLE: "titlepage"}
        for document in matter.documents():
            self._add(document, marks.get(document.path, ""))
            if document.path != COVER:
                title = _("Title page") if document.path == TITLE else document.title
                self.contents.append(Point(title, document.path))
        self.landmarks.append(("toc", NAV, _("Contents")))
        chosen = [name for name in self._in_order(self.env.config.root_doc, set()) if self._wanted(name)]
        known = {*chosen, *(p.doc for t in self.edition.texts.values() for p in t.parts)}
        for name in chosen:
            doctree = self.env.get_and_resolve_doctree(name, self.builder, tags=self.builder.tags)
            title = self.env.titles[name].astext()
            path = self._add(PageWriter(name, known).document(doctree, title))
            self.contents.append(Point(title, path))

    def _in_order(self, name: str, seen: set[str]) -> Iterator[str]:
        """Yield every document once, in the order of the tables of contents."""
        for child in self.env.toctree_includes.get(name, ()):
            if child not in seen:
                seen.add(child)
                yield child
                yield from self._in_order(child, seen)

    def _wanted(self, name: str) -> bool:
        """Return whether a page outside the texts asks to be in the book."""
        asked = str(self.env.metadata.get(name, {}).get("epub", "")).lower() == "true"
        return asked and name in self.env.found_docs and not self.edition.part_of(name)

    def _text(self, matter: Matter, text: Text) -> None:
        first = not any(kind == "bodymatter" for kind, _path, _title in self.landmarks)
        title = matter.text_title(text)
        point = Point(text.title, self._add(title))
        for part in text.parts:
            writer = PartWriter(text, part, self._entry, spoken(self.meta.language))
            document = writer.document(self.env.get_doctree(part.doc))
            bibliography = "bibliography" if part.type == "bibliography" else ""
            begins = "bodymatter" if first and part.place == "body" else bibliography
            first = first and begins != "bodymatter"
            path = self._add(document, begins)
            labels = self.domain.of(part.doc).pages
            point.inner.append(Point(part.title, path, "", pages(labels)))
            self.pages += [(page, path, Place(page).anchor) for page in labels if text.witness.pages]
        if len(point.inner) == 1:  # otherwise it would have the same title as the text
            point.inner.clear()
        self.contents.append(point)

    def _entry(self, kind: str, key: str) -> Entry | None:
        return self.edition.registers[BY_NAME[kind].register].entries.get(key)

    def _apparatus(self, texts: list[Text]) -> None:
        inner = []
        for text in texts:
            for part in text.parts:
                facts = self.domain.of(part.doc)
                if facts.emendations:
                    writer = ApparatusWriter(text, part, facts, self.meta.language)
                    inner.append(Point(part.title, self._add(writer.document()), "", pages(facts.pages)))
        if inner:
            self.contents.append(Point(_("Apparatus"), inner[0].path, "", "", inner))
            self.landmarks.append(("backmatter", inner[0].path, _("Apparatus")))

    def _index(self) -> None:
        found = list(IndexWriter(self.domain, within(self.meta.language)).documents())
        for n, document in enumerate(found):
            self._add(document, "" if n else "index")
        if found:
            inner = [Point(d.title, d.path) for d in found]
            self.contents.append(Point(_("Indexes"), inner[0].path, "", "", inner))


def _cover_record(matter: Matter) -> dict[str, str]:
    meta = matter.meta
    return {
        "title": meta.title, "subtitle": meta.subtitle, "editors": meta.publisher,
        "version": matter.version(), "language": meta.language.split("-")[0],
    }  # fmt: skip


def _style() -> bytes:
    """Return the style sheet, with the web theme's font faces in the weights that the book uses."""
    faces = _FACE.findall(files("tei_export.outputs.html").joinpath("theme/static/fonts.css").read_text(encoding="utf-8"))
    used = "".join(face for face in faces if "font-weight: 400" in face)
    return used.encode() + files("tei_export.outputs.epub").joinpath(STYLE).read_bytes()


def _fonts() -> dict[str, bytes]:
    """Return the files of those faces, and their licence."""
    folder = files("tei_export.outputs.html").joinpath("theme/static/fonts")
    found = [f for f in folder.iterdir() if f.name == "OFL.txt" or re.search(r"-400-\w+\.woff2$", f.name)]
    return {f"fonts/{f.name}": f.read_bytes() for f in found}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(EpubBuilder, override=True)
    app.connect("config-inited", _settings, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _settings(app: Sphinx, config: Config) -> None:
    """Fill in settings of Sphinx's own ``epub`` builder from the record.

    Without them, Sphinx warns about any builder of that name.
    """
    record = app.edition.record  # type: ignore[attr-defined]
    for setting, name in _SETTINGS.items():
        config[setting] = config[setting] or str(record[name])
