"""Sphinx builder ``edition-epub``: the whole edition as one EPUB 3.3 file, or as volumes if it is long.

Sphinx's own ``epub`` renders the pages of any project; it supports neither page list, landmarks,
note series nor accessibility metadata, and writes different files on every run.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.display import progress_message

from tei_export.model.metadata import day_of, metadata
from tei_export.model.places import Place
from tei_export.model.problems import EditionError
from tei_export.model.vocabulary import BY_NAME
from tei_export.outputs.epub.apparatus import EpubApparatusWriter
from tei_export.outputs.epub.commentary import PATH as COMMENTARY
from tei_export.outputs.epub.commentary import commentary
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
from tei_export.shared.commentary import commented_parts
from tei_export.shared.imprint import version
from tei_export.shared.labels import _, pages
from tei_export.shared.letter_head import letter_head
from tei_export.shared.pictures import read_picture
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.typefaces import missing_letters_warning, needed_subsets, typefaces
from tei_export.shared.volumes import edition_volumes
from tei_export.source.build_stop import BuildStop
from tei_export.source.facts import domain_of
from tei_export.source.trees import own_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from docutils import nodes
    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.outputs.epub.xhtml import XhtmlDocument
    from tei_export.shared.typefaces import Typefaces
    from tei_export.shared.volumes import Volume
    from tei_export.source.facts import EditionDomain, Facts
    from tei_export.source.nodes import mark

_STEM, _ENDING = "edition", "epub"
_FILE = re.compile(rf"{_STEM}(\.\d+)?\.{_ENDING}")


class EpubBuilder(ProjectBuilder):
    """Writes ``edition.epub``; of several volumes ``edition.1.epub``, ``edition.2.epub`` …"""

    name = "edition-epub"
    format = "edition-epub"
    target = "epub"
    epilog = "The EPUB is in %(outdir)s."

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the name of the document; the page writer knows which ones are in the book."""
        return docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return to

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        try:
            with progress_message("packing the EPUB"):
                books = self.export()
        except EditionError as error:
            raise BuildStop(error.problems) from None
        for name, data in books.items():
            write_whole(Path(self.outdir) / name, data)
        for path in Path(self.outdir).glob(f"*.{_ENDING}"):
            if _FILE.fullmatch(path.name) and path.name not in books:  # an earlier run wrote it
                path.unlink()

    def export(self) -> dict[str, bytes]:
        """Return the EPUB file, or the files of all volumes, by name.

        :raises EditionError: the book cannot represent some content
        """
        volumes = edition_volumes(domain_of(self.env), self.config.epub_volume_words)
        places = CitedPlaces(domain_of(self.env))
        books = [BookAssembler(self, volume, volumes, places) for volume in volumes]
        for book in books:
            book.assemble()
        self.tell(check_letters(self, [document for book in books for document in book.spine]))
        return {book.volume.file(_STEM, _ENDING): book.package().write() for book in books}

    def wanted(self, name: str) -> bool:
        """Return whether a page outside the texts belongs in the book."""
        asked = str(self.env.metadata.get(name, {}).get("epub", "")).lower() == "true"
        return (
            asked and name in self.env.found_docs and not domain_of(self.env).edition.part_of(name)
        )


def check_letters(builder: EpubBuilder, documents: Sequence[XhtmlDocument]) -> str:
    """Check that the embedded typeface has all letters; return the warning about those of witnesses, if any.

    :raises EditionError: ``typeface-letter``, with every missing letter
    """
    env, edition = builder.env, domain_of(builder.env).edition
    faces, folder = typefaces(edition), Path(env.srcdir)
    texts = [p.doc for t in edition.texts.values() for p in t.parts]
    names = dict.fromkeys(
        [*texts, *sorted(name for name in env.found_docs if builder.wanted(name))]
    )
    sources = [*(Path(env.doc2path(name)) for name in names), *sorted(folder.rglob("*.yaml"))]
    problems = missing_letters(documents, sources, folder, faces)
    if problems:
        raise EditionError(*problems)
    readings = [text_of(d) for d in documents if d.path.startswith(WITNESS)]
    return missing_letters_warning(
        readings, faces, "in the EPUB the reading system shows it with a font of its own"
    )


class CitedPlaces:
    """The targets of references in the texts; gathered once for each text."""

    def __init__(self, domain: EditionDomain) -> None:
        self._domain = domain
        self._known: dict[str, dict[str, tuple[str, str]]] = {}

    def of(self, text: Text) -> dict[str, tuple[str, str]]:
        """Return the source file and the fragment of every part, page and cited place of ``text``."""
        if text.id not in self._known:
            self._known[text.id] = {
                **{part.id: (part.doc, part.id) for part in text.parts},
                **{
                    page: (part.doc, Place(page).anchor)
                    for part in text.parts
                    for page in self._domain.facts_for(part.doc).pages
                },
                **self._domain.cited(text),
            }
        return self._known[text.id]


class BookAssembler:
    """Assembles the documents of a volume, in reading order.

    Each volume is a whole book: cover, title page, notes, apparatus and indexes of its own parts. The
    editors' pages are in the first.
    """

    def __init__(
        self, builder: EpubBuilder, volume: Volume, volumes: Sequence[Volume], places: CitedPlaces
    ) -> None:
        self.builder, self.env = builder, builder.env
        self.domain = domain_of(builder.env)
        self.edition = self.domain.edition
        self.meta = metadata(self.edition)
        self.faces = typefaces(self.edition)
        self.volume = volume
        self.docs = {part.doc for part, _facts in volume.parts}
        self.places = places
        self.texts = _texts(self.edition, volume)
        facts = {
            text.id: [self.domain.facts_for(part.doc) for part in parts]
            for text, parts in self.texts
        }
        self.matter = EpubFrontMatter(
            self.meta,
            [text for text, _parts in self.texts],
            facts,
            self.faces.credits(),
            volume.name,
            [(one.name, _contents(self.edition, one)) for one in volumes],
        )
        self.pictures: dict[str, bytes] = {}
        self.spine: list[XhtmlDocument] = []
        self.contents: list[ContentsEntry] = []
        self.pages: list[tuple[str, str, str]] = []
        self.landmarks: list[tuple[str, str, str]] = []

    def assemble(self) -> None:
        """Make the documents.

        :raises EditionError: ``record-field``, the edition's date is not a day; the book cannot represent
            some content
        """
        day_of(self.meta.date, self.edition.source.file, self.edition.source.line("date"))
        self._front()
        for text, parts in self.texts:
            self._text(text, parts)
        self._apparatus()
        self._commentary()
        self._index()

    def package(self) -> EpubPackage:
        """Return the complete book, after :meth:`assemble`."""
        source = "; ".join(page_source(t) for t in self.matter.texts if t.witness.pages)
        subsets = needed_subsets([*map(text_of, self.spine), *self._drawn()])
        given = {
            STYLE: _style(self.faces, subsets),
            COVER_IMAGE: cover(_cover_record(self.matter), self.faces),
            **_fonts(self.faces, subsets),
            **self.pictures,
        }
        return EpubPackage(
            self.meta,
            self.spine,
            self.contents,
            self.pages,
            self.landmarks,
            source,
            given,
            2,
            self.volume,
        )

    def _drawn(self) -> Iterator[str]:
        """Yield all other visible text: signs of the style sheet, tables of contents, page labels."""
        yield "a°[]–"
        yield (
            _("Contents")
            + _("Pages of the original")
            + "".join(page for page, _path, _place in self.pages)
        )
        yield from (point.title for outer in self.contents for point in (outer, *outer.inner))

    def _add(self, document: XhtmlDocument, landmark: str = "") -> str:
        self.spine.append(document)
        if landmark:
            self.landmarks.append((landmark, document.path, document.title))
        return document.path

    def _front(self) -> None:
        marks = {COVER: "cover", TITLE: "titlepage"}
        for document in self.matter.documents():
            self._add(document, marks.get(document.path, ""))
            if document.path != COVER:
                title = _("Title page") if document.path == TITLE else document.title
                self.contents.append(ContentsEntry(title, document.path))
        self.landmarks.append(("toc", NAV, _("Contents")))
        witnesses = witness_list(self.texts, self.meta.language, self._part)
        if witnesses is not None:
            self.contents.append(ContentsEntry(witnesses.title, self._add(witnesses)))
        if self.volume.number == 1:
            self._editors_pages()

    def _editors_pages(self) -> None:
        names = self._in_order(self.env.config.root_doc, set())
        chosen = [name for name in names if self.builder.wanted(name)]
        known = {*chosen, *self.docs}
        for name in chosen:
            doctree = self.env.get_and_resolve_doctree(name, self.builder, tags=self.builder.tags)
            title = self.env.titles[name].astext()
            path = self._add(EpubPageWriter(name, known, self._outside).document(doctree, title))
            self.contents.append(ContentsEntry(title, path))

    def _part(self, part: Part) -> tuple[nodes.document, Facts]:
        return own_tree(self.env, part.doc), self.domain.facts_for(part.doc)

    def _in_order(self, name: str, seen: set[str]) -> Iterator[str]:
        """Yield every document once, in the order of the tables of contents."""
        for child in self.env.toctree_includes.get(name, ()):
            if child not in seen:
                seen.add(child)
                yield child
                yield from self._in_order(child, seen)

    def _outside(self, name: str, fragment: str) -> str:
        """Return the address on the site of a place in another volume. Empty if no volume has the
        document, or if the edition is not published: books cannot link to each other.
        """
        published = self.meta.base_url.startswith(("http://", "https://"))
        if not published or self.edition.part_of(name) is None:
            return ""
        return self.meta.permalink(f"{name}.html", fragment)

    def _text(self, text: Text, parts: Sequence[Part]) -> None:
        first = not any(kind == "bodymatter" for kind, _path, _title in self.landmarks)
        title = self.matter.text_title(text)
        point = ContentsEntry(text.title, self._add(title))
        for part in parts:
            writer = EpubPartWriter(
                text,
                part,
                self._entry,
                interface_lang_attrs(text.language),
                letter_head(self.domain.edition, text, part.id),
            )
            writer.inline.leads = self._leads(text, writer.path)
            document = writer.document(own_tree(self.env, part.doc))
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
        if len(text.parts) == 1:  # otherwise it would have the same title as the text
            point.inner.clear()
        self.contents.append(point)

    def _leads(self, text: Text, path: str) -> Callable[[mark], str]:
        """Return the function that finds the targets of references in the document ``path``."""
        places = self.places.of(text)

        def leads(node: mark) -> str:
            place = places.get(node.get("cited") or node.get("page") or node.get("part") or "")
            if place is None:
                return str(node["to"])
            name, anchor = place
            if name in self.docs:
                return link(path, part_path(name), anchor)
            return self._outside(name, anchor)

        return leads

    def _entry(self, kind: str, key: str) -> RegisterEntry | None:
        return self.edition.registers[BY_NAME[kind].register].entries.get(key)

    def _apparatus(self) -> None:
        inner = []
        for text, parts in self.texts:
            for part in parts:
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

    def _commentary(self) -> None:
        """Add the list of the editors' notes, if there are any."""
        noted = []
        for text, part, notes in commented_parts(self.domain, self.env):
            if part.doc in self.docs:
                ours = interface_lang_attrs(text.language)
                writer = EpubPartWriter(text, part, self._entry, ours, path=COMMENTARY)
                writer.inline.leads = self._leads(text, writer.path)
                noted.append((writer, notes))
        if noted:
            document = commentary(noted)
            self.contents.append(ContentsEntry(document.title, self._add(document)))

    def _index(self) -> None:
        documents = list(
            EpubIndexWriter(
                self.edition, self.volume.parts, text_lang_attrs(self.meta.language)
            ).documents()
        )
        for n, document in enumerate(documents):
            self._add(document, "" if n else "index")
        if documents:
            inner = [ContentsEntry(d.title, d.path) for d in documents]
            self.contents.append(ContentsEntry(_("Indexes"), inner[0].path, "", "", inner))


def _cover_record(matter: EpubFrontMatter) -> dict[str, str]:
    meta = matter.meta
    return {
        "title": meta.title,
        "subtitle": meta.subtitle,
        "editors": meta.publisher,
        "version": version(meta),
        "language": meta.language.split("-")[0],
        "volume": matter.volume,
    }


def _texts(edition: Edition, volume: Volume) -> list[tuple[Text, list[Part]]]:
    """Return the texts in a volume, each with its parts there."""
    docs = {part.doc for part, _facts in volume.parts}
    parts = [(t, [p for p in t.parts if p.doc in docs]) for t in edition.texts.values()]
    return [(text, found) for text, found in parts if found]


def _contents(edition: Edition, volume: Volume) -> list[str]:
    """Describe the content of a volume: each text, with its first and last part here if it is divided."""
    said = []
    for text, parts in _texts(edition, volume):
        ends = " – ".join(dict.fromkeys([parts[0].title, parts[-1].title]))
        said.append(text.title if len(parts) == len(text.parts) else f"{text.title}: {ends}")
    return said


def _style(faces: Typefaces, subsets: Collection[str]) -> bytes:
    """Return the style sheet, with the faces of the ``subsets`` in the weights of the book, and the
    edition's fonts."""
    used = [*web_fonts.regular_faces(subsets), *(face.rule("fonts") for face in faces.faces)]
    sheet = files("tei_export.outputs.epub").joinpath(STYLE).read_text(encoding="utf-8")
    return ("".join(used) + sheet.replace('"Libertinus Serif"', faces.stack())).encode()


def _fonts(faces: Typefaces, subsets: Collection[str]) -> dict[str, bytes]:
    """Return the files of those faces, and the licence of the bundled ones."""
    own = {f"fonts/{face.file}": face.data for face in faces.faces}
    return web_fonts.regular_files(subsets) | own


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(EpubBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
