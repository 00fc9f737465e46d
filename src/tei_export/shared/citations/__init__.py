"""Citations of the edition, its texts, parts and lines, and of the works in its registers.

An item is CSL-JSON (https://docs.citationstyles.org/en/stable/specification.html, appendix IV).
BibTeX, RIS and the citations on the pages are all made from it.
"""

from __future__ import annotations

from tei_export.shared.citations.items import Item, edition_item, work_item
from tei_export.shared.citations.style import STYLES, render
from tei_export.shared.citations.writers import bibtex, csl_json, in_bibtex, in_json, in_ris, ris

__all__ = [
    "STYLES", "Item", "bibtex", "csl_json", "edition_item", "in_bibtex", "in_json", "in_ris", "render", "ris", "work_item",
]  # fmt: skip
