"""Write the doctree as Typst source, one line for each block of the text.

Pages, lines, notes and ids are attributes of the nodes; nothing is counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.i18n.formats import _, text_direction
from tei_export.model.readings import collapse_space
from tei_export.outputs.pdf.apparatus import PrintedApparatus, apparatus_explanation
from tei_export.outputs.pdf.book_forms import FORMS
from tei_export.outputs.pdf.inline import is_visible
from tei_export.outputs.pdf.notes import PdfNoteWriter
from tei_export.shared.apparatus import of_part
from tei_export.shared.pictures import ORNAMENT, picture_placeholder
from tei_export.shared.reading_marks import signs
from tei_export.shared.typefaces import BUNDLED_ONLY
from tei_export.shared.typst_literals import call, interface_text, string, value
from tei_export.source.displayed import displayed
from tei_export.source.nodes import (
    bibentry,
    blockline,
    captions_of,
    cells_of,
    edblock,
    edfigure,
    edtable,
    is_aside,
    mark,
    reading,
    textnote,
    textnotes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.edition import Part, Text
    from tei_export.outputs.pdf.book_forms import BookForm
    from tei_export.shared.letter_head import LetterHead
    from tei_export.shared.typefaces import Typefaces
    from tei_export.source.facts import Facts


class PdfTextWriter(PdfNoteWriter):
    """Writes the parts of one text; :attr:`source` is the body of the Typst file."""

    def __init__(
        self,
        text: Text,
        form: BookForm = FORMS["book"],
        index: frozenset[str] = frozenset(),
        lang: str = "",
        faces: Typefaces = BUNDLED_ONLY,
    ) -> None:
        super().__init__(
            form.layer,
            marked=form.marked,
            foot=form.apparatus == "foot",
            by_page=form.by_page(bool(text.witness.pages)),
            index=index,
            latin=form.latin,
        )
        self.faces = faces
        self.replaced: list[str] = []
        """what a witness reads in letters that no typeface has: set as their numbers"""
        self.text = text
        self.lang = lang
        self.emendations: list[str] = []
        """Typst calls of entries that the editors changed or supplied, in all parts written"""

    def part(
        self,
        part: Part,
        document: nodes.document,
        facts: Facts,
        *,
        right: bool,
        letter: LetterHead | None = None,
    ) -> None:
        """Write one part and its apparatus. ``right``: begin on a right-hand page; ``letter``: the
        head of a letter."""
        self.file = f"{part.doc}.md"
        self.notes = {n["ids"][0]: n for n in document.findall(textnote) if n["ids"]}
        self.apparatus = PrintedApparatus(of_part(facts), self.layer, self._coded)
        for entry, again in self.apparatus.in_series():
            self.order[entry.xml_id] = (len(self.order) + 1, again)
        section = next(iter(document.findall(nodes.section)), document)
        title = next((c for c in section.children if isinstance(c, nodes.title)), None)
        self._title(part, title, right=right)
        if letter is not None:
            self.emit(
                f"#letter-head({value(interface_text(letter.words, self.lang) if self.lang else letter.words)})"
            )
            self.end_line()
        self._blocks(section)
        if self.marked:
            self.emendations += [
                self.apparatus.code(e, own=False) for e in self.apparatus.emended()
            ]
            if self.foot:
                self._rest()
            else:
                self._apparatus()

    def _rest(self) -> None:
        """Place entries without a printed place at the foot of the part's last page."""
        for entry in self.apparatus.printed():
            if entry.xml_id not in self.placed:
                self._stop(entry)
        self.feet.close()
        self.end_line()

    def _coded(self, reading: str) -> str:
        """Return a reading of a witness in printable letters."""
        if self.faces.lacking(reading):
            self.replaced.append(reading)
        return self.faces.coded(reading)

    def _title(self, part: Part, title: nodes.title | None, *, right: bool) -> None:
        self.emit(
            f"#chapter({string(part.id)}, {string(collapse_space(part.title))}, right: {str(right).lower()}"
        )
        if title is not None and not title.get("supplied"):
            if reading(title).isupper():
                self.emit(", capitals: true")
            number = next((m for m in title.findall(mark) if m["kind"] == "number"), None)
            cut = title.index(number) + 1 if number is not None and number.parent is title else 0
            for name, children in (
                ("number", title.children[:cut]),
                ("title", title.children[cut:]),
            ):
                if children:
                    self.emit(f", {name}: [")
                    self._heading(children)
                    self.emit("]")
        self.emit(")")
        self.end_line()

    def _heading(self, children: Sequence[nodes.Node]) -> None:
        """Write the words of a heading, in lines independent of the original's."""
        outer, self._own_lines = self._own_lines, False
        self.run(children)
        self._own_lines = outer

    def _blocks(self, section: nodes.Element, level: int = 1) -> None:
        previous = "title"
        for child in section.children:
            if isinstance(child, nodes.section):
                self._subsection(child, level + 1)
            else:
                previous = self._block(child, previous)

    def _block(self, node: nodes.Node, previous: str) -> str:
        """Write a block; return its kind, which determines the indent of the next one."""
        if isinstance(node, (textnotes, textnote, nodes.title, nodes.comment)):
            return previous
        if isinstance(node, edblock):
            self.emit("#")
            self._vocabulary_block(node)
            kind = "quotation" if node["kind"] == "verse" else "block"
        elif isinstance(node, blockline):
            self.emit("#")
            self._kept(node)
            kind = "title"
        elif isinstance(node, nodes.paragraph):
            first = previous == "title" or (previous == "quotation" and _goes_on(node))
            self.emit("#")
            self._paragraph(node, first=first)
            kind = "paragraph"
        elif isinstance(node, nodes.block_quote):
            self._quotation(node)
            kind = "quotation"
        elif isinstance(node, (nodes.bullet_list, edtable, edfigure)):
            self._columns_or_items(node)
            kind = "list"
        elif isinstance(node, bibentry):
            self._bibentry(node)
            kind = "entry"
        else:
            raise self.unknown(node)
        self.end_line()
        return kind

    def _quotation(self, node: nodes.block_quote) -> None:
        self.emit(f"#quotation({_id(node)})[")
        for n, child in enumerate(_elements(node)):
            if isinstance(child, edfigure):
                self._figure(child)
                continue
            if isinstance(child, nodes.paragraph):
                self.emit("#")
                self._paragraph(child, first=not n, quoted=True)
                continue
            self.emit("#quoted[#")
            if isinstance(child, edblock):
                self._vocabulary_block(child)
            elif isinstance(child, nodes.bullet_list):
                self._list(child)
            else:
                raise self.unknown(child)
            self.emit("]")
        self.emit("]")

    def _subsection(self, section: nodes.section, level: int) -> None:
        title = next((c for c in section.children if isinstance(c, nodes.title)), None)
        if title is not None:
            self.emit(f"#subhead({string(collapse_space(reading(title)))}, {level})[")
            self._heading(title.children)
            self.emit("]")
            self.end_line()
        self._blocks(section, level)

    def _columns_or_items(self, node: nodes.bullet_list | edtable | edfigure) -> None:
        if isinstance(node, edfigure):
            self._figure(node)
        elif isinstance(node, edtable):
            self._table(node)
        else:
            self.emit("#")
            self._list(node)

    def _figure(self, node: edfigure) -> None:
        """Write a figure: the picture or its description, then the caption."""
        if node["picture"]:
            shown = f"/{node['picture']}"
        else:
            shown = picture_placeholder(node) if node["alt"] else ORNAMENT
        given = {"picture": bool(node["picture"]), "pixels": node.get("size", (0, 0))}
        self.emit(
            "#"
            + call("plate", node.get("xml_id") or None, shown, node["alt"] or None, **given)
            + "["
        )
        for caption in captions_of(node):
            self.emit("#")
            self._paragraph(caption, first=True)
        self.emit("]")

    def _table(self, node: edtable) -> None:
        """Write a table: the cells of its head, then the cells of its rows."""
        rows = [cells_of(row) for row in node.children if isinstance(row, nodes.Element)]
        head = bool(rows) and bool(rows[0]) and bool(rows[0][0]["head"])
        aligns = [cell["align"] or "start" for cell in rows[0]]
        self.emit("#" + call("ledger", str(node["xml_id"]), tuple(aligns), head) + "(")
        for row in rows:
            for cell in row:
                self.emit("[")
                self.run(cell.children)
                self.emit("], ")
        self.emit(")")

    def _bibentry(self, node: bibentry) -> None:
        self.emit(f"#bibentry({_id(node)}, ")
        for child in _elements(node):
            if not isinstance(child, nodes.paragraph):
                raise self.unknown(child)
            self.emit("[")
            self.run(child.children)
            self.emit("], ")
        self.emit(")")

    def _paragraph(self, node: nodes.Element, *, first: bool, quoted: bool = False) -> None:
        if not isinstance(node, nodes.paragraph):
            raise self.unknown(node)
        shows_forme = self.layer == "T" and any(map(is_aside, node.children))
        if displayed(node) and not quoted:
            self.emit(f"centred({_id(node)})")
        elif shows_forme or is_visible(node, self.layer):
            name = "quoted-para" if quoted else "para"
            self.emit(f"{name}({_id(node)}, first: {str(first or shows_forme).lower()})")
        self.emit("[")
        self.run(node.children)
        self.emit("]")

    def _apparatus(self) -> None:
        entries, left_out = self.apparatus.printed(), self.apparatus.found.folded
        if not entries:
            return
        lead = apparatus_explanation(
            self.text,
            self.layer,
            len(left_out),
            self._coded,
            marks=signs(self.apparatus.found.entries),
        )
        self.emit(
            f"#[#set text(dir: {text_direction()});#apparatus({string(_('Apparatus'))}, {value(interface_text(lead, self.lang) if self.lang else lead)}, ("
        )
        self.end_line()
        for entry in entries:
            self.spot(entry.srcline)
            self.emit(f"  {self.apparatus.code(entry)},")
            self.end_line()
        self.emit("))]")
        self.end_line()


def _id(node: nodes.Element) -> str:
    return string(node["xml_id"]) if node.get("xml_id") else "none"


def _elements(node: nodes.Node) -> list[nodes.Element]:
    return [c for c in node.children if isinstance(c, nodes.Element)]


def _goes_on(node: nodes.paragraph) -> bool:
    """Return whether a paragraph after a quotation continues its sentence."""
    first = next((c for c in reading(node) if c.isalpha()), "")
    return first.islower()
