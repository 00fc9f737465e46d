"""Regenerate the witness from the TEI alone, and compare it with the witness file.

This is the second proof. It shares no code with the exporter (a test enforces this) and needs only
lxml. Every stretch of witness text follows an ``lb`` that carries the number of its physical line
(``xml:id="o0857"``, or ``corresp="#o0857"`` for a further piece of it). The reader skips text that
is not in the witness (``lem``, ``corr``, ``supplied``, ``gap``, the editors' notes); the rest, line
by line, is the witness. With a page table it also compares the pages: every ``pb`` matches a row of
the table, in the same order; every line is on the page that the table gives; every non-blank line
of the witness belongs to a page.

Other witnesses are regenerated word by word: at every ``app`` of the type ``variant`` the reader takes the ``rdg`` that
names the witness, otherwise the ``lem``; a passage between an ``anchor`` and the ``app`` that points to it (``from``)
gives way to its ``rdg``. Of a ``rdg`` it reads what the file has: deleted words, too, and ``sic``, ``abbr``, ``orig``; not
``corr``, ``expan``, ``reg``, ``supplied``. Nothing is read between ``lacunaStart`` and ``lacunaEnd``; a transposed passage is read where its
second ``app`` stands (``corresp``). A note is read after the block that cites it. What is not compared, the header says
(``normalization/@corresp``, ``idno type="fold"``).

Usage: ``python -m tei_export.proof.regenerate [--incomplete] [--witness B=file.txt …] thesis.xml witness.txt [pages.csv]``
``--incomplete``: the TEI may lack pages of the table. ``--witness``: prove this witness, too (siglum or id).
Source: the project's encoding paper §1.1; TEI P5 CO#CORS5, PH#PHLN, TC#TCAPPS.
"""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from lxml import etree

_NS = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LINE = re.compile(r"#?o(\d+)")
#: lb/@rend → how the witness shows that a word is divided
_SIGNS = {
    "hyphen": "-",
    "unicode-hyphen": "\u2010",
    "double-oblique-hyphen": "\u2e17",
    "double-hyphen": "\u2e40",
    "equals-sign": "=",
}
#: The parts of an entry that have a reading.
_LB, _PB, _NOTE, _FW, _LEM, _RDG = (_NS + n for n in ("lb", "pb", "note", "fw", "lem", "rdg"))
_READINGS = (_LEM, _RDG)
_NOT_IN_O = {
    _NS + n for n in ("lem", "corr", "reg", "expan", "supplied", "gap", "desc", "figDesc", "anchor")
}
#: What may not be in the witness, among it what is no element.
_MAYBE_NOT_IN_O = {*_NOT_IN_O, *_READINGS, _NOTE, etree.Comment, etree.PI, etree.Entity}


@dataclass(slots=True)
class ProofReport:
    """The result of a comparison. ``wrong``: (page, line, regenerated, witness)."""

    pages: list[str] = field(default_factory=list)
    lines: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, int, str, str]] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    paging: list[str] = field(default_factory=list)
    """differences between the pages of the TEI and the page table, as sentences"""
    witnesses: list[WitnessReport] = field(default_factory=list)
    """the results of the other witnesses, if they were compared, too"""

    @property
    def clean(self) -> bool:
        """Whether the witness was regenerated without differences."""
        return not self.wrong and not self.missing and not self.paging

    def __str__(self) -> str:
        counts = ", ".join(f"{n} {name}" for name, n in sorted(self.classes.items()))
        head = (
            f"{len(self.pages)} pages, {self.lines} lines regenerated from the TEI, "
            f"{len(self.wrong) + len(self.missing) + len(self.paging)} differences\nrecorded in the TEI: {counts}"
        )
        body = [f"p. {p}, line {n}\n  TEI:     {a}\n  witness: {b}" for p, n, a, b in self.wrong]
        body += [f"line {n} of the witness is not in the TEI" for n in self.missing]
        body += self.paging
        return "\n".join([head, *body])


def parse(data: bytes) -> etree._Element:
    """Parse TEI bytes and return the root; no entities, no network, no DTD."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def siglum_of(root: etree._Element) -> str:
    """Return the pointer (``#O``) to the witness that the text is proved against.

    That is the witness in the header's ``listWit`` whose file has a checksum.
    """
    for witness in root.iter(_NS + "witness"):
        if any(i.get("type") == "sha256" for i in witness.iter(_NS + "idno")):
            return f"#{witness.get(_ID)}"
    return "#O"


def witness_lines(root: etree._Element, siglum: str = "") -> tuple[dict[int, str], dict[int, str]]:
    """Return the regenerated text and the page of each physical line, both by line number.

    :param root: the TEI element
    :param siglum: the witness, as in ``rdg/@wit``; if empty, :func:`siglum_of` chooses it
    """
    reader = _read(root, siglum)
    return {n: " ".join("".join(t).split()) for n, t in reader.text.items()}, reader.pages


def _read(root: etree._Element, siglum: str) -> _WitnessReader:
    numbers = {i: n for b in root.iter(_NS + "pb") if (i := b.get(_ID)) and (n := b.get("n"))}
    lines = siglum or siglum_of(root)
    of = next(
        (w.get("corresp") or "" for w in root.iter(_NS + "witness") if f"#{w.get(_ID)}" == lines),
        "",
    )
    reader = _WitnessReader(lines, numbers, of)
    body = root.find(_NS + "text")
    if body is not None:
        reader.walk(body)
    return reader


class _WitnessReader:
    """Walks the text and assigns every stretch of witness text to the current line."""

    def __init__(self, siglum: str, numbers: dict[str, str], base: str = "") -> None:
        self.siglum = siglum
        self.base = base or siglum
        """the witness that the one with the lines is a text of, or itself"""
        self.numbers = numbers
        self.text: dict[int, list[str]] = defaultdict(list)
        self.pages: dict[int, str] = {}
        self.displaced: set[int] = set()
        self.line = 0
        self.page = ""

    def walk(self, node: etree._Element) -> None:
        tag = node.tag
        if tag in _MAYBE_NOT_IN_O and self._not_in_o(node):
            return
        before, page = self.line, self.page
        if tag == _LB:
            self._begin(node)
        elif tag == _PB:
            continued = (node.get("corresp") or "").removeprefix("#")
            self.page = node.get("n") or self.numbers.get(continued, self.page)
        self._put(node.text)
        for child in node:
            self.walk(child)
            if (piece := child.tail) and self.line:
                self.text[self.line].append(piece)
        if tag in (_NOTE, _FW):
            self.line = before  # the text continues in its own line
        if tag == _NOTE and node.get("type") == "authorial":
            self.page = page  # and on its own page: a note may continue overleaf

    def _not_in_o(self, node: etree._Element) -> bool:
        tag = node.tag
        if (
            tag in _READINGS
            and (app := node.getparent()) is not None
            and app.get("type") == "variant"
        ):
            if tag == _LEM:  # of the base, unless a reading names it
                return any(self.base in (r.get("wit") or "").split() for r in app.iterfind(_RDG))
            return self.base not in (node.get("wit") or "").split()
        if not isinstance(tag, str) or tag in _NOT_IN_O:
            return True
        if tag == _RDG:
            return self.siglum not in (node.get("wit") or "").split()
        return tag == _NOTE and node.get("type") == "editorial"

    def _begin(self, node: etree._Element) -> None:
        self._put(_SIGNS.get(node.get("rend") or ""))
        match = _LINE.fullmatch(node.get(_ID) or node.get("corresp") or "")
        self.line = int(match[1]) if match else 0
        if match:
            self.pages.setdefault(self.line, self.page)
            self.text[self.line].append(" " if node.get("corresp") else "")
            if node.get("type") == "displaced":
                self.displaced.add(self.line)

    def _put(self, piece: str | None) -> None:
        if piece and self.line:
            self.text[self.line].append(piece)


def compare(
    root: etree._Element, witness: str, spans: dict[str, tuple[int, int]], *, complete: bool = False
) -> ProofReport:
    """Compare the regenerated lines with the witness, and the pages with the page table.

    :param root: the TEI element
    :param witness: the text of the witness
    :param spans: page → first and last physical line, in table order (0: the page is lost); empty:
        the text has no pages, and the TEI must cover the whole witness
    :param complete: the TEI must contain every page of the table
    """
    lines = [" ".join(line.split()) for line in witness.split("\n")]
    reader = _read(root, "")
    regenerated = {n: " ".join("".join(t).split()) for n, t in reader.text.items()}
    report = ProofReport(pages=[n for b in root.iter(_NS + "pb") if (n := b.get("n"))])
    for number, text in sorted(regenerated.items()):
        have = lines[number - 1] if 0 < number <= len(lines) else ""
        if text == have and text:
            report.lines += 1
        else:
            report.wrong.append((reader.pages.get(number, ""), number, text, have))
    for number in _expected(lines, spans, report.pages):
        if number not in regenerated:
            report.missing.append(number)
    if spans:
        report.paging += _order(report.pages, spans, complete=complete)
        report.paging += _on_other_pages(reader, spans)
        report.paging += _on_no_page(lines, spans)
    for body in root.iterfind(_NS + "text"):
        report.classes.update(_recorded(body))
    return report


#: Elements that record a difference, besides ``app``: those that are always counted, and others.
_USUAL = ("sic", "supplied", "gap", "unclear")
_OTHER = ("del", "subst", "abbr", "orig", "surplus")


def _recorded(body: etree._Element) -> Counter[str]:
    """Count what a text records of its differences, by class."""
    counted: Counter[str] = Counter(dict.fromkeys(_USUAL, 0))
    for element in body.iter(*(_NS + n for n in ("app", *_USUAL, *_OTHER))):
        local = str(element.tag).removeprefix(_NS)
        above = element.getparent()
        if local == "app":
            counted[element.get("type") or ""] += 1
        elif local in _USUAL or above is None or above.tag != _NS + "subst":
            counted[local] += 1  # the del of a subst is part of it
    return counted


# ------------------------------------------------------------------ witnesses word by word


@dataclass(slots=True)
class WitnessReport:
    """The result for one witness. ``wrong``: (number of the word in the witness, words of the TEI, words of the file)."""

    siglum: str
    words: int = 0
    wrong: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether the witness was regenerated without differences."""
        return not self.wrong

    def __str__(self) -> str:
        head = f"{self.siglum}: {self.words} words, {len(self.wrong)} differences"
        return "\n".join(
            [head, *(f"word {n}\n  TEI:     {a}\n  witness: {b}" for n, a, b in self.wrong)]
        )


def compare_witness(
    root: etree._Element, siglum: str, witness: str, *, complete: bool = True
) -> WitnessReport:
    """Compare what the TEI says that a witness reads with the text of its file.

    Where words begin and end is compared, unless the header says that punctuation is not; how much white space is between
    them is not. A word may go on over the end of a line of the file, and a hyphen there may be the word's or the division's.

    :param siglum: the siglum, or the ``xml:id`` of the ``witness``
    :param complete: the TEI must have the whole witness; otherwise its end may be missing
    :raises ValueError: the header has no such witness
    """
    listed = {w.get(_ID) or "": w.get("n") or w.get(_ID) or "" for w in root.iter(_NS + "witness")}
    known = next((i for i, shown in listed.items() if siglum in (i, shown)), None)
    if known is None:
        raise ValueError(f"no witness {siglum} in listWit")
    folds = _folds(root, f"#{known}")
    signs = _signs(root)
    theirs = _LINE_END.sub("\x01", _DIVIDED.sub("\x00", witness))
    theirs = "".join(signs.get(c, c) for c in theirs)
    ours = _OneWitness(f"#{known}", root).read()
    report = WitnessReport(
        listed[known], len(theirs.replace("\x00", "").replace("\x01", " ").split())
    )
    if not _agree(_spaced(ours, folds), _spaced(theirs, folds), complete=complete):
        report.wrong = _wrong_words(ours.split(), theirs.split(), folds, complete=complete)
        if not report.wrong:
            report.wrong = [(1, "the words agree one by one", "but not together")]
    return report


#: A hyphen at the end of a line of the file may be the word's or the division's.
_DIVIDED = re.compile(r"(?<=\w)-[ \t]*\n[ \t]*(?=\w)")


#: The end of a line between two letters: words are parted there, or a word goes on.
_LINE_END = re.compile(r"(?<=\w)[ \t]*\n[ \t]*(?=\w)")


def _signs(root: etree._Element) -> dict[str, str]:
    """Return the signs of the witnesses for which the text has others (charDecl)."""
    table = {}
    for char in root.iter(_NS + "char"):
        maps = {m.get("type"): m.text or "" for m in char.iter(_NS + "mapping")}
        if maps.get("witness"):
            table[maps["witness"]] = maps.get("text", "")
    return table


def _folds(root: etree._Element, wit: str) -> list[str]:
    for practice in root.iter(_NS + "normalization"):
        if wit in (practice.get("corresp") or "").split():
            return [i.text or "" for i in practice.iter(_NS + "idno") if i.get("type") == "fold"]
    return []


def _squeezed(text: str, folds: list[str]) -> str:
    """Return ``text`` as it is compared: folded by the rules that the header names, without white space."""
    for fold in folds:
        if fold == "case":
            text = text.casefold()
        elif fold == "punctuation":
            text = "".join(c for c in text if c.isalnum() or c.isspace() or c == "\x00")
        elif fold == "final punctuation":
            text = re.sub(r"[^\w\s\x00]+(?=\s|$)", "", text)
        elif fold == "accents":
            text = "".join(
                c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
            )
        elif fold in _PAIRS:
            for one, other in _PAIRS[fold]:
                text = text.replace(one, other)
        else:
            raise ValueError(f"unknown rule of comparison: {fold}")
    return "".join(text.split())


def _spaced(text: str, folds: list[str]) -> str:
    """Return ``text`` as it is compared, one space between two words; none where signs are not compared."""
    between = "" if "punctuation" in folds else " "
    return between.join(word for each in text.split() if (word := _squeezed(each, folds)))


_PAIRS = {
    "u/v": [("v", "u"), ("V", "U")], "i/j": [("j", "i"), ("J", "I")], "ſ/s": [("ſ", "s")],
    "æ/ae": [("æ", "ae"), ("Æ", "AE")], "œ/oe": [("œ", "oe"), ("Œ", "OE")],
}  # fmt: skip


def _agree(ours: str, theirs: str, *, complete: bool) -> bool:
    at = 0
    for char in theirs:
        if char == "\x00":
            at += ours[at : at + 1] == "-"
        elif char == "\x01":
            at += ours[at : at + 1] == " "
        elif at < len(ours) and ours[at] == char:
            at += 1
        else:
            return not complete and at == len(ours.rstrip())
    return at == len(ours)


def _wrong_words(
    ours: list[str], theirs: list[str], folds: list[str], *, complete: bool
) -> list[tuple[int, str, str]]:
    """Return the runs of words in which the two differ."""
    known = {_squeezed(word, folds) for word in ours}

    def key(word: str) -> str:
        forms = [_squeezed(word.replace("\x00", sign), folds) for sign in ("", "-")]
        return next((form for form in forms if form in known), forms[0])

    theirs = [part for word in theirs for part in _parted(word, known, folds)]
    between = "" if "punctuation" in folds else " "
    a, b = [_squeezed(word, folds) for word in ours], [key(word) for word in theirs]
    wrong = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal" or between.join(a[i1:i2]) == between.join(b[j1:j2]):
            continue
        if not complete and i1 == i2 == len(a):
            continue
        shown = " ".join(theirs[j1:j2]).replace("\x00", "-")
        wrong.append((j1 + 1, " ".join(ours[i1:i2]), shown))
    return wrong


def _parted(word: str, known: set[str], folds: list[str]) -> list[str]:
    """Return the words of the file around ends of lines: joined where the TEI has them joined."""
    parts: list[str] = []
    for part in word.split("\x01"):
        if parts and _squeezed((parts[-1] + part).replace("\x00", ""), folds) in known:
            parts[-1] += part
        else:
            parts.append(part)
    return parts


class _OneWitness:
    """Walks the text and keeps what one witness reads."""

    def __init__(self, wit: str, root: etree._Element) -> None:
        self.wit = wit
        self.root = root
        self.out: list[str] = []
        self.hidden = 0
        self.lost = False
        self.notes: list[etree._Element] = []
        self.ends = {a.get("from", "")[1:]: a for a in root.iter(_NS + "app") if a.get("from")}
        self.outer: list[list[str]] = []
        self.moved: dict[str, list[str]] = {}
        self.holes: list[tuple[int, str]] = []
        self.own = int(sum(1 for _ in root.iter(_NS + "witness")) == 1)
        """readings of the witness around the current place: what its hand replaced there, its file has; a file of one
        witness alone is all its own"""

    def read(self) -> str:
        body = self.root.find(_NS + "text")
        for division in body.iterfind(f"{_NS}*/{_NS}div") if body is not None else ():
            if division.get("type") != "editorialNotes":
                self._part(division)
                self.out.append("\n")
        return "".join(self.out)

    def _part(self, division: etree._Element) -> None:
        """Read a part; a lacuna ends with it, and a witness that first goes on was lost before."""
        first = next(
            (
                mark.tag
                for app in division.iter(_NS + "app")
                if app.get("type") == "lacuna"
                for rdg in app
                if self.wit in (rdg.get("wit") or "").split()
                for mark in rdg
            ),
            None,
        )
        self.lost = first in (_NS + "lacunaEnd", _NS + "witStart")
        self.holes = []
        self._walk(division)
        for at, name in reversed(self.holes):
            self.out[at:at] = [" ", *self.moved.get(name, []), " "]

    def _put(self, piece: str | None) -> None:
        if piece and not self.hidden and not self.lost:
            self.out.append(piece)

    def _walk(self, node: etree._Element) -> None:
        local = node.tag.removeprefix(_NS) if isinstance(node.tag, str) else "desc"
        if local == "app":
            self._app(node)
        elif local == "note":
            if node.get("type") == "authorial":
                self.notes.append(node)
        elif local == "anchor":
            self._anchor(node)
        elif (
            local == "del"
            and not self.own
            and (above := node.getparent()) is not None
            and above.tag == _NS + "subst"
        ):
            pass  # what the base's hand replaced
        elif local not in ("corr", "reg", "expan", "supplied", "gap", "fw", "desc", "figDesc"):
            block = local in ("p", "head", "item", "bibl", "l") and not self._in_block(node)
            self._put("\n" if block else None)
            self._put(node.text)
            for child in node:
                self._walk(child)
                self._put(child.tail)
            while block and self.notes:
                self._note(self.notes.pop(0))

    @staticmethod
    def _in_block(node: etree._Element) -> bool:
        return any(
            a.tag in (_NS + "p", _NS + "head", _NS + "item", _NS + "note", _NS + "l")
            for a in node.iterancestors()
        )

    def _note(self, note: etree._Element) -> None:
        self._put("\n")
        self._put(note.text)
        for child in note:
            self._walk(child)
            self._put(" " if child.tag == _NS + "label" else None)
            self._put(child.tail)

    def _app(self, app: etree._Element) -> None:
        kind = app.get("type")
        mine = next(
            (r for r in app.iterfind(_NS + "rdg") if self.wit in (r.get("wit") or "").split()), None
        )
        if kind == "lacuna":
            if mine is not None:
                self.lost = any(m.tag in (_NS + "lacunaStart", _NS + "witEnd") for m in mine)
        elif kind == "transposition":
            self._transposition(app, mine)
        elif app.get("from"):
            if mine is not None:
                self.hidden -= 1
                self._inner(mine)
        elif kind == "variant" and mine is not None:
            self._inner(mine)
        else:
            lemma = app.find(_NS + "lem")
            if lemma is not None:
                self._inner(lemma)

    def _transposition(self, app: etree._Element, mine: etree._Element | None) -> None:
        if mine is None:
            return
        if app.get("corresp"):
            self.holes.append((len(self.out), app.get("corresp", "")[1:]))
        elif self.outer:
            self.moved[app.get(_ID) or ""] = self.out
            self.out = self.outer.pop()

    def _inner(self, node: etree._Element) -> None:
        self.own += node.tag == _NS + "rdg"
        self._put(node.text)
        for child in node:
            self._walk(child)
            self._put(child.tail)
        self.own -= node.tag == _NS + "rdg"

    def _anchor(self, node: etree._Element) -> None:
        """Begin a passage that the witness reads otherwise, or has elsewhere."""
        app = self.ends.get(node.get(_ID) or "")
        if app is None or not any(
            self.wit in (r.get("wit") or "").split() for r in app.iterfind(_NS + "rdg")
        ):
            return
        if app.get("type") == "transposition":
            self.outer.append(self.out)
            self.out = []
        else:
            self.hidden += 1


def _expected(lines: list[str], spans: dict[str, tuple[int, int]], pages: list[str]) -> list[int]:
    """Return the numbers of non-blank lines on ``pages``; of all, without a page table."""
    ranges = [spans[p] for p in dict.fromkeys(pages) if p in spans] if spans else [(1, len(lines))]
    return [
        n
        for first, last in ranges
        for n in range(first, min(last, len(lines)) + 1)
        if n and lines[n - 1]
    ]


def _order(pages: list[str], spans: dict[str, tuple[int, int]], *, complete: bool) -> list[str]:
    """ProofReport pages that are unknown, repeated, out of order or missing."""
    order = {page: i for i, page in enumerate(spans)}
    problems: list[str] = []
    seen: set[str] = set()
    last = ""
    for page in pages:
        if page not in order:
            problems.append(f"page {page} is not in the page table")
        elif page in seen:
            problems.append(f"page {page} begins twice")
        elif last and order[page] < order[last]:
            problems.append(f"page {page} follows page {last}; the page table has it before")
        if page in order:
            last = page
        seen.add(page)
    lacking = [p for p in spans if p not in seen]
    # no page may be missing between those present, complete or not
    ends = [order[p] for p in seen if p in order]
    return problems + [
        f"page {page} of the page table is not in the TEI"
        for page in lacking
        if complete or (ends and min(ends) < order[page] < max(ends))
    ]


def _on_other_pages(reader: _WitnessReader, spans: dict[str, tuple[int, int]]) -> list[str]:
    """ProofReport lines on a page other than the table's, except displaced lines."""
    owner = {
        n: page for page, (first, last) in spans.items() if first for n in range(first, last + 1)
    }
    return [
        f"line {n} stands on page {page}; the page table has it on page {owner[n]}"
        for n, page in sorted(reader.pages.items())
        if n in owner and owner[n] != page and n not in reader.displaced
    ]


def _on_no_page(lines: list[str], spans: dict[str, tuple[int, int]]) -> list[str]:
    held = {n for first, last in spans.values() if first for n in range(first, last + 1)}
    return [
        f"line {n} of the witness is on no page of the page table"
        for n, line in enumerate(lines, 1)
        if line and n not in held
    ]


def read_spans(path: Path | None) -> dict[str, tuple[int, int]]:
    """Read the page table: page → (first, last) line, in table order; a lost page has (0, 0)."""
    if path is None:
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            r["page"]: (int(r["first_line"] or 0), int(r["last_line"] or 0))
            for r in csv.DictReader(file)
        }


def main(argv: list[str] | None = None) -> int:
    """Print the report and return the exit status.

    0: the witness is regenerated without differences; 1: it differs; 2: wrong usage, or a file
    cannot be read.
    """
    given = sys.argv[1:] if argv is None else list(argv)
    others: list[tuple[str, str, Path]] = []
    while "--witness" in given[:-1]:
        at = given.index("--witness")
        siglum, sign, file = given[at + 1].partition("=")
        others.append((siglum, sign, Path(file)))
        del given[at : at + 2]
    arguments = [a for a in given if a != "--incomplete"]
    if not all(siglum and sign for siglum, sign, _ in others):
        print(__doc__)
        return 2
    if len(arguments) not in (2, 3) or any(a.startswith("-") for a in arguments):
        print(__doc__)
        return 2
    tei, witness, *table = (Path(a) for a in arguments)
    try:
        root = parse(tei.read_bytes())
        report = compare(
            root,
            witness.read_bytes().decode("utf-8"),
            read_spans(table[0] if table else None),
            complete=len(arguments) == len(given),
        )
        more = [
            compare_witness(
                root,
                siglum,
                file.read_bytes().decode("utf-8"),
                complete=len(arguments) == len(given),
            )
            for siglum, _, file in others
        ]
    except (OSError, ValueError, KeyError, TypeError, csv.Error, etree.XMLSyntaxError) as error:
        print(f"cannot be read: {error}")
        return 2
    print(report)
    for one in more:
        print(one)
    return 0 if report.clean and all(one.clean for one in more) else 1


if __name__ == "__main__":
    raise SystemExit(main())
