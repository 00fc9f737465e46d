"""The fallbacks of the web fonts: what a page is set in until they are there."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import web_fonts

from tools import missing

STATIC = ROOT / "src/tei_export/outputs/html/theme/static"
SYSTEM = [Path("/usr/share/fonts"), Path("/Library/Fonts"), Path("/System/Library/Fonts")]


def test_the_fallbacks_are_measured_from_the_fonts() -> None:
    sheet = (STATIC / "fallbacks.css").read_text(encoding="utf-8")
    found = [
        rule for folder in SYSTEM if folder.is_dir() for _file, rule in web_fonts.faces(folder)
    ]
    if not found:
        missing("no font is here that a fallback is made of: install fonts-dejavu-core")
    for rule in found:
        assert rule in sheet
    assert sheet.count("@font-face") == sum(map(len, web_fonts.FALLBACKS.values()))


def test_every_fallback_is_in_the_list_of_faces() -> None:
    serif = (
        (STATIC / "base.css").read_text(encoding="utf-8").partition("--serif:")[2].partition(";")[0]
    )
    at = [serif.index(f'"{family}"') for family in ("Libertinus Serif", *web_fonts.FALLBACKS)]
    assert at == sorted(at)
