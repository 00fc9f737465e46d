"""The writer of pages: Sphinx's own, extended by the edition's nodes.

This module renders blocks, :mod:`tei_export.outputs.html.inline` their inline content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from tei_export.model.languages import direction
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME
from tei_export.outputs.html.apparatus_section import Languages, apparatus
from tei_export.outputs.html.contents import own_page
from tei_export.outputs.html.inline import HtmlInlineWriter
from tei_export.outputs.html.page_list import PAGE as PAGES
from tei_export.shared.labels import (
    _,
    count_doubts,
    esc,
    head_facts,
    letter,
    tag_of,
    text_lang_attr,
    turned,
    ui_lang_attr,
)
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, mark, noteref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.model.edition import Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.source.nodes import bibentry, textnote, textnotes


class EditionTranslator(HTML5Translator):
    """Renders the edition's nodes; each document has its own instance."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.domain = domain_of(self.builder.env)
        self.edition = self.domain.edition
        self.docname = self.builder.current_docname
        self.known = self.domain.counts()
        found = self.edition.part_of(self.docname)
        text = found[0] if found else None
        self.text_lang, self.ui_lang = (
            text_lang_attr(self.edition, text),
            ui_lang_attr(self.edition, text),
        )
        self.way = direction(tag_of(self.edition, text))
        self.inline = HtmlInlineWriter(self._entry, self._entry_uri, self.ui_lang, self.way)
        self.previous = ""

    def _entry(self, kind: str, key: str) -> RegisterEntry | None:
        return self.edition.registers[BY_NAME[kind].register].entries.get(key)

    def _entry_uri(self, entry: RegisterEntry) -> str:
        if (entry.register, entry.key) not in self.known:
            return ""
        own = own_page(entry.register, entry.key, self.known[entry.register, entry.key])
        page = self.builder.get_relative_uri(self.docname, own or f"registers/{entry.register}")
        return page if own else f"{page}#{entry.xml_id}"

    # blocks

    def visit_section(self, node: nodes.section) -> None:
        if not _is_part(node):
            super().visit_section(node)
            return
        self.section_level += 1
        paged = " paged" if self.edition.texts[node["text"]].witness.pages else ""
        kind = esc(node["part_type"]) + paged
        self.body.append(
            f'<article class="part {kind}" id="{esc(node["part"])}"{self.text_lang}>\n'
        )

    def depart_section(self, node: nodes.section) -> None:
        if not _is_part(node):
            super().depart_section(node)
            return
        self.section_level -= 1
        text = self.edition.texts[node["text"]]
        languages = Languages(self.text_lang, self.ui_lang, text_lang_attr(self.edition))
        self.body.append(
            apparatus(self.domain.facts_for(self.docname), text, languages) + "</article>\n"
        )

    def visit_title(self, node: nodes.title) -> None:
        if not any(node.findall(lb)):
            super().visit_title(node)
            return
        if not _is_part(node.parent):
            level = min(self.section_level, 6)
            self.body.append(f"<h{level}>{self.inline.block(node)}</h{level}>\n")
            raise nodes.SkipNode
        text = self.edition.texts[node.parent["text"]]
        facts = "".join(
            f"<li>{esc(f)}</li>" for f in head_facts(text, self.domain.facts_for(self.docname))
        )
        self.body.append(
            f'<header class="head"><h1>{self.inline.block(node)}</h1>'
            f'<ul class="facts"{self.ui_lang}>{facts}{self._doubts(text)}</ul>{self._witness(text)}</header>\n'
        )
        raise nodes.SkipNode

    def _doubts(self, text: Text) -> str:
        """Return the open doubts, with a link to their description."""
        said = count_doubts(text, self.domain.facts_for(self.docname).pages)
        page = self.builder.get_relative_uri(self.docname, PAGES)
        return f'<li><a href="{esc(page)}">{esc(said)}</a></li>' if said else ""

    def _witness(self, text: Text) -> str:
        """What the text rests on, in the record's words: readers look for a facsimile here."""
        said = collapse_space(str(text.data.get("witness_description") or ""))
        tag = tag_of(self.edition)
        lang = (
            ""
            if tag == tag_of(self.edition, text)
            else f' lang="{esc(tag)}"{turned(tag, self.way)}'
        )
        return f'<div class="witness"{lang}>{esc(said)}</div>' if said else ""

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        if not any(node.findall(lb)):
            super().visit_paragraph(node)
            return
        ids = f' id="{esc(node["ids"][0])}"' if node["ids"] else ""
        self.body.append(f"<p{ids}>{self.inline.block(node)}</p>\n")
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
        ids = f' id="{esc(node["ids"][0])}"' if node["ids"] else ""
        lang = (
            f' lang="{esc(node["lang"])}"{turned(node["lang"], self.way)}'
            if node.get("lang")
            else ""
        )
        role = (
            "original"
            if node.get("translated")
            else "translation"
            if node.get("translates")
            else ""
        )
        name = f' class="{role}"' if role else ""
        self.body.append(f"<blockquote{ids}{lang}{name}>\n")

    def depart_block_quote(self, node: nodes.Element) -> None:
        self.body.append("</blockquote>\n")

    def visit_bibentry(self, node: bibentry) -> None:
        """Begin an entry of the author's bibliography, with its annotation."""
        ids = f' id="{esc(node["ids"][0])}"' if node["ids"] else ""
        self.body.append(f'<div class="bibentry"{ids}>\n')

    def depart_bibentry(self, node: bibentry) -> None:
        entry = self._entry("work", node["key"])
        uri = self._entry_uri(entry) if entry else ""
        places = ", ".join(self._cited_at(node["key"]))
        named = any(m["kind"] == "work" and m["key"] == node["key"] for m in node.findall(mark))
        items = [
            f"{_('Cited at')} {places}" if places else "",
            f'<a href="{esc(uri)}">{_("in the register")}</a>' if uri and not named else "",
        ]
        if any(items):
            self.body.append(
                f'<div class="also"{self.ui_lang}>{"; ".join(filter(None, items))}</div>\n'
            )
        self.body.append("</div>\n")

    def _cited_at(self, key: str) -> Iterator[str]:
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
                uri = self.builder.get_relative_uri(self.docname, part.doc)
                note = f" {_('n.')}&nbsp;{esc(m.note)}" if m.note else ""
                yield f'<a href="{esc(uri)}#{esc(place.anchor)}">{esc(place)}</a>{note}'

    def visit_comment(self, node: nodes.Element) -> None:  # type: ignore[override]
        """Skip the editors' working notes, which stay in the sources."""
        raise nodes.SkipNode

    # notes

    def visit_textnotes(self, node: textnotes) -> None:
        series = node["series"]
        title, name, old = _("Editors’ notes"), "editorial", ""
        if series == "authorial":
            # Reader views take words for the author's name if their class or id contains "author".
            # The old anchors contain it, but have no text.
            title, name = _("Notes"), "numbered"
            old = '<span id="notes-authorial"></span><span id="notes-authorial-head"></span>'
        self.body.append(
            f'<section class="notes {name}" id="notes-{name}" role="doc-endnotes" '
            f'aria-labelledby="notes-{name}-head">{old}\n'
            f'<h2 id="notes-{name}-head"{self.ui_lang}>{title}</h2>\n<ol>\n'
        )

    def depart_textnotes(self, node: textnotes) -> None:
        self.body.append("</ol>\n</section>\n")

    def visit_textnote(self, node: textnote) -> None:
        own, ref = (
            esc(node[name]) if name == "refid" else esc(node[name][0]) for name in ("ids", "refid")
        )
        if node["series"] == "authorial":
            style = f"--at:--{ref};anchor-name:--{own}"
            style += f";--prev:--{self.previous}" if self.previous else ""
            self.previous = own
            self.body.append(f'<li id="{own}" style="{style}">')
            return
        label = esc(letter(node["label"]))
        name = esc(_("editors’ note {}, back to the text").format(label))
        self.body.append(
            f'<li id="{own}"><span class="label"><a href="#{ref}" role="doc-backlink" '
            f'aria-label="{name}"{self.ui_lang}>{label}</a></span>'
        )

    def depart_textnote(self, node: textnote) -> None:
        self.body.append("</li>\n")

    # inline nodes of documents outside the texts (front page, guides)

    def visit_mark(self, node: mark) -> None:
        self.body.append(self.inline.block(nodes.paragraph("", "", node.deepcopy())))
        raise nodes.SkipNode

    def visit_noteref(self, node: noteref) -> None:
        raise nodes.SkipNode

    visit_lb = visit_pb = visit_point = visit_notelabel = visit_noteref

    # contents

    def visit_compound(self, node: nodes.compound) -> None:
        """Skip the front page's table of contents, which its template writes."""
        root = self.docname == self.config.root_doc
        if not root or "toctree-wrapper" not in node["classes"]:
            super().visit_compound(node)
            return
        raise nodes.SkipNode


def _is_part(node: nodes.Node | None) -> bool:
    """Return whether ``node`` is the section of a part, not one inside it."""
    return (
        isinstance(node, nodes.section)
        and "part" in node
        and isinstance(node.parent, nodes.document)
    )
