"""The second proof: the witness O, regenerated from the TEI alone.

Shares no code with the exporter (a test sees to it); needs lxml only. Every stretch of
witness text follows an ``lb`` that carries the number of its physical line (``xml:id="o0857"``,
or ``corresp="#o0857"`` for a further piece of it). Text that O has not (``lem``, ``corr``,
``supplied``, ``gap``, the editors' notes) is passed over; the rest, line by line, is O.

Usage: ``python -m tei_export.proof.regenerate thesis.xml witness.txt [pages.csv]``
Source of the rule: the project's encoding paper §1.1; TEI P5 CO#CORS5, PH#PHLN, TC#TCAPPS.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

_NS = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LINE = re.compile(r"#?o(\d+)")
_NOT_IN_O = {_NS + n for n in ("lem", "corr", "reg", "expan", "supplied", "gap", "desc", "anchor")}


@dataclass(slots=True)
class Report:
    """What the comparison found. ``wrong``: (page, line, regenerated, witness)."""

    pages: list[str] = field(default_factory=list)
    lines: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, int, str, str]] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.wrong and not self.missing

    def __str__(self) -> str:
        counts = ", ".join(f"{n} {name}" for name, n in sorted(self.classes.items()))
        head = (
            f"{len(self.pages)} pages, {self.lines} lines regenerated from the TEI, "
            f"{len(self.wrong) + len(self.missing)} differences\nrecorded in the TEI: {counts}"
        )
        body = [f"p. {p}, line {n}\n  TEI:     {a}\n  witness: {b}" for p, n, a, b in self.wrong]
        body += [f"line {n} of the witness is not in the TEI" for n in self.missing]
        return "\n".join([head, *body])


def parse(data: bytes) -> etree._Element:
    """Parse TEI; no entities, no network, no DTD."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def witness_lines(root: etree._Element, siglum: str = "#O") -> tuple[dict[int, str], dict[int, str]]:
    """Physical line number → its text as regenerated, and → its page.

    :param root: the TEI element; :param siglum: the witness, as in ``rdg/@wit``.
    """
    reader = _Reader(siglum)
    body = root.find(_NS + "text")
    if body is not None:
        reader.walk(body)
    return {n: " ".join("".join(t).split()) for n, t in reader.text.items()}, reader.pages


class _Reader:
    """Walks the text and files every stretch of O under the line that was begun last."""

    def __init__(self, siglum: str) -> None:
        self.siglum = siglum
        self.text: dict[int, list[str]] = defaultdict(list)
        self.pages: dict[int, str] = {}
        self.line = 0
        self.page = ""

    def walk(self, node: etree._Element) -> None:
        if self._not_in_o(node):
            return
        before = self.line
        if node.tag == _NS + "lb":
            self._begin(node)
        elif node.tag == _NS + "pb":
            self.page = node.get("n") or self.page
        self._put(node.text)
        for child in node:
            self.walk(child)
            self._put(child.tail)
        if node.tag in (_NS + "note", _NS + "fw"):
            self.line = before  # the text goes on in its own line

    def _not_in_o(self, node: etree._Element) -> bool:
        if not isinstance(node.tag, str) or node.tag in _NOT_IN_O:
            return True
        if node.tag == _NS + "rdg":
            return self.siglum not in (node.get("wit") or "").split()
        return node.tag == _NS + "note" and node.get("type") == "editorial"

    def _begin(self, node: etree._Element) -> None:
        if node.get("rend") == "hyphen":
            self._put("-")
        found = _LINE.fullmatch(node.get(_ID) or node.get("corresp") or "")
        self.line = int(found[1]) if found else 0
        if found:
            self.pages.setdefault(self.line, self.page)
            self.text[self.line].append(" " if node.get("corresp") else "")

    def _put(self, piece: str | None) -> None:
        if piece and self.line:
            self.text[self.line].append(piece)


def compare(root: etree._Element, witness: str, spans: dict[str, tuple[int, int]]) -> Report:
    """Compare the regenerated lines with the witness.

    :param spans: page → first and last physical line, for the coverage of the pages that
        the TEI holds; empty: the whole witness must be covered.
    """
    lines = [" ".join(line.split()) for line in witness.split("\n")]
    found, page = witness_lines(root)
    report = Report(pages=[n for b in root.iter(_NS + "pb") if (n := b.get("n"))])
    for number, text in sorted(found.items()):
        have = lines[number - 1] if 0 < number <= len(lines) else ""
        if text == have and text:
            report.lines += 1
        else:
            report.wrong.append((page.get(number, ""), number, text, have))
    for number in _expected(lines, spans, report.pages):
        if number not in found:
            report.missing.append(number)
    for body in root.iterfind(_NS + "text"):
        for app in body.iter(_NS + "app"):
            report.classes[app.get("type") or ""] += 1
        for local in ("sic", "supplied", "gap", "unclear"):
            report.classes[local] += sum(1 for _ in body.iter(_NS + local))
    return report


def _expected(lines: list[str], spans: dict[str, tuple[int, int]], pages: list[str]) -> list[int]:
    """The lines that are not blank, of the pages given (of all, without a page table)."""
    ranges = [spans[p] for p in pages if p in spans] if spans else [(1, len(lines))]
    return [n for first, last in ranges for n in range(first, last + 1) if n and lines[n - 1]]


def read_spans(path: Path | None) -> dict[str, tuple[int, int]]:
    """The page table: page → (first, last) line; pages without lines are left out."""
    if path is None:
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["first_line"]]
    return {r["page"]: (int(r["first_line"]), int(r["last_line"])) for r in rows}


def main(argv: list[str] | None = None) -> int:
    """Print the report; 0 if the witness is regenerated without a difference, else 1."""
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) not in (2, 3):
        print(__doc__)
        return 2
    tei, witness, *table = (Path(a) for a in arguments)
    report = compare(
        parse(tei.read_bytes()),
        witness.read_text(encoding="utf-8"),
        read_spans(table[0] if table else None),
    )
    print(report)
    return 0 if report.clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
