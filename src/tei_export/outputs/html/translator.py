"""The writer of pages: Sphinx's own, extended by the edition's nodes.

This module renders blocks, :mod:`tei_export.outputs.html.inline` their inline content.
"""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from docutils import nodes
from markupsafe import Markup
from sphinx.writers.html5 import HTML5Translator

from tei_export.model.blocks import BY_BLOCK
from tei_export.model.formulas import FormulaError
from tei_export.model.languages import direction
from tei_export.model.places import Place
from tei_export.model.vocabulary import BY_NAME
from tei_export.outputs.html.apparatus_lists import (
    is_long,
    languages_of,
    link,
    links_to_page,
    page_of,
)
from tei_export.outputs.html.apparatus_section import apparatus, list_entries
from tei_export.outputs.html.contents import COMMENTARY
from tei_export.outputs.html.front_page import FACTS_MARK
from tei_export.outputs.html.inline import HtmlInlineWriter
from tei_export.outputs.html.part_head import part_head
from tei_export.outputs.html.register_layout import registers_of
from tei_export.shared.elements import EMPTY, NEWLINE, Attributes, element, join, on_line, start
from tei_export.shared.formulas import mathml
from tei_export.shared.inline_walker import LISTS
from tei_export.shared.labels import (
    _,
    letter,
    tag_of,
    text_lang_attr,
    turned,
    ui_lang_attr,
)
from tei_export.shared.pictures import ORNAMENT, picture_element, picture_placeholder
from tei_export.source.cast import spoken
from tei_export.source.displayed import displayed
from tei_export.source.facts import domain_of
from tei_export.source.nodes import (
    begins_after,
    captions_of,
    every_block,
    keeps_lines,
    lb,
    mark,
    noteref,
    number_beside,
    textnote,
)
from tei_export.source.notes import note_of
from tei_export.source.positions import has_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tei_export.model.registers import RegisterEntry
    from tei_export.source.nodes import (
        bibentry,
        blockgroup,
        blockline,
        edblock,
        edfigure,
        edrow,
        edtable,
        textnote,
        textnotes,
    )


#: The number of letters in a line of a note beside the text, and how many fewer in a list there.
_BESIDE, _LISTED = 34, 5


class EditionTranslator(HTML5Translator):
    """Renders the edition's nodes; each document has its own instance."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.domain = domain_of(self.builder.env)
        self.edition = self.domain.edition
        self.docname = self.builder.current_docname
        self.registers = registers_of(self.domain)
        #: The document that is written, which may stand on the page of another.
        self.home = str(self.document.get("home", self.docname))
        found = self.edition.part_of(self.home)
        text = found[0] if found else None
        self.text_lang: Attributes = text_lang_attr(self.edition, text)
        self.ui_lang: Attributes = ui_lang_attr(self.edition, text)
        self.way = direction(tag_of(self.edition, text))
        self.inline = HtmlInlineWriter(
            self._entry, self._entry_uri, self.ui_lang, self.way, self._leads, self._speaks
        )
        self.cast = self.domain.cast(text) if text else None

    def _entry(self, kind: str, key: str) -> RegisterEntry | None:
        return self.edition.registers[BY_NAME[kind].register].entries.get(key)

    def _entry_uri(self, entry: RegisterEntry) -> str:
        page, fragment = self.registers.address(entry)
        return self._uri(page) + fragment if page else ""

    def _leads(self, node: mark) -> str:
        """Return the target address of a reference; for an original page, its place in the chapter."""
        found = self.edition.part_of(self.home)
        if found is not None and "cited" in node:
            doc, anchor = self.domain.cited(found[0]).get(node["cited"], (self.home, ""))
            uri = "" if doc == self.docname else self.builder.get_relative_uri(self.docname, doc)
            return f"{uri}#{quote(anchor)}" if anchor else ""
        if found is None or not ("page" in node or "part" in node):
            return str(node["to"])
        page, part = node.get("page"), node.get("part")
        for one in found[0].parts:
            facts = self.domain.facts.get(one.doc)
            if one.id == part or (page and facts and page in facts.pages):
                anchor = Place(page).anchor if page else one.id
                same = one.doc == self.docname
                uri = "" if same else self.builder.get_relative_uri(self.docname, one.doc)
                return f"{uri}#{quote(anchor)}"
        return ""

    def _speaks(self, node: mark) -> str:
        """Return the cast list's description of the speakers; empty if it adds nothing to the speech."""
        words, keys = spoken(node)
        found = self.cast.who(words, keys) if self.cast else ()
        said = "; ".join(dict.fromkeys(map(self.cast.item, found))) if self.cast else ""
        return "" if said == words else said

    # blocks

    def visit_section(self, node: nodes.section) -> None:
        if not _is_part(node):
            super().visit_section(node)
            return
        self.section_level += 1
        paged = " paged" if self.edition.texts[node["text"]].witness.pages else ""
        given = {"class": f"part {node['part_type']}{paged}", "id": node["part"], **self.text_lang}
        self.body.append(on_line(start("article", **given)))

    def depart_section(self, node: nodes.section) -> None:
        if not _is_part(node):
            super().depart_section(node)
            return
        self.section_level -= 1
        text = self.edition.texts[node["text"]]
        facts = self.domain.facts_for(self.docname)
        languages = languages_of(self.edition, text)
        entries = list_entries(facts, text, languages)
        if is_long(entries):
            uri = self._uri(page_of(self.docname))
            entries = link(facts, uri)
            self.body = [links_to_page(piece, uri) for piece in self.body]  # marks link there, too
        self.body.append(apparatus(facts, text, languages, entries) + Markup("</article>\n"))

    def visit_title(self, node: nodes.title) -> None:
        if not any(node.findall(lb)) and not node.get("supplied"):
            super().visit_title(node)
            return
        if not _is_part(node.parent):
            level = min(self.section_level, 6)
            self.body.append(on_line(element(f"h{level}", self.inline.block(node))))
            raise nodes.SkipNode
        found = self.edition.part_of(self.docname)
        assert found is not None
        heading = self.inline.block(node)
        self.body.append(
            part_head(
                *found,
                None if node.get("supplied") else heading,
                self.domain,
                self._uri,
                self._entry_uri,
            )
        )
        raise nodes.SkipNode

    def _uri(self, doc: str) -> str:
        return self.builder.get_relative_uri(self.docname, doc)

    def depart_title(self, node: nodes.title) -> None:
        super().depart_title(node)
        self._door(node)

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        super().depart_paragraph(node)
        self._door(node)

    def _door(self, node: nodes.Element) -> None:
        """Mark the place of the first window (front_page.py) on the front page: after the title, or the subtitle
        below it."""
        section = node.parent
        if self.docname != self.config.root_doc or not isinstance(section.parent, nodes.document):
            return
        at = section.index(node)
        if at == (1 if _is_subtitle(section) else 0):
            self.body.append(FACTS_MARK)

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        if not any(node.findall(lb)):
            super().visit_paragraph(node)
            return
        name = ("formula" if displayed(node) else "") if has_text(node) else "aside"
        content = self.inline.block(node)
        self.body.append(on_line(element("p", content, id=_id(node), class_=name)))
        raise nodes.SkipNode

    def visit_math(self, node: nodes.math, math_env: str = "") -> None:
        """Write a formula of a page of the editors as those of the texts, without a program from elsewhere."""
        self._written_formula(node, display=False)
        super().visit_math(node, math_env)

    def visit_math_block(self, node: nodes.math_block, math_env: str = "") -> None:
        self._written_formula(node, display=True)
        super().visit_math_block(node, math_env)

    def _written_formula(self, node: nodes.Element, *, display: bool) -> None:
        """Write a formula and pass over it; one that is beyond MathML stays Sphinx's."""
        try:
            formula = mathml(" ".join(node.astext().split()), display=display)
        except FormulaError:
            return
        self.body.append(on_line(element("p", formula, class_="formula")) if display else formula)
        raise nodes.SkipNode

    def visit_edblock(self, node: edblock) -> None:
        """Begin a block of the vocabulary."""
        row = BY_BLOCK[node["kind"]]
        self.body.append(on_line(start(row.html, class_=row.name, id=_id(node))))

    def depart_edblock(self, node: edblock) -> None:
        self.body.append(f"</{BY_BLOCK[node['kind']].html}>\n")

    def visit_blockgroup(self, node: blockgroup) -> None:
        self.body.append(on_line(start("div", class_="lines", id=_id(node))))

    def depart_blockgroup(self, node: blockgroup) -> None:
        self.body.append("</div>\n")

    def visit_blockline(self, node: blockline) -> None:
        """Write a line, or the text of a block that keeps its lines."""
        number = EMPTY
        if number_beside(node):
            number = element(
                "a",
                class_="verse-n",
                href=f"#{node['xml_id']}",
                data_n=node["verse"],
                aria_label=_("line {}").format(node["verse"]),
                **self.ui_lang,
            )
        name = f"{node['kind']} kept" if keeps_lines(node) else "line"
        indent = f"--in:{node['indent']}" if node["indent"] else ""
        indent = f"--after:{after}" if (after := begins_after(node)) else indent
        content = self.inline.block(node)
        line = element(
            "p",
            content,
            number,
            class_=name,
            id=_id(node),
            style=indent,
            data_verse=node.get("verse", ""),
        )
        self.body.append(on_line(line))
        raise nodes.SkipNode

    def visit_bullet_list(self, node: nodes.bullet_list) -> None:
        """Begin a list; its signs belong to the text, so the browser adds none."""
        if "kind" not in node:
            super().visit_bullet_list(node)
            return
        self.body.append(on_line(start(LISTS[node["kind"]], class_="listed", id=_id(node))))

    def depart_bullet_list(self, node: nodes.bullet_list) -> None:
        if "kind" not in node:
            super().depart_bullet_list(node)
            return
        self.body.append(f"</{LISTS[node['kind']]}>\n")

    def visit_list_item(self, node: nodes.list_item) -> None:
        """Begin an item; one of a glossary is a term and its definition."""
        if "sign" not in node:
            super().visit_list_item(node)
            return
        if node.parent["kind"] != "gloss":
            self.body.append("<li>")
            return
        self.body.append("<dt>")
        node.children[0].walkabout(self)
        self.body.append("</dt>\n<dd>")
        for child in node.children[1:]:
            child.walkabout(self)
        self.body.append("</dd>\n")
        raise nodes.SkipNode

    def depart_list_item(self, node: nodes.list_item) -> None:
        if "sign" not in node:
            super().depart_list_item(node)
            return
        self.body.append("</li>\n")

    def visit_edfigure(self, node: edfigure) -> None:
        """Write a figure; without a picture, its description."""
        captions = join(
            on_line(element("p", self.inline.block(caption), id=_id(caption)))
            for caption in captions_of(node)
        )
        shown = self._shown(node)
        caption = on_line(element("figcaption", NEWLINE, captions)) if captions else EMPTY
        name = "ornament" if node["ornament"] else ""
        self.body.append(
            on_line(element("figure", NEWLINE, on_line(shown), caption, id=_id(node), class_=name))
        )
        raise nodes.SkipNode

    def _shown(self, node: edfigure) -> Markup:
        if node["picture"]:
            name = self.builder.images.get(node["picture"], node["picture"])
            address = posixpath.join(self.builder.imgpath, quote(name))
            return picture_element(
                address, node, loading="lazy", **(self.ui_lang if node["alt"] else {})
            )
        if node["alt"]:
            return element("p", picture_placeholder(node), class_="described", **self.ui_lang)
        return element("p", ORNAMENT, class_="described", aria_hidden="true")

    def visit_edtable(self, node: edtable) -> None:
        """Write a table in a box that scrolls on a narrow page and is accessible by keyboard."""
        self.body.append(
            start(
                "div",
                class_="table",
                role="group",
                tabindex="0",
                aria_label=_("Table"),
                **self.ui_lang,
            )
        )
        self.body.append(on_line(start("table", id=_id(node))))

    def depart_edtable(self, node: edtable) -> None:
        self.body.append("</table></div>\n")

    def visit_edrow(self, node: edrow) -> None:
        self.body.append(on_line(element("tr", self.inline.row(node))))
        raise nodes.SkipNode

    def visit_entry(self, node: nodes.entry) -> None:
        """Write a table cell; an empty header cell becomes a plain one.

        Screen readers would announce an empty header for its column.
        """
        begins = len(self.body)
        super().visit_entry(node)
        if not node.astext().strip() and self.context[-1].startswith("</th"):
            self.body[begins] = self.body[begins].replace("<th", "<td", 1)
            self.context[-1] = self.context[-1].replace("</th", "</td", 1)

    def visit_block_quote(self, node: nodes.Element) -> None:
        tag = node.get("lang")
        lang = {"lang": tag, **turned(tag, self.way)} if tag else {}
        role = (
            "original"
            if node.get("translated")
            else "translation"
            if node.get("translates")
            else ""
        )
        self.body.append(on_line(start("blockquote", id=_id(node), **lang, class_=role)))

    def depart_block_quote(self, node: nodes.Element) -> None:
        self.body.append("</blockquote>\n")

    def visit_bibentry(self, node: bibentry) -> None:
        """Begin an entry of the author's bibliography, with its annotation."""
        self.body.append(on_line(start("div", class_="bibentry", id=_id(node))))

    def depart_bibentry(self, node: bibentry) -> None:
        entry = self._entry("work", node["key"])
        uri = self._entry_uri(entry) if entry else ""
        places = join(self._cited_at(node["key"]), ", ")
        named = any(m["kind"] == "work" and m["key"] == node["key"] for m in node.findall(mark))
        items = []
        if places:
            items.append(join((_("Cited at"), " ", places)))
        if uri and not named:
            items.append(element("a", _("in the register"), href=uri))
        if items:
            also = element("div", join(items, "; "), class_="also", **self.ui_lang)
            self.body.append(on_line(also))
        self.body.append("</div>\n")

    def _cited_at(self, key: str) -> Iterator[Markup]:
        """Yield links to the places of this text that name a work, outside the bibliography."""
        text_and_part = self.edition.part_of(self.docname)
        seen: set[tuple[Place, str]] = set()
        for part in text_and_part[0].parts if text_and_part else ():
            facts = self.domain.facts.get(part.doc)
            for m in facts.mentions if facts and part.doc != self.docname else ():
                place = Place(m.page, m.line)
                if m.register != "works" or m.key != key or (place, m.note) in seen:
                    continue
                seen.add((place, m.note))
                uri = self._uri(part.doc)
                note = f" {_('n.')}\N{NO-BREAK SPACE}{m.note}" if m.note else ""
                yield join((element("a", place, href=f"{uri}#{place.anchor}"), note))

    def visit_comment(self, node: nodes.Element) -> None:  # type: ignore[override]
        """Skip the editors' working notes, which stay in the sources."""
        raise nodes.SkipNode

    # notes

    def visit_textnotes(self, node: textnotes) -> None:
        series = node["series"]
        title, name, old = _("Editors’ notes"), "editorial", EMPTY
        if series == "authorial":
            # Reader views take words for the author's name if their class or id contains "author".
            # The old anchors contain it, but have no text.
            title, name = _("Notes"), "numbered"
            old = element("span", id="notes-authorial") + element("span", id="notes-authorial-head")
        head = f"notes-{name}-head"
        section = start(
            "section",
            class_=f"notes {name}",
            id=f"notes-{name}",
            role="doc-endnotes",
            aria_labelledby=head,
        )
        heading = element("h2", title, id=head, **self.ui_lang)
        self.body.append(join((on_line(section, old), on_line(heading), on_line(start("ol")))))

    def depart_textnotes(self, node: textnotes) -> None:
        self.body.append("</ol>\n")
        first = next((note for note in node.findall(textnote) if note["ids"]), None)
        if node["series"] == "editorial" and first is not None:
            page = self.builder.get_relative_uri(self.docname, COMMENTARY)
            link = element(
                "a", _("The editors’ notes of all parts"), href=f"{page}#{first['ids'][0]}"
            )
            self.body.append(on_line(element("p", link, class_="all", **self.ui_lang)))
        self.body.append("</section>\n")

    def visit_textnote(self, node: textnote) -> None:
        own, ref = node["ids"][0], node["refid"]
        style = f"--at:--{ref};anchor-name:--{own}{self._below(ref)}"
        self.body.append(start("li", id=own, style=style))
        if node["series"] == "authorial":
            return
        label = letter(node["label"])
        name = _("editors’ note {}, back to the text").format(label)
        given = {"href": f"#{ref}", "role": "doc-backlink", "aria-label": name, **self.ui_lang}
        self.body.append(element("span", element("a", label, **given), class_="label"))

    def _below(self, ref: str) -> str:
        """Return the element below which a note is placed, if notes are beside the text.

        That is the previous note of the same kind. CSS can only anchor an element to an earlier one in
        the page, and the author's notes come first: below an editors' note, an author's note is
        therefore placed by the reference and the estimated height of that note.
        """
        refs = self._refs_as_read
        at = next((n for n, one in enumerate(refs) if one["ids"][0] == ref), 0)
        authors = [n for n in range(at) if refs[n]["series"] == "authorial"]
        style = f";--prev:--{refs[authors[-1]]['refid']}" if authors else ""
        between = range(authors[-1] + 1 if authors else 0, at)
        return style + self._beneath(refs, between)

    @cached_property
    def _refs_as_read(self) -> list[noteref]:
        """The references of notes in reading order: those within a note follow the note's own."""
        held: dict[str, list[noteref]] = {}
        for one in self.document.findall(noteref):
            if one["ids"]:
                note = note_of(one)
                held.setdefault(note["ids"][0] if note is not None else "", []).append(one)
        read, waiting = [], held.pop("", [])[::-1]
        while waiting:
            read.append(waiting.pop())
            waiting += held.pop(read[-1]["refid"], [])[::-1]
        return read

    def _beneath(self, refs: Sequence[noteref], editors: Iterable[int]) -> str:
        """Return the place and the estimated height of the editors' notes right before a note."""
        held = [refs[n] for n in editors]
        if not held:
            return ""
        high = sum(_height_beside(self._notes_by_id[one["refid"]]) for one in held)
        return f";--ed:--{held[0]['ids'][0]};--high:{high:.1f}rem"

    @cached_property
    def _notes_by_id(self) -> dict[str, textnote]:
        return {note["ids"][0]: note for note in self.document.findall(textnote) if note["ids"]}

    def depart_textnote(self, node: textnote) -> None:
        self.body.append("</li>\n")

    # inline nodes without lines: of the editors' notes, and of documents outside the texts (front page, guides)

    def visit_mark(self, node: mark | noteref) -> None:
        self.body.append(self.inline.block(nodes.paragraph("", "", node.deepcopy())))
        raise nodes.SkipNode

    visit_noteref = visit_mark

    def visit_lb(self, node: nodes.Element) -> None:
        raise nodes.SkipNode

    visit_pb = visit_point = visit_notelabel = visit_lb

    # contents

    def visit_compound(self, node: nodes.compound) -> None:
        """Skip the front page's table of contents, which its template writes."""
        root = self.docname == self.config.root_doc
        if not root or "toctree-wrapper" not in node["classes"]:
            super().visit_compound(node)
            return
        raise nodes.SkipNode


def _is_subtitle(section: nodes.Element) -> bool:
    """Return whether a section's second block is a subtitle: one emphasised phrase."""
    block = section[1] if len(section) > 1 else None
    return (
        isinstance(block, nodes.paragraph)
        and len(block) == 1
        and isinstance(block[0], nodes.emphasis)
    )


def _id(node: nodes.Element) -> str:
    """Return the id of a block; empty if nothing links to it."""
    return str(node["ids"][0]) if node["ids"] else ""


def _is_part(node: nodes.Node | None) -> bool:
    """Return whether ``node`` is the section of a part, not one inside it."""
    return (
        isinstance(node, nodes.section)
        and "part" in node
        and isinstance(node.parent, nodes.document)
    )


def _height_beside(note: textnote) -> float:
    """Return the estimated height of a note beside the text, in rem, with the gap below it."""
    lines = 0
    for block in every_block(note, nodes.TextElement):
        depth, above = 0, block.parent
        while above is not note:
            depth += isinstance(above, nodes.bullet_list)
            above = above.parent
        lines += 1 + len(block.astext()) // max(10, _BESIDE - _LISTED * depth)
    return lines * 1.07 + 0.6 * (1 + len(every_block(note, nodes.bullet_list)))
