"""The web fonts of the theme, made from the Libertinus Serif that the Typst compiler carries.

``python tools/web_fonts.py`` (with the pinned packages of ``requirements/test.txt``) writes
``src/tei_export/outputs/html/theme/static/fonts/*.woff2`` and prints the table of its README. The same
packages give the same bytes. The packages of web fonts that one can install have lost the
features of the typeface: old-style figures, small capitals, ligatures.
"""

from __future__ import annotations

import hashlib
import io
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent / "src/tei_export/outputs/html/theme/static/fonts"
FACES = {
    "Libertinus Serif Regular": "400-normal",
    "Libertinus Serif Italic": "400-italic",
    "Libertinus Serif Bold": "700-normal",
}
#: Subset → `unicode-range`, as in fonts.css.
RANGES = {
    "latin": "0000-00FF,0131,0152-0153,02BB-02BC,02C6,02DA,02DC,0304,0308,0329,2000-206F,20AC,2122,"
    "2190-2193,2212,2215,27E8-27E9,FEFF,FFFD",
    "latin-ext": "0100-02BA,02BD-02C5,02C7-02CC,02CE-02D7,02DD-02FF,0304,0308,0329,1D00-1DBF,1E00-1E9F,"
    "1EF2-1EFF,2020,20A0-20AB,20AD-20C0,2113,2C60-2C7F,A720-A7FF",
    "cyrillic": "0301,0400-045F,0490-0491,04B0-04B1,2116",
    "cyrillic-ext": "0460-052F,1C80-1C8A,20B4,2DE0-2DFF,A640-A69F,FE2E-FE2F",
}
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "case", "onum", "lnum", "pnum", "tnum", "smcp", "c2sc"]
_SFNT = b"OTTO\x00"


def fonts(binary: bytes) -> Iterator[TTFont]:
    """Every OpenType font with PostScript outlines that lies in ``binary``."""
    at = binary.find(_SFNT)
    while at >= 0:
        length = _length(binary, at)
        if length:
            yield TTFont(io.BytesIO(binary[at : at + length]))
        at = binary.find(_SFNT, at + max(length, 4))


def _length(binary: bytes, at: int) -> int:
    """The length of the font at ``at``; 0 where the directory of tables is none."""
    (count,) = struct.unpack_from(">H", binary, at + 4)
    if not 8 <= count <= 40:
        return 0
    rows = [struct.unpack_from(">4sLLL", binary, at + 12 + 16 * i) for i in range(count)]
    end = max(offset + length for _tag, _sum, offset, length in rows)
    return end if b"head" in {row[0] for row in rows} and end < 1 << 23 else 0


def subset(font: TTFont, ranges: str) -> bytes:
    """The letters of ``ranges`` with the features that the style sheets use, as WOFF2."""
    options = Options(flavor="woff2", layout_features=FEATURES, hinting=False, recalc_timestamp=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.glyph_names = False
    worker = Subsetter(options)
    worker.populate(unicodes=parse_unicodes(ranges))
    font.recalcTimestamp = False
    worker.subset(font)
    font.flavor = "woff2"
    result = io.BytesIO()
    font.save(result)
    return result.getvalue()


def main() -> None:
    found = find_spec("typst")
    assert found is not None and found.origin, "install requirements/test.txt"
    binary = next(Path(found.origin).parent.glob("_typst*")).read_bytes()
    faces: dict[str, bytes] = {}
    for font in fonts(binary):
        name = font["name"].getDebugName(4)
        if name in FACES and name not in faces:
            stored = io.BytesIO()
            font.save(stored)
            faces[name] = stored.getvalue()
    for subset_name, ranges in RANGES.items():
        for face, style in FACES.items():
            data = subset(TTFont(io.BytesIO(faces[face])), ranges)
            path = FOLDER / f"libertinus-serif-{subset_name}-{style}.woff2"
            path.write_bytes(data)
            print(f"| `{path.name}` | {len(data):,} | `{hashlib.sha256(data).hexdigest()}` |")


if __name__ == "__main__":
    main()
