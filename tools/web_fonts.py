"""Make the web fonts of the theme from the Libertinus Serif in the Typst compiler.

``python tools/web_fonts.py`` (with the pinned packages of ``requirements/test.txt``) writes
``src/tei_export/shared/web_fonts/fonts/*.woff2``, the style sheet ``fonts.css`` beside that folder
and the list of letters ``letters.txt``, and prints the tables of the README. The same
packages give the same bytes. The available packages of web fonts lack features of the typeface:
old-style figures, small capitals, ligatures.

``python tools/web_fonts.py fallbacks FOLDER`` writes ``theme/static/fallbacks.css``: the fonts that a
page uses until the web fonts are loaded, scaled so that line breaks and heights stay the same
(``size-adjust``; CSS Fonts 5). ``FOLDER`` contains the system fonts that :data:`FALLBACKS` names
(Debian: fonts-liberation, fonts-noto-core, fonts-dejavu-core).
"""

from __future__ import annotations

import hashlib
import io
import struct
import sys
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

PACKAGE = Path(__file__).parent.parent / "src/tei_export"
FOLDER = PACKAGE / "shared/web_fonts/fonts"
LETTERS = FOLDER.parent / "letters.txt"
FACES = {
    "Libertinus Serif Regular": "400-normal",
    "Libertinus Serif Italic": "400-italic",
    "Libertinus Serif Bold": "700-normal",
}
#: Subset → `unicode-range`. If two subsets contain a letter, browsers use the later one (CSS Fonts 4, 4.5). A mark and
#: its letter have to come from one file, so the first subset has both, and is loaded only for marks.
#: Precomposed Greek letters come before the marks from which browsers would compose them.
RANGES = {
    "latin-marks": "0041-005A,0061-007A,00C0-00FF,017F,0300-036F,1DC0-1DFF,1EA0-1EF1",
    "symbols": "02CD,02D8-02D9,02DB,2070-209F,20D0-20FF,2100-27FF,2E00-2E7F",
    "hebrew": "034F,0590-05FF,20AA,25CC,FB1D-FB4F",
    "greek": "0300-0301,0304,0306,0308,0313-0314,0342-0345,0370-03FF",
    "greek-ext": "1F00-1FFF",
    "latin": "0000-00FF,0131,0152-0153,02BB-02BC,02C6,02DA,02DC,0304,0308,0329,2000-206F,20AC,2122,"
    "2190-2193,2212,2215,27E8-27E9,FEFF,FFFD",
    "latin-ext": "0100-02BA,02BD-02C5,02C7-02CC,02CE-02D7,02DD-02FF,0304,0308,0329,1D00-1DBF,1E00-1E9F,"
    "1EF2-1EFF,2020,20A0-20AB,20AD-20C0,2113,2C60-2C7F,A720-A7FF",
    "cyrillic": "0301,0400-045F,0490-0491,04B0-04B1,2116",
    "cyrillic-ext": "0460-052F,1C80-1C8A,20B4,2DE0-2DFF,A640-A69F,FE2E-FE2F",
}
FEATURES = [
    "kern",
    "mark",
    "mkmk",
    "ccmp",
    "locl",
    "liga",
    "case",
    "onum",
    "lnum",
    "pnum",
    "tnum",
    "smcp",
    "c2sc",
]
#: Family of a fallback → style → system names of the font, and the file to measure. The
#: letters of Times New Roman, Liberation Serif, Tinos and Nimbus Roman have the same widths.
FALLBACKS = {
    "Fallback Times": {
        "400-normal": (
            "Times New Roman|Liberation Serif|Tinos|Nimbus Roman",
            "LiberationSerif-Regular.ttf",
        ),
        "400-italic": (
            "Times New Roman Italic|Liberation Serif Italic|Tinos Italic|Nimbus Roman Italic",
            "LiberationSerif-Italic.ttf",
        ),
        "700-normal": (
            "Times New Roman Bold|Liberation Serif Bold|Tinos Bold|Nimbus Roman Bold",
            "LiberationSerif-Bold.ttf",
        ),
    },
    "Fallback Noto": {
        "400-normal": ("Noto Serif", "NotoSerif-Regular.ttf"),
        "400-italic": ("Noto Serif Italic", "NotoSerif-Italic.ttf"),
        "700-normal": ("Noto Serif Bold", "NotoSerif-Bold.ttf"),
    },
    # Few systems have its italic: the upright face, which browsers slant (see `_SLANTED`).
    "Fallback DejaVu": {
        "400-normal": ("DejaVu Serif", "DejaVuSerif.ttf"),
        "400-italic": ("DejaVu Serif", "DejaVuSerif.ttf"),
        "700-normal": ("DejaVu Serif Bold", "DejaVuSerif-Bold.ttf"),
    },
}
#: Frequency of letters in English prose, per thousand letters (Lewand, Cryptological
#: Mathematics, 2000), with a space for every five.
FREQUENCIES = {
    " ": 200, "e": 127, "t": 91, "a": 82, "o": 75, "i": 70, "n": 67, "s": 63, "h": 61, "r": 60, "d": 43, "l": 40,
    "c": 28, "u": 28, "m": 24, "w": 24, "f": 22, "g": 20, "y": 20, "p": 19, "b": 15, "v": 10, "k": 8, "j": 2,
    "x": 2, "q": 1, "z": 1,
}  # fmt: skip
#: A nearly upright font for italics, which is slanted.
_SLANTED = "oblique 1deg"
_SFNT = b"OTTO\x00"


def fonts(binary: bytes) -> Iterator[TTFont]:
    """Yield every OpenType font with PostScript outlines in ``binary``."""
    at = binary.find(_SFNT)
    while at >= 0:
        length = _length(binary, at)
        if length:
            yield TTFont(io.BytesIO(binary[at : at + length]), recalcTimestamp=False)
        at = binary.find(_SFNT, at + max(length, 4))


def _length(binary: bytes, at: int) -> int:
    """Return the length of the font at ``at``; 0 if there is no table directory."""
    (count,) = struct.unpack_from(">H", binary, at + 4)
    if not 8 <= count <= 40:
        return 0
    rows = [struct.unpack_from(">4sLLL", binary, at + 12 + 16 * i) for i in range(count)]
    end = max(offset + length for _tag, _sum, offset, length in rows)
    return end if b"head" in {row[0] for row in rows} and end < 1 << 23 else 0


def subset(font: TTFont, ranges: str) -> bytes:
    """Return the letters of ``ranges`` with the features that the style sheets use, as WOFF2."""
    options = Options(
        flavor="woff2", layout_features=FEATURES, hinting=False, recalc_timestamp=False
    )
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


def width(font: TTFont) -> float:
    """Return the mean width of a letter in prose, as a fraction of the font size."""
    cmap, advances = font.getBestCmap(), font["hmtx"]
    total = sum(advances[cmap[ord(letter)]][0] * n for letter, n in FREQUENCIES.items())
    return float(total / sum(FREQUENCIES.values()) / font["head"].unitsPerEm)


def face(family: str, style: str, names: str, system: TTFont, own: TTFont) -> str:
    """Return the rule for a system font with the metrics of our font ``own``."""
    scale = width(own) / width(system)
    em = own["head"].unitsPerEm * scale
    rises, falls = own["hhea"].ascent / em, -own["hhea"].descent / em
    weight, _, slant = style.partition("-")
    if slant == "italic" and "Italic" not in names:
        slant = _SLANTED
    local = ", ".join(f'local("{name}")' for name in names.split("|"))
    return (
        f'@font-face {{\n  font-family: "{family}";\n  font-style: {slant};\n  font-weight: {weight};\n  src: {local};\n'
        f"  size-adjust: {scale:.2%};\n  ascent-override: {rises:.2%};\n  descent-override: {falls:.2%};\n"
        "  line-gap-override: 0%;\n}\n"
    )


def faces(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every fallback whose font is in ``folder``: file name and rule."""
    files = {path.name: path for path in folder.rglob("*.ttf")}
    for family, styles in FALLBACKS.items():
        for style, (names, file) in styles.items():
            if file in files:
                own = TTFont(FOLDER / f"libertinus-serif-latin-{style}.woff2")
                yield file, face(family, style, names, TTFont(files[file]), own)


def fallbacks(folder: Path) -> None:
    """Write the style sheet of the fallbacks; :raises SystemExit: ``folder`` lacks a font."""
    found = list(faces(folder))
    missing = {file for styles in FALLBACKS.values() for _names, file in styles.values()} - dict(
        found
    ).keys()
    if missing:
        sys.exit(f"not in {folder}: {', '.join(sorted(missing))}")
    head = "/* Until the web fonts are there: fonts of the system in their room (tools/web_fonts.py). */\n"
    (PACKAGE / "outputs/html/theme/static/fallbacks.css").write_text(
        head + "".join(rule for _file, rule in found), encoding="utf-8"
    )


def ranges(codes: Iterable[int]) -> list[str]:
    """Return code points as ranges: ``0041-005A``."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return [f"{first:04X}-{last:04X}" for first, last in runs]


def rule(file: str, style: str, asked: Iterable[str]) -> str:
    """Return the ``@font-face`` of a file."""
    weight, _, slant = style.partition("-")
    said = ", ".join(f"U+{one}" for one in asked)
    return (
        f'@font-face {{\n  font-family: "Libertinus Serif";\n  font-style: {slant};\n  font-weight: {weight};\n'
        f'  font-display: swap;\n  src: url("fonts/{file}") format("woff2");\n'
        + fill(f"unicode-range: {said};", 100, initial_indent="  ", subsequent_indent="    ")
        + "\n}\n"
    )


def sheet(letters: Mapping[str, Mapping[str, Set[int]]]) -> Iterator[str]:
    """Return ``fonts.css``. ``letters`` is subset → style → code points in its file. A letter that
    only the upright file has appears upright among italics."""
    yield "/* Libertinus Serif in subsets (tools/web_fonts.py); a page loads only those it has letters of. */\n"
    for name, styles in letters.items():
        for style in styles:
            yield rule(f"libertinus-serif-{name}-{style}.woff2", style, RANGES[name].split(","))
        for style, have in styles.items():
            if missing := styles["400-normal"] - have:
                shown = (one if one[:4] != one[5:] else one[:4] for one in ranges(missing))
                yield rule(f"libertinus-serif-{name}-400-normal.woff2", style, shown)


def main() -> None:
    if sys.argv[1:2] == ["fallbacks"]:
        fallbacks(Path(sys.argv[2]))
        return
    found = find_spec("typst")
    assert found is not None and found.origin, "install requirements/test.txt"
    binary = next(Path(found.origin).parent.glob("_typst*")).read_bytes()
    stored_faces: dict[str, bytes] = {}
    for font in fonts(binary):
        name = font["name"].getDebugName(4)
        if name in FACES and name not in stored_faces:
            stored = io.BytesIO()
            font.save(stored)
            stored_faces[name] = stored.getvalue()
    letters: dict[str, dict[str, Set[int]]] = {}
    for subset_name, asked in RANGES.items():
        for name, style in FACES.items():
            data = subset(TTFont(io.BytesIO(stored_faces[name])), asked)
            path = FOLDER / f"libertinus-serif-{subset_name}-{style}.woff2"
            path.write_bytes(data)
            letters.setdefault(subset_name, {})[style] = set(TTFont(path).getBestCmap()) & set(
                parse_unicodes(asked)
            )
            print(f"| `{path.name}` | {len(data):,} | `{hashlib.sha256(data).hexdigest()}` |")
    (FOLDER.parent / "fonts.css").write_text("".join(sheet(letters)), encoding="utf-8")
    head = "# Letters that the bundled typeface has, by subset of the web fonts: written by tools/web_fonts.py.\n"
    rows = (
        f"{name}: {' '.join(ranges(styles['400-normal']))}\n" for name, styles in letters.items()
    )
    LETTERS.write_text(head + "".join(rows), encoding="utf-8")
    for subset_name, asked in RANGES.items():
        print(f"| {subset_name} | `{', '.join(f'U+{one}' for one in asked.split(','))}` |")


if __name__ == "__main__":
    main()
