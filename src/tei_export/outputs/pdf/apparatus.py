"""The entries of the apparatus, ``17.12 lemma] reading O``, from the marks of the doctree.

The lemma is what is printed (E). A mark with no word of its own, dirt in the witness or a
lone stop, is given with the word beside it: otherwise nobody would find it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.i18n.formats import _, count
from tei_export.model.readings import fold
from tei_export.shared.typst_literals import Code, call, string
from tei_export.source.nodes import GAP_TEXT, mark, notelabel, noteref, reading

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = frozenset({"ocr", "sic", "supplied", "gap", "unclear"})
#: The sigla of the restored typescript and of the edited text.
RESTORED, EDITED = "T", "E"
_LONG = 6


@dataclass(slots=True)
class Entry:
    """One place of the apparatus. ``start``/``end``/``line_start`` are offsets in the running
    text of its block; ``after``/``before`` a word beside it, for an empty lemma."""

    node: mark
    start: int
    line_start: int
    end: int = 0
    number: str = ""
    """the note number that the place is about"""
    prefix: str = ""
    after: str = ""
    before: str = ""

    @property
    def id(self) -> str:
        return str(self.node["xml_id"])

    @property
    def page(self) -> str:
        return self._place[0]

    @property
    def line(self) -> int:
        return int(self._place[1] or 0)

    @property
    def _place(self) -> tuple[str, str]:
        page, _dot, line = str(self.node["place"]).partition(".")
        return page, line

    @property
    def doubtful(self) -> bool:
        """Whether the text shows a mark: conjectures, and slips that were corrected."""
        return bool(self.node["kind"] in {"sic", "unclear"} or self.node["cert"] != "high" or self.inner)

    @property
    def glyph_only(self) -> bool:
        """A misread mark of punctuation, beyond doubt: too small for a printed apparatus."""
        node = self.node
        plain = node["cert"] == "high" and not node["why"] and not self.inner
        return bool(node.get("app") == "glyph" and plain)

    @property
    def inner(self) -> list[mark]:
        """Slips and gaps inside a misreading: they belong to its entry."""
        if self.node["kind"] != "ocr":
            return []
        return [m for m in self.node.findall(mark) if m["kind"] in KINDS and m is not self.node]


@dataclass(slots=True)
class Collector:
    """Gathers the entries of one part. ``layer``: what is printed, and therefore the lemma."""

    siglum: str
    layer: str = "E"
    entries: list[Entry] = field(default_factory=list)
    omitted: int = 0
    pages: list[str] = field(default_factory=list)

    def open(self, node: mark, start: int, line_start: int) -> Entry | None:
        """Begin an entry at offset ``start`` of the running text; none for what belongs to the
        entry of the misreading that it is in."""
        if any(m["kind"] == "ocr" for m in _ancestors(node)):
            return None
        entry = Entry(node, start, line_start)
        entry.number = _number(node)
        return entry

    def finish(self, block: Sequence[Entry], running: str) -> None:
        """Take the entries of a block that is complete, whose text is ``running``."""
        taken = [(e.start, e.end) for e in block]
        for entry in block:
            if entry.page not in self.pages:
                self.pages.append(entry.page)
            if entry.glyph_only:
                self.omitted += 1
                continue
            _neighbours(entry, running, taken)
            self.entries.append(entry)

    def sorted(self) -> list[Entry]:
        """By page and line."""
        order = {page: n for n, page in enumerate(self.pages)}
        return sorted(self.entries, key=lambda e: (order[e.page], e.line))

    def emended(self) -> list[Entry]:
        """Where the edited text is not what the typescript, as restored, has or is known to have."""
        return [
            entry for entry in self.sorted()
            if any(node["kind"] in {"sic", "supplied", "gap", "unclear"} for node in (entry.node, *entry.inner))
        ]  # fmt: skip

    def code(self, entry: Entry, *, own: bool = True) -> str:
        """The call that sets an entry. ``own``: it is the one that the text is linked to."""
        printed = fold(reading(entry.node, self.layer))
        lemma = _shown(entry.prefix + _short(printed), entry.number)
        beside = None
        if not entry.number and not printed:
            beside = _("after") if entry.after else _("before")
            lemma = entry.after or entry.before
        return call(
            "entry", entry.page, str(entry.node["place"]).lstrip("."), entry.id, lemma, self._readings(entry),
            remark=self._remark(entry) or None, before=beside, **({} if own else {"own": False}),
        )  # fmt: skip

    def _readings(self, entry: Entry) -> list[tuple[object, str]]:
        node = entry.node
        kind = node["kind"]
        if kind == "supplied":
            return [(_emph(_("lost in")), self.siglum)]
        if kind == "gap":
            return [(_emph(_("{} lost in").format(_extent(node))), self.siglum)]
        if kind == "unclear":
            return [(_emph(_("doubtful in")), self.siglum)]
        other, siglum = ("T", RESTORED) if self.layer == "E" else ("E", EDITED)
        if kind == "sic":
            return [(_witnessed(entry.prefix, reading(node, other)), siglum)]
        found: list[tuple[object, str]] = []
        if fold(reading(node, other)) != fold(reading(node, self.layer)):
            found.append((_witnessed(entry.prefix, fold(reading(node, other))), siglum))
        found.append((_witnessed(entry.prefix, node["source"]), self.siglum))
        return found

    def _remark(self, entry: Entry) -> str:
        """Certainty where it is not high, who judged if not the editors, and why."""
        said: list[str] = []
        for node in (entry.node, *entry.inner):
            said.append({"medium": _("probable"), "low": _("doubtful")}.get(node["cert"], ""))
            said.append(_("by a program, not reviewed") if node["resp"] == "auto" else "")
            said.append(node["why"])
            if node["kind"] == "gap" and node is not entry.node:
                said.append(f"{GAP_TEXT} = {_extent(node)}")
        return "; ".join(dict.fromkeys(s for s in said if s))


def _extent(gap: mark) -> str:
    """``2 words``."""
    units = {
        "char": (_("letter"), _("letters")), "word": (_("word"), _("words")),
        "line": (_("line"), _("lines")), "page": (_("page"), _("pages")),
    }  # fmt: skip
    return count(gap["quantity"], *units[gap["unit"]])


def _ancestors(node: mark) -> list[mark]:
    found = []
    parent = node.parent
    while parent is not None:
        if isinstance(parent, mark):
            found.append(parent)
        parent = parent.parent
    return found


def _number(node: mark) -> str:
    """The number of the note that the entry is about: in the text, or at the note's head."""
    ref = next(iter(node.findall(noteref)), None)
    if ref is not None:
        return str(ref["label"])
    return fold(reading(node)) if isinstance(node.parent, notelabel) else ""


def _neighbours(entry: Entry, running: str, taken: Sequence[tuple[int, int]]) -> None:
    own = running[entry.start : entry.end]
    before = running[: entry.start]
    if entry.number or any(c.isalnum() for c in own):
        return
    if not own.strip():
        same_line = running[entry.line_start : entry.start].split()
        if same_line:
            entry.after = same_line[-1]
            return
        following = running[entry.end :].split()
        if following:
            entry.before = following[0]
        else:
            entry.after = (before.split() or ["–"])[-1]
        return
    word = before.rpartition(" ")[2]
    first = entry.start - len(word)
    if word and not any(start < entry.start and end > first for start, end in taken):
        entry.prefix = word


def _short(text: str) -> str:
    words = text.split()
    return text if len(words) <= _LONG else f"{' '.join(words[:2])} … {words[-1]}"


def _shown(text: str, number: str) -> object:
    """A lemma; what is about a note number says so."""
    if not number:
        return text
    note = _emph(_("note {}").format(number))
    return Code(f"{string(text)} + [ ] + {note.source}") if text and text != number else note


def _witnessed(prefix: str, source: str) -> object:
    """A reading, or that there is none. A space that is all the difference is shown."""
    if not source.strip():
        return _emph(_("not in"))
    if not prefix and not any(c.isalnum() for c in source):
        source = source.replace(" ", "␣")
    return fold(prefix + source)


def _emph(text: str) -> Code:
    return Code(f"emph({string(text)})")
