"""Read the TEI folder of an edition without any code of the exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tei_text import ID, TEI

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
POINTERS = ("resp", "who", "wit", "ref", "target", "corresp", "source", "where", "scheme")


def names(folder: Path) -> set[str]:
    """Return the names of the files below ``folder``."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def ids(root: etree._Element) -> list[str]:
    return [i for e in root.iter() if isinstance(e.tag, str) and (i := e.get(ID))]


def dangling(root: etree._Element) -> Iterator[str]:
    """Return the local pointers without a target."""
    known = set(ids(root))
    for node in root.iter(f"{TEI}*"):
        for name in POINTERS:
            for pointer in (node.get(name) or "").split():
                if pointer.startswith("#") and pointer[1:] not in known:
                    yield f"{etree.QName(node).localname}/@{name}={pointer}"


def bare(root: etree._Element) -> etree._Element:
    """Return a copy without namespaces, because the paths of ``citeStructure`` have no prefixes."""
    found = etree.fromstring(etree.tostring(root))
    for node in found.iter():
        if isinstance(node.tag, str):
            node.tag = etree.QName(node).localname
    return found


def cited(root: etree._Element, tree: str) -> dict[str, etree._Element]:
    """Return the elements that the citation tree ``tree`` of a header reaches: citation → element.

    :raises AssertionError: two passages have the same citation.
    """
    document = bare(root)
    declaration = next(d for d in document.iter("refsDecl") if d.get("n") == tree)
    found: dict[str, etree._Element] = {}
    for structure in declaration.iterchildren("citeStructure"):
        _reached(document, structure, "", found)
    return found


def _reached(
    base: etree._Element, structure: etree._Element, before: str, found: dict[str, etree._Element]
) -> None:
    match, use = structure.get("match", ""), structure.get("use", "")
    use = use.replace(" ! ", "/")  # XPath 1 has no other sign for it
    for unit in base.xpath(match):
        (key,) = unit.xpath(use)
        citation = f"{before}{structure.get('delim', '')}{key}"
        assert citation not in found, citation
        found[citation] = unit
        for inner in structure.iterchildren("citeStructure"):
            _reached(unit, inner, citation, found)


def solid(nodes: list[etree._Element]) -> str:
    """Return all text of the elements, without white space."""
    return "".join("".join("".join(node.itertext()).split()) for node in nodes)


def divisions(root: etree._Element) -> list[etree._Element]:
    """Return the parts of a text, without the editors' notes."""
    found = root.iterfind(f"{TEI}text/*/{TEI}div")
    return [d for d in found if d.get("type") != "editorialNotes"]
