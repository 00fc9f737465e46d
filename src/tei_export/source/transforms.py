"""Read transforms: from MyST's doctree to the final doctree of a part.

All numbers (pages, lines, notes, blocks, ids) are computed once, here; no writer counts.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform

from tei_export.model.blocks import BY_BLOCK, Holds
from tei_export.model.places import page_id
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, Family
from tei_export.model.word_division import DIVIDED
from tei_export.source import (
    cast,
    deceptive_letter_checks,
    displayed,
    divisions,
    drama,
    editors_pages,
    nesting,
    numbering,
    part_checks,
    pictures,
    variants,
)
from tei_export.source import lines as lines_module
from tei_export.source.apparatus import ApparatusCollector
from tei_export.source.facts import domain_of
from tei_export.source.mention_reader import MentionReader
from tei_export.source.mentions import (
    entry_places,
    resolve_mention,
)
from tei_export.source.nodes import (
    BLOCKS,
    bibentry,
    blockgroup,
    edblock,
    edcell,
    edfigure,
    edtable,
    every,
    every_block,
    every_node,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    says_nothing,
    take_out,
    textnote,
    textnotes,
    unchanging,
    values_of,
)
from tei_export.source.notes import (
    in_leaf,
    inside_note,
)
from tei_export.source.part_notes import PartNotes
from tei_export.source.positions import LinesOfNodes, has_text, line_of, set_joins
from tei_export.source.translations import pair_translations, wrong_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.source.facts import EditionDomain
    from tei_export.source.lines import SourceLine

_ALLOWED = (
    nodes.Text, nodes.section, nodes.title, nodes.paragraph, nodes.block_quote, nodes.comment,
    bibentry, mark, lb, pb, noteref, textnote, textnotes, notelabel, point, nodes.bullet_list, nodes.list_item,
    edblock, blockgroup, edtable, edcell, edfigure,
    nodes.document, nodes.footnote, nodes.footnote_reference, nodes.label,
)  # fmt: skip


def _citable(holder: nodes.Element) -> Iterator[nodes.Node]:
    """Yield the blocks that have numbers; instead of a block that contains blocks, its inner ones."""
    for child in holder.children:
        if isinstance(child, edblock) and BY_BLOCK[child["kind"]].holds is Holds.BLOCKS:
            yield from _citable(child)
        elif not says_nothing(child):
            yield child


class EditionTransform(SphinxTransform):
    """Makes the final tree of a document that contains a part of a text."""

    #: Before everything that changes or checks the words: Sphinx warns of notes without a reference
    #: at 622.
    default_priority = 200

    def apply(self, **kwargs: object) -> None:
        domain = domain_of(self.env)
        edition = domain.edition
        text_and_part = edition.part_of(self.env.docname)
        facts = domain.facts_for(self.env.docname)
        if any(problem.code in nesting.BROKEN for problem in facts.problems):
            return  # the parser has rejected it
        if text_and_part:
            PartBuilder(self.document, self.env.docname, edition, *text_and_part, domain).build()
        elif domain.is_ours(self.env.docname):
            editors_pages.finish(
                self.document, edition, Path(self.env.srcdir), domain.report(self.env.docname)
            )
        else:
            editors_pages.link(self.document, edition, domain.report(self.env.docname))


class PartBuilder:
    """Builds one part: notes, lines, witness, ids, facts, in this order."""

    def __init__(
        self, document: nodes.document, docname: str, edition: Edition, text: Text, part: Part,
        domain: EditionDomain,
    ) -> None:  # fmt: skip
        self.document = document
        self.docname = docname
        self.file = f"{docname}.md"
        self.edition = edition
        self.text = text
        self.part = part
        self.facts = domain.facts_for(docname)
        self.facts.text, self.facts.part = text.id, part.id
        self.report = domain.report(docname)
        self.notes = PartNotes(document, part, self.facts, self.report)
        self.mentions = MentionReader(edition, text, docname, self.facts, self.report)

    def build(self) -> None:
        """Build the final tree; stop early if its structure is broken."""
        nesting.supply_section(self.document)
        pictures.make_figures(self.document, self.edition.root, self.report)
        lines_module.carry_points(self.document)
        self._foreign()
        with unchanging(self.document):
            nesting.check_roles(self.document, self.report)
            if not nesting.check_blocks(self.document, self.report):
                return
            self.passages = variants.resolve(self.document, self.edition, self.text, self.report)
        self.notes.take()
        drama.find_speeches(self.document, self.report)
        blocks = self._lines()
        with unchanging(self.document):
            self._say(blocks)

    def _lines(self) -> list[tuple[nodes.Element, list[SourceLine]]]:
        """Make and number the lines; return each block with its own, first those of the body, then of the notes."""
        body = [b for b in self._leaves(self.document) if not inside_note(b)]
        self.lines = lines_module.LineReader(
            self.file, self.text.witness.pages, self.report, "body"
        )
        block_lines = self._collect(body, self.lines)
        self.note_lines = lines_module.LineReader(
            self.file, self.text.witness.pages, self.report, "note"
        )
        block_lines += self._collect_notes()
        numbering.align_lines(
            self.lines, self.note_lines, self.text, self.part, self.facts, self.report
        )
        numbering.number_lines(self.lines, self.note_lines, self.facts)
        return block_lines

    def _say(self, blocks: list[tuple[nodes.Element, list[SourceLine]]]) -> None:
        """Say on the nodes, whose places are final now, what the outputs need: names, targets, entries, ids; check them."""
        for block, lines in blocks:
            set_joins(lines)
            self.mentions.read(block, lines)
        self._editors_notes()
        self._hands()
        self._references()
        self._entries()
        displayed.find(self.document)
        cast.take(self.document, self.facts)
        self._apparatus([block for block, _found in blocks])
        self._blocks()
        self.notes.report_order()
        for problem in part_checks.part_problems(self.document, self.edition, self.text):
            self.report(*problem)
        for problem in part_checks.reason_problems(self.facts.emendations, self.text):
            self.report(*problem)
        deceptive_letter_checks.check(
            self.document, self.text.language, str(self.edition.record["language"]), self.report
        )
        self._tally()

    # notes

    def _foreign(self) -> None:
        """Report Markdown outside the vocabulary, which an output would lose."""
        for node in every_node(self.document):
            if isinstance(node, nodes.system_message):
                if node["level"] > 1:
                    self.report(
                        "markup-foreign",
                        collapse_space(node.children[0].astext()),
                        node.get("line", 0),
                    )
                take_out(node)
            elif isinstance(node, _ALLOWED) or (
                isinstance(node, nodes.image) and isinstance(node.parent, edfigure)
            ):
                continue
            elif not (isinstance(node, nodes.Inline) and in_leaf(node)):
                # those in a leaf the collector reports, which knows the line
                shown = (
                    collapse_space(getattr(node, "rawsource", "") or node.astext())
                    or type(node).__name__
                )
                self.report("markup-foreign", shown[:60], line_of(node), shown)

    def _collect_notes(self) -> list[tuple[nodes.Element, list[SourceLine]]]:
        """Collect the lines of the author's notes, and of the notes in them, in the order of references."""
        result = []
        waiting = self.notes.on_pages(self.lines.lines)
        self.notes.ordered = list(waiting)
        while waiting:
            ref = waiting.pop(0)
            known = len(self.note_lines.lines)
            self.note_lines.page = ref["page"]
            leaves = list(self._leaves(self.notes.by_label[ref["name"]]))
            result += self._collect(leaves, self.note_lines)
            waiting[:0] = self.notes.on_pages(self.note_lines.lines[known:])
        return result

    # lines

    def _leaves(self, root: nodes.Element) -> Iterator[nodes.Element]:
        """Yield the blocks that contain text, in order."""
        for node in every_node(root):
            if isinstance(node, nodes.title) or (
                isinstance(node, nodes.paragraph) and inside_note(node) != "editorial"
            ):
                yield node

    def _collect(
        self, blocks: Iterable[nodes.Element], collector: lines_module.LineReader
    ) -> list[tuple[nodes.Element, list[SourceLine]]]:
        result = []
        known = len(collector.lines)
        for block in blocks:
            if inside_note(block) and collector.series == "body":
                continue
            start = line_of(block)
            where = LinesOfNodes(block)
            lines_module.join_continued(
                block,
                lambda c, d, node, at=where: self.report(c, d, at.of(node), node),  # type: ignore[misc]
            )
            for text in lines_module.with_glyphs(block, self.text.glyphs):
                if lines_module.in_reading(text, block):
                    self.report(
                        "role-glyph",
                        text.parent.rawsource or text.parent.astext(),
                        where.of(text),
                        text.parent,
                    )
            if isinstance(block.parent, nodes.list_item) and block.parent.index(block) == 0:
                # witness and text both have the item's sign
                block.insert(lines_module.begin(block), nodes.Text(block.parent["sign"]))
            lines_module.glyphs(block, self.text.glyphs)
            lines_module.cut(block, start)
            result.append((block, collector.block(block)))
        for line in collector.lines[known:]:
            if DIVIDED in line.t:
                self.report("hyphen-place", line.t, line.number, DIVIDED)
        return result

    # mentions, apparatus, blocks

    def _references(self) -> None:
        """Find the targets of references: ``to`` is the id of a page, note or part, or an address."""
        lines = LinesOfNodes(self.document)
        parts = {part.id for part in self.text.parts}
        for node in every(self.document, mark):
            target = values_of(node).get("target", "")
            kind, _colon, name = target.rpartition(":")
            if "://" in target or not target:
                node["to"] = target
            elif kind == "note" and name in self.facts.anchors:
                node["to"] = f"#{self.facts.anchors[name]}"
            elif kind == "part" and name in parts:
                node["to"], node["part"] = f"#{name}", name
            elif not kind and name in self.text.witness.pages:
                node["to"], node["page"] = f"#{page_id(name)}", name
            elif kind in parts if kind else "." in name or not self.text.witness.pages:
                # the gate knows whether the line exists
                node["to"], node["cited"] = f"#{target}", target
                self.facts.led.append((target, lines.of(node)))
            else:
                self.report("ref-target", target, lines.of(node), target)

    def _hands(self) -> None:
        """Give milestones of hands the names in the record."""
        lines = LinesOfNodes(self.document)
        for node in every(self.document, point):
            key = values_of(node).get("new")
            if key and key in self.text.hands:
                node["named"] = str(self.text.hands[key]["name"])
            elif key:
                known = ", ".join(f"@{name}" for name in self.text.hands) or "none"
                self.report(
                    "role-hand", f"@{key}; declared are: {known}", lines.of(node), f"@{key}"
                )

    def _entries(self) -> None:
        """Check that bibliography entries name works of the register."""
        works = self.edition.registers["works"].entries
        for entry in every_block(self.document, bibentry):
            if entry["key"] not in works:
                self.report(
                    "register-key", f"{entry['key']!r} in works", line_of(entry), entry["key"]
                )
                entry["key"] = ""

    def _editors_notes(self) -> None:
        """Check the editors' notes: they may name register entries, but contain no readings."""
        for label, holder in self.notes.by_label.items():
            for node in every(holder, mark) if holder["series"] == "editorial" else ():
                if "problem" in node:
                    continue
                family = BY_NAME[node["kind"]].family
                line = line_of(node)
                if family is Family.MENTION:
                    resolve_mention(node, self.edition, self.report, line)
                elif family is not Family.PHRASE or BY_NAME[node["kind"]].apparatus:
                    self.report("markup-foreign", f"{{{node['kind']}}} in [^{label}]", line, node)

    def _apparatus(self, blocks: Iterable[nodes.Element]) -> None:
        """Make the apparatus entries; check the letters of passages in other languages."""
        lines = (*self.lines.lines, *self.note_lines.lines)
        for line in lines:
            for node in line.marks:
                if wrong := wrong_language(node):
                    self.report("role-language", wrong, line.number, node)
        passages = {
            name: p
            for name, p in self.passages.items()
            if p.end is not None and "problem" not in p.end
        }
        collector = ApparatusCollector(self.text, self.docname, self.report, passages)
        self.facts.emendations = collector.collect(self.lines.turns, lines, blocks)
        if self.text.several:
            self.facts.events = variants.events(self.document)

    def _blocks(self) -> None:
        """Number paragraphs and quotations within the part: the citation key of a block."""
        divisions.number(self.document, self.part)
        self.facts.verses = list(divisions.verses(self.document))
        self.facts.stanzas = list(divisions.stanzas(self.document))
        self.facts.paragraphs = list(divisions.paragraphs(self.document, self.part, self.report))
        number = 0
        for count, section in enumerate(every_block(self.document, nodes.section)):
            if count:
                section["xml_id"] = f"{self.part.id}-s{count:02d}"
                section["ids"] = [section["xml_id"]]
            section["part"] = self.part.id
            section["part_type"] = self.part.type
            section["part_n"] = self.part.n
            section["text"] = self.text.id
            pair_translations(section)
            for child in _citable(section):
                if isinstance(child, BLOCKS) and (has_text(child) or isinstance(child, edfigure)):
                    second = child.get("translates", False)
                    number += not second
                    child["n"] = number
                    child["xml_id"] = f"{self.part.id}-b{number:03d}{'-tr' if second else ''}"
                    child["ids"] = [child["xml_id"]]

    def _tally(self) -> None:
        self.facts.sort()
        self.facts.entries = entry_places(self.document)
        self.facts.notes = dict(Counter(n["series"] for n in self.notes.by_label.values()))
        self.facts.words = sum(
            len(line.t.split()) for line in (*self.lines.lines, *self.note_lines.lines)
        )
