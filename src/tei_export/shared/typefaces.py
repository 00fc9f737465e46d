"""The typefaces of an edition: the bundled one and the fonts of its record; which letters they have.

Libertinus Serif is bundled: in the Typst compiler for the PDF, as web fonts for the EPUB and the site
(:mod:`tei_export.shared.web_fonts`).
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.model.problems import EditionError, Problem, letter_names
from tei_export.model.safe_read import LARGEST
from tei_export.shared import web_fonts
from tei_export.shared.extras import require
from tei_export.shared.font_file import FontError, letters_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import typst

    from tei_export.model.edition import Edition, Font

BUNDLED = "Libertinus Serif"
#: The typefaces of the last edition, by its digest.
_cache: dict[str, Typefaces] = {}
_ENDINGS = {".ttf": "truetype", ".otf": "opentype"}


@dataclass(frozen=True, slots=True)
class Face:
    """A file of a font that the record names. ``file``: its name in the outputs; ``style``: ``normal``
    or ``italic``; ``weight``: 100 to 900; ``format``: its kind in style sheets."""

    family: str
    file: str
    style: str
    weight: int
    licence: str
    format: str
    data: bytes
    letters: frozenset[str]

    def rule(self, folder: str) -> str:
        """Return the ``@font-face`` rule for a style sheet beside ``folder``."""
        return (
            f"@font-face {{\n  font-family: {css_name(self.family)};\n  font-style: {self.style};\n"
            f"  font-weight: {self.weight};\n  font-display: swap;\n"
            f'  src: url("{folder}/{self.file}") format("{self.format}");\n}}\n'
        )


@dataclass(frozen=True, slots=True)
class Typefaces:
    """All typefaces of an edition; ``faces`` are those of its record."""

    faces: tuple[Face, ...] = ()

    @property
    def families(self) -> list[str]:
        """The names of the families, in the order in which they are searched for a letter."""
        return [BUNDLED, *dict.fromkeys(face.family for face in self.faces)]

    def stack(self) -> str:
        """Return the families as a value of ``font-family``."""
        return ", ".join(css_name(name) for name in self.families)

    def lacking(self, text: str) -> list[str]:
        """Return the letters of ``text`` that no typeface has, each once; spaces and control characters do not count."""
        return [
            c
            for c in dict.fromkeys(text)
            if c not in bundled_letters()
            and unicodedata.category(c)[0] not in "ZC"
            and not any(c in f.letters for f in self.faces)
        ]

    def coded(self, text: str) -> str:
        """Return ``text`` with a number in place of every letter that no typeface has: ``[U+FB01]``."""
        for letter in self.lacking(text):
            text = text.replace(letter, f"[U+{ord(letter):04X}]")
        return text

    def credits(self) -> list[tuple[str, str]]:
        """Family and licence of the record's fonts."""
        return list(dict.fromkeys((face.family, face.licence) for face in self.faces))


#: The typefaces of an edition whose record names no font.
BUNDLED_ONLY = Typefaces()


@cache
def subsets() -> Mapping[str, frozenset[str]]:
    """Return the letters of each subset of the bundled web fonts; if two have a letter, the later
    one supplies it."""
    found = {}
    for line in web_fonts.letters():
        name, colon, ranges = line.partition(": ")
        if colon and not line.startswith("#"):
            ends = [one.split("-") for one in ranges.split()]
            found[name] = frozenset(
                chr(c) for first, last in ends for c in range(int(first, 16), int(last, 16) + 1)
            )
    return found


@cache
def bundled_letters() -> frozenset[str]:
    """Return every letter of the bundled typeface."""
    return frozenset().union(*subsets().values())


def needed_subsets(texts: Iterable[str]) -> list[str]:
    """Return the subsets that browsers load for ``texts``.

    That is the last subset with each letter; for a combining mark, the last one that also has its base letter.
    """
    pairs: set[tuple[str, str]] = set()
    for text in texts:
        base = ""
        for letter in text:
            combining = bool(unicodedata.combining(letter))
            pairs.add((letter, base if combining else ""))
            base = base if combining else letter
    wanted = set()
    for letter, base in pairs:
        having = [name for name, those in subsets().items() if letter in those]
        both = [name for name in having if base in subsets()[name]] if base else []
        wanted.update((both or having)[-1:])
    return [name for name in subsets() if name in wanted]


def typefaces(edition: Edition) -> Typefaces:
    """Return the typefaces of ``edition``.

    :raises EditionError: ``font-file``: a font of the record is missing or cannot be used
    """
    if edition.digest in _cache:
        return _cache[edition.digest]
    problems: list[Problem] = []
    faces: list[Face] = []
    for number, font in enumerate(edition.fonts, 1):
        try:
            faces += _faces(font, number)
        except FontError as error:
            problems.append(
                Problem("font-file", edition.source.file, font.line, f"{font.family}: {error}")
            )
    if problems:
        raise EditionError(*problems)
    _cache.clear()
    _cache[edition.digest] = Typefaces(tuple(faces))
    return _cache[edition.digest]


def _faces(font: Font, number: int) -> Iterator[Face]:
    """Yield the faces of a font.

    :raises FontError: there is none, or it cannot be used
    """
    for n, (info, path) in enumerate(_found(font), 1):
        ending = path.suffix.lower()
        if ending not in _ENDINGS:
            raise FontError(f"{path.name} is no .ttf or .otf file: name such a file of the family")
        data = _bytes(path)
        yield Face(
            font.family,
            f"edition-{number}-{n}{ending}",
            "normal" if info.style == "normal" else "italic",
            info.weight,
            font.licence,
            _ENDINGS[ending],
            data,
            letters_of(data),
        )


def _found(font: Font) -> list[tuple[typst.FontInfo, Path]]:
    """Return the faces of the family in the file, or on the machine, as the compiler finds them."""
    if font.path is None:
        installed = [info for info in _infos([], machine=True) if _same(info, font) and info.path]
        if not installed:
            raise FontError(
                "no font of this family is installed on this machine: install it, or give its `file`"
            )
        return [
            (info, Path(info.path or ""))
            for info in sorted(installed, key=lambda i: (i.style, i.weight, i.path))
        ]
    data = _bytes(font.path)
    letters_of(data)  # reports a file that is not a font
    with font_folder({font.path.name: data}) as folders:
        there = _infos(folders)
    if not any(_same(info, font) for info in there):
        names = ", ".join(dict.fromkeys(info.family for info in there))
        raise FontError(
            f"the family of {font.path.name} is {names}"
            if names
            else f"{font.path.name} is damaged"
        )
    return [(info, font.path) for info in there if _same(info, font)]


def _infos(folders: list[str], *, machine: bool = False) -> list[typst.FontInfo]:
    require(["pdf"])  # an extra: only editions with fonts of their own need it here
    import typst

    return typst.Fonts(
        include_system_fonts=machine, include_embedded_fonts=False, font_paths=folders
    ).fonts()


def _same(info: typst.FontInfo, font: Font) -> bool:
    return info.family.casefold() == font.family.casefold()


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise FontError(f"{path.name} has more than {LARGEST} bytes")
        return path.read_bytes()
    except OSError as error:
        raise FontError(f"{path.name}: {error.strerror}") from None


def css_name(family: str) -> str:
    """Return ``family`` as a string of a style sheet."""
    safe = "".join(c if c.isalnum() or c in " -_." else f"\\{ord(c):x} " for c in family)
    return f'"{safe}"'


@contextmanager
def font_folder(fonts: Mapping[str, bytes]) -> Iterator[list[str]]:
    """Provide ``fonts`` as files for the compiler while it runs; the value is the folders to search."""
    if not fonts:
        yield []
        return
    with tempfile.TemporaryDirectory(prefix="tei-export-fonts-") as folder:
        for name, data in fonts.items():
            (Path(folder) / name).write_bytes(data)
        yield [folder]


# --------------------------------------------------------------------- letters that no typeface has


def one_problem_per_letter(found: Iterable[tuple[str, str, int]]) -> list[Problem]:
    """Return one problem ``typeface-letter`` for each letter of (letter, file, line), at its first
    line, with the number of lines."""
    lines: dict[str, dict[tuple[str, int], None]] = {}
    for letter, file, line in found:
        lines.setdefault(letter, {})[file, line] = None
    problems = []
    for letter, those in lines.items():
        count = f", on {len(those)} lines" if len(those) > 1 else ""
        problems.append(
            Problem("typeface-letter", *next(iter(those)), letter_names([letter]) + count)
        )
    return problems


def missing_letters_warning(readings: Sequence[str], faces: Typefaces, said: str) -> str:
    """Return a warning for each letter in ``readings`` of a witness that no typeface has; empty without any.

    ``said``: the consequence for the letter.
    """
    missing = set(faces.lacking("".join(readings)))
    counted = Counter(letter for text in readings for letter in text if letter in missing)
    return "\n".join(
        f"warning: {letter_names([letter])}: no typeface has this letter, which readings of the witness have in "
        f"{number} {'place' if number == 1 else 'places'}; {said}; `fonts` in edition.yaml can name a font that has it"
        for letter, number in counted.items()
    )
