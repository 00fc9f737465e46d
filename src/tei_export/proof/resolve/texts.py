"""Read the lines of a text from its web pages, TEI and EPUB."""

from __future__ import annotations

import posixpath
import zipfile
from typing import TYPE_CHECKING

from lxml import etree, html

from tei_export.model.blocks import block_elements, line_elements
from tei_export.model.places import Place
from tei_export.model.vocabulary import BY_NAME, Reads
from tei_export.proof.resolve.lines import TextByLine, place_of
from tei_export.schema import safe_xml
from tei_export.source.nodes import GAP_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tei_export.model.edition import Text

_TEI = "{http://www.tei-c.org/ns/1.0}"
_OPF = "{http://www.idpf.org/2007/opf}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
#: XHTML elements whose end also ends the line.
_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "div", "section", "tr"}
_TEI_BLOCKS = {"p", "head", "item", "row"}
#: TEI elements that contain remarks instead of the edited text.
_REMARKS = {"fw", "label", "desc", "figDesc"}


def edited(element: etree._Element) -> Reads:
    """Return the layer of the edited text at a TEI element, by the rows of the program and the edition.

    It omits the other reading of a layer and excluded phrases, and has a sign for a loss.
    """
    name = etree.QName(element).localname
    above = element.getparent()
    parent = etree.QName(above).localname if above is not None else ""
    for row in BY_NAME.values():
        reads = row.read_by("E")
        if row.tei_parts[1] and row.tei == parent:
            if name == row.tei_parts[reads is not Reads.SOURCE]:
                return Reads.NOTHING
        elif (
            reads in (Reads.NOTHING, Reads.SIGN)
            and row.tei == name
            and all(element.get(key) == value for key, value in row.tei_attrs.items())
        ):
            return reads
    return Reads.CONTENT


# --- HTML and EPUB -------------------------------------------------------------------------


def of_html(folder: Path, text: Text, shown: str) -> TextByLine:
    """Return the lines of a text's web pages, without elements that are ``hidden`` there.

    :param folder: the folder of the site
    :param text: the text
    :param shown: the folder's name in addresses
    :raises OSError, etree.LxmlError: a page cannot be read
    """
    lines = TextByLine()
    for part in text.parts:
        name = f"{part.doc}.html"
        page = html.document_fromstring(
            (folder / name).read_bytes(), parser=html.HTMLParser(encoding="utf-8")
        )
        for main in page.iter("main"):
            _xhtml(main, f"{shown}/{name}", lines, _not_shown)
    return lines


def _not_shown(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool({"nr", "label"} & _classes(element))


def of_epub(books: Iterable[tuple[Path, str]], text: Text) -> TextByLine:
    """Return the lines of a text's documents in an EPUB, in spine order.

    :param books: the EPUB files of all volumes, in order, and their names in addresses
    :param text: the text
    :raises OSError, zipfile.BadZipFile, KeyError, etree.LxmlError: the book cannot be read
    """
    lines = TextByLine()
    for file, shown in books:
        _epub(file, shown, text, lines)
    return lines


def _epub(file: Path, shown: str, text: Text, lines: TextByLine) -> None:
    """Collect the lines of a text in one file."""
    with zipfile.ZipFile(file) as archive:
        package = next(name for name in archive.namelist() if name.endswith(".opf"))
        root = _parsed(archive.read(package))
        items = {item.get("id"): str(item.get("href")) for item in root.iter(f"{_OPF}item")}
        spine = [items[str(ref.get("idref"))] for ref in root.iter(f"{_OPF}itemref")]
        for part in text.parts:
            for href in (h for h in spine if h.endswith(f"text/{part.doc}.xhtml")):
                name = posixpath.join(posixpath.dirname(package), href)
                _xhtml(_parsed(archive.read(name)), f"{shown}!/{name}", lines, _of_the_editors)


def _of_the_editors(element: etree._Element) -> bool:
    return bool({"nr", "head", "key", "editors"} & _classes(element))


def _classes(element: etree._Element) -> set[str]:
    return set((element.get("class") or "").split())


def _xhtml(
    element: etree._Element,
    file: str,
    lines: TextByLine,
    passed_over: Callable[[etree._Element], bool],
) -> None:
    """Collect lines from XHTML: an element whose id is a place begins a line or page."""
    if not isinstance(element.tag, str) or passed_over(element):
        return
    anchor = element.get("id") or ""
    place = place_of(anchor)
    if place is not None:
        lines.begin(place, f"{file}#{anchor}")
    if (
        etree.QName(element).localname == "math"
    ):  # a formula: its words are not those that are shown
        lines.add(element.get("alttext") or "")
        return
    lines.add(element.text or "")
    for child in element:
        _xhtml(child, file, lines, passed_over)
        lines.add(child.tail or "")
    if etree.QName(element).localname in _BLOCKS:
        lines.end()


def _parsed(data: bytes) -> etree._Element:
    return safe_xml.fromstring(data, huge=True)


# --- TEI ---------------------------------------------------------------------------------------


def of_tei(file: Path, shown: str) -> TextByLine:
    """Return the lines of the edited text: ``lem`` and ``corr``, without page numbers.

    A note has lines of its own, within the line of its reference.

    :param file: the TEI file of a text
    :param shown: the file's name in addresses
    :raises OSError, etree.LxmlError: the file cannot be read
    """
    lines = TextByLine()
    root = _parsed(file.read_bytes())
    pages = {
        str(turn.get(_ID)): str(turn.get("n")) for turn in root.iter(f"{_TEI}pb") if turn.get("n")
    }
    for text in root.iter(f"{_TEI}text"):
        _TeiReader(lines, shown, pages).read(text)
    return lines


def _begins_in_line(node: etree._Element, name: str) -> bool:
    """Return whether a line of verse continues the line before it."""
    return name == "l" and not (len(node) and node[0].tag == f"{_TEI}lb" and not node.text)


def _is_phrase(node: etree._Element, name: str) -> bool:
    """Return whether an element that may be a block (``stage``, ``add``) is words of one: blocks have numbers."""
    return name in {row.tei for row in BY_NAME.values()} and not node.get("n")


def _is_term(node: etree._Element, name: str) -> bool:
    """Return whether ``node`` is a term of a glossary, and no number of a note."""
    above = node.getparent()
    return name == "label" and above is not None and above.tag == f"{_TEI}list"


class _TeiReader:
    """Collects lines from TEI. ``pages`` maps the id of a page break to its page."""

    def __init__(self, lines: TextByLine, file: str, pages: dict[str, str]) -> None:
        self.found = lines
        self.file = file
        self.pages = pages
        self.page = ""

    def read(self, node: etree._Element) -> None:
        self.found.add(node.text or "")
        for child in node:
            if isinstance(child.tag, str):
                self._child(child, etree.QName(child).localname)
            self.found.add(child.tail or "")

    def _child(self, node: etree._Element, name: str) -> None:
        if name == "lb":
            self._line(node)
        elif name == "pb":
            self._page(node)
        elif (reads := edited(node)) is Reads.SIGN:
            self.found.add(GAP_TEXT)
        elif name == "note" and node.get("type") != "annotation":
            self._note(node)
        elif (
            (name not in _REMARKS or _is_term(node, name))
            and reads is Reads.CONTENT
            and not (name == "ref" and node.get("type") == "noteAnchor")
        ):
            block = (
                _is_term(node, name)
                or (name == "bibl" and node.get("n"))
                or (
                    name in _TEI_BLOCKS | line_elements() | block_elements()
                    and not _is_phrase(node, name)
                )
            )
            before = node.getprevious()
            spoken = before is not None and str(before.tag).endswith("}speaker")
            if block and not spoken and not _begins_in_line(node, name):
                self.found.end()
            self.read(node)
            if block:
                self.found.end()

    def _line(self, node: etree._Element) -> None:
        number = node.get("n")
        if number:
            own = node.get(_ID)
            place = Place(self.page, int(number))
            self.found.begin(place, f"{self.file}#{own}" if own else f"{self.file}, line {place}")

    def _page(self, node: etree._Element) -> None:
        if node.get("n"):
            self.page = str(node.get("n"))
            self.found.begin(Place(self.page), f"{self.file}#{node.get(_ID)}")
        else:
            self.page = self.pages.get((node.get("corresp") or "#")[1:], self.page)

    def _note(self, node: etree._Element) -> None:
        """Read a note inside a line of the text; the line continues after it."""
        if node.get("type") != "authorial":
            return
        outer, self.found.now = (self.found.now, self.page), None
        self.read(node)
        self.found.end()
        self.found.now, self.page = outer
