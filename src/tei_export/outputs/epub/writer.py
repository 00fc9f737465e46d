"""Write a part of a text as a document of the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.blocks import BY_BLOCK
from tei_export.model.languages import direction
from tei_export.model.problems import EditionError, Problem
from tei_export.outputs.epub.inline import EpubInlineWriter, backlink, page_break
from tei_export.outputs.epub.xhtml import XhtmlDocument, language, link, semantic
from tei_export.shared.elements import EMPTY, NEWLINE, Attributes, element, join, on_line
from tei_export.shared.inline_walker import LISTS
from tei_export.shared.labels import _, letter, lost, pages
from tei_export.shared.pictures import ORNAMENT, picture_element, picture_placeholder
from tei_export.source.displayed import displayed
from tei_export.source.nodes import (
    begins_after,
    bibentry,
    blockgroup,
    blockline,
    captions_of,
    edblock,
    edfigure,
    edtable,
    is_aside,
    keeps_lines,
    mark,
    notelabel,
    number_beside,
    pb,
    reading,
    textnote,
    textnotes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markupsafe import Markup

    from tei_export.model.edition import Part, Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.letter_head import LetterHead

#: type of a part → its role in a book; other types are chapters.
_KINDS = {"preface": "preface", "bibliography": "bibliography"}
_MATTER = {"front": "frontmatter", "body": "bodymatter", "back": "backmatter"}


def part_path(docname: str) -> str:
    """Return the path of a source file's document."""
    return f"text/{docname}.xhtml"


def apparatus_path(docname: str) -> str:
    """Return the path of the apparatus of a part."""
    return f"apparatus/{docname}.xhtml"


def picture_path(path: str) -> str:
    """Return the path of a picture in the book; ``path``: below the sources."""
    return f"pictures/{path}"


class EpubPartWriter:
    """Writes one part; with ``path``, blocks of it into another document."""

    def __init__(
        self,
        text: Text,
        part: Part,
        entry: Callable[[str, str], RegisterEntry | None],
        ours: Attributes | None = None,
        letter: LetterHead | None = None,
        path: str = "",
    ) -> None:
        self.letter = letter
        self.ours: Attributes = ours or {}
        self.part = part
        self.path = path or part_path(part.doc)
        self.text = text
        self.pictures: list[str] = []
        """paths of the pictures written so far"""
        self.way = direction(text.language)
        self.inline = EpubInlineWriter(self.path, apparatus_path(part.doc), entry, self.way)

    def document(self, doctree: nodes.document) -> XhtmlDocument:
        """Return the document of the part.

        :raises EditionError: a block that the book cannot represent
        """
        section = next(iter(doctree.findall(nodes.section)))
        label = f"{self.part.id}-head"
        body = join(self._block(child, 1, label) for child in section.children)
        kind = _KINDS.get(self.part.type, "chapter")
        name = f"part {self.part.type}" + ("" if self.text.witness.pages else " unpaged")
        return XhtmlDocument(
            self.path,
            self.part.title,
            body,
            kind,
            _MATTER[self.part.place],
            label,
            self.part.id,
            name,
            lang=self.text.language,
        )

    def block(self, node: nodes.Node) -> Markup:
        """Return a block for another document.

        :raises EditionError: the book cannot represent it
        """
        return self._block(node, 3)

    def _block(self, node: nodes.Node, level: int, label: str = "") -> Markup:
        if isinstance(node, nodes.comment):
            return EMPTY
        if isinstance(node, nodes.title):
            return self._title(node, level, label)
        if isinstance(node, nodes.paragraph):
            return self._line(node) if isinstance(node, blockline) else self._paragraph(node)
        if isinstance(node, (edblock, edtable, edfigure)):
            return self._own(node, level)
        if isinstance(node, nodes.block_quote):
            return self._quotation(node, level)
        if isinstance(node, nodes.section):
            content = self._blocks(node.children, level + 1)
            return on_line(element("section", NEWLINE, content, id=_id(node)))
        if isinstance(node, nodes.bullet_list):
            return self._list(node, level)
        if isinstance(node, bibentry):
            content = self._blocks(node.children, level)
            return on_line(element("div", NEWLINE, content, class_="bibentry", id=_id(node)))
        if isinstance(node, textnotes):
            return self._notes(node)
        file = f"{self.part.doc}.md"
        detail = f"no form in the EPUB: {type(node).__name__}"
        raise EditionError(Problem("markup-foreign", file, node.line or 0, detail))

    def _blocks(self, children: Iterable[nodes.Node], level: int) -> Markup:
        return join(self._block(child, level) for child in children)

    def _title(self, node: nodes.title, level: int, label: str) -> Markup:
        """Return the heading.

        If a page begins with the heading, its break comes before it: the page number does not
        belong to the heading's name.
        """
        children = list(node.children)
        turns = EMPTY
        while children and isinstance(children[0], pb):
            turns += page_break(children[0])
            del children[0]
        before = on_line(element("div", turns, class_="turn")) if turns else EMPTY
        heading = element(f"h{min(level, 6)}", self.inline.block(children), id=label)
        if node.get("supplied"):  # the original has no heading: the editors' title
            heading = element("h1", self.part.title, class_="editors", id=label, **self.ours)
        head = before + on_line(heading)
        if label and self.letter is not None:
            said = element("div", self.letter.words, class_="editors letter-head", **self.ours)
            head += on_line(said)
        return on_line(element("header", NEWLINE, head)) if label else head

    def _paragraph(self, node: nodes.paragraph) -> Markup:
        quoted = isinstance(node.parent, nodes.block_quote) and node.parent.get("translated")
        content = self.inline.quoted(node) if quoted else self.inline.block(node.children)
        if _is_forme_work(node):
            return on_line(element("div", content, class_="turn")) if content.strip() else EMPTY
        name = "formula" if displayed(node) else None
        return on_line(element("p", content, id=_id(node), class_=name)) + self._lost(node)

    def _own(self, node: edblock | edtable | edfigure, level: int) -> Markup:
        """Return a figure or a table."""
        if isinstance(node, edfigure):
            return self._figure(node)
        if isinstance(node, edblock):
            return self._vocabulary_block(node, level)
        rows = [row for row in node.children if isinstance(row, nodes.Element)]
        content = join(on_line(element("tr", self.inline.row(row))) for row in rows)
        return on_line(element("table", NEWLINE, content, class_="ledger", id=_id(node)))

    def _list(self, node: nodes.bullet_list, level: int) -> Markup:
        """Return a list; its signs belong to the text, so the reading system adds none."""
        items = EMPTY
        for item in node.children:
            rest = list(item.children)
            if node["kind"] == "gloss":
                items += on_line(element("dt", self._block(rest.pop(0), level)))
            items += on_line(
                element("dd" if node["kind"] == "gloss" else "li", self._blocks(rest, level))
            )
        tag = LISTS[node["kind"]]
        return on_line(element(tag, NEWLINE, items, class_="plain", id=_id(node)))

    def _figure(self, node: edfigure) -> Markup:
        """Return a figure; without a picture, its description."""
        if node["picture"]:
            self.pictures.append(node["picture"])
            address = link(self.path, picture_path(node["picture"]))
            shown = picture_element(address, node, **(self.ours if node["alt"] else {}))
        else:
            words = picture_placeholder(node) if node["alt"] else ORNAMENT
            shown = element("p", words, class_="editors", **self.ours)
        captions = join(self._paragraph(child) for child in captions_of(node))
        caption = on_line(element("figcaption", NEWLINE, captions)) if captions else EMPTY
        name = "ornament" if node["ornament"] else None
        return on_line(
            element("figure", NEWLINE, on_line(shown), caption, id=_id(node), class_=name)
        )

    def _vocabulary_block(self, node: edblock, level: int) -> Markup:
        """Return a block of the vocabulary."""
        content = join(
            on_line(
                element("div", NEWLINE, self._blocks(c.children, level), class_="lines", id=_id(c))
            )
            if isinstance(c, blockgroup)
            else self._block(c, level)
            for c in node.children
        )
        tag = BY_BLOCK[node["kind"]].html
        return on_line(element(tag, NEWLINE, content, class_=node["kind"], id=_id(node)))

    def _line(self, node: blockline) -> Markup:
        """Return a line, or the text of a block that keeps its lines."""
        kept = keeps_lines(node)
        content = self.inline.block(node.children, kept=kept)
        if number_beside(node):
            content += element("span", class_="verse-n", data_n=node["verse"])
        far = node["indent"] or begins_after(node)
        indent = f"margin-inline-start: {far / 2}em" if far else ""
        name = f"{node['kind']} kept" if kept else "line"
        return on_line(element("p", content, class_=name, id=_id(node), style=indent))

    def _lost(self, node: nodes.paragraph) -> Markup:
        """Return the editors' remark on whole lost pages."""
        gaps = [m for m in node.findall(mark) if m.get("unit") == "page"]
        turns = [t["page"] for t in node.findall(pb)]
        if not gaps or not turns:
            return EMPTY
        order = list(self.text.witness.pages)
        end = order.index(turns[-1]) + 1
        missing = lost(self.text, order[max(end - gaps[0]["quantity"], 0) : end])
        said = _("At this point, {} of the original are lost.").format(pages(missing))
        return on_line(element("p", f"[{said}]", class_="editors", **self.ours))

    def _quotation(self, node: nodes.block_quote, level: int) -> Markup:
        lang = language(node["lang"], self.way) if node.get("lang") else {}
        role = (
            "original"
            if node.get("translated")
            else "translation"
            if node.get("translates")
            else ""
        )
        content = self._blocks(node.children, level)
        return on_line(element("blockquote", NEWLINE, content, id=_id(node), class_=role, **lang))

    def _notes(self, node: textnotes) -> Markup:
        series = node["series"]
        title = _("Notes") if series == "authorial" else _("Editors’ notes")
        label = f"notes-{series}"
        notes = join(self._note(child) for child in node.children if isinstance(child, textnote))
        heading = on_line(element("h2", title, id=label, **self.ours))
        given = {"class": f"notes {series}", "epub:type": "footnotes", "aria-labelledby": label}
        return on_line(element("section", NEWLINE, heading, notes, **given))

    def _note(self, node: textnote) -> Markup:
        """Return a note, but not as an ``aside``.

        Some reading systems hide an ``aside``, so that readers could reach the note only through
        its reference.
        """
        paragraphs = []
        for n, child in enumerate(node.children):
            if not isinstance(child, nodes.paragraph):
                paragraphs.append(self._block(child, 3))
                continue
            content = self.inline.block(child.children)
            if not n and not any(isinstance(c, notelabel) for c in child.children):
                label = letter(node["label"])
                back = backlink(node["refid"], label, _("editors’ note {}, back to the text"))
                content = join((element("span", back, class_="head"), " ", content))
            paragraphs.append(on_line(element("p", content)))
        given = {"class": "note", "id": node["ids"][0], **semantic("footnote")}
        return on_line(element("div", NEWLINE, *paragraphs, **given))


def _is_forme_work(node: nodes.paragraph) -> bool:
    """Return whether a paragraph contains only forme work."""
    marks = [child for child in node.children if isinstance(child, mark)]
    return bool(marks) and all(map(is_aside, marks)) and not reading(node, "T").strip()


def _id(node: nodes.Element) -> str:
    return str(node["ids"][0]) if node["ids"] else ""
