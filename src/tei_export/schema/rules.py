"""Rules of the TEI files that compare distant places, each with a code.

The rules take a parsed document and yield findings. Schematron (``schema/edition.odd``) checks
whatever one element and its surroundings can show. Rules that need a table of the whole document
are here, so that a text of 8,000 lines takes a fraction of a second. Each rule has a sample of what
it forbids in ``schema/tests/invalid/<code>.xml``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree
from roman_numerals import InvalidRomanNumeralError, RomanNumeral

from tei_export.model.blocks import holding_elements, numbered_elements
from tei_export.model.readings import classify
from tei_export.schema import language_rules
from tei_export.schema.finding import TEI, Finding, finding_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = f"{{{TEI}}}"
XML = "{http://www.w3.org/XML/1998/namespace}"
ID = XML + "id"

#: code → requirement
CODES: dict[str, str] = {
    "E-POINTER": "a pointer #id leads to an element of the document",
    "E-POINTER-KIND": "a pointer leads to an element of the right kind",
    "E-NOTE-PAIR": "a note and its mark point at each other",
    "E-BLOCK-NUMBER": "blocks are numbered 1, 2, 3 … in each part",
    "E-LINE-NUMBER": "lines of verse are numbered 1, 2, 3 … in their poem, canto or scene",
    "E-QUOTE-PAIR": "a quotation and the author's translation stand side by side and point at each other",
    "E-APP-TYPE": "the type of an app is the class of the difference between its readings",
    "E-WIT-ONCE": "a witness has one reading at a place",
    "E-WIT-LOST": "a witness reads nothing where it is lost",
    "E-RDG-CLASS": "an omission has no letters, an addition stands where the lem has none",
    "E-LB-ORDER": "witness lines ascend, but for those of type displaced",
    "E-LB-PAGE": "a line number occurs once on its page",
    "E-PB-ORDER": "no page is there twice; pages that are all numbers ascend: roman, then arabic",
    "E-PB-ATTESTED": "a page is attested just where its number stands on it (fw)",
    "E-TAG-COUNT": "the text has as many of each element as tagsDecl says",
    "E-CHECKSUM": "the witness has the SHA-256 of its file",
    **language_rules.CODES,
}

_WORK = frozenset({"biblStruct", "bibl"})
#: The possible evidence for a reading: a work, or a place in the text itself.
_EVIDENCE = _WORK | {"pb", "lb", "p", "cit", "quote", "note", "div"}
#: What stands in a relation to another.
_ENTRY = _WORK | {"person", "place", "org", "event"}
#: The possible targets of an editors' note.
_NOTED = frozenset({"anchor", "app", "choice", "supplied", "gap", "unclear", "del", "subst"})
_RESPONSIBLE = frozenset({"author", "editor", "respStmt"})
_ANY: frozenset[str] = frozenset()
_NOWHERE = frozenset({"nothing"})
#: (element, attribute) → names of allowed targets; element "*": any other element
_KINDS: dict[tuple[str, str], frozenset[str]] = {
    ("*", "resp"): _RESPONSIBLE,
    ("*", "who"): _RESPONSIBLE,
    ("*", "wit"): frozenset({"witness"}),
    ("*", "hand"): frozenset({"handNote"}),
    ("*", "calendar"): frozenset({"calendar"}),
    ("*", "edRef"): frozenset({"witness"}),
    ("witness", "corresp"): frozenset({"witness"}),
    ("normalization", "corresp"): frozenset({"witness"}),
    ("app", "corresp"): frozenset({"app"}),
    ("app", "from"): frozenset({"anchor"}),
    ("*", "source"): _EVIDENCE,
    ("*", "ref"): _NOWHERE,
    ("*", "corresp"): _NOWHERE,
    ("*", "target"): _ANY,
    ("quote", "source"): _WORK,
    ("persName", "ref"): frozenset({"person"}),
    ("author", "ref"): frozenset({"person", "org"}),
    ("editor", "ref"): frozenset({"person", "org"}),
    ("placeName", "ref"): frozenset({"place"}),
    ("pubPlace", "ref"): frozenset({"place"}),
    ("orgName", "ref"): frozenset({"org"}),
    ("publisher", "ref"): frozenset({"org"}),
    ("title", "ref"): _WORK,
    ("name", "ref"): frozenset({"event"}),
    ("correspDesc", "ref"): frozenset({"div"}),
    ("event", "where"): frozenset({"place"}),
    ("relation", "active"): _ENTRY,
    ("relation", "passive"): _ENTRY,
    ("relation", "corresp"): _WORK,
    ("lb", "corresp"): frozenset({"lb"}),
    ("pb", "corresp"): frozenset({"pb"}),
    ("bibl", "corresp"): _WORK,
    ("author", "corresp"): frozenset({"bibl"}),
    ("quote", "corresp"): frozenset({"quote"}),
    ("relatedItem", "target"): _WORK,
    ("keywords", "scheme"): frozenset({"taxonomy"}),
}
#: ``refsDecl/@n`` of a source whose page numbers do not ascend.
UNORDERED = "pages-as-numbered"
_RS = {"work": _WORK}
_TARGETS = {"noteAnchor": frozenset({"note"}), "authorial": frozenset({"ref"}), "editorial": _NOTED}


@dataclass(frozen=True, slots=True)
class TeiDocument:
    """A document with a table of its ids."""

    root: etree._Element
    ids: dict[str, etree._Element]


def check_rules(tree: etree._ElementTree, witness_sha256: str | None = None) -> list[Finding]:
    """Check one document against all rules of :data:`CODES`.

    Parsing already checks that ids are unique (E-XML).

    :param witness_sha256: digest of the witness file; without it, only the presence of a checksum
        is required. A document without a text (the registers) needs none.
    """
    root = tree.getroot()
    ids = {name: e for e in root.iter(f"{T}*") if (name := e.get(ID)) is not None}
    document = TeiDocument(root, ids)
    findings: list[Finding] = []
    for rule in RULES:
        findings.extend(rule(document))
    findings.extend(_checksum(document, witness_sha256))
    return findings


def pointers(document: TeiDocument) -> Iterator[Finding]:
    """Check that every local pointer resolves to an element of the right kind."""
    for element in document.root.iter(f"{T}*"):
        for attribute, value in element.attrib.items():
            if value[0:1] != "#":
                continue
            kinds = _kinds(element, str(attribute))
            if kinds is None:
                continue
            for pointer in str(value).split():
                if pointer.startswith("#"):
                    yield from _pointer(
                        document, element, f"{attribute!s}={pointer}", pointer[1:], kinds
                    )


def _kinds(element: etree._Element, attribute: str) -> frozenset[str] | None:
    """Return the allowed targets of an attribute; None if it is not a pointer."""
    name = etree.QName(element).localname
    if name == "rs" and attribute == "ref":
        kind = element.get("type", "")
        return _RS.get(kind, frozenset({kind}))
    if attribute == "target" and name in ("note", "ref"):
        return _TARGETS.get(element.get("type", ""), _ANY)
    return _KINDS.get((name, attribute), _KINDS.get(("*", attribute)))


def _pointer(
    document: TeiDocument, element: etree._Element, shown: str, target: str, kinds: frozenset[str]
) -> Iterator[Finding]:
    target_element = document.ids.get(target)
    if target_element is None:
        yield finding_at("E-POINTER", f"{shown} leads nowhere", element)
    elif kinds and (name := etree.QName(target_element).localname) not in kinds:
        yield finding_at(
            "E-POINTER-KIND",
            f"{shown} leads to {name}, expected {' or '.join(sorted(kinds))}",
            element,
        )


def note_pairs(document: TeiDocument) -> Iterator[Finding]:
    """Check that an author's note and its mark point at each other."""
    for name, kind in (("note", "authorial"), ("ref", "noteAnchor")):
        for element in document.root.iter(T + name):
            if element.get("type") != kind:
                continue
            other = document.ids.get(element.get("target", "")[1:])
            if other is not None and other.get("target") != f"#{element.get(ID)}":
                yield finding_at(
                    "E-NOTE-PAIR", f"{element.get('target')} does not point back", element
                )


def quote_pairs(document: TeiDocument) -> Iterator[Finding]:
    """Check that a ``cit`` contains one quotation, or a quotation followed by its translation.

    The two must point at each other; an extract may omit one of them.
    """
    extract = document.root.find(f"{T}teiHeader/{T}encodingDesc/{T}samplingDecl") is not None
    for cit in document.root.iter(T + "cit"):
        quotes = cit.findall(T + "quote")
        kinds = [quote.get("type") for quote in quotes]
        ids = [f"#{quote.get(ID)}" for quote in quotes]
        to = [quote.get("corresp") for quote in quotes]
        alone = len(quotes) == 1 and (extract or (kinds == [None] and to == [None]))
        paired = kinds == [None, "translation"] and to == ids[::-1]
        if quotes and not (alone or paired):
            yield finding_at(
                "E-QUOTE-PAIR", "a quotation and its translation do not point at each other", cit
            )


#: Classes that the readings reveal. The schema itself checks ``noise`` and ``loss``.
_SHOWN = frozenset({"glyph", "mark", "number", "script", "segmentation", "substitution"})


def app_types(document: TeiDocument) -> Iterator[Finding]:
    """The class follows from lemma, reading, and the look-alikes that ``charDecl`` declares, where
    both readings are plain text; a page number (``fw``) is always one."""
    look_alikes = _look_alikes(document.root)
    numbers = {
        id(app)
        for fw in document.root.iter(T + "fw")
        if fw.get("type") == "pageNum"
        for app in fw.iter(T + "app")
    }
    for app in (a for a in document.root.iter(T + "app") if id(a) not in numbers):
        lemma, reading = app.find(T + "lem"), app.find(T + "rdg")
        said = app.get("type", "")
        if said not in _SHOWN or lemma is None or reading is None or len(lemma) or len(reading):
            continue
        expected = classify(lemma.text or "", reading.text or "", look_alikes)
        if lemma.text != reading.text and expected != said:
            yield finding_at("E-APP-TYPE", f"type {said}, but the readings show {expected}", app)


_BREAKS = {"lacunaStart": True, "witEnd": True, "lacunaEnd": False, "witStart": False}


def witness_once(document: TeiDocument) -> Iterator[Finding]:
    """Check that lem and rdg of an entry name no witness twice (TC#TCAPEN)."""
    for app in document.root.iter(T + "app"):
        if app.get("type") not in ("variant", "transposition", "lacuna"):
            continue  # E-APP-WITNESS
        named: list[str] = []
        for reading in app:
            named += (reading.get("wit") or "").split()
        twice = sorted({w for w in named if named.count(w) > 1})
        if twice:
            yield finding_at("E-WIT-ONCE", f"{' '.join(twice)} reads twice", app)


def witness_lost(document: TeiDocument) -> Iterator[Finding]:
    """Check that no entry names a witness between its lacunaStart and lacunaEnd; a lacuna ends with its division."""
    for part in document.root.iterfind(f"{T}text/*/{T}div"):
        apps = list(part.iter(T + "app"))
        marks = [
            (wit, _BREAKS[etree.QName(mark).localname])
            for app in apps if app.get("type") == "lacuna"
            for rdg in app for mark in rdg for wit in (rdg.get("wit") or "").split()
        ]  # fmt: skip
        lost = {wit for wit, breaks in dict(reversed(marks)).items() if not breaks}
        for app in apps:
            for reading in app:
                wits = set((reading.get("wit") or "").split())
                if app.get("type") == "lacuna":
                    for mark in reading:
                        lost = lost | wits if _BREAKS[etree.QName(mark).localname] else lost - wits
                elif gone := sorted(wits & lost):
                    yield finding_at("E-WIT-LOST", f"{' '.join(gone)} is lost here", app)


def reading_classes(document: TeiDocument) -> Iterator[Finding]:
    """Check the classes that the letters of lem and rdg decide alone."""
    for app in document.root.iter(T + "app"):
        lemma = app.find(T + "lem")
        if app.get("type") != "variant" or lemma is None or len(lemma):
            continue
        ours = any(c.isalnum() for c in lemma.text or "")
        for reading in app.iterfind(T + "rdg"):
            theirs = any(c.isalnum() for c in "".join(str(piece) for piece in reading.itertext()))
            due = {(True, False): "omission", (False, True): "addition"}.get((ours, theirs), "")
            said = reading.get("type", "")
            if (due or said in ("omission", "addition")) and said != due:
                yield finding_at(
                    "E-RDG-CLASS",
                    f"type {said}, but the readings show {due or 'other words'}",
                    reading,
                )


def _look_alikes(root: etree._Element) -> dict[str, str]:
    """Return the signs of the witness that stand for a sign of the text, and that sign."""
    found = {}
    for char in root.iterfind(f"{T}teiHeader/{T}encodingDesc/{T}charDecl/{T}char"):
        signs = {m.get("type"): m.text or "" for m in char.iterfind(f"{T}mapping")}
        found[signs.get("witness", "")] = signs.get("text", "")
    return found


def block_numbers(document: TeiDocument) -> Iterator[Finding]:
    """Check the numbered blocks of a division: paragraphs, block quotations, lists."""
    blocks = {T + name for name in numbered_elements()}
    parts = (
        d
        for d in document.root.iter(T + "div")
        if (up := d.getparent()) is not None and up.tag != T + "div"
    )
    for part in parts:
        divisions = part.iter(*(T + name for name in holding_elements()))
        with_number = {id(b) for d in divisions for b in d if b.tag in blocks and b.get("n")}
        numbered = [b for b in part.iter(*blocks) if id(b) in with_number]
        yield from _numbered(numbered, "E-BLOCK-NUMBER", "block", part)


def verse_numbers(document: TeiDocument) -> Iterator[Finding]:
    """Check the numbered lines of verse of every division that is more than a section."""
    lines: dict[etree._Element, list[etree._Element]] = {}
    for line in document.root.iter(T + "l"):
        owner = line.getparent() if line.get("n") else None
        while owner is not None and (owner.tag != T + "div" or owner.get("type") == "section"):
            owner = owner.getparent()
        if owner is not None:
            lines.setdefault(owner, []).append(line)
    for division, numbered in lines.items():
        yield from _numbered(numbered, "E-LINE-NUMBER", "line", division)


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
    """Check that witness lines ascend in the running text, and in each note."""
    for flow in _flows(document.root).values():
        last = 0
        for lb in flow:
            witness = _witness_line(lb)
            if witness is None or lb.get("type") == "displaced":
                continue
            piece = lb.get(ID) is None  # a further piece may follow in the same line
            if witness < last or (witness == last and not piece):
                yield finding_at(
                    "E-LB-ORDER",
                    f"witness line {witness} after {last}, not marked as displaced",
                    lb,
                )
            last = max(last, witness)


def _flows(root: etree._Element) -> dict[etree._Element, list[etree._Element]]:
    """Group line beginnings by the note that contains them, or the text.

    Those in fw and lem are excluded: forme work may be anywhere, and a lemma is not witness text.
    """
    flows: dict[etree._Element, list[etree._Element]] = {}
    for text in root.iterfind(T + "text"):
        stack = [text]
        closing: list[etree._Element] = []
        for event, element in etree.iterwalk(text, events=("start", "end"), tag=_FLOW_TAGS):
            if event == "end":
                if closing and closing[-1] is element:
                    closing.pop()
                    stack.pop()
            elif element.tag == T + "lb":
                flows.setdefault(stack[-1], []).append(element)
            elif element.tag != T + "note" or element.get("type") == "authorial":
                closing.append(element)
                stack.append(element)
    return {owner: lbs for owner, lbs in flows.items() if owner.tag in (T + "text", T + "note")}


_FLOW_TAGS = (T + "lb", T + "note", T + "fw", T + "lem")


def _witness_line(lb: etree._Element) -> int | None:
    """Return the number of the witness line that begins or continues at ``lb``."""
    name = lb.get(ID) or lb.get("corresp", "").removeprefix("#")
    return int(name[1:]) if re.fullmatch(r"o\d+", name) else None


def page_lines(document: TeiDocument) -> Iterator[Finding]:
    """Check that line numbers are unique on a page; a note's lines belong to its page."""
    seen: set[tuple[str, str]] = set()
    page, before = "", ""  # ``before``: the page to return to after a note that continues overleaf
    tags = (T + "lb", T + "pb", T + "note")
    for text in document.root.iterfind(T + "text"):
        for event, element in etree.iterwalk(text, events=("start", "end"), tag=tags):
            if element.tag == T + "note":
                if element.get("type") == "authorial":
                    page, before = (page, page) if event == "start" else (before, before)
            elif event == "end":
                continue
            elif element.tag == T + "pb":
                page = _page(document, element)
            elif number := element.get("n"):
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
    breaks = [
        (pb, number) for pb in document.root.iter(T + "pb") if (number := pb.get("n")) is not None
    ]
    values = [page_value(number) for _, number in breaks]
    free = any(r.get("n") == UNORDERED for r in document.root.iter(T + "refsDecl"))
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
    if any(c.get("method") == "silent" for c in document.root.iter(T + "correction")):
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
    """Return the words of forme work as the original has them, without those of the witness."""

    def text(element: etree._Element) -> str:
        if element.tag in (T + "rdg", T + "corr"):
            return element.tail or ""
        return "".join([element.text or "", *map(text, element), element.tail or ""])

    return re.findall(r"\w+", "".join([fw.text or "", *map(text, fw)]))


def tag_counts(document: TeiDocument) -> Iterator[Finding]:
    """Compare element counts with the header's, to detect losses and duplicates (HD#HD57)."""
    declared = document.root.find(f"{T}teiHeader/{T}encodingDesc/{T}tagsDecl")
    text = document.root.find(f"{T}text")
    if declared is None or text is None:
        return
    counted = Counter(etree.QName(e).localname for e in text.iterdescendants(f"{T}*"))
    said = {u.get("gi", ""): int(u.get("occurs", "0")) for u in declared.iter(f"{T}tagUsage")}
    for gi in sorted(counted.keys() | said.keys()):
        if counted[gi] != said.get(gi, 0):
            yield finding_at(
                "E-TAG-COUNT",
                f"{counted[gi]} {gi} in the text, {said.get(gi, 0)} in tagsDecl",
                declared,
            )


def _checksum(document: TeiDocument, expected: str | None) -> Iterator[Finding]:
    """Check that the header gives the checksum of the witness file (the witness other than T)."""
    listed = document.root.find(f"{T}teiHeader/{T}fileDesc/{T}sourceDesc/{T}listWit")
    witnesses = (
        [] if listed is None else [w for w in listed.iter(T + "witness") if w.get(ID) != "T"]
    )
    if not witnesses:
        return  # E-HEAD-WITNESS reports this
    witness = witnesses[0]
    recorded = next(
        (i.text or "" for i in witness.iter(T + "idno") if i.get("type") == "sha256"), None
    )
    if recorded is None:
        yield finding_at(
            "E-CHECKSUM", f"witness {witness.get(ID)} has no idno of type sha256", witness
        )
    elif expected is not None and recorded != expected:
        yield finding_at(
            "E-CHECKSUM",
            f"witness {witness.get(ID)} has {recorded}, the file has {expected}",
            witness,
        )


RULES: tuple[Callable[[TeiDocument], Iterator[Finding]], ...] = (
    pointers,
    note_pairs,
    quote_pairs,
    app_types,
    witness_once,
    witness_lost,
    reading_classes,
    block_numbers,
    verse_numbers,
    line_order,
    page_lines,
    page_order,
    attested_pages,
    tag_counts,
    lambda document: language_rules.languages(document.root),
    lambda document: language_rules.scripts(document.root),
)
