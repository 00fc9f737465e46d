"""Read plain text: form feeds separate pages, blank lines separate paragraphs, lines stay lines."""

from __future__ import annotations

from tei_export.importing.scanned_pages import PARAGRAPH, ScanBlock, ScanLine, ScanPage


def read(text: str, file: str) -> list[ScanPage]:
    """Return the pages of a text file; a file without form feeds is one page."""
    sheets = text.split("\f")
    if len(sheets) > 1 and not sheets[-1].strip():
        sheets.pop()  # programs also end the last page with a form feed
    pages = []
    number = 0
    for sheet in sheets:
        page = ScanPage(file)
        block = ScanBlock(PARAGRAPH)
        for row in sheet.split("\n"):
            number += 1
            if row.strip():
                block.lines.append(ScanLine(row, place=number))
            elif block.lines:
                page.blocks.append(block)
                block = ScanBlock(PARAGRAPH)
        number -= 1  # the form feed is in the first line of the next page
        page.blocks += [block] if block.lines else []
        pages.append(page)
    return pages
