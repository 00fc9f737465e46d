"""Rules of pointers: the targets of every ``#id``, and pairs that point at each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.vocabulary import BY_NAME, ROLE_TABLE
from tei_export.schema.finding import Finding, finding_at
from tei_export.schema.tei_document import ID, T, TeiDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES: dict[str, str] = {
    "E-POINTER": "a pointer #id leads to an element of the document",
    "E-POINTER-KIND": "a pointer leads to an element of the right kind",
    "E-NOTE-PAIR": "a note and its mark point at each other",
    "E-QUOTE-PAIR": "a quotation and the author's translation stand side by side and point at each other",
}


_WORK = frozenset({"biblStruct", "bibl"})
#: The possible evidence for a reading: a work, or a place in the text itself.
_EVIDENCE = _WORK | {"pb", "lb", "p", "cit", "quote", "note", "div"}
#: The entries that may stand in a relation.
_ENTRY = _WORK | {"person", "place", "org", "event"}
_RESPONSIBLE = frozenset({"author", "editor", "respStmt"})
_ANY: frozenset[str] = frozenset()
_NOWHERE = frozenset({"nothing"})
#: (element, attribute) → names of allowed targets; element "*": any other element
_KINDS: dict[tuple[str, str], frozenset[str]] = {
    ("*", "resp"): _RESPONSIBLE,
    ("*", "who"): _RESPONSIBLE,
    ("sp", "who"): frozenset({"role"}),
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
    ("div", "corresp"): frozenset({"div"}),
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
_RS = {"work": _WORK}
_TARGETS = {"noteAnchor": frozenset({"note"}), "authorial": frozenset({"ref"})}


#: The elements whose type decides where their pointers may lead.
_BY_TYPE = frozenset(T + name for name in ("rs", "note", "ref"))


def pointers(document: TeiDocument) -> Iterator[Finding]:
    """Check that every local pointer resolves to an element of the right kind."""
    right: set[tuple[str, str, str]] = set()  # thousands of elements say the same
    for element, attribute, value in document.pointers:
        said = (str(element.tag), attribute, value)
        if said in right:
            continue
        wrong = list(_wrong(document, element, attribute, value))
        yield from wrong
        if not wrong and said[0] not in _BY_TYPE:
            right.add(said)


def _wrong(
    document: TeiDocument, element: etree._Element, attribute: str, value: str
) -> Iterator[Finding]:
    """Yield what is wrong with the pointers of an attribute."""
    kinds = _kinds(element, attribute)
    if kinds is None:
        return
    for pointer in value.split():
        target = document.ids.get(pointer[1:])
        if pointer.startswith("#") and (target is None or (kinds and _local(target) not in kinds)):
            yield _finding(element, f"{attribute}={pointer}", target, kinds)


def _kinds(element: etree._Element, attribute: str) -> frozenset[str] | None:
    """Return the allowed targets of an attribute; None if it is not a pointer."""
    name = _local(element)
    if name == "rs" and attribute == "ref":
        kind = element.get("type", "")
        return _RS.get(kind, frozenset({kind}))
    if attribute == "target" and name in ("note", "ref"):
        kind = element.get("type", "")
        return _noted() if kind == "editorial" else _TARGETS.get(kind, _ANY)
    return _KINDS.get((name, attribute), _KINDS.get(("*", attribute)))


@ROLE_TABLE.made_once
def _noted() -> frozenset[str]:
    """Return the possible targets of an editors' note: a place, or an entry of the apparatus."""
    return frozenset({"anchor", *(row.tei for row in BY_NAME.values() if row.apparatus)})


def _local(element: etree._Element) -> str:
    return str(element.tag).removeprefix(T)


def _finding(
    element: etree._Element, shown: str, target: etree._Element | None, kinds: frozenset[str]
) -> Finding:
    if target is None:
        return finding_at("E-POINTER", f"{shown} leads nowhere", element)
    expected = " or ".join(sorted(kinds))
    return finding_at(
        "E-POINTER-KIND", f"{shown} leads to {_local(target)}, expected {expected}", element
    )


def note_pairs(document: TeiDocument) -> Iterator[Finding]:
    """Check that an author's note and its mark point at each other."""
    for name, kind in (("note", "authorial"), ("ref", "noteAnchor")):
        for element in document.all(name):
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
    for cit in document.all("cit"):
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
