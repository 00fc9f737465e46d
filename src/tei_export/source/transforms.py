"""Read transforms: from MyST's doctree to the final doctree of a part.

All numbers (pages, lines, notes, blocks, ids) are computed once, here; no writer counts.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform

from tei_export.model.blocks import BY_BLOCK, Holds
from tei_export.model.divisions import DIVIDED
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.sentences import around, paragraph
from tei_export.model.values import Form
from tei_export.model.vocabulary import BY_NAME, PAGE_NUMBER, Family
from tei_export.model.witness import align
from tei_export.source import checks, divisions, drama, letters, pages, structure, variants
from tei_export.source import lines as lines_module
from tei_export.source.apparatus import ApparatusCollector
from tei_export.source.facts import Citation, Mention, domain_of
from tei_export.source.mentions import (
    entry_places,
    first_work,
    heads_entry,
    is_mention,
    resolve_mention,
)
from tei_export.source.nodes import (
    bibentry,
    blockgroup,
    edblock,
    edcell,
    edtable,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    put_in_place,
    reading,
    says_nothing,
    take_out,
    textnote,
    textnotes,
)
from tei_export.source.notes import (
    in_leaf,
    inside_note,
    irregular,
    label_note,
    note_key,
    note_of,
    note_series,
    printed_label,
)
from tei_export.source.positions import has_text, line_of, mark_displaced, set_joins, source_lines
from tei_export.source.translations import pair_translations, wrong_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.source.facts import EditionDomain
    from tei_export.source.lines import SourceLine

_ALLOWED = (
    nodes.Text, nodes.section, nodes.title, nodes.paragraph, nodes.block_quote, nodes.comment,
    bibentry, mark, lb, pb, noteref, textnote, textnotes, notelabel, point, nodes.bullet_list, nodes.list_item,
    edblock, blockgroup, edtable, edcell,
)  # fmt: skip
_BLOCKS = (nodes.paragraph, nodes.block_quote, nodes.bullet_list, bibentry, edblock, edtable)


def _citable(holder: nodes.Element) -> Iterator[nodes.Node]:
    """Yield the blocks that have numbers: of a block that holds blocks, those in it."""
    for child in holder.children:
        if isinstance(child, edblock) and BY_BLOCK[child["kind"]].holds is Holds.BLOCKS:
            yield from _citable(child)
        elif not says_nothing(child):
            yield child


def _break(turn: pb) -> str:
    """How the source of a page break begins."""
    return f"{{pb}}`{turn['page']}"


class EditionTransform(SphinxTransform):
    """Makes the final tree of a document that contains a part of a text."""

    #: Before all that changes or judges the words: Sphinx warns of notes without a reference at 622.
    default_priority = 200

    def apply(self, **kwargs: object) -> None:
        domain = domain_of(self.env)
        edition = domain.edition
        text_and_part = edition.part_of(self.env.docname)
        facts = domain.facts_for(self.env.docname)
        if any(problem.code in structure.BROKEN for problem in facts.problems):
            return  # the parser has rejected it
        if text_and_part:
            PartBuilder(self.document, self.env.docname, edition, *text_and_part, domain).build()
        elif domain.is_ours(self.env.docname):
            pages.finish(
                self.document, edition, Path(self.env.srcdir), domain.report(self.env.docname)
            )
        else:
            pages.link(self.document, edition, domain.report(self.env.docname))


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
        self.notes: dict[str, textnote] = {}
        self.refs: list[noteref] = []
        self.ordered: list[noteref] = []
        """those of the author's notes in the text, in order"""

    def build(self) -> None:
        """Build the final tree; stop early if its structure is broken."""
        for node in self.document.findall(nodes.TextElement):
            node.attributes.pop("translatable", None)
        structure.supply_section(self.document)
        self._foreign()
        structure.nested_roles(self.document, self.report)
        if not structure.blocks(self.document, self.report):
            return
        self.passages = variants.resolve(self.document, self.text, self.report)
        self._take_notes()
        drama.find_speeches(self.document, self.report)
        body = [b for b in self._leaves(self.document) if not inside_note(b)]
        self.lines = lines_module.LineReader(
            self.file, self.text.witness.pages, self.report, "body"
        )
        block_lines = self._collect(body, self.lines)
        self.note_lines = lines_module.LineReader(
            self.file, self.text.witness.pages, self.report, "note"
        )
        block_lines += self._collect_notes()
        self._align()
        self._number()
        for block, lines in block_lines:
            set_joins(lines)
            self._mentions(block, lines)
        self._editors_notes()
        self._entries()
        self._apparatus([block for block, _found in block_lines])
        self._blocks()
        self._note_order()
        for problem in checks.finished(self.document, self.edition, self.text):
            self.report(*problem)
        for problem in checks.reasons(self.facts.emendations, self.text):
            self.report(*problem)
        letters.check(
            self.document, self.text.language, str(self.edition.record["language"]), self.report
        )
        self._tally()

    # notes

    def _foreign(self) -> None:
        """Report Markdown outside the vocabulary, which an output would lose."""
        for node in list(self.document.findall()):
            if isinstance(node, nodes.system_message):
                if node["level"] > 1:
                    self.report(
                        "markup-foreign",
                        collapse_space(node.children[0].astext()),
                        node.get("line", 0),
                    )
                take_out(node)
            elif isinstance(node, nodes.Inline) and in_leaf(node):
                continue  # the collector reports it: it knows the line
            elif not isinstance(
                node,
                (*_ALLOWED, nodes.document, nodes.footnote, nodes.footnote_reference, nodes.label),
            ):
                shown = (
                    collapse_space(getattr(node, "rawsource", "") or node.astext())
                    or type(node).__name__
                )
                self.report("markup-foreign", shown[:60], line_of(node), shown)

    def _take_notes(self) -> None:
        """Turn MyST's footnotes into notes, gathered by series at the end of the document."""
        for old in list(self.document.findall(nodes.footnote_reference)):
            label = old["refname"]
            ref = noteref("", series=note_series(label), label=printed_label(label), name=label)
            put_in_place(old, [ref])
            self.refs.append(ref)
        holders = {s: textnotes("", series=s) for s in ("authorial", "editorial")}
        for footnote in list(self.document.findall(nodes.footnote)):
            label = (footnote["names"] or footnote["dupnames"])[0]
            new = textnote("", series=note_series(label), label=printed_label(label))
            new.line = footnote.line
            new.extend(c for c in footnote.children if not isinstance(c, nodes.label))
            take_out(footnote)
            self.notes.setdefault(label, new)
            holders[new["series"]] += new
        document = self.document
        for name in self.notes:
            document.ids.pop(document.nameids.pop(name, None), None)  # type: ignore[arg-type]
            document.nametypes.pop(name, None)
        document.footnotes, document.autofootnotes, document.autofootnote_refs = [], [], []
        document.footnote_refs = {}
        self._pair_notes()
        home = next(iter(document.findall(nodes.section)), document)
        home.extend(h for h in holders.values() if h.children)

    def _pair_notes(self) -> None:
        short = self.part.id.removeprefix("ch-")
        kept = []
        for ref in self.refs:
            label = ref["name"]
            target = self.notes.get(label)
            if target is None or "refid" in target:
                continue  # reported by precheck.py
            infix = "" if ref["series"] == "authorial" else "ed-"
            number = note_key(label)
            target["ids"] = [f"fn-{infix}{short}-{number}"]
            ref["ids"] = [f"nr-{infix}{short}-{number}"]
            ref["refid"], target["refid"] = target["ids"][0], ref["ids"][0]
            self.facts.anchors[label] = target["ids"][0]
            kept.append(ref)
            if ref["series"] == "authorial":
                label_note(target)
        self.refs = kept

    def _page_notes(self, lines: Iterable[SourceLine]) -> list[noteref]:
        """Give references and notes the page of their line; return those of the author's notes."""
        found = []
        for line in lines:
            for ref in line.refs:
                ref["page"] = line.page
                if "refid" in ref:
                    self.notes[ref["name"]]["page"] = line.page
                    found += [ref] if ref["series"] == "authorial" else []
        return found

    def _collect_notes(self) -> list[tuple[nodes.Element, list[SourceLine]]]:
        """Collect the lines of the author's notes, and of the notes in them, in the order of references."""
        result = []
        waiting = self._page_notes(self.lines.lines)
        self.ordered = list(waiting)
        while waiting:
            ref = waiting.pop(0)
            known = len(self.note_lines.lines)
            self.note_lines.page = ref["page"]
            leaves = list(self._leaves(self.notes[ref["name"]]))
            result += self._collect(leaves, self.note_lines)
            waiting[:0] = self._page_notes(self.note_lines.lines[known:])
        return result

    def _note_order(self) -> None:
        """Tell where the numbers of the notes are not 1 … n; report a note that only itself refers to."""
        for ref in self.refs:
            if ref["series"] == "authorial" and "page" not in ref:
                self.report(
                    "note-order",
                    f"[^{ref['label']}] stands inside a note",
                    line_of(note_of(ref) or ref),
                    f"[^{ref['name']}]",
                )
        labels = [ref["label"] for ref in self.ordered]
        for at, remark in irregular(labels):
            self.facts.told.append((f"note {remark}", self.ordered[at].get("srcline", 0)))

    # lines

    def _leaves(self, root: nodes.Element) -> Iterator[nodes.Element]:
        """Yield the blocks that contain text, in order."""
        for node in list(root.findall()):
            if isinstance(node, nodes.title) or (
                isinstance(node, nodes.paragraph) and inside_note(node) != "editorial"
            ):
                yield node

    def _collect(
        self, blocks: Iterable[nodes.Element], collector: lines_module.LineReader
    ) -> list[tuple[nodes.Element, list[SourceLine]]]:
        result = []
        for block in blocks:
            if inside_note(block) and collector.series == "body":
                continue
            start = line_of(block)
            where = source_lines(block)
            lines_module.join_continued(
                block,
                lambda c, d, node, at=where: self.report(c, d, at[id(node)], node),  # type: ignore[misc]
            )
            for text in block.findall(nodes.Text):
                if lines_module.in_reading(text, block) and not self.text.glyphs.keys().isdisjoint(
                    text
                ):
                    self.report(
                        "role-glyph",
                        text.parent.rawsource or str(text),
                        where[id(text)],
                        text.parent,
                    )
            if isinstance(block.parent, nodes.list_item) and block.parent.index(block) == 0:
                # the witness has the item's sign, and so has the text
                block.insert(0, nodes.Text(f"{block.parent.parent.get('bullet', '-')} "))
            lines_module.glyphs(block, self.text.glyphs)
            lines_module.cut(block, start)
            result.append((block, collector.block(block)))
        for line in collector.lines:
            if DIVIDED in line.t:
                self.report("hyphen-place", line.t, line.number, DIVIDED)
        return result

    def _align(self) -> None:
        """Assign every line its witness line; report problems of pages first."""
        turns = self.lines.turns
        self.facts.pages = [t["page"] for t in turns]
        order = list(self.text.witness.pages)
        for before, after in pairwise(turns):
            a, b = order.index(before["page"]), order.index(after["page"])
            if b == a + 1:
                continue
            if (
                b == a
                or after["page"] in self.facts.pages[: self.facts.pages.index(before["page"])]
            ):
                self.report("page-double", after["page"], after["srcline"], _break(after))
            elif b > a:
                self.report(
                    "page-missing", ", ".join(order[a + 1 : b]), after["srcline"], _break(after)
                )
            else:
                self.report(
                    "page-order",
                    f"{after['page']} after {before['page']}",
                    after["srcline"],
                    _break(after),
                )
        self.lines.find_page_numbers(self.text.witness.line)
        pairs = [*self.lines.fws]
        for line in (*self.lines.lines, *self.note_lines.lines):
            pairs += line.segments  # type: ignore[arg-type]
        pages = dict.fromkeys(self.facts.pages if self.text.witness.pages else [""])
        result = align([s for s, _ in pairs], self.text.witness, pages)
        for problem in result.problems:
            self.report(problem.code, problem.detail, problem.line, result.differences.get(problem))
        self.facts.witness_lines = result.lines
        self.facts.numbers = {s.number: s.line for s, _ in pairs if s.number}
        pages_by_name = {turn["page"]: turn for turn in turns}
        for node, segment in self.lines.asides:
            turn = pages_by_name.get(segment.page)
            if node["kind"] == PAGE_NUMBER and turn is not None and not turn["seen"]:
                turn["seen"] = segment.number  # the page table need not name its line

    def _number(self) -> None:
        """Set typescript line numbers, witness lines, displaced lines and label spaces."""
        count: Counter[str] = Counter()
        for line in sorted(
            (*self.lines.lines, *self.note_lines.lines), key=lambda x: x.node["seq"]
        ):
            has_text = bool(line.t.strip()) or any(
                m.get("unit", "page") != "page" for m in line.marks
            )
            line.node["line"] = 0
            for number in (m for m in line.marks if m["kind"] == PAGE_NUMBER):
                number["foot"] = bool(count[line.page])
            if has_text:
                count[line.page] += 1
                line.node["line"] = count[line.page]
            for segment, node in line.segments:
                node.setdefault("line", 0)
                node["witness_line"], node["piece"] = segment.number, not segment.first_piece
                node.setdefault("join", "")
                node["displaced"] = False
                if segment.space:
                    node["labelspace"] = True
            for segment, node in line.more:
                node["line"], node["witness_line"], node["piece"] = 0, segment.number, True
                node["join"], node["displaced"] = "", False
        for collector in (self.lines, self.note_lines):
            mark_displaced([pair for line in collector.lines for pair in line.segments])
        self.facts.lines = dict(count)

    # mentions, apparatus, blocks

    def _mentions(self, block: nodes.Element, lines: list[SourceLine]) -> None:
        """Resolve the names of a block; record their places and context."""
        work = ""
        holder = note_of(block)
        full = collapse_space(reading(block))
        context = paragraph if heads_entry(block) else around
        at = 0
        done: set[int] = set()
        for line in lines:
            for node in line.marks:
                row = BY_NAME[node["kind"]]
                if id(node) in done:
                    continue
                done.add(id(node))
                node["place"] = str(Place(line.page, line.node["line"]))
                self._said(node, line.number)
                if row.family is Family.MENTION:
                    resolve_mention(node, self.edition, self.report, line.number)
                    words = collapse_space(reading(node))
                    here = full.find(words, at)
                    if here >= 0:  # an inner name may begin here, too
                        at = here + (
                            0
                            if any(n is not node for n in node.findall(is_mention))
                            else len(words)
                        )
                    work = node["key"] if row.register == "works" else work
                    before, after = context(full, here, words)
                    self.facts.mentions.append(
                        Mention(
                            row.register, node["key"], self.docname, line.page, line.node["line"], words,
                            node.get("named", False), before, after, holder["label"] if holder else "",
                        )
                    )  # fmt: skip
                elif node["kind"] == "cited":
                    node["work"] = work
                    self.facts.citations.append(
                        Citation(
                            work, collapse_space(reading(node)), self.docname, line.page, line.node["line"],
                            holder["label"] if holder else "",
                        )
                    )  # fmt: skip
        if holder is not None and work:
            holder.setdefault("work", first_work(block))

    def _said(self, node: mark, line: int) -> None:
        """Put the values of a role on its node as readers are told them: hands by their names."""
        said: dict[str, str] = dict(node.get("values", {}))
        key = said.get("hand")
        if key and key not in self.text.hands:
            known = ", ".join(f"@{name}" for name in self.text.hands) or "none"
            self.report("role-hand", f"@{key}; declared are: {known}", line, f"@{key}")
        elif key:
            said["hand"] = str(self.text.hands[key]["name"])
        told = [v.name for v in BY_NAME[node["kind"]].values if v.form in (Form.WORD, Form.HAND)]
        node["said"] = tuple((name, said[name]) for name in told if name in said)

    def _entries(self) -> None:
        """Check that bibliography entries name works of the register."""
        works = self.edition.registers["works"].entries
        for entry in self.document.findall(bibentry):
            if entry["key"] not in works:
                self.report(
                    "register-key", f"{entry['key']!r} in works", line_of(entry), entry["key"]
                )
                entry["key"] = ""

    def _editors_notes(self) -> None:
        """Check the editors' notes: they may name register entries, but contain no readings."""
        for label, holder in self.notes.items():
            for node in holder.findall(mark) if holder["series"] == "editorial" else ():
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
        number = 0
        for count, section in enumerate(self.document.findall(nodes.section)):
            if count:
                section["xml_id"] = f"{self.part.id}-s{count:02d}"
                section["ids"] = [section["xml_id"]]
            section["part"] = self.part.id
            section["part_type"] = self.part.type
            section["part_n"] = self.part.n
            section["text"] = self.text.id
            pair_translations(section)
            for child in _citable(section):
                if isinstance(child, _BLOCKS) and has_text(child):
                    second = child.get("translates", False)
                    number += not second
                    child["n"] = number
                    child["xml_id"] = f"{self.part.id}-b{number:03d}{'-tr' if second else ''}"
                    child["ids"] = [child["xml_id"]]

    def _tally(self) -> None:
        self.facts.sort()
        self.facts.entries = entry_places(self.document)
        self.facts.notes = dict(Counter(n["series"] for n in self.notes.values()))
        self.facts.words = sum(
            len(line.t.split()) for line in (*self.lines.lines, *self.note_lines.lines)
        )
