"""Find forme work and drop capitals in files that name no kinds of regions.

A region counts only if both its form and its place agree. The editor is told of each one, and of
candidates that stay text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tei_export.importing.page_numbers import parse_page_number
from tei_export.importing.scanned_pages import PARAGRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.importing.page_numbers import PageLabel
    from tei_export.importing.scanned_pages import ScanBlock, ScanLine, ScanPage

#: The letters and figures of a signature mark: A, B 2, H h, Aa3, b iij.
_SIGNATURE = r"(?:[A-Z] ?[a-z]{0,2}|[a-z]{1,2}) ?(?:[1-9]|i{1,3}j?|iv)?"
_ALONE = re.compile(_SIGNATURE)
#: The same after the short title of the volume: *B. Monatsschr. IV. B. 6. St. H h*.
_AFTER_TITLE = re.compile(rf"(?:[^\W_]+ ?\. ?){{2,}}{_SIGNATURE}")
_LEAST_LINES = 5
#: The maximum number of words in a catch-word.
_CATCH_WORDS = 2


def find(pages: Sequence[ScanPage], labels: Sequence[PageLabel]) -> list[str]:
    """Give blocks without a kind the kind that form and place show; return remarks on doubtful
    ones.  A file that names the kind of any block is left unchanged: it names those of all.
    """
    if any(block.kind != PARAGRAPH for page in pages for block in page.blocks):
        return []
    doubtful: list[str] = []
    for at, page in enumerate(pages):
        taken = {id(labels[at].line)}
        following = _next_word(pages, labels, at)
        doubtful += _foot(page, labels[at].label, following, taken)
        _initials(page)
    return doubtful


def _next_word(pages: Sequence[ScanPage], labels: Sequence[PageLabel], at: int) -> str:
    """Return the first word of the next page, if that page is among the files."""
    if at + 1 == len(pages):
        return ""
    (here, roman), (there, too) = (
        parse_page_number(labels[at].label),
        parse_page_number(labels[at + 1].label),
    )
    if there != here + 1 or roman is not too:
        return ""
    lines = [line for line in pages[at + 1].lines if line is not labels[at + 1].line]
    return lines[0].text.split(" ")[0] if lines else ""


def _foot(page: ScanPage, label: str, following: str, taken: set[int]) -> list[str]:
    """Mark the lines that stand alone below the text, from the last one upwards."""
    own = [block for block in page.blocks if not taken & {id(line) for line in block.lines}]
    doubtful: list[str] = []
    if sum(len(block.lines) for block in own) < _LEAST_LINES:
        return []
    foot = [block for block in own[-2:] if len(block.lines) == 1]
    if not foot or foot[-1] is not own[-1]:
        return []
    above = [line for block in own for line in block.lines if block not in foot]
    caught = _catch_word(foot[-1], above, following)
    if caught:
        foot[-1].kind, foot[-1].why = "catch-word", caught
        foot.pop()
    elif _looks_cut(foot[-1].lines[0].text):
        doubtful.append(
            f"page {label}: {foot[-1].lines[0].text!r} at its foot may be a catch-word ({{catch}}); it is kept as text"
        )
    if foot and (foot[-1] is own[-1] or own[-1].kind == "catch-word"):
        doubtful += _signature(foot[-1], above, label)
    return doubtful


def _catch_word(block: ScanBlock, above: Sequence[ScanLine], following: str) -> str:
    """Return the evidence that a line is a catch-word; empty without any."""
    line = block.lines[0]
    if len(line.text.split()) > _CATCH_WORDS:
        return ""
    bare = line.text.strip("-⸗=()[] ")
    if following and len(bare) > 1 and following.lstrip("([„“»«").startswith(bare):
        return "the next page begins so"
    span = _span(above)
    if span and line.box and line.box[0] > (span[0] + span[1]) / 2 and _looks_cut(line.text):
        return "alone below the text, at the right"
    return ""


def _looks_cut(text: str) -> bool:
    """Return whether a line of a word or two ends inside a word."""
    return len(text.split()) <= _CATCH_WORDS and text.endswith(("-", "⸗"))


def _signature(block: ScanBlock, above: Sequence[ScanLine], label: str) -> list[str]:
    line = block.lines[0]
    after_title = bool(_AFTER_TITLE.fullmatch(line.text))
    if not after_title and not _ALONE.fullmatch(line.text):
        return []
    if after_title or _below(line, above):
        block.kind = "signature-mark"
        block.why = "alone below the text, and of its form"
        return []
    return [
        f"page {label}: {line.text!r} at its foot may be a signature mark ({{sig}}); it is kept as text"
    ]


def _span(lines: Sequence[ScanLine]) -> tuple[int, int] | None:
    """Return the left and the right edge of the text."""
    boxes = [line.box for line in lines if line.box]
    return (min(b[0] for b in boxes), max(b[0] + b[2] for b in boxes)) if boxes else None


def _below(line: ScanLine, above: Sequence[ScanLine]) -> bool:
    """Return whether a line stands below the whole text."""
    bottoms = [one.box[1] + one.box[3] // 2 for one in above if one.box]
    return bool(line.box and bottoms) and line.box is not None and line.box[1] > max(bottoms)


def _initials(page: ScanPage) -> None:
    """Take a single capital for a drop capital of the next paragraph, if that begins with a small letter."""
    for block, following in zip(page.blocks, page.blocks[1:], strict=False):
        letter = block.lines[0].text if len(block.lines) == 1 else ""
        if (
            len(letter) == 1
            and letter.isupper()
            and following.kind == block.kind == PARAGRAPH
            and following.lines[0].text[:1].islower()
        ):
            block.kind = "drop-capital"
