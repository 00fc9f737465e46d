"""The PDF: doctree → Typst source → tagged PDF/A-3 and PDF/UA-1. ``edition.typ`` is the layout."""

from __future__ import annotations
