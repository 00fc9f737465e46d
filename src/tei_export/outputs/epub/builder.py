"""Sphinx builder ``edition-epub``: the whole edition as one EPUB 3.3 file.

Sphinx's own ``epub`` renders the pages of any project; it supports neither page list, landmarks,
note series nor accessibility metadata, and writes different files on every run.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.display import progress_message

from tei_export.model.metadata import day_of, metadata
from tei_export.model.places import Place
from tei_export.model.problems import EditionError
from tei_export.model.vocabulary import BY_NAME
from tei_export.outputs.epub.apparatus import EpubApparatusWriter
from tei_export.outputs.epub.cover import cover
from tei_export.outputs.epub.editors_pages import EpubPageWriter
from tei_export.outputs.epub.front_matter import (
    COVER,
    COVER_IMAGE,
    TITLE,
    EpubFrontMatter,
    page_source,
)
from tei_export.outputs.epub.index import EpubIndexWriter
from tei_export.outputs.epub.missing_letters import WITNESS, missing_letters, text_of
from tei_export.outputs.epub.package import NAV, ContentsEntry, EpubPackage
from tei_export.outputs.epub.witness_list import witness_list
from tei_export.outputs.epub.writer import EpubPartWriter, part_path, picture_path
from tei_export.outputs.epub.xhtml import STYLE, interface_lang_attrs, link, text_lang_attrs
from tei_export.shared import web_fonts
from tei_export.shared.atomic import write_whole
from tei_export.shared.imprint import version
from tei_export.shared.labels import _, pages
from tei_export.shared.letter_head import letter_head
from tei_export.shared.pictures import read_picture
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.typefaces import missing_letters_warning, needed_subsets, typefaces
from tei_export.source.build_stop import BuildStop
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from collections.abc import Set as AbstractSet

    from docutils import nodes
    from sphinx.application import Sphinx

    from tei_export.model.edition import Part, Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.outputs.epub.xhtml import XhtmlDocument
    from tei_export.shared.typefaces import Typefaces
    from tei_export.source.facts import Facts
    from tei_export.source.nodes import mark

FILE = "edition.epub"


class EpubBuilder(ProjectBuilder):
    """Writes ``edition.epub``."""

    name = "edition-epub"
    format = "edition-epub"
    target = "epub"
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
            raise BuildStop(error.problems) from None
        write_whole(Path(self.outdir) / FILE, data)

    def export(self) -> bytes:
        """Return the EPUB file.

        :raises EditionError: the book cannot represent some content
        """
        assembly = BookAssembler(self)
        data = assembly.book().write()
        self.tell(assembly.notice)
        return data


class BookAssembler:
    """Assembles the documents of the book, in reading order."""

    def __init__(self, builder: EpubBuilder) -> None:
        self.builder, self.env = builder, builder.env
        self.domain = domain_of(builder.env)
        self.edition = self.domain.edition
        self.meta = metadata(self.edition)
        self.faces = typefaces(self.edition)
        self.notice = ""
        self.pictures: dict[str, bytes] = {}
        self.spine: list[XhtmlDocument] = []
        self.contents: list[ContentsEntry] = []
        self.pages: list[tuple[str, str, str]] = []
        self.landmarks: list[tuple[str, str, str]] = []

    def book(self) -> EpubPackage:
        """Return the complete book.

        :raises EditionError: ``record-field``, the edition's date is not a day
        """
        day_of(self.meta.date, self.edition.source.file, self.edition.source.line("date"))
        texts = list(self.edition.texts.values())
        facts = {t.id: [self.domain.facts_for(p.doc) for p in t.parts] for t in texts}
        matter = EpubFrontMatter(self.meta, texts, facts, self.faces.credits())
        self._front(matter)
        nav_at = 2
        for text in texts:
            self._text(matter, text)
        self._apparatus(texts)
        self._index()
        self._check_letters()
        source = "; ".join(page_source(t) for t in texts if t.witness.pages)
        subsets = needed_subsets([*map(text_of, self.spine), *self._drawn()])
        given = {
            STYLE: _style(self.faces, subsets), COVER_IMAGE: cover(_cover_record(matter), self.faces),
            **_fonts(self.faces, subsets), **self.pictures,
        }  # fmt: skip
        return EpubPackage(
            self.meta, self.spine, self.contents, self.pages, self.landmarks, source, given, nav_at
        )

    def _drawn(self) -> Iterator[str]:
        """What is shown beside the documents: signs of the style sheet, lists of contents, labels of pages."""
        yield "a°[]–"
        yield (
            _("Contents")
            + _("Pages of the original")
            + "".join(page for page, _path, _place in self.pages)
        )
        yield from (point.title for outer in self.contents for point in (outer, *outer.inner))

    def _check_letters(self) -> None:
        """Check that the embedded typeface has all letters.

        :raises EditionError: ``typeface-letter``, with every missing letter
        """
        folder = Path(self.env.srcdir)
        texts = [p.doc for t in self.edition.texts.values() for p in t.parts]
        names = dict.fromkeys(
            [*texts, *sorted(name for name in self.env.found_docs if self._wanted(name))]
        )
        sources = [
            *(Path(self.env.doc2path(name)) for name in names),
            *sorted(folder.rglob("*.yaml")),
        ]
        problems = missing_letters(self.spine, sources, folder, self.faces)
        if problems:
            raise EditionError(*problems)
        readings = [text_of(d) for d in self.spine if d.path.startswith(WITNESS)]
        self.notice = missing_letters_warning(
            readings, self.faces, "in the EPUB the reading system shows it with a font of its own"
        )

    def _add(self, document: XhtmlDocument, landmark: str = "") -> str:
        self.spine.append(document)
        if landmark:
            self.landmarks.append((landmark, document.path, document.title))
        return document.path

    def _front(self, matter: EpubFrontMatter) -> None:
        marks = {COVER: "cover", TITLE: "titlepage"}
        for document in matter.documents():
            self._add(document, marks.get(document.path, ""))
            if document.path != COVER:
                title = _("Title page") if document.path == TITLE else document.title
                self.contents.append(ContentsEntry(title, document.path))
        self.landmarks.append(("toc", NAV, _("Contents")))
        witnesses = witness_list(matter.texts, self.meta.language, self._part)
        if witnesses is not None:
            self.contents.append(ContentsEntry(witnesses.title, self._add(witnesses)))
        chosen = [
            name for name in self._in_order(self.env.config.root_doc, set()) if self._wanted(name)
        ]
        known = {*chosen, *(p.doc for t in self.edition.texts.values() for p in t.parts)}
        for name in chosen:
            doctree = self.env.get_and_resolve_doctree(name, self.builder, tags=self.builder.tags)
            title = self.env.titles[name].astext()
            path = self._add(EpubPageWriter(name, known).document(doctree, title))
            self.contents.append(ContentsEntry(title, path))

    def _part(self, part: Part) -> tuple[nodes.document, Facts]:
        return self.env.get_doctree(part.doc), self.domain.facts_for(part.doc)

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

    def _text(self, matter: EpubFrontMatter, text: Text) -> None:
        first = not any(kind == "bodymatter" for kind, _path, _title in self.landmarks)
        title = matter.text_title(text)
        point = ContentsEntry(text.title, self._add(title))
        for part in text.parts:
            writer = EpubPartWriter(
                text, part, self._entry, interface_lang_attrs(text.language),
                letter_head(self.domain.edition, text, part.id),
            )  # fmt: skip
            writer.inline.leads = self._leads(text, writer.path)
            document = writer.document(self.env.get_doctree(part.doc))
            for name in writer.pictures:
                self.pictures[picture_path(name)] = read_picture(self.edition, name)
            bibliography = "bibliography" if part.type == "bibliography" else ""
            begins = "bodymatter" if first and part.place == "body" else bibliography
            first = first and begins != "bodymatter"
            path = self._add(document, begins)
            labels = self.domain.facts_for(part.doc).pages
            point.inner.append(ContentsEntry(part.title, path, "", pages(labels)))
            self.pages += [
                (page, path, Place(page).anchor) for page in labels if text.witness.pages
            ]
        if len(point.inner) == 1:  # otherwise it would have the same title as the text
            point.inner.clear()
        self.contents.append(point)

    def _leads(self, text: Text, path: str) -> Callable[[mark], str]:
        """Return what tells where the references of the document ``path`` lead."""
        places = {
            **{part.id: (part_path(part.doc), part.id) for part in text.parts},
            **{
                page: (part_path(part.doc), Place(page).anchor)
                for part in text.parts
                for page in self.domain.facts_for(part.doc).pages
            },
            **{
                place: (part_path(doc), anchor)
                for place, (doc, anchor) in self.domain.cited(text).items()
            },
        }

        def leads(node: mark) -> str:
            place = places.get(node.get("cited") or node.get("page") or node.get("part") or "")
            return link(path, *place) if place else str(node["to"])

        return leads

    def _entry(self, kind: str, key: str) -> RegisterEntry | None:
        return self.edition.registers[BY_NAME[kind].register].entries.get(key)

    def _apparatus(self, texts: list[Text]) -> None:
        inner = []
        for text in texts:
            for part in text.parts:
                facts = self.domain.facts_for(part.doc)
                if facts.emendations:
                    writer = EpubApparatusWriter(text, part, facts, text.language)
                    inner.append(
                        ContentsEntry(
                            part.title, self._add(writer.document()), "", pages(facts.pages)
                        )
                    )
        if inner:
            self.contents.append(ContentsEntry(_("Apparatus"), inner[0].path, "", "", inner))
            self.landmarks.append(("backmatter", inner[0].path, _("Apparatus")))

    def _index(self) -> None:
        documents = list(
            EpubIndexWriter(self.domain, text_lang_attrs(self.meta.language)).documents()
        )
        for n, document in enumerate(documents):
            self._add(document, "" if n else "index")
        if documents:
            inner = [ContentsEntry(d.title, d.path) for d in documents]
            self.contents.append(ContentsEntry(_("Indexes"), inner[0].path, "", "", inner))


def _cover_record(matter: EpubFrontMatter) -> dict[str, str]:
    meta = matter.meta
    return {
        "title": meta.title, "subtitle": meta.subtitle, "editors": meta.publisher,
        "version": version(meta), "language": meta.language.split("-")[0],
    }  # fmt: skip


def _style(faces: Typefaces, subsets: Collection[str]) -> bytes:
    """The style sheet, with the faces of the ``subsets`` in the weights that the book uses, and the fonts of the
    edition."""
    used = [*web_fonts.regular_faces(subsets), *(face.rule("fonts") for face in faces.faces)]
    sheet = files("tei_export.outputs.epub").joinpath(STYLE).read_text(encoding="utf-8")
    return ("".join(used) + sheet.replace('"Libertinus Serif"', faces.stack())).encode()


def _fonts(faces: Typefaces, subsets: Collection[str]) -> dict[str, bytes]:
    """The files of those faces, and the licence of the bundled ones."""
    own = {f"fonts/{face.file}": face.data for face in faces.faces}
    return web_fonts.regular_files(subsets) | own


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(EpubBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
