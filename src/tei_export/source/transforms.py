"""Read transforms: from what MyST gives to the final doctree of a part.

Numbers (pages, lines, notes, blocks, ids) are computed here, once; no writer counts.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform

from tei_export.model.places import Place
from tei_export.model.problems import Problem
from tei_export.model.readings import fold
from tei_export.model.sentences import around, paragraph
from tei_export.model.vocabulary import BY_NAME, Family
from tei_export.model.witness import align
from tei_export.source import checks, letters, pages, structure
from tei_export.source import lines as lines_module
from tei_export.source.apparatus import Collector
from tei_export.source.facts import Citation, Facts, Mention, domain_of
from tei_export.source.nodes import (
    bibentry,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    put_in_place,
    reading,
    take_out,
    textnote,
    textnotes,
)
from tei_export.source.tree import (
    entry_places,
    first_work,
    has_text,
    heads_entry,
    in_leaf,
    inside_note,
    is_mention,
    label_note,
    line_of,
    mark_displaced,
    note_of,
    pair_translations,
    printed,
    resolve_mention,
    series,
    set_joins,
    source_lines,
    wrong_language,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.source.lines import Line

_ALLOWED = (
    nodes.Text, nodes.section, nodes.title, nodes.paragraph, nodes.block_quote, nodes.comment,
    bibentry, mark, lb, pb, noteref, textnote, textnotes, notelabel, point, nodes.bullet_list, nodes.list_item,
)  # fmt: skip
_BLOCKS = (nodes.paragraph, nodes.block_quote, nodes.bullet_list, bibentry)


class EditionTransform(SphinxTransform):
    """Makes the final tree of a document that holds a part of a text."""

    default_priority = 200

    def apply(self, **kwargs: object) -> None:
        domain = domain_of(self.env)
        edition = domain.edition
        found = edition.part_of(self.env.docname)
        facts = domain.of(self.env.docname)
        if any(problem.code in structure.BROKEN for problem in facts.problems):
            return  # the parser has given it up
        if found:
            PartBuilder(self.document, self.env.docname, edition, *found, facts).build()
        else:
            facts.problems += pages.finish(
                self.document, f"{self.env.docname}.md", edition, Path(self.env.srcdir)
            )


class PartBuilder:
    """Builds one part: notes, lines, witness, ids, facts, in this order."""

    def __init__(
        self, document: nodes.document, docname: str, edition: Edition, text: Text, part: Part, facts: Facts
    ) -> None:
        self.document = document
        self.docname = docname
        self.file = f"{docname}.md"
        self.edition = edition
        self.text = text
        self.part = part
        self.facts = facts
        facts.text, facts.part = text.id, part.id
        self.notes: dict[str, textnote] = {}
        self.refs: list[noteref] = []

    def report(self, code: str, detail: str, line: int) -> None:
        self.facts.problems.append(Problem(code, self.file, line, detail))

    def build(self) -> None:
        self._foreign()
        structure.nested_roles(self.document, self.report)
        if not structure.blocks(self.document, self.report):
            return
        self._take_notes()
        body = [b for b in self._leaves(self.document) if not inside_note(b)]
        self.lines = lines_module.Collector(self.file, self.text.witness.pages, self.report, "body")
        block_lines = self._collect(body, self.lines)
        self._page_notes()
        ordered = [r for r in self.refs if r["series"] == "authorial" and "page" in r]
        self.note_lines = lines_module.Collector(self.file, self.text.witness.pages, self.report, "note")
        for ref in ordered:
            self.note_lines.page = ref["page"]
            block_lines += self._collect(list(self._leaves(self.notes[ref["label"]])), self.note_lines)
        self._align()
        self._number()
        for block, found in block_lines:
            set_joins(found)
            self._mentions(block, found)
        self._editors_notes()
        self._entries()
        self._apparatus([block for block, _found in block_lines])
        self._blocks()
        self._note_order(ordered)
        for problem in checks.finished(self.document, self.edition, self.text):
            self.report(*problem)
        letters.check(self.document, self.text.language, str(self.edition.record["language"]), self.report)
        self._tally()

    # notes

    def _foreign(self) -> None:
        """Markdown that is not of the vocabulary would be lost in an output: refuse it."""
        for node in list(self.document.findall()):
            if isinstance(node, nodes.system_message):
                if node["level"] > 1:
                    self.report("markup-foreign", fold(node.children[0].astext()), node.get("line", 0))
                take_out(node)
            elif isinstance(node, nodes.Inline) and in_leaf(node):
                continue  # reported by the collector, which knows its line
            elif not isinstance(node, (*_ALLOWED, nodes.document, nodes.footnote, nodes.footnote_reference, nodes.label)):
                shown = fold(getattr(node, "rawsource", "") or node.astext()) or type(node).__name__
                self.report("markup-foreign", shown[:60], line_of(node))

    def _take_notes(self) -> None:
        """MyST's footnotes become our notes, gathered at the document's end by series."""
        for old in list(self.document.findall(nodes.footnote_reference)):
            label = old["refname"]
            ref = noteref("", series=series(label), label=printed(label), name=label)
            put_in_place(old, [ref])
            self.refs.append(ref)
        holders = {s: textnotes("", series=s) for s in ("authorial", "editorial")}
        for footnote in list(self.document.findall(nodes.footnote)):
            label = (footnote["names"] or footnote["dupnames"])[0]
            new = textnote("", series=series(label), label=printed(label))
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
                continue  # reported by scan.py
            infix = "" if ref["series"] == "authorial" else "ed-"
            number = f"{int(ref['label']):03d}" if ref["label"].isdecimal() else ref["label"]
            target["ids"] = [f"fn-{infix}{short}-{number}"]
            ref["ids"] = [f"nr-{infix}{short}-{number}"]
            ref["refid"], target["refid"] = target["ids"][0], ref["ids"][0]
            kept.append(ref)
            if ref["series"] == "authorial":
                label_note(target)
        self.refs = kept

    def _page_notes(self) -> None:
        for line in self.lines.lines:
            for ref in line.refs:
                ref["page"] = line.page
                if "refid" in ref:
                    self.notes[ref["name"]]["page"] = line.page
        for ref in self.refs:
            if ref["series"] == "authorial" and "page" not in ref:
                self.report("note-order", f"[^{ref['label']}] stands inside a note", line_of(note_of(ref) or ref))

    def _note_order(self, refs: list[noteref]) -> None:
        """Printed numbers run 1 … n."""
        for expected, ref in enumerate(refs, 1):
            if ref["label"] != str(expected):
                self.report("note-order", f"[^{ref['label']}] where {expected} is due", ref.get("srcline", 0))
                return

    # lines

    def _leaves(self, root: nodes.Element) -> Iterator[nodes.Element]:
        """The blocks that hold text, in order."""
        for node in list(root.findall()):
            if isinstance(node, nodes.title) or (
                isinstance(node, nodes.paragraph) and inside_note(node) != "editorial"
            ):
                yield node

    def _collect(
        self, blocks: Iterable[nodes.Element], collector: lines_module.Collector
    ) -> list[tuple[nodes.Element, list[Line]]]:
        result = []
        for block in blocks:
            if inside_note(block) and collector.series == "body":
                continue
            start = line_of(block)
            where = source_lines(block)
            lines_module.join_continued(block, lambda c, d, node, at=where: self.report(c, d, at[id(node)]))  # type: ignore[misc]
            for text in block.findall(nodes.Text):
                if lines_module.in_reading(text, block) and not self.text.glyphs.keys().isdisjoint(text):
                    self.report("role-glyph", text.parent.rawsource or str(text), where[id(text)])
            if isinstance(block.parent, nodes.list_item) and block.parent.index(block) == 0:
                # the item's sign stands in the witness, and so in the text
                block.insert(0, nodes.Text(f"{block.parent.parent.get('bullet', '-')} "))
            lines_module.glyphs(block, self.text.glyphs)
            lines_module.cut(block, start)
            result.append((block, collector.block(block)))
        for line in collector.lines:
            if lines_module.DIVIDED in line.t:
                self.report("hyphen-place", line.t, line.number)
        return result

    def _align(self) -> None:
        """Give every line its witness line; problems of pages first."""
        turns = self.lines.turns
        self.facts.pages = [t["page"] for t in turns]
        order = list(self.text.witness.pages)
        for before, after in pairwise(turns):
            a, b = order.index(before["page"]), order.index(after["page"])
            if b == a + 1:
                continue
            if b == a or after["page"] in self.facts.pages[: self.facts.pages.index(before["page"])]:
                self.report("page-double", after["page"], after["srcline"])
            elif b > a:
                self.report("page-missing", ", ".join(order[a + 1 : b]), after["srcline"])
            else:
                self.report("page-order", f"{after['page']} after {before['page']}", after["srcline"])
        pairs = [*self.lines.fws]
        for line in (*self.lines.lines, *self.note_lines.lines):
            pairs += line.segments  # type: ignore[arg-type]
        pages = dict.fromkeys(self.facts.pages if self.text.witness.pages else [""])
        result = align([s for s, _ in pairs], self.text.witness, pages)
        for problem in result.problems:
            self.report(problem.code, problem.detail, problem.line)
        self.facts.witness_lines = result.lines
        self.facts.numbers = {s.number: s.line for s, _ in pairs if s.number}

    def _number(self) -> None:
        """Typescript line numbers, witness lines, displaced lines, label spaces."""
        count: Counter[str] = Counter()
        for line in sorted((*self.lines.lines, *self.note_lines.lines), key=lambda x: x.node["seq"]):
            has_text = bool(line.t.strip()) or any(
                m.get("unit", "page") != "page" for m in line.marks
            )
            line.node["n"] = 0
            if has_text:
                count[line.page] += 1
                line.node["n"] = count[line.page]
            for segment, node in line.segments:
                node.setdefault("n", 0)
                node["o"], node["piece"] = segment.number, not segment.first_piece
                node.setdefault("join", "")
                node["displaced"] = False
                if segment.space:
                    node["labelspace"] = True
        for collector in (self.lines, self.note_lines):
            mark_displaced([pair for line in collector.lines for pair in line.segments])
        self.facts.lines = dict(count)

    # mentions, apparatus, blocks

    def _mentions(self, block: nodes.Element, found: list[Line]) -> None:
        """Resolve the names of a block and record where they stand, with their context."""
        work = ""
        holder = note_of(block)
        full = fold(reading(block))
        context = paragraph if heads_entry(block) else around
        at = 0
        done: set[int] = set()
        for line in found:
            for node in line.marks:
                row = BY_NAME[node["kind"]]
                if id(node) in done:
                    continue
                done.add(id(node))
                node["place"] = str(Place(line.page, line.node["n"]))
                if row.family is Family.MENTION:
                    resolve_mention(node, self.edition, lambda c, d, n=line.number: self.report(c, d, n))
                    words = fold(reading(node))
                    here = full.find(words, at)
                    if here >= 0:  # names nest: what stands in this one begins where it does
                        at = here + (0 if any(n is not node for n in node.findall(is_mention)) else len(words))
                    work = node["key"] if row.register == "works" else work
                    before, after = context(full, here, words)
                    self.facts.mentions.append(
                        Mention(
                            row.register, node["key"], self.docname, line.page, line.node["n"], words,
                            node.get("named", False), before, after, holder["label"] if holder else "",
                        )
                    )  # fmt: skip
                elif node["kind"] == "cited":
                    node["work"] = work
                    self.facts.citations.append(
                        Citation(
                            work, fold(reading(node)), self.docname, line.page, line.node["n"],
                            holder["label"] if holder else "",
                        )
                    )  # fmt: skip
        if holder is not None and work:
            holder.setdefault("work", first_work(block))

    def _entries(self) -> None:
        """Entries of the author's bibliography name works of the register."""
        works = self.edition.registers["works"].entries
        for entry in self.document.findall(bibentry):
            if entry["key"] not in works:
                self.report("register-key", f"{entry['key']!r} in works", line_of(entry))
                entry["key"] = ""

    def _editors_notes(self) -> None:
        """The editors may name register entries; readings belong to the text alone."""
        for label, holder in self.notes.items():
            for node in holder.findall(mark) if holder["series"] == "editorial" else ():
                family = BY_NAME[node["kind"]].family
                line = line_of(node)
                if family is Family.MENTION:
                    resolve_mention(node, self.edition, lambda c, d, n=line: self.report(c, d, n))
                elif family is not Family.PHRASE:
                    self.report("markup-foreign", f"{{{node['kind']}}} in [^{label}]", line)

    def _apparatus(self, blocks: Iterable[nodes.Element]) -> None:
        """The entries of the apparatus; the letters of passages in other languages."""
        lines = (*self.lines.lines, *self.note_lines.lines)
        for line in lines:
            for node in line.marks:
                if wrong := wrong_language(node):
                    self.report("role-language", wrong, line.number)
        collector = Collector(self.text, self.docname, self.report)
        self.facts.emendations = collector.collect(self.lines.turns, lines, blocks)

    def _blocks(self) -> None:
        """Number paragraphs and quotations within the part: the citation key of a block."""
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
            for child in section.children:
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
        self.facts.words = sum(len(line.t.split()) for line in (*self.lines.lines, *self.note_lines.lines))
