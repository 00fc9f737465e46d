"""Render running text as XHTML: the edited text only, with pages, lines, notes and apparatus.

The web pages contain three texts and show one. A reading system has no such switch and would read
hidden text aloud, so the apparatus contains whatever the edited text replaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, MISREADING, Family, Reads
from tei_export.outputs.epub.xhtml import language, link, semantic
from tei_export.shared.labels import _, esc, letter
from tei_export.shared.walk import InlineWalker
from tei_export.source.nodes import GAP_TEXT, lb, mark, notelabel, noteref, pb, point, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tei_export.model.registers import RegisterEntry


class EpubInlineWriter(InlineWalker):
    """Renders blocks of the document ``path``, whose apparatus is the document ``apparatus``.

    ``entry(kind, key)`` is a register entry: titles of books are set in italics. ``way``: how the text runs.
    """

    def __init__(
        self,
        path: str,
        apparatus: str,
        entry: Callable[[str, str], RegisterEntry | None],
        way: str = "ltr",
    ) -> None:
        self.path = path
        self.apparatus = apparatus
        self._entry = entry
        self._turn = ""
        self._way = way
        self._in_link = False
        self._apart: list[mark] | None = None

    def quoted(self, paragraph: nodes.Element) -> str:
        """Return the content of a paragraph quoted in the original language.

        If OCR misread all of it, every word would be a link, too small to touch without its
        neighbours (WCAG 2.5.8). A single link at the end then leads to the entries.
        """
        if _words_apart(paragraph):
            return self.block(paragraph.children)
        self._apart = []
        content = self.block(paragraph.children)
        entries, self._apart = self._apart, None
        return content + (self._key_of_all(entries) if entries else "")

    def block(self, children: Iterable[nodes.Node]) -> str:
        """Return the content of a paragraph or heading."""
        content = self._all(children)
        end, self._turn = self._turn, ""
        return content + end

    def _page(self, node: pb) -> str:
        """Return nothing: the page break is written at the line that begins it."""
        self._turn += page_break(node)
        if "xml_id" in node:  # the witness has misread the number
            own = f'<span class="ap {MISREADING}" id="{esc(node["xml_id"])}"></span>'
            self._turn += own + ("" if self._in_link else self._key(node))
        return ""

    def _line(self, node: lb) -> str:
        """Return the join between lines, the page that begins, and the anchor of the line."""
        turn, self._turn = self._turn, ""
        anchor = (
            f'<span id="{esc(Place(node["page"], node["line"]).anchor)}"></span>'
            if node["line"]
            else ""
        )
        return f"{node['join']}{turn}{anchor}"

    # notes

    def _noteref(self, node: noteref) -> str:
        """Return a reference: superscript figures (author's notes) or letters (editors' notes)."""
        own, label, name = "nr", node["label"], ""
        if node["series"] == "editorial":
            own, label = "nr ed", letter(node["label"])
            name = f' aria-label="{esc(_("editors’ note {}").format(label))}"'
        return (
            f'<a class="{own}" id="{esc(node["ids"][0])}" href="#{esc(node["refid"])}"'
            f"{semantic('noteref')}{name}>{esc(label)}</a>"
        )

    def _label(self, node: notelabel) -> str:
        """Return the printed number of a note, which links back, and the entry about it."""
        holder = node.parent.parent
        content = backlink(holder["refid"], holder["label"], _("note {}, back to the text"))
        inner = next((n for n in node.children if isinstance(n, mark) and "xml_id" in n), None)
        if inner is None:
            return f'<span class="head">{content}</span> '
        key = self._key(inner) if is_marked(inner) else ""
        return f'<span class="head" id="{esc(inner["xml_id"])}">{content}{key}</span> '

    # marks

    def _mark(self, node: mark) -> str:
        row = BY_NAME[node["kind"]]
        if row.apparatus:
            return self._apparatus(node)
        if node["kind"] == "work":
            content = self._all(node.children)
            entry = self._entry("work", node["key"])
            book = entry is not None and entry.text("type") == "book" and node.get("named")
            return f'<cite class="book">{content}</cite>' if book else f"<cite>{content}</cite>"
        if row.family is Family.MENTION:
            return self._all(node.children)
        content = self._edited(node)
        lang = f" {language(row.lang, self._way)}" if row.lang else ""
        return (
            f'<{row.html} class="{row.css or row.name}"{lang}>{content}</{row.html}>'
            if content
            else ""
        )

    def _edited(self, node: mark) -> str:
        """Return the reading of the edited text."""
        reads = BY_NAME[node["kind"]].read_by("E")
        if reads is Reads.CONTENT:
            return self._all(node.children)
        return (
            GAP_TEXT
            if reads is Reads.SIGN
            else esc(node["source"])
            if reads is Reads.SOURCE
            else ""
        )

    def _point(self, node: point) -> str:
        row = BY_NAME[node["kind"]]
        return f'<{row.html} class="{row.css or row.name}">{esc(row.sign)}</{row.html}>'

    def _apparatus(self, node: mark) -> str:
        if "xml_id" not in node:  # in a page outside the texts: no line, no entry
            return self._edited(node)
        own = f'id="{esc(node["xml_id"])}"'
        if not is_marked(node):
            return f"<span {own}>{self._edited(node)}</span>"
        name = f"ap {node['kind']}"
        if self._apart is not None:
            self._apart.append(node)
            return f'<span class="{name}" {own}>{self._edited(node)}</span>'
        if self._in_link or _holds_link(node) or not reading(node).strip():
            content = self._edited(node)
            return f'<span class="{name}" {own}>{content}</span>{"" if self._in_link else self._key(node)}'
        self._in_link = True
        content = self._edited(node)
        self._in_link = False
        return f'<a class="{name}" {own} {self._target(node)}>{content}</a>'

    def _key_of_all(self, entries: list[mark]) -> str:
        places = list(dict.fromkeys(node["place"] for node in entries))
        name = esc(_("apparatus, {}").format("–".join(dict.fromkeys((places[0], places[-1])))))
        return f'<a class="key" {self._target(entries[0])} aria-label="{name}"></a>'

    def _target(self, node: mark | pb) -> str:
        address = link(self.path, self.apparatus, f"entry-{node['xml_id']}")
        return f'href="{address}"{semantic("noteref")}'

    def _key(self, node: mark | pb) -> str:
        """Return the link to an entry without words in the text that could carry it."""
        words = "" if isinstance(node, pb) else collapse_space(reading(node))
        name = _("apparatus, {}").format(node.get("place") or node["page"])
        name = f"{words}, {name}" if words else name
        return f'<a class="key" {self._target(node)} aria-label="{esc(name)}"></a>'


def _words_apart(paragraph: nodes.Element) -> bool:
    """Return whether any word of ``paragraph`` is outside all marked places."""
    for text in paragraph.findall(nodes.Text):
        at, marked = text.parent, False
        while at is not None and at is not paragraph:
            marked = marked or (isinstance(at, mark) and is_marked(at))
            at = at.parent
        if not marked and any(c.isalpha() for c in text):
            return True
    return False


def is_marked(node: mark) -> bool:
    """Return whether the text marks the place of an apparatus entry."""
    return BY_NAME[node["kind"]].apparatus and not node.get("small")


def page_break(node: pb) -> str:
    """Return the beginning of an original page.

    In a continued note, only the number is drawn: the page began in the text. The name is a
    ``title``, because axe-core rejects ``aria-label`` on this role, which it does not know; Ace
    accepts either.
    """
    page = esc(node["page"])
    if node["continued"]:
        return f'<span class="pb" data-p="{page}"></span>'
    state = "" if node["seen"] else " inferred"
    name = esc(_("Page {}.").format(node["page"]))
    return (
        f'<span class="pb{state}" id="{esc(Place(node["page"]).anchor)}"{semantic("pagebreak")}'
        f' title="{name}" data-p="{page}"></span>'
    )


def backlink(target: str, label: str, name: str) -> str:
    """Return the link at the start of a note; ``name`` states in words where it leads."""
    return (
        f'<a class="label" href="#{esc(target)}"{semantic("backlink")} '
        f'aria-label="{esc(name.format(label))}">{esc(label)}</a>'
    )


def _holds_link(node: mark) -> bool:
    """Return whether ``node`` contains a link: links do not nest."""
    inner = (n for n in node.findall(mark) if n is not node)
    return any(node.findall(noteref)) or any(is_marked(n) and "xml_id" in n for n in inner)
