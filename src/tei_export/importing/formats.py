"""Detect a file's format by its root element, in any namespace, never by its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.importing import alto, hocr, page_xml, plain, safe_xml
from tei_export.importing.safe_xml import import_error, line_of_element

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tei_export.importing.scanned_pages import ScanPage

_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE\s+html\b[^>\[]*>\s*)?<(?:\w+:)?html[\s>]",
    re.I | re.S,
)
_MARKUP = re.compile(r"\A\s*<[?!A-Za-z_]")
ALTO, PAGE, HOCR, TEXT, TEI = "ALTO", "PAGE", "hOCR", "text", "TEI"
_ROOTS = {"alto": ALTO, "PcGts": PAGE, "TEI": TEI, "teiCorpus": TEI}


def read(path: Path, name: str) -> tuple[str, list[ScanPage] | etree._Element]:
    """Return the format of a file and its pages (for TEI: its root element).

    :param name: the file's name for reports
    :raises EditionError: ``import-…``: the file cannot be read, is hostile, or has an unknown
        format
    """
    text = safe_xml.read_text_file(path, name)
    if not _MARKUP.match(text):
        return TEXT, plain.read(text, name)
    if _HTML.match(text):
        return HOCR, hocr.read(text, name)
    root = safe_xml.parse(text, name)
    kind = _ROOTS.get(safe_xml.local_name(root), "")
    if kind == ALTO:
        return ALTO, _pages(alto.read(root, name), name)
    if kind == PAGE:
        return PAGE, _pages(page_xml.read(root, name), name)
    if kind == TEI:
        return TEI, root
    raise import_error(
        "import-format", name, line_of_element(root), f"the root element is <{root.tag}>"
    )


def _pages(pages: list[ScanPage], name: str) -> list[ScanPage]:
    if not pages:
        raise import_error("import-format", name, 1, "the file has no element Page")
    return pages


def read_all(paths: Sequence[Path]) -> tuple[str, list[ScanPage], list[etree._Element]]:
    """Read several files of one format: their pages in order, or the roots of TEI files."""
    kind = ""
    pages: list[ScanPage] = []
    roots: list[etree._Element] = []
    for path in paths:
        found, content = read(path, str(path))
        if kind and found != kind:
            raise import_error("import-format", str(path), 1, f"a {found} file among {kind} files")
        kind = found
        if isinstance(content, list):
            pages += content
        else:
            roots.append(content)
    return kind, pages, roots
