"""Set small texts as books for tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdf import Pdf, plain

if TYPE_CHECKING:
    from mini import Mini
    from pdf import Tag, Word

NOTES = frozenset({"Note", "Lbl"})
MM = 72 / 25.4
#: The area between running head and folio on the pages of the book.
HEAD, FOOT = 22 * MM, 215 * MM
FORM = 'pdf_form_options = {"book": {"apparatus": "foot"}}\n'


def first(tag: Tag, role: str) -> str:
    """Return the text of the first tag below with the role ``role``."""
    return next(t.text() for t in tag.walk() if t.role == role).strip()


def set_text(mini: Mini, one: str, lines: list[str]) -> None:
    """Reduce the edition to one page with this text and these witness lines."""
    mini.write("t/one.md", f"{{pb}}`1`{{number}}`CHAPTER I`\nONE\n===\n\n{one}\n")
    witness = ["CHAPTER I", "ONE", *lines]
    mini.write(
        "witness/pages.csv",
        f"page,first_line,last_line,number_seen_at_line,note\n1,1,{len(witness)},,\n",
    )
    mini.witness("\n".join(witness) + "\n")
    record = re.sub(r"\n *- \{doc: two.*", "", mini.read("edition.yaml")).replace(
        "complete: true", "complete: false"
    )
    mini.write("edition.yaml", record)
    mini.write("index.md", "# Small\n\n```{toctree}\nt/one\n```\n")
    mini.path("t/two.md").unlink(missing_ok=True)


def built(mini: Mini) -> Pdf:
    """Return the book."""
    result = mini.build("pdf")
    assert result.code == 0, result.output
    return Pdf((result.out / "pdf/t.pdf").read_bytes())


def paragraphs(pdf: Pdf) -> list[str]:
    """Return the text of every paragraph, without notes."""
    return [plain(tag.text(NOTES)) for tag in pdf.tags.walk() if tag.role == "P"]


def with_foot(mini: Mini) -> Mini:
    """Return the edition, with the apparatus at the foot of the page."""
    conf = mini.root / "conf.py"
    conf.write_text(conf.read_text() + FORM)
    return mini


def uncovered(pages: list[list[Word]]) -> None:
    """Assert that no word overlaps another."""
    for page in pages:
        words = sorted(page, key=lambda w: w.top)
        for n, word in enumerate(words):
            for other in words[n + 1 :]:
                if other.top > word.bottom:
                    break
                height = min(word.bottom, other.bottom) - other.top
                width = min(word.right, other.right) - max(word.left, other.left)
                assert height < 4.5 or width < 1, (word, other)
