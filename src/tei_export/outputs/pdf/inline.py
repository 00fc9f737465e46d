"""Render running text as Typst source: text, lines, page breaks, marks.

White space is normalised while writing: a space is held back until visible content follows, so that
marks and page breaks never double it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.transliteration import SCHEMES, transliterate
from tei_export.model.verse import number_id
from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.outputs.pdf.apparatus import PrintedApparatus
from tei_export.outputs.pdf.page_feet import PageFeet
from tei_export.outputs.pdf.typst_source import TypstSource
from tei_export.shared.apparatus import Apparatus
from tei_export.shared.formulas import typst_math
from tei_export.shared.typst_literals import TypstCode, call, string
from tei_export.source.nodes import (
    edrow,
    entries_in,
    is_aside,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    reading,
    reads_of,
    textnote,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tei_export.model.apparatus import Emendation

#: Text that hyphenation rules leave undivided and that could be wider than the page.
_LONG = re.compile(r"[^\s\u00ad-]{31,}")
_QUOTES = "\"'“‘«„"


@dataclass(slots=True)
class Flow:
    """The running text of one block written so far."""

    started: bool = False
    space: bool = False
    bracket: bool = False
    """the bracket of supplied words is still open: more may follow"""
    turns: list[str] = field(default_factory=list)
    running: str = ""
    entries: list[Emendation] = field(default_factory=list)
    """entries of the apparatus at the foot that belong to the next word"""


class PdfInlineWriter(TypstSource):
    """Writes running text; subclasses write blocks and notes. ``file`` and ``notes`` belong to the current document.

    ``layer``: ``E``, or ``T`` in its own lines. ``marked``: mark places with an apparatus entry and
    link them to it. ``foot``: the entries are at the foot of the page; ``by_page``: by its lines. ``index``: ids of the register entries that
    names link to. ``latin``: the scheme that transliterates Russian; empty for none.
    """

    def __init__(
        self,
        layer: str = "E",
        *,
        marked: bool = True,
        foot: bool = False,
        by_page: bool = False,
        index: frozenset[str] = frozenset(),
        latin: str = "",
    ) -> None:
        super().__init__()
        self._scheme = SCHEMES.get(latin)
        self.layer = layer
        self.marked = marked
        self.foot = foot
        self.by_page = by_page
        self.feet = PageFeet()
        self.order: dict[str, tuple[int, bool]] = {}
        """number of each printed entry in the text, and whether it has the place of the one before"""
        self.placed: set[str] = set()
        """ids of the entries that have their place at the foot of a page"""
        self.index = index
        self.pages: list[str] = []
        self.places: set[str] = set()
        """ids of the lines of the original that are marked in the text"""
        self.apparatus = PrintedApparatus(Apparatus(()), layer)
        self.notes: dict[str, textnote] = {}
        self._flow = Flow()
        self._inside_note = self._inside_link = False
        self._note_label = ""
        self._last_order = 0
        self._own_lines = layer == "T"
        self._linked: set[tuple[str, str]] = set()

    # running text

    def run(self, children: Iterable[nodes.Node]) -> None:
        """Write a separate stretch of running text."""
        outer, self._flow = self._flow, Flow()
        for child in children:
            self._inline(child)
        self._close_bracket()
        self._turn()
        self._stops()
        if not self._inside_note:
            self.feet.close()
        self._flow = outer

    def _inline(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            self._text(self._latin(node))
        elif isinstance(node, lb):
            self._lb(node)
        elif isinstance(node, pb):
            self._page(node)
        elif isinstance(node, noteref):
            self._note(node)
        elif isinstance(node, notelabel):
            self._label(node)
        elif isinstance(node, point):
            self._point(node)
        elif is_aside(node):
            self._aside(node)
        elif isinstance(node, mark):
            self._mark(node)
        else:
            raise self.unknown(node)

    def _lb(self, node: lb) -> None:
        """Begin a line: a place in the edited text, a printed line in the typed form."""
        flow = self._flow
        breaks = self._own_lines and flow.started and bool(node["line"]) and not node["piece"]
        if self.layer == "E" and node["word_break"] == "no":
            breaks = False
        if breaks:
            self._close_bracket()
            if node["word_break"] == "no" and self.layer == "T" and not node.get("past"):
                self.emit(f"#{string(node['hyphen'] or '-')}")
            if node["join"] and self.layer == "E":
                self.emit("#unseen-space")  # for screen readers
            self._stops()
            flow.running += node["join"]
            flow.space = False
        elif node["join"]:
            self._text(" ")
        self.spot(node.get("srcline", 0))
        place = Place(node["page"], node["line"]).anchor
        if breaks or (node["line"] and place not in self.places):
            named: dict[str, object] = {"breaks": True} if breaks else {}
            if _in_title(node):
                named["head"] = True
            code = "#" + call("ln", place, node["line"], **named)
            self.places.add(place)
            if breaks:
                self.emit(code)
            else:
                flow.turns.append(code)

    def _latin(self, node: nodes.Text) -> str:
        """Return the text of ``node``, transliterated if it is Russian and the form requires it."""
        if self._scheme is None or not _language(node).startswith("ru"):
            return str(node)
        return transliterate(str(node), self._scheme)

    def _text(self, text: str) -> None:
        words = collapse_space(text)
        flow = self._flow
        if text[:1].isspace():
            self._space()
        if not words:
            return
        lead = self._visible(emit=False)
        if flow.entries:
            # A place before a word that begins a line would be at the end of the previous line.
            begun = _begin(words)
            self.emit(f"#{string(lead + words[:begun])}")
            self._stops()
            lead, words = "", words[begun:]
            flow.running += collapse_space(text)[:begun]
        if words:
            self.emit(f"#{string(lead + _LONG.sub(_divisible, words))}")
        flow.running += words
        flow.space = text[-1:].isspace()

    def _space(self) -> None:
        flow = self._flow
        flow.space = flow.space or (flow.started and not flow.running.endswith(" "))

    def _visible(self, *, emit: bool = True, space: str = " ", supplied: bool = False) -> str:
        """Return everything held back until visible content: a bracket, a space, page breaks."""
        flow = self._flow
        if flow.bracket and not supplied:
            self._close_bracket()
        lead = space if flow.space else ""
        flow.running += " " if lead else ""
        flow.started, flow.space = True, False
        if lead and (emit or flow.turns):
            self.emit(f"#{string(lead)}")
            lead = ""
        self._turn()
        return lead

    def _close_bracket(self) -> None:
        if self._flow.bracket:
            self.emit("#supplied(opens: false)")
        self._flow.bracket = False

    def _turn(self) -> None:
        for code in self._flow.turns:
            self.emit(code)
        self._flow.turns = []

    def _page(self, node: pb) -> None:
        page, continued = str(node["page"]), bool(node["continued"])
        named: dict[str, object] = {"continued": True} if continued else {}
        if isinstance(node.parent, nodes.title):
            named["head"] = True
        if node["word_break"] == "no":
            named["divides"] = True
        if not continued:
            self.pages.append(page)
        self._flow.turns.append("#" + call("turn", page, **named))
        if "xml_id" in node and self.marked:  # the witness has misread the number
            self._flow.turns.append("#" + call("at", node["xml_id"]))
            entry = self.apparatus.entry(str(node["xml_id"]))
            if entry is not None and not entry.small:
                self._await(entry)

    def _point(self, node: point) -> None:
        """Write a milestone: its sign, in the function of its row."""
        row = BY_NAME[node["kind"]]
        begins, ends = node["kind"] == "begin", node["kind"] in ("end", "transposed")
        name = str(node.get("xml_id", "")).removesuffix("-from" if begins else "")
        entry = self.apparatus.entry(name) if name else None
        if entry is not None and self.marked:
            self._flow.turns.append("#" + call("at", f"{name}-end" if ends else name))
            if not ends:
                self._await(entry)
        if shown := values_of(node).get("n"):
            lead = self._visible(emit=False)
            self.emit((f"#{string(lead)}" if lead else "") + f"#{call('beside', shown)}")
        if row.sign:
            lead = self._visible(emit=False)
            sign = string(lead + row.sign)
            self.emit(f"#{row.typst}[#{sign}]" if row.typst else f"#{sign}")
            self._flow.running += row.sign
            self._stops()

    def _aside(self, node: mark) -> None:
        """Write forme work: not in the edited text, in a line of its own in the typed form."""
        if self.layer == "E":
            for inner in entries_in(node):
                self._place(inner)
            return
        children = list(node.children)
        alone = bool(children) and isinstance(children[0], lb)
        self._close_bracket()
        if alone:
            first = children.pop(0)
            if isinstance(first, lb) and (sign := first.get("over")):
                self.emit(f"#{string(sign.replace('none', '-'))}")
        breaks = alone and self._flow.started
        self._visible()
        self.emit(f"#{call('forme', breaks=breaks)}[")
        for child in children:
            self._inline(child)
        self.emit("]")
        if alone:
            self._flow.space = False

    def _formula(self, node: mark) -> None:
        """Write a formula; its words are the text of it for those who do not see it."""
        tex = node.astext()
        lead = self._visible(emit=False)
        code = call(
            BY_NAME[node["kind"]].typst,
            tex,
            TypstCode(f"${typst_math(tex)}$"),
            display=bool(node.get("display")),
        )
        self.emit((f"#{string(lead)}" if lead else "") + f"#{code}")
        self._flow.running += tex
        self._stops()

    def _mark(self, node: mark) -> None:
        kind = node["kind"]
        flow = self._flow
        if BY_NAME[kind].notation:
            self._formula(node)
            return
        if is_visible(node, self.layer):
            if reading(node, self.layer)[:1].isspace():
                self._space()  # before the mark, not in it
            self._visible(
                space="\u00a0" if kind == "cited" and flow.running.endswith(".") else " ",
                supplied=_begins_supplied(node),
            )
        entry = self._place(node)
        if "own_id" in node:
            self.emit(f"#{call('at', node['own_id'])}")
        if flow.started and not is_visible(node, self.layer):
            self._stops()  # after the word before
        opened = 0
        link = self._link(node, entry)
        if link:
            self.emit(f"#{link}[")
            opened += 1
        outer, self._inside_link = self._inside_link, self._inside_link or bool(opened)
        function = self._function(node)
        self._inside_link = self._inside_link or bool(node.get("to"))
        brackets = function == "supplied"
        if brackets:
            self.emit("" if flow.bracket else f"#{call(function)}")
            flow.bracket = False
        elif function and is_visible(node, self.layer):
            self.emit(f"#{function}[")
            opened += 1
        self._words(node)
        self.emit("]" * opened)
        self._inside_link = outer
        flow.bracket = flow.bracket or brackets

    def _words(self, node: mark) -> None:
        """Write the reading of the printed layer at a mark."""
        reads = reads_of(node, self.layer)
        if reads is Reads.SOURCE:
            self._text(node["source"])
        elif reads is Reads.BOTH:
            self.emit("#strike[")
            self._text(node["source"])
            self.emit("]")
        if reads in (Reads.CONTENT, Reads.BOTH, Reads.SIGN):
            for child in node.children:
                self._inline(child)

    def _link(self, node: mark, entry: Emendation | None) -> str:
        """Return the call that makes a mark a link to its apparatus entry or to its index entry.

        Each page links a name once. A link cannot contain another link or a note number.
        """
        if self._inside_link or any(True for _ref in node.findall(noteref)):
            return ""
        if entry is not None:
            return call("doubt", entry.xml_id) if self._shows(entry) else ""
        name = str(node.get("xml_ref", ""))
        first = (name, str(node.get("place", "")).partition(".")[0])
        if (
            name not in self.index
            or first in self._linked
            or any(_doubtful(m) for m in node.findall(mark))
        ):
            return ""
        self._linked.add(first)
        return call("name", f"i-{name}")

    def _shows(self, entry: Emendation) -> bool:
        """Return whether the text marks an entry; a role with its own typography needs no mark."""
        if not self.marked or BY_NAME[entry.kind].typst or not self.apparatus.is_marked(entry):
            return False
        return bool(collapse_space(entry.text_of(self.layer)).removesuffix(entry.note))

    def _function(self, node: mark) -> str:
        """Return the Typst function of a mark: that of its row in the vocabulary."""
        name = BY_NAME[node["kind"]].typst
        if node.get("to") and not self._inside_link:
            return _leads(node)
        if name == "russian":
            return f"russian({string(str(node['lang']).split('-')[0])})"
        if name == "work" and (
            not node.get("named") or self._flow.running.endswith(tuple(_QUOTES))
        ):
            return ""  # Ibid., and titles of articles, which are in quotation marks
        return name

    def _entry(self, node: mark | point) -> Emendation | None:
        """Return the apparatus entry of a mark, if it has one of its own."""
        return self.apparatus.entry(str(node["xml_id"])) if "xml_id" in node else None

    def _place(self, node: mark) -> Emendation | None:
        """Name the place of a mark for its apparatus entry; return the entry."""
        entry = self._entry(node)
        if entry is not None and not entry.small and self.marked:
            self.emit(f"#{call('at', entry.xml_id)}")
            self._await(entry)
        return entry

    def _await(self, entry: Emendation) -> None:
        """Hold the entry back for the next word, if it belongs at the foot of that word's page."""
        if self.foot:
            self._flow.entries.append(entry)

    # notes

    def _label(self, node: notelabel) -> None:
        """Mark the readings of a note's printed number; the note itself prints the number."""
        for child in node.findall(mark):
            self._place(child)

    def _note(self, node: noteref) -> None:
        """Write a note reference, and the note."""
        raise NotImplementedError

    def _stops(self) -> None:
        """Place the held entries at the foot of the page."""
        raise NotImplementedError


def _anchor(cited: str) -> str:
    """Return the label of a line, stanza or numbered paragraph in the book."""
    part, colon, number = cited.rpartition(":")
    if not colon:
        page, _dot, line = cited.rpartition(".")
        return Place(page, int(line)).anchor if line.isdecimal() else cited
    return number_id(part, number)


def _leads(node: mark) -> str:
    """Return the Typst function of a reference."""
    target = str(node["to"])
    if "://" in target:
        return call("link", target)
    page = node.get("page")
    if cited := node.get("cited"):
        return call("link-to", _anchor(cited))
    return call("link-to", f"page-{page}" if page else target.removeprefix("#"))


def is_visible(node: nodes.Node, layer: str = "E") -> bool:
    """Return whether any of ``node`` is printed; noise of the witness is not."""
    if isinstance(node, nodes.Text):
        return bool(node.strip())
    return bool(collapse_space(reading(node, layer))) or any(True for _ref in node.findall(noteref))


def _language(node: nodes.Node | None) -> str:
    """Return the language of the nearest enclosing mark or block that has one; otherwise empty."""
    while node is not None:
        if isinstance(node, nodes.Element):
            row = BY_NAME.get(node["kind"]) if isinstance(node, mark) else None
            said = str(node.get("lang") or (row.lang if row else "") or "")
            if said:
                return said
        node = node.parent
    return ""


def _in_title(node: nodes.Node) -> bool:
    """Return whether ``node`` is in a heading or a row, where a place needs a box."""
    while node is not None and not isinstance(node, (nodes.title, edrow)):
        node = node.parent
    return node is not None


def _doubtful(node: mark) -> bool:
    row = BY_NAME[node["kind"]]
    return row.apparatus and (node["cert"] != "high" or not (row.misreading or row.typst))


def _divisible(word: re.Match[str]) -> str:
    """Insert soft hyphens into a very long word, for which no hyphenation rule exists."""
    divided = word[0][0]
    for char in word[0][1:]:
        divided += char if unicodedata.combining(char) else f"\u00ad{char}"
    return divided


def _begin(words: str) -> int:
    """Return the length of a word's beginning that no line end divides and no ligature joins to the rest."""
    word = re.match(r"[^\W_]*", words)
    letters = len(word[0]) if word else 0
    length = min(2, max(letters, 1))
    if length < letters and words[length - 1] == "f":
        length = 1
    while length < len(words) and unicodedata.combining(words[length]):
        length += 1
    return length


def _begins_supplied(node: nodes.Node | None) -> bool:
    """Return whether the first words of ``node`` are supplied."""
    while isinstance(node, mark) and BY_NAME[node["kind"]].typst != "supplied":
        node = next((c for c in node.children if is_visible(c)), None)
    return node is not None and isinstance(node, mark)
