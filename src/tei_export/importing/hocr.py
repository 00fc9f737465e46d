"""Read hOCR 1.2 (http://kba.github.io/hocr-spec/1.2/): Tesseract, OCRopus, Internet Archive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.importing.safe_xml import (
    MAX_DEPTH,
    confidence,
    import_error,
    line_of_element,
    words,
)
from tei_export.importing.scanned_pages import (
    PARAGRAPH,
    ScanBlock,
    ScanLine,
    ScanPage,
    ScanSource,
    ScanWord,
    kind_of,
)

if TYPE_CHECKING:
    from tei_export.importing.scanned_pages import Box

_LINES = {
    "ocr_line",
    "ocrx_line",
    "ocr_header",
    "ocr_footer",
    "ocr_caption",
    "ocr_textfloat",
    "ocr_pageno",
}
_BLOCKS = ("ocr_par", "ocr_carea", "ocr_column", "ocrx_block", "ocr_xycut")
_BBOX = re.compile(r"\bbbox\s+(-?\d{1,9})\s+(-?\d{1,9})\s+(-?\d{1,9})\s+(-?\d{1,9})\b")
_CONFIDENCE = re.compile(r"\bx_wconf\s+(\d+(?:\.\d+)?)")
_IMAGE = re.compile(r"\bimage\s+(?:\"([^\"]*)\"|'([^']*)'|([^;\s]+))")
_NUMBER = re.compile(r"\bppageno\s+(\d{1,9})\b")


def read(text: str, file: str) -> list[ScanPage]:
    """Return the pages of an hOCR file, which is HTML or XHTML.

    :raises EditionError: the file has no ``ocr_page``
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text.encode("utf-8"), parser)
    if root is None:
        raise import_error("import-xml", file, 1, "the file has no elements")
    for element in root.iter():
        if sum(1 for _ in element.iterancestors()) > MAX_DEPTH:
            raise import_error(
                "import-size",
                file,
                line_of_element(element),
                f"elements are nested deeper than {MAX_DEPTH}",
            )
    pages = [e for e in root.iter() if "ocr_page" in _classes(e)]
    if not pages:
        raise import_error(
            "import-format", file, 1, "the HTML has no element of class ocr_page: it is no hOCR"
        )
    found = [_page(page, file) for page in pages]
    said = _source(root)
    for page in found:
        page.source = said
    return found


def _source(root: etree._Element) -> ScanSource:
    """Return what the head says. The language of the HTML itself is not that of the page: Tesseract
    always writes English."""
    meta = {e.get("name") or "": e.get("content") or "" for e in root.iter("meta")}
    languages = [
        element.get(name) or ""
        for element in root.iter()
        if any(one.startswith("ocr") for one in _classes(element))
        for name in ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")
    ]
    return ScanSource(
        True,
        " ".join(meta.get("ocr-system", "").split()),
        "",
        tuple(dict.fromkeys(filter(None, [*meta.get("ocr-langs", "").split(), *languages]))),
    )


def _classes(element: etree._Element) -> set[str]:
    return set((element.get("class") or "").split())


def _page(page: etree._Element, file: str) -> ScanPage:
    title = page.get("title") or ""
    image, number = _IMAGE.search(title), _NUMBER.search(title)
    result = ScanPage(file, image=next((g for g in image.groups() if g), "") if image else "")
    result.number = int(number[1]) + 1 if number else 0  # hOCR counts from 0
    last: etree._Element | None = None
    for element in page.iter():
        if not _classes(element) & _LINES:
            continue
        holder, kind = _holder(element, page)
        if not result.blocks or holder is not last or result.blocks[-1].kind != kind:
            result.blocks.append(ScanBlock(kind))
        last = holder
        result.blocks[-1].lines.append(_line(element))
    return result


def _holder(line: etree._Element, page: etree._Element) -> tuple[etree._Element, str]:
    """Return the block of a line, and its kind from the line's class or the enclosing elements."""
    labels = [c.removeprefix("ocr_") for c in _classes(line) & _LINES]
    holder: etree._Element | None = None
    for above in line.iterancestors():
        if above is page:
            break
        labels += [c.removeprefix("ocr_") for c in _classes(above)]
        if holder is None and _classes(above) & set(_BLOCKS):
            holder = above
    kind = next((kind_of(label) for label in labels if kind_of(label) != PARAGRAPH), PARAGRAPH)
    return page if holder is None else holder, kind


def _line(element: etree._Element) -> ScanLine:
    word_elements = [e for e in element.iter() if _classes(e) & {"ocrx_word", "ocr_word"}]
    words = []
    for word in word_elements:
        title = word.get("title") or ""
        sure = _CONFIDENCE.search(title)
        words.append(ScanWord(_text(word), confidence(sure[1], 100) if sure else None, _box(title)))
    text = " ".join(w.text for w in words if w.text) if words else _text(element)
    return ScanLine(
        text,
        element.get("id") or "",
        words,
        _box(element.get("title") or ""),
        place=line_of_element(element),
    )


def _text(element: etree._Element) -> str:
    return " ".join(words(element).split())


def _box(title: str) -> Box | None:
    match = _BBOX.search(title)
    if not match:
        return None
    left, top, right, bottom = map(int, match.groups())
    return left, top, right - left, bottom - top
