"""The drawings of the pages."""

from __future__ import annotations

NAMES = ("map", "timeline", "persons", "together", "sources", "emendations")
SVG = "{http://www.w3.org/2000/svg}"
