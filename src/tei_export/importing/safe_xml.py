"""Read files from outside, which are hostile until checked.

No entity is expanded, nothing is fetched, size and depth are bounded (OWASP, *XML External Entity
Prevention*). This module determines the encoding, never the parser.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from tei_export.model.problems import EditionError, Problem
from tei_export.model.safe_read import CONTROL
from tei_export.schema.safe_xml import parser

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Maximum size of a file in bytes. A page has some hundred kilobytes, the hOCR of a book some ten
#: megabytes.
MAX_BYTES = 60_000_000
#: Maximum depth of elements; the formats need about ten levels, a deep TEI about thirty.
MAX_DEPTH = 120
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE([^>\[]*)(\[?)", re.IGNORECASE)
_BINARY = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a ZIP archive"), (b"\x89PNG", "a PNG image"),
           (b"\xff\xd8\xff", "a JPEG image"), (b"II*\0", "a TIFF image"), (b"MM\0*", "a TIFF image"),
           (b"\x1f\x8b", "a gzip file"))  # fmt: skip


def import_error(code: str, file: str, line: int, detail: str) -> EditionError:
    """Return the error with one problem of an imported file."""
    return EditionError(Problem(code, file, line, detail))


def read_text_file(path: Path, name: str) -> str:
    """Return the text of a file, without byte order mark and XML declaration.

    :raises EditionError: ``file-missing``, ``import-size``, ``import-format`` (not a text),
        ``import-encoding``, ``import-letter``
    """
    try:
        if not path.is_file():
            raise import_error("import-missing", name, 0, "no such file")
        if path.stat().st_size > MAX_BYTES:
            raise import_error(
                "import-size", name, 0, f"{path.stat().st_size} bytes; at most {MAX_BYTES}"
            )
        data = path.read_bytes()
    except OSError as error:
        raise import_error("import-missing", name, 0, error.strerror or str(error)) from None
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise import_error("import-format", name, 0, f"the file is {what}")
    text = _decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    # A form feed ends a page in plain text. XML forbids it, and the parser reports it.
    bad = next((m for m in CONTROL.finditer(text) if m[0] != "\f"), None)
    if bad:
        raise import_error(
            "import-letter", name, text.count("\n", 0, bad.start()) + 1, f"U+{ord(bad[0]):04X}"
        )
    return text


def _decode(data: bytes, name: str) -> str:
    bom = next(((mark, codec) for mark, codec in _BOMS if data.startswith(mark)), None)
    if bom:
        encoding, data = bom[1], data[len(bom[0]) :]
    elif b"\0" in data[:4]:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    else:
        declared = _DECLARED.match(data.lstrip()[:200])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        codec_info = codecs.lookup(encoding)
        if not codec_info._is_text_encoding or codec_info.name in {
            "idna",
            "punycode",
            "unicode_escape",
            "raw_unicode_escape",
        }:
            raise LookupError(encoding)
        return data.decode(codec_info.name)
    except LookupError:
        raise import_error(
            "import-encoding", name, 1, f"no encoding is called {encoding}"
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        detail = f"byte 0x{data[error.start]:02x} is not {encoding}"
        raise import_error("import-encoding", name, line, detail) from None


def parse(text: str, name: str) -> etree._Element:
    """Return the root element of the XML ``text``.

    :raises EditionError: ``import-hostile`` (entities, an internal document type, XInclude),
        ``import-size`` (too deep), ``import-xml`` (not well-formed)
    """
    _refuse_declarations(text, name)
    # Keep the line numbers; remove the document type, which lxml would read and nothing needs.
    body = _DOCTYPE.sub(lambda m: m[0], _DECLARATION.sub(lambda m: "\n" * m[0].count("\n"), text))
    try:
        root = etree.fromstring(body.encode("utf-8"), parser(comments=False, instructions=False))
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        said = str(error.msg or error)
        code = "import-size" if "depth" in said.lower() or "huge" in said.lower() else "import-xml"
        raise import_error(code, name, line, said) from None
    _bounds(root, name)
    return root


def _refuse_declarations(text: str, name: str) -> None:
    declaration = re.search(r"<!(ENTITY|ELEMENT|ATTLIST|NOTATION)", text)
    doctype = _DOCTYPE.search(text)
    if doctype and doctype[2] and not declaration:
        declaration = doctype
    if declaration and not _in_cdata(text, declaration.start()):
        line = text.count("\n", 0, declaration.start()) + 1
        raise import_error(
            "import-hostile",
            name,
            line,
            "the file declares a document type of its own (DTD, entities)",
        )


def _in_cdata(text: str, at: int) -> bool:
    before = text[:at]
    return any(
        before.rfind(a) > before.rfind(z) for a, z in (("<![CDATA[", "]]>"), ("<!--", "-->"))
    )


def _bounds(root: etree._Element, name: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise import_error(
                "import-size",
                name,
                line_of_element(element),
                f"elements are nested deeper than {MAX_DEPTH}",
            )
        if (
            event == "start"
            and isinstance(element.tag, str)
            and etree.QName(element).namespace == _XINCLUDE
        ):
            raise import_error(
                "import-hostile",
                name,
                line_of_element(element),
                f"<{local_name(element)}> would read another file",
            )


def line_of_element(element: etree._Element) -> int:
    """Return the line of the file in which an element begins."""
    line: Any = element.sourceline
    return int(line or 0)


def words(element: etree._Element) -> str:
    """Return all text inside an element."""
    return "".join(str(piece) for piece in element.itertext())


def local_name(element: etree._Element | None) -> str:
    """Return the name of an element without its namespace."""
    if element is None:
        return ""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Return the children of ``element`` with these local names, in any namespace."""
    return [child for child in element if local_name(child) in names]


def descendants(element: etree._Element, *names: str) -> list[etree._Element]:
    """Return all descendants of ``element`` with these local names, in document order."""
    return [found for found in element.iterdescendants() if local_name(found) in names]


def attribute_values(elements: Iterable[etree._Element], names: Iterable[str]) -> tuple[str, ...]:
    """Return the different values of some attributes, in the order of the elements."""
    names = tuple(names)
    values = (element.get(name) for element in elements for name in names)
    return tuple(dict.fromkeys(value for value in values if value))


def whole_number(value: str | None) -> int | None:
    """Parse a whole number; return None for anything else."""
    try:
        return round(float(value)) if value else None
    except (ValueError, OverflowError):
        return None


def confidence(value: str | None, most: float = 1.0) -> float | None:
    """Scale a confidence of at most ``most`` to 0…1; return None if it is not a number."""
    try:
        fraction = float(value) / most if value else None
    except ValueError:
        return None
    return fraction if fraction is not None and 0 <= fraction <= 1 else None
