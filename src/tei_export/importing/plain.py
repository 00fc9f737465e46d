"""Plain text: form feeds divide pages, blank lines divide paragraphs, every line is a line."""

from __future__ import annotations

from tei_export.importing.text import PARAGRAPH, Block, Line, Page


def read(text: str, file: str) -> list[Page]:
    """The pages of a text file; one without a form feed is one page."""
    sheets = text.split("\f")
    if len(sheets) > 1 and not sheets[-1].strip():
        sheets.pop()  # programs end the last page with a form feed, too
    pages = []
    number = 0
    for sheet in sheets:
        page = Page(file)
        block = Block(PARAGRAPH)
        for row in sheet.split("\n"):
            number += 1
            if row.strip():
                block.lines.append(Line(row, place=number))
            elif block.lines:
                page.blocks.append(block)
                block = Block(PARAGRAPH)
        number -= 1  # the form feed stands in the line that the next page begins
        page.blocks += [block] if block.lines else []
        pages.append(page)
    return pages
