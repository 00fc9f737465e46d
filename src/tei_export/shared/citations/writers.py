"""Write items as CSL-JSON, BibTeX and RIS. The same items always give the same text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tei_export.shared.citations.items import Item, Name

#: TeX's special characters. Braces must stay balanced even when escaped, so they are named.
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
})  # fmt: skip
_URL = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D", " ": "%20"})
_BIBTEX = {"book": "book", "chapter": "incollection", "article": "article", "thesis": "phdthesis"}
_RIS = {"book": "BOOK", "chapter": "CHAP", "article": "JOUR", "thesis": "THES"}
#: Fields that biblatex splits at "and".
_LISTS = ("publisher", "publisher-place")
#: CSL variable → BibTeX field
_FIELDS = (
    ("container-title", "booktitle"), ("collection-title", "series"), ("edition", "edition"),
    ("volume", "volume"), ("number-of-volumes", "volumes"), ("publisher", "publisher"),
    ("publisher-place", "address"), ("page", "pages"), ("language", "language"),
)  # fmt: skip
#: RIS has no single tag for editors: programs expect a different tag for each kind of work, and not
#: all of them know ED.
_EDITORS = {"BOOK": "A3", "CHAP": "A2"}
#: CSL variable → RIS tag
_TAGS = (
    ("title", "TI"), ("container-title", "T2"), ("collection-title", "T3"), ("edition", "ET"),
    ("volume", "VL"), ("number-of-volumes", "NV"), ("publisher", "PB"), ("publisher-place", "CY"),
    ("page", "SP"), ("language", "LA"), ("URL", "UR"), ("DOI", "DO"),
)  # fmt: skip


def csl_json(items: Iterable[Item]) -> str:
    """Return the items as a CSL-JSON file."""
    return (
        json.dumps([_carried(item) for item in items], ensure_ascii=False, indent=1, sort_keys=True)
        + "\n"
    )


def bibtex(items: Iterable[Item]) -> str:
    """Return the items as a BibTeX file in UTF-8.

    Titles keep their capitals. Older styles ignore the biblatex fields (``date``, ``translator``).
    """
    return "\n".join(_entry(_carried(item)) for item in items)


def _carried(item: Item) -> Item:
    """Return the item for export: other programs take a ``version`` for software."""
    fields = {name: value for name, value in item.items() if name != "version"}
    return fields | {"edition": f"Version {item['version']}"} if "version" in item else item


def in_bibtex(words: str) -> str:
    """Return words in the form of a BibTeX field."""
    return _tex(words)


def in_ris(words: str) -> str:
    """Return words in the form of an RIS field."""
    return _line(words)


def in_json(words: str) -> str:
    """Return words in the form of a CSL-JSON string, without quotation marks."""
    return json.dumps(words, ensure_ascii=False)[1:-1]


def _entry(item: Item) -> str:
    kind = _BIBTEX.get(item["type"], "misc")
    rows = [f"  {name} = {{{value}}}" for name, value in _bibtex_fields(item, kind) if value]
    return f"@{kind}{{{item['id']},\n" + ",\n".join(rows) + "\n}\n"


def _bibtex_fields(item: Item, kind: str) -> Iterator[tuple[str, str]]:
    for role in ("author", "editor", "translator"):
        yield role, " and ".join(_bibtex_name(name) for name in item.get(role, ()))
    yield "title", f"{{{_tex(item['title'])}}}"
    for variable, field in _FIELDS:
        name = "school" if field == "publisher" and kind == "phdthesis" else field
        value = str(item.get(variable, ""))
        yield name, _guarded(value) if variable in _LISTS else _tex(value)
    date = item.get("issued", {})
    yield "year", _tex(_year(date)).replace("–", "--")
    yield "date", _tex(_iso(date))
    yield "origdate", _tex(_iso(item.get("original-date", {})))
    yield "doi", item.get("DOI", "").translate(_URL)
    yield "url", item.get("URL", "").translate(_URL)
    yield "note", _tex(". ".join(_notes(item)))


def _tex(text: str) -> str:
    return _line(text).translate(_TEX)


def _bibtex_name(name: Name) -> str:
    if name == {"literal": "others"}:
        return "others"
    if "literal" in name:
        return f"{{{_tex(name['literal'])}}}"
    pieces = [name["family"], name.get("suffix", ""), name.get("given", "")]
    return ", ".join(_guarded(piece) for piece in pieces if piece)


def _guarded(piece: str) -> str:
    """Return a name in a list, or a part of one; add braces if BibTeX would split it."""
    escaped = _tex(piece)
    return f"{{{escaped}}}" if re.search(r",|\band\b", escaped, re.IGNORECASE) else escaped


def ris(items: Iterable[Item]) -> str:
    """Return the items as an RIS file; lines end in CR LF, as the format requires."""
    return "".join(
        f"{tag}  - {_line(value)}\r\n"
        for item in items
        for tag, value in _ris_fields(_carried(item))
    )


def _ris_fields(item: Item) -> Iterator[tuple[str, str]]:
    kind = _RIS.get(item["type"], "GEN")
    yield "TY", kind
    yield "ID", item["id"]
    for role, tag in (("author", "AU"), ("editor", _EDITORS.get(kind, "ED")), ("translator", "A4")):
        yield from ((tag, _ris_name(name)) for name in item.get(role, ()))
    yield from ((tag, str(item[variable])) for variable, tag in _TAGS if item.get(variable))
    date = item.get("issued", {})
    if date:
        yield "PY", _year(date)
        yield "DA", _iso(date).replace("-", "/")
    yield from (("N1", note) for note in _notes(item))
    yield "ER", ""


def _ris_name(name: Name) -> str:
    if "literal" in name:
        return name["literal"]
    return ", ".join(name[key] for key in ("family", "given", "suffix") if name.get(key))


def _notes(item: Item) -> Iterator[str]:
    """Yield what neither format has a field for."""
    if item.get("original-title"):
        yield f"Original title: {item['original-title']}"
    if item.get("original-publisher"):
        yield f"First published by {item['original-publisher']}"
    if item.get("status"):
        yield f"Status: {item['status']}"
    if item.get("section"):
        yield f"Line {item['section']}"
    if item.get("note"):
        yield item["note"]


def _line(text: str) -> str:
    return " ".join(text.split())


def _year(date: Item) -> str:
    if "literal" in date:
        return str(date["literal"])
    return "–".join(str(end[0]) for end in date.get("date-parts", ()))


def _iso(date: Item) -> str:
    """Return the date in ISO 8601; an interval uses ``/``."""
    return "/".join(
        "-".join([f"{end[0]:04d}", *(f"{number:02d}" for number in end[1:])])
        for end in date.get("date-parts", ())
    )
