"""Helpers that query and change the tree of a part.

:mod:`tei_export.source.transforms` uses them and determines their order.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.languages import wrong_orthography, wrong_script
from tei_export.model.places import Place
from tei_export.model.readings import fold
from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.source.nodes import bibentry, lb, mark, notelabel, noteref, point, reading, textnote

if TYPE_CHECKING:
    from tei_export.model.edition import Edition
    from tei_export.model.witness import Segment
    from tei_export.source.lines import Line
    from tei_export.source.problems import Report


def is_mention(node: nodes.Node) -> bool:
    """Return whether ``node`` mentions a register entry."""
    """Return whether ``node`` mentions a register entry."""
    return isinstance(node, mark) and BY_NAME[node["kind"]].family is Family.MENTION


def above(node: nodes.Node | None, *kinds: type[nodes.Element]) -> nodes.Element | None:
    """Return ``node`` or its nearest ancestor of one of ``kinds``."""
    while node is not None and not isinstance(node, kinds):
        node = node.parent
    return node


def in_leaf(node: nodes.Node) -> bool:
    """Return whether ``node`` is in a block whose lines are collected."""
    leaf = above(node, nodes.paragraph, nodes.title)
    footnote = above(node, nodes.footnote)
    if footnote is None:
        return leaf is not None
    return leaf is not None and series((footnote["names"] or footnote["dupnames"])[0]) == "authorial"


def series(label: str) -> str:
    """Return the series of a note by its label: ``authorial`` or ``editorial``."""
    """Return the series of a note by its label: ``authorial`` or ``editorial``."""
    return "editorial" if label.startswith("ed-") else "authorial"


def printed(label: str) -> str:
    """Return the label of a note without the prefix of its series."""
    """Return the label of a note without the prefix of its series."""
    return label.removeprefix("ed-")


def inside_note(node: nodes.Node) -> str:
    """Return the series of the note that contains ``node``, or an empty string."""
    holder = note_of(node)
    return holder["series"] if holder is not None else ""


def note_of(node: nodes.Node) -> textnote | None:
    """Return the note that contains ``node``, or None."""
    """Return the note that contains ``node``, or None."""
    parent: nodes.Node | None = node
    while parent is not None and not isinstance(parent, textnote):
        parent = parent.parent
    return parent


def label_note(target: textnote) -> None:
    """Put the printed number at the start of a note; an ``ocr`` mark of it gives O's reading."""
    paragraph = target.children[0] if target.children else None
    if not isinstance(paragraph, nodes.paragraph):
        return
    head = next((c for c in paragraph.children if not is_point(c)), None)
    label = notelabel()
    if isinstance(head, mark) and BY_NAME[head["kind"]].misreading and fold(reading(head)) == target["label"]:
        at = paragraph.index(head)
        paragraph.remove(head)
        label += head
        paragraph.insert(at, label)
    else:
        label += nodes.Text(target["label"])
        paragraph.insert(0, label)


def is_point(node: nodes.Node) -> bool:
    """Return whether ``node`` is a milestone."""
    """Return whether ``node`` is a milestone."""
    return isinstance(node, point)


def line_of(node: nodes.Node) -> int:
    """Return the source line of ``node`` or its nearest ancestor with a line; 0 if unknown."""
    """Return the source line of ``node`` or its nearest ancestor with a line; 0 if unknown."""
    while node is not None and getattr(node, "line", None) is None:
        node = node.parent
    return node.line or 0 if node is not None else 0


def source_lines(root: nodes.Element) -> dict[int, int]:
    """Return the source line of each node at or below ``root``, by the node's ``id``.

    Call it before :func:`tei_export.source.lines.cut`. Inside a block MyST only knows the line of
    the block.
    """
    found: dict[int, int] = {}
    line = 0
    for node in root.findall():
        if isinstance(node, (nodes.paragraph, nodes.title)) or not found:
            line = line_of(node)
        inline = isinstance(node, (nodes.Text, nodes.Inline)) and above(node, nodes.paragraph, nodes.title)
        found[id(node)] = line if inline else line_of(node)
        if isinstance(node, nodes.Text):
            line += node.count("\n")
    return found


def set_joins(found: list[Line]) -> None:
    """Set ``join``, which precedes each line in running text.

    It is empty after a divided or hyphenated word, and for lines without text of T; otherwise it is
    a space.
    """
    join, carry, open_hyphen = "", "", False
    for line in found:
        node = line.node
        carry = carry or node["brk"]
        if not node["n"]:
            continue
        if open_hyphen and not carry:
            carry = node["brk"] = "maybe"
        node["join"] = "" if carry else join
        join, carry = " ", ""
        open_hyphen = line.t.rstrip().endswith("-")


def mark_displaced(pairs: list[tuple[Segment, lb]]) -> None:
    """Mark the lines whose place in O differs from their place in the text."""
    following: list[int] = []
    nxt = 10**9
    for segment, _ in reversed(pairs):
        following.append(nxt)
        if not segment.pin and segment.number:
            nxt = segment.number
    following.reverse()
    last = 0
    for (segment, node), after in zip(pairs, following, strict=True):
        if segment.pin and not last < segment.number < after:
            node["displaced"] = True
        elif segment.number:
            last = segment.number


def resolve_mention(node: mark, edition: Edition, report: Report, line: int) -> None:
    """Find the register entry of a mention on ``line``: by its key, or by its words."""
    row = BY_NAME[node["kind"]]
    register = edition.registers[row.register]
    words = fold(reading(node))
    candidates = register.candidates(words)
    key = node["key"]
    if key and key not in register.entries:
        report("register-key", f"{key!r} in {row.register}: {words}", line, node)
    elif key and candidates and key not in candidates:
        report("register-other", f"{words!r} is {', '.join(candidates)}, not {key}", line, node)
    elif not key and len(candidates) > 1:
        report("register-ambiguous", f"{words!r} is {', '.join(candidates)}", line, node)
    elif not key and not candidates:
        report("register-name", f"{words!r} in {row.register}", line, node)
    node["key"] = key = key or (candidates[0] if len(candidates) == 1 else "")
    node["named"] = key in candidates
    node["xml_ref"] = row.id_prefix + key


def first_work(block: nodes.Element) -> str:
    """Return the key of the first work that a block names."""
    return next(str(m["key"]) for m in block.findall(mark) if m["kind"] == "work")


def moved_marks(line: Line) -> None:
    """Classify a note number that O has elsewhere in the line as a displacement.

    Without this rule it would be noise in one place and a loss in the other.
    """
    ocr = [m for m in line.marks if BY_NAME[m["kind"]].misreading]
    lost = {readings_of(m)[0]: m for m in ocr if not m["source"] and readings_of(m)[0].isdigit()}
    for node in ocr:
        if node["source"] in lost and not readings_of(node)[0]:
            node["app"] = lost[node["source"]]["app"] = "displacement"


def readings_of(node: mark) -> tuple[str, str]:
    """Return the lemma of an apparatus mark and its source; note numbers count as text."""
    inner = next(iter(node.findall(noteref)), None)
    lemma = reading(node, "E" if BY_NAME[node["kind"]].read_by("T") is Reads.SOURCE else "T")
    if inner is not None:
        lemma += inner["label"]
    return lemma, node.get("source", "")


def heads_entry(block: nodes.Element) -> bool:
    """Return whether ``block`` is the first paragraph of a bibliography entry."""
    return isinstance(block.parent, bibentry) and block.parent.children[0] is block


def entry_places(document: nodes.document) -> dict[str, str]:
    """Return the place of each work's entry in the author's bibliography."""
    found: dict[str, str] = {}
    for entry in document.findall(bibentry):
        first = next((node for node in entry.findall(lb) if node["n"]), None)
        if entry["key"] and first is not None:
            found.setdefault(entry["key"], str(Place(first["page"], first["n"])))
    return found


def citing(quotation: nodes.Element) -> nodes.Node | None:
    """Return the note reference (or its apparatus mark) at the end of a quotation."""
    block = quotation.children[-1]
    last = block.children[-1] if block.children else None
    if isinstance(last, noteref):
        return last if last["series"] == "authorial" else None
    if isinstance(last, mark) and BY_NAME[last["kind"]].misreading:
        only = last.children[0] if len(last.children) == 1 else None
        return last if isinstance(only, noteref) else None
    return None


def has_text(block: nodes.Element) -> bool:
    """Return whether ``block`` contains a line of T."""
    """Return whether ``block`` contains a line of T."""
    return any(node["n"] for node in block.findall(lb))


def pair_translations(section: nodes.section) -> None:
    """Pair a quotation entirely in another language with the author's translation that follows it.

    Sets ``lang``, ``translated`` and ``translates``.
    """
    for first, second in zip(section.children, section.children[1:], strict=False):
        if not isinstance(first, nodes.block_quote):
            continue
        first["lang"] = language_of(first)
        if first["lang"] and isinstance(second, nodes.block_quote) and not language_of(second):
            first["translated"] = second["translates"] = True


def language_of(quotation: nodes.block_quote) -> str:
    """Return the language of a quotation in another language.

    All its marks have one language, and the text outside them (names in it) is in the same,
    non-Latin script.
    """
    languages: set[str] = set()
    inside: set[str] = set()
    outside: set[str] = set()
    for block in quotation.children:
        for child in block.children:
            marked = isinstance(child, mark) and child.get("lang")
            if marked:
                languages.add(marked)
            (inside if marked else outside).update(_scripts(reading(child)))
    one_script = outside <= inside and (not outside or "LATIN" not in inside)
    return languages.pop() if len(languages) == 1 and one_script else ""


_ROMAN = re.compile(r"\b[IVXLCDM]+\b")


def _scripts(text: str) -> set[str]:
    """Return the scripts of the letters of ``text`` by Unicode name (``CYRILLIC``).

    Roman numerals belong to every script.
    """
    words = _ROMAN.sub("", text)
    return {unicodedata.name(c, "").split(" ")[0] for c in words if c.isalpha()}


def wrong_language(node: mark) -> str:
    """Return what is wrong with the letters of a passage for its language; empty if nothing."""
    tag = BY_NAME[node["kind"]].lang
    words = reading(node) if tag else ""
    return (wrong_script(tag, words) or wrong_orthography(tag, words)) if tag else ""
