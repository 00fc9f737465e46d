"""Render running text as XHTML: the edited text only, with pages, lines, notes and apparatus.

The web pages contain three texts and show one. A reading system has no such switch and would read
hidden text aloud, so the apparatus contains whatever the edited text replaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.i18n.terms import milestone_words
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, MISREADING, OF_WITNESSES, Family, Reads
from tei_export.outputs.epub.xhtml import language, link, semantic
from tei_export.shared.elements import EMPTY, Attributes, element, empty, esc, join
from tei_export.shared.inline_walker import InlineWalker
from tei_export.shared.labels import _, back_to_text, letter
from tei_export.source.nodes import (
    GAP_TEXT,
    entries_in,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    reading,
    shown_label,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markupsafe import Markup

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
        self.leads: Callable[[mark], str] = lambda node: (
            "" if "page" in node or "part" in node or "cited" in node else str(node["to"])
        )
        """the address that a reference leads to; empty for none"""
        self.apparatus = apparatus
        self._entry = entry
        self._turn = EMPTY
        self._way = way
        self._in_link = self._kept = False
        self._first = True
        self._apart: list[mark] | None = None

    def quoted(self, paragraph: nodes.Element) -> Markup:
        """Return the content of a paragraph quoted in the original language.

        If OCR misread all of it, every word would be a link, too small to touch without its
        neighbours (WCAG 2.5.8). A single link at the end then leads to the entries.
        """
        if _words_apart(paragraph):
            return self.block(paragraph.children)
        self._apart = []
        content = self.block(paragraph.children)
        entries, self._apart = self._apart, None
        return content + (self._key_of_all(entries) if entries else EMPTY)

    def block(self, children: Iterable[nodes.Node], *, kept: bool = False) -> Markup:
        """Return the content of a paragraph or heading; ``kept``: with its lines."""
        self._kept, self._first = kept, True
        content = self._all(children)
        end, self._turn = self._turn, EMPTY
        return content + end

    def row(self, node: nodes.Element) -> Markup:
        """Return the cells of a row of a table."""
        self._kept, self._first = False, True
        return self._cells(node, self._end)

    def _end(self) -> Markup:
        end, self._turn = self._turn, EMPTY
        return end

    def _page(self, node: pb) -> Markup:
        """Return nothing: the page break is written at the line that begins it."""
        self._turn += page_break(node)
        if "xml_id" in node:  # the witness has misread the number
            self._turn += element("span", class_=f"ap {MISREADING}", id=node["xml_id"])
            self._turn += EMPTY if self._in_link else self._key(node)
        return EMPTY

    def _line(self, node: lb) -> Markup:
        """Return the join between lines, the page that begins, and the anchor of the line."""
        turn, self._turn = self._turn, EMPTY
        breaks = self._kept and not self._first and node["line"] and node["word_break"] != "no"
        self._first = self._first and not node["line"]
        anchor = EMPTY
        if node["line"]:
            anchor = element("span", id=Place(node["page"], node["line"]).anchor)
        return join((node["join"], empty("br") if breaks else EMPTY, turn, anchor))

    # notes

    def _noteref(self, node: noteref) -> Markup:
        """Return a reference: superscript figures (author's notes) or letters (editors' notes)."""
        own, label, name = "nr", shown_label(node), ""
        if node["series"] == "editorial":
            own, label = "nr ed", letter(node["label"])
            name = _("editors’ note {}").format(label)
        given = {"href": f"#{node['refid']}", **semantic("noteref"), "aria-label": name}
        return element("a", label, class_=own, id=node["ids"][0], **given)

    def _label(self, node: notelabel) -> Markup:
        """Return the printed number of a note, which links back, and the entry about it."""
        holder = node.parent.parent
        content = backlink(holder["refid"], shown_label(holder), back_to_text(holder))
        inner = next((n for n in node.children if isinstance(n, mark) and "xml_id" in n), None)
        if inner is None:
            return element("span", content, class_="head") + " "
        key = self._key(inner) if is_marked(inner) else EMPTY
        return element("span", content, key, class_="head", id=inner["xml_id"]) + " "

    # marks

    def _mark(self, node: mark) -> Markup:
        row = BY_NAME[node["kind"]]
        if row.aside:  # the edited text contains only the places of its entries
            return join(element("span", id=m["xml_id"]) for m in entries_in(node))
        if row.apparatus:
            return self._apparatus(node)
        if node["kind"] == "work":
            content = self._all(node.children)
            entry = self._entry("work", node["key"])
            book = entry is not None and entry.text("type") == "book" and node.get("named")
            return element("cite", content, class_="book" if book else None)
        if row.family is Family.MENTION:
            return self._all(node.children)
        if row.notation:
            return self._formula(node)
        if node.get("to"):
            return self._reference(node)
        content = self._edited(node)
        if not content:
            return EMPTY
        lang = language(node["lang"], self._way) if node.get("lang") else {}
        return self._phrase(node, content, lang)

    def _reference(self, node: mark) -> Markup:
        """Return a reference as a link; readings inside it are not links."""
        address = "" if self._in_link else self.leads(node)
        outer, self._in_link = self._in_link, self._in_link or bool(address)
        content = self._edited(node)
        self._in_link = outer
        return element("a", content, href=address) if address else content

    def _edited(self, node: mark) -> Markup:
        """Return the reading of the edited text."""
        reads = BY_NAME[node["kind"]].read_by("E")
        if reads is Reads.CONTENT:
            return self._all(node.children)
        if reads is Reads.SOURCE:
            return esc(node["source"])
        return esc(GAP_TEXT) if reads is Reads.SIGN else EMPTY

    def _point(self, node: point) -> Markup:
        if node["kind"] in OF_WITNESSES:
            return self._of_witnesses(node)
        row = BY_NAME[node["kind"]]
        said = values_of(node)
        title = milestone_words(node) if said else None
        return element(
            row.html, row.sign, class_=row.css or row.name, data_value=said.get("n"), title=title
        )

    def _of_witnesses(self, node: point) -> Markup:
        """Return the place of an entry about a passage or a lacuna; other milestones are invisible."""
        if not node.get("xml_id") or node["kind"] == "begin":
            return EMPTY
        place = element("span", class_=f"ap {node['kind']}", id=node["xml_id"])
        return place + (EMPTY if self._in_link else self._key(node))

    def _apparatus(self, node: mark) -> Markup:
        if "xml_id" not in node:  # in a page outside the texts: no line, no entry
            return self._edited(node)
        own = {"id": node["xml_id"]}
        if not is_marked(node):
            return element("span", self._edited(node), **own)
        own = {"class": f"ap {node['kind']}", **own}
        if self._apart is not None:
            self._apart.append(node)
            return element("span", self._edited(node), **own)
        if self._in_link or _holds_link(node) or not reading(node).strip():
            content = element("span", self._edited(node), **own)
            return content + (EMPTY if self._in_link else self._key(node))
        self._in_link = True
        content = self._edited(node)
        self._in_link = False
        return element("a", content, **own, **self._target(node))

    def _key_of_all(self, entries: list[mark]) -> Markup:
        places = list(dict.fromkeys(node["place"] for node in entries))
        name = _("apparatus, {}").format("–".join(dict.fromkeys((places[0], places[-1]))))
        return element("a", class_="key", **self._target(entries[0]), aria_label=name)

    def _target(self, node: mark | pb | point) -> Attributes:
        address = link(self.path, self.apparatus, f"entry-{node['xml_id']}")
        return {"href": address, **semantic("noteref")}

    def _key(self, node: mark | pb | point) -> Markup:
        """Return the link to an entry without words in the text that could carry it."""
        words = "" if isinstance(node, (pb, point)) else collapse_space(reading(node))
        name = _("apparatus, {}").format(node.get("place") or node.get("page") or "")
        name = f"{words}, {name}" if words else name
        return element("a", class_="key", **self._target(node), aria_label=name)


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


def page_break(node: pb) -> Markup:
    """Return the beginning of an original page.

    In a continued note, only the number is drawn: the page began in the text. The name is a
    ``title``, because axe-core rejects ``aria-label`` on this role, which it does not know; Ace
    accepts either.
    """
    page = node["page"]
    if node["continued"]:
        return element("span", class_="pb", data_p=page)
    state = "pb" if node["seen"] else "pb inferred"
    title = _("Page {}.").format(page)
    given = {"id": Place(page).anchor, **semantic("pagebreak"), "title": title, "data-p": page}
    return element("span", class_=state, **given)


def backlink(target: str, label: str, name: str) -> Markup:
    """Return the link at the start of a note; ``name`` states in words where it leads."""
    given = {"href": f"#{target}", **semantic("backlink"), "aria-label": name.format(label)}
    return element("a", label, class_="label", **given)


def _holds_link(node: mark) -> bool:
    """Return whether ``node`` contains a link: links do not nest."""
    inner = [n for n in node.findall(mark) if n is not node]
    if any(n.get("to") for n in inner):
        return True
    return any(node.findall(noteref)) or any(is_marked(n) and "xml_id" in n for n in inner)
