"""Read PAGE XML 2013-07-15 to 2019-07-15, in any namespace.

Source: https://github.com/PRImA-Research-Lab/PAGE-XML. ``ReadingOrder`` is followed with its nested
groups; of several ``TextEquiv`` the one with the lowest index counts; text comes from the line,
otherwise from its words, otherwise from their glyphs.
"""

from __future__ import annotations

import re
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

_INDEX = re.compile(r"readingOrder\s*\{[^}]*?index\s*:\s*(\d{1,9})\b")
_TYPE = re.compile(r"structure\s*\{[^}]*?type\s*:\s*([\w-]+)")


def read(root: etree._Element, file: str) -> list[ScanPage]:
    """Return the pages of a PAGE file (exactly one, by the schema)."""
    pages = [_page(page, file) for page in children(root, "Page")]
    said = _source(root)
    for page in pages:
        page.source = said
    return pages


def _source(root: etree._Element) -> ScanSource:
    """Return what ``Metadata`` says; its creator may be a person or a program that read nothing."""
    said = {
        name: " ".join(words(element).split())
        for metadata in children(root, "Metadata")
        for name in ("Creator", "Created", "LastChange")
        for element in children(metadata, name)[:1]
    }
    steps = [
        item
        for item in descendants(root, "MetadataItem")
        if item.get("type") == "processingStep"
        and (item.get("name") or "").lower().startswith("recognition/text")
    ]
    return ScanSource(
        bool(steps),
        ", ".join(dict.fromkeys(item.get("value") or "" for item in steps)),
        max((item.get("date") or "" for item in steps), default=""),
        attribute_values(
            descendants(root, "Page", "TextRegion", "TextLine", "Word"),
            ("primaryLanguage", "secondaryLanguage", "language"),
        ),
        said.get("Creator", ""),
        said.get("Created", ""),
        said.get("LastChange", ""),
    )


def _page(page: etree._Element, file: str) -> ScanPage:
    result = ScanPage(file, image=page.get("imageFilename") or "")
    orders = children(page, "ReadingOrder")
    order = [name for group in orders for member in group for name in _with_own(member)]
    regions = descendants(page, "TextRegion")
    known = {region.get("id") for region in page.iterdescendants()}
    unknown = [name for name in order if name not in known]
    if unknown:
        result.said.append(f"the reading order names what is not there: {', '.join(unknown)}")
    left = [r.get("id") or "" for r in regions if order and r.get("id") not in order]
    if left:
        result.said.append(
            f"the reading order does not name {', '.join(left)}: placed as in the file"
        )
    if not order and len(regions) > 1:
        result.said.append("no reading order: regions as in the file")
    for region in arrange(regions, order, lambda r: r.get("id") or ""):
        result.blocks.append(ScanBlock(_kind(region), _lines(region)))
    result.tell_empty_lines()
    return result


def _with_own(member: etree._Element) -> list[str]:
    own = [member.get("regionRef", "")] if member.get("regionRef") else []
    return own + grouped(member, "regionRef")


def _kind(region: etree._Element) -> str:
    label = region.get("type") or ""
    if label in {"", "paragraph", "other"}:
        said = _TYPE.search(region.get("custom") or "")
        label = said[1] if said else label
    kind = kind_of(label)
    if kind == PARAGRAPH and any(
        local_name(above) == "TableRegion" for above in region.iterancestors()
    ):
        return "table"
    return kind


def _lines(region: etree._Element) -> list[ScanLine]:
    lines = children(region, "TextLine")
    places = [_INDEX.search(line.get("custom") or "") for line in lines]
    if all(places):
        pairs = sorted(zip(places, lines, strict=True), key=lambda pair: int(pair[0][1]))  # type: ignore[index]
        lines = [line for _, line in pairs]
    if lines:
        return [_line(line) for line in lines]
    text, _ = _text(region)
    return [
        ScanLine(found, place=line_of_element(region))
        for found in text.split("\n")
        if found.strip()
    ]


def _line(line: etree._Element) -> ScanLine:
    words = []
    for word in children(line, "Word"):
        text, confidence = _text(word)
        text = text or "".join(_text(glyph)[0] for glyph in children(word, "Glyph"))
        words.append(ScanWord(text, confidence, _box(word)))
    text, sure = _text(line)
    if not text.strip():
        text = " ".join(word.text for word in words if word.text)
    return ScanLine(
        text, line.get("id") or "", words, _box(line), place=line_of_element(line), confidence=sure
    )


def _text(element: etree._Element) -> tuple[str, float | None]:
    """Return the text with the lowest index and its confidence."""
    equivalents = children(element, "TextEquiv")
    if not equivalents:
        return "", None
    best = min(enumerate(equivalents), key=lambda pair: (_index(pair[1]), pair[0]))[1]
    for name in ("Unicode", "PlainText"):
        texts = children(best, name)
        if texts and texts[0].text:
            return words(texts[0]), confidence(best.get("conf"))
    return "", confidence(best.get("conf"))


def _index(element: etree._Element) -> int:
    number = whole_number(element.get("index"))
    return -1 if number is None else number


def _box(element: etree._Element) -> Box | None:
    """Return the bounding box of ``Coords`` (2013: an attribute; older: ``Point``)."""
    coords = children(element, "Coords")
    if not coords:
        return None
    numbers = re.findall(r"-?\d{1,9}", coords[0].get("points") or "")
    points = [int(number) for number in numbers] or [
        whole_number(point.get(axis)) or 0
        for point in children(coords[0], "Point")
        for axis in ("x", "y")
    ]
    xs, ys = points[::2], points[1::2]
    if not xs or not ys:
        return None
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
