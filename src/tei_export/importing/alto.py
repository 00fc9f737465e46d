"""Read ALTO 2 to 4 (https://www.loc.gov/standards/alto/), in any namespace or none.

The reading order is ``ReadingOrder`` (4.3), otherwise ``IDNEXT``, otherwise document order; margins
surround the print space. ``HYP`` is read as one hyphen, whatever its content; ``SUBS_CONTENT`` (the
whole word, given at both halves) is never text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.importing.reading_order import arrange, grouped
from tei_export.importing.safe_xml import (
    attribute_values,
    children,
    confidence,
    descendants,
    line_of_element,
    local_name,
    whole_number,
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
    from lxml import etree

    from tei_export.importing.scanned_pages import Box

#: In reading order; the schema puts the print space last.
_AREAS = {
    "TopMargin": "header",
    "PrintSpace": "",
    "LeftMargin": "marginalia",
    "RightMargin": "marginalia",
    "BottomMargin": "footer",
}
HYPHENS = "-\u00ad\u2010\u2011⸗¬"


def read(root: etree._Element, file: str) -> list[ScanPage]:
    """Return the pages of an ALTO file.

    :param root: its root element
    :param file: its name for reports
    """
    labels = {
        tag.get("ID", ""): tag.get("LABEL") or tag.get("TYPE") or ""
        for tags in descendants(root, "Tags")
        for tag in tags
    }
    image = "".join(t.text or "" for t in descendants(root, "fileName")[:1]).strip()
    orders = descendants(root, "ReadingOrder")
    order = grouped(orders[0], "REF") if orders else []
    pages = [_page(page, file, image, labels, order) for page in descendants(root, "Page")]
    said = _source(root)
    for page in pages:
        page.source = said
    return pages


def _source(root: etree._Element) -> ScanSource:
    """Return what the description says of the step that read the images (ALTO 4: ``Processing``)."""
    steps = descendants(root, "ocrProcessingStep") or [
        step
        for step in descendants(root, "Processing")
        if _said(step, "processingCategory") in {"", "contentGeneration"}
    ]
    programs = [_program(step) for step in steps]
    dates = [date for step in steps if (date := _said(step, "processingDateTime"))]
    return ScanSource(
        bool(descendants(root, "OCRProcessing", "ocrProcessingStep") or any(programs)),
        ", ".join(dict.fromkeys(program for program in programs if program)),
        max(dates, default=""),
        attribute_values(
            descendants(root, "Page", "TextBlock", "TextLine", "String"),
            ("LANG", "language", "lang"),
        ),
    )


def _program(step: etree._Element) -> str:
    """Return the name of a program with its version, once."""
    name, version = _said(step, "softwareName"), _said(step, "softwareVersion")
    return name if version in name else f"{name} {version}".strip()


def _said(step: etree._Element, name: str) -> str:
    return " ".join(" ".join(words(e) for e in descendants(step, name)[:1]).split())


def _page(
    page: etree._Element, file: str, image: str, labels: dict[str, str], order: list[str]
) -> ScanPage:
    result = ScanPage(file, image=image, number=whole_number(page.get("PHYSICAL_IMG_NR")) or 0)
    areas = sorted(children(page, *_AREAS), key=lambda a: list(_AREAS).index(local_name(a)))
    blocks: list[tuple[etree._Element, str]] = []
    for area in areas or [page]:
        kind = _AREAS.get(local_name(area), "")
        inside = descendants(area, "TextBlock")
        here = arrange(inside, _next(inside) if not order else [], lambda b: b.get("ID", ""))
        blocks += [(block, kind) for block in here]
    ordered = arrange(blocks, order, lambda pair: pair[0].get("ID", ""))
    for block, kind in ordered:
        lines = [_line(line) for line in children(block, "TextLine")]
        result.blocks.append(ScanBlock(_kind(block, labels) or kind or PARAGRAPH, lines))
    result.tell_empty_lines()
    return result


def _next(blocks: list[etree._Element]) -> list[str]:
    """Return the order of ``IDNEXT``: every chain of blocks from its first block."""
    following = {b.get("ID", ""): b.get("IDNEXT") or "" for b in blocks if b.get("IDNEXT")}
    order: list[str] = []
    heads = [b.get("ID", "") for b in blocks if b.get("ID", "") not in following.values()]
    for head in heads:
        while head and head not in order:
            order.append(head)
            head = following.get(head, "")
    return order if following else []


def _kind(block: etree._Element, labels: dict[str, str]) -> str:
    """Return a block's kind by its tags or type, or by those of the enclosing composed block."""
    for element in (block, *block.iterancestors()):
        if local_name(element) not in {"TextBlock", "ComposedBlock"}:
            break
        said = [labels.get(ref, "") for ref in (element.get("TAGREFS") or "").split()]
        for label in (*said, element.get("TYPE") or ""):
            if label and kind_of(label) != PARAGRAPH:
                return kind_of(label)
    return ""


def _line(line: etree._Element) -> ScanLine:
    pieces: list[str] = []
    words: list[ScanWord] = []
    divided = False
    spaced = bool(children(line, "SP"))
    for child in children(line, "String", "SP", "HYP"):
        name = local_name(child)
        if name == "SP":
            pieces.append(" ")
        elif name == "HYP":
            divided = True
            if not "".join(pieces).rstrip().endswith(tuple(HYPHENS)):
                # a visible hyphen; no content, or U+00AD, means the same
                pieces = ["".join(pieces).rstrip(), child.get("CONTENT") or "-"]
        else:
            if pieces and not spaced:
                pieces.append(" ")
            content = child.get("CONTENT") or ""
            pieces.append(content)
            words.append(ScanWord(content, confidence(child.get("WC")), _box(child)))
            divided = child.get("SUBS_TYPE") == "HypPart1"
    return ScanLine(
        "".join(pieces), line.get("ID", ""), words, _box(line), divided, line_of_element(line)
    )


def _box(element: etree._Element) -> Box | None:
    values = [whole_number(element.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
    return None if None in values else tuple(values)  # type: ignore[return-value]
