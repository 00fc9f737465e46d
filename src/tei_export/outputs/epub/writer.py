"""Write a part of a text as a document of the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.languages import direction
from tei_export.model.problems import EditionError, Problem
from tei_export.outputs.epub.inline import EpubInlineWriter, backlink, page_break
from tei_export.outputs.epub.xhtml import XhtmlDocument, language, semantic
from tei_export.shared.labels import _, esc, letter, lost, pages
from tei_export.source.nodes import bibentry, mark, notelabel, pb, textnote, textnotes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tei_export.model.edition import Part, Text
    from tei_export.model.registers import RegisterEntry

#: type of a part → its role in a book; other types are chapters.
_KINDS = {"preface": "preface", "bibliography": "bibliography"}
_MATTER = {"front": "frontmatter", "body": "bodymatter", "back": "backmatter"}


def part_path(docname: str) -> str:
    """Return the path of a source file's document."""
    return f"text/{docname}.xhtml"


def apparatus_path(docname: str) -> str:
    """Return the path of the apparatus of a part."""
    return f"apparatus/{docname}.xhtml"


class EpubPartWriter:
    """Writes one part."""

    def __init__(
        self,
        text: Text,
        part: Part,
        entry: Callable[[str, str], RegisterEntry | None],
        ours: str = "",
    ) -> None:
        self.ours = ours
        self.part = part
        self.path = part_path(part.doc)
        self.text = text
        self.way = direction(text.language)
        self.inline = EpubInlineWriter(self.path, apparatus_path(part.doc), entry, self.way)

    def document(self, doctree: nodes.document) -> XhtmlDocument:
        """Return the document of the part.

        :raises EditionError: a block that the book cannot represent
        """
        section = next(iter(doctree.findall(nodes.section)))
        label = f"{self.part.id}-head"
        body = "".join(self._block(child, 1, label) for child in section.children)
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

    def _block(self, node: nodes.Node, level: int, label: str = "") -> str:
        if isinstance(node, nodes.comment):
            return ""
        if isinstance(node, nodes.title):
            return self._title(node, level, label)
        if isinstance(node, nodes.paragraph):
            return self._paragraph(node)
        if isinstance(node, nodes.block_quote):
            return self._quotation(node, level)
        if isinstance(node, nodes.section):
            return f"<section{_id(node)}>\n{self._blocks(node.children, level + 1)}</section>\n"
        if isinstance(node, nodes.bullet_list):
            items = "".join(
                f"<li>{self._blocks(item.children, level)}</li>\n" for item in node.children
            )
            return f'<ul class="plain"{_id(node)}>\n{items}</ul>\n'
        if isinstance(node, bibentry):
            return (
                f'<div class="bibentry"{_id(node)}>\n{self._blocks(node.children, level)}</div>\n'
            )
        if isinstance(node, textnotes):
            return self._notes(node)
        file = f"{self.part.doc}.md"
        detail = f"no form in the EPUB: {type(node).__name__}"
        raise EditionError(Problem("markup-foreign", file, node.line or 0, detail))

    def _blocks(self, children: Iterable[nodes.Node], level: int) -> str:
        return "".join(self._block(child, level) for child in children)

    def _title(self, node: nodes.title, level: int, label: str) -> str:
        """Return the heading.

        If a page begins with the heading, its break comes before it: the page number does not
        belong to the heading's name.
        """
        children = list(node.children)
        turns = ""
        while children and isinstance(children[0], pb):
            turns += page_break(children[0])
            del children[0]
        before = f'<div class="turn">{turns}</div>\n' if turns else ""
        own = f' id="{esc(label)}"' if label else ""
        tag = f"h{min(level, 6)}"
        head = f"{before}<{tag}{own}>{self.inline.block(children)}</{tag}>\n"
        return f"<header>\n{head}</header>\n" if label else head

    def _paragraph(self, node: nodes.paragraph) -> str:
        quoted = isinstance(node.parent, nodes.block_quote) and node.parent.get("translated")
        content = self.inline.quoted(node) if quoted else self.inline.block(node.children)
        return f"<p{_id(node)}>{content}</p>\n{self._lost(node)}"

    def _lost(self, node: nodes.paragraph) -> str:
        """Return the editors' remark on whole lost pages."""
        gaps = [m for m in node.findall(mark) if m.get("unit") == "page"]
        turns = [t["page"] for t in node.findall(pb)]
        if not gaps or not turns:
            return ""
        order = list(self.text.witness.pages)
        end = order.index(turns[-1]) + 1
        missing = lost(self.text, order[max(end - gaps[0]["quantity"], 0) : end])
        said = _("Here {} of the original are lost.").format(pages(missing))
        return f'<p class="editors"{self.ours}>[{esc(said)}]</p>\n'

    def _quotation(self, node: nodes.block_quote, level: int) -> str:
        lang = f" {language(node['lang'], self.way)}" if node.get("lang") else ""
        role = (
            "original"
            if node.get("translated")
            else "translation"
            if node.get("translates")
            else ""
        )
        name = f' class="{role}"' if role else ""
        return f"<blockquote{_id(node)}{name}{lang}>\n{self._blocks(node.children, level)}</blockquote>\n"

    def _notes(self, node: textnotes) -> str:
        series = node["series"]
        title = _("Notes") if series == "authorial" else _("Editors’ notes")
        label = f"notes-{series}"
        notes = "".join(self._note(child) for child in node.children if isinstance(child, textnote))
        return (
            f'<section class="notes {series}" epub:type="footnotes" aria-labelledby="{label}">\n'
            f'<h2 id="{label}"{self.ours}>{title}</h2>\n{notes}</section>\n'
        )

    def _note(self, node: textnote) -> str:
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
                content = f'<span class="head">{back}</span> {content}'
            paragraphs.append(f"<p>{content}</p>\n")
        return f'<div class="note" id="{esc(node["ids"][0])}"{semantic("footnote")}>\n{"".join(paragraphs)}</div>\n'


def _id(node: nodes.Element) -> str:
    return f' id="{esc(node["ids"][0])}"' if node["ids"] else ""
