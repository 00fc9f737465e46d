"""Books of small texts, for the tests that set their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdf import Pdf, plain

if TYPE_CHECKING:
    from mini import Mini
    from pdf import Tag

NOTES = frozenset({"Note", "Lbl"})


def first(tag: Tag, role: str) -> str:
    """The text of the first tag below that has ``role``."""
    return next(t.text() for t in tag.walk() if t.role == role).strip()


def set_text(mini: Mini, one: str, lines: list[str]) -> None:
    """Make the edition one page with this text and these witness lines."""
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
    """The book."""
    result = mini.build("pdf")
    assert result.code == 0, result.output
    return Pdf((result.out / "pdf/t.pdf").read_bytes())


def paragraphs(pdf: Pdf) -> list[str]:
    """The text of every paragraph, without notes."""
    return [plain(tag.text(NOTES)) for tag in pdf.tags.walk() if tag.role == "P"]
