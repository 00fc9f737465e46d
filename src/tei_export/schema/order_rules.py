"""Rules of numbers and order: blocks, lines of verse, witness lines and pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from roman_numerals import InvalidRomanNumeralError, RomanNumeral

from tei_export.model.blocks import holding_elements, numbered_elements
from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.schema.finding import Finding, finding_at
from tei_export.schema.tei_document import ID, T, TeiDocument

if TYPE_CHECKING:
    from collections.abc import Iterator
#: ``refsDecl/@n`` of a source whose page numbers do not ascend.
UNORDERED = "pages-as-numbered"

CODES: dict[str, str] = {
    "E-BLOCK-NUMBER": "blocks are numbered 1, 2, 3 … in each part",
    "E-LINE-NUMBER": "lines of verse are numbered 1, 2, 3 … in their poem, canto or scene",
    "E-STANZA-NUMBER": "stanzas that have numbers are numbered 1, 2, 3 … in their poem or canto",
    "E-LB-ORDER": "witness lines ascend, but for those of type displaced",
    "E-LB-PAGE": "a line number occurs once on its page",
    "E-PB-ORDER": "no page is there twice; pages that are all numbers ascend: roman, then arabic",
    "E-PB-ATTESTED": "a page is attested just where its number stands on it (fw)",
}


def block_numbers(document: TeiDocument) -> Iterator[Finding]:
    """Check the numbered blocks of a division: paragraphs, block quotations, lists."""
    blocks = {T + name for name in numbered_elements()}
    parts = (
        d for d in document.all("div") if (up := d.getparent()) is not None and up.tag != T + "div"
    )
    for part in parts:
        divisions = part.iter(*(T + name for name in holding_elements()))
        with_number = {id(b) for d in divisions for b in d if b.tag in blocks and b.get("n")}
        numbered = [b for b in part.iter(*blocks) if id(b) in with_number]
        yield from _numbered(numbered, "E-BLOCK-NUMBER", "block", part)


def verse_numbers(document: TeiDocument) -> Iterator[Finding]:
    """Check the numbered lines of verse, and stanzas, of every division that is more than a section.

    The parts of a line that several speak have its number; it counts once.
    """
    stanzas = [lg for lg in document.all("lg") if lg.get("type") == "stanza"]
    for counted, code, what in (
        (document.all("l"), "E-LINE-NUMBER", "line"),
        (stanzas, "E-STANZA-NUMBER", "stanza"),
    ):
        found: dict[etree._Element, list[etree._Element]] = {}
        for element in counted:
            owner = element.getparent() if element.get("n") else None
            while owner is not None and (owner.tag != T + "div" or owner.get("type") == "section"):
                owner = owner.getparent()
            if owner is None:
                continue
            before = found.setdefault(owner, [])
            if element.tag != T + "l" or element.get("part") not in ("M", "F"):
                before.append(element)
            elif before and before[-1].get("n") != element.get("n"):
                yield finding_at(
                    code,
                    f"the line that goes on here has the number {before[-1].get('n')}",
                    element,
                )
        for division, numbered in found.items():
            yield from _numbered(numbered, code, what, division)


def _numbered(
    elements: list[etree._Element], code: str, what: str, division: etree._Element
) -> Iterator[Finding]:
    """Report the first unexpected number; later ones would only repeat it.

    A division that continues from another extract may begin with any number.
    """
    start = 1
    if elements and division.get("part") in ("M", "F"):
        shown = elements[0].get("n", "")
        start = int(shown) if shown.isdecimal() else 1
    for expected, element in enumerate(elements, start):
        if element.get("n") != str(expected):
            yield finding_at(
                code, f"{what} {element.get('n')} stands where {expected} is due", element
            )
            return


def line_order(document: TeiDocument) -> Iterator[Finding]:
    """Check that witness lines ascend in the running text, and in each note.

    Those in fw and lem are exempt: forme work may be anywhere, and a lemma is not witness text.
    """
    for text in document.root.iterfind(T + "text"):
        around = _around(text, "note", "fw", "lem")
        reached: dict[etree._Element, int] = {}
        for lb in text.iter(T + "lb"):
            flow = around.get(lb, text)
            own = lb.get(ID)
            witness = _witness_line(own or lb.get("corresp", "").removeprefix("#"))
            if flow.tag in _EXEMPT or witness is None or lb.get("type") == "displaced":
                continue
            last = reached.get(flow, 0)
            # A further piece may follow in the same line.
            if witness < last or (witness == last and own is not None):
                yield finding_at(
                    "E-LB-ORDER",
                    f"witness line {witness} after {last}, not marked as displaced",
                    lb,
                )
            reached[flow] = max(last, witness)


_EXEMPT = frozenset({T + "fw", T + "lem"})


def _around(text: etree._Element, *names: str) -> dict[etree._Element, etree._Element]:
    """Return the innermost of the named elements around every line, page and note within one.

    Of the notes, only the author's count: editors' notes do not interrupt the text.
    """
    around = {}
    for outer in text.iter(*(T + name for name in names)):
        if len(outer) and (outer.tag != T + "note" or outer.get("type") == "authorial"):
            for inner in outer.iterdescendants(T + "lb", T + "pb", T + "note"):
                around[inner] = outer
    return around


def _witness_line(name: str) -> int | None:
    """Return the number of the witness line that is named ``o0857``."""
    return int(name[1:]) if name[:1] == "o" and name[1:].isdecimal() else None


def page_lines(document: TeiDocument) -> Iterator[Finding]:
    """Check that line numbers are unique on a page; a note's lines belong to its page.

    After a note that continues overleaf, the text goes on on its own page.
    """
    seen: set[tuple[str, str]] = set()
    for text in document.root.iterfind(T + "text"):
        around = _around(text, "note")
        pages = {text: ""}
        for element in text.iter(T + "lb", T + "pb", T + "note"):
            flow = around.get(element, text)
            if element.tag == T + "note":
                pages[element] = pages[flow]
            elif element.tag == T + "pb":
                pages[flow] = _page(document, element)
            elif number := element.get("n"):
                page = pages[flow]
                if (page, number) in seen:
                    yield finding_at("E-LB-PAGE", f"line {number} is twice on page {page}", element)
                seen.add((page, number))


def _page(document: TeiDocument, pb: etree._Element) -> str:
    """Return the page that a page break begins or, in a note, continues on."""
    if number := pb.get("n"):
        return number
    target = document.ids.get(pb.get("corresp", "")[1:])
    return "" if target is None else target.get("n", "")


def page_order(document: TeiDocument) -> Iterator[Finding]:
    """Check that pages are unique and, if all of them are numbers, ascend.

    Only the page table knows the order of other labels (``12r``, ``[4]``); the regeneration
    compares it. The header may declare that the source's own numbers do not ascend (``refsDecl``
    for pages, ``@n`` "pages-as-numbered").
    """
    breaks = [(pb, number) for pb in document.all("pb") if (number := pb.get("n")) is not None]
    values = [page_value(number) for _, number in breaks]
    free = any(r.get("n") == UNORDERED for r in document.all("refsDecl"))
    ordered = not free and None not in values
    seen: set[str] = set()
    last, shown = (-1, 0), ""
    for (pb, number), value in zip(breaks, values, strict=True):
        if number in seen:
            yield finding_at("E-PB-ORDER", f"page {number} twice", pb)
        elif ordered and value is not None and value <= last:
            yield finding_at("E-PB-ORDER", f"page {number} after page {shown}", pb)
        last, shown = value or last, number
        seen.add(number)


def page_value(number: str) -> tuple[int, int] | None:
    """Return the sort key of a page number, roman before arabic; None for other labels."""
    if number.isdecimal():
        return 1, int(number)
    try:
        return (0, int(RomanNumeral.from_string(number))) if number.islower() else None
    except InvalidRomanNumeralError:
        return None


def attested_pages(document: TeiDocument) -> Iterator[Finding]:
    """Check that an attested page has its number (fw), and an inferred page has none.

    Its number is a ``fw`` of its own, or part of a running head.

    A reading text, which is corrected silently, contains no page numbers (E-READING).
    """
    if any(c.get("method") == "silent" for c in document.all("correction")):
        return
    page: etree._Element | None = None
    works: list[etree._Element] = []
    for element in document.root.iter(T + "pb", T + "fw"):
        if element.tag == T + "fw":
            works.append(element)
        elif element.get("n"):
            yield from _attested(page, works)
            page, works = element, []
    yield from _attested(page, works)


def _attested(page: etree._Element | None, works: list[etree._Element]) -> Iterator[Finding]:
    if page is None:
        return
    attested = page.get("type") == "attested"
    has_number = any(fw.get("type") == "pageNum" for fw in works)
    if attested and not has_number:
        has_number = any(page.get("n") in _words_of(fw) for fw in works)
    if attested != has_number:
        state = "has its number" if has_number else "has no number (fw)"
        yield finding_at(
            "E-PB-ATTESTED", f"page {page.get('n')} is {page.get('type')} but {state}", page
        )


def _words_of(fw: etree._Element) -> list[str]:
    """Return the words of forme work in the original, without readings of the witness and the editors."""
    unread = {
        T + row.tei_parts[row.read_by("T") is not Reads.SOURCE]
        for row in BY_NAME.values()
        if row.family in (Family.LAYER, Family.VARIANTS) and row.read_by("T") is not Reads.BOTH
    }

    def text(element: etree._Element) -> str:
        if element.tag in unread:
            return element.tail or ""
        return "".join([element.text or "", *map(text, element), element.tail or ""])

    return re.findall(r"\w+", "".join([fw.text or "", *map(text, fw)]))
