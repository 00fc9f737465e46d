"""Fill the record of an imported text with what its files say of themselves, and no more."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from tei_export.importing.scanned_pages import ScanPage

#: ISO 639-2 and 639-3 codes of languages that have a shorter one, which BCP 47 demands.
_SHORTER = {
    "alb": "sq", "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "cze": "cs", "cym": "cy", "dan": "da", "deu": "de", "dut": "nl",
    "ell": "el", "eng": "en", "est": "et", "eus": "eu", "fas": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gle": "ga",
    "gre": "el", "heb": "he", "hrv": "hr", "hun": "hu", "hye": "hy", "ice": "is", "isl": "is", "ita": "it", "lat": "la", "lav": "lv",
    "lit": "lt", "nld": "nl", "nor": "no", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk",
    "slo": "sk", "slv": "sl", "spa": "es", "sqi": "sq", "srp": "sr", "swe": "sv", "tur": "tr", "ukr": "uk", "yid": "yi",
}  # fmt: skip
#: Codes that name no language, and Tesseract's ``frk``, which means a script (*Fraktur*).
_NONE = frozenset({"frk", "mis", "mul", "und", "zxx"})
#: A script or a region, or both.
_REGION = re.compile(r"(?:[A-Z][a-z]{3}(?:-|$))?(?:[A-Z]{2})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(slots=True)
class Origin:
    """Fields of the record for a text, and remarks for the editor."""

    fields: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def of_pages(
    pages: Sequence[ScanPage], files: Sequence[Path], languages: Collection[str], language: str
) -> Origin:
    """Return what the record can say of imported pages.

    :param languages: the tags that the record declares
    :param language: the language of the edition, which a text need not repeat
    """
    found = Origin()
    sources = [page.source for page in pages]
    names = ", ".join(path.name for path in files)
    found.fields["witness_description"] = " ".join([f"Imported from {names}.", *_made(pages)])
    if sources and all(source.by_program for source in sources):
        found.fields["origin"] = "ocr"
        engines = _all(source.engine for source in sources)
        if engines:
            found.fields["engine"] = "; ".join(engines)
        days = sorted(_all(day for source in sources if (day := _day(source.date))))
        if days:
            found.fields["engine_date"] = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    set_language(
        found, _all(one for source in sources for one in source.languages), languages, language
    )
    return found


def _made(pages: Sequence[ScanPage]) -> list[str]:
    """Return sentences on who made the files and when."""
    said = []
    creators = _all(page.source.creator for page in pages)
    if creators:
        said.append(f"Created by {', '.join(creators)}, as the files say.")
    for verb, days in (
        ("Created", sorted(_all(_day(page.source.created) for page in pages))),
        ("Last changed", sorted(_all(_day(page.source.changed) for page in pages))),
    ):
        if days:
            said.append(f"{verb} {days[0] if len(days) == 1 else f'{days[0]} to {days[-1]}'}.")
    return said


def _all(said: object) -> list[str]:
    """Return the texts that are not empty, each once."""
    return list(dict.fromkeys(one for one in said if one))  # type: ignore[attr-defined]


def _day(date: str) -> str:
    match = _DAY.match(date)
    return match[0] if match else ""


def set_language(
    found: Origin, named: Sequence[str], languages: Collection[str], language: str
) -> None:
    """Note the language of the text, if the files name exactly one and the record declares it.

    :param named: the languages as the files name them
    """
    tags = _all(language_tag(name) for name in named)
    unknown = [name for name in named if not language_tag(name)]
    if unknown:
        found.said.append(f"the files name languages that have no tag: {', '.join(unknown)}")
    if len(tags) > 1:
        found.said.append(f"the files name several languages: {', '.join(tags)}")
    elif tags and tags[0] not in languages:
        found.said.append(
            f"the files say that the language is {tags[0]}: add it to languages of the record, and language: {tags[0]} to the text"
        )
    elif tags and tags[0] != language:
        found.fields["language"] = tags[0]


def language_tag(name: str) -> str:
    """Return the BCP 47 tag of a language that a file names by tag, code or English name.

    Empty if it is not a language: several of Tesseract's models are scripts (``Fraktur``, ``frk``).
    """
    first, _, rest = name.strip().replace("_", "-").partition("-")
    first = _SHORTER.get(first.lower(), first.lower())
    if first in _names().values() and first not in _NONE:
        if not rest:
            return first
        return f"{first}-{rest}" if _REGION.fullmatch(rest) else ""
    return _names().get(name.strip().lower(), "")


@cache
def _names() -> dict[str, str]:
    return {
        said.lower(): code
        for code, said in Locale("en").languages.items()
        if code.isalpha() and code not in _NONE
    }
